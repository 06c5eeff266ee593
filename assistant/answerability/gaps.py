"""Whether a sentence says that just what is asked is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answerability.terms import Term, coverage, holds_term, stems_of
from assistant.polarity import lacking_parts
from assistant.question import Asked
from assistant.types import Quote

_NAMES: dict[Asked, re.Pattern[str]] = {
    asked: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for asked, words in {
        Asked.AMOUNT: r"\w*bedrag(?:en)?|\w*kosten|kost(?:te|en)?|prijs|euro\w*|\w*budget|geld|"
        r"amounts?|costs?|money|fees?|paid|betaal\w*|tarie\w+|sum",
        Asked.COUNT: r"\w*aantal(?:len)?|hoeveel|hoe (?:groot|lang|vaak)|numbers? of|how (?:many|large|long|often)|"
        r"looptijd|duration",
        Asked.PERCENTAGE: r"percentages?|procent|percent|deel|aandeel|part of|share",
        Asked.DATE: r"\w*datum|data|wanneer|dag|jaar|jaartal|tijdstip|\w*deadlines?|dates?|day|year|when|"
        r"looptijd|duration",
        Asked.PERSON: r"namen|wie|personen|names|who|persons",
        Asked.PLACE: r"plaats(?:en)?|waar|stad|steden|regio's|places?|where|city|cities|regions",
        Asked.ADDRESS: r"\w*adres(?:sen)?|telefoon\w*|contact\w*|address(?:es)?|phone|e-mail",
    }.items()
}
"""Words by which a sentence names the kind of thing that is not known."""
_ALSO: dict[Asked, frozenset[Asked]] = {
    Asked.COUNT: frozenset({Asked.AMOUNT, Asked.DATE}),
    Asked.AMOUNT: frozenset({Asked.COUNT, Asked.PERCENTAGE}),
    Asked.PERCENTAGE: frozenset({Asked.COUNT, Asked.AMOUNT}),
}
"""Kinds that are named by each other's words: how much somebody received, how long something lasts."""


def told_to_lack(asked: Asked, terms: Sequence[Term], quote: Quote) -> float:
    """Return which share of a question's terms a sentence says is not in the sources, 0 to 1.

    It is 0 where the sentence says that something of another kind is not known: the names of members, not how many.
    """
    language = quote.chunk.language
    best = 0.0
    for part in lacking_parts(quote.text):
        if _same_kind(asked, part):
            stems = stems_of(part, language)
            best = max(best, coverage(terms, (holds_term(one, stems, language) for one in terms)))
    return best


def _same_kind(asked: Asked, part: str) -> bool:
    """Tell whether what is not known can be of the kind asked for."""
    if asked not in _NAMES:
        return True
    named = {kind for kind, pattern in _NAMES.items() if pattern.search(part)}
    return not named or bool(named & {asked, *_ALSO.get(asked, ())})
