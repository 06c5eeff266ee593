"""Mask what identifies a person in Dutch and English text: e-mail addresses, phone numbers, IBAN and BSN.

Amounts, dates, years, addresses of web pages and identifiers of documents stay as they are. Names are not masked:
nothing tells a person's name from that of an organisation with certainty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assistant.feedback.ibans import iban_spans

EMAIL_MASK = "[e-mail]"
PHONE_MASK = "[tel]"
IBAN_MASK = "[IBAN]"
BSN_MASK = "[BSN]"
MASKS = (EMAIL_MASK, PHONE_MASK, IBAN_MASK, BSN_MASK)
"""Each reads the same in both languages."""

_Span = tuple[int, int]
_EXACT_KEYS = frozenset("id document sha256 quote_sha256 index url status reason language answerer kind".split())
"""Keys of `presenter.to_dict` whose values are identifiers and codes of our own."""
_SPACE = r"[ \t\u00a0\u2007\u2009\u202f]"
_DASH = r"[-\u2010\u2011\u2012\u2013]"
_EMAIL = re.compile(
    rf"""
    (?<![\w.+'-])[\w.+'%-]{{1,64}}
    (?: @ | {_SPACE}?(?:\(at\)|\[at\]|\(apenstaartje\)|\[apenstaartje\]){_SPACE}? )
    [^\W_](?:[\w-]{{0,62}})
    (?: (?: \. | {_SPACE}?(?:\(dot\)|\[dot\]|\(punt\)|\[punt\]){_SPACE}? ) [^\W_][\w-]{{0,62}} ){{1,8}}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GAP = rf"(?:{_SPACE}|{_DASH}|[./()]){{0,3}}"
# A label may touch its number; one or two digits and a separator before it are the beginning of a date or a decimal.
_BEGIN = r"(?:(?<![\w+])|(?<=\bbsn)|(?<=\btel)|(?<=\bmob))(?<!(?<!\d)\d[.,/-])(?<!(?<!\d)\d\d[.,/-])"
_END = r"(?!\w)"
_SEPARATOR = rf"(?:{_SPACE}|{_DASH}|[./])"


def _national(area: str, digits: int) -> str:
    """Return the pattern of a number of so many digits behind an area code that is set apart."""
    return rf"(?:\({area}\)|{area}{_SEPARATOR})(?:{_GAP}\d){{{digits}}}{_END}"


# The Netherlands have ten digits, the United Kingdom eleven; a group that belongs to the text may follow the ten.
_NATIONAL = "|".join(
    _national(area, digits)
    for area, digits in (
        ("06", 8),
        (r"0[1-9]\d", 7),
        (r"0[1-9]\d\d", 6),
        (r"0[1-9]\d", 8),
        (r"0[1-9]\d\d", 7),
        (r"0[1-9]\d\d\d", 6),
    )
)
_PHONE = re.compile(
    rf"""
    {_BEGIN}(?:
        (?:\+|00){_SPACE}?31{_GAP}(?:\(?0\)?)?(?:{_GAP}\d){{9}}{_END}   # the Netherlands from abroad
      | (?:\+|00){_SPACE}?[1-9](?:{_GAP}\d){{7,14}}{_END}               # any country: E.164, 8 to 15 digits
      | 316\d{{8}}{_END}                                                # a Dutch mobile without its plus
      | 0[1-9]\d{{8,9}}{_END}                                           # national, in one piece
      | {_NATIONAL}                                                     # national, in groups
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DATE_FIRST = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)")
_THOUSANDS = re.compile(r"\+\s?\d{1,3}(?:[. \u00a0\u202f]\d{3})+")
_BSN = re.compile(
    rf"""
    {_BEGIN}(?:
        \d{{9}}
      | (?<!\d[. ])\d{{3}}([.]|{_SPACE}|{_DASH})\d{{3}}\1\d{{3}}
      | \d{{4}}([.]|{_SPACE}|{_DASH})\d{{2}}\2\d{{3}}
    ){_END}(?!(?:[.,]|{_SPACE})\d{{3}}(?!\d))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(r"(?:€|\$|£|\b(?:EUR|USD|GBP|euro))\s?[+-]?$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    rf",-|[.,]\d{{1,2}}(?!\d)|{_SPACE}?(?:€|\$|£|%"
    r"|(?:EUR|euros?|miljoen|miljard|million|billion|procent|percent|pounds?|dollars?)\b)",
    re.IGNORECASE,
)
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# What stands after the question mark of an address can be anything that a person typed into a form.
_ADDRESS = re.compile(r"(?:https?://|www\.)(?!wa\.me)[^\s<>\"“”?#]+|\b10\.\d{4,9}/\S+", re.IGNORECASE)


def mask(text: str) -> str:
    """Return the text with each piece of personal data replaced by its kind; masking twice changes nothing more."""
    for find, replacement in _MASKS:
        text = _replaced(text, find(text), replacement)
    return text


def mask_all(value: Any) -> Any:
    """Return plain values (as of JSON) with every text in them masked, but for identifiers and codes."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: one if key in _EXACT_KEYS else mask_all(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask_all(one) for one in value]
    return value


def is_bsn(digits: str) -> bool:
    """Tell whether nine digits pass the eleven test of the Dutch citizen service number.

    Source: Rijksdienst voor Identiteitsgegevens, "Burgerservicenummer": 9a + 8b + ... + 2h - i is a multiple of 11.
    """
    return (
        len(digits) == len(_BSN_WEIGHTS)
        and digits.strip("0") != ""
        and sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True)) % 11 == 0
    )


def _emails(text: str) -> list[_Span]:
    """Return where the e-mail addresses stand."""
    return [match.span() for match in _EMAIL.finditer(text)]


def _phones(text: str) -> list[_Span]:
    """Return where the phone numbers stand."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    return [
        match.span()
        for match in _PHONE.finditer(text)
        if not _DATE_FIRST.match(match.group())
        and not _is_growth(text, *match.span())
        and not _within(match.span(), addresses)
    ]


def _is_growth(text: str, start: int, end: int) -> bool:
    """Tell whether a candidate is a number with a plus, as "+12.500.000" or "+25000000 euro"."""
    written = text[start:end]
    # No number of ours begins with a zero, and a Dutch one may be written in threes: +31.612.345.678.
    if not written.startswith("+") or _digits(written).startswith("31"):
        return False
    return bool(_THOUSANDS.fullmatch(written)) or _is_amount(text, start, end)


def _bsns(text: str) -> list[_Span]:
    """Return where the citizen service numbers stand; nine digits of an amount may pass the test by chance."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    return [
        match.span()
        for match in _BSN.finditer(text)
        if is_bsn(_digits(match.group()))
        and not _is_amount(text, *match.span())
        and not _within(match.span(), addresses)
    ]


def _is_amount(text: str, start: int, end: int) -> bool:
    """Tell whether a currency or a unit of amounts stands right beside a number."""
    return bool(_CURRENCY_BEFORE.search(text, max(0, start - 8), start) or _AMOUNT_AFTER.match(text, end))


def _digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(character for character in text if character.isdecimal())


def _within(span: _Span, others: Iterable[_Span]) -> bool:
    """Tell whether a stretch lies within one of the others."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _replaced(text: str, spans: Iterable[_Span], replacement: str) -> str:
    """Return the text with each stretch replaced."""
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], replacement]
        last = end
    return "".join([*parts, text[last:]])


# An IBAN goes first, for its digits may look like a phone number.
_MASKS: tuple[tuple[Callable[[str], list[_Span]], str], ...] = (
    (_emails, EMAIL_MASK),
    (iban_spans, IBAN_MASK),
    (_phones, PHONE_MASK),
    (_bsns, BSN_MASK),
)
