"""Three plain sentences on a run, each by a rule that the page states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evals.report.failures import FAULT_KINDS
from evals.report.metric_guide import METRICS, PASSED, describe
from evals.report.runs import Measures, Run, listed, plural, slice_name
from evals.report.tables import interval, number, p_value
from evals.summary import MetricRow

GOOD, POOR, ALPHA = 0.90, 0.80, 0.05
_JUDGED = (*METRICS, "hit@5")
"""Metrics for which the bounds mean something: an MRR of 0.8 is not poor."""
_LEAST_GOOD = 20
"""Fewer cases prove nothing good, however narrow the interval."""
_LEAST_SLICE = 6
"""A slice with fewer cases is not called the weakest."""
_NAMED = 3
RULES = (
    f"Good: the whole 95% interval lies at or above {GOOD:.2f}, over {_LEAST_GOOD} cases or more. Poor: all of it "
    f"lies below {POOR:.2f}. The clearest of each are named, of all metrics of answers, citations and refusals and of "
    "Hit@5. "
    f"The weakest kind of question is the tag with the smallest share of cases without a fault, of those with at least "
    f"{_LEAST_SLICE} cases. The languages differ where p after Holm's correction is below {ALPHA}."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence, and what it is about in a word or two."""

    label: str
    sentence: str
    kind: str


def verdicts(run: Run, measures: Measures) -> tuple[Verdict, ...]:
    """Return what is good, what is not, and how the languages compare."""
    return (
        Verdict("Good", _good(measures), "good"),
        Verdict("Not good", _poor(run, measures), "poor"),
        Verdict("Dutch and English", _languages(measures), "neutral"),
    )


def tone(name: str, row: MetricRow | None) -> str:
    """Return whether a metric is clearly good or poor; "" where it is neither, or no bound is set for it."""
    if row is None or row.low is None or row.high is None or name not in _JUDGED:
        return ""
    if row.low >= GOOD and row.n >= _LEAST_GOOD:
        return "good"
    return "poor" if row.high < POOR else ""


def _of_tone(measures: Measures, wanted: str) -> list[MetricRow]:
    """Return the metrics that the sentences choose from and that are clearly good, or clearly poor."""
    rows = [measures.get(name) for name in _JUDGED if name != PASSED]
    return [row for row in rows if row is not None and tone(row.metric, row) == wanted]


def _good(measures: Measures) -> str:
    """Say what is good."""
    good = sorted(_of_tone(measures, "good"), key=lambda row: -(row.low or 0))
    if not good:
        return f"Nothing is clearly good: no metric has its whole 95% interval at or above {GOOD:.2f}."
    return f"Clearly good: {_named(good)}."


def _poor(run: Run, measures: Measures) -> str:
    """Say what is not good, what goes wrong most, and where."""
    poor = sorted(_of_tone(measures, "poor"), key=lambda row: row.high or 0)
    said = f"Clearly poor: {_named(poor)}" if poor else "No metric is clearly poor"
    kinds = Counter(kind for one in run.failed for kind in {fault.kind for fault in run.faults[one.case] or ()})
    if kinds:
        kind = max(FAULT_KINDS, key=lambda one: kinds[one])
        said += f"; the most frequent fault is “{kind}” ({plural(kinds[kind], 'case')})"
    weakest = _weakest(measures)
    if weakest is not None:
        said += f"; the weakest kind of question is “{slice_name(weakest.slice)}” ({_score(weakest)} without a fault)"
    return f"{said}."


def _languages(measures: Measures) -> str:
    """Say whether Dutch and English differ."""
    if not measures.parity:
        return "The languages cannot be compared: no pair of questions has a value in both."
    apart = [row for row in measures.parity if row.p_holm < ALPHA]
    if not apart:
        least = min(row.p_holm for row in measures.parity)
        return (
            f"No metric differs between the languages beyond chance ({plural(len(measures.parity), 'metric')} tested "
            f"on pairs; smallest p after correction {p_value(least)})."
        )
    worst = sorted(apart, key=lambda row: -abs(row.difference))[:_NAMED]
    said = [
        f"“{describe(row.metric).label}” ({number(abs(row.difference))} better in "
        f"{'Dutch' if row.difference > 0 else 'English'}, p {p_value(row.p_holm)})"
        for row in worst
    ]
    more = [f"{len(apart) - _NAMED} more"] if len(apart) > _NAMED else []
    return f"The languages differ on {listed(said + more)}."


def _weakest(measures: Measures) -> MetricRow | None:
    """Return the tag with the smallest share of cases without a fault."""
    rows = [measures.get(PASSED, part) for part in measures.slices if part.startswith("tag:")]
    enough = [row for row in rows if row is not None and row.value is not None and row.n >= _LEAST_SLICE]
    return min(enough, key=lambda row: (row.value, row.slice), default=None)


def _named(rows: Sequence[MetricRow]) -> str:
    """Return metrics with their values, the first few by name."""
    named = [f"“{describe(row.metric).label}” {number(row.value)} ({interval(row.low, row.high)})" for row in rows]
    more = [f"{len(rows) - _NAMED} more"] if len(rows) > _NAMED else []
    return listed(named[:_NAMED] + more)


def _score(row: MetricRow) -> str:
    """Return a share as a count."""
    return f"{round((row.value or 0) * row.n)} of {row.n}"
