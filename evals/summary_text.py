"""The summary of a run as lines of text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.results import CaseResult, RunInfo
from evals.summary import (
    EVERYTHING,
    LANGUAGE_COLUMNS,
    MetricRow,
    ParityRow,
    WeakSlice,
    errors,
    latency,
    parity,
    summarise,
    weakest,
)

_ABSENT = "-"
_LISTED = 20
_OF_STAGES = frozenset({"mrr@10", "recall@10", "recall@20", "ndcg@10"})
"""The others can be read in the file of results."""


def summary_lines(info: RunInfo, results: Sequence[CaseResult]) -> Iterator[str]:
    """Yield the metrics over all cases, the weakest slices, parity of the languages, time, and errors."""
    rows = summarise(results)
    yield from _metrics(rows)
    yield ""
    yield from _weakest(weakest(rows))
    yield ""
    yield from _parity(parity(results))
    yield ""
    yield _costs(info, results)
    yield from _errors(results)


def aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, its columns two spaces apart; rows may not differ in length."""
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _metrics(rows: Sequence[MetricRow]) -> Iterator[str]:
    """Yield the table of all cases; the stages follow what the answerer reads and says."""
    table = [["metric", *(cell for language in LANGUAGE_COLUMNS for cell in (language, "95%", "n"))]]
    of_all = [row for row in rows if row.slice == EVERYTHING]
    of_stages = [row for row in rows if row.slice.startswith("stage:") and row.metric in _OF_STAGES]
    for part in (of_all, of_stages):
        for name, metric in dict.fromkeys((row.slice, row.metric) for row in part):
            by_language = {row.language: row for row in part if (row.slice, row.metric) == (name, metric)}
            label = metric if name == EVERYTHING else f"{name.removeprefix('stage:')}: {metric}"
            cells = (cell for language in LANGUAGE_COLUMNS for cell in _cells(by_language[language]))
            table.append([label, *cells])
    yield from aligned(table)


def _cells(row: MetricRow) -> tuple[str, str, str]:
    """Return value, interval and n of a metric."""
    return _number(row.value), _interval(row.low, row.high), str(row.n)


def _weakest(found: Sequence[WeakSlice]) -> Iterator[str]:
    """Yield the slices that fall furthest behind."""
    if not found:
        yield "weakest slices: none lies below all cases"
        return
    table = [["weakest slices", "metric", "value", "95%", "n", "all cases"]]
    for one in found:
        table.append([one.row.slice, one.row.metric, *_cells(one.row), _number(one.overall)])
    yield from aligned(table)


def _parity(rows: Sequence[ParityRow]) -> Iterator[str]:
    """Yield how far the languages lie apart."""
    if not rows:
        yield "parity: no pair has a value in both languages"
        return
    table = [["parity", "nl - en", "95%", "p", "p (Holm)", "pairs", "test"]]
    for row in rows:
        difference = f"{row.difference:+.3f}"
        interval = _interval(row.low, row.high)
        table.append([row.metric, difference, interval, _p(row.p), _p(row.p_holm), str(row.n), row.test])
    yield from aligned(table)


def _costs(info: RunInfo, results: Sequence[CaseResult]) -> str:
    """Return time and memory in one line."""
    per_case = latency(results)
    times = f"median {per_case.median:.1f} ms, 95% within {per_case.p95:.1f} ms" if per_case else _ABSENT
    return f"per case: {times}; all {len(results)}: {info.seconds:.1f} s; peak memory {info.peak_memory_mb:.0f} MB"


def _errors(results: Sequence[CaseResult]) -> Iterator[str]:
    """Yield the cases that ended in an exception."""
    found = errors(results)
    yield f"errors: {len(found)} of {len(results)} cases ended in an exception and are in no figure"
    yield from (f"  {case}: {message}" for case, message in found[:_LISTED])
    if len(found) > _LISTED:
        yield f"  … and {len(found) - _LISTED} more; the file of results holds all"


def _number(value: float | None) -> str:
    """Return a value, or a sign that there is none."""
    return _ABSENT if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    """Return an interval, or a sign that there is none."""
    return _ABSENT if low is None or high is None else f"[{low:.2f}, {high:.2f}]"


def _p(value: float) -> str:
    """Return a p-value."""
    return "<0.001" if value < 0.001 else f"{value:.3f}"
