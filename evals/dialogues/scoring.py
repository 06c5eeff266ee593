"""Whether the reply to a turn of a dialogue does what the turn expects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.presenter import answer_text
from assistant.types import Answer
from evals import metrics
from evals.cases import CaseLanguage
from evals.dialogues.dialogues import DialogueTurn, Expectation

# Of the short words only those before a mark: "Correct is 850,000 euros" and "No source names it" are neither.
_YES = re.compile(
    r"\W*(?:(?:ja|jazeker|yes)\b|"
    r"(?:inderdaad|klopt|dat klopt|indeed|correct|that is (?:correct|right|true)|that's (?:correct|right|true))"
    r"\s*(?:[,.:;!–—-]|$))",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\W*(?:(?:nee|nope)\b|no\s*(?:[,.:;!–—-]|$)|"
    r"(?:dat )?klopt niet\b|that is (?:not|incorrect|wrong|untrue)\b|that's (?:not|incorrect|wrong|untrue)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a reply, and how much of what it has to say it says."""

    faults: tuple[str, ...]
    """Short clauses for people; empty where the reply is right."""
    nugget_recall: float | None
    """Share of the nuggets; None where the turn has none."""


def judge(turn: DialogueTurn, language: CaseLanguage, answer: Answer) -> Verdict:
    """Hold a reply against what its turn expects.

    Nuggets and forbidden statements are looked for in the sentences, which are cited, and not in what the assistant
    says around them: there it may repeat what was asked.
    """
    said = "\n".join(sentence.text for sentence in answer.sentences)
    faults = [*_CHECKS[turn.expect](answer)]
    faults += [f"does not say {' / '.join(one)}" for one in turn.must_say if not _says(said, one, language)]
    faults += [f"says {one}" for one in metrics.forbidden(said, turn.must_not_say, language)]
    return Verdict(tuple(faults), metrics.nugget_recall(said, turn.must_say, language))


def begins_with_yes(text: str) -> bool:
    """Tell whether a text begins by agreeing, in Dutch or English."""
    return _YES.match(text) is not None


def begins_with_no(text: str) -> bool:
    """Tell whether a text begins by denying, in Dutch or English."""
    return _NO.match(text) is not None


def _says(said: str, nugget: tuple[str, ...], language: CaseLanguage) -> bool:
    return metrics.nugget_recall(said, [nugget], language) == 1


def _answered(answer: Answer) -> Iterator[str]:
    if answer.status not in ("answered", "partial"):
        yield f"is {answer.status}"


def _refused(answer: Answer) -> Iterator[str]:
    if answer.status not in ("refused", "clarify"):
        yield f"is {answer.status}"


def _corrected(answer: Answer) -> Iterator[str]:
    yield from _answered(answer)
    # Not the message alone: it is empty where the reply begins with a quote, which must not agree either.
    if begins_with_yes(answer_text(answer)):
        yield "agrees with what is not so"


def _confirmed(answer: Answer) -> Iterator[str]:
    yield from _answered(answer)
    if begins_with_no(answer.message):
        yield "denies what is so"


def _unsupported(answer: Answer) -> Iterator[str]:
    if answer.status not in ("refused", "partial"):
        yield f"is {answer.status}"
    if begins_with_yes(answer.message) or begins_with_no(answer.message):
        yield "takes a side that the documents do not take"


def _chatted(answer: Answer) -> Iterator[str]:
    if answer.status in ("refused", "clarify"):
        yield f"is {answer.status}"
    if answer.citations or answer.sentences:
        yield "quotes documents"


_CHECKS: Mapping[Expectation, Callable[[Answer], Iterator[str]]] = {
    "answer": _answered,
    "correct": _corrected,
    "confirm": _confirmed,
    "refuse": _refused,
    "unsupported": _unsupported,
    "chat": _chatted,
}
