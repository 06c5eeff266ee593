"""A claim with the sentences that may decide about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.figures import Figure
from assistant.names import Vocabulary
from assistant.polarity import says_what_lacks
from assistant.premises.statements import Statement, content, own_figures, read, share
from assistant.premises.vocabulary import without_attribution
from assistant.question.premises import Claim
from assistant.types import Hit, Language, Quote, SearchQuery, Source

_LOWER = re.compile(r"\b[a-zà-ÿ]+\b")
_CAPITAL = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ]\w+")
"""Inside a sentence. Vocabulary.add is more exact, and too slow for every question."""
_SENTENCES = 12
"""So many of the nearest sentences are read; reading all would take longer than finding them did."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that was found, and how much of the claim it holds."""

    quote: Quote
    similarity: float
    said: Statement
    """Without who reported it, where and when."""
    above: frozenset[str]
    """Stems of the title and the headings above it."""
    names: float
    """Share of the claim's names that it, or what stands above it, holds."""
    stems: float
    """Share of the claim's other words that it holds itself."""
    stems_in_context: float
    """The same, with what stands above it."""


class Case:
    """One claim and what was found about it."""

    def __init__(
        self,
        query: SearchQuery,
        claim: Claim,
        hits: Sequence[Hit],
        sources: Mapping[str, Source],
    ) -> None:
        """Read the claim and the sentences that hold most of it, in the language of the question."""
        self.claim = claim
        self._sources = sources
        self._figures: dict[tuple[str, int], tuple[Figure, ...]] = {}
        self._known = _vocabulary_of(hits)
        self.said = read(claim.text, query.language, self._known)
        self.figures = self.said.figures
        # A follow-up leans on the questions before it for its subject, not for its figures.
        subject = f"{claim.text} {query.text}" if query.follow_up else claim.text
        stated = read(_without(subject, self.figures), query.language, self._known)
        self.named = frozenset(stem for name in stated.names for stem in content(name, query.language))
        """Stems of the names in the claim."""
        self.stems = stated.stems - self.named
        """Stems of its other words, without its figures."""
        self.found = [self._read(quote, similarity) for quote, similarity in self._fullest(hits, query.language)]

    def figures_of(self, found: Found) -> tuple[Figure, ...]:
        """Return the figures of a sentence, without when it was published."""
        place = found.quote.chunk.document, found.quote.span.start
        if place not in self._figures:
            self._figures[place] = own_figures(found.quote, self._sources)
        return self._figures[place]

    def _fullest(self, hits: Sequence[Hit], language: Language) -> list[tuple[Quote, float]]:
        """Return the sentences that hold most of the claim with their similarity to the question, best first."""
        wanted = self.named | self.stems
        ranked: list[tuple[float, float, Quote]] = []
        for hit in hits:
            if hit.chunk.language != language:
                continue
            for span, similarity in zip(hit.chunk.sentences, hit.sentence_similarities, strict=True):
                quote = Quote(hit.chunk, span, hit.score)
                ranked.append((share(wanted, content(quote.text, language)), similarity, quote))
        ranked.sort(key=lambda one: one[:2], reverse=True)
        best = [(quote, similarity) for held, similarity, quote in ranked if held or not wanted]
        return [one for one in best[:_SENTENCES] if not says_what_lacks(one[0].text)]

    def _read(self, quote: Quote, similarity: float) -> Found:
        """Take a sentence apart and measure what it holds of the claim."""
        language = quote.chunk.language
        said = read(without_attribution(quote.text), language, self._known)
        above = content(" ".join([quote.chunk.title, *quote.chunk.headings]), language)
        return Found(
            quote,
            similarity,
            said,
            above,
            names=share(self.named, said.stems | above),
            stems=share(self.stems, said.stems),
            stems_in_context=share(self.stems, said.stems | above),
        )


def _vocabulary_of(hits: Sequence[Hit]) -> Vocabulary:
    """Return which words the passages found write with a capital."""
    text = "\n".join(hit.chunk.text for hit in hits)
    return Vocabulary(set(_LOWER.findall(text)), set(_CAPITAL.findall(text)))


def _without(text: str, figures: Sequence[Figure]) -> str:
    """Return the text with its figures blanked; those stand at its beginning, where offsets hold."""
    for figure in figures:
        text = text[: figure.start] + " " * (figure.end - figure.start) + text[figure.end :]
    return text
