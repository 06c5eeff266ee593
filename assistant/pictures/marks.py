"""From the characters of a quote to the rectangles that mark them, and nothing else, on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_GAP = 1.5
"""Heights of a line; a wider gap within a line, such as that between two columns, is not marked."""
_SLACK = 0.5
"""Heights of a line, by which the middle of a character may lie above or below the rest of it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Height in points."""
        return self.top - self.bottom

    def with_(self, other: Box) -> Box:
        """Return the smallest box around two."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def covers(self, other: Box) -> bool:
        """Tell whether the middle of another box lies within."""
        x, y = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def boxes_of_lines(characters: Sequence[Box]) -> list[Box]:
    """Return one box per line, or part of one, around characters in reading order."""
    lines: list[Box] = []
    last: Box | None = None
    for box in characters:
        if last is not None and _runs_on(lines[-1], last, box):
            lines[-1] = lines[-1].with_(box)
        else:
            lines.append(box)
        last = box
    return lines


def _runs_on(line: Box, last: Box, box: Box) -> bool:
    """Tell whether a character stands in a line, right behind its last one."""
    middle = (box.bottom + box.top) / 2
    # Commas hang below the small letters of a line, quotation marks stand above them.
    slack = _SLACK * line.height
    gap = box.left - last.right
    is_in_line = line.bottom - slack <= middle <= line.top + slack
    return is_in_line and -line.height <= gap <= _GAP * max(line.height, box.height)


def marks_only(marks: Sequence[Box], others: Sequence[Box]) -> bool:
    """Tell whether marks cover none of the characters that are not to be marked."""
    return not any(mark.covers(other) for mark in marks for other in others)
