"""Whether the figures of a sentence stand in its passages, with the same limit and beside the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.polarity import markers_in
from assistant.types import Fault, Language
from assistant.verifier.alignment import Passages
from assistant.verifier.attachment import Attachment, after, meet
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.evidence import Evidence
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
_OF = re.compile(r"\s*(?:of|van)\s+(?:(?:the|de|its|zijn|haar|hun|their)\s+)?", re.IGNORECASE)
_ROUNDING = 0.5
_REACH = 50
"""Characters."""
_UNITS = (1_000, 1_000_000, 1_000_000_000)
_LATER_UNIT = tuple(
    re.compile(rf"\D{{1,30}}[\d.,]+ (?:{unit})\b", re.IGNORECASE)
    for unit in ("duizend|thousand", "miljoen|million|mln", "miljard|billion|mld")
)
_MOST = re.compile(r"\b(?:majority|meerderheid|merendeel)\b", re.IGNORECASE)
_HALF = 0.5
_EXACT_BOUNDS = frozenset({"", "exact"})
_COMPLEMENTS = {"under": "min", "min": "under", "over": "max", "max": "over"}


def check_figures(segments: Sequence[Segment], language: Language, passages: Passages) -> Iterator[Evidence]:
    """Yield evidence for each figure that the passages do not have, or have with another limit or of something else."""
    there = [(one, segment) for segment in passages.segments for one in segment.figures]
    attachment = Attachment(segments, language, passages)
    for segment in segments:
        for one in segment.figures:
            wrong = _wrong(one, segment, there, attachment, passages)
            if wrong:
                yield Evidence(wrong, Fault("figure", segment.text[one.figure.start : one.figure.end]))


def _wrong(
    one: BoundedFigure,
    segment: Segment,
    there: list[tuple[BoundedFigure, Segment]],
    attachment: Attachment,
    passages: Passages,
) -> str:
    """Return the signal of what is wrong with a figure; nothing where it is covered."""
    covered = [(other, place) for other, place in there if covers(other, place, one, segment)]
    rounded = [(other, place) for other, place in there if rounds(one, other)]
    if not covered and not rounded:
        free = _is_lenient(one, segment, there, passages.segments) or _counts_names(one, segment, passages)
        return "" if free else "figure_absent"
    if one.figure.kind in _COUNTED:
        same = [(other, place) for other, place in covered if _same_bound(one, segment, other, place)]
    else:
        same = [(other, place) for other, place in covered if same_side(one, segment, other, place)]
    same += rounded
    covering = {id(other) for other, _ in (*covered, *rounded)}
    others = [(other, place) for other, place in there if id(other) not in covering]
    if not same:
        if one.figure.kind not in _COUNTED:
            return "date_side"
        return "figure_complement" if _is_complement(one, segment, covered) else "figure_limit"
    return attachment.holds(one, segment, same, others)


def _is_complement(one: BoundedFigure, segment: Segment, covered: list[tuple[BoundedFigure, Segment]]) -> bool:
    """Tell whether a sentence speaks of what lies on the other side of a limit: below what is "at least" needed."""
    mine = _bound(one, segment)
    return any(_COMPLEMENTS.get(mine) == _bound(other, place) for other, place in covered)


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
    if mine == "" and _only_speaks_of(one, segment, other, theirs):
        return True
    if {mine, theirs} in ({"under", "min"}, {"over", "max"}) and _is_turned(segment) != _is_turned(place):
        return True
    if {mine, theirs} <= {"", "max"} and "only" in {marker.kind for marker in (*segment.markers, *place.markers)}:
        return True
    return one.figure.kind == "magnitude" or (other.loose and mine == "") or (one.loose and theirs == "")


def _only_speaks_of(one: BoundedFigure, segment: Segment, other: BoundedFigure, theirs: str) -> bool:
    """Tell whether a figure without a limit is not stated as one: the end of a change or range, or a known figure."""
    if one.in_range or "-" in segment.text[one.figure.start : one.figure.end]:
        # "The ceiling went from 5 to 7", "the eight-year limit"
        return True
    if other.in_range and _is_told_end(one, segment, theirs):
        return True
    return theirs == "about" and _DEFINITE.search(segment.text[: one.figure.start]) is not None


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


def _is_part(one: BoundedFigure, there: list[tuple[BoundedFigure, Segment]]) -> bool:
    """Tell whether a number is the part of a whole that the passage gives as a share: 64 is "two thirds of the 96"."""
    value = one.figure.value
    for share, place in there:
        part = share.figure.value
        if isinstance(part, str) or isinstance(value, str) or share.bound:
            continue
        part = part / 100 if share.figure.kind == "percentage" else part
        for whole in place.figures:
            if isinstance(whole.figure.value, str) or whole.figure.start < share.figure.end or not 0 < part < 1:
                continue
            if _OF.fullmatch(place.text, share.figure.end, whole.figure.start):
                return abs(part * whole.figure.value - value) < _ROUNDING
    return False


def _is_lenient(
    one: BoundedFigure, segment: Segment, there: list[tuple[BoundedFigure, Segment]], places: Sequence[Segment]
) -> bool:
    """Tell whether a figure that stands nowhere may be a word of another kind: "one", "a first", "eenmaal"."""
    figure = one.figure
    if figure.kind == "number" and (_has_unit_behind(one, segment, there) or _is_part(one, there)):
        return True
    if one.bound == "over" and figure.value == _HALF and any(_MOST.search(place.text) for place in places):
        return True
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


def _has_unit_behind(one: BoundedFigure, segment: Segment, there: list[tuple[BoundedFigure, Segment]]) -> bool:
    """Tell whether "million" stands behind a later figure and is meant of this one too: "from 2 to 15 million"."""
    value = one.figure.value
    if isinstance(value, str):
        return False
    behind = segment.text[one.figure.end : one.figure.end + _REACH]
    values = {other.figure.value for other, _ in there}
    return any(_LATER_UNIT[number].match(behind) and value * times in values for number, times in enumerate(_UNITS))


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
