"""Answer with sentences of the passages, word for word; no model, so nothing can be made up.

A sentence is judged by what it shares with the question (how near its vector is, which rare terms
it holds), by the same of the heading above it, by how well its passage was ranked, and by whether
it has what is asked for (an amount, a date, a person, an address). Lists are answered whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.lexical import terms
from assistant.polarity import says_what_lacks
from assistant.question import Asked, holds, what_is_asked
from assistant.settings import AnswererSettings
from assistant.types import Chunk, Hit, Language, Quote, SearchQuery

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
    fits = _ASKED_WEIGHT if holds(asked, quote.text) else 0.0
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
