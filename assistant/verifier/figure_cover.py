"""Whether a figure of a passage says what one of a sentence says, however each is written."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.figures import Figure, agrees, figures_in
from assistant.types import Language
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.reading import Segment

_DATES = frozenset({"date", "year"})
_AMOUNTS = frozenset({"amount", "number"})
_TON = re.compile(r"\s*ton\b(?!nen)", re.IGNORECASE)
_UNITS = (1, 7, 12, 60)
_ALONE = re.compile(r"\s*(?:[.,;]|$)")
_PERCENT_BEHIND = re.compile(
    r"\s+(?:tegen|against|en|and|to|tot|naar|versus|vs\.?|of|or)\s+[\d.,]+\s*(?:procent|percent|per cent|%)",
    re.IGNORECASE,
)
_OLD = re.compile(r"\s*(?:old|oud|of age)\b", re.IGNORECASE)
_PART = re.compile(r"\s*(?:of|van|out of|van de in totaal)\s+(?:(?:the|de|die|these|those|deze)\s+)?", re.IGNORECASE)
_WEEKDAYS = (
    "maandag monday", "dinsdag tuesday", "woensdag wednesday", "donderdag thursday", "vrijdag friday",
    "zaterdag saturday", "zondag sunday",
)  # fmt: skip
_WEEKDAY = re.compile(r"\b(\w+day|\w+dag)\b,?\s+(?:(?:the|de)\s+)?$", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:phase|fase|track|spoor|round|ronde|week|stap|step|deel|part|module|stage|jaar|year|lid|tranche)\s$", re.I
)
_ARTICLE = re.compile(r"\b(?:een|a|one|één)\s+$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:en|and)\s+", re.IGNORECASE)
_REST = 30
"""Characters."""
_LANGUAGES: tuple[Language, ...] = ("nl", "en")
_WHOLE = 100
"""Percent."""
_HALF_DAY = 12
_AGED = re.compile(
    r"\b(?:jonger|ouder|younger|older|under|over|aged|onder|boven|vanaf|turned|leeftijd van)\s+"
    r"(?:dan\s+|than\s+|de\s+)?$",
    re.I,
)
_CLOCK = re.compile(r"\b(?:om|tot|v[oó][oó]r|vanaf|rond|na|at|by|until|from)\s+$", re.IGNORECASE)
_EXACT = frozenset({"", "exact"})
_ROUGHLY = Decimal("0.1")
"""A rounding that is further off is no longer honest."""


def covers(other: BoundedFigure, place: Segment, one: BoundedFigure, segment: Segment) -> bool:
    """Tell whether a figure of a passage says what one of the sentence does."""
    mine, theirs = one.figure, other.figure
    if mine.kind in _DATES and _on_other_day(mine, segment, theirs, place):
        return False
    if agrees(mine, theirs):
        return True
    if mine.kind in _DATES and (theirs.kind in _DATES or theirs.kind == "number"):
        return _covers_date(str(theirs.value), str(mine.value), place)
    if mine.kind == theirs.kind == "time":
        return _same_time(mine, segment, theirs)
    if {mine.kind, theirs.kind} == {"time", "period"}:
        return _is_hour(mine, segment, theirs) or _is_hour(theirs, place, mine)
    if "period" in (mine.kind, theirs.kind):
        return _covers_period(theirs, place, mine, segment)
    return _covers_share(theirs, place, mine, segment) or _covers_count(theirs, place, mine, segment)


def _covers_period(theirs: Figure, place: Segment, mine: Figure, segment: Segment) -> bool:
    """Tell whether a period is another in other units, or a number of which the unit stands elsewhere."""
    if mine.kind == theirs.kind:
        return _in_parts(mine, theirs, place) or _in_parts(theirs, mine, segment)
    if mine.kind == "period" and theirs.kind == "number" and not isinstance(theirs.value, str):
        if _is_elliptical(theirs, place):
            return mine.value in {theirs.value * unit for unit in _UNITS}
        return bool(_OLD.match(segment.text, mine.end)) and mine.value == theirs.value * 12
    if mine.kind == "number" and theirs.kind == "period" and not isinstance(mine.value, str):
        if _AGED.search(segment.text[: mine.start]) and theirs.value == mine.value * 12:
            return True
        # The unit stands behind the other end only: "minimaal twee en maximaal vier jaar".
        periods = [x.figure for x in segment.figures if x.figure.kind == "period"]
        ends = [x for x in periods if x.start > mine.end or _is_elliptical(mine, segment)]
        return bool(ends) and theirs.value in {mine.value * unit for unit in _UNITS}
    return False


def _covers_share(theirs: Figure, place: Segment, mine: Figure, segment: Segment) -> bool:
    """Tell whether a share is another: a half is 50 percent, a fifth 20, "two of the four" a half."""
    if theirs.kind == "number" and mine.kind in ("number", "percentage") and _is_share_of(mine, theirs, place):
        return True
    if mine.kind == "percentage" and theirs.kind == "number" and _PERCENT_BEHIND.match(place.text, theirs.end):
        return mine.value == theirs.value
    if mine.kind == "number" and theirs.kind == "percentage" and _PERCENT_BEHIND.match(segment.text, mine.end):
        return mine.value == theirs.value
    if mine.kind == "ordinal" and theirs.kind == "percentage" and _ARTICLE.search(segment.text[: mine.start]):
        return not isinstance(mine.value, str) and mine.value * Decimal(theirs.value) == _WHOLE
    return {mine.kind, theirs.kind} <= {"percentage", "number"} and _is_share(mine, theirs)


def _covers_count(theirs: Figure, place: Segment, mine: Figure, segment: Segment) -> bool:
    """Tell whether a number, an amount or an ordinal is another."""
    if mine.kind in _AMOUNTS and theirs.kind in _AMOUNTS:
        return _in_tons(mine, segment) == _in_tons(theirs, place)
    if {mine.kind, theirs.kind} == {"ordinal", "number"}:
        return mine.value == theirs.value and (
            mine.value != 1 or is_label(mine, segment.text) or is_label(theirs, place.text)
        )
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


def rounds(one: BoundedFigure, other: BoundedFigure) -> bool:
    """Tell whether a figure with "over", "about" or "almost" is the right rounding of an exact one."""
    mine, theirs = one.figure.value, other.figure.value
    same_kind = one.figure.kind == other.figure.kind or {one.figure.kind, other.figure.kind} == _AMOUNTS
    if not same_kind or isinstance(mine, str) or isinstance(theirs, str) or other.bound not in _EXACT or not mine:
        return False
    step = Decimal(1).scaleb(int(mine.normalize().as_tuple().exponent))
    if abs(mine - theirs) > min(step, mine * _ROUGHLY):
        return False
    return {
        "over": theirs > mine,
        "almost": theirs < mine,
        "about": abs(mine - theirs) * 2 <= step,
    }.get(one.bound, False)


def is_label(figure: Figure, text: str) -> bool:
    """Tell whether a number stands right behind the noun that it numbers: "phase 1"."""
    return figure.kind == "number" and _LABEL.search(text[: figure.start]) is not None


def _in_parts(whole: Figure, first: Figure, place: Segment) -> bool:
    """Tell whether a period is written in two units: "two years and three months"."""
    link = _AND.match(place.text, first.end)
    if link is None or first.unit != whole.unit or isinstance(first.value, str):
        return False
    # The rest may stand in another segment, for "and" divides clauses too.
    rest = place.text[link.end() : link.end() + _REST]
    return any(
        figure.kind == "period"
        and figure.start == 0
        and figure.unit == first.unit
        and not isinstance(figure.value, str)
        and figure.value + first.value == whole.value
        for language in _LANGUAGES
        for figure in figures_in(rest, language)
    )


def _is_share_of(figure: Figure, other: Figure, place: Segment) -> bool:
    """Tell whether a share is that of a part in its whole: half is "two of the four"."""
    if isinstance(figure.value, str) or isinstance(other.value, str):
        return False
    share = figure.value / 100 if figure.kind == "percentage" else figure.value
    if not 0 < share < 1:
        return False
    return any(
        not isinstance(whole.figure.value, str)
        and whole.figure.value
        and _PART.fullmatch(place.text, other.end, whole.figure.start)
        and other.value / whole.figure.value == share
        for whole in place.figures
        if whole.figure.start > other.end
    )


def _on_other_day(mine: Figure, segment: Segment, theirs: Figure, place: Segment) -> bool:
    """Tell whether two dates are said to be different days of the week."""
    days = [_WEEKDAY.search(text) for text in (segment.text[: mine.start], place.text[: theirs.start])]
    numbers = [
        number for match in days if match for number, line in enumerate(_WEEKDAYS) if match[1].lower() in line.split()
    ]
    return len(set(numbers)) > 1


def _is_hour(period: Figure, place: Segment, time: Figure) -> bool:
    """Tell whether "twelve o'clock" was read as twelve hours, and is the time."""
    if period.kind != "period" or isinstance(period.value, str) or not _CLOCK.search(place.text[: period.start]):
        return False
    written = str(time.value)
    return written[3:] == "00" and int(written[:2]) % _HALF_DAY == period.value % _HALF_DAY


def _same_time(mine: Figure, segment: Segment, theirs: Figure) -> bool:
    """Tell whether a time in words, which leaves open the half of the day, is another."""
    in_words = segment.text[mine.start : mine.end].lower().startswith("half")
    hours = [int(str(value)[:2]) for value in (mine.value, theirs.value)]
    return in_words and hours[0] % _HALF_DAY == hours[1] % _HALF_DAY and str(mine.value)[2:] == str(theirs.value)[2:]
