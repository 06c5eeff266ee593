"""What each format's loader hands over, and the repairs that hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assistant.loaders.metadata import Metadata
from assistant.types import Block, Page

_MAX_TITLE_CHARS = 120
# Tab and newline stay; so does everything that cleaning repairs with knowledge of its surroundings.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a file before its title and language are settled."""

    pages: tuple[Page, ...]
    title: str | None = None
    """Title that the file itself states; None where it has to come from the text."""
    metadata: Metadata = field(default_factory=Metadata)
    updated: str | None = None
    sha256: str | None = None
    """Set where more than the file's own bytes, or another process's reading of them, counts."""
    file_sha256: str | None = None
    """Of the file's own bytes, for a format that people can be shown as it is."""


def plain(text: str) -> str:
    """Return the text without NUL, other control characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\x0b", "\n")
    return _NOT_TEXT.sub("", text)


def plain_pages(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Return the pages with plain texts, without blocks that hold nothing."""
    return tuple(replace(page, blocks=tuple(_plain_blocks(page.blocks))) for page in pages)


def _plain_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks that hold text, stripped of white space around it."""
    for block in blocks:
        text = plain(block.text).strip()
        if text:
            yield replace(block, text=text)


def title_from_text(pages: Iterable[Page]) -> str | None:
    """Return the first heading, else the first line of text, shortened at a word."""
    blocks = [block for page in pages for block in page.blocks]
    heading = next((block for block in blocks[:20] if block.kind == "heading"), None)
    first = heading or next(iter(blocks), None)
    return None if first is None else short_line(first.text)


def short_line(text: str) -> str:
    """Return the first line of a text, cut at a word where it is too long for a title."""
    line = " ".join(text.strip().split("\n", 1)[0].split())
    if len(line) <= _MAX_TITLE_CHARS:
        return line
    cut = line[:_MAX_TITLE_CHARS]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > _MAX_TITLE_CHARS // 2 else cut).rstrip(" ,;:") + "…"


def without_title(pages: tuple[Page, ...], title: str) -> tuple[Page, ...]:
    """Return the pages without the first heading of level 1, where it repeats the title."""
    for number, page in enumerate(pages):
        for position, block in enumerate(page.blocks):
            if block.kind != "heading" or block.level != 1:
                continue
            if _normal(block.text) != _normal(title):
                return pages
            kept = replace(page, blocks=page.blocks[:position] + page.blocks[position + 1 :])
            return (*pages[:number], kept, *pages[number + 1 :])
    return pages


def _normal(text: str) -> str:
    """Return a text in the form in which titles are compared."""
    return " ".join(text.casefold().split())
