"""The words that belong to a figure: those of its part of the sentence, up to the next figure of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.clause_words import clause_words
from assistant.verifier.figure_cover import is_label
from assistant.verifier.reading import Segment, Word

_DATES = frozenset({"date", "year"})
_AMOUNTS = frozenset({"amount", "number"})
_BREAKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r";\s|\)|\s[–—]\s",
        r",\s",
        r"\b(?:en|and|but|maar|while|whereas|terwijl)\b",
        r"\b(?:waarvan|waaronder|of which|of whom|against|versus|compared|tegen|tegenover|naar|to|tot|out of"
        r"|uit|with|met|bij|at|by|for|voor|aan"
        r"|van|of|from|or|dan|than)\b(?=(?:\s+(?:de|het|the|een|a|about|ongeveer|ruim|bijna|almost|over))*\s*[€$£]?\s*$)",
    )
)
"""What divides the words of two figures: the first kind that stands between them does."""
_SOURCE = re.compile(
    r",?\s(?:volgens|aldus|according to)\b|,\s(?=[^,]{0,60}\b(?:reported|meldde|schreef|wrote)\b)", re.IGNORECASE
)
"""Before what only tells who said it."""
_JOINED = re.compile(r"\s*(?:is|=|makes|maakt|equals|oftewel|ofwel|or|i\.e\.|,? that is)\s*", re.IGNORECASE)
_RANGE_GAP = re.compile(r"[^,;:.]{1,30}")
_NEXT = re.compile(r"\s*([^\W\d_]+)")
_WHEN = frozenset("eind einde begin medio end early late mid al already now nu later daarna then nog only".split())
"""Words that are no subject."""
_OF_THEM = re.compile(
    r"\s*(?:of (?:them|these|those|which|whom)|daarvan|hiervan|ervan|van (?:hen|wie|deze|die))\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"\b(?:it|them|these|those|daarvan|hiervan|ervan|hen|deze|dit)\b", re.IGNORECASE)
_PRONOUN_REACH = 8
"""Characters."""
_NAMED_SOURCE = re.compile(r"\s*(?:volgens|according to)\b", re.IGNORECASE)
_ALONE = re.compile(r"\s*(?:[.,;]|$)")
_WORD = re.compile(r"[^\W\d_]+")
_ENDS = 2
_LEAST_LIKE_AMOUNT = 1000
_PART_BEHIND = re.compile(r"\s*(?:of|van|out of)\s+(?:(?:the|de|die|these|those|deze|all|alle)\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """What stands around a figure in its sentence."""

    figure: BoundedFigure
    sentence: int
    words: tuple[Word, ...]
    names: frozenset[str]
    """The words that are names."""
    values: frozenset[str]
    """Of the figures of other kinds beside it."""
    shared: frozenset[str]
    """Keys of the words that it shares with the figure beside it: the subject or the noun that is not repeated."""
    shared_values: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the words of its own."""
        return frozenset(key for word in self.words for key in word.keys)


def alike(one: BoundedFigure, other: BoundedFigure) -> bool:
    """Tell whether one figure could stand in the place of the other."""
    mine, theirs = one.figure.kind, other.figure.kind
    if mine == theirs == "date":
        return _grain(one) == _grain(other)
    if mine == theirs or {mine, theirs} == {"number", "percentage"}:
        return _is_share(one) == _is_share(other)
    if {mine, theirs} == _AMOUNTS:
        # A small number without currency is no amount: "phase 1".
        return min(_number(one), _number(other)) >= _LEAST_LIKE_AMOUNT
    return False


def rivals(one: BoundedFigure, text: str, other: BoundedFigure, other_text: str) -> bool:
    """Tell whether two figures are alike, and both count something, or both number it: "phase 1"."""
    return alike(one, other) and is_label(one.figure, text) == is_label(other.figure, other_text)


def regions(segments: Sequence[Segment]) -> list[Region]:
    """Return the region of each figure of a sentence, from all segments of the sentence."""
    words = sorted((word for one in segments for word in one.words), key=lambda word: word.start)
    names = {word.start for one in segments for word in one.names}
    figures = sorted((one for place in segments for one in place.figures), key=lambda one: one.figure.start)
    found = [_region(one, figures, words, names, segments[0].text) for one in figures]
    return [replace(one, sentence=segments[0].sentence) for one in _paired(found)]


def _paired(found: list[Region]) -> list[Region]:
    """Give the ends of a change those of the stretch of time in the sentence: "from 2021 to 2023 from 5 to 9"."""
    spans = [one for one in found if _is_span(one.figure)]
    changes = [one for one in found if one.figure.in_range and not _is_span(one.figure)]
    if (
        len(spans) != _ENDS
        or len(changes) != _ENDS
        or any(one.values & _values(spans) != one.values for one in changes)
    ):
        return found
    values = {
        id(change): frozenset({str(span.figure.figure.value)}) for span, change in zip(spans, changes, strict=True)
    }
    return [replace(one, values=values[id(one)]) if id(one) in values else one for one in found]


def _values(some: Sequence[Region]) -> frozenset[str]:
    """Return the values of the figures of regions."""
    return frozenset(str(one.figure.figure.value) for one in some)


def _region(
    one: BoundedFigure, figures: Sequence[BoundedFigure], words: Sequence[Word], names: set[int], text: str
) -> Region:
    """Return the region of one figure."""
    dividing = [x for x in figures if _divides(x, one, text)]
    before = [x for x in dividing if x.figure.end <= one.figure.start]
    behind = [x for x in dividing if x.figure.start >= one.figure.end]
    left = _divide(before[-1], one, text)[1] if before else 0
    right = _divide(one, behind[0], text)[0] if behind else len(text)
    opening = _NAMED_SOURCE.match(text)
    if opening:
        ends = [match.start() for match in _finite(text, opening.end(), one.figure.start)]
        left = max([left, *ends[:1]])
    for source in _SOURCE.finditer(text):
        if source.start() >= one.figure.end:
            right = min(right, source.start())
        elif source.end() <= one.figure.start:
            left = max(left, source.start())
    if before and _PART_BEHIND.fullmatch(text, before[-1].figure.end, one.figure.start):
        # What is said of "two of the six groups" is said of the two.
        right = min([right, *[word.end for word in words if word.start >= one.figure.end][:1]])
    own = tuple(word for word in words if left <= word.start < right)
    values = frozenset(
        str(x.figure.value)
        for x in figures
        if left <= x.figure.start < right and not _is_span(x) and x is not one and not rivals(x, text, one, text)
    )
    shared, shared_values = _shared(one, own, (before, behind), figures, words, text)
    if values:
        shared_values = frozenset()
    return Region(
        one, 0, own, frozenset(word.text for word in own if word.start in names), values, shared, shared_values
    )


def _shared(
    one: BoundedFigure,
    own: Sequence[Word],
    beside: tuple[list[BoundedFigure], list[BoundedFigure]],
    figures: Sequence[BoundedFigure],
    words: Sequence[Word],
    text: str,
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys and values that the sentence does not repeat beside this figure."""
    before, behind = beside
    taken: list[Word] = []
    values: set[str] = set()
    start, end = one.figure.start, one.figure.end
    first = before[-1].figure if before else None
    finite = clause_words().finite
    if first:
        left = _divide(before[-2], before[-1], text)[1] if len(before) > 1 else 0
        leading = [word for word in words if left <= word.start < first.start]
        if not any(word.end <= start and word.text not in finite and word.text not in _WHEN for word in own):
            taken += [word for word in words if word.start < first.start]
            values |= {
                str(x.figure.value) for x in figures if x.figure.end <= first.start and not rivals(x, text, one, text)
            }
        elif not any(word.text in finite for word in own):
            taken += [word for word in leading if word.text in finite]
        if not any(word.start >= end for word in own) or _is_headless(one, text):
            stop = _divide(before[-1], one, text)[0]
            if not _refers(one, own, text):
                stop = min([stop, *(match.start() for match in _finite(text, first.end, stop))])
            taken += [word for word in words if first.end <= word.start < stop]
            values |= {
                str(x.figure.value)
                for x in figures
                if first.end <= x.figure.start < stop and not rivals(x, text, one, text)
            }
    if behind and not any(word.start >= end for word in own):
        taken += [word for word in words if word.start >= behind[0].figure.end]
        values |= {
            str(x.figure.value)
            for x in figures
            if x.figure.start >= behind[0].figure.end and not rivals(x, text, one, text)
        }
    return frozenset(key for word in taken for key in word.keys), frozenset(values)


def _finite(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the verbs of a stretch."""
    return (match for match in _WORD.finditer(text, start, end) if match.group().lower() in clause_words().finite)


def _refers(one: BoundedFigure, own: Sequence[Word], text: str) -> bool:
    """Tell whether a pronoun behind a figure stands for what is said before: "and 38 percent adapted it"."""
    end = own[-1].end if own else one.figure.end
    return _PRONOUN.search(text, one.figure.end, max(end, one.figure.end) + _PRONOUN_REACH) is not None


def _is_headless(one: BoundedFigure, text: str) -> bool:
    """Tell whether a verb or nothing follows a figure, so that what it counts stands elsewhere: "six were granted"."""
    match = _NEXT.match(text, one.figure.end)
    if _OF_THEM.match(text, one.figure.end):
        return True
    return match is None or match[1].lower() in clause_words().finite


def _divide(one: BoundedFigure, other: BoundedFigure, text: str) -> tuple[int, int]:
    """Return where the words of a figure end and those of the next begin; where nothing divides, both have all."""
    between = text[one.figure.end : other.figure.start]
    for pattern in _BREAKS:
        found = list(pattern.finditer(between))
        if found:
            return one.figure.end + found[-1].start(), one.figure.end + found[-1].end()
    return len(text), 0


def _is_share(one: BoundedFigure) -> bool:
    """Tell whether a figure is a part of a whole: a percentage, or a fraction such as a quarter."""
    return one.figure.kind == "percentage" or (one.figure.kind == "number" and 0 < _number(one) < 1)


def _is_span(one: BoundedFigure) -> bool:
    """Tell whether a figure is an end of a stretch of time, which says nothing about either of two figures."""
    return one.in_range and one.figure.kind in _DATES


def _number(one: BoundedFigure) -> Decimal:
    """Return the value of a figure that is counted."""
    return one.figure.value if isinstance(one.figure.value, Decimal) else Decimal(0)


def _divides(one: BoundedFigure, other: BoundedFigure, text: str) -> bool:
    """Tell whether a figure ends what belongs to another: one of its kind, which is not the same or its range."""
    both_dates = one.figure.kind in _DATES and other.figure.kind in _DATES
    periods = {one.figure.kind, other.figure.kind} == {"period", "number"} and any(
        _ALONE.match(text, x.figure.end) for x in (one, other) if x.figure.kind == "number"
    )
    if one is other or not (both_dates or periods or rivals(one, text, other, text)):
        return False
    first, last = sorted((one.figure, other.figure), key=lambda figure: figure.start)
    between = text[first.end : last.start]
    if one.in_range and other.in_range and _RANGE_GAP.fullmatch(between):
        return False
    return not _JOINED.fullmatch(between)


def _grain(one: BoundedFigure) -> int:
    """Return how exact a date is: 3 for a day, 2 for a month, 1 for a year."""
    value = str(one.figure.value)
    return value.count("-") if value.startswith("--") else value.count("-") + 1
