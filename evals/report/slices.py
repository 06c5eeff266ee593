"""Tables of one run: all metrics, slices with the weakest first, languages, and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evals.metrics import ANSWERED, Score, expected_outcome, outcome, refusal_outcomes
from evals.report.metric_guide import PASSED, describe, ordered
from evals.report.plots import LANGUAGE_NAMES, LANGUAGES
from evals.report.runs import Measures, Run, slice_name
from evals.report.tables import Cell, Row, Table, counted, estimate, interval, make_table, number, p_value, signed
from evals.report.verdict import ALPHA, tone
from evals.summary import LANGUAGE_COLUMNS

LEAST_CASES = 6
"""Of a slice whose value is read with confidence; smaller ones are set fainter."""
_SLICE_METRICS = ("nugget_recall", "gold_citation_recall", "refused", "hit@5")
_TESTS = {"mcnemar": "McNemar, exact", "bootstrap": "paired bootstrap"}


def summary_table(measures: Measures) -> Table:
    """Return every metric over all cases, in Dutch, in English and in both."""
    rows: list[Row] = []
    for group, names in groupby(ordered(measures.names), key=lambda name: describe(name).group):
        rows.append(Row(Cell(group)))
        for name in names:
            found = [measures.get(name, language=language) for language in LANGUAGE_COLUMNS]
            cells = tuple(estimate(row, strip=True) for row in found)
            rows.append(Row(Cell(describe(name).label, name, kind=tone(name, found[-1])), cells))
    columns = ("Metric", *(LANGUAGE_NAMES[one] for one in LANGUAGE_COLUMNS))
    note = "A value from 0 to 1, higher is better; below it the 95% interval and the number of cases (n)."
    return Table("All metrics over all cases", columns, tuple(rows), note)


def lead_metric(measures: Measures) -> str:
    """Return the metric by which slices are ordered: cases without a fault, or what is found where none were asked."""
    return PASSED if measures.get(PASSED) is not None else "hit@5"


def weakest_first(measures: Measures, prefix: str) -> list[str]:
    """Return slices by the lead metric, the smallest first; those without a value come last."""
    lead = lead_metric(measures)

    def place(part: str) -> tuple[bool, float, str]:
        row = measures.get(lead, part)
        value = row.value if row else None
        return value is None, value or 0.0, part

    return sorted((part for part in measures.slices if part.startswith(prefix)), key=place)


def slice_table(measures: Measures, prefix: str, caption: str) -> Table:
    """Return the slices of one sort, weakest first."""
    lead = lead_metric(measures)
    others = [name for name in _SLICE_METRICS if name != lead and measures.get(name) is not None]
    label = describe(lead).label
    columns = [prefix.removesuffix(":").capitalize()]
    columns += [
        f"{label}, {LANGUAGE_NAMES[one].lower() if one == 'all' else LANGUAGE_NAMES[one]}" for one in LANGUAGE_COLUMNS
    ]
    columns += [describe(name).label for name in others]
    rows: list[tuple[str | Cell, ...]] = []
    for part in weakest_first(measures, prefix):
        overall = measures.get(lead, part)
        few = overall is None or overall.n < LEAST_CASES
        head = Cell(slice_name(part), "few cases" if few else "", "faint" if few else tone(lead, overall))
        cells = [estimate(measures.get(lead, part, language), strip=language == "all") for language in LANGUAGE_COLUMNS]
        rows.append((head, *cells, *(estimate(measures.get(name, part)) for name in others)))
    return make_table(caption, columns, rows)


def parity_table(measures: Measures) -> Table:
    """Return the difference between the languages on each metric, with its test."""
    order = ordered(row.metric for row in measures.parity)
    rows: list[tuple[str | Cell, ...]] = []
    for row in sorted(measures.parity, key=lambda one: order.index(one.metric)):
        clear = row.p_holm < ALPHA
        both = [measures.get(row.metric, language=language) for language in LANGUAGES]
        rows.append(
            (
                Cell(describe(row.metric).label, row.metric),
                *(number(one.value if one else None) for one in both),
                Cell(signed(row.difference), interval(row.low, row.high), "number strong" if clear else "number"),
                str(row.n),
                Cell(_TESTS[row.test]),
                p_value(row.p),
                Cell(p_value(row.p_holm), "differs" if clear else "", "number strong" if clear else "number"),
            )
        )
    columns = ("Metric", "Dutch", "English", "Dutch − English", "Pairs", "Test", "p", "p after Holm")
    note = (
        "Over pairs of questions with a value in both languages; Dutch and English are over all cases, so their "
        "difference may lie a little off."
    )
    return make_table("Dutch beside English, pair by pair", columns, rows, note)


def refusal_tables(run: Run) -> tuple[Table, ...]:
    """Return which outcome was expected and which came, then precision and recall of each reason."""
    pairs = list(_outcomes(run))
    if not pairs:
        return ()
    found = refusal_outcomes(pairs)
    names = [ANSWERED, *found.reasons]
    confusion = make_table(
        "Expected outcome (rows) and what came (columns), numbers of cases",
        ("Expected", *(_name(name) for name in names), "All"),
        [
            (
                Cell(_name(wanted)),
                *(_count(found.confusion.get((wanted, got), 0), wanted, got) for got in names),
                str(sum(found.confusion.get((wanted, got), 0) for got in names)),
            )
            for wanted in names
        ],
        "Cases that ended in an exception are left out. A wrong status counts as failed, another reason does not.",
    )
    rows: list[tuple[str | Cell, ...]] = [
        ("Any refusal", _score(found.refused.precision), _score(found.refused.recall))
    ]
    rows += [(_name(name), _score(one.precision), _score(one.recall)) for name, one in found.reasons.items()]
    reasons = make_table("Refusals by reason", ("Reason", "Precision", "Recall"), rows)
    return confusion, reasons


def _outcomes(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the expected and the given outcome of each case that got one."""
    for one in run.asked:
        case = run.cases[one.case]
        if one.status is not None:
            yield expected_outcome(case.answerable, case.reason), outcome(one.status, one.reason)


def _name(name: str) -> str:
    """Return an outcome as readers see it."""
    return name.replace("_", " ")


def _count(n: int, wanted: str, got: str) -> Cell:
    """Return a cell of the confusion matrix."""
    if not n:
        return Cell("0", kind="number faint")
    if wanted == got:
        return Cell(str(n), "as expected", "number expected")
    wrong = (wanted == ANSWERED) != (got == ANSWERED)
    return Cell(str(n), "wrong status" if wrong else "other reason", "number wrong" if wrong else "number")


def _score(score: Score) -> Cell:
    """Return a share with its n."""
    return Cell(number(score.value), counted(score.n), "number" if score.value is not None else "number faint")
