"""Numbers as digits or words, before anything is known about what they count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.figures.words import NUMBER_WORDS, ORDINAL_WORDS, ORDINALS, number_word
from assistant.types import Language

_DIGITS = re.compile(
    r"(?<![\w.,])(?:(?<![^\s(])[-−](?=\d))?"
    r"\d(?:\d|[.,’](?=\d)|[\u00a0\u202f\u2009](?=\d{3}(?!\d))|\ (?=000(?!\d)))*[½¼¾]?|[½¼¾]"
)
_DIGIT_ORDINAL = re.compile(r"(?:e|de|ste|st|nd|rd|th)\b")
_HALF = Decimal("0.5")
_FRACTIONS = {"½": _HALF, "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_SPACES = re.compile("[\u00a0\u202f\u2009 ’]")
_AND_A_HALF = {
    "nl": re.compile(r"(?:\s+en\s+een\s+|[eë]n)(?:half|halve)\b", re.IGNORECASE),
    "en": re.compile(r"\s+and\s+a\s+half\b", re.IGNORECASE),
}
_FRACTION_WORDS: dict[Language, list[tuple[re.Pattern[str], Decimal]]] = {
    "nl": [
        (re.compile(r"\banderhal(?:f|ve)\b", re.IGNORECASE), Decimal("1.5")),
        (re.compile(r"\bdriekwart\b", re.IGNORECASE), Decimal("0.75")),
        (re.compile(r"\b(?:een\s+)?kwart\b", re.IGNORECASE), Decimal("0.25")),
        (re.compile(r"\b(?:een\s+)?hal(?:f(?=jaar\b|uur\b|\b)|ve\b)|\bhelft\b", re.IGNORECASE), Decimal("0.5")),
    ],
    "en": [
        (re.compile(r"\bthree[- ]quarters(?=\s+of\b)", re.IGNORECASE), Decimal("0.75")),
        (re.compile(r"\ba\s+quarter(?=\s+of\b)", re.IGNORECASE), Decimal("0.25")),
        (re.compile(r"\b(?:an?\s+)?half(?:\s+an?\b)?\b", re.IGNORECASE), Decimal("0.5")),
    ],
}
_IN_SO_MANY: dict[Language, re.Pattern[str]] = {
    "nl": re.compile(r"(?<!\w)(?P<part>[eé]́?[eé]́?n|\w+)\s+op\s+(?:de|elke|iedere)\s+(?P<whole>\w+)\b", re.IGNORECASE),
    "en": re.compile(
        r"(?<!\w)(?P<part>\w+)\s+(?:in(?:\s+every)?|out\s+of\s+every)\s+"
        r"(?P<whole>two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,2}(?=\s+[a-z]))\b(?!\s+(?:of|years?|months?|weeks?|days?))",
        re.IGNORECASE,
    ),
}
"""A share as "one in four", "drie op de vijf"."""
_PART_OF_A_PAIR = re.compile(
    r"\b(?:eerste|tweede|laatste|andere|first|second|last|latter|other|better)\s+$", re.IGNORECASE
)
_NO_NUMBER_ACHT = re.compile(r"\s+(?:het|de|dit|dat|deze|zich|genomen|nemen|neemt|nam)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it stands in a text."""

    value: Decimal
    start: int
    end: int
    raw: str
    """Digits as they are written; nothing for words."""
    ordinal: bool = False
    sure: bool = True
    article: bool = False
    """Dutch "een" without accents, English "a": a number only before a multiplier or a unit such as "procent"."""


def numerals(text: str, language: Language) -> list[Numeral]:
    """Return the numbers of a text in order, digits with the value that fits most shapes in the language."""
    found: list[Numeral] = []
    words, fractions = _words(text, language), _fractions(text, language)
    for numeral in [
        *_shares(text, language),
        *_digits(text, language),
        *_ordinals(text, language),
        *(fraction for fraction in fractions if fraction.value > _HALF),
        *(word for word in words if not word.article),
        *(fraction for fraction in fractions if fraction.value <= _HALF),
        *(word for word in words if word.article),
    ]:
        if all(numeral.end <= other.start or other.end <= numeral.start for other in found):
            found.append(numeral)
    return sorted(found, key=lambda numeral: numeral.start)


def digits_value(raw: str, language: Language, money: bool = False) -> Decimal | None:
    """Return the value of digits with points and commas; None for a list such as 1,2,3.

    1. The last of two different signs is the decimal one: 1.234,56 and 1,234.56.
    2. A sign that occurs twice, always before three digits, is a thousands separator in any language: 1.000.000.
    3. A sign before other than three digits, or behind a single 0, is the decimal one in any language: 2,5 and 2.5.
    4. A sign before three digits is what the language makes of it: nl 850.000 and en 850,000 are 850 thousand,
       nl 1,234 and en 1.234 are a bit more than one. But it separates thousands in any language where an amount of
       money stands (money has no thousandths: "EUR 600,000" in Dutch) or where the three digits are zeros.
    """
    number = _SPACES.sub("", raw).replace("−", "-")
    signs = [character for character in number if character in ".,"]
    if not signs:
        return Decimal(number)
    whole, last = number[: number.rindex(signs[-1])], number[number.rindex(signs[-1]) + 1 :]
    if len(set(signs)) == 2:
        fits = signs.count(signs[-1]) == 1 and _in_threes(whole.replace(signs[0], ","))
        return Decimal(re.sub("[.,]", "", whole) + "." + last) if fits else None
    if len(signs) > 1:
        return Decimal(number.replace(signs[0], "")) if _in_threes(number.replace(signs[0], ",")) else None
    thousands = len(last) == 3 and whole.lstrip("-") != "0" and len(whole.lstrip("-")) <= 3
    own = signs[0] == ("." if language == "nl" else ",")
    if thousands and (own or money or last == "000"):
        return Decimal(whole + last)
    return Decimal(f"{whole}.{last}")


def _in_threes(number: str) -> bool:
    """Tell whether commas cut a number into groups of three."""
    return re.fullmatch(r"-?\d{1,3}(?:,\d{3})*", number) is not None


def _digits(text: str, language: Language) -> list[Numeral]:
    """Return the numbers that are written as digits."""
    found = []
    for match in _DIGITS.finditer(text):
        raw, end = match.group(), match.end()
        extra = _FRACTIONS.get(raw[-1:], Decimal(0))
        raw = raw[:-1] if extra else raw
        value = digits_value(raw, language) if raw else Decimal(0)
        if value is None:
            found += [Numeral(Decimal(one.group()), match.start() + one.start(), match.start() + one.end(), one.group())
                      for one in re.finditer(r"\d+", raw)]  # fmt: skip
            continue
        ordinal = _DIGIT_ORDINAL.match(text, end) if raw.isdigit() else None
        half = _AND_A_HALF[language].match(text, end)
        if half and not ordinal:
            extra, end = _HALF, half.end()
        end = ordinal.end() if ordinal else end
        found.append(Numeral(value + extra, match.start(), end, "" if extra else raw, ordinal=bool(ordinal)))
    return found


def _fractions(text: str, language: Language) -> list[Numeral]:
    """Return halves and quarters; not those of "the second half", which is a part and not a share."""
    return [
        Numeral(value, match.start(), match.end(), "")
        for pattern, value in _FRACTION_WORDS[language]
        for match in pattern.finditer(text)
        if not _PART_OF_A_PAIR.search(text[: match.start()])
    ]


def _shares(text: str, language: Language) -> list[Numeral]:
    """Return shares such as "one in four"."""
    found = []
    for match in _IN_SO_MANY[language].finditer(text):
        part, whole = (_small(match[group], language) for group in ("part", "whole"))
        if part and whole and part < whole:
            found.append(Numeral(Decimal(part) / Decimal(whole), match.start(), match.end(), ""))
    return found


def _small(word: str, language: Language) -> int:
    """Return the value of a small number in digits or as a word; 0 for anything else."""
    if word.isdigit():
        return int(word)
    return number_word(word, language) if NUMBER_WORDS[language].fullmatch(word) else 0


def _words(text: str, language: Language) -> list[Numeral]:
    """Return the numbers that are written as words.

    Dutch "één" is a number and "een" an article. English "one" may be a pronoun ("the one theme group", "one of
    them"), so it is found, but not sure; nor is a word with a capital inside a sentence ("het boekje Tien stappen").
    """
    found = []
    for match in NUMBER_WORDS[language].finditer(text):
        word = match.group()
        if word.lower() == "acht" and _NO_NUMBER_ACHT.match(text, match.end()):
            continue
        article = word.lower() in ("een", "a", "an")
        value, end = Decimal(1 if article else number_word(word, language)), match.end()
        half = _AND_A_HALF[language].match(text, end)
        if half:
            value, end, article = value + _HALF, half.end(), False
        sure = (value != 1 or word.lower() != "one") and not _in_name(text, match.start())
        found.append(Numeral(value, match.start(), end, "", sure=sure, article=article))
    return found


def _ordinals(text: str, language: Language) -> list[Numeral]:
    """Return the ordinals that are written as words.

    The first of a row is found, but not sure, for it is often an adverb ("first names 100 people", "when it first
    began"). The second that is a stretch of time is none.
    """
    found = []
    for match in ORDINAL_WORDS[language].finditer(text):
        value = Decimal(ORDINALS[language][match[1].lower()])
        is_time = value == 2 and (
            text[match.end() :][:1] == "s" or re.search(r"(?:\d|\bper)\s$", text[: match.start()])
        )
        if not is_time:
            sure = value > 1 and not _in_name(text, match.start(1))
            found.append(Numeral(value, match.start(1), match.end(1), "", ordinal=True, sure=sure))
    return found


def _in_name(text: str, start: int) -> bool:
    """Tell whether a word is rather part of a name or title: it has a capital inside a sentence."""
    before = text[:start].rstrip(" \t\n\"'“”‘’(|•–-")
    return text[start].isupper() and before[-1:] not in ("", ".", "!", "?", ":", "…")
