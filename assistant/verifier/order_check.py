"""Whether a sentence says "after" where its passages say "before", or the reverse, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.evidence import Evidence
from assistant.verifier.reading import Segment, Word
from assistant.verifier.statements import ALIGNED, Statement

_ORDER = re.compile(
    r"\b(?:(?P<before>before|prior to|vóór|voordat|voorafgaand aan|ahead of|voor)"
    r"|(?P<after>after|nadat|na|na afloop van|following))\s+",
    re.IGNORECASE,
)
_REACH = 40
"""Characters."""


def check_order(statements: Sequence[Statement], passages: Passages) -> Iterator[Evidence]:
    """Yield evidence for each "before" or "after" that the nearest sentence of a passage has the other way round."""
    for one in statements:
        if one.share < ALIGNED:
            continue
        places = passages.sentence_of(one.best)
        theirs = [found for place in places for found in _orders(place)]
        if bool(one.kinds & {"negation", "denial"}) != any(place.has("negation", "denial") for place in places):
            continue
        for side, word, written in _orders(one.segment):
            same = [other for other, noun, _ in theirs if not noun.keys.isdisjoint(word.keys)]
            if same and side not in same:
                yield Evidence("order", Fault("condition", written))


def _orders(place: Segment) -> Iterator[tuple[str, Word, str]]:
    """Yield each side with the word that it stands before, and how it is written."""
    taken = {one.figure.start for one in place.figures}
    for match in _ORDER.finditer(place.text, place.start, place.end):
        words = [word for word in place.words if match.end() <= word.start < match.end() + _REACH]
        if not words or any(match.end() <= start <= words[0].start for start in taken):
            continue
        yield str(match.lastgroup), words[0], f"{match.group().strip()} {words[0].text}"
