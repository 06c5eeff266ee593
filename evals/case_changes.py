"""Which cases got better or worse from one run to another, and what changed in their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.paired import Pair
from evals.results import CaseResult

Direction = Literal["better", "worse", "same score"]
ORDER = (
    "nothing_forbidden",
    "refused",
    "answered",
    "nugget_recall",
    "gold_citation_recall",
    "citation_recall",
    "groundedness",
    "refusal_reason",
    "language",
)
"""What decides between better and worse, gravest first: a forbidden statement weighs more than any nugget."""
_ORDER_OF_RETRIEVAL = ("hit@5", "mrr@10")
_SHOWN_QUOTES = 2
_QUOTE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class CaseChange:
    """How one case differs between two runs."""

    case: str
    direction: Direction
    changes: tuple[str, ...]
    """What changed, as words for people."""


def case_changes(pairs: Sequence[Pair]) -> tuple[CaseChange, ...]:
    """Return the cases whose score or answer changed, in the order given; a case with the same answer is left out."""
    found = []
    for before, after in pairs:
        changes = _changes(before, after)
        direction = _direction(before, after)
        if direction != "same score" or changes:
            found.append(CaseChange(before.case, direction, changes or ("other words",)))
    return tuple(found)


def _direction(before: CaseResult, after: CaseResult) -> Direction:
    """Decide by the gravest metric that differs; an exception is worse than any answer."""
    if (before.error is None) != (after.error is None):
        return "worse" if after.error else "better"
    answers = before.status is not None and after.status is not None
    for name in ORDER if answers else _ORDER_OF_RETRIEVAL:
        one, other = before.metrics.get(name), after.metrics.get(name)
        if one is not None and other is not None and one != other:
            return "better" if other > one else "worse"
    return "same score"


def _changes(before: CaseResult, after: CaseResult) -> tuple[str, ...]:
    """Say what differs: exception, status, metrics, citations, words."""
    found = []
    if before.error != after.error:
        found.append(f"exception: {before.error or 'none'} → {after.error or 'none'}")
    if _status(before) != _status(after):
        found.append(f"status: {_status(before)} → {_status(after)}")
    retrieval_only = before.status is None or after.status is None
    for name in _ORDER_OF_RETRIEVAL if retrieval_only else ORDER:
        one, other = before.metrics.get(name), after.metrics.get(name)
        # The status tells of the others: that an answer came or went, and took what is measured of it along.
        if one is not None and other is not None and one != other and name not in ("answered", "refused"):
            found.append(f"{name}: {one:.2f} → {other:.2f}")
    found += _citations("no longer cites", before, after) + _citations("now cites", after, before)
    if not found and before.text != after.text:
        found.append("other words")
    return tuple(found)


def _status(result: CaseResult) -> str:
    """Return status and reason."""
    if result.status is None:
        return "exception" if result.error else "not asked"
    return f"{result.status} ({result.reason})" if result.reason else result.status


def _citations(words: str, mine: CaseResult, others: CaseResult) -> list[str]:
    """Name the citations of one result that the other lacks, by document and the beginning of the quote."""
    known = {(one.document, one.quote) for one in others.citations}
    only = [one for one in mine.citations if (one.document, one.quote) not in known]
    named = [f"{words} {one.document}: “{_short(one.quote)}”" for one in only[:_SHOWN_QUOTES]]
    return [*named, f"{words} {len(only) - _SHOWN_QUOTES} more"] if len(only) > _SHOWN_QUOTES else named


def _short(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTE_LENGTH else line[: _QUOTE_LENGTH - 1].rstrip() + "…"
