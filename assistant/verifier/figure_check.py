"""Whether the figures of a sentence stand in its passages, with the same limit and beside the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.polarity import markers_in
from assistant.types import Fault, Language
from assistant.verifier.alignment import Passages
from assistant.verifier.attachment import Attachment, after, meet
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.figure_cover import covers, rounds
from assistant.verifier.figure_sides import same_side
from assistant.verifier.reading import Segment

_DATES = frozenset({"date", "year"})
_AMOUNTS = frozenset({"amount", "number"})
_COUNTED = frozenset({"amount", "number", "percentage", "period", "magnitude"})
_WITHIN = re.compile(r"\b(?:binnen|within)\s+(?:de\s+|the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:na|after)\s+(?:de\s+|the\s+)?$", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:de|die|deze|the|those|these)\s+[€$£]?\s?$", re.IGNORECASE)
"""Before a figure that is spoken of, and not stated."""
_TO = re.compile(r"\b(?:tot|to|naar|t/m)\s+(?:een\s+)?[€$£]?\s?$", re.IGNORECASE)
_LARGEST = re.compile(
    r"\b(?:largest|biggest|highest|longest|most|top|upper|maximum|grootste|hoogste|langste|meeste|bovengrens|boven\w*)\b",
    re.I,
)
_SMALLEST = re.compile(
    r"\b(?:smallest|lowest|shortest|least|bottom|lower|minimum|kleinste|laagste|kortste|minste|ondergrens|onder\w*"
    r"|starts?|begint|begon)\b",
    re.I,
)
_DURING = re.compile(r"\bover (?:the )?$", re.IGNORECASE)
"""Of a period mostly "in the course of"."""
_BOTH = re.compile(r"\b(?:both|beide|beiden|allebei)\b", re.IGNORECASE)
_NAME = r"[A-ZÀ-Þ][\w&'’-]*(?: (?:(?:van|de|der|voor|of|the|for) ){0,2}[A-ZÀ-Þ][\w&'’-]*)*"
_LISTED = re.compile(rf"{_NAME}(?:(?:,? (?:en|and) |, )(?:(?:de|het|the) )?{_NAME})+")
_LIST_MARK = re.compile(r",? (?:en|and) |, ")
_FEW = 12
_EXACT_BOUNDS = frozenset({"", "exact"})


def check_figures(segments: Sequence[Segment], language: Language, passages: Passages) -> Iterator[Fault]:
    """Yield a fault for each figure that the passages do not have, or have with another limit or of something else."""
    there = [(one, segment) for segment in passages.segments for one in segment.figures]
    attachment = Attachment(segments, language, passages)
    for segment in segments:
        for one in segment.figures:
            if not _stands(one, segment, there, attachment, passages):
                yield Fault("figure", segment.text[one.figure.start : one.figure.end])


def _stands(
    one: BoundedFigure,
    segment: Segment,
    there: list[tuple[BoundedFigure, Segment]],
    attachment: Attachment,
    passages: Passages,
) -> bool:
    """Tell whether a figure is covered."""
    covered = [(other, place) for other, place in there if covers(other, place, one, segment)]
    rounded = [(other, place) for other, place in there if rounds(one, other)]
    if not covered and not rounded:
        return _is_lenient(one, segment, there) or _counts_names(one, segment, passages)
    if one.figure.kind in _COUNTED:
        same = [(other, place) for other, place in covered if _same_bound(one, segment, other, place)]
    else:
        same = [(other, place) for other, place in covered if same_side(one, segment, other, place)]
    same += rounded
    covering = {id(other) for other, _ in (*covered, *rounded)}
    others = [(other, place) for other, place in there if id(other) not in covering]
    return bool(same) and attachment.holds(one, segment, same, others)


def _same_bound(one: BoundedFigure, segment: Segment, other: BoundedFigure, place: Segment) -> bool:
    """Tell whether two figures have the same limit."""
    before = segment.text[: one.figure.start], place.text[: other.figure.start]
    inside = [_WITHIN.search(text) is not None for text in before]
    later = [_AFTER.search(text) is not None for text in before]
    opposed = (inside[0] and later[1]) or (later[0] and inside[1])
    if opposed and _is_turned(segment) == _is_turned(place):
        return False
    if one.bound == other.bound:
        return True
    mine, theirs = _bound(one, segment), _bound(other, place)
    if (
        one.figure.kind == "period"
        and mine == "over"
        and not theirs
        and _DURING.search(segment.text[: one.figure.start])
    ):
        return True
    if any(inside):
        mine, theirs = mine or "max" * inside[0], theirs or "max" * inside[1]
    if mine == theirs or (mine in _EXACT_BOUNDS and theirs in _EXACT_BOUNDS):
        return True
    if other.in_range and mine == "" and _is_told_end(one, segment, theirs):
        return True
    if mine == "" and theirs == "about" and _DEFINITE.search(segment.text[: one.figure.start]):
        return True
    if {mine, theirs} in ({"under", "min"}, {"over", "max"}) and _is_turned(segment) != _is_turned(place):
        return True
    if {mine, theirs} <= {"", "max"} and "only" in {marker.kind for marker in (*segment.markers, *place.markers)}:
        return True
    return one.figure.kind == "magnitude" or (other.loose and mine == "") or (one.loose and theirs == "")


def _is_told_end(one: BoundedFigure, segment: Segment, bound: str) -> bool:
    """Tell whether a sentence says of which end of a range it speaks: "the largest", or "runs to"."""
    if bound == "max" and _TO.search(segment.text[: one.figure.start]):
        return True
    extremes = {"max": _LARGEST, "min": _SMALLEST}.get(bound)
    return extremes is not None and extremes.search(segment.text, segment.start, segment.end) is not None


def _is_turned(place: Segment) -> bool:
    """Tell whether the sentence around a figure says what is not so: "below eight it is cancelled"."""
    return any(marker.kind in ("negation", "denial", "lack") for marker in markers_in(place.text))


def _bound(one: BoundedFigure, place: Segment) -> str:
    """Return the limit of a figure; "not more than" is at most, wherever the "not" stands."""
    if place.has("negation"):
        return {"over": "max", "under": "min"}.get(one.bound, one.bound)
    return one.bound


def _is_lenient(one: BoundedFigure, segment: Segment, there: list[tuple[BoundedFigure, Segment]]) -> bool:
    """Tell whether a figure that stands nowhere may be a word of another kind: "one", "a first", "eenmaal"."""
    figure = one.figure
    if figure.value != 1 or figure.kind not in ("number", "ordinal"):
        return not figure.sure
    if segment.text[figure.start : figure.end].isdigit():
        return False
    if re.match(r"\s+(?:of|van|third|quarter|half|fifth|derde|kwart|vijfde)\b", segment.text[figure.end :]):
        return True
    heads = after(one, segment)
    return not any(
        other.figure.kind == figure.kind and other.figure.value != 1 and meet(heads, after(other, place))
        for other, place in there
    )


def _counts_names(one: BoundedFigure, segment: Segment, passages: Passages) -> bool:
    """Tell whether a small number counts the names that a passage lists, or is two where it says "both"."""
    value = one.figure.value
    if one.figure.kind != "number" or one.bound or isinstance(value, str) or not 2 <= value <= _FEW:
        return False
    around = passages.around(segment)
    nearest = max(around.values(), default=0.0)
    places = [place for place in passages.segments if around.get(place.sentence, 0.0) >= nearest]
    if value == 2 and any(_BOTH.search(place.text) for place in places):
        return True
    return any(
        len(_LIST_MARK.findall(match.group())) + 1 == value
        for place in places
        for match in _LISTED.finditer(place.text)
    )
