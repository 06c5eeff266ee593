"""The passages that were found, taken apart into sentences with what a question shares with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answerability.knowledge import Knowledge
from assistant.answerability.terms import Term, coverage, forms_of, stems_of
from assistant.types import Hit, Language, Quote

Held = tuple[float, ...]
"""For each term of the question: 1 where a text holds it, less where only the heading above it does, 0 otherwise."""
_ABOVE = 0.7
"""Of a term that only the title or a heading holds, against 1 for the sentence's own."""
_COVERAGE = 3.0
"""Of the share of the question's terms, in standard deviations of the similarity; only ranks sentences."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a passage."""

    quote: Quote
    hit: Hit
    stems: frozenset[str]
    near: float
    """Similarity to the question, in standard deviations above that of unrelated texts."""
    held: Held
    coverage: float
    """Share of the question's terms, by rarity, that it holds together with title and headings; 0 to 1."""

    @property
    def worth(self) -> float:
        """How well it speaks of what the question speaks of."""
        return self.near + _COVERAGE * self.coverage


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage with its sentences."""

    hit: Hit
    above: Held
    """Terms that the title and the headings hold."""
    sentences: tuple[ReadSentence, ...]

    @property
    def held(self) -> Held:
        """Terms that any sentence, the title or a heading holds."""
        return together(self.above, *(one.held for one in self.sentences))


def read(hits: Sequence[Hit], asked: Sequence[Term], knowledge: Knowledge) -> tuple[ReadPassage, ...]:
    """Read the passages of a question with these terms, in the order of the hits."""
    forms: dict[Language, list[frozenset[str]]] = {}
    for language in {hit.chunk.language for hit in hits}:
        mine = [hit for hit in hits if hit.chunk.language == language]
        vocabulary = frozenset().union(*(stems for hit in mine for stems in _stems(hit)))
        forms[language] = [forms_of(term, vocabulary, language) for term in asked]
    return tuple(_passage(hit, asked, forms[hit.chunk.language], knowledge) for hit in hits)


def together(*rows: Held) -> Held:
    """Return what several texts hold together."""
    return tuple(max(values) for values in zip(*rows, strict=True))


def _stems(hit: Hit) -> Iterator[frozenset[str]]:
    """Yield the stems of a passage's title and headings, then those of each sentence."""
    chunk = hit.chunk
    yield stems_of(" ".join([chunk.title, *chunk.headings]), chunk.language)
    for span in chunk.sentences:
        yield stems_of(Quote(chunk, span, 0.0).text, chunk.language)


def _passage(hit: Hit, asked: Sequence[Term], forms: Sequence[frozenset[str]], knowledge: Knowledge) -> ReadPassage:
    """Read one passage; `forms` are the stems that stand for each of the terms."""
    over, *below = _stems(hit)
    above = tuple(float(not over.isdisjoint(one)) for one in forms)
    sentences = []
    for span, similarity, stems in zip(hit.chunk.sentences, hit.sentence_similarities, below, strict=True):
        held = tuple(_ABOVE * high if stems.isdisjoint(one) else 1.0 for one, high in zip(forms, above, strict=True))
        quote = Quote(hit.chunk, span, hit.score)
        sentences.append(ReadSentence(quote, hit, stems, knowledge.scaled(similarity), held, coverage(asked, held)))
    return ReadPassage(hit, above, tuple(sentences))
