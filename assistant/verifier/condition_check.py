"""Whether a sentence turns, adds or drops a condition, an "only", a duty or a plan of what a passage says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.polarity import Marker, MarkerKind
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.evidence import Evidence, named
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
_RESERVED = re.compile(
    r"\b(?:reserved|set aside|earmarked|meant|intended|voorbehouden|gereserveerd|bestemd|bedoeld|geoormerkt)\b",
    re.IGNORECASE,
)
_EVEN = re.compile(
    r"\b(?:ook|zelfs|even|also)\s+(?:zonder|als|wanneer|indien|without|if|when)\b|\bregardless of\b"
    r"|\b(?:toch|anyway|nevertheless|nonetheless)\b|\bongeacht\b",
    re.I,
)
_WITH = re.compile(r"\b(?:with|met|bij|after|na|upon|once|in overleg|given)\b", re.IGNORECASE)
_AND_YET = re.compile(r"toch|anyway|nevertheless|nonetheless", re.IGNORECASE)
_AS_IF = re.compile(r"\b(?:als|indien|if|mits)\b", re.IGNORECASE)
_PURE_IF = re.compile(r"if|als|indien", re.IGNORECASE)
_SHORTLY = 6
"""Characters."""
_DATES = frozenset({"date", "year"})
_NEARLY = 0.5
_WHOLLY = 0.85
_MOSTLY = 0.75
_WHO = re.compile(r"\b(?:die|dat|wie|who|that|which|whose|having)\b", re.IGNORECASE)
_BESIDE = 25
"""Characters."""
_COVERS: dict[MarkerKind, frozenset[MarkerKind]] = {
    "only": frozenset({"only", "provided", "unless", "negation", "denial", "lack", "if"}),
    "unless": frozenset({"unless", "provided", "negation", "denial", "lack", "only"}),
    "provided": frozenset({"provided", "only", "if", "unless", "must", "negation", "denial", "lack"}),
}
"""What the sentence of a passage must have, one of them, where a sentence has a condition."""


def check_conditions(statements: Sequence[Statement], passages: Passages) -> Iterator[Evidence]:
    """Yield evidence for each condition, limit, duty or plan that differs from the passages."""
    keys = frozenset(key for one in statements for key in one.segment.keys)
    for one in statements:
        if one.near:
            yield from named("condition_added", _added(one, passages))
            yield from named("condition_turned", _turned(one, passages))
        if one.share >= ALIGNED:
            yield from named("widened", _widened(one, passages))
            yield from named("condition_dropped", _dropped(one, passages, keys))
            yield from named("conceded", _conceded(one, passages))
            yield from named("plan", _plans(one))
            yield from named("duty", _duties(one))


def _added(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield conditions of which the passage knows nothing."""
    kinds = _kinds(one, passages)
    for marker in one.segment.markers:
        covers = _COVERS.get(marker.kind)
        if marker.kind == "only" and "may" not in one.kinds and _stands_before_figure(marker, one.segment):
            # "Only 15 partners" judges, and limits nothing.
            continue
        if covers is not None and not kinds & covers and not _stands_elsewhere(marker, one, passages):
            yield fault("condition", one.segment, marker)


def _stands_before_figure(marker: Marker, place: Segment) -> bool:
    """Tell whether a marker stands right before a figure that is counted."""
    return any(0 <= each.figure.start - marker.end <= 1 and each.figure.kind not in _DATES for each in place.figures)


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
    mine = {marker.kind for marker in one.segment.markers}
    if (
        any(place.has("unless") for place in passages.sentence_of(one.best))
        and "unless" not in one.kinds
        and "provided" not in one.kinds
        and mine <= {"negation", "may", "must", "if"}
        and one.share >= CLOSE
        and _negations(one.segment) == _negations(one.best) == 1
        and _AS_IF.search(one.segment.text)
    ):
        yield Fault("condition", "als" if re.search(r"\bals\b", one.segment.text) else "if")
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


def _dropped(one: Statement, passages: Passages, keys: frozenset[str]) -> Iterator[Fault]:
    """Yield conditions of the passage that the sentence has not, in whatever words."""
    if one.kinds & {"unless", "provided", "only", "if"} or ("must" in one.kinds and not one.best.has("must")):
        return
    turned = one.segment.has("negation", "denial", "lack")
    if turned and not (_negations(one.segment) == _negations(one.best) == 1):
        return
    if not _IF.search(one.segment.text) and (turned or not one.kinds & {"negation", "denial"}):
        for place in passages.sentence_of(one.best):
            if place is one.best or one.share >= _NEARLY:
                yield from _dropped_conditions(one, place, keys)
            if place is not one.best and one.share >= _WHOLLY:
                yield from _dropped_ifs(one, place)
    if turned:
        return
    for marker in one.best.markers:
        reserved = _RESERVED.search(one.segment.text) and _RESERVED.match(one.best.written(marker.start, marker.end))
        if (
            marker.kind == "only"
            and governs(marker, one.best, one.segment)
            and not reserved
            and not _limits_figure(marker, one)
        ):
            yield fault("condition", one.best, marker)


def _limits_figure(marker: Marker, one: Statement) -> bool:
    """Tell whether an "only" stands before a figure that the sentence has: "only in 2023"."""
    values = {each.figure.value for each in one.segment.figures}
    return any(
        each.figure.value in values and 0 <= each.figure.start - marker.end <= _SHORTLY for each in one.best.figures
    )


def _negations(segment: Segment) -> int:
    """Return how many negations a segment has."""
    return sum(marker.kind == "negation" for marker in segment.markers)


def _dropped_conditions(one: Statement, place: Segment, keys: frozenset[str]) -> Iterator[Fault]:
    """Yield a condition, unless the sentence has it in other words: "with the consent of the chair"."""
    for marker in place.markers:
        if marker.kind not in ("unless", "provided"):
            continue
        words = scope(marker, place)
        met = sum(not word.keys.isdisjoint(keys) for word in words) >= max(_MOSTLY * len(words), 1)
        if marker.kind == "provided" and met and _WHO.search(one.segment.text):
            # "An orchestra that gave two concerts" has met the condition that it gives two.
            continue
        said = [word for word in words if not word.keys.isdisjoint(one.segment.keys)]
        if not (said and place is not one.best and _WITH.search(one.segment.text)):
            yield fault("condition", place, marker)


def _dropped_ifs(one: Statement, place: Segment) -> Iterator[Fault]:
    """Yield an "if" beside a clause that is taken over wholly, where nothing of what stands behind it is."""
    for marker in place.markers:
        if (
            marker.kind == "if"
            and _PURE_IF.fullmatch(place.written(marker.start, marker.end))
            and all(word.keys.isdisjoint(one.segment.keys) for word in scope(marker, place))
        ):
            yield fault("condition", place, marker)


def _conceded(one: Statement, passages: Passages) -> Iterator[Fault]:
    """Yield an "even if" or "also without" where the passage makes a condition of it."""
    match = _EVEN.search(one.segment.text, one.segment.start, one.segment.end)
    places = passages.sentence_of(one.best)
    if match is None or any(_EVEN.search(place.text) for place in places):
        return
    negations = sum(marker.kind == "negation" for place in places for marker in place.markers)
    if _AND_YET.match(match.group()):
        if negations and "negation" not in one.kinds:
            yield Fault("polarity", match.group())
    elif negations > 1 or any(place.has("provided", "only", "unless", "if") for place in places):
        yield Fault("condition", match.group())


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
