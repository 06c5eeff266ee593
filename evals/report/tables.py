"""Tables as the templates draw them, and numbers as readers see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from evals.report.svg import Scale, element, line, marker
from evals.summary import MetricRow

NOTHING = "–"
"""Stands where there is no value; a 0 is a value."""
_SPACE = "\N{NO-BREAK SPACE}"
_JOINER = "\N{WORD JOINER}"
_STRIP = Scale(0, 1, left=2, right=98)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    detail: str = ""
    """Smaller, on a line of its own."""
    kind: str = ""
    """CSS class; "number" sets digits below each other."""
    strip: str = ""
    """A drawing below the text."""
    target: str = ""
    """Anchor on the page that the text leads to."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its own heading; a row without cells heads those below it."""

    head: Cell
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column heads the rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def make_table(caption: str, columns: Iterable[str], rows: Iterable[tuple[str | Cell, ...]], note: str = "") -> Table:
    """Return a table; strings become cells, the first of a row its heading and the others numbers."""
    made = []
    for head, *cells in rows:
        made.append(
            Row(
                head if isinstance(head, Cell) else Cell(head),
                tuple(cell if isinstance(cell, Cell) else Cell(cell, kind="number") for cell in cells),
            )
        )
    return Table(caption, tuple(columns), tuple(made), note)


def number(value: float | None, digits: int = 2) -> str:
    """Return a value with as many decimals, or a dash where there is none."""
    return NOTHING if value is None else f"{value:.{digits}f}".replace("-", "−")


def signed(value: float | None, digits: int = 2) -> str:
    """Return a difference with its sign; what rounds to nothing has none."""
    if value is None:
        return NOTHING
    return "0" if round(value, digits) == 0 else f"{value:+.{digits}f}".replace("-", "−")


def interval(low: float | None, high: float | None) -> str:
    """Return both ends of an interval, or nothing where there is none."""
    if low is None or high is None:
        return ""
    between = f"{_JOINER}–{_JOINER}" if low >= 0 else f"{_SPACE}to{_SPACE}"
    return f"{number(low)}{between}{number(high)}"


def counted(n: int) -> str:
    """Return the number of cases behind a value."""
    return f"n{_SPACE}{n}"


def p_value(p: float | None) -> str:
    """Return a p value with as many decimals as mean something."""
    if p is None:
        return NOTHING
    return f"<{_SPACE}0.001" if p < 0.001 else f"{p:.3f}"


def estimate(row: MetricRow | None, strip: bool = False) -> Cell:
    """Return a value with its interval and n; a dash and n = 0 where nothing could be measured."""
    if row is None or row.value is None:
        return Cell(NOTHING, counted(row.n if row else 0), "number faint")
    between = interval(row.low, row.high)
    drawn = _strip(row) if strip and 0 <= row.value <= 1 else ""
    return Cell(number(row.value), " · ".join(filter(None, (between, counted(row.n)))), "number", drawn)


def _strip(row: MetricRow) -> Markup:
    """Return a value and its interval on a line from 0 to 1; the words of the cell say the same."""
    value = row.value or 0.0
    parts = [line("2%", 6, "98%", 6, "rail")]
    if row.low is not None and row.high is not None:
        parts.append(line(_STRIP.at(row.low), 6, _STRIP.at(row.high), 6, f"reach {row.language}"))
    parts.append(marker(1 if row.language == "en" else 0, _STRIP.at(value), 6, row.language))
    return element("svg", *parts, class_="strip", aria_hidden="true", width="100%", height=12)
