"""Whether a sentence turns what a passage says: adds or drops a negation, or says the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.polarity import Marker
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.clause_words import clause_words
from assistant.verifier.double_negation import check_doubled, plain_negations
from assistant.verifier.evidence import Evidence, named
from assistant.verifier.reading import Segment, Word
from assistant.verifier.statements import ALIGNED, REVERSED, Statement, fault, faults, governs, scope
from assistant.verifier.words import Contrast, are_opposites

_CONTRASTED = 0.2
"""From this share on, a word is compared with its opposite."""
_TAKEN_OVER = 0.6
_WHOLLY = 0.85
"""From this share on, a negation that is added makes the opposite; below, it is part of other words for the same."""
_LOOSELY = 0.3
"""From this share on, a negation of the nearest clause is looked for."""
_LITTLE = frozenset({"bedoeld", "meant", "intended", "beschikbaar", "available", "sprake", "possible", "mogelijk"})
_RESERVED = re.compile(r"reserved|voorbehouden", re.IGNORECASE)
_REPEATED = re.compile(
    r"(?:ook|zelfs|en|even|and|or|noch|nor|neither)\s*$|^(?:noch|nor|evenmin|neither)", re.IGNORECASE
)
_COMPARED = re.compile(r"\s+(?:than|dan)\s+(?:[€$£]|eur\w*)?\s?\d", re.IGNORECASE)
"""Behind a word that limits a figure, which is checked with the figure."""
_ASKS = re.compile(
    r"[\s•–-]*(?:wat|wie|hoe|hoeveel|welke?|of(?= (?:de|het|een|er|die|dit|deze|je|u|ze|zij|hij|wij|we)\b)"
    r"|what|who|how|which|whether)\b",
    re.IGNORECASE,
)
_OTHERWISE = frozenset({"lack", "denial", "only", "unless", "provided", "if"})
_INSIDE = re.compile(r"\b(?:binnen|within|inside)\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(?:buiten|outside)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"zonder|without", re.IGNORECASE)
_TURNING = ("negation", "denial")


def check_negations(statements: Sequence[Statement], passages: Passages) -> Iterator[Evidence]:
    """Yield evidence for each negation that one side has and the other has not, and for each opposite."""
    if statements and not statements[0].kinds.intersection(REVERSED):
        yield from named("negation_left_out", _left_out(statements, passages))
    yield from named("negation_doubled", check_doubled(statements, passages))
    for one in statements:
        if one.near:
            for found in _added(one, passages):
                # "Without" is as often another way to say "only with" or "not".
                yield Evidence("without_added" if _WITHOUT.fullmatch(found.words) else "negation_added", found)
            yield from named("negation_doubled", _doubled(one))
            yield from named("negation_for_only", _for_only(one))
            yield from named("negation_dropped", _dropped(one, passages))
            yield from named("contrast", _contrasts(one, passages))
            yield from named("prefix", _opposites(one, passages))
        elif not any(place.has(*REVERSED) for place in passages.segments):
            yield from named("negation_alone", faults("polarity", one.segment, "negation"))


def _left_out(statements: Sequence[Statement], passages: Passages) -> Iterator[Fault]:
    """Yield a negation that a sentence without any leaves out of a clause that it otherwise takes over."""
    keys = frozenset(key for one in statements for key in one.segment.keys)
    best = next((one.best for one in statements if one.share >= ALIGNED), None)
    if best and best.keys - frozenset(key for word in best.words for key in word.keys):
        # It has its verb from the clause before, of which it may say the opposite: "travel is not paid, lodging is".
        return
    for place in passages.sentence_of(best) if best else ():
        if best and _is_like_only(place, best, statements):
            continue
        if _is_restricted(statements, place) or not _reaches(place, keys):
            continue
        if _is_exception(statements, passages.sentence_of(place)):
            continue
        taken = sum(not word.keys.isdisjoint(keys) for word in place.words)
        if place.words and taken >= _TAKEN_OVER * len(place.words):
            yield from faults("polarity", place, "negation")


def _reaches(place: Segment, keys: frozenset[str]) -> bool:
    """Tell whether any of what a clause turns is said."""
    return any(
        not (words := scope(marker, place)) or any(not word.keys.isdisjoint(keys) for word in words)
        for marker in place.markers
        if marker.kind == "negation"
    )


def _is_like_only(place: Segment, best: Segment, statements: Sequence[Statement]) -> bool:
    """Tell whether a clause is of a thing like that of the sentence: "verblijfskosten" are no "reiskosten"."""
    written = {word.text: word for one in statements for word in one.segment.words}
    own = {word.text for word in best.words}
    return len(place.words) == 1 and any(
        text in own and text != place.words[0].text and not word.keys.isdisjoint(place.words[0].keys)
        for text, word in written.items()
    )


def _is_restricted(statements: Sequence[Statement], place: Segment) -> bool:
    """Tell whether a sentence has a duty or an "only" that says what two negations, or one with "unless", say."""
    kinds = frozenset(kind for one in statements for kind in one.kinds)
    twice = len(plain_negations(place)) > 1
    return twice and bool(kinds & {"must", "only", "provided"})


def _is_exception(statements: Sequence[Statement], places: Sequence[Segment]) -> bool:
    """Tell whether a sentence speaks of the exception to what a sentence of a passage says."""
    return any(
        marker.kind == "unless" and scope(marker, place) and governs(marker, place, one.segment)
        for place in places
        for marker in place.markers
        for one in statements
    )


def _added(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield a negation of which the passages know nothing, in a clause that is theirs otherwise."""
    if not _is_wholly_said(one) or any(_may_excuse(one.segment, near.segment) for near in one.near):
        return
    for marker in one.segment.markers:
        if marker.kind == "negation" and not _said_beside(marker, one, passages):
            yield fault("polarity", one.segment, marker)
            return


def _is_wholly_said(one: Statement) -> bool:
    """Tell whether the nearest clause has nearly all words of a segment, or all but verbs that say little."""
    if one.share >= _WHOLLY:
        return True
    little = clause_words().finite | _LITTLE
    return one.share >= ALIGNED and all(
        word.text in little or not word.keys.isdisjoint(one.best.keys) for word in one.segment.words
    )


def _may_excuse(segment: Segment, place: Segment) -> bool:
    """Tell whether a segment of a passage has a word that may stand for a negation, and that the other has not."""
    excused = set(REVERSED) - {kind for kind in ("lack", "denial") if segment.has(kind)}
    return place.has(*excused)


def _said_beside(marker: Marker, one: Statement, passages: Passages) -> bool:
    """Tell whether another segment of the same sentence of a passage has the negation, or turns it by "unless"."""
    words = scope(marker, one.segment)
    repeated = len(_negations(one.segment)) > 1 or one.spare
    nowhere = all(word.keys.isdisjoint(passages.keys) for word in words)
    for near in one.near:
        for place in passages.sentence_of(near.segment):
            if place.has("unless") and one.kinds & {"if", "provided", "only"}:
                return True
            if (
                place is not one.best
                and not one.spare
                and _taken(one.segment, place) < _taken(one.segment, near.segment)
            ):
                # It says so of something else: "lodging is not" beside "travel is paid".
                continue
            if _may_excuse(one.segment, place) and (
                repeated or nowhere or any(not word.keys.isdisjoint(place.keys) for word in words)
            ):
                return True
    return False


def _taken(segment: Segment, place: Segment) -> int:
    """Return how many words of a segment a segment of a passage has itself, without what it has from another."""
    own = frozenset(key for word in place.words for key in word.keys)
    return sum(not word.keys.isdisjoint(own) for word in segment.words)


def _for_only(one: Statement) -> Iterator[Fault]:
    """Yield a negation of the very thing to which the passage limits something: "not in Dutch" for "only in Dutch"."""
    mine = plain_negations(one.segment)
    limits = [marker for marker in one.best.markers if marker.kind == "only"]
    if len(mine) != 1 or len(limits) != 1 or one.best.has("negation", "denial") or one.kinds & _OTHERWISE:
        return
    turned, limited = scope(mine[0], one.segment), scope(limits[0], one.best)
    keys = frozenset(key for word in turned for key in word.keys)
    if limited and all(not word.keys.isdisjoint(keys) for word in limited):
        yield fault("polarity", one.segment, mine[0])


def _doubled(one: Statement) -> Iterator[Fault]:
    """Yield one negation where the passage has two, which make a "yes", and the other way round."""
    excused = {"lack", "unless", "only", "if", "provided"}
    if len(one.near) > 1 or one.share < _WHOLLY or one.kinds & excused or one.best.has(*excused):
        return
    mine, theirs = _negations(one.segment), _negations(one.best)
    if mine and theirs and (len(mine) - len(theirs)) % 2:
        yield fault("polarity", one.segment, mine[0])


def _negations(segment: Segment) -> list[Marker]:
    """Return the markers that turn a segment, without those that repeat one before: "not possible, nor later"."""
    found: list[Marker] = []
    for marker in segment.markers:
        if marker.kind in _TURNING:
            before, written = segment.text[segment.start : marker.start], segment.written(marker.start, marker.end)
            if not (found and (_REPEATED.search(before) or _REPEATED.match(written))):
                found.append(marker)
    return found


def _dropped(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield a negation of the passage that the sentence has not, or a word that denies."""
    asks = bool(one.kinds.intersection(REVERSED)) and _ASKS.match(one.segment.text) is not None
    excused = asks or one.spare or "unless" in one.kinds or _is_reversed(one.segment, one.best)
    if excused or one.share < _LOOSELY or not all(near.segment.has(*_TURNING) for near in one.near):
        return
    if _is_restricted([one], one.best) or (one.kinds & {"provided", "only"} and _has_unless(one, passages)):
        return
    kinds = _TURNING if not one.kinds.intersection(REVERSED) else ("negation",)
    for marker in islice((marker for marker in one.best.markers if marker.kind in kinds), 1):
        if governs(marker, one.best, one.segment):
            yield fault("polarity", one.best, marker)


def _has_unless(one: Statement, passages: Passages) -> bool:
    """Tell whether the sentence of a passage that a segment speaks of has an "unless"."""
    return any(place.has("unless") for place in passages.sentence_of(one.best))


def _is_reversed(segment: Segment, place: Segment) -> bool:
    """Tell whether a segment has what may say the same as a negation; not what the passage has beside its negation."""
    if _INSIDE.search(segment.text) and _OUTSIDE.search(place.text) and not _OUTSIDE.search(segment.text):
        return True
    both = _OUTSIDE.search(segment.text) and _OUTSIDE.search(place.text)
    return any(
        marker.kind in REVERSED
        and not _RESERVED.match(segment.written(marker.start, marker.end))
        and not (both and _OUTSIDE.match(segment.written(marker.start, marker.end)))
        for marker in segment.markers
    )


def _contrasts(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield words of which the passage has another side in the same place."""
    if one.share < _CONTRASTED:
        return
    places = passages.sentence_of(one.best)
    theirs = {(word.number, word.side) for place in places for word in place.contrasts}
    for word in one.segment.contrasts:
        if (
            "negation" in one.kinds
            and not one.segment.has("negation")
            and not any(place.has("negation") for place in places)
        ):
            # "Before that, it may not start" is "only after that".
            continue
        if _is_said(word, one, theirs) or _COMPARED.match(one.segment.text, word.end):
            continue
        if any(
            each.number == word.number and _turning(one.segment, word) == _turning(place, each)
            for place in places
            for each in place.contrasts
        ):
            yield Fault("polarity", one.segment.text[word.start : word.end])


def _is_said(word: Contrast, one: Statement, theirs: set[tuple[int, int]]) -> bool:
    """Tell whether the passage has a word too: in the nearest clause, or beside it where that has no other side."""
    sides = {each.side for each in one.best.contrasts if each.number == word.number}
    whole = one.best.written(one.best.start, one.best.end).rstrip()
    joined = whole.endswith((" en", " and", " of", " or"))
    if sides and word.side not in sides and len(one.near) == 1 and one.share >= _TAKEN_OVER and not joined:
        return False
    return (word.number, word.side) in theirs


def _turning(segment: Segment, word: Contrast) -> frozenset[str]:
    """Return the words other than this one by which the segment is turned."""
    return frozenset(
        written
        for marker in segment.markers
        for written in [segment.written(marker.start, marker.end).lower()]
        # One word that may stand for a negation ("independent") turns nothing else; several ("fell short of") do.
        if (marker.kind in _TURNING or (marker.kind == "lack" and " " in written))
        and not (marker.start < word.end and word.start < marker.end)
    )


def _opposites(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield words that the passages have with, or without, a negative prefix only."""
    if one.share < _CONTRASTED:
        return
    for word in one.segment.words:
        if word.text in passages.texts:
            continue
        places = [place for place in passages.segments if any(_are_opposites(word, other) for other in place.words)]
        if places and not any(place.has("negation") != one.segment.has("negation") for place in places):
            yield Fault("polarity", one.segment.text[word.start : word.end])


def _are_opposites(one: Word, other: Word) -> bool:
    """Tell whether two words differ by a negative prefix only, and are not listed as the same."""
    return are_opposites(one.text, other.text) and not any(key[0] == "#" for key in one.keys & other.keys)
