"""Whether a sentence says of one thing what the passages say of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.clause_words import clause_words
from assistant.verifier.evidence import Evidence
from assistant.verifier.reading import Segment, Word
from assistant.verifier.statements import Statement

_HALF = 0.5
_ASKS = re.compile(
    r"(?:wat|wie|hoe|hoeveel|welke?|of(?= (?:de|het|een|er|die|dit|deze|je|u|ze|zij|hij|wij|we)\b)"
    r"|what|who|how|which|whether)\b",
    re.IGNORECASE,
)


def check_subjects(statements: Sequence[Statement], passages: Passages) -> Iterator[Evidence]:
    """Yield the subject of a clause whose predicate the passages have of another, and something else of this one."""
    for one in statements:
        subject = _subject(one.segment)
        asks = _ASKS.match(one.segment.text, one.segment.start)
        if not subject or asks or one.share < _HALF or one.segment.has("negation", "denial", "lack"):
            continue
        place = one.best
        strange = [word for word in subject if not _stands(word, place)]
        replaced = [word for word in _subject(place) if not _stands(word, one.segment)]
        if place.has("negation", "denial"):
            continue
        if not strange and any(_is_said_of_other(other, place, one.segment, subject) for other in passages.segments):
            yield Evidence("subject_said", Fault("name", one.segment.written(subject[0].start, subject[-1].end)))
        if not strange or not replaced:
            continue
        if any(_is_of_other(other, place, one.segment, strange, replaced) for other in passages.segments):
            yield Evidence("subject_other", Fault("name", one.segment.written(strange[0].start, strange[-1].end)))


def _is_of_other(
    other: Segment, place: Segment, segment: Segment, strange: Sequence[Word], replaced: Sequence[Word]
) -> bool:
    """Tell whether another clause has the subject of a segment, and lacks what the segment says of it."""
    own = _subject(other)
    if other is place or not own or not all(any(_same(word, mine) for mine in own) for word in strange):
        return False
    if any(_same(word, mine) for word in replaced for mine in own):
        return False
    said = [word for word in segment.words if word not in strange and _stands(word, place)]
    figures = {each.figure.value for each in place.figures} - {each.figure.value for each in other.figures}
    only_there = [word for word in said if not _stands(word, other)]
    return bool(only_there) or bool(figures & {each.figure.value for each in segment.figures})


def _is_said_of_other(other: Segment, place: Segment, segment: Segment, subject: Sequence[Word]) -> bool:
    """Tell whether another clause with the same verb and another subject has what the clause of this one has not."""
    own = _subject(other)
    if other is place or not own or any(_stands(word, segment) for word in own) or other.has("negation", "denial"):
        return False
    said = [word for word in segment.words if word not in subject]
    strange = [word for word in said if not _stands(word, place)]
    shared = [word for word in said if _stands(word, place) and _stands(word, other)]
    left = [word for word in place.words if not _stands(word, segment)]
    return bool(strange and shared and left) and all(_stands(word, other) for word in strange)


def _subject(segment: Segment) -> list[Word]:
    """Return the words before the first verb of a clause; nothing where it has none, or opens with it."""
    finite = clause_words().finite
    verb = next((match for match in segment.verbs(finite)), None)
    return [] if verb is None else [word for word in segment.words if word.start < verb]


def _stands(word: Word, place: Segment) -> bool:
    """Tell whether a word, or one for the same thing, stands in a segment."""
    return not word.keys.isdisjoint(place.keys)


def _same(one: Word, other: Word) -> bool:
    """Tell whether two words are the same, or stand for the same thing."""
    return one.text == other.text or not one.keys.isdisjoint(other.keys)
