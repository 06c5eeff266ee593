"""What speaks for and against each sentence of the passages found as an answer to a question.

All values are relative to the other sentences that were found for the same question, so that one set
of weights serves every question and every embedder.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.figures import FigureKind, figures_in
from assistant.lexical import terms
from assistant.polarity import NEGATION, says_what_lacks
from assistant.question import Asked, holds, what_is_asked
from assistant.types import Chunk, Hit, Language, Quote, SearchQuery, Span

FEATURES = (
    "similarity",
    "passage_similarity",
    "heading_similarity",
    "passage_score",
    "coverage_in_part",
    "coverage_by_passage",
    "lacks_name",
    "lacks_number",
    "holds_figure",
    "holds_other",
    "coverage_around",
    "near_heading_asks_the_same",
    "opens_section",
    "defines",
    "item_of_list",
    "table",
    "announces",
    "negates",
    "negates_for_yes_no",
    "length",
    "fragment",
)
"""Names of a candidate's values, in order. What each means stands where it is computed."""

_CONTEXT_WEIGHT = 0.5
"""Of a term that only the questions before a follow-up hold, against 1 for its own."""
_QUESTION_WORDS = frozenset(
    "hoeveel hoelang waarmee waarop waaruit waarvan wien precie einlijk exact actual precis".split()
)
"""Stems of words that ask, and describe nothing: "hoeveel X kreeg, staat er niet" does not answer "hoeveel"."""
_LOWEST_SCORE = -6.0
_MIN_PART = 5
"""Letters from which on a word that stands inside a longer one counts: "subsidie" in "subsidieaanvraag"."""
_PART_WEIGHT = 0.6
_LEADING_WORDS = 7
_CACHED_SENTENCES = 16_384
_FIGURES: Mapping[Asked, frozenset[FigureKind]] = {
    Asked.AMOUNT: frozenset({"amount", "percentage", "magnitude"}),
    Asked.COUNT: frozenset({"number", "ordinal", "magnitude", "amount", "percentage", "period"}),
    Asked.PERCENTAGE: frozenset({"percentage"}),
    Asked.DATE: frozenset({"date", "year", "decade", "time", "period"}),
}
_OF_OTHER_FORM = frozenset({Asked.PERSON, Asked.ADDRESS, Asked.PLACE, Asked.REASON})
_NAME = re.compile(r"\b\w*[A-ZÀ-Þ]\w*[A-Z0-9]\w*\b|(?<=[a-zà-ÿ,;:] )[A-ZÀ-Þ][\w'’&-]+")
"""Two capitals, or a capital inside a sentence."""
_ATTRIBUTION = re.compile(
    r"(?:(?:, )?\b(?:aldus|volgens|meldde|meldden|schreef|schreven|reported|wrote|according to)\b|"
    r"\b(?:bericht|nieuwsbericht|artikel|folder|pagina|item|article|leaflet|page) (?:van|uit|of|from)\b)"
    r"[^,;:]*?\b\d{4}\b",
    re.IGNORECASE,
)
"""Who said it and when: a date in it is that of the source, not the one that is asked for."""
_CLAUSE = re.compile(r"[;:|]\s|,\s|\s(?:en|and|maar|but)\s")
_CLOSED = (".", "!", ":", '"', "”", ")", "’")
_FigureKey = tuple[str, object, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit."""

    quote: Quote
    hit: Hit
    values: tuple[float, ...]
    """One for each of FEATURES."""
    stems: frozenset[str]
    covers: frozenset[str]
    """Terms of the question that the sentence, its heading or its title holds."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What a question asks of the passages of one language."""

    asked: Asked
    weights: Mapping[str, float]
    """Rarity by term."""
    names: frozenset[str]
    numbers: frozenset[str]
    figures: frozenset[_FigureKey]
    """A figure that the question itself states does not answer it."""


@dataclass(frozen=True, slots=True)
class _Best:
    """The best of all passages."""

    sentence: float
    passage: float
    heading: float
    score: float


def candidates(
    query: SearchQuery, hits: Sequence[Hit], rarity: Callable[[str, Language], float], spread: float
) -> list[Candidate]:
    """Return every sentence of the hits; `rarity` and `spread` as the answerer takes them."""
    if not hits:
        return []
    best = _Best(
        max(max(hit.sentence_similarities, default=0.0) for hit in hits),
        max(hit.similarity for hit in hits),
        max(hit.heading_similarity for hit in hits),
        hits[0].score,
    )
    asked = what_is_asked(query.question)
    languages = {hit.chunk.language for hit in hits}
    questions = {language: _question(query, asked, language, rarity) for language in languages}
    found: list[Candidate] = []
    for hit in hits:
        found += _of_hit(questions[hit.chunk.language], hit, best, spread)
    return found


def question_terms(
    query: SearchQuery, language: Language, rarity: Callable[[str, Language], float]
) -> dict[str, float]:
    """Return the terms of a question by their rarity; those of the questions it leans on count for less."""
    own = frozenset(terms(query.question, language, query.language))
    return {
        term: rarity(term, language) * (1.0 if term in own or not query.follow_up else _CONTEXT_WEIGHT)
        for term in terms(query.text, language, query.language)
        if term not in _QUESTION_WORDS
    }


def _question(
    query: SearchQuery, asked: Asked, language: Language, rarity: Callable[[str, Language], float]
) -> _Question:
    """Read a question as one that is put to passages of a language."""
    weights = question_terms(query, language, rarity)
    names = {term for match in _NAME.finditer(query.text) for term in terms(match.group(), language)}
    return _Question(
        asked,
        weights,
        frozenset(names & weights.keys()),
        frozenset(term for term in weights if term.isdigit()),
        frozenset(figure.key for figure in figures_in(query.text, query.language)),
    )


def _of_hit(question: _Question, hit: Hit, best: _Best, spread: float) -> Iterator[Candidate]:
    """Yield the sentences of a hit."""
    chunk, weights = hit.chunk, question.weights
    above = stems_of(" ".join([chunk.title, *chunk.headings]), chunk.language)
    whole = above | stems_of(chunk.text, chunk.language)
    of_passage = (
        (hit.similarity - best.passage) / spread,
        (hit.heading_similarity - best.heading) / spread,
        max(_LOWEST_SCORE, hit.score - best.score),
    )
    by_passage = _coverage(weights, whole)
    same = float(question.asked is not Asked.OTHER and _asked_by(chunk.heading or "") is question.asked)
    near_heading = math.exp(of_passage[1])
    for position, (span, similarity) in enumerate(zip(chunk.sentences, hit.sentence_similarities, strict=True)):
        quote = Quote(chunk, span, hit.score)
        stems = stems_of(quote.text, chunk.language)
        held = stems | above
        values = (
            (similarity - best.sentence) / spread,
            *of_passage,
            _coverage_in_part(weights, held),
            by_passage,
            _share_without(question.names, held),
            _share_without(question.numbers, held),
            *_fitness(question, quote.text, chunk.language),
            same * near_heading,
            near_heading * (position == 0),
            *_form(question, quote.text, span, chunk),
        )
        yield Candidate(quote, hit, values, stems, frozenset(weights.keys() & held))


def _fitness(question: _Question, text: str, language: Language) -> tuple[float, float, float]:
    """Return whether a sentence holds a figure, or another thing, of the kind asked for, and what stands around it.

    The last is the coverage of the clause with such a thing in it that covers most: the amount of the
    one who is asked about, not that of another in the same sentence.
    """
    if says_what_lacks(text):
        return 0.0, 0.0, 0.0
    text = _ATTRIBUTION.sub(" ", text)
    if question.asked in _FIGURES:
        if not _new_figure(question, text, language):
            return 0.0, 0.0, 0.0
        clauses = [clause for clause in _CLAUSE.split(text) if _new_figure(question, clause, language)]
        figure, other = 1.0, 0.0
    elif question.asked in _OF_OTHER_FORM and holds(question.asked, text):
        clauses = [clause for clause in _CLAUSE.split(text) if holds(question.asked, clause)]
        figure, other = 0.0, 1.0
    else:
        return 0.0, 0.0, 0.0
    return figure, other, max((_coverage(question.weights, stems_of(one, language)) for one in clauses), default=0.0)


def _new_figure(question: _Question, text: str, language: Language) -> bool:
    """Tell whether a text holds a figure of the kind asked for that the question does not state itself."""
    kinds = _FIGURES[question.asked]
    return any(kind in kinds and key not in question.figures for kind, key in _figures(text, language))


def _form(question: _Question, text: str, span: Span, chunk: Chunk) -> tuple[float, ...]:
    """Return what the form of a sentence says of it."""
    words = text.split()
    lead = stems_of(" ".join(words[:_LEADING_WORDS]), chunk.language)
    negates = NEGATION.search(text) is not None
    return (
        _coverage(question.weights, lead) if question.asked is Asked.MEANING else 0.0,
        float(span.kind == "item" and question.asked is Asked.LIST),
        float(span.kind == "table"),
        float(announces(text)),
        float(negates and question.asked not in _FIGURES and question.asked not in _OF_OTHER_FORM),
        float(negates and not says_what_lacks(text) and question.asked is Asked.YES_NO),
        math.log(1 + len(words)),
        float(not text.rstrip().endswith(_CLOSED)),
    )


def announces(text: str) -> bool:
    """Tell whether a sentence only opens what stands below it."""
    return text.rstrip().endswith(":")


def _coverage(weights: Mapping[str, float], stems: frozenset[str]) -> float:
    """Return the share of the question's terms, by weight, that a text holds."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in stems) / total if total else 0.0


def _coverage_in_part(weights: Mapping[str, float], stems: frozenset[str]) -> float:
    """Return the coverage where a word also counts that is a part of another: Dutch compounds, and their parts."""
    total = sum(weights.values())
    if not total:
        return 0.0
    long = [stem for stem in stems if len(stem) >= _MIN_PART]
    found = 0.0
    for term, weight in weights.items():
        if term in stems:
            found += weight
        elif len(term) >= _MIN_PART and any(term in stem or stem in term for stem in long):
            found += _PART_WEIGHT * weight
    return found / total


def _share_without(wanted: frozenset[str], held: frozenset[str]) -> float:
    """Return the share of some terms that a text does not hold; 0 where none is wanted."""
    return len(wanted - held) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=_CACHED_SENTENCES)
def stems_of(text: str, language: Language) -> frozenset[str]:
    """Return the terms of a text of a document."""
    return frozenset(terms(text, language))


@lru_cache(maxsize=_CACHED_SENTENCES)
def _figures(text: str, language: Language) -> tuple[tuple[FigureKind, _FigureKey], ...]:
    """Return the kinds of the figures in a text of a document, with what equal ones share."""
    return tuple((figure.kind, figure.key) for figure in figures_in(text, language))


@lru_cache(maxsize=_CACHED_SENTENCES)
def _asked_by(heading: str) -> Asked:
    """Return what a heading asks for."""
    return what_is_asked(heading) if heading.endswith("?") else Asked.OTHER
