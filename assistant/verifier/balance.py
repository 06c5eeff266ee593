"""Whether a sentence and the sentence of a passage that it takes its statement from come out at the same yes or no.

Every "not", "unless" and opposite turns a statement once; two statements that share their words say the same where
both are turned an even, or both an odd, number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.axes import Pole, poles_in
from assistant.verifier.evidence import Evidence
from assistant.verifier.reading import Segment, Word
from assistant.verifier.statements import scope

_CONDITIONS = ("only", "provided", "unless", "if")
_AROUND = 0.3
_TAKEN = 0.34
_DOUBTED = 0.35
_NEED = re.compile(r"hoe[fv]", re.IGNORECASE)
"""Turns nothing by itself: "hoeft geen" has one "not"."""
_EACH = re.compile(r"each|every|elke?|iedere?", re.IGNORECASE)
_PER = re.compile(r"\b(?:per|each|every|elke?|iedere?)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"zonder|without", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:onbeperkt\w*|onvoorwaardelijk\w*|wanneer (?:ze|zij|je|u|men|hij) (?:maar )?wil\w*|wanneer dan ook"
    r"|hoe dan ook|ongeacht|zelf (?:weten|kiezen|bepalen|beslissen)|of (?:ze|zij|hij|die|het|de)\b.{0,30}\bof niet"
    r"|sowieso|vrij om"
    r"|(?:ook|zelfs) (?:als|zonder|wie|al|wanneer|na|voor)|(?:de hele|elk|ieder|welk) (?:dag|week|jaar|nacht|moment)"
    r"|whenever|whatever|whoever|regardless|irrespective|no matter|even (?:if|when|where|without|after|before|though)"
    r"|(?:at|on) any (?:time|moment|point|day)|at all times|unconditional\w*|no strings|any strings|free to|unlimited"
    r"|also (?:if|when|without)|whether or not|if they (?:like|wish|want)|in any case"
    r"|however (?:small|large|few|many|much))\b",
    re.IGNORECASE,
)
"""Says that something holds without condition."""
_WIDE = re.compile(
    r"\b(?:altijd|iedereen|alle|allen|allemaal|elke?|iedere?|ook|zonder|automatisch|always|everyone|everybody|anyone"
    r"|anybody|anywhere|any|all|every|each|without|automatically|as well)\b",
    re.IGNORECASE,
)
"""Says that something holds widely, as honest sentences do as well."""


@dataclass(frozen=True, slots=True)
class _Turned:
    """A pole of a segment with the direction in which it comes out there."""

    axis: int
    sign: int
    segment: Segment
    pole: Pole


class Balance:
    """The turning words of a sentence beside those of its passages."""

    def __init__(self, segments: Sequence[Segment], passages: Passages) -> None:
        self._segments = segments
        self._passages = passages
        self._keys = frozenset(key for segment in segments for key in segment.keys)
        self._mine = [one for segment in segments for one in _turned(segment)]
        self._theirs = [one for place in passages.segments for one in _turned(place)]

    def evidence(self) -> Iterator[Evidence]:
        """Yield what speaks for a statement that was turned."""
        yield from self._poles()
        for segment in self._segments:
            yield from self._parity(segment)
        yield from self._conditions()
        yield from self._freed()

    def _poles(self) -> Iterator[Evidence]:
        """Yield opposites, weighed by how much better they fit than the same side elsewhere."""
        for one in self._mine:
            against = same = 0.0
            denied = False
            for other in self._theirs:
                if other.axis != one.axis:
                    continue
                fit = self._fit(one.segment, other.segment, one.pole)
                if other.sign == one.sign:
                    same = max(same, fit)
                elif fit > against:
                    against, denied = fit, _side(one) == _side(other)
            words = one.segment.text[one.pole.start : one.pole.end]
            if against > same:
                signal = "denied" if denied else "opposite"
                yield Evidence(signal, Fault("polarity", words), (against - same) * self._doubt())
            elif same > 0:
                yield Evidence("same_side", Fault("polarity", words), same - against)

    def _doubt(self) -> float:
        """Return how far to trust an opposite: less where a condition may stand for a "not" of the other side."""
        mine = {marker.kind for segment in self._segments for marker in segment.markers}
        theirs = {
            marker.kind
            for number, _ in self._nearest()
            for place in self._passages.sentence_of_number(number)
            for marker in place.markers
        }
        limits = {"only", "provided", "unless"}
        turned = {"negation", "denial", "lack", "must"}
        crossed = (theirs & limits and mine & turned and not theirs & {"negation"}) or (
            mine & limits and theirs & turned and not mine & {"negation"}
        )
        return _DOUBTED if crossed else 1.0

    def _parity(self, segment: Segment) -> Iterator[Evidence]:
        """Yield a difference in the number of turns between a segment and the places that fit it best."""
        fits = sorted(
            ((self._fit(segment, place, None), place) for place in self._passages.segments), key=lambda x: -x[0]
        )
        if not fits or fits[0][0] < _TAKEN:
            return
        fit, best = fits[0]
        mine, theirs = _turns(segment), [one for one in _turns(best) if self._governs(one, best)]
        pairs = sum(
            one.axis == other.axis and _side(one) != _side(other) for one in _turned(segment) for other in _turned(best)
        )
        if (len(mine) + len(theirs) + pairs) % 2 == 0:
            return
        if len(mine) > len(theirs):
            marker = mine[0]
            yield Evidence("turn_added", Fault("polarity", segment.text[marker[0] : marker[1]]), fit * self._doubt())
        elif theirs and len(theirs) > len(mine):
            marker = theirs[0]
            yield Evidence("turn_dropped", Fault("polarity", best.text[marker[0] : marker[1]]), fit * self._doubt())

    def _governs(self, marker: tuple[int, int], place: Segment) -> bool:
        """Tell whether the sentence has any word that a turn of a passage turns."""
        behind = [word for word in place.words if word.start >= marker[1]][:3]
        before = [word for word in place.words if word.end <= marker[0]][-3:]
        return not (behind or before) or any(not word.keys.isdisjoint(self._keys) for word in (*behind, *before))

    def _fit(self, segment: Segment, place: Segment, pole: Pole | None) -> float:
        """Return how much of a segment, but for a word on an axis, a segment of a passage has, 0 to about 1."""
        covered = whole = 0.0
        for word in segment.words:
            if pole and pole.start <= word.start < pole.end:
                continue
            weight = self._passages.weight(word)
            whole += weight
            covered += weight * (not word.keys.isdisjoint(place.keys))
        values = {one.figure.value for one in place.figures}
        for one in segment.figures:
            whole += 1.5
            covered += 1.5 * (one.figure.value in values)
        around = self._passages.around(segment).get(place.sentence, 0.0)
        return (covered / whole if whole else 0.0) * (1 - _AROUND) + _AROUND * around

    def _conditions(self) -> Iterator[Evidence]:
        """Yield conditions beside what the sentence says, of which it says little or nothing."""
        own = {marker.kind for segment in self._segments for marker in segment.markers}
        lenient = 0.4 if own.intersection(_CONDITIONS) else 1.0
        for sentence, share in self._nearest():
            places = self._passages.sentence_of_number(sentence)
            for place in places:
                for marker in place.markers:
                    if marker.kind not in _CONDITIONS:
                        continue
                    words = scope(marker, place)
                    lacking = _lacking(words, self._keys)
                    written = place.text[marker.start : marker.end]
                    yield Evidence("condition_lacking", Fault("condition", written), share * lacking * lenient)

    def _freed(self) -> Iterator[Evidence]:
        """Yield words that free from a condition, where the passage has no such word."""
        texts = [
            place.text for sentence, _ in self._nearest() for place in self._passages.sentence_of_number(sentence)[:1]
        ]
        for signal, pattern in (("freed", _FREE), ("freed_plain", _WIDE)):
            if any(pattern.search(text) for text in texts):
                continue
            for segment in self._segments:
                match = pattern.search(segment.text, segment.start, segment.end)
                if match is None or (_EACH.fullmatch(match.group()) and any(_PER.search(text) for text in texts)):
                    continue
                if not (_WITHOUT.search(match.group()) and self._needs()):
                    yield Evidence(signal, Fault("condition", match.group()))

    def _needs(self) -> bool:
        """Tell whether a sentence says that something cannot be, or must be, without another thing."""
        kinds = [marker.kind for segment in self._segments for marker in segment.markers]
        return kinds.count("negation") > 1 or "must" in kinds or "denial" in kinds or "plan" in kinds

    def _nearest(self) -> list[tuple[int, float]]:
        """Return the sentences of the passages that have most of each sentence, with the share that they have."""
        found: dict[int, float] = {}
        for segment in self._segments:
            around = self._passages.around(segment)
            if around:
                best = max(around, key=lambda number: around[number])
                found[best] = max(found.get(best, 0.0), around[best])
        return list(found.items())


def _turned(segment: Segment) -> list[_Turned]:
    """Return the poles of a segment as they come out."""
    found = []
    for pole in poles_in(segment.text):
        if segment.start <= pole.start < segment.end:
            turns = sum(_reaches(segment, start, end, pole) for start, end in _turns(segment))
            sign = -1 if turns % 2 else 1
            found += [_Turned(axis, side * sign, segment, pole) for axis, side in pole.axes]
    return found


def _reaches(segment: Segment, start: int, end: int, pole: Pole) -> bool:
    """Tell whether a turning word turns a word on an axis: itself it does not, and "unless" only what follows it."""
    if start < pole.end and pole.start < end:
        return False
    is_plain = any(one.start == start and one.kind == "negation" for one in segment.markers)
    return is_plain or pole.start >= end


def _side(one: _Turned) -> int:
    """Return the side on which the word of a pole stands by itself."""
    return next(side for axis, side in one.pole.axes if axis == one.axis)


def _turns(segment: Segment) -> list[tuple[int, int]]:
    """Return the plain negations of a segment, and its "unless"."""
    return [
        (one.start, one.end)
        for one in segment.markers
        if one.kind in ("negation", "unless") and not _NEED.match(segment.text, one.start)
    ]


def _lacking(words: Sequence[Word], keys: frozenset[str]) -> float:
    """Return the share of words that a sentence does not have."""
    if not words:
        return 0.5
    return sum(word.keys.isdisjoint(keys) for word in words) / len(words)
