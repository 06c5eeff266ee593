"""On which side of a date something is: before it, until it, since it or after it."""

from __future__ import annotations

import re

from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.reading import Segment

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
_BEGINS = re.compile(
    r"\b(?:opens?|opened|opening|starts?|started|begins?|began|begun|begin\w*|begon\w*|opent|opende|geopend|start\w*"
    r"|van start)\b",
    re.IGNORECASE,
)
_FINISHES = re.compile(
    r"\b(?:clos(?:es?|ed|ing)|ends?|ended|finish\w*|deadline|sluit\w*|sloot|gesloten|eindig\w*|geëindigd|afgelopen"
    r"|afgerond|completed)\b",
    re.IGNORECASE,
)


def _side(one: BoundedFigure, place: Segment) -> str:
    """Return on which side of a date something is: before, until, since or after; nothing for on it."""
    if _PART_OF_YEAR.match(place.text, one.figure.end):
        return ""
    match = _END.search(place.text[max(0, one.figure.start - 24) : one.figure.start])
    if match is None and one.in_range:
        ends = [x.figure.start for x in place.figures if x.in_range and x is not one]
        return "" if not ends else "since" if max(ends) > one.figure.start else "until"
    return (match.lastgroup or "") if match else ""


def same_side(one: BoundedFigure, segment: Segment, other: BoundedFigure, place: Segment) -> bool:
    """Tell whether two dates limit on the same side."""
    mine, theirs = _side(one, segment), _side(other, place)
    if other.in_range and not mine and not one.in_range:
        mine = _told_end(segment)
    if mine == theirs or segment.has("negation", "denial") != place.has("negation", "denial"):
        return True
    if (mine in _STARTS and theirs in _ENDS) or (mine in _ENDS and theirs in _STARTS):
        return False
    if "for" in (mine, theirs):
        # Dutch "voor 2025" is before it, or meant for it.
        return True
    strict = {"before", "after"}
    return not (mine in strict and not theirs) and not (theirs in strict and not mine)


def _told_end(place: Segment) -> str:
    """Return which end of a stretch of time a clause speaks of by its verb; nothing where it has both or none."""
    text = place.text[place.start : place.end]
    begins, finishes = _BEGINS.search(text) is not None, _FINISHES.search(text) is not None
    return "" if begins == finishes else "since" if begins else "until"
