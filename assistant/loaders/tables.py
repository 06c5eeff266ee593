"""Rows of tables as lines that stand alone."""

from __future__ import annotations

from collections.abc import Sequence


def table_row(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a row in which each value carries the name of its column."""
    named = []
    for position, cell in enumerate(cells):
        name = header[position].rstrip(" :") if position < len(header) else ""
        if cell:
            named.append(f"{name}: {cell}" if name else cell)
    return " | ".join(named)
