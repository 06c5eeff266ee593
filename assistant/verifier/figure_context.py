"""What the words around a figure say of it: a total or each, asked or granted, the old or the new one of a change."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.verifier.reading import Segment

_TOTAL = re.compile(
    r"\b(?:total|totaal|totale|samen|gezamenlijk\w*|together|combined|in all|overall|altogether"
    r"|shares?|shared|delen|verdelen)\b",
    re.I,
)
_EACH = re.compile(
    r"\b(?:each|elke?|iedere?|every|apiece|afzonderlijk\w*|separately)\b"
    r"|\bper (?!jaar|year|maand|month|week|kwartaal|quarter|\d|cent\b)",
    re.I,
)
_STOP = re.compile(r"[,;:.()]\s")
_CHANGED = (
    r"(?:replac\w+|vervang\w*|vervangt|vervangen|moved|verzet|verplaatst|verschoven|verschoof|postponed|put back"
    r"|brought forward|uitgesteld|chang\w+|gewijzigd|wijzig\w*|veranderd\w*|raised|lowered|verhoogd\w*|verlaagd\w*"
    r"|steeg|stegen|stijg\w*|gestegen|daal\w*|daald\w*|gedaald|groei\w*|gegroeid|r[io]se|risen|f[ae]ll|fallen|dropped|gr[eo]w|grown"
    r"|increased|decreased|went|gone|going|ging|gingen|gegaan)"
)
_NEW = re.compile(
    rf"\b{_CHANGED}\b.{{0,60}}?\b(?:to|naar|until|tot|by|with|door|in)\W+(?:(?:the|de|het|week|van|of|op)\W+)*$"
    r"|\b(?:became|werden|is now|are now|is nu|zijn nu)\W+$",
    re.I,
)
_OLD = re.compile(
    rf"\b(?:first|originally|initially|oorspronkelijk|eerst|aanvankelijk|gepland|planned|scheduled|instead of"
    r"|in plaats van|formerly|previously|voorheen)\b[^,;.]{0,40}$|\b(?:replac(?:es?|ed|ing)|vervangt|vervangen)\W+$"
    rf"|\b{_CHANGED}\s+(?:from|van)\W+(?:(?:the|de|week|of|van)\W+)*$",
    re.I,
)
_OLD_BEHIND = re.compile(
    r"\W*(?:procent|percent|euros?)?\W*(?:was|were|is|werd|werden|wordt|has been|have been)\s+"
    rf"(?:{_CHANGED}|became)\b|\W*(?:became|werden)\b",
    re.I,
)


_BESIDE = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a figure."""

    scale: str
    """"total", "each", or nothing."""
    change: str
    """"old", "new", or nothing."""
    contrasts: frozenset[tuple[int, int]]
    """Number and side of the words that exclude others."""
    turned: bool
    """Whether a negation stands in the segment."""


def context_of(place: Segment, start: int, end: int, left: int, right: int) -> Context:
    """Return the context of the figure text[start:end], which may reach from left to right."""
    near = place.text[left:start] + " # " + place.text[end:right]
    total, each = _TOTAL.search(near), _EACH.search(near)
    scale = "" if bool(total) == bool(each) else "total" if total else "each"
    before = place.text[max(0, start - 90) : start]
    change = "new" if _NEW.search(before) else ""
    if not change and (_OLD.search(before) or _OLD_BEHIND.match(place.text, end)):
        change = "old"
    return Context(scale, change, _contrasts(place, start, end, left, right), place.has("negation", "denial"))


def agree(one: Context, other: Context) -> bool:
    """Tell whether two contexts can be of the same figure."""
    if {one.scale, other.scale} == {"total", "each"} or {one.change, other.change} == {"old", "new"}:
        return False
    if one.turned or other.turned:
        return True
    numbers = {number for number, _ in one.contrasts} & {number for number, _ in other.contrasts}
    return all(
        any((number, side) in other.contrasts for group, side in one.contrasts if group == number) for number in numbers
    )


def _contrasts(place: Segment, start: int, end: int, left: int, right: int) -> frozenset[tuple[int, int]]:
    """Return the excluding words right behind a figure, or before it where none follow in the same part."""
    stop = _STOP.search(place.text, end, right)
    right = stop.start() if stop else right
    behind = frozenset((word.number, word.side) for word in place.contrasts if end <= word.start < right)
    left = max(left, start - _BESIDE)
    return behind or frozenset((word.number, word.side) for word in place.contrasts if left <= word.start < start)
