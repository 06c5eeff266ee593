"""What a run's results come to: each metric with its interval, by language and by slice of the cases.

Shares of cases within one language have Wilson's interval, all else a bootstrap interval; over both
languages whole pairs are drawn, because the two forms of a question succeed and fail together. Cases
that ended in an exception are left out of every figure and counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals import metrics
from evals.cases import LANGUAGES, TAGS
from evals.results import CaseResult
from evals.scoring import is_binary

SliceLanguage = Literal["nl", "en", "all"]
LANGUAGE_COLUMNS: tuple[SliceLanguage, ...] = (*LANGUAGES, "all")
EVERYTHING = "all"
"""The slice that holds all cases."""
_SEED = 20_240_101
_RESAMPLES = 10_000
_RESAMPLES_OF_SLICE = 2_000
"""Slices are small and many; their intervals are read for their width, not for their last digit."""
_LEAST_CASES = 4


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric over one slice of the cases."""

    metric: str
    slice: str
    """"all", "tag:NAME", "group:NAME", or "stage:NAME" for the ranking of a stage over all cases."""
    language: SliceLanguage
    value: float | None
    """Mean over the cases to which the metric applies; None where there are none."""
    low: float | None
    """Ends of the 95% interval; None where it cannot be told."""
    high: float | None
    n: int
    """Number of cases to which the metric applies."""


@dataclass(frozen=True, slots=True)
class ParityRow:
    """How far both languages lie apart on one metric, over the pairs that have a value in both."""

    metric: str
    difference: float
    """Mean of Dutch minus mean of English."""
    low: float | None
    high: float | None
    p: float
    """Two-sided."""
    p_holm: float
    """Adjusted for the number of metrics (Holm)."""
    n: int
    """Number of pairs."""
    test: Literal["mcnemar", "bootstrap"]


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the cases took, in milliseconds."""

    median: float
    p95: float
    n: int


@dataclass(frozen=True, slots=True)
class WeakSlice:
    """A slice of the cases and the metric on which it falls furthest behind all cases."""

    row: MetricRow
    overall: float

    @property
    def shortfall(self) -> float:
        """How far it lies below all cases."""
        return self.overall - (self.row.value or 0.0)


def summarise(results: Sequence[CaseResult]) -> tuple[MetricRow, ...]:
    """Return every metric for all cases, each tag, each group and each stage, by language and over both."""
    scored = [result for result in results if result.error is None]
    names = metric_names(scored)
    rows: list[MetricRow] = []
    for name in names:
        stage, _, metric = name.rpartition(":")
        rows += _rows(scored, name, metric, f"stage:{stage}" if stage else EVERYTHING, _RESAMPLES)
    for part, members in _slices(scored):
        for name in names:
            if ":" not in name:
                rows += _rows(members, name, name, part, _RESAMPLES_OF_SLICE)
    return tuple(rows)


def parity(results: Sequence[CaseResult]) -> tuple[ParityRow, ...]:
    """Compare Dutch with English on each metric, pair by pair; metrics without a pair are left out.

    p is of McNemar's exact test for metrics that are 0 or 1, else of the paired bootstrap.
    """
    scored = [result for result in results if result.error is None]
    found: list[ParityRow] = []
    for name in metric_names(scored):
        pairs = metrics.parity_pairs((one.pair, one.language, one.metrics.get(name)) for one in scored)
        dutch, english = [pair.nl for pair in pairs.values()], [pair.en for pair in pairs.values()]
        apart = None if ":" in name else metrics.paired_bootstrap(dutch, english, _SEED)
        if apart is None:
            continue
        low, high = _ends(apart.interval)
        binary = is_binary(name)
        p = metrics.mcnemar_exact(*metrics.discordant(pairs.values())) if binary else apart.p
        found.append(ParityRow(name, apart.difference, low, high, p, p, apart.n, "mcnemar" if binary else "bootstrap"))
    adjusted = metrics.holm([row.p for row in found])
    return tuple(
        ParityRow(row.metric, row.difference, row.low, row.high, row.p, p_holm, row.n, row.test)
        for row, p_holm in zip(found, adjusted, strict=True)
    )


def latency(results: Sequence[CaseResult]) -> Latency | None:
    """Return median and 95th percentile of the time per case; None where no case was timed."""
    times = [one.milliseconds for one in results if one.milliseconds is not None]
    if not times:
        return None
    return Latency(float(np.median(times)), float(np.percentile(times, 95)), len(times))


def errors(results: Sequence[CaseResult]) -> tuple[tuple[str, str], ...]:
    """Return id and message of each case that ended in an exception."""
    return tuple((one.case, one.error) for one in results if one.error is not None)


def weakest(rows: Sequence[MetricRow], count: int = 5) -> tuple[WeakSlice, ...]:
    """Return the tags and groups that fall furthest behind all cases, each with its worst metric, worst first."""
    both = [row for row in rows if row.language == "all" and row.value is not None and row.n >= _LEAST_CASES]
    overall = {row.metric: row.value for row in both if row.slice == EVERYTHING and row.value is not None}
    worst: dict[str, WeakSlice] = {}
    for row in both:
        if row.slice.startswith(("tag:", "group:")) and row.metric in overall:
            weak = WeakSlice(row, overall[row.metric])
            if weak.shortfall > 0 and (row.slice not in worst or weak.shortfall > worst[row.slice].shortfall):
                worst[row.slice] = weak
    return tuple(sorted(worst.values(), key=lambda one: -one.shortfall)[:count])


def metric_names(results: Sequence[CaseResult]) -> tuple[str, ...]:
    """Return the names of all metrics of some results, in the order in which they first occur."""
    return tuple(dict.fromkeys(name for result in results for name in result.metrics))


def _slices(results: Sequence[CaseResult]) -> Iterator[tuple[str, list[CaseResult]]]:
    """Yield the cases of each tag and group that occurs."""
    for tag in TAGS:
        if members := [one for one in results if tag in one.tags]:
            yield f"tag:{tag}", members
    for group in sorted({one.group for one in results}):
        yield f"group:{group}", [one for one in results if one.group == group]


def _rows(results: Sequence[CaseResult], name: str, metric: str, part: str, resamples: int) -> Iterator[MetricRow]:
    """Yield the rows of one metric over one slice, one for each language and one for both."""
    for language in LANGUAGE_COLUMNS:
        mine = [one for one in results if language in ("all", one.language)]
        applicable = [(one.pair, value) for one in mine if (value := one.metrics.get(name)) is not None]
        values = [value for _, value in applicable]
        interval = _interval(values, [pair for pair, _ in applicable], language, is_binary(metric), resamples)
        low, high = _ends(interval)
        mean = sum(values) / len(values) if values else None
        yield MetricRow(metric, part, language, mean, low, high, len(values))


def _interval(
    values: Sequence[float], pairs: Sequence[str], language: SliceLanguage, binary: bool, resamples: int
) -> metrics.Interval | None:
    """Return the 95% interval of a mean."""
    if binary and language != "all":
        return metrics.wilson_interval(round(sum(values)), len(values))
    if binary and len(set(values)) == 1:
        # Where all succeed or all fail, the bootstrap has nothing to vary; pairs are what is independent.
        independent = len(set(pairs))
        return metrics.wilson_interval(round(values[0]) * independent, independent)
    return metrics.bootstrap_interval(values, _SEED, resamples, clusters=pairs)


def _ends(interval: metrics.Interval | None) -> tuple[float | None, float | None]:
    """Return both ends of an interval that may be missing."""
    return (interval.low, interval.high) if interval else (None, None)
