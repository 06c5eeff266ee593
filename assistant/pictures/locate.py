"""Find the words of a quote among the characters of a page as a PDF program reads them.

The quote comes from a text that was cleaned: ligatures are letters there, words that were broken at the
end of a line are whole, spaces are single. So both are compared without what cleaning may have changed:
spaces, hyphens and dashes, bullets, invisible characters, and the shape of quotation marks and raised
figures. All else has to be there, in order and without anything in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.cleaning import CALIBRI_LIGATURES, repair_characters

_CONTEXT_CHARS = 160
"""Of the text on either side of a quote that tells which of several equal passages it is."""
_SHORT = 20
"""Characters; a shorter quote may stand on a page by chance."""
_LEAST_CONTEXT = 8
"""Characters of the surroundings that must fit a quote that is short or stands there more than once."""
_PAGE_EDGE = 400
"""Characters of a page's foot, notes included, or of its head, at most."""
_RUN = 16
"""Characters in a row that a page's foot or head has in common with the text around a quote only if it is that text."""
_HYPHENS = frozenset("-\u00ad\u2010\u2011")
_NOT_COMPARED = _HYPHENS | frozenset("\u00ac\u2012\u2013\u2014\u2015\u2212•▪●◦‣·∙➢\ufffd")
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
        **CALIBRI_LIGATURES,
        "…": "...",
    }
)


@dataclass(frozen=True, slots=True)
class _Letters:
    """What is compared of a text, and for each character of that its position in the text."""

    text: str
    characters: str
    positions: list[int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands on a page."""

    positions: range
    """From its first character to its last."""
    goes_on: bool = False
    """Whether the quote ends on the next page."""


def locate(page: str, quote: str, before: str = "", after: str = "", following: str = "") -> Place | None:
    """Return where on a page a quote stands; None where that is not beyond doubt.

    `before` and `after` are the words around the quote; they decide where the page holds the quote
    more than once. `following` is the next page, on which a quote may go on that begins at the foot
    of the page. Where a single word is missing, there is no place.
    """
    sheet = _letters(page)
    found = _only(sheet, quote, before, after)
    if found is not None:
        return Place(found)
    return _over_pages(sheet, _letters(following), quote, before, after) if following else None


def is_compared(character: str) -> bool:
    """Tell whether a character counts when a page is compared with a quote."""
    return bool(_form(character))


def _only(sheet: _Letters, quote: str, before: str, after: str) -> range | None:
    """Return the one place of a quote on a page, as positions of its text; None where there is none, or a doubt."""
    wanted = _letters(quote).characters
    if not wanted:
        return None
    length = len(wanted)
    breaks = (before.rstrip()[-1:] in _HYPHENS, quote.rstrip()[-1:] in _HYPHENS)
    found = [start for start in _occurrences(sheet.characters, wanted) if _is_whole(sheet, start, length, breaks)]
    if len(found) > 1 or length < _SHORT:
        left, right = _letters(before).characters[-_CONTEXT_CHARS:], _letters(after).characters[:_CONTEXT_CHARS]
        found = _fitting(sheet.characters, found, length, left, right)
    if len(found) != 1:
        return None
    return range(sheet.positions[found[0]], sheet.positions[found[0] + length - 1] + 1)


def _over_pages(sheet: _Letters, following: _Letters, quote: str, before: str, after: str) -> Place | None:
    """Return where the first part of a quote stands at the foot of a page, if the rest heads the next."""
    if _letters(quote).characters in following.characters:
        return None
    for space in reversed([match.start() for match in re.finditer(r"\s+", quote)]):
        first, rest = quote[:space], quote[space:].lstrip()
        # Without its surroundings, a word or two would be found in many places.
        begun = _only(sheet, first, before, "")
        if begun is None or not _is_page_edge(sheet.text[begun.stop :], before + "\n" + after):
            continue
        ended = _only(following, rest, "", after)
        if ended is not None and _is_page_edge(following.text[: ended.start], before + "\n" + after):
            return Place(begun, goes_on=True)
    return None


def _is_page_edge(text: str, surroundings: str) -> bool:
    """Tell whether the end or the beginning of a page may be its foot or head, and is none of the text itself."""
    edge, around = _letters(text).characters, _letters(surroundings).characters
    runs = (edge[start : start + _RUN] for start in range(max(1, len(edge) - _RUN + 1)))
    return len(edge) <= _PAGE_EDGE and (len(edge) < _RUN or not any(run in around for run in runs))


def _letters(text: str) -> _Letters:
    """Return what is compared of a text."""
    forms = [(form, position) for position, character in enumerate(text) for form in _form(character)]
    return _Letters(text, "".join(form for form, _ in forms), [position for _, position in forms])


@lru_cache(maxsize=4096)
def _form(character: str) -> str:
    """Return what is compared of one character: nothing, itself, or what stands for it."""
    if character.isspace() or character in _NOT_COMPARED:
        return ""
    return unicodedata.normalize("NFD", repair_characters(character).translate(_SAME)).strip()


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    """Yield every place where a text holds another."""
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def _is_whole(sheet: _Letters, start: int, length: int, breaks: tuple[bool, bool]) -> bool:
    """Tell whether what was found begins and ends where words do, or at a hyphen where the quote has one too."""
    edges = (_between(sheet, start - 1), _between(sheet, start + length - 1))
    return all(
        not _is_within_word(edge) or (broken and len(edge) > 2) for edge, broken in zip(edges, breaks, strict=True)
    )


def _between(sheet: _Letters, left: int) -> str:
    """Return the text from one compared character to the next; nothing at the ends of a page."""
    if left < 0 or left + 1 >= len(sheet.positions):
        return ""
    return sheet.text[sheet.positions[left] : sheet.positions[left + 1] + 1]


def _is_within_word(between: str) -> bool:
    """Tell whether two neighbouring letters belong to one word; a hyphen does not part them, a space does."""
    return between[:1].isalnum() and between[-1:].isalnum() and not any(one.isspace() for one in between[1:-1])


def _fitting(letters: str, found: list[int], length: int, before: str, after: str) -> list[int]:
    """Return the places whose surroundings fit those of the quote best, and well enough."""
    fits = [
        _alike(letters[max(0, start - len(before)) : start][::-1], before[::-1])
        + _alike(letters[start + length : start + length + len(after)], after)
        for start in found
    ]
    best = max([*fits, min(_LEAST_CONTEXT, len(before) + len(after))])
    return [start for start, fit in zip(found, fits, strict=True) if fit == best]


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common from their beginning."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
