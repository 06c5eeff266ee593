"""Words that name a size without a number: "tientallen", "hundreds of thousands"."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.figures.figure import Figure
from assistant.types import Language

_POWERS: dict[Language, dict[str, int]] = {
    "nl": {
        "tientallen": 1, "honderden": 2, "duizenden": 3, "tienduizenden": 4, "honderdduizenden": 5, "miljoenen": 6,
        "miljarden": 9, "honderd": 2, "duizend": 3, "miljoen": 6, "miljard": 9,
    },
    "en": {
        "tens": 1, "dozens": 1, "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9, "hundred": 2,
        "thousand": 3, "million": 6, "billion": 9,
    },
}  # fmt: skip
_PATTERNS: dict[Language, re.Pattern[str]] = {
    "nl": re.compile(
        r"(?<!\w)(?:(?P<first>tientallen|honderden|duizenden)\s+)?"
        r"(?P<last>tientallen|honderden|duizenden|tienduizenden|honderdduizenden|miljoenen|miljarden)\b"
        r"|(?<!\w)(?:enkele|een paar|verschillende|meerdere)\s+(?P<some>honderd|duizend|miljoen|miljard)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?<!\w)(?:(?P<first>tens|dozens|hundreds|thousands)\s+of\s+)?"
        r"(?P<last>tens|dozens|hundreds|thousands|millions|billions)\b"
        r"|(?<!\w)(?:several|a few|some|a couple of)\s+(?P<some>hundred|thousand|million|billion)\b",
        re.IGNORECASE,
    ),
}


def magnitudes(text: str, language: Language) -> list[Figure]:
    """Return the sizes as powers of ten: "tientallen" and "dozens" are 10, "tens of thousands" is 10000."""
    powers = _POWERS[language]
    found = []
    for match in _PATTERNS[language].finditer(text):
        power = sum(powers[word.lower()] for word in match.groups() if word)
        found.append(Figure("magnitude", Decimal(10) ** power, match.start(), match.end()))
    return found
