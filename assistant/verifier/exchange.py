"""Whether a figure, date or name of a sentence stands, by the words beside it, in the place of another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.verifier.nearness import Line, Nearness, Thing, likeness, rivals

_COMMON = 0.4
_ANCHOR = 1.6
_MANY = 3
_APART = 0.5
"""How much a thing counts that stands in another clause of the sentence."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """How strongly the words beside a figure, date or name speak for another one of the passages."""

    thing: Thing
    rival: Thing | None
    margin: float
    """What speaks for the rival and not for the thing itself."""
    own: float
    """What speaks for the thing itself and not for the rival."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """A thing of the sentence with where it stands in the passages."""

    thing: Thing
    weight: float
    places: tuple[tuple[Thing, float], ...]
    """The things of the passages that it may be, and how surely."""


class Exchanges:
    """The things of a sentence beside those of its passages."""

    def __init__(self, lines: Sequence[Line], passages: Nearness) -> None:
        self._lines = lines
        self._passages = passages
        self.found = {line.number: [self._placed(thing) for thing in line.things] for line in lines}
        self._mine = Nearness(lines)

    def _placed(self, thing: Thing) -> _Beside:
        """Find a thing in the passages."""
        places = tuple((one, sure) for one in self._passages.things if (sure := likeness(thing, one)))
        weight = _ANCHOR if thing.kind != "word" else 1.0
        if len({place.line for place, _ in places}) >= _MANY:
            weight *= _COMMON
        return _Beside(thing, weight, places)

    def all(self) -> Iterator[Exchange]:
        """Yield, for each figure, date and name that the passages have, the rival that most speaks for."""
        for line in self._lines:
            besides = self.found[line.number]
            for one in besides:
                if one.thing.kind != "word" and one.places:
                    yield self._strongest(one, [each for each in besides if each is not one and each.places])

    def _nearest(self, one: _Beside, each: _Beside) -> float:
        """Return how near two things of the sentence stand in the passages."""
        near = self._passages.between
        return max(sure * sureness * near(place, spot) for place, sure in one.places for spot, sureness in each.places)

    def _strongest(self, one: _Beside, others: Sequence[_Beside]) -> Exchange:
        """Return the rival of a thing for which most speaks."""
        named = {id(place) for each in (one, *others) for place, _ in each.places}
        found = [rival for rival in self._passages.anchors if id(rival) not in named and rivals(one.thing, rival)]
        best = Exchange(one.thing, None, 0.0, 0.0)
        if not found:
            return best
        near = self._passages.between
        weights = [each.weight * self._mine.between(one.thing, each.thing) for each in others]
        own_near = [self._nearest(one, each) for each in others]
        for rival in found:
            against = own = 0.0
            for each, weight, mine in zip(others, weights, own_near, strict=True):
                gain = max(sureness * near(rival, spot) for spot, sureness in each.places) - mine
                if gain > 0:
                    against += weight * gain
                else:
                    own -= weight * gain
            if best.rival is None or against - own > best.margin - best.own:
                best = Exchange(one.thing, rival, against, own)
        return best
