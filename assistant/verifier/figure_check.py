"""Whether the figures of a sentence stand in its passages, with the same limit and beside the same words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assistant.figures import Figure, agrees
from assistant.polarity import markers_in
from assistant.types import Fault
from assistant.verifier.alignment import Passages
from assistant.verifier.attachment import after, is_attached, meet
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.reading import Segment

_DATES = frozenset({"date", "year"})
_AMOUNTS = frozenset({"amount", "number"})
_COUNTED = frozenset({"amount", "number", "percentage", "period", "magnitude"})
_TON = re.compile(r"\s*ton\b(?!nen)", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:binnen|within)\s+(?:de\s+|the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:na|after)\s+(?:de\s+|the\s+)?$", re.IGNORECASE)
_UNITS = (1, 7, 12, 60)
_ALONE = re.compile(r"\s*(?:[.,;]|$)")
_PERCENT_BEHIND = re.compile(
    r"\s+(?:tegen|against|en|and|to|tot|naar|versus|vs\.?|of|or)\s+[\d.,]+\s*(?:procent|percent|per cent|%)",
    re.IGNORECASE,
)
_OLD = re.compile(r"\s*(?:old|oud|of age)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:de|die|deze|the|those|these)\s+[€$£]?\s?$", re.IGNORECASE)
"""Before a figure that is spoken of, and not stated."""
_EXACT_BOUNDS = frozenset({"", "exact"})
_END = re.compile(
    r"\b(?P<before>vóór|before|eerder dan|earlier than|prior to)\s+(?:op\s+|de\s+|the\s+)?$"
    r"|\b(?P<for>voor)\s+(?:op\s+|de\s+)?$"
    r"|\b(?P<after>na|after|later dan|later than|following)\s+(?:op\s+|de\s+|the\s+)?$"
    r"|\b(?P<until>tot(?: en met)?|t/m|uiterlijk(?: op)?|until|till|by|through|up to|no later than|not later than"
    r"|niet later dan)\s+(?:op\s+|and including\s+)?$"
    r"|\b(?P<since>sinds|vanaf|met ingang van|per|since|from|as of|starting|from)\s+$",
    re.IGNORECASE,
)
_PART_OF_YEAR = re.compile(
    r"\s+(?:summer|zomer|winter|autumn|spring|season|academic|call|round|ronde|openstelling|programme|scheme|report)\b"
)
_STARTS = frozenset({"after", "since"})
_ENDS = frozenset({"before", "until", "for"})


def check_figures(segments: Sequence[Segment], passages: Passages) -> Iterator[Fault]:
    """Yield a fault for each figure that the passages do not have, or have with another limit or of something else."""
    there = [(one, segment) for segment in passages.segments for one in segment.figures]
    for segment in segments:
        for one in segment.figures:
            if not _stands(one, segment, there, passages):
                yield Fault("figure", segment.text[one.figure.start : one.figure.end])


def _stands(
    one: BoundedFigure, segment: Segment, there: list[tuple[BoundedFigure, Segment]], passages: Passages
) -> bool:
    """Tell whether a figure is covered."""
    covered = [(other, place) for other, place in there if _covers(other, place, one, segment)]
    if not covered:
        return _is_lenient(one, segment, there)
    if one.figure.kind in _COUNTED:
        same = [(other, place) for other, place in covered if _same_bound(one, segment, other, place)]
    else:
        same = [(other, place) for other, place in covered if _same_side(one, segment, other, place)]
    covering = {id(other) for other, _ in covered}
    others = [(other, place) for other, place in there if id(other) not in covering]
    return bool(same) and is_attached(one, segment, same, others, passages)


def _covers(other: BoundedFigure, place: Segment, one: BoundedFigure, segment: Segment) -> bool:
    """Tell whether a figure of a passage says what one of the sentence does."""
    mine, theirs = one.figure, other.figure
    if agrees(mine, theirs):
        return True
    if mine.kind in _DATES and (theirs.kind in _DATES or theirs.kind == "number"):
        return _covers_date(str(theirs.value), str(mine.value), place)
    if mine.kind == "percentage" and theirs.kind == "number" and _PERCENT_BEHIND.match(place.text, theirs.end):
        return mine.value == theirs.value
    if mine.kind == "period" and theirs.kind == "number" and _is_elliptical(theirs, place):
        return not isinstance(theirs.value, str) and mine.value in {theirs.value * unit for unit in _UNITS}
    if {mine.kind, theirs.kind} <= {"percentage", "number"}:
        return _is_share(mine, theirs)
    if mine.kind in _AMOUNTS and theirs.kind in _AMOUNTS:
        return _in_tons(mine, segment) == _in_tons(theirs, place)
    if {mine.kind, theirs.kind} == {"ordinal", "number"}:
        return mine.value == theirs.value and mine.value != 1
    if mine.kind == "period" and theirs.kind == "number" and _OLD.match(segment.text, mine.end):
        return not isinstance(theirs.value, str) and mine.value == theirs.value * 12
    if mine.kind == "number" and theirs.kind == "period" and not isinstance(mine.value, str):
        # The unit stands behind the other end only: "minimaal twee en maximaal vier jaar".
        ends = [x.figure for x in segment.figures if x.figure.kind == "period" and x.figure.start > mine.end]
        return bool(ends) and theirs.value in {mine.value * unit for unit in _UNITS}
    return False


def _is_elliptical(figure: Figure, place: Segment) -> bool:
    """Tell whether the unit of a figure stands behind an earlier one only: "four hours, and students six"."""
    return bool(_ALONE.match(place.text, figure.end))


def _covers_date(theirs: str, mine: str, place: Segment) -> bool:
    """Tell whether a date covers another: the same, or the other leaves out day, month or year."""
    if theirs == mine or theirs.startswith(mine + "-"):
        return True
    if mine.startswith("--"):
        month = theirs[2:] if theirs.startswith("--") else theirs[5:]
        return month == mine[2:] or month.startswith(mine[2:] + "-")
    if theirs.startswith("--") and len(mine) > 4:
        years = set(re.findall(r"\b(?:19|20)\d\d\b", place.text))
        return years == {mine[:4]} and (theirs[2:] == mine[5:] or theirs[2:].startswith(mine[5:] + "-"))
    return False


def _is_share(mine: Figure, theirs: Figure) -> bool:
    """Tell whether one is a half, quarter or other share and the other the same in percent."""
    if mine.kind == theirs.kind or isinstance(mine.value, str) or isinstance(theirs.value, str):
        return False
    share, percent = (mine, theirs) if mine.kind == "number" else (theirs, mine)
    return Decimal(share.value) < 1 and Decimal(share.value) * 100 == percent.value


def _in_tons(figure: Figure, place: Segment) -> Decimal | str:
    """Return the value of an amount; a Dutch "ton" of money is 100,000."""
    if figure.kind == "number" and not isinstance(figure.value, str) and _TON.match(place.text, figure.end):
        return figure.value * 100_000
    return figure.value


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
    if any(inside):
        mine, theirs = mine or "max" * inside[0], theirs or "max" * inside[1]
    if mine == theirs or (mine in _EXACT_BOUNDS and theirs in _EXACT_BOUNDS):
        return True
    if mine == "" and theirs == "about" and _DEFINITE.search(segment.text[: one.figure.start]):
        return True
    if {mine, theirs} in ({"under", "min"}, {"over", "max"}) and _is_turned(segment) != _is_turned(place):
        return True
    if {mine, theirs} <= {"", "max"} and "only" in {marker.kind for marker in (*segment.markers, *place.markers)}:
        return True
    return one.figure.kind == "magnitude" or (other.loose and mine == "") or (one.loose and theirs == "")


def _is_turned(place: Segment) -> bool:
    """Tell whether the sentence around a figure says what is not so: "below eight it is cancelled"."""
    return any(marker.kind in ("negation", "denial", "lack") for marker in markers_in(place.text))


def _bound(one: BoundedFigure, place: Segment) -> str:
    """Return the limit of a figure; "not more than" is at most, wherever the "not" stands."""
    if place.has("negation"):
        return {"over": "max", "under": "min"}.get(one.bound, one.bound)
    return one.bound


def _side(one: BoundedFigure, place: Segment) -> str:
    """Return on which side of a date something is: before, until, since or after; nothing for on it."""
    if _PART_OF_YEAR.match(place.text, one.figure.end):
        return ""
    match = _END.search(place.text[max(0, one.figure.start - 24) : one.figure.start])
    if match is None and one.in_range:
        ends = [x.figure.start for x in place.figures if x.in_range and x is not one]
        return "" if not ends else "since" if max(ends) > one.figure.start else "until"
    return (match.lastgroup or "") if match else ""


def _same_side(one: BoundedFigure, segment: Segment, other: BoundedFigure, place: Segment) -> bool:
    """Tell whether two dates limit on the same side."""
    mine, theirs = _side(one, segment), _side(other, place)
    if mine == theirs:
        return True
    if (mine in _STARTS and theirs in _ENDS) or (mine in _ENDS and theirs in _STARTS):
        return False
    if "for" in (mine, theirs):
        # Dutch "voor 2025" is before it, or meant for it.
        return True
    strict = {"before", "after"}
    return not (mine in strict and not theirs) and not (theirs in strict and not mine)


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
