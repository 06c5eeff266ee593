"""Make a case of the eval set of an answer: gold, nuggets and tags; all of it to be looked at by a person.

The one place where answers become cases, whether an evaluator chooses that on the page, the feedback database is read,
or an answer was kept in a file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from assistant.feedback.entries import MESSAGE, SCORES, Expected, Mark, Target
from assistant.feedback.masking import MASKS
from assistant.figures import Figure, FigureKind, agrees, figures_in
from assistant.transcripts import KeptAnswer, KeptCitation
from assistant.types import Language, Reason, Turn

CaseLanguage = Literal["nl", "en"]
CaseGroup = Literal["newcomer", "staff", "evaluator"]
CASE_GROUPS: tuple[CaseGroup, ...] = get_args(CaseGroup)
REASONS: tuple[Reason, ...] = get_args(Reason)
FROM_PAGE = "from-page"
"""Tag of a case that was added on the page; the other language of such a case may still be missing."""

_NO_GOLD = (
    "No citation was scored right: name the document and its words in relevant, or set answerable to false and give a "
    "reason."
)
_NAME = re.compile(
    r"\b[A-ZÀ-Þ][\w'’-]*(?:\s+(?:(?:van|de|der|den|het|ten|ter|te|of|for)\s+){0,3}[A-ZÀ-Þ][\w'’-]*)+|\b[A-Z]{2,}\d*\b"
)
_MASK = re.compile("|".join(map(re.escape, MASKS)))
_ANSWERED = ("answered", "partial")
_REFUSED = ("near_miss", "out_of_scope")
_AMOUNTS: frozenset[FigureKind] = frozenset({"amount", "percentage"})
_DATES: frozenset[FigureKind] = frozenset({"date", "year", "decade", "time"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the documents answer a question, with which quotes, and what a good answer says."""

    answerable: bool
    gold: tuple[KeptCitation, ...] = ()
    stated: tuple[tuple[str, Language], ...] = ()
    """Texts whose figures and names a good answer has to hold, each with its language."""
    todo: str | None = None
    """What has to be done before it is a case; None where it is one."""


def as_answered(answer: KeptAnswer) -> Verdict:
    """Return what the assistant itself thought."""
    answerable = answer.status in _ANSWERED
    gold = answer.citations if answerable else ()
    return Verdict(answerable, gold, _quotes(gold))


def as_scored(answer: KeptAnswer, marks: Sequence[Mark], expected: Expected | None = None) -> Verdict:
    """Return what the scores say, and what the evaluator says it should have been.

    Gold is each quote that was scored right, also one of a refusal's nearest passages. A good answer says what the
    sentences that were scored right say; where no sentence has a score, what gold says.
    """
    if expected == "refusal":
        return Verdict(False)
    scores = {(one.target, one.number): one.score for one in marks}
    best = SCORES["citation"][0]
    gold = tuple(one for one in (*answer.citations, *answer.nearest) if scores.get(("citation", one.marker)) == best)
    if gold:
        return Verdict(True, gold, _stated(answer, scores) if _has_scored_sentence(scores) else _quotes(gold))
    refused = answer.status not in _ANSWERED
    said_rightly = scores.get(("sentence", MESSAGE)) != SCORES["sentence"][-1]
    if refused and said_rightly and expected is None:
        return Verdict(False)
    return Verdict(True, (), _stated(answer, scores), _NO_GOLD)


def case_pair(answer: KeptAnswer, history: Sequence[Turn]) -> str:
    """Return a name that the same question after the same turns always gets."""
    asked = [answer.language, answer.question.strip(), [asdict(turn) for turn in _needed(answer, history)]]
    return f"added-{hashlib.sha256(json.dumps(asked).encode('ascii')).hexdigest()[:10]}"


def case_language(answer: KeptAnswer) -> CaseLanguage:
    """Return the language of a case; an answer in neither language counts as Dutch."""
    return "en" if answer.language == "en" else "nl"


def proposed_case(
    answer: KeptAnswer, history: Sequence[Turn], verdict: Verdict, group: CaseGroup, *tags: str
) -> dict[str, Any]:
    """Return the case in the language of the question, in the form of a line of the eval set; `tags` come last."""
    turns = _needed(answer, history)
    pair, language = case_pair(answer, turns), case_language(answer)
    return {
        "id": f"{pair}-{language}",
        "pair": pair,
        "language": language,
        "group": group,
        "question": answer.question.strip(),
        "history": [{"role": turn.role, "content": turn.content, "refused": turn.refused} for turn in turns],
        "answerable": verdict.answerable,
        "reason": None if verdict.answerable else answer.reason or "nothing_found",
        "relevant": [{"document": one.document, "quote": one.quote} for one in each_once(verdict.gold)],
        "must_say": [[nugget] for nugget in nuggets(answer.question, verdict.stated, language)],
        "must_not_say": [],
        "tags": [*_tags(answer, turns, verdict), *tags],
    }


def case_fault(case: Mapping[str, Any], texts: Mapping[str, str]) -> tuple[str, str] | None:
    """Return why a proposal that a person has corrected is no case yet; None where it is one.

    `texts` are those of the documents that it names and that the index holds. A fault is a code (no_question, no_gold,
    gold_of_refusal, no_document, no_quote) and the words that it is about.
    """
    if not case["question"].strip():
        return "no_question", ""
    if not case["answerable"]:
        return ("gold_of_refusal", "") if case["relevant"] else None
    if not case["relevant"]:
        return "no_gold", ""
    for one in case["relevant"]:
        if one["document"] not in texts:
            return "no_document", one["document"]
        if not one["quote"].strip() or one["quote"] not in texts[one["document"]]:
            return "no_quote", one["quote"]
    return None


def corrected_tags(tags: Sequence[str], *, answerable: bool, reason: Reason | None, gold: Sequence[str]) -> list[str]:
    """Return the tags of a case after a person has corrected it; `gold` are the documents that it names now."""
    kind, *others = tags
    if not answerable:
        kind = _kind_of_refusal(reason)
    elif kind in _REFUSED:
        kind = "single_fact"
    holds = {
        "multi_document": len(set(gold)) > 1,
        "cross_lingual": answerable and "cross_lingual" in others,
        "pdf_page": any(document.lower().endswith(".pdf") for document in gold),
    }
    first = [tag for tag in others if tag == "follow_up"]
    last = [tag for tag in others if tag not in {*holds, "follow_up"}]
    return [kind, *first, *(tag for tag, applies in holds.items() if applies), *last]


def nuggets(question: str, stated: Sequence[tuple[str, Language]], language: Language) -> tuple[str, ...]:
    """Return the figures and names of some texts, as written there, but for those of the question.

    Figures in another spelling need no nugget of their own: nuggets compare them by value.
    """
    asked = figures_in(question, language)
    found: list[str] = []
    for written, own_language in stated:
        # What masks a number is no name.
        text = _MASK.sub(lambda mask: " " * len(mask.group()), written)
        figures = [figure for figure in figures_in(text, own_language) if figure.sure]
        new = [figure for figure in figures if not any(agrees(figure, other) for other in asked)]
        # A number in words ("twee bronnen") is most often no fact of its own.
        told = [figure for figure in new if figure.kind in _AMOUNTS | _DATES or _has_digit(text, figure)]
        found += [text[figure.start : figure.end] for figure in told]
        found += [name for name in _names(text, figures) if name.casefold() not in question.casefold()]
    return tuple(dict.fromkeys(found))


def each_once(cited: Sequence[KeptCitation]) -> list[KeptCitation]:
    """Return the citations without those of a quote that is cited twice."""
    return list({(one.document, one.quote): one for one in cited}.values())


def _needed(answer: KeptAnswer, history: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns before a follow-up; none where the question was searched for as it stands."""
    return () if answer.search_query.strip() == answer.question.strip() else tuple(history)


def _quotes(cited: Sequence[KeptCitation]) -> tuple[tuple[str, Language], ...]:
    """Return the words of citations, each with its language."""
    return tuple((one.quote, one.language) for one in cited)


def _stated(answer: KeptAnswer, scores: Mapping[tuple[Target, int], int]) -> tuple[tuple[str, Language], ...]:
    """Return the sentences that were scored right, each with its language."""
    right = SCORES["sentence"][0]
    return tuple(
        (one.text, one.language)
        for number, one in enumerate(answer.sentences, start=1)
        if scores.get(("sentence", number)) == right
    )


def _has_scored_sentence(scores: Mapping[tuple[Target, int], int]) -> bool:
    """Tell whether the evaluator scored a sentence that states something; the assistant's own message does not."""
    return any(target == "sentence" and number != MESSAGE for target, number in scores)


def _has_digit(text: str, figure: Figure) -> bool:
    """Tell whether a figure is written with digits."""
    return any(character.isdigit() for character in text[figure.start : figure.end])


def _names(text: str, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield names of several words, and abbreviations, that are no part of a figure."""
    for match in _NAME.finditer(text):
        if not any(figure.start < match.end() and match.start() < figure.end for figure in figures):
            yield match.group()


def _tags(answer: KeptAnswer, history: Sequence[Turn], verdict: Verdict) -> Iterator[str]:
    """Yield the tags, the kind of the question first."""
    cited = verdict.gold
    yield _kind(answer, verdict)
    if history:
        yield "follow_up"
    if len({one.document for one in cited}) > 1:
        yield "multi_document"
    if any(one.language not in (case_language(answer), "und") for one in cited):
        yield "cross_lingual"
    if any(one.document.lower().endswith(".pdf") for one in cited):
        yield "pdf_page"


def _kind_of_refusal(reason: Reason | None) -> str:
    """Return the kind of a question that the documents do not answer."""
    return _REFUSED[reason == "out_of_scope"]


def _kind(answer: KeptAnswer, verdict: Verdict) -> str:
    """Guess the kind of a question from what the first cited sentence holds."""
    if not verdict.answerable:
        return _kind_of_refusal(answer.reason)
    cited = verdict.gold
    first = figures_in(cited[0].quote, cited[0].language) if cited else ()
    kinds = {figure.kind for figure in first if figure.sure}
    if kinds & _AMOUNTS:
        return "amount"
    return "date" if kinds & _DATES else "single_fact"
