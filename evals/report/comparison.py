"""Several runs side by side: the same metrics, and how far each run lies from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from evals.paired import PairedRow, common, compare_metrics, compared_metrics
from evals.report.metric_guide import PASSED, describe, ordered
from evals.report.runs import Measures, Run
from evals.report.tables import NOTHING, Cell, Row, Table, counted, estimate, make_table, p_value, signed
from evals.report.verdict import ALPHA
from evals.results import CaseResult
from evals.summary import MetricRow


def comparison_table(runs: Sequence[Run], measures: Sequence[Measures]) -> Table:
    """Return a column per run; from the second on with the difference from the first on the cases of both."""
    names = ordered(name for one in measures for name in one.names)
    apart = [_differences(runs[0], run) for run in runs[1:]]
    rows: list[Row] = []
    for group, members in groupby(names, key=lambda name: describe(name).group):
        rows.append(Row(Cell(group)))
        for name in members:
            cells = [estimate(measures[0].get(name), strip=True)]
            cells += [_compared(one.get(name), found.get(name)) for one, found in zip(measures[1:], apart, strict=True)]
            rows.append(Row(Cell(describe(name).label, name), tuple(cells)))
    note = (
        "Below a value: its distance from the first run on the cases that have a value in both, with p of the paired "
        "bootstrap (pairs of questions drawn as one) after Holm's correction over all metrics of the column. Marked: p "
        f"below {ALPHA}."
    )
    return Table("Both languages, all cases", ("Metric", *(run.info.name for run in runs)), tuple(rows), note)


def disagreement_table(runs: Sequence[Run], shown: Mapping[str, str]) -> Table:
    """Return the cases that did not come out alike in all runs that asked for an answer.

    `shown` holds the anchors of the cases that stand on the page.
    """
    asked = [run for run in runs if run.asked]
    rows: list[tuple[str | Cell, ...]] = []
    for case in dict.fromkeys(one.case for run in asked for one in run.results):
        cells = [_came_out(run, case) for run in asked]
        if len({cell.kind for cell in cells}) > 1:
            question = next(run.cases[case].question for run in asked if case in run.cases)
            rows.append((Cell(case, question, target=shown.get(case, "")), *cells))
    return make_table(
        f"Cases that came out differently ({len(rows)})", ("Case", *(run.info.name for run in asked)), rows
    )


def foreign_runs(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return what stands in the way of comparing the runs, as sentences."""
    first = runs[0].info
    said = []
    for run in runs[1:]:
        if run.info.corpus_fingerprint != first.corpus_fingerprint:
            said.append(f"{run.info.name} was made over another corpus than {first.name}.")
        if run.info.cases_fingerprint != first.cases_fingerprint:
            said.append(f"{run.info.name} was made with other cases than {first.name}; the cases of both are compared.")
    return tuple(said)


def _differences(first: Run, other: Run) -> dict[str, PairedRow]:
    """Return how far a run lies from the first on each metric, cases without a fault among them."""
    pairs = common(_with_passed(first), _with_passed(other))
    return {row.metric: row for row in compare_metrics(pairs, compared_metrics(pairs, every=True), "all")}


def _with_passed(run: Run) -> list[CaseResult]:
    """Return the results with one metric more: whether the case is without a fault."""
    asked = {one.case for one in run.asked}
    return [
        replace(one, metrics={PASSED: float(not run.faults[one.case]), **one.metrics}) if one.case in asked else one
        for one in run.results
    ]


def _compared(row: MetricRow | None, apart: PairedRow | None) -> Cell:
    """Return a value of a later run with its distance from the first."""
    own = estimate(row)
    if apart is None or own.text == NOTHING:
        return own
    clear = apart.p_holm < ALPHA
    direction = ("good" if apart.difference > 0 else "poor") if clear else ""
    said = f"{signed(apart.difference)} · p\N{NO-BREAK SPACE}{p_value(apart.p_holm)} · {counted(apart.n)}"
    return Cell(own.text, said, f"number {direction}".strip())


def _came_out(run: Run, case: str) -> Cell:
    """Return whether a case passed in a run."""
    faults = run.faults.get(case)
    if faults is None:
        return Cell(NOTHING, "not asked", "faint")
    if not faults:
        return Cell("passed", kind="good")
    kinds = list(dict.fromkeys(fault.kind for fault in faults))
    return Cell("failed", ", ".join(kinds), "poor")
