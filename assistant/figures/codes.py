"""Digits that are no figures, and figures that keep their own form: addresses, codes, versions, phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.figures.figure import Figure

BLANK = "\ufffc"
"""Stands in for every character of a text that is spoken for, so that offsets stay; it is no part of any figure."""
_CODES = re.compile(
    r"""
    (?:https?://|www\.)[^\s<>"“”]+             # web addresses
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+              # e-mail addresses
    | \b10\.\d{4,9}/[^\s"“”]+                   # digital object identifiers
    | \b[\w-]+\.(?:nl|com|org|eu|ai|net)\b(?:/\S*)?   # web addresses without scheme
    | (?<!\w)\d+(?:\.\d+){2,}(?![\d\w])(?!\ ?(?:euro|miljoen|%))   # versions and sections: 1.2.3 (thousands: below)
    | \b(?=\w*[A-Z])(?!EUR\d|USD\d|GBP\d)[^\W\d_]+\d\w*(?:[-.]\w+)*   # AIC4NL, T01, E5
    | \b(?=[^\W\d_]*[A-Z])[^\W\d_]+-\d{1,3}(?![\d.,]*\d)\w*   # COVID-19, GPT-4
    # Industry 4.0
    | \b(?!(?:Section|Sections|Article|Articles|Artikel|Paragraaf|Part|Deel)\b)
      [A-Z][^\W\d_]+\ \d\.\d(?!\d|\ ?(?:%|percent|per\ cent|procent|million|billion|euro|miljoen|miljard))
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
# A suffix that is no multiplier, ordinal or unit: 3D, 5G, 4K without a currency; 4th stays.
_SUFFIXED = re.compile(
    r"(?<![\w.,€$£])(?<![€$£]\s)\d+K\b(?!\s?(?:euro|EUR|€))"
    r"|(?<![\w.,])\d+(?!(?:k|K|M|m|mln|mld|bn|mn|e|de|ste|st|nd|rd|th|x|s|u|h|am|pm|euro|uur|jaar|fold)\b|[\d½¼¾])[^\W\d_]\w*"
)
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+\d{1,3}[ .-]?(?:\(0\) ?)?|\(?0)\d(?:\)?[ .-]{0,2}\d){7,10}(?![\d])")


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with the stretches made unreadable; its length stays."""
    for start, end in spans:
        text = text[:start] + BLANK * (end - start) + text[end:]
    return text


def without_codes(text: str) -> str:
    """Return the text with addresses, codes and versions made unreadable."""
    spans = [match.span() for match in _CODES.finditer(text) if not _THOUSANDS.fullmatch(match.group())]
    text = blank(text, spans)
    return blank(text, [match.span() for match in _SUFFIXED.finditer(text)])


def phones(text: str) -> list[Figure]:
    """Return the phone numbers, as they are dialled within the country: +31 (0)88 469 6001 is 0884696001."""
    found = []
    for match in _PHONE.finditer(text):
        number = re.sub(r"^\+31|\D", "", match.group().replace("(0)", ""))
        number = number if number.startswith("0") or not match.group().startswith("+31") else "0" + number
        found.append(Figure("phone", number, match.start(), match.end()))
    return found
