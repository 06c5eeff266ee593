"""Whether the assistant refuses what it should, and for the right reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.types import Reason, Status

ANSWERED = "answered"
"""The outcome that is no refusal."""


@dataclass(frozen=True, slots=True)
class Score:
    """A share with the number of cases that it is of; None where there are none."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """How an outcome was given and expected."""

    precision: Score
    """Of the cases in which it was given, the share in which it was expected."""
    recall: Score
    """Of the cases in which it was expected, the share in which it was given."""


@dataclass(frozen=True, slots=True)
class RefusalOutcomes:
    """All refusals and answers of a run."""

    confusion: Mapping[tuple[str, str], int]
    """Number of cases by (expected, given) outcome, only those that occur."""
    reasons: Mapping[str, PrecisionRecall]
    """By reason that is expected or given in any case, in alphabetical order."""
    refused: PrecisionRecall
    """Of refusing at all, whatever the reason."""


def outcome(status: Status, reason: Reason | None) -> str:
    """Return the reason of a refusal or of a question back; "answered" for an answer, also one in part."""
    return ANSWERED if status in ("answered", "partial") else reason or status


def expected_outcome(answerable: bool, reason: Reason | None) -> str:
    """Return the reason for which a case has to be refused; "answered" where it is answerable."""
    return ANSWERED if answerable else reason or "refused"


def refusal_outcomes(outcomes: Iterable[tuple[str, str]]) -> RefusalOutcomes:
    """Count (expected, given) outcomes and return precision and recall, per reason and for refusing at all.

    For one outcome precision is tp / given and recall is tp / expected, with tp the cases in which it was both (van
    Rijsbergen, Information Retrieval, 1979, ch. 7). Cases that ended in an exception are the caller's to leave out.
    """
    confusion = Counter(outcomes)
    reasons = sorted({one for pair in confusion for one in pair} - {ANSWERED})
    return RefusalOutcomes(
        dict(sorted(confusion.items())),
        {reason: _precision_recall(confusion, frozenset({reason})) for reason in reasons},
        _precision_recall(confusion, frozenset(reasons)),
    )


def _precision_recall(confusion: Mapping[tuple[str, str], int], positive: frozenset[str]) -> PrecisionRecall:
    """Return both measures of a set of outcomes that count as one."""
    both = sum(n for (wanted, got), n in confusion.items() if wanted in positive and got in positive)
    given = sum(n for (_, got), n in confusion.items() if got in positive)
    expected = sum(n for (wanted, _), n in confusion.items() if wanted in positive)
    return PrecisionRecall(_share(both, given), _share(both, expected))


def _share(part: int, n: int) -> Score:
    """Return a share with its n."""
    return Score(part / n if n else None, n)
