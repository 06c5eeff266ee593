"""What a case made from an answer can take over from it: gold, nuggets, tags; all to be looked at by a person."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.figures import Figure, FigureKind, agrees, figures_in
from assistant.transcripts import KeptAnswer, KeptCitation
from assistant.types import Language
from evals.cases import CaseLanguage, Group, Tag
from evals.transcripts import Transcript

DRAFT = "draft"
"""Key of a line that is no case yet; `read_cases` knows no such key, so it names the line until it is done."""
_NAME = re.compile(
    r"\b[A-ZÀ-Þ][\w'’-]*(?:\s+(?:(?:van|de|der|den|het|ten|ter|te|of|for)\s+){0,3}[A-ZÀ-Þ][\w'’-]*)+|\b[A-Z]{2,}\d*\b"
)
_ANSWERED = ("answered", "partial")
_AMOUNTS: frozenset[FigureKind] = frozenset({"amount", "percentage"})
_DATES: frozenset[FigureKind] = frozenset({"date", "year", "decade", "time"})
_LANGUAGE_NAMES: Mapping[CaseLanguage, str] = {"nl": "Dutch", "en": "English"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the documents answer a question, and with which of an answer's quotes."""

    answerable: bool
    gold: tuple[KeptCitation, ...] = ()
    todo: str | None = None
    """What has to be done before it is a case; None where it is one."""


def as_answered(answer: KeptAnswer) -> Verdict:
    """Return what the assistant itself thought."""
    answerable = answer.status in _ANSWERED
    return Verdict(answerable, answer.citations if answerable else ())


def pair_id(transcript: Transcript) -> str:
    """Return a name that the same question after the same turns always gets."""
    answer = transcript.answer
    asked = [answer.language, answer.question.strip(), [asdict(turn) for turn in transcript.history]]
    return f"added-{hashlib.sha256(json.dumps(asked).encode('ascii')).hexdigest()[:10]}"


def proposed_pair(
    transcript: Transcript, verdict: Verdict, group: Group, twins: Mapping[str, str | None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the case in the language of the question, and the draft of its form in the other.

    `twins` names the twin of each cited document, None where it has none.
    """
    answer, pair = transcript.answer, pair_id(transcript)
    given: CaseLanguage = "en" if answer.language == "en" else "nl"
    other: CaseLanguage = "nl" if given == "en" else "en"
    cited = verdict.gold
    case = {
        "id": f"{pair}-{given}",
        "pair": pair,
        "language": given,
        "group": group,
        "question": answer.question.strip(),
        "history": [
            {"role": turn.role, "content": turn.content, "refused": turn.refused} for turn in transcript.history
        ],
        "answerable": verdict.answerable,
        "reason": None if verdict.answerable else answer.reason or "nothing_found",
        "relevant": [{"document": one.document, "quote": one.quote} for one in _each_once(cited)],
        "must_say": [[nugget] for nugget in nuggets(answer.question, cited, given)],
        "must_not_say": [],
        "tags": list(_tags(transcript, verdict, given)),
    }
    begin = f"{verdict.todo} " if verdict.todo else ""
    draft = {
        DRAFT: f"{begin}Put question, history, quotes and nuggets into {_LANGUAGE_NAMES[other]}, "
        "then take this key out.",
        **case,
        "id": f"{pair}-{other}",
        "language": other,
        "relevant": [
            {"document": twins.get(one.document) or one.document, "quote": one.quote} for one in _each_once(cited)
        ],
    }
    return ({DRAFT: f"{verdict.todo} Then take this key out.", **case} if verdict.todo else case), draft


def nuggets(question: str, cited: Sequence[KeptCitation], language: Language) -> tuple[str, ...]:
    """Return the figures and names of the cited sentences, as written there, but for those of the question.

    Figures in another spelling need no nugget of their own: nuggets compare them by value.
    """
    asked = figures_in(question, language)
    found: list[str] = []
    for one in cited:
        figures = [figure for figure in figures_in(one.quote, one.language) if figure.sure]
        new = [figure for figure in figures if not any(agrees(figure, other) for other in asked)]
        # A number in words ("twee bronnen") is most often no fact of its own.
        told = [figure for figure in new if figure.kind in _AMOUNTS | _DATES or _has_digit(one.quote, figure)]
        found += [one.quote[figure.start : figure.end] for figure in told]
        found += [name for name in _names(one.quote, figures) if name.casefold() not in question.casefold()]
    return tuple(dict.fromkeys(found))


def _has_digit(quote: str, figure: Figure) -> bool:
    """Tell whether a figure is written with digits."""
    return any(character.isdigit() for character in quote[figure.start : figure.end])


def _names(quote: str, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield names of several words, and abbreviations, that are no part of a figure."""
    for match in _NAME.finditer(quote):
        if not any(figure.start < match.end() and match.start() < figure.end for figure in figures):
            yield match.group()


def _each_once(cited: Sequence[KeptCitation]) -> list[KeptCitation]:
    """Return the citations without those of a quote that is cited twice."""
    return list({(one.document, one.quote): one for one in cited}.values())


def _tags(transcript: Transcript, verdict: Verdict, language: CaseLanguage) -> Iterator[Tag]:
    """Yield the tags, the kind of the question first."""
    cited = verdict.gold
    yield _kind(transcript, verdict)
    if transcript.history:
        yield "follow_up"
    if len({one.document for one in cited}) > 1:
        yield "multi_document"
    if any(one.language not in (language, "und") for one in cited):
        yield "cross_lingual"
    if any(one.document.lower().endswith(".pdf") for one in cited):
        yield "pdf_page"


def _kind(transcript: Transcript, verdict: Verdict) -> Tag:
    """Guess the kind of a question from what the first cited sentence holds."""
    if not verdict.answerable:
        return "out_of_scope" if transcript.answer.reason == "out_of_scope" else "near_miss"
    cited = verdict.gold
    first = figures_in(cited[0].quote, cited[0].language) if cited else ()
    kinds = {figure.kind for figure in first if figure.sure}
    if kinds & _AMOUNTS:
        return "amount"
    return "date" if kinds & _DATES else "single_fact"
