"""What kind of thing a question asks for, and whether a text holds such a thing."""

from __future__ import annotations

import re
from enum import Enum

MONTH = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october"
)


_CAPITALISED = r"(?-i:[A-ZÀ-Þ][\w'’.-]*)"
_PERSON_NAME = rf"{_CAPITALISED}(\s+(van|de|der|den|ter|ten|von|el|al|{_CAPITALISED}))*\s*(\?|$|,|en\b|and\b)"
_FREE = (
    r"\b(gratis|kosteloos|kosteloze|zonder kosten|geen kosten|free of charge|for free|"
    r"(is|are|was|were) free(?! to| of (?!charge))|"
    r"(at )?no (cost|charge)|without charge|free (course|admission|access|of cost))\b|"
    r"\b(betaal(t|de|den)?|betalen|kost(te|ten)?|pays?|paid|costs?)\b[^.;]{0,60}\b(niets|nothing)\b"
)
COSTS_NOTHING = re.compile(_FREE, re.IGNORECASE)
"""Nothing is an amount too."""


class Asked(Enum):
    """What kind of thing a question asks for."""

    AMOUNT = "amount"
    COUNT = "count"
    PERCENTAGE = "percentage"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ADDRESS = "address"
    LIST = "list"
    REASON = "reason"
    MEANING = "meaning"
    YES_NO = "yes or no"
    OTHER = "other"


_TOWN = r"(stad|steden|plaats|gemeente|dorp|provincie|gebouw|city|cities|town|place|municipality|province|building)"
# In this order: "hoeveel geld" is an amount before it is a count.
_ASKS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (asked, re.compile(pattern, re.IGNORECASE))
    for asked, pattern in (
        (
            Asked.MEANING,
            # A person's name asks who that is; the name of another person would not answer it.
            rf"^\W*(en |and )?(wie|who) (is|was|zijn|waren|are|were) (nou |eigenlijk |exactly )?{_PERSON_NAME}",
        ),
        (
            Asked.REASON,
            r"^\W*(en |maar |and |but |so )?(waarom|hoezo|why|how come)\b|"
            r"\b(om welke reden|wat (is|was) de (reden|oorzaak)|waardoor (komt|kwam|is|was)|for what reason|"
            r"what (is|was) the (reason|cause))\b",
        ),
        (
            Asked.PERCENTAGE,
            r"\b((welk|hoeveel|hoe groot) (percentage|procent|deel|aandeel)|hoeveel procent|"
            r"(what|which) (percentage|per ?cent|share|proportion|fraction)|how many per ?cent)\b",
        ),
        (
            Asked.AMOUNT,
            r"\b(hoeveel (geld|euro|subsidie|budget|financiering|moet\w* (ik|je|we|een \w+) betalen|betaal\w*)|"
            r"kost(te|en)?|bedrag|budget|how much (?!time|work|effort)|costs?|amount|gekost|prijs|price|"
            r"tarief|salaris|salary|fee (for|of)|what (is|are) the fees?)\b",
        ),
        (
            Asked.COUNT,
            r"\b(hoeveel|how many|how much (time|work|effort)|(?<!phone )number of|aantal|"
            r"hoe lang|how long|looptijd|duration)\b",
        ),
        (
            Asked.DATE,
            r"\b(wanneer|when|sinds wanneer|since when|welk jaar|welke dag|hoe laat|tot welk|"
            r"what year|which year|which day|what day|what time|datum|\w+datum|date|deadline|"
            r"(wat (is|was) (de|het) )?(eerste|laatste) dag|(what (is|was) the )?(first|last) day|"
            r"(wat (is|was) (de|het) |what (is|was) the )(start|begin|einde?|beginning|end|kick-?off) (van|of))\b",
        ),
        (
            Asked.LIST,
            r"^\W*(en |and )?(wie (doen|zijn|nemen|werken)|who (are|takes? part|participates?|joins?))\b|"
            r"\b(hoe (begin|start|zet|pak|maak)\w*|how (do|can|should|would|to)\b[^?]*\b(start|begin|set up|build))\b",
        ),
        (Asked.PERSON, r"^\W*(en |and )?(wie|who)\b|\b(welke persoon|which person|voorzitter|chair)\b"),
        (
            Asked.ADDRESS,
            r"\b(e-?mail\w*|telefoon\w*|phone( number)?|website|adres|address|link|url|"
            r"waar vind|where (can|do) i find|contact\w*|bereik\w*)\b",
        ),
        (
            Asked.PLACE,
            rf"\b(in|op|bij|uit) welke? {_TOWN}|\b(in|at|from) (which|what) {_TOWN}|"
            # Not "waar gaat het over?", where "waar" stands for a thing.
            r"^\W*(en |and )?waar (is|was|zit|zat|ligt|lag|werd|wordt|vond|vindt|kwam|komt|kwamen|komen)\b"
            r"(?!.*\b(over|voor|uit|aan|van|mee|op)\W*$)|"
            r"^\W*(en |and )?where (is|was|are|were|did|does|do|will)\b",
        ),
        (
            Asked.LIST,
            r"\b(welke|which|noem|name the|list|what are|wat zijn|stappen|steps|kenmerken|characteristics)\b",
        ),
        (
            Asked.MEANING,
            r"^\W*(wat is|what is|what's|wat betekent|what does|wat houdt|definitie|definition)\b|\bbeteken",
        ),
        (
            Asked.YES_NO,
            r"^\W*(en |maar |and |but |so )?(is|zijn|was|waren|wordt|worden|werd|heeft|hebben|had|kan|kun|kunnen|mag|"
            r"mogen|moet|moeten|zal|zou|doet|doen|klopt|bestaat|krijgt?|krijgen|geldt|are|were|do|does|did|has|have|"
            r"can|could|may|must|should|will|would|isn't|aren't|wasn't|doesn't|don't|didn't)\b",
        ),
    )
)
_HOLDS: dict[Asked, re.Pattern[str]] = {
    Asked.AMOUNT: re.compile(rf"€\s*\d|\b\d[\d.,]*\s*(euro|miljoen|million|duizend|procent|%)|{_FREE}", re.IGNORECASE),
    Asked.COUNT: re.compile(
        r"\d|\b(twee|drie|vier|vijf|zes|zeven|acht|negen|tien|two|three|four|five|six|seven|eight|nine|ten)\b",
        re.IGNORECASE,
    ),
    Asked.PERCENTAGE: re.compile(
        r"\d\s*%|\b(procent|percent|per cent|helft|half|kwart|quarter|derde|third|tweederde|two-thirds)\b",
        re.IGNORECASE,
    ),
    Asked.DATE: re.compile(rf"\b(\d{{1,2}} )?({MONTH})( \d{{4}})?\b|\b(19|20)\d\d\b", re.IGNORECASE),
    Asked.PERSON: re.compile(r"\b[A-ZÀ-Þ][\w'’-]+\s+(?:(?:van|de|der|den|ter|ten)\s+){0,2}[A-ZÀ-Þ][\w'’-]+"),
    Asked.ADDRESS: re.compile(r"\S+@\S+|https?://\S+|www\.\S+|(?<!\w)\+?\(?\d{2,4}[\d ()-]{6,}\d\b", re.IGNORECASE),
    Asked.PLACE: re.compile(r"\b(?:in|te|bij|at|op|uit|from|near)\s+(?:het |de |the )?[A-ZÀ-Þ][\w'’-]+"),
    Asked.REASON: re.compile(
        r"\b(omdat|doordat|want|wegens|vanwege|daarom|zodat|reden|oorzaak|dankzij|because|due to|since|so that|"
        r"therefore|reason|cause|owing to|thanks to|in order to)\b|\bom\b[^.]*\bte\b",
        re.IGNORECASE,
    ),
    Asked.LIST: re.compile(r":\s*$"),
}


def what_is_asked(question: str) -> Asked:
    """Classify a question in Dutch or English by what would answer it."""
    return next((asked for asked, pattern in _ASKS if pattern.search(question)), Asked.OTHER)


def holds(asked: Asked, text: str) -> bool:
    """Tell whether a text holds a thing of the kind that is asked for; False for kinds without a form of their own."""
    pattern = _HOLDS.get(asked)
    return bool(pattern and pattern.search(text))
