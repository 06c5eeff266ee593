"""Where a published original and the corpus both hold an answer, the original goes first.

A passage of the corpus names its sources; an original (a document of the kind "original") is one of
them. Two rules bring them together, and neither does anything where no original was found.

Ranking. An original's passage that is about as good as a better-ranked passage that names it as its
source takes the place right before it. "About as good" compares the sentence of each that is nearest
to the question, and allows half a spread of the similarities of unrelated sentences.

Quoting. A quote of the corpus is held against the originals of the sources that it names, and a quote
of an original against the passages of the corpus that were found. Where a sentence there says the
same, both are cited, the original first; a quote that is cited beside another is not quoted again.
Two sentences say the same when all of this holds:

- the second states every figure of the first, not counting the date of publication, which the corpus
  adds ("…, meldde de NL AIC op 20 december 2023");
- their vectors are near each other; in one language they share a good part of their terms too. Rare
  figures in common let both be somewhat weaker;
- the second is not much further from the question than the first;
- both say no, or neither does, and neither only says that a source does not hold something.

In doubt nothing is linked: the answer then stands as it would without the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.embedder import Background
from assistant.figures import Figure, agrees, figures_in
from assistant.index import Index
from assistant.lexical import terms
from assistant.polarity import NEGATION, says_what_lacks
from assistant.types import ORIGINAL, Chunk, Hit, Language, Quote, Vector

_AS_GOOD = 0.5
"""In spreads of the similarity of unrelated sentences, as are the other distances."""
_FURTHER_FROM_QUESTION = 2.0
_NEAR, _NEAR_WITH_FIGURES = 5.5, 4.0
_SHARED, _SHARED_WITH_FIGURES = 0.45, 0.25
"""Share of the terms of the shorter sentence that stand in the other."""
_HELD = 0.35
"""Share of the terms of a stated sentence that the other holds: a headline shares its few words with anything."""
_RARE_FIGURE = 10


def ahead(hits: Sequence[Hit], spread: float) -> list[Hit]:
    """Return the hits with originals right before the passages that name them, where they are about as good."""
    ordered = list(hits)
    for hit in hits:
        if hit.chunk.kind != ORIGINAL:
            continue
        at = ordered.index(hit)
        least = _best(hit) + _AS_GOOD * spread
        before = next(
            (n for n, other in enumerate(ordered[:at]) if _names(other.chunk, hit.chunk) and _best(other) <= least), at
        )
        if before < at:
            ordered.insert(before, replace(ordered.pop(at), score=ordered[before].score))
    return ordered


def _best(hit: Hit) -> float:
    """Return the similarity of the question and the passage's nearest sentence."""
    return max(hit.sentence_similarities, default=0.0)


def _names(passage: Chunk, original: Chunk) -> bool:
    """Tell whether a passage that is no original names one as a source of one of its sentences."""
    known = _sources(original)
    return passage.kind != ORIGINAL and bool(known & _sources(passage))


def _sources(chunk: Chunk) -> frozenset[str]:
    """Return the ids of all sources of a passage."""
    return frozenset(source for span in chunk.sentences for source in span.sources)


@dataclass(frozen=True, slots=True)
class _Said:
    """One sentence with all that is compared."""

    quote: Quote
    vector: Vector
    to_question: float
    """Similarity to the question."""


class Counterparts:
    """Finds what says the same in an original and in the corpus."""

    def __init__(self, index: Index, background: Background, question: Callable[[], Vector]) -> None:
        """Take the vector of the question as a function, which is not called where there are no originals."""
        self._index = index
        self._background = background
        self._question = question() if index.originals else None

    def joined(self, quotes: Sequence[Quote], hits: Sequence[Hit], language: Language) -> list[Quote]:
        """Return the quotes of an answer, each with its counterpart where there is one.

        Of two quotes that are each other's counterpart, the one in the language of the question
        stays, else the first.
        """
        if self._question is None:
            return list(quotes)
        joined = [replace(quote, counterpart=self._counterpart(quote, hits)) for quote in quotes]
        return list(_without_repeats(joined, language))

    def _counterpart(self, quote: Quote, hits: Sequence[Hit]) -> Quote | None:
        """Return the sentence that says the same as a quote; None where there is none."""
        if says_what_lacks(quote.text):
            return None
        own_row = self._index.row(quote.chunk)
        stated = next(one for one in self._said(own_row, quote.score) if one.quote.span == quote.span)
        if quote.chunk.kind == ORIGINAL:
            rows = [hit.row for hit in hits if hit.chunk.kind != ORIGINAL]
        else:
            named = [one.id for one in self._index.originals if set(one.sources) & set(quote.span.sources)]
            rows = [row for document in named for row in self._index.rows(document)]
        alike = [one for row in rows for one in self._near(row, stated) if self._says_the_same(stated, one)]
        return max(alike, key=lambda one: float(one.vector @ stated.vector)).quote if alike else None

    def _near(self, row: int, stated: _Said) -> Iterator[_Said]:
        """Yield the sentences of a passage that may say what one states and share a source with it."""
        nearest = float((self._index.sentence_vectors(row) @ stated.vector).max())
        # Only what may be near enough is read: an original can be a whole book.
        if self._spreads(nearest) >= _NEAR_WITH_FIGURES:
            sources = set(stated.quote.span.sources)
            yield from (one for one in self._said(row, stated.quote.score) if sources & set(one.quote.span.sources))

    def _said(self, row: int, score: float) -> Iterator[_Said]:
        """Yield the sentences of a passage."""
        chunk = self._index.chunk(row)
        for span, vector in zip(chunk.sentences, self._index.sentence_vectors(row), strict=True):
            yield _Said(Quote(chunk, span, score), vector, float(vector @ self._question))

    def _spreads(self, similarity: float) -> float:
        """Return how far a similarity stands above that of unrelated sentences."""
        return (similarity - self._background.mean) / self._background.spread

    def _says_the_same(self, stated: _Said, other: _Said) -> bool:
        """Tell whether another sentence holds what one states."""
        first, second = stated.quote, other.quote
        if bool(NEGATION.search(first.text)) != bool(NEGATION.search(second.text)) or says_what_lacks(second.text):
            return False
        if stated.to_question - other.to_question > _FURTHER_FROM_QUESTION * self._background.spread:
            return False
        figures, others = self._stated_figures(first), _figures(second)
        if not all(any(agrees(figure, other) for other in others) for figure in figures):
            return False
        has_rare = any(map(_is_rare, figures))
        if self._spreads(float(stated.vector @ other.vector)) < (_NEAR_WITH_FIGURES if has_rare else _NEAR):
            return False
        if first.chunk.language != second.chunk.language:
            return True
        shared, held = _shared_terms(first, second)
        return shared >= _SHARED_WITH_FIGURES if has_rare else shared >= _SHARED and held >= _HELD

    def _stated_figures(self, quote: Quote) -> list[Figure]:
        """Return the figures of a quote, but for the dates on which its sources were published."""
        dates = [self._index.sources[one].date for one in quote.span.sources if one in self._index.sources]
        return [
            figure
            for figure in _figures(quote)
            if not (figure.kind == "date" and any(date.startswith(str(figure.value)) for date in dates))
        ]


def _figures(quote: Quote) -> list[Figure]:
    """Return the figures of a quote that can be nothing else."""
    return [figure for figure in figures_in(quote.text, quote.chunk.language) if figure.sure]


def _is_rare(figure: Figure) -> bool:
    """Tell whether two texts hardly share a figure by chance."""
    return not isinstance(figure.value, Decimal) or figure.value >= _RARE_FIGURE


def _shared_terms(one: Quote, other: Quote) -> tuple[float, float]:
    """Return which share of the shorter sentence's terms, and of the first one's, both sentences have."""
    first, second = (frozenset(terms(quote.text, quote.chunk.language)) for quote in (one, other))
    both = len(first & second)
    return both / max(1, min(len(first), len(second))), both / max(1, len(first))


def _place(quote: Quote) -> tuple[str, int, int]:
    """Return where a quote stands."""
    return quote.chunk.document, quote.span.start, quote.span.end


def _without_repeats(quotes: Sequence[Quote], language: Language) -> Iterator[Quote]:
    """Yield the quotes, but of each pair of counterparts only one."""
    at = {_place(quote): n for n, quote in enumerate(quotes)}
    dropped: set[int] = set()
    for n, quote in enumerate(quotes):
        other = at.get(_place(quote.counterpart)) if quote.counterpart else None
        if other is None or {n, other} & dropped or {quote.span.kind, quotes[other].span.kind} != {"paragraph"}:
            continue
        first, second = sorted((n, other))
        mine = [quotes[one].chunk.language == language for one in (first, second)]
        dropped.add(first if mine == [False, True] else second)
    yield from (quote for n, quote in enumerate(quotes) if n not in dropped)
