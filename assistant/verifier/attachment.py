"""Whether a figure of a sentence belongs to the same thing as in its passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Language
from assistant.verifier.alignment import Passages
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.figure_context import Context, agree, context_of
from assistant.verifier.figure_regions import Region, alike, regions, rivals
from assistant.verifier.reading import Segment, Word
from assistant.verifier.words import is_event

_DATES = frozenset({"date", "year"})
_SHOWN = 0.75
_OUTWEIGHS = 2.0
_NAME, _EXACT, _ALIKE, _VALUE, _VERB = 2.0, 1.0, 0.7, 1.5, 0.3
_RESPECTIVELY = re.compile(r"\b(?:respectively|respectievelijk)\b", re.IGNORECASE)
_EITHER = ("/", "-", "–")
_MARGIN = 0.35
_LITTLE = frozenset(
    "receive receives received get gets got give gives gave come comes came go goes went make makes made take takes"
    " hold holds held krijgen krijgt kreeg kregen ontvangen ontvangt ontving geven geeft gaf gaven komen komt kwam"
    " kwamen gaan gaat ging gingen maken maakt maakte doen deed deden staan stond stonden zitten zit zat heten"
    " blijven blijft contributed contributes betaalt betaalde paid pays".split()
)
"""Verbs that tell little about what a figure belongs to."""
Placed = tuple[BoundedFigure, Segment]
"""A figure with the segment in which it stands."""


def after(one: BoundedFigure, place: Segment) -> list[Word]:
    """Return the word of content right behind a figure."""
    return [word for word in place.words if word.start >= one.figure.end][:1]


def meet(some: Sequence[Word], others: Sequence[Word]) -> bool:
    """Tell whether any two words can mean the same."""
    return any(word.keys & other.keys for word in some for other in others)


class Attachment:
    """What the figures of a sentence and of its passages belong to."""

    def __init__(self, segments: Sequence[Segment], language: Language, passages: Passages) -> None:
        self._language = language
        self._passages = passages
        self._own: dict[int, list[Segment]] = {}
        for segment in segments:
            self._own.setdefault(segment.sentence, []).append(segment)
        self._regions: dict[tuple[bool, int], dict[int, Region]] = {}

    def holds(self, one: BoundedFigure, segment: Segment, same: list[Placed], others: list[Placed]) -> str:
        """Return the signal of what shows that a figure belongs to another one of the passages, or nothing.

        `same` are the figures of the passages that cover it, `others` those that do not. A figure was exchanged where
        what stands beside it stands beside another figure of its kind in the passages, and not beside its own.
        """
        same = [(other, place) for other, place in same if agree(_context(one, segment), _context(other, place))]
        if not same:
            return "figure_context"
        if all(_is_reversed(one, segment, place) for _, place in same):
            return "figure_reversed"
        if any(each.has("negation") for each in self._own[segment.sentence]) or _is_new_span(one, same):
            # "The total is not 5 but 7" speaks of both.
            return ""
        if _RESPECTIVELY.search(segment.text):
            return ""
        mine = self._region(one, segment, True)
        around = self._passages.around(segment)
        nearest = max(around.get(place.sentence, 0.0) for _, place in same) - _MARGIN
        own = [self._region(other, place, False) for other, place in same]
        for other, place in others:
            if (
                around.get(place.sentence, 0.0) < nearest
                or not rivals(one, segment.text, other, place.text)
                or other.figure.value == one.figure.value
                or not other.figure.sure
                or str(one.figure.value).startswith(str(other.figure.value) + "-")
                or _is_pair(other, same)
            ):
                continue
            rival = self._region(other, place, False)
            if all(self._is_exchanged(mine, each, rival) for each in own):
                return "figure_swapped"
        return ""

    def _is_exchanged(self, mine: Region, own: Region, rival: Region) -> bool:
        """Tell whether the region of a figure speaks of the rival rather than of its own one."""
        for_rival = self._weight(mine, rival, own)
        for_own = self._weight(mine, own, rival)
        return for_rival >= _SHOWN and (for_own == 0 or for_rival >= for_own * _OUTWEIGHS)

    def _weight(self, mine: Region, one: Region, other: Region) -> float:
        """Return what speaks for one region and not for the other."""
        total = 0.0
        excluded = other.keys | other.shared
        near = one.keys
        across = self._passages.languages != {self._language}
        together = one.sentence == other.sentence
        texts = {word.text for word in one.words}
        for word in mine.words:
            if word.keys.isdisjoint(near) or not word.keys.isdisjoint(excluded):
                continue
            if word.text in mine.names:
                weight = _NAME
            elif word.text in _LITTLE and mine.figure.figure.kind not in _DATES:
                weight = _VERB
            else:
                weight = _EXACT if across or word.text in texts else _ALIKE
            total += weight * (1.0 if together else self._passages.weight(word))
        values = other.values | other.shared_values
        for value in mine.values:
            if _among(value, one.values) and not _among(value, values):
                total += _VALUE
        return total

    def _region(self, one: BoundedFigure, place: Segment, is_own: bool) -> Region:
        """Return the region of a figure."""
        key = is_own, place.sentence
        if key not in self._regions:
            segments = self._own[place.sentence] if is_own else self._passages.sentence_of(place)
            self._regions[key] = {region.figure.figure.start: region for region in regions(segments)}
        return self._regions[key][one.figure.start]


def _among(value: str, values: frozenset[str]) -> bool:
    """Tell whether a value is among others; a year also where one of its days is."""
    return any(value == one or one.startswith(value + "-") for one in values)


def _is_reversed(one: BoundedFigure, segment: Segment, place: Segment) -> bool:
    """Tell whether a figure is an end of a change of which the passage has begin and end the other way round."""
    mine = [x.figure.value for x in segment.figures if x.in_range and alike(one, x)]
    theirs = [x.figure.value for x in place.figures if x.in_range and alike(one, x)]
    return one.in_range and len(mine) == len(theirs) == 2 and mine[0] != mine[1] and mine == theirs[::-1]


def _is_new_span(one: BoundedFigure, same: list[Placed]) -> bool:
    """Tell whether a date is an end of a stretch that the sentence makes of two dates of a passage."""
    return one.in_range and one.figure.kind in _DATES and not any(other.in_range for other, _ in same)


def _is_pair(other: BoundedFigure, same: list[Placed]) -> bool:
    """Tell whether a figure is the other half of a pair that is written as one: "2022/2023"."""
    return any(
        place.text[min(one.figure.end, other.figure.end) : max(one.figure.start, other.figure.start)] in _EITHER
        for one, place in same
    )


def _context(one: BoundedFigure, place: Segment) -> Context:
    """Return what the words around a figure say of it, up to the figures beside it."""
    beyond = [x.figure for x in place.figures if x is not one and alike(x, one)]
    left = max((x.end for x in beyond if x.end <= one.figure.start), default=place.start)
    right = min((x.start for x in beyond if x.start >= one.figure.end), default=place.end)
    context = context_of(place, one.figure.start, one.figure.end, left, right)
    if one.figure.kind not in _DATES:
        return context
    return replace(context, contrasts=frozenset(pair for pair in context.contrasts if is_event(pair[0])))
