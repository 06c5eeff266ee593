"""Where sentences end, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Abbreviations that are followed by more of the same sentence; written without their last full stop.
_ABBREVIATIONS = frozenset(
    "afb art b.v bijv blz bv ca cf d.d d.m.v d.w.z dhr dr drs e.d e.g e.v eds eq et.al fig i.e i.h.b "
    "i.p.v i.v.m incl ing ir jl m.a.w m.b.t m.i.v m.m m.n m.u.v mevr mr mrs ms n.a.v nl no nr nrs o.a "
    "o.b.v o.g.v o.i.d p pag par pp prof resp sint sr st t.a.v t.b.v t.g.v t.o.v t/m tel vgl viz vs w.o "
    "z.g zgn".split()
)
_BOUNDARY = re.compile(r"""[.!?…]+["'”’»)\]]*[⁰¹²³⁴-⁹]*(?=\s)|\n""")
_NEXT_STARTS_SENTENCE = re.compile(r"""\s*["'“‘„«(\[]*[A-ZÀ-ÖØ-Þ0-9€$•–-]""")
_LAST_WORD = re.compile(r"[\w./]+$")
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})$")
_LONGEST_QUOTATION = 200
"""A quotation that is not closed within this many characters is taken for a stray mark."""
_CLAUSE = re.compile(r"[;:,–]\s|\s")


def _ends_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    """Tell whether a full stop, or another mark, closes the sentence that began at `start`."""
    if mark.group() == "\n":
        return True
    if not _NEXT_STARTS_SENTENCE.match(text, mark.end()) or _inside_quotation(text, start, mark.end()):
        return False
    if not mark.group().startswith(".") or mark.group().startswith(".."):
        return True
    before = text[start : mark.start()]
    if _LIST_NUMBER.fullmatch(before):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = word.group()
    is_initial = len(last) == 1 and last.isupper() and last not in "I"
    return not is_initial and last.lower() not in _ABBREVIATIONS


def _inside_quotation(text: str, start: int, end: int) -> bool:
    """Tell whether a quotation that was opened in the sentence is still open, and is closed in this paragraph."""
    so_far = text[start:end]
    if so_far.count("“") > so_far.count("”"):
        return "”" in text[end : end + _LONGEST_QUOTATION]
    return so_far.count('"') % 2 == 1 and '"' in text[end : end + _LONGEST_QUOTATION]


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end offsets of the sentences of a paragraph, without surrounding white space."""
    start = 0
    for mark in _BOUNDARY.finditer(text):
        if mark.start() >= start and _ends_sentence(text, start, mark):
            yield from _trimmed(text, start, mark.end())
            start = mark.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretch without the white space at its ends, unless nothing is left."""
    stripped = text[start:end].strip()
    if stripped:
        offset = text.index(stripped, start, end)
        yield offset, offset + len(stripped)


def split_long(text: str, start: int, end: int, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Split text[start:end] into stretches that fit, at clauses where possible, else at spaces or anywhere."""
    while start < end:
        if fits(text[start:end]):
            yield start, end
            return
        cut = _longest_fit(text, start, end, fits)
        yield from _trimmed(text, start, cut)
        start = cut


def _longest_fit(text: str, start: int, end: int, fits: Callable[[str], bool]) -> int:
    """Return the offset at which to cut so that the first part fits and something is always taken."""
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[start:middle]):
            low = middle
        else:
            high = middle - 1
    breaks = [mark for mark in _CLAUSE.finditer(text, start, low) if mark.end() > start + 1]
    clauses = [mark.end() for mark in breaks if mark.group().strip() and mark.end() > start + (low - start) // 2]
    if clauses:
        return clauses[-1]
    return breaks[-1].end() if breaks else low
