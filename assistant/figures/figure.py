"""What a figure is, and when two of them are the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FigureKind = Literal[
    "amount",
    "percentage",
    "date",
    "decade",
    "year",
    "time",
    "period",
    "number",
    "ordinal",
    "magnitude",
    "phone",
]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text, in a form that does not depend on how, or in which language, it is written."""

    kind: FigureKind
    value: Decimal | str
    """A number; for a date, decade, time or phone number text:

    "2023-12-20", "2022-03", "--04-09" (a day without year), "--04" (a month alone), "1990s", "14:00", "0884698888".
    """
    start: int
    end: int
    unit: str = ""
    """Currency of an amount ("EUR"); "point" for percentage points; "month", "day" or "minute" for a period."""
    sure: bool = True
    """False where the word may mean something else: English "one", and the first of a row ("eerst", "first")."""

    @property
    def key(self) -> tuple[str, Decimal | str, str]:
        """What equal figures share; a year is a number too, for 2000 may be either."""
        return ("number" if self.kind == "year" else self.kind), self.value, self.unit


def agrees(one: Figure, other: Figure) -> bool:
    """Tell whether two figures can be the same: equal, or an amount of which one text leaves out the currency."""
    if one.key == other.key:
        return True
    kinds = {one.kind, other.kind}
    return one.value == other.value and "amount" in kinds and bool(kinds & {"number", "year"})
