"""Answer with sentences of the passages, word for word; no model, so nothing can be made up.

A sentence is judged by what it shares with the question (how near its vector is, which rare terms
it holds), by the same of the heading above it, by how well its passage was ranked, and by whether
it has what is asked for (an amount, a date, a person, an address). Lists are answered whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.lexical import terms
from assistant.settings import AnswererSettings
from assistant.types import Chunk, Hit, Language, Quote, SearchQuery

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
_COVERAGE_WEIGHT = 2.0
_HEADING_WEIGHT = 0.7
"""Of the heading's similarity and terms, against 1 for the sentence's own."""
_RANK_WEIGHT = 1.0
_ASKED_WEIGHT = 1.5
_ITEM_WEIGHT = 1.0
"""For an item where a list is asked for; the sentence that opens the list counts for more."""
_LACK_WEIGHT = 1.0
"""Held against a sentence that only says what a source does not say; of these, an answer holds one at most."""
_MARGIN = 1.2
"""A further sentence may fall this far below the best one."""
_CONTEXT_WEIGHT = 0.5
"""Of a term that only the questions before a follow-up hold, against 1 for its own."""
_SAME_TERMS = 0.75
"""Of two sentences, one says nothing new when this share of its terms stands in the other."""
_LACK = re.compile(
    r"\b(staat|staan|vermeld\w*|noemt?|noemen|zegt|geeft|geven|blijkt)\b[^.]{0,40}\b(niet|geen)\b|"
    r"\b(laat|laten|leaves?)\b[^.]*\bopen\b|\b(niet bekend|onbekend|not known|unknown)\b|"
    r"\b(is|are) not (in|stated|named|given|mentioned)\b|\b(does|do) not (say|state|name|give|mention)\b",
    re.IGNORECASE,
)


def says_what_lacks(text: str) -> bool:
    """Tell whether a sentence only says that a source does not hold something."""
    return bool(_LACK.search(text))


def what_is_asked(question: str) -> Asked:
    """Classify a question in Dutch or English by what would answer it."""
    return next((asked for asked, pattern in _ASKS if pattern.search(question)), Asked.OTHER)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a hit with its worth as an answer."""

    quote: Quote
    hit: Hit
    worth: float
    stems: frozenset[str]


class ExtractiveAnswerer:
    """Choose the sentences that answer a question."""

    name = "extractive"

    def __init__(
        self,
        options: AnswererSettings,
        rarity: Callable[[str, Language], float],
        chunk_at: Callable[[int], Chunk | None],
        spread: float,
    ) -> None:
        """Take the shape of an answer and what the index knows.

        `rarity(term, language)` weighs a term, `chunk_at(row)` returns a passage or None beyond the
        last, `spread` is the standard deviation of the similarity of unrelated sentences.
        """
        self._options = options
        self._rarity = rarity
        self._chunk_at = chunk_at
        self._spread = spread

    def choose(self, query: SearchQuery, hits: Sequence[Hit]) -> list[Quote]:
        """Return the sentences of an answer in reading order, the one that answers best first.

        At most settings.max_sentences, where a list counts as one. Empty when there are no hits.
        """
        asked = what_is_asked(query.question)
        candidates = sorted(self._candidates(query, hits, asked), key=lambda one: -one.worth)
        groups: list[tuple[_Candidate, list[Quote]]] = []
        said: list[frozenset[str]] = []
        for candidate in candidates:
            if len(groups) == self._options.max_sentences or candidate.worth < candidates[0].worth - _MARGIN:
                break
            if any(_says_nothing_new(candidate.stems, other) for other in said):
                continue
            if says_what_lacks(candidate.quote.text) and any(says_what_lacks(one[0].quote.text) for one in groups):
                continue
            quotes = self._with_its_list(candidate, asked)
            groups.append((candidate, quotes))
            said += [frozenset(terms(quote.text, quote.chunk.language)) for quote in quotes]
        return [quote for quotes in _in_reading_order(groups, asked) for quote in quotes]

    def _candidates(self, query: SearchQuery, hits: Sequence[Hit], asked: Asked) -> Iterator[_Candidate]:
        """Yield every sentence of the hits with its worth."""
        if not hits:
            return
        least, most = hits[-1].score, hits[0].score
        for hit in hits:
            chunk = hit.chunk
            weights = self._weights(query, chunk.language)
            above = frozenset(terms(" ".join([chunk.title, *chunk.headings]), chunk.language))
            rank = (hit.score - least) / (most - least) if most > least else 1.0
            shared = _RANK_WEIGHT * rank + _HEADING_WEIGHT * hit.heading_similarity / self._spread
            for span, similarity in zip(chunk.sentences, hit.sentence_similarities, strict=True):
                quote = Quote(chunk, span, hit.score)
                stems = frozenset(terms(quote.text, chunk.language))
                worth = (
                    shared
                    + similarity / self._spread
                    + _COVERAGE_WEIGHT * _coverage(weights, stems, above)
                    + _fitness(asked, quote)
                )
                yield _Candidate(quote, hit, worth, stems)

    def _weights(self, query: SearchQuery, language: Language) -> dict[str, float]:
        """Return the terms of the question by their rarity; those of the questions it leans on count for less."""
        own = frozenset(terms(query.question, language, query.language))
        return {
            term: self._rarity(term, language) * (1.0 if term in own or not query.follow_up else _CONTEXT_WEIGHT)
            for term in terms(query.text, language, query.language)
        }

    def _with_its_list(self, candidate: _Candidate, asked: Asked) -> list[Quote]:
        """Return the sentence, with the whole list where it opens one or the question asks for one."""
        quote = candidate.quote
        is_item = quote.span.kind in ("item", "table")
        if not quote.text.rstrip().endswith(":") and not (is_item and asked is Asked.LIST):
            return [quote]
        section = self._section(candidate.hit)
        at = next(n for n, one in enumerate(section) if one.span == quote.span)
        first = at
        while first > 0 and section[first].span.kind in ("item", "table"):
            first -= 1
        if section[first].span.kind == "paragraph" and not section[first].text.rstrip().endswith(":"):
            first = min(first + 1, at)
        last = at
        while last + 1 < len(section) and section[last + 1].span.kind in ("item", "table"):
            last += 1
        return section[first : last + 1]

    def _section(self, hit: Hit) -> list[Quote]:
        """Return the sentences of the whole section that a passage belongs to: a list may go on in the next."""
        rows = [hit.row]
        for step in (-1, 1):
            row = hit.row + step
            while (chunk := self._chunk_at(row)) and _same_section(chunk, hit.chunk):
                rows.append(row)
                row += step
        chunks = [hit.chunk if row == hit.row else self._chunk_at(row) for row in sorted(rows)]
        return [Quote(chunk, span, hit.score) for chunk in chunks if chunk for span in chunk.sentences]


def _same_section(one: Chunk, other: Chunk) -> bool:
    """Tell whether two passages stand below the same heading."""
    return (one.document, one.section) == (other.document, other.section)


def _coverage(weights: Mapping[str, float], stems: frozenset[str], above: frozenset[str]) -> float:
    """Return the share of the question's terms, by weight, that a sentence holds; in part where only a heading does."""
    total = sum(weights.values())
    if not total:
        return 0.0
    found = sum(w if term in stems else _HEADING_WEIGHT * w for term, w in weights.items() if term in stems | above)
    return found / total


def _fitness(asked: Asked, quote: Quote) -> float:
    """Return how well the form of a sentence fits what is asked."""
    holds = _HOLDS.get(asked)
    fits = _ASKED_WEIGHT if holds and holds.search(quote.text) else 0.0
    if asked is Asked.LIST and quote.span.kind == "item":
        fits = max(fits, _ITEM_WEIGHT)
    return fits - (_LACK_WEIGHT if says_what_lacks(quote.text) else 0.0)


def _says_nothing_new(stems: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether most of the terms of one of two sentences stand in the other."""
    fewer = min(len(stems), len(said))
    return bool(fewer) and len(stems & said) / fewer >= _SAME_TERMS


def _in_reading_order(groups: list[tuple[_Candidate, list[Quote]]], asked: Asked) -> list[list[Quote]]:
    """Return the best sentence first, then the others of its passage, then those of the next passages.

    Where a list is asked for, the best list is the best.
    """
    if not groups:
        return []
    if asked is Asked.LIST:
        groups = sorted(groups, key=lambda group: len(group[1]) == 1)
    order = list(dict.fromkeys(candidate.hit.row for candidate, _ in groups))
    rest = sorted(groups[1:], key=lambda group: (order.index(group[0].hit.row), group[0].quote.span.start))
    return [groups[0][1], *(quotes for _, quotes in rest)]
