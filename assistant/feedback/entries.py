"""What readers and evaluators say of an answer: as they give it, and as it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any, Literal, get_args

from assistant.errors import InputError
from assistant.types import Answer, Turn

HelpfulReason = Literal["complete", "clear", "good_source", "other"]
UnhelpfulReason = Literal[
    "incorrect", "incomplete", "off_topic", "outdated", "unclear", "wrong_source", "refused_wrongly", "other"
]
RatingReason = HelpfulReason | UnhelpfulReason
HELPFUL_REASONS: tuple[HelpfulReason, ...] = get_args(HelpfulReason)
UNHELPFUL_REASONS: tuple[UnhelpfulReason, ...] = get_args(UnhelpfulReason)

Target = Literal["sentence", "citation"]
SCORES: dict[Target, tuple[int, ...]] = {"sentence": (100, 80, 0), "citation": (25, 20, 0)}
"""Right, right but to be improved, wrong. Source: the expert scores of cds-snc/ai-answers, SYSTEM_CARD.md."""
MESSAGE = 0
"""Number that stands for what the assistant itself says, such as a refusal; sentences count from 1."""
_SENTENCE_WEIGHT = 0.75
_MAX_EVALUATOR_CHARS = 100

EntryKind = Literal["rating", "assessment"]
Expected = Literal["answer", "refusal"]
EXPECTED: tuple[Expected, ...] = get_args(Expected)


@dataclass(frozen=True, slots=True)
class Mark:
    """An evaluator's score for one sentence or one citation."""

    target: Target
    number: int
    """Of a sentence: its place, from 1, or MESSAGE; of a citation: its marker, or that of a nearest passage."""
    score: int
    """One of SCORES."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Whether an answer helped its reader."""

    answer: Answer
    helpful: bool
    reasons: tuple[RatingReason, ...] = ()
    comment: str = ""
    history: tuple[Turn, ...] = ()
    """The turns before the question; a follow-up cannot be understood without them."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an evaluator found of an answer, sentence by sentence and citation by citation."""

    answer: Answer
    marks: tuple[Mark, ...] = ()
    evaluator: str = ""
    """A name that the evaluator chose, or nothing."""
    comment: str = ""
    history: tuple[Turn, ...] = ()
    for_evals: bool = False
    """Whether the evaluator wants it in the eval set."""
    right_answer: str = ""
    """What should have been said, in the evaluator's words."""
    expected: Expected | None = None
    """What it should have been, where it was the other; None where the kind of answer was right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rating or an assessment as it is kept: personal data masked, and nothing that tells who asked."""

    id: str
    kind: EntryKind
    created: datetime
    """UTC; of the last change."""
    answer: dict[str, Any]
    """As `ask --json` prints it."""
    history: tuple[dict[str, Any], ...]
    helpful: bool | None
    reasons: tuple[str, ...]
    comment: str
    evaluator: str
    for_evals: bool
    marks: tuple[Mark, ...]
    right_answer: str = ""
    expected: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values: one line of an export."""
        return {
            "id": self.id,
            "kind": self.kind,
            "created": self.created.isoformat(),
            "helpful": self.helpful,
            "reasons": list(self.reasons),
            "comment": self.comment,
            "evaluator": self.evaluator,
            "for_evals": self.for_evals,
            "right_answer": self.right_answer,
            "expected": self.expected,
            "marks": [{"target": one.target, "number": one.number, "score": one.score} for one in self.marks],
            "total": total(self.marks),
            "history": list(self.history),
            "answer": self.answer,
        }


def total(marks: Iterable[Mark]) -> float | None:
    """Return the score of an answer, 0 to 100: three quarters for its sentences, one for its citations.

    None where the sentences or the citations have no score yet. Source: as SCORES.
    """
    scores: dict[str, list[int]] = {"sentence": [], "citation": []}
    for mark in marks:
        scores[mark.target].append(mark.score)
    if not scores["sentence"] or not scores["citation"]:
        return None
    return round(_SENTENCE_WEIGHT * fmean(scores["sentence"]) + fmean(scores["citation"]), 1)


def check(given: Rating | Assessment, max_comment_chars: int) -> None:
    """Raise InputError where something given is not possible for its answer."""
    if len(given.comment) > max_comment_chars:
        raise InputError(f"The comment has {len(given.comment)} characters; shorten it to {max_comment_chars}.")
    if isinstance(given, Rating):
        _check_reasons(given)
    else:
        if len(given.evaluator) > _MAX_EVALUATOR_CHARS:
            raise InputError(f"The evaluator's name is too long; shorten it to {_MAX_EVALUATOR_CHARS} characters.")
        if len(given.right_answer) > max_comment_chars:
            raise InputError(
                f"The right answer has {len(given.right_answer)} characters; shorten it to {max_comment_chars}."
            )
        if given.expected not in (None, *EXPECTED):
            raise InputError(f"{given.expected!r} is no kind of answer; give {' or '.join(EXPECTED)}.")
        _check_marks(given.answer, given.marks)


def _check_reasons(rating: Rating) -> None:
    """Raise InputError for a reason that does not go with the rating."""
    known: Sequence[str] = HELPFUL_REASONS if rating.helpful else UNHELPFUL_REASONS
    unknown = [reason for reason in rating.reasons if reason not in known]
    if unknown:
        raise InputError(f"{unknown[0]!r} is no reason for this rating; choose from {', '.join(known)}.")


def _check_marks(answer: Answer, marks: Sequence[Mark]) -> None:
    """Raise InputError for a score of something that the answer does not have, or that is no score."""
    numbers = {
        "sentence": {*([MESSAGE] if answer.message else []), *range(1, len(answer.sentences) + 1)},
        "citation": {one.marker for one in (*answer.citations, *answer.nearest)},
    }
    for mark in marks:
        if mark.target not in SCORES or mark.number not in numbers[mark.target]:
            raise InputError(f"The answer has no {mark.target} {mark.number}, so it cannot be scored.")
        if mark.score not in SCORES[mark.target]:
            known = ", ".join(map(str, SCORES[mark.target]))
            raise InputError(f"{mark.score} is no score for a {mark.target}; give {known}.")
    if len({(mark.target, mark.number) for mark in marks}) < len(marks):
        raise InputError("A sentence or citation is scored twice; give one score each.")
