"""Amounts, percentages, periods, years, numbers and ordinals: numerals with what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.figures.figure import Figure, FigureKind
from assistant.figures.numerals import Numeral, digits_value, numerals
from assistant.types import Language

_MULTIPLIERS: dict[Language, dict[str, int]] = {
    # Long and short scale: a Dutch biljoen is an English trillion.
    "nl": {"honderd": 2, "duizend": 3, "miljoen": 6, "miljard": 9, "biljoen": 12, "million": 6, "billion": 9},
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "miljoen": 6, "miljard": 9},
}
_SHORT_MULTIPLIERS = {"mln": 6, "mio": 6, "mn": 6, "mld": 9, "mrd": 9, "bn": 9, "tn": 12, "k": 3}
_MONEY_MULTIPLIERS = {"m": 6, "M": 6, "K": 3, "b": 9, "B": 9}
"""Only beside a currency: "5 m" is five metres, "4K" a screen."""
_CURRENCIES = {"€": "EUR", "eur": "EUR", "euro": "EUR", "$": "USD", "usd": "USD", "dollar": "USD", "£": "GBP"}
_CURRENCIES |= {"gbp": "GBP", "pond": "GBP", "pound": "GBP"}
_CURRENCY_BEFORE = re.compile(r"(?:(?P<power>[kM])?(?P<sign>[€$£])|\b(?P<code>EUR|USD|GBP))\s?\Z")
_CURRENCY_AFTER = re.compile(
    r"(?:,[-–—]{1,2})?[\s-]?(?:(?P<power>[kM])?(?P<sign>[€$£])(?!\s?\d)|(?P<code>EUR|USD|GBP)\b|(?P<word>euro|dollar|pond|pound)(?:['’]?s)?\b)",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"[\s-]?([^\W\d_]+)\b")
_DASHES = re.compile(r",[-–—]{1,2}(?!\d)")
_PERCENT = re.compile(
    r"\s?(?:%(?P<sign_point>-?punt)?|(?:procent|percent|per\s+cent|pct)(?P<point>punt(?:en)?|[- ]points?)?\b|percentage"
    r"(?P<points>punt(?:en)?|[- ]points?)\b|-?procents?\b)",
    re.IGNORECASE,
)
_PERIODS: list[tuple[str, str, int]] = [
    (r"eeuw(?:en)?|centur(?:y|ies)", "month", 1200),
    (r"decenni(?:um|a)|decades?", "month", 120),
    (r"(?:kalender|school)?ja(?:ar|ren)|jarig(?:e|en)?|jaars|(?:calendar )?years?", "month", 12),
    (r"kwarta(?:al|len)|quarters?(?!\s+of\s+the\b)", "month", 3),
    (r"maand(?:en|s|se)?|months?", "month", 1),
    (r"we(?:ek|ken|eks|ekse)|weeks?", "day", 7),
    (r"dag(?:en)?|daags(?:e)?|days?", "day", 1),
    (r"u(?:ur|ren|urs|rige?)|hours?|hrs", "minute", 60),
    (r"kwartier(?:en|tje|s)?", "minute", 15),
    (r"minu(?:ut|ten|uts)|minutes?", "minute", 1),
]
_PERIOD = [
    (
        re.compile(
            rf"(?:\s+(?:volle|hele|full|whole|consecutive|more|extra|additional))?[\s-]?(?:{words})\b", re.IGNORECASE
        ),
        unit,
        size,
    )
    for words, unit, size in _PERIODS
]
_TO = r"-|–|—|/|à|\b(?:tot|t/m|tot en met|tot aan|naar|to|through|up to|till|until|or)\b"
_ABOUT = r"(?:ongeveer|circa|bijna|ruim|about|almost|nearly)\s+"
_BOTH: dict[Language, re.Pattern[str]] = {
    "nl": re.compile(rf"\s*(?:{_TO}|\bof\b)\s*(?:{_ABOUT})?", re.IGNORECASE),
    "en": re.compile(rf"\s*(?:{_TO})\s*(?:{_ABOUT})?", re.IGNORECASE),
}
_AND = re.compile(r"\s+(?:en|and)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:tussen|between)\s+(?:(?:de|the)\s+)?$", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1500, 2199


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A numeral with its multiplier and its unit."""

    numeral: Numeral
    start: int
    end: int
    power: int | None = None
    """Zeros of the multiplier; None where there is none."""
    kind: FigureKind | None = None
    unit: str = ""
    size: int = 1
    """Length of a period in its unit."""
    before: bool = False
    """Whether the unit stands before the number, as in € 5."""

    @property
    def value(self) -> Decimal:
        """The number with its multiplier."""
        return self.numeral.value.scaleb(self.power or 0)


def quantities(text: str, language: Language) -> list[Figure]:
    """Return everything that is counted or measured, from a text without codes, dates and times.

    Two numbers are a range, or alternatives, when "tot", "to", a dash or "of"/"or" stands between them, or "en"/"and"
    after "tussen"/"between". The unit and the multiplier behind the second then hold for the first as well, and a
    currency before the first for a second that is not smaller ("€40 million to 36 projects" is no range). A multiplier
    does not where the first number would become the larger one: in "500.000 tot 1 miljoen" the first is half a million.
    """
    found: list[_Quantity] = []
    for numeral in numerals(text, language):
        # "duizend" in "850 duizend" is the multiplier of the number before.
        if not found or numeral.start >= found[-1].end:
            one = _quantity(text, numeral, language, found[-1].end if found else 0)
            if not numeral.article or one.kind in ("amount", "percentage") or one.power is not None:
                found.append(one)
    return [_figure(one) for one in _shared(found, text, language)]


def _quantity(text: str, numeral: Numeral, language: Language, after: int) -> _Quantity:
    """Add what stands directly around a numeral; `after` is where the quantity before it ends."""
    if numeral.ordinal:
        return _Quantity(numeral, numeral.start, numeral.end, kind="ordinal")
    made = _Quantity(numeral, numeral.start, numeral.end)
    before = _CURRENCY_BEFORE.search(text[max(after, numeral.start - 6) : numeral.start])
    if before:
        unit = _CURRENCIES[(before["sign"] or before["code"]).lower()]
        made = replace(made, start=numeral.start - len(before.group()), kind="amount", unit=unit, before=True)
        made = _with_power(made, before["power"])
    made = _multiplied(text, made, language)
    made = _with_unit(text, made)
    # An amount of money ends in two decimals, so that its shape says more than the language does.
    if made.kind == "amount" and numeral.raw and made.power is None:
        exact = digits_value(numeral.raw, language, money=True)
        made = made if exact is None else replace(made, numeral=replace(numeral, value=exact))
    return made


def _multiplied(text: str, made: _Quantity, language: Language) -> _Quantity:
    """Add a multiplier such as "miljoen", "mln" or "k"."""
    match = _NEXT_WORD.match(text, made.end)
    if match is None:
        return made
    word, spaced = match[1], match.group() != match[1]
    power = _MULTIPLIERS[language].get(word.lower()) or _SHORT_MULTIPLIERS.get(word.lower() if len(word) > 1 else word)
    if (
        power is None
        and word in _MONEY_MULTIPLIERS
        and (made.kind == "amount" or _CURRENCY_AFTER.match(text, match.end()))
    ):
        power = _MONEY_MULTIPLIERS[word]
    if power is None or (len(word) == 1 and spaced and not made.kind):
        return made
    return replace(made, end=match.end(), power=(made.power or 0) + power)


def _with_power(made: _Quantity, letter: str | None) -> _Quantity:
    """Add the multiplier of M€ or k€."""
    return replace(made, power={"k": 3, "M": 6}[letter]) if letter else made


def _with_unit(text: str, made: _Quantity) -> _Quantity:
    """Add the unit behind a number."""
    percent = _PERCENT.match(text, made.end)
    if percent and not made.kind:
        points = percent["sign_point"] or percent["point"] or percent["points"]
        return replace(made, end=percent.end(), kind="percentage", unit="point" if points else "")
    currency = _CURRENCY_AFTER.match(text, made.end)
    if currency:
        unit = _CURRENCIES[(currency["sign"] or currency["code"] or currency["word"]).lower()]
        made = replace(made, end=currency.end(), kind="amount", unit=unit)
        return _with_power(made, currency["power"])
    dashes = _DASHES.match(text, made.end)
    if dashes and made.kind:
        return replace(made, end=dashes.end())
    if made.kind or made.power is not None:
        return made
    for pattern, unit, size in _PERIOD:
        period = pattern.match(text, made.end)
        if period:
            return replace(made, end=period.end(), kind="period", unit=unit, size=size)
    return made


def _shared(found: Sequence[_Quantity], text: str, language: Language) -> list[_Quantity]:
    """Let units and multipliers hold for both ends of a range."""
    made = list(found)
    for number in range(len(made) - 1, 0, -1):
        one, other = made[number - 1], made[number]
        between = text[one.end : other.start]
        if "ordinal" in (one.kind, other.kind) or not _joined(between, text[: one.start], language):
            continue
        if one.kind is None and (not _is_year(one) or len(other.numeral.raw) == 4):
            made[number - 1] = replace(one, power=_power(one, other), kind=other.kind, unit=other.unit, size=other.size)
        elif one.kind == "amount":
            made[number - 1] = replace(one, power=_power(one, other))
            if other.kind is None and one.before and other.value >= made[number - 1].value:
                made[number] = replace(other, kind="amount", unit=one.unit)
    return made


def _power(one: _Quantity, other: _Quantity) -> int | None:
    """Return the multiplier of the first end of a range."""
    if one.power is None and other.power and one.numeral.value.scaleb(other.power) <= other.value:
        return other.power
    return one.power


def _joined(between: str, before: str, language: Language) -> bool:
    """Tell whether two numbers are the ends of a range, or alternatives."""
    either = _BOTH[language].fullmatch(between)
    return bool(either) or bool(_AND.fullmatch(between) and _BETWEEN.search(before))


def _is_year(one: _Quantity) -> bool:
    """Tell whether a number is written as a year."""
    raw = one.numeral.raw
    return raw.isdigit() and len(raw) == 4 and _FIRST_YEAR <= int(raw) <= _LAST_YEAR and one.power is None


def _figure(one: _Quantity) -> Figure:
    """Return a quantity as a figure."""
    kind: FigureKind = one.kind or ("year" if _is_year(one) else "number")
    value = Decimal(format((one.value * one.size).normalize(), "f"))
    # "one" before a unit or a multiplier is the number; before a period it may stand for "a".
    sure = one.numeral.sure or kind in ("amount", "percentage") or one.power is not None
    return Figure(kind, value, one.start, one.end, one.unit, sure)
