"""Whether a sentence turns, adds or drops a condition, an "only", a duty or a plan of what a passage says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.polarity import Marker, MarkerKind
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.reading import Segment
from assistant.verifier.statements import ALIGNED, CLOSE, REVERSED, Statement, fault, faults, governs, scope

_FUTURE = re.compile(
    r"\b(?:zal|zullen|gaat|gaan|doel\w*|ambitie\w*|voornemen|wil\w*|wensen|beoog\w*|bedoel\w*|will|shall|going to"
    r"|goals?|targets?|ambition|scheduled|due|want\w*|aim\w*|intend\w*|plan\w*|seek\w*)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:als|indien|wanneer|if|when|once|zodra|nadat|after)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:alle|allen|allemaal|elke?|iedere?|iedereen|altijd|steeds|beide|geheel|all|every|everyone|always|both)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:eerste|nieuwe|kleine|kleinere|grote|grotere|sommige|enkele|bepaalde|meeste|helft|van wie|waarvan|first|new"
    r"|small|smaller|large|larger|some|certain|most|half|of whom|of which)\b",
    re.IGNORECASE,
)
_BESIDE = 25
"""Characters."""
_COVERS: dict[MarkerKind, frozenset[MarkerKind]] = {
    "only": frozenset({"only", "provided", "unless", "negation", "denial", "lack", "if"}),
    "unless": frozenset({"unless", "provided", "negation", "denial", "lack", "only"}),
    "provided": frozenset({"provided", "only", "if", "unless", "must", "negation", "denial", "lack"}),
}
"""What the sentence of a passage must have, one of them, where a sentence has a condition."""


def check_conditions(statements: Sequence[Statement], passages: Passages) -> Iterator[Fault]:
    """Yield a fault for each condition, limit, duty or plan that differs from the passages."""
    for one in statements:
        if one.near:
            yield from _added(one, passages)
            yield from _turned(one, passages)
        if one.share >= ALIGNED:
            yield from _widened(one, passages)
            yield from _dropped(one, passages)
            yield from _plans(one)
            yield from _duties(one)


def _added(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield conditions of which the passage knows nothing."""
    kinds = _kinds(one, passages)
    for marker in one.segment.markers:
        covers = _COVERS.get(marker.kind)
        if covers is not None and not kinds & covers and not _stands_elsewhere(marker, one, passages):
            yield fault("condition", one.segment, marker)


def _stands_elsewhere(marker: Marker, one: Statement, passages: Passages) -> bool:
    """Tell whether another sentence turns the words behind an "unless": an exception may be a sentence by itself."""
    words = scope(marker, one.segment)
    return marker.kind == "unless" and any(
        place.has(*REVERSED) and any(not word.keys.isdisjoint(place.keys) for word in words)
        for place in passages.segments
    )


def _turned(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield an "if" where the passage says "unless", and the reverse."""
    is_exception, is_condition = one.best.has("unless"), one.best.has("if", "provided")
    if is_exception and not is_condition and not one.kinds & {"negation", "unless", "only", "lack", "denial"}:
        yield from faults("condition", one.segment, "if", "provided")
    if is_condition and not _kinds(one, passages) & {"unless", "negation", "denial", "lack"}:
        yield from faults("condition", one.segment, "unless")
    without = [marker for marker in one.segment.markers if marker.kind == "negation"]
    if (
        len(without) == 1
        and one.best.has("provided", "only")
        and one.share >= CLOSE
        and not one.kinds & {"lack", "denial"}
    ):
        written = one.segment.written(without[0].start, without[0].end)
        if written.lower() in ("zonder", "without") and "may" in one.kinds:
            yield fault("condition", one.segment, without[0])


def _dropped(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield conditions of the passage that the sentence has not, in whatever words."""
    if one.kinds & {"unless", "provided", "only", "if", "must"} or one.segment.has("negation", "denial", "lack"):
        return
    if not _IF.search(one.segment.text) and not one.kinds & {"negation", "denial"}:
        for place in passages.sentence_of(one.best):
            if place is one.best or one.share >= CLOSE:
                yield from faults("condition", place, "unless", "provided")
    for marker in one.best.markers:
        if marker.kind == "only" and governs(marker, one.best, one.segment):
            yield fault("condition", one.best, marker)


def _widened(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield an "all" or "always" where the passage speaks of some only: the first, the new, those above an amount."""
    word = _ALL.search(one.segment.text, one.segment.start, one.segment.end)
    places = passages.sentence_of(one.best)
    if word is None or any(_ALL.search(place.text, place.start, place.end) for place in places):
        return
    values = {each.figure.value for each in one.segment.figures}
    limited = any(each.bound and each.figure.value not in values for each in one.best.figures)
    some = _SOME.search(one.best.text, one.best.start, one.best.end)
    if limited or (
        some and some.group().lower() not in one.segment.text.lower() and not _SOME.search(one.segment.text)
    ):
        yield Fault("condition", word.group())


def _plans(one: Statement) -> Iterator[Fault]:
    """Yield a plan that became a fact."""
    if not one.kinds & {"plan", "may", "must", "if", "negation", "denial", "lack"} and not _FUTURE.search(
        one.segment.text
    ):
        yield from faults("condition", one.best, "plan")


def _duties(one: Statement) -> Iterator[Fault]:
    """Yield a duty that became a permission, or the other way round."""
    if _limits(one.segment) and _limits(one.best):
        # "Must not be more than 5" is "may be 5 at most".
        return
    if {"must", "may"} <= one.kinds or _is_turned_duty(one.segment) or _is_turned_duty(one.best):
        return
    pairs: tuple[tuple[MarkerKind, MarkerKind], ...] = (("must", "may"), ("may", "must"))
    for here, there in pairs:
        if one.best.has(there) and not one.best.has(here):
            yield from faults("condition", one.segment, here)


def _limits(segment: Segment) -> bool:
    """Tell whether a segment limits a figure."""
    return any(one.bound in ("min", "max", "over", "under") for one in segment.figures)


def _is_turned_duty(segment: Segment) -> bool:
    """Tell whether a negation stands beside a duty or a permission: "need not" is a permission, "may not" a duty."""
    return any(
        one.kind in ("must", "may")
        and other.kind == "negation"
        and max(one.start, other.start) - min(one.end, other.end) < _BESIDE
        for one in segment.markers
        for other in segment.markers
    )


def _kinds(one: Statement, passages: Passages) -> frozenset[MarkerKind]:
    """Return the kinds of markers of the sentence of a passage that a segment speaks of."""
    return frozenset(marker.kind for place in passages.sentence_of(one.best) for marker in place.markers)
