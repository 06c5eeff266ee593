"""Lists and tables come whole and in order, with the sentence that opens them."""

from __future__ import annotations

from collections.abc import Callable

from assistant.answerers.wording import announces
from assistant.types import Chunk, Hit, Quote

_ROWS = ("item", "table")


def list_of(quote: Quote, hit: Hit, chunk_at: Callable[[int], Chunk | None]) -> list[Quote]:
    """Return the list that a sentence opens or an item belongs to, in order; the quote alone where there is none.

    `chunk_at(row)` returns a passage of the index, or None beyond the last: a list may go on in the next passage.
    """
    section = _section(hit, chunk_at)
    at = next(n for n, one in enumerate(section) if one.span == quote.span)
    first = last = at
    while first > 0 and section[first].span.kind in _ROWS:
        first -= 1
    if section[first].span.kind not in _ROWS and not announces(section[first].text):
        first = min(first + 1, at)
    while last + 1 < len(section) and section[last + 1].span.kind in _ROWS:
        last += 1
    return section[first : last + 1]


def is_table(quotes: list[Quote]) -> bool:
    """Tell whether any of the quotes is a row of a table."""
    return any(quote.span.kind == "table" for quote in quotes)


def _section(hit: Hit, chunk_at: Callable[[int], Chunk | None]) -> list[Quote]:
    """Return the sentences of the whole section that a passage belongs to."""
    passages = {hit.row: hit.chunk}
    for step in (-1, 1):
        row = hit.row + step
        while (chunk := chunk_at(row)) and _same_section(chunk, hit.chunk):
            passages[row] = chunk
            row += step
    return [Quote(passages[row], span, hit.score) for row in sorted(passages) for span in passages[row].sentences]


def _same_section(one: Chunk, other: Chunk) -> bool:
    """Tell whether two passages stand below the same heading."""
    return (one.document, one.section) == (other.document, other.section)
