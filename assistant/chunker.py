"""Documents to passages: along headings, within the embedder's token limit, with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.sentences import split_long, split_sentences
from assistant.settings import ChunkerSettings
from assistant.types import Block, Chunk, Document, Page, Span

CHUNKER_VERSION = "1"
_BULLET = "- "
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class ChunkedDocument:
    """The canonical text of a document and its passages."""

    text: str
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A block with the blocks of later pages that run on from it."""

    block: Block
    ordinal: int
    start: int
    end: int
    pages: tuple[tuple[int, Page], ...]
    """Offset from which the text stands on a page, with that page."""

    def page_at(self, offset: int) -> Page:
        """Return the page on which the text at an offset stands."""
        return [page for start, page in self.pages if start <= offset][-1]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with the place it stands in."""

    span: Span
    page: Page
    headings: tuple[str, ...]
    section: int
    tokens: int


class _Outline:
    """The headings above the place where a walk through the document stands."""

    def __init__(self) -> None:
        self.section = 0
        self._path: list[tuple[int, str]] = []

    def enter(self, heading: Block) -> None:
        """Take a new heading, leaving those of its own depth and deeper."""
        self._path = [one for one in self._path if one[0] < heading.level] + [(heading.level, heading.text)]
        self.section += 1

    @property
    def path(self) -> tuple[str, ...]:
        """Texts of the headings, outermost first."""
        return tuple(text for _, text in self._path)


def embedded_heading(title: str, headings: Sequence[str]) -> str:
    """Return the line that says what a passage is about: title and headings."""
    return " — ".join([title, *headings])


def chunk(document: Document, count_tokens: Callable[[str], int], settings: ChunkerSettings) -> ChunkedDocument:
    """Lay a cleaned document out as canonical text and cut it into passages.

    No passage is longer than settings.max_tokens with its title and headings, as counted by
    `count_tokens`, unless these alone leave no room for a sentence; no sentence is longer than
    settings.max_sentence_tokens. Passages do not cross a heading or a page.
    """
    text, stretches = lay_out(document)
    units = _units(document, text, stretches, count_tokens, settings)
    groups = _group(document.title, units, count_tokens, settings.max_tokens)
    chunks = [chunk for group in groups for chunk in _chunks(document, text, group, count_tokens, settings.max_tokens)]
    return ChunkedDocument(text, tuple(chunks))


def lay_out(document: Document) -> tuple[str, list[_Stretch]]:
    """Return the canonical text and where each block stands in it."""
    parts: list[str] = []
    stretches: list[_Stretch] = []
    length = 0
    for page in document.pages:
        for block in page.blocks:
            last = stretches[-1] if stretches else None
            runs_on = block.continues and last is not None and last.block.kind == block.kind
            lead = " " if runs_on else _separator(last, block) + _bullet(block)
            parts += [lead, block.text]
            start = length + len(lead)
            length = start + len(block.text)
            if runs_on and last is not None:
                stretches[-1] = replace(last, end=length, pages=(*last.pages, (start, page)))
            else:
                stretches.append(_Stretch(block, len(stretches), start, length, ((start, page),)))
    return "".join(parts), stretches


def _separator(last: _Stretch | None, block: Block) -> str:
    """Return what stands between two blocks of the canonical text."""
    if last is None:
        return ""
    return "\n" if last.block.kind == block.kind and block.kind in ("item", "table") else "\n\n"


def _bullet(block: Block) -> str:
    """Return the bullet of a list item; nothing for other blocks."""
    return _INDENT * max(0, block.level - 1) + _BULLET if block.kind == "item" else ""


def _units(
    document: Document,
    text: str,
    stretches: Sequence[_Stretch],
    count_tokens: Callable[[str], int],
    settings: ChunkerSettings,
) -> Iterator[_Unit]:
    """Yield the sentences of all blocks; a heading that stands over no text is a sentence itself."""
    outline = _Outline()
    overhead = count_tokens("")

    def tokens(sentence: str) -> int:
        return max(1, count_tokens(sentence) - overhead)

    for stretch in stretches:
        block = stretch.block
        if block.kind == "heading":
            outline.enter(block)
            if _stands_over_text(stretches, stretch.ordinal):
                continue
        sources = block.sources or document.sources
        for start, end in _sentences(text, stretch, lambda one: tokens(one) <= settings.max_sentence_tokens):
            span = Span(start, end, block.kind, stretch.ordinal, sources)
            yield _Unit(span, stretch.page_at(start), outline.path, outline.section, tokens(text[start:end]))


def _stands_over_text(stretches: Sequence[_Stretch], ordinal: int) -> bool:
    """Tell whether text or a deeper heading follows a heading."""
    if ordinal + 1 == len(stretches):
        return False
    following = stretches[ordinal + 1].block
    return following.kind != "heading" or following.level > stretches[ordinal].block.level


def _sentences(text: str, stretch: _Stretch, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield the offsets of a block's sentences; an item or a table row is one, over-long ones are split."""
    if stretch.block.kind != "paragraph":
        found: Iterable[tuple[int, int]] = [(0, stretch.end - stretch.start)]
    else:
        found = split_sentences(text[stretch.start : stretch.end])
    for start, end in found:
        yield from split_long(text, stretch.start + start, stretch.start + end, fits)


def _group(
    title: str, units: Iterable[_Unit], count_tokens: Callable[[str], int], max_tokens: int
) -> Iterator[list[_Unit]]:
    """Yield the units of each passage: one heading, one page, and as many whole blocks as fit."""
    for _, members in groupby(units, key=lambda unit: (unit.section, unit.page.number)):
        place = list(members)
        room = max_tokens - count_tokens(embedded_heading(title, place[0].headings))
        yield from _fill(place, max(1, room))


def _fill(units: Sequence[_Unit], room: int) -> Iterator[list[_Unit]]:
    """Yield groups of units of at most `room` tokens, breaking between blocks where that is possible."""
    group: list[_Unit] = []
    used = 0
    for _, members in groupby(units, key=lambda unit: unit.span.block):
        block = list(members)
        size = sum(unit.tokens for unit in block)
        if group and used + size > room:
            yield group
            group, used = [], 0
        for unit in block:
            if group and used + unit.tokens > room:
                yield group
                group, used = [], 0
            group.append(unit)
            used += unit.tokens
    if group:
        yield group


def _chunks(
    document: Document,
    text: str,
    units: Sequence[_Unit],
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> Iterator[Chunk]:
    """Yield the passage that consists of these units, halved where it is longer than its parts added up."""
    made = _chunk(document, text, units, count_tokens)
    if made.tokens <= max_tokens or len(units) == 1:
        yield made
        return
    middle = len(units) // 2
    for half in (units[:middle], units[middle:]):
        yield from _chunks(document, text, half, count_tokens, max_tokens)


def _chunk(document: Document, text: str, units: Sequence[_Unit], count_tokens: Callable[[str], int]) -> Chunk:
    """Make the passage that consists of these units."""
    first, start, end = units[0], units[0].span.start, units[-1].span.end
    heading = embedded_heading(document.title, first.headings)
    identity = "\0".join([document.id, str(start), text[start:end]])
    return Chunk(
        id=hashlib.sha256(identity.encode("utf-8")).hexdigest()[:20],
        document=document.id,
        title=document.title,
        kind=document.kind,
        language=document.language,
        headings=first.headings,
        section=first.section,
        text=text[start:end],
        start=start,
        end=end,
        sentences=tuple(unit.span for unit in units),
        tokens=count_tokens(f"{heading}\n{text[start:end]}"),
        page=first.page.number,
        page_label=first.page.label,
    )
