"""Whether what a sentence says of a name is what the passages say of it, and not of another name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.names import listed_stretches
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.reading import Reading, Segment, Word

_SOURCE = re.compile(
    r"(?:volgens|aldus|according to)\b|[^,]{0,40}\b(?:schreef|schrijft|meldde|meldt|zei|wrote|reported|said|says)\b",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"(?:provincie|gemeente|ministerie|stichting|vereniging|hogeschool|universiteit|bedrijf|voorzitter|stad|partner"
    r"|province|city|municipality|ministry|foundation|association|university|company|chair|secretary|director"
    r"|directeur|projectleider|professor|college|school)$"
)
"""What a name is said to be, which stands beside it wherever it is."""
_NEAR = 0.3
_MUCH_LESS = 0.67
_AROUND = 1.0
_SENTENCE_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class _Place:
    """A segment of a passage with how much of what the sentence says of its names it has."""

    segment: Segment
    covered: float
    rank: float


def check_places(reading: Reading, passages: Passages) -> Iterator[Fault]:
    """Yield a fault for a name of which the passages say something else, and this of another name."""
    attributed = _attributed(passages)
    whole = frozenset(key for segment in reading.segments for key in segment.keys)
    for segment in reading.segments:
        names = [word for word in segment.names if _proper(word) & passages.keys or _numbers(segment, word)]
        rest = _said(segment)
        values = {str(one.figure.value) for one in segment.figures}
        if not names or not rest or segment.has("negation", "denial"):
            continue
        places = _places(segment, rest, values, passages)
        best = places[0]
        near = [one for one in places if one.rank >= best.rank - _NEAR]
        for word in names:
            if any(_has(one.segment, word, segment) for one in near):
                continue
            own = max((one.covered for one in places if _has(one.segment, word, segment)), default=0.0)
            beside = any(_has(one, word, segment) for one in passages.sentence_of(best.segment))
            if beside and not word.keys.isdisjoint(attributed):
                continue
            mine = whole if beside else segment.keys
            places_near = [one.segment for one in near if one.segment.names]
            if not beside:
                places_near = places_near or passages.sentence_of(best.segment)
            if own <= best.covered * _MUCH_LESS and _has_rival(segment, mine, places_near):
                yield Fault("name", segment.text[word.start : word.end])
                break


def _said(segment: Segment) -> list[Word]:
    """Return the words that say something of the names of a segment."""
    names = {word.start for word in segment.names}
    return [
        word
        for word in segment.words
        if word.start not in names and not (word.end + 1 in names and _KIND.search(word.text))
    ]


def _places(segment: Segment, rest: Sequence[Word], values: set[str], passages: Passages) -> list[_Place]:
    """Return the segments of the passages, those first that say most of the same."""
    around = passages.around(segment)
    nearest = max(around.values(), default=0.0) - _SENTENCE_MARGIN
    found = []
    for place in passages.segments:
        covered = sum(passages.weight(word) for word in rest if word.keys & place.keys)
        covered += sum(str(one.figure.value) in values for one in place.figures)
        found.append(_Place(place, covered, covered + _AROUND * (around.get(place.sentence, 0.0) >= nearest)))
    return sorted(found, key=lambda one: -one.rank)


def _has(place: Segment, word: Word, segment: Segment) -> bool:
    """Tell whether a segment of a passage has a name, in whatever language."""
    return bool(_proper(word) & place.keys) or bool(_numbers(segment, word) & _all_numbers(place))


def _has_rival(segment: Segment, mine: frozenset[str], near: Sequence[Segment]) -> bool:
    """Tell whether the nearest segments have a name that the segment of the sentence, or `mine`, does not have."""
    numbers = _all_numbers(segment)
    return any(mine.isdisjoint(word.keys) and not _numbers(one, word) & numbers for one in near for word in one.names)


def _proper(word: Word) -> frozenset[str]:
    """Return the keys of a name without those of other words for the same thing: a name has none."""
    return frozenset(key for key in word.keys if key[0] not in "#=~")


@lru_cache(maxsize=4096)
def _stretches(text: str) -> tuple[tuple[int, int, int], ...]:
    """Return where the listed names of a sentence stand, with their numbers."""
    return tuple(listed_stretches(text))


def _numbers(segment: Segment, word: Word) -> frozenset[int]:
    """Return the numbers of the listed names of which a word is part."""
    return frozenset(number for start, end, number in _stretches(segment.text) if start <= word.start < end)


def _all_numbers(segment: Segment) -> frozenset[int]:
    """Return the numbers of the listed names of a segment."""
    return frozenset(number for start, _, number in _stretches(segment.text) if segment.start <= start < segment.end)


def _attributed(passages: Passages) -> frozenset[str]:
    """Return the names to which sentences of the passages are ascribed: what they say holds for the whole sentence."""
    return frozenset(
        key
        for place in passages.segments
        if _SOURCE.match(place.text, place.start)
        for word in place.names
        for key in word.keys
    )
