"""One page of a PDF to lines with size, weight and position; runs in the PDF process only."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIGURES = re.compile(r"\s*\d{1,3}(?:,\s?\d{1,3})*\s*")
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
# A raised figure is smaller than the line it stands on, and its foot is above that line's.
_SMALLER = 0.8
_RAISED = (0.15, 0.9)
_MIN_POINTS = 1.0
_OFF_PAGE_POINTS = 20.0
_MANY_STROKES = 50
_WHITE: dict[bytes, tuple[float, ...]] = {
    b"g": (1.0,),
    b"rg": (1.0, 1.0, 1.0),
    b"k": (0.0, 0.0, 0.0, 0.0),
}
_FILLS = frozenset((b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"))
_STROKES = _FILLS | {b"S", b"s"}

Matrix = Sequence[float]
Piece = tuple[str, float, float, float, bool]
"""Text, size in points, x, y, whether it is bold."""


def page_lines(page: Any) -> dict[str, Any]:
    """Return {"lines": [[text, size, bold, x, y], ...], "pictures", "height"} of a page of pypdf."""
    box = page.mediabox
    watcher = _Watcher((float(box.left), float(box.bottom), float(box.right), float(box.top)))
    page.extract_text(visitor_operand_before=watcher.before, visitor_text=watcher.text)
    return {
        "lines": _lines(watcher.pieces),
        "pictures": watcher.pictures or watcher.strokes > _MANY_STROKES,
        "height": float(box.height),
    }


class _Watcher:
    """Follows the drawing of a page: keeps its pieces of text, and takes out what no reader sees."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        self.pieces: list[Piece] = []
        self.pictures = False
        self.strokes = 0
        self._box = box
        self._size = 0.0
        self._rise = 0.0
        self._white = False
        self._dark_ground = False
        self._saved: list[tuple[float, float, bool]] = []
        self._shown: tuple[float, float] | None = None

    def text(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        """Keep a piece of text that the page shows."""
        if text:
            matrix = _product(tm, cm)
            name = str(font.get("/BaseFont", "")) if font else ""
            points = abs(size) * math.hypot(matrix[2], matrix[3])
            self.pieces.append((text, points, matrix[4], matrix[5], bool(_BOLD.search(name))))

    def before(self, operator: bytes, operands: list[Any], cm: Matrix, tm: Matrix) -> None:
        """Note what an operator changes; empty the operands of one that shows hidden text."""
        if operator in (b"Tj", b"TJ"):
            if operands:
                self._show(operator, operands, _product(tm, cm))
        elif operator == b"Tf":
            self._size = _number(operands[1]) if len(operands) > 1 else self._size
        elif operator == b"Ts":
            self._rise = _number(operands[0]) if operands else 0.0
        elif operator == b"q":
            self._saved.append((self._size, self._rise, self._white))
        elif operator == b"Q":
            if self._saved:
                self._size, self._rise, self._white = self._saved.pop()
        else:
            self._paint(operator, operands)

    def _paint(self, operator: bytes, operands: list[Any]) -> None:
        """Note colours, fills and pictures."""
        if operator in _WHITE:
            self._white = tuple(map(_number, operands)) == _WHITE[operator]
        elif operator in (b"sc", b"scn"):
            self._white = False
        elif operator in (b"Do", b"INLINE IMAGE"):
            # A form may be drawn here too; taking it for a picture only makes the check milder.
            self.pictures = self._dark_ground = True
        elif operator in _STROKES:
            self.strokes += 1
            if operator in _FILLS and not self._white:
                self._dark_ground = True

    def _show(self, operator: bytes, operands: list[Any], matrix: Matrix) -> None:
        """Take out hidden text, and mark raised figures so that they cannot join a number."""
        scale = math.hypot(matrix[2], matrix[3])
        size = abs(self._size) * scale
        y = matrix[5] + self._rise * scale
        if self._is_hidden(size, matrix[4], y):
            operands[0] = type(operands[0])() if operator == b"TJ" else b""
            return
        if self._shown is not None and _is_raised(size, y, *self._shown):
            figures = _shown_bytes(operands[0])
            if _FIGURES.fullmatch(figures):
                marks = figures.translate(_SUPERSCRIPTS)
                operands[0] = [marks] if operator == b"TJ" else marks
            return
        self._shown = (size, y)

    def _is_hidden(self, size: float, x: float, y: float) -> bool:
        """Tell whether text is too small to see, off the page, or white where nothing dark was painted."""
        left, bottom, right, top = self._box
        margin = _OFF_PAGE_POINTS
        off = not (left - margin <= x <= right + margin and bottom - margin <= y <= top + margin)
        return 0 < size < _MIN_POINTS or off or (self._white and not self._dark_ground)


def _shown_bytes(operand: Any) -> str:
    """Return the plain characters that an operand shows."""
    parts = operand if isinstance(operand, list) else [operand]
    return b"".join(bytes(part) for part in parts if isinstance(part, bytes)).decode("latin-1")


def _is_raised(size: float, y: float, line_size: float, line_y: float) -> bool:
    """Tell whether text stands above and right of a line, in a smaller size."""
    if line_size <= 0 or not 0 < size <= _SMALLER * line_size:
        return False
    return _RAISED[0] * line_size <= y - line_y <= _RAISED[1] * line_size


def _number(operand: Any) -> float:
    """Return an operand as a number; 0 for anything else."""
    return float(operand) if isinstance(operand, (int, float)) else 0.0


def _product(first: Matrix, second: Matrix) -> tuple[float, ...]:
    """Return the product of two transformation matrices."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _lines(pieces: Sequence[Piece]) -> list[list[Any]]:
    """Join pieces to lines: size and weight of most of a line's characters, position of its first."""
    lines: list[list[Any]] = []
    current: list[Piece] = []
    for piece in pieces:
        head, *tail = piece[0].split("\n")
        current.append((head, *piece[1:]))
        for part in tail:
            _close(lines, current)
            current = [(part, *piece[1:])]
    _close(lines, current)
    return lines


def _close(lines: list[list[Any]], pieces: Sequence[Piece]) -> None:
    """Add the line that the pieces make, unless it is blank."""
    shown = [piece for piece in _with_marks(pieces) if piece[0]]
    visible = [piece for piece in shown if piece[0].strip()]
    if not visible:
        return
    main = max(visible, key=lambda piece: len(piece[0].strip()))
    bold = sum(len(piece[0].strip()) for piece in visible if piece[4])
    total = sum(len(piece[0].strip()) for piece in visible)
    text = "".join(piece[0] for piece in shown).rstrip()
    lines.append([text, round(main[1], 2), bold > 0.9 * total, round(visible[0][2], 1), round(main[3], 1)])


def _with_marks(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with raised figures as superscripts."""
    marked: list[Piece] = []
    line: Piece | None = None
    for piece in pieces:
        figures = piece[0].strip()
        if line and _FIGURES.fullmatch(figures) and _is_raised(piece[1], piece[3], line[1], line[3]):
            marked.append((piece[0].translate(_SUPERSCRIPTS), *piece[1:]))
            continue
        if figures:
            line = piece
        marked.append(piece)
    return marked
