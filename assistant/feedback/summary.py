"""Count feedback: by rating, reason, language and week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from assistant.feedback.entries import Entry, total


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an answer was said to help, and not to."""

    helpful: int = 0
    unhelpful: int = 0

    @property
    def ratings(self) -> int:
        """All ratings."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> float | None:
        """Share of helpful ones, 0 to 1; None without ratings."""
        return self.helpful / self.ratings if self.ratings else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What feedback comes down to; all keys in alphabetical order, reasons by number."""

    ratings: Tally
    reasons: dict[str, int]
    by_language: dict[str, Tally]
    by_status: dict[str, Tally]
    by_week: dict[str, Tally]
    """By ISO week, such as "2026-W47"."""
    assessments: int
    for_evals: int
    """Assessments that are meant for the eval set."""
    mean_total: float | None
    """Of the assessments of which sentences and citations have scores, 0 to 100; None without any."""
    scored: int
    """Assessments behind that mean."""


def summarise(entries: Iterable[Entry]) -> Summary:
    """Count entries."""
    overall: Counter[bool] = Counter()
    split: dict[str, dict[str, Counter[bool]]] = {"language": {}, "status": {}, "week": {}}
    reasons: Counter[str] = Counter()
    totals: list[float | None] = []
    wanted = 0
    for entry in entries:
        if entry.kind == "assessment":
            totals.append(total(entry.marks))
            wanted += entry.for_evals
            continue
        helpful = bool(entry.helpful)
        overall[helpful] += 1
        reasons.update(entry.reasons)
        for name, key in (
            ("language", str(entry.answer.get("language"))),
            ("status", str(entry.answer.get("status"))),
            ("week", f"{entry.created:%G-W%V}"),
        ):
            split[name].setdefault(key, Counter())[helpful] += 1
    scored = [one for one in totals if one is not None]
    return Summary(
        ratings=_tally(overall),
        reasons=dict(reasons.most_common()),
        by_language=_tallies(split["language"]),
        by_status=_tallies(split["status"]),
        by_week=_tallies(split["week"]),
        assessments=len(totals),
        for_evals=wanted,
        mean_total=round(fmean(scored), 1) if scored else None,
        scored=len(scored),
    )


def _tally(counted: Counter[bool]) -> Tally:
    """Return counts as a tally."""
    return Tally(counted[True], counted[False])


def _tallies(counted: dict[str, Counter[bool]]) -> dict[str, Tally]:
    """Return counts by key, the keys in order."""
    return {key: _tally(counted[key]) for key in sorted(counted)}
