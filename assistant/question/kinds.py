"""What kind of thing a question asks for, and whether a text holds such a thing."""

from __future__ import annotations

import re
from enum import Enum

_MONTH = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october"
)


class Asked(Enum):
    """What kind of thing a question asks for."""

    AMOUNT = "amount"
    COUNT = "count"
    DATE = "date"
    PERSON = "person"
    ADDRESS = "address"
    LIST = "list"
    MEANING = "meaning"
    OTHER = "other"


# In this order: "hoeveel geld" is an amount before it is a count.
_ASKS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (asked, re.compile(pattern, re.IGNORECASE))
    for asked, pattern in (
        (
            Asked.AMOUNT,
            r"\b(hoeveel (geld|euro|subsidie|budget|financiering)|kost(te|en)?|bedrag|budget|how much|"
            r"costs?|amount|gekost|wat kost|prijs|price)\b",
        ),
        (Asked.COUNT, r"\b(hoeveel|how many|number of|aantal)\b"),
        (
            Asked.DATE,
            r"\b(wanneer|when|sinds wanneer|since when|welk jaar|welke dag|hoe laat|tot welk|"
            r"what year|which year|which day|what day|what time|datum|date|deadline)\b",
        ),
        (
            Asked.LIST,
            r"^\W*(en |and )?(wie (doen|zijn|nemen|werken)|who (are|takes? part|participates?|joins?))\b|"
            r"\b(hoe (begin|start|zet|pak|maak)\w*|how (do|can|should|would|to)\b[^?]*\b(start|begin|set up|build))\b",
        ),
        (Asked.PERSON, r"^\W*(en |and )?(wie|who)\b|\b(welke persoon|which person|voorzitter|chair)\b"),
        (
            Asked.ADDRESS,
            r"\b(e-?mail\w*|website|adres|address|link|url|waar vind|where (can|do) i find|contact\w*|bereik\w*)\b",
        ),
        (
            Asked.LIST,
            r"\b(welke|which|noem|name the|list|what are|wat zijn|stappen|steps|kenmerken|characteristics)\b",
        ),
        (
            Asked.MEANING,
            r"^\W*(wat is|what is|what's|wat betekent|what does|wat houdt|definitie|definition)\b|\bbeteken",
        ),
    )
)
_HOLDS: dict[Asked, re.Pattern[str]] = {
    Asked.AMOUNT: re.compile(r"€\s*\d|\b\d[\d.,]*\s*(euro|miljoen|million|duizend|procent|%)", re.IGNORECASE),
    Asked.COUNT: re.compile(
        r"\d|\b(twee|drie|vier|vijf|zes|zeven|acht|negen|tien|two|three|four|five|six|seven|eight|nine|ten)\b",
        re.IGNORECASE,
    ),
    Asked.DATE: re.compile(rf"\b(\d{{1,2}} )?({_MONTH})( \d{{4}})?\b|\b(19|20)\d\d\b", re.IGNORECASE),
    Asked.PERSON: re.compile(r"\b[A-ZÀ-Þ][\w'’-]+\s+(?:(?:van|de|der|den|ter|ten)\s+){0,2}[A-ZÀ-Þ][\w'’-]+"),
    Asked.ADDRESS: re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE),
    Asked.LIST: re.compile(r":\s*$"),
}


def what_is_asked(question: str) -> Asked:
    """Classify a question in Dutch or English by what would answer it."""
    return next((asked for asked, pattern in _ASKS if pattern.search(question)), Asked.OTHER)


def holds(asked: Asked, text: str) -> bool:
    """Tell whether a text holds a thing of the kind that is asked for; False for kinds without a form of their own."""
    pattern = _HOLDS.get(asked)
    return bool(pattern and pattern.search(text))
