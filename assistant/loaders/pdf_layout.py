"""Lines of a PDF to blocks: paragraphs, headings, items; running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.types import Block

_BULLET = re.compile(r"(?:[•·‣▪◦●○■□►–—*\uf0b7\uf0a7\uf0d8\uf076\uf02d-]|o(?= [A-Z]))\s+(?=\S)")
_DASH = re.compile(r"[–—-]\s")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;]['\"”’»)\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:pagina|page|blz\.?|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:van|of|/)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)
_NUMBERED_LABEL = re.compile(r"[A-Z][a-zé]+ \d{1,4}(?:\.\d+)*(?:(?:,| en| and| t/m| to|–|-| ,) ?\d{1,4})*[.:]?")
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[A-ZÀ-Þ]")
_EDGE_LINES = 4
_EDGE_SHARE = 0.16
_SAME_HEIGHT_POINTS = 4.0
_MAX_HEADING_CHARS = 120
_LARGER = 1.12
_WIDE_GAP = 1.3
_MIN_ROWS = 3
_ROW_SHARE = 0.8
"""Share of line ends with room for the next word from which lines are rows."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page with the size, weight and place of its text, in points from the lower left."""

    text: str
    size: float
    bold: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Body:
    """What ordinary text looks like in a document."""

    size: float
    bold: bool
    sizes: tuple[float, ...]
    """Sizes of headings, largest first."""


def layout(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Block]]:
    """Return the blocks of each page."""
    kept = _without_running_lines(pages, heights)
    body = _body(kept)
    blocks = [_page_blocks(page, body) for page in kept]
    for position in range(1, len(blocks)):
        if blocks[position] and blocks[position - 1]:
            blocks[position][0] = _joined(blocks[position - 1][-1], blocks[position][0])
    return blocks


def _without_running_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Leave out what stands at the same height on most pages, and page numbers at an edge."""
    seen: Counter[tuple[str, int]] = Counter()
    for page, height in zip(pages, heights, strict=True):
        seen.update({key for line in _edge_lines(page, height) for key in _running_keys(line)})
    least = max(2, round(0.4 * len(pages)))
    kept = []
    for page, height in zip(pages, heights, strict=True):
        edge = set(_edge_lines(page, height))
        running = {line for line in edge if max((seen[key] for key in _running_keys(line)), default=0) >= least}
        running |= {line for line in edge if _PAGE_NUMBER.fullmatch(line.text.strip())}
        rest = [line for line in page if line not in running]
        # A page of which nothing would be left has no running lines, it has little text.
        kept.append(rest or list(page))
    return kept


def _edge_lines(page: Sequence[Line], height: float) -> list[Line]:
    """Return the few highest and lowest lines that stand near an edge of the page."""
    by_height = sorted(page, key=lambda line: -line.y)
    zone = _EDGE_SHARE * height
    top = [line for line in by_height[:_EDGE_LINES] if line.y > height - zone]
    bottom = [line for line in by_height[-_EDGE_LINES:] if line.y < zone]
    return top + bottom


def _running_keys(line: Line) -> list[tuple[str, int]]:
    """Return what a line shares with its likes on other pages, at its height or the rounding beside it."""
    text = re.sub(r"\d+", "#", " ".join(line.text.split())).casefold()
    step = int(line.y // _SAME_HEIGHT_POINTS)
    return [(text, step), (text, step + 1)]


def _body(pages: Sequence[Sequence[Line]]) -> _Body:
    """Return the most frequent size and weight, and the larger sizes that headings use."""
    sizes: Counter[float] = Counter()
    bold = total = 0
    for line in (line for page in pages for line in page):
        sizes[_rounded(line.size)] += len(line.text)
        bold += len(line.text) if line.bold else 0
        total += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted((one for one in sizes if one >= _LARGER * size), reverse=True)
    return _Body(size, bold > 0.5 * total, tuple(larger))


def _rounded(size: float) -> float:
    """Return a size on half points: the same font is often scaled a little differently."""
    return round(size * 2) / 2


def _page_blocks(page: Sequence[Line], body: _Body) -> list[Block]:
    """Return the blocks of one page."""
    gaps = sorted(a.y - b.y for a, b in pairwise(page) if 0.9 * a.size <= a.y - b.y < 4 * max(a.size, 1))
    # The gap within a paragraph; the median would be the gap between paragraphs where most are short.
    gap = gaps[len(gaps) // 4] if gaps else 0.0
    blocks: list[Block] = []
    for lines in _paragraphs(page, gap):
        blocks.extend(_paragraph_blocks(lines, body))
    return blocks


def _paragraphs(page: Sequence[Line], gap: float) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph."""
    width = max((len(line.text) for line in page), default=0)
    lines: list[Line] = []
    for line in page:
        if lines and _starts_paragraph(lines, line, gap, width):
            yield lines
            lines = []
        lines.append(line)
    if lines:
        yield lines


def _starts_paragraph(lines: Sequence[Line], line: Line, gap: float, width: int) -> bool:
    """Tell whether a line begins anew, by marks, size, weight, distance, or a short line before it."""
    last = lines[-1]
    text = line.text.strip()
    if _DASH.match(text) and not (_SENTENCE_END.search(last.text.strip()) or _DASH.match(lines[0].text.strip())):
        # A dash between two parts of a sentence that happens to begin a line.
        return False
    if _BULLET.match(text) or (_NUMBERED.match(text) and not _runs_on(last, text)):
        return True
    if abs(line.size - last.size) > 0.08 * max(line.size, last.size) or (line.bold != last.bold and len(lines) < 3):
        return line.bold == last.bold or len(text) > 3
    distance = last.y - line.y
    if distance < 0 or distance > _WIDE_GAP * gap > 0:
        return not _runs_on(last, text)
    ended = bool(_SENTENCE_END.search(last.text.strip()))
    return ended and len(last.text.strip()) < 0.7 * width and not text[:1].islower()


def _runs_on(last: Line, text: str) -> bool:
    """Tell whether a sentence goes on: no end before, no beginning after."""
    return not _SENTENCE_END.search(last.text.strip()) and text[:1].islower()


def _paragraph_blocks(lines: Sequence[Line], body: _Body) -> Iterator[Block]:
    """Yield a paragraph as one block, after the numbered label that may head it."""
    first = lines[0].text.strip()
    if len(lines) > 1 and _NUMBERED_LABEL.fullmatch(first) and not lines[1].text.strip()[:1].islower():
        yield Block(first, "heading", min(len(body.sizes) + 2, 6))
        lines = lines[1:]
    text = "\n".join(line.text.strip() for line in lines)
    if level := _heading_level(lines, text, body):
        yield Block(text, "heading", level)
    elif bullet := _BULLET.match(text):
        yield Block(text[bullet.end() :], "item", 1)
    elif _NUMBERED.match(text):
        yield Block(text, "item", 1)
    elif _are_rows(lines):
        yield from (Block(line.text.strip(), "table") for line in lines)
    else:
        yield Block(text)


def _are_rows(lines: Sequence[Line]) -> bool:
    """Tell whether lines are the rows of a table rather than a sentence that was broken over them.

    Either no line ends a sentence and each begins like a name or figure, or the lines end although
    the first word of the next one had room.
    """
    texts = [line.text.strip() for line in lines]
    if len(texts) < _MIN_ROWS or any(text[:1].islower() for text in texts):
        return False
    ended = [bool(_SENTENCE_END.search(text)) for text in texts]
    width = max(len(text) for text in texts)
    roomy = sum(
        not end and len(text) + len(after.split()[0]) + 1 < width
        for (text, after), end in zip(pairwise(texts), ended, strict=False)
    )
    return not any(ended) or roomy >= _ROW_SHARE * (len(texts) - 1)


def _heading_level(lines: Sequence[Line], text: str, body: _Body) -> int:
    """Return the level of a heading; 0 for other text."""
    letters = sum(character.isalpha() for character in text)
    if len(lines) > 3 or len(text) > _MAX_HEADING_CHARS or letters < 3 or text.rstrip()[-1:] in ".,;":
        return 0
    if text[:1].islower() or _BULLET.match(text):
        return 0
    if _NUMBERED_LABEL.fullmatch(text):
        return min(len(body.sizes) + 2, 6)
    size = _rounded(max(line.size for line in lines))
    if size in body.sizes:
        return min(body.sizes.index(size) + 1, 6)
    bold = all(line.bold for line in lines) and not body.bold
    if bold and (len(lines) == 1 or _NUMBERED_HEADING.match(text)):
        return min(len(body.sizes) + 1, 6)
    return 0


def _joined(last: Block, first: Block) -> Block:
    """Return the first block of a page, marked where it continues the last one of the page before."""
    if last.kind in ("heading", "table") or first.kind != "paragraph" or _SENTENCE_END.search(last.text.strip()):
        return first
    if not (first.text[:1].islower() or last.text.rstrip().endswith((",", "-"))):
        return first
    return replace(first, kind=last.kind, level=last.level, continues=True)
