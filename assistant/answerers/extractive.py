"""Answer with sentences of the passages, word for word; no model, so nothing can be made up.

A sentence is judged by four things: how near its vector is to the question's, which of the
question's rare terms it and its headings hold, how well its passage was ranked, and whether it has
what the question asks for (an amount, a date, a person, an address). Lists are answered whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.lexical import terms
from assistant.settings import AnswererSettings
from assistant.types import Hit, Quote, SearchQuery

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
        (Asked.DATE, r"\b(wanneer|when|sinds wanneer|since when|welk jaar|what year|which year|datum|date|deadline)\b"),
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
_SIMILARITY_SPREAD = 0.02
"""How far apart the E5 similarities of a good and a middling sentence typically lie."""
_COVERAGE_WEIGHT = 2.0
_RANK_WEIGHT = 1.0
_ASKED_WEIGHT = 0.8
_MARGIN = 1.0
"""A further sentence may fall this far below the best one."""
_SAME_TERMS = 0.6
"""Sentences that share more of their terms than this say the same."""


def what_is_asked(question: str) -> Asked:
    """Classify a question in Dutch or English by what would answer it."""
    return next((asked for asked, pattern in _ASKS if pattern.search(question)), Asked.OTHER)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a hit with its worth as an answer."""

    quote: Quote
    hit: int
    worth: float
    stems: frozenset[str]


class ExtractiveAnswerer:
    """Choose the sentences that answer a question."""

    name = "extractive"

    def __init__(self, options: AnswererSettings, weigh: Callable[[str, str], float]) -> None:
        """Take the shape of an answer and `weigh(term, language)`, the rarity of a term."""
        self._options = options
        self._weigh = weigh

    def choose(self, query: SearchQuery, hits: Sequence[Hit]) -> list[Quote]:
        """Return the sentences of an answer in reading order, the one that answers best first.

        At most settings.max_sentences, where a list counts as one. Empty when there are no hits.
        """
        asked = what_is_asked(query.question)
        candidates = sorted(self._candidates(query, hits, asked), key=lambda one: -one.worth)
        if not candidates:
            return []
        chosen: list[list[_Candidate]] = []
        for candidate in candidates:
            if len(chosen) == self._options.max_sentences or candidate.worth < candidates[0].worth - _MARGIN:
                break
            if any(_says_the_same(candidate, other) for group in chosen for other in group):
                continue
            chosen.append(_whole_list(candidate, candidates, asked))
        return [one.quote for group in _in_reading_order(chosen) for one in group]

    def _candidates(self, query: SearchQuery, hits: Sequence[Hit], asked: Asked) -> Iterator[_Candidate]:
        """Yield every sentence of the hits with its worth."""
        if not hits:
            return
        spread = hits[0].score - hits[-1].score
        for position, hit in enumerate(hits):
            chunk = hit.chunk
            question_terms = {
                term: self._weigh(term, chunk.language) for term in terms(query.text, chunk.language, query.language)
            }
            total = sum(question_terms.values())
            above = frozenset(terms(" ".join([chunk.title, *chunk.headings]), chunk.language))
            rank = (hit.score - hits[-1].score) / spread if spread else 1.0
            for span, similarity in zip(chunk.sentences, hit.sentence_similarities, strict=True):
                quote = Quote(chunk, span, hit.score)
                stems = frozenset(terms(quote.text, chunk.language))
                found = sum(
                    weight * (1.0 if term in stems else 0.5)
                    for term, weight in question_terms.items()
                    if term in stems or term in above
                )
                holds = _HOLDS.get(asked)
                worth = (
                    similarity / _SIMILARITY_SPREAD
                    + (_COVERAGE_WEIGHT * found / total if total else 0.0)
                    + _RANK_WEIGHT * rank
                    + (_ASKED_WEIGHT if holds and holds.search(quote.text) else 0.0)
                )
                yield _Candidate(quote, position, worth, stems)


def _says_the_same(one: _Candidate, other: _Candidate) -> bool:
    """Tell whether two sentences are the same one or share most of their terms."""
    if one.quote.chunk.id == other.quote.chunk.id and one.quote.span == other.quote.span:
        return True
    union = one.stems | other.stems
    return bool(union) and len(one.stems & other.stems) / len(union) > _SAME_TERMS


def _whole_list(candidate: _Candidate, candidates: Sequence[_Candidate], asked: Asked) -> list[_Candidate]:
    """Return the candidate, with the rest of its list when it opens one or the question asks for one."""
    quote = candidate.quote
    opens_list = quote.text.rstrip().endswith(":")
    if not opens_list and not (quote.span.kind == "item" and asked is Asked.LIST):
        return [candidate]
    peers = sorted(
        (one for one in candidates if one.quote.chunk.id == quote.chunk.id), key=lambda one: one.quote.span.start
    )
    at = peers.index(candidate)
    first = at
    while first > 0 and peers[first].quote.span.kind == "item":
        first -= 1
    if peers[first].quote.span.kind != "item" and not peers[first].quote.text.rstrip().endswith(":"):
        first += 1
    last = max(at, first)
    while last + 1 < len(peers) and peers[last + 1].quote.span.kind == "item":
        last += 1
    return peers[first : last + 1]


def _in_reading_order(groups: Sequence[list[_Candidate]]) -> list[list[_Candidate]]:
    """Return the best sentence first, then the others of its passage, then those of the next passages."""
    if not groups:
        return []
    best, rest = groups[0], list(groups[1:])
    order = list(dict.fromkeys(group[0].hit for group in groups))
    rest.sort(key=lambda group: (order.index(group[0].hit), group[0].quote.span.start))
    return [best, *rest]
