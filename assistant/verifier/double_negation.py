"""Whether a sentence has one negation where the passage has two that belong together: "no voucher without employer"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.polarity import Marker
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.reading import Segment
from assistant.verifier.statements import Statement, fault, scope

_LOOSELY = 0.3
"""From this share on, the sentence of a passage is the one that is spoken of."""
_TWICE = 2
_NEED = re.compile(r"hoe[fv]", re.IGNORECASE)
"""Makes no second negation: "hoeft geen" is one."""
_SIDE_BY_SIDE = re.compile(r"\b(?:maar|but|en|and|while|terwijl|of|or|nor|noch)\b|;", re.IGNORECASE)
_RESTATING = frozenset({"denial", "lack", "unless", "only", "provided", "must"})
"""Markers that may stand for one of two negations."""


def check_doubled(statements: Sequence[Statement], passages: Passages) -> Iterator[Fault]:
    """Yield the one negation of a sentence of which the passage has two: "without employer no voucher"."""
    kinds = frozenset(kind for one in statements for kind in one.kinds)
    mine = [(marker, one.segment) for one in statements for marker in plain_negations(one.segment)]
    best = max(statements, key=lambda one: one.share, default=None)
    if best is None or len(mine) != 1 or best.share < _LOOSELY or kinds & _RESTATING:
        return
    keys = frozenset(key for one in statements for key in one.segment.keys)
    places = passages.sentence_of(best.best)
    theirs = [(marker, place) for place in places for marker in plain_negations(place)]
    if len(theirs) != _TWICE or any(place.has(*_RESTATING) for place in places):
        return
    if _SIDE_BY_SIDE.search(theirs[0][1].text, theirs[0][0].end, theirs[1][0].start):
        return
    for marker, place in theirs:
        words = scope(marker, place)
        if sum(not word.keys.isdisjoint(keys) for word in words) * 2 < max(len(words), 1):
            return
    yield fault("polarity", mine[0][1], mine[0][0])


def plain_negations(segment: Segment) -> list[Marker]:
    """Return the negations of a segment that are words by themselves."""
    return [
        one
        for one in segment.markers
        if one.kind == "negation" and not _NEED.match(segment.written(one.start, one.end))
    ]
