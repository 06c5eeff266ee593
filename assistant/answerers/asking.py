"""What a question asks of the sentences of one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.figures import FigureKind, figures_in
from assistant.lexical import terms
from assistant.question import Asked, asks_how, what_is_asked
from assistant.types import Language, SearchQuery

FigureKey = tuple[str, object, str]
_CONTEXT_WEIGHT = 0.5
"""Of a term that only the questions before a follow-up hold, against 1 for its own."""
_QUESTION_WORDS = frozenset(
    "hoeveel hoelang waarmee waarop waaruit waarvan wien precie einlijk exact actual precis".split()
)
"""Stems of words that ask, and describe nothing: "hoeveel X kreeg, staat er niet" does not answer "hoeveel"."""
_MIN_PART = 5
"""Letters from which on a word that stands inside a longer one counts: "subsidie" in "subsidieaanvraag"."""
_PART_WEIGHT = 0.6
_CACHED_SENTENCES = 16_384
_NAME = re.compile(r"\b\w*[A-ZÀ-Þ]\w*[A-Z0-9]\w*\b|(?<=[a-zà-ÿ,;:] )[A-ZÀ-Þ][\w'’&-]+")
"""Two capitals, or a capital inside a sentence."""
_DOES = re.compile(r"^\W*(?:en |and )?(?:wat doe[nt]|what do(?:es)?)\s+(?!ik\b|je\b|we\b|i\b|you\b)", re.IGNORECASE)
_KIND = re.compile(
    r"\b(?:welke?|hoeveel|which|what|how many|wat (?:zijn|waren) (?:de|het)|what (?:are|were) the)\s+(.+)",
    re.IGNORECASE,
)
_AFTER_KIND = re.compile(
    r"^(?:is|was|zijn|waren|er|heeft|hebben|had|hadden|kan|kun|kunnen|mag|mogen|moet|moeten|wordt|worden|werd|werden|"
    r"de[ed]\w*|doe\w*|kreeg|kregen|krijg\w*|noem\w*|gaf|geeft|geven|bestaa\w*|hoor\w*|gebruik\w*|help\w*|pas\w*|nam\w*|"
    r"are|were|do|does|did|has|have|can|may|must|should|took|take\w*|exist\w*|there|help|get|got|receive\w*|suit|"
    r"van|voor|in|op|aan|bij|met|uit|of|for|from|at|on|with|to|by|ik|je|we|i|you|it|het|de|the)$",
    re.IGNORECASE,
)
_MOST_OF_KIND = 3


@dataclass(frozen=True, slots=True)
class AskedOf:
    """What a question asks of the passages of one language."""

    asked: Asked
    procedure: bool
    """Whether it asks how to do something."""
    text: str
    weights: Mapping[str, float]
    """Rarity by term."""
    names: frozenset[str]
    numbers: frozenset[str]
    kind: frozenset[str]
    """Terms of the kind of thing that is asked for: "tools" in "which tools are there?"."""
    figures: frozenset[FigureKey]
    """A figure that the question itself states does not answer it."""


def asked_of(question: str) -> Asked:
    """Return what would answer a question; one for a procedure is answered by a list of steps.

    What a thing does is said by the sentence that says what it is.
    """
    asked = what_is_asked(question)
    if asks_how(question) and asked is not Asked.ADDRESS:
        return Asked.LIST
    return Asked.MEANING if asked is Asked.OTHER and _DOES.search(question) else asked


def read_question(query: SearchQuery, language: Language, rarity: Callable[[str, Language], float]) -> AskedOf:
    """Read a question as one that is put to passages of a language."""
    weights = question_terms(query, language, rarity)
    asked = asked_of(query.question)
    return AskedOf(
        asked=asked,
        procedure=asked is Asked.LIST and asks_how(query.question),
        text=query.question,
        weights=weights,
        names=names_in(query.text, language) & weights.keys(),
        numbers=frozenset(term for term in weights if term.isdigit()),
        kind=_kind_of_thing(query, language) & weights.keys(),
        figures=frozenset(figure.key for figure in figures_in(query.text, query.language)),
    )


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


@lru_cache(maxsize=_CACHED_SENTENCES)
def names_in(text: str, language: Language) -> frozenset[str]:
    """Return the terms of the names in a text."""
    return frozenset(term for match in _NAME.finditer(text) for term in terms(match.group(), language))


def _kind_of_thing(query: SearchQuery, language: Language) -> frozenset[str]:
    """Return the terms of the words between "which" and the verb."""
    match = _KIND.search(query.question)
    words: list[str] = []
    for word in match.group(1).split()[:_MOST_OF_KIND] if match else ():
        if _AFTER_KIND.match(word.strip("?,.")):
            break
        words.append(word)
    return frozenset(term for term in terms(" ".join(words), language, query.language) if not term.isdigit())


def coverage(weights: Mapping[str, float], stems: frozenset[str]) -> float:
    """Return the share of the question's terms, by weight, that a text holds."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in stems) / total if total else 0.0


def coverage_in_part(weights: Mapping[str, float], stems: frozenset[str]) -> float:
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


def share_without(wanted: frozenset[str], held: frozenset[str]) -> float:
    """Return the share of some terms that a text does not hold; 0 where none is wanted."""
    return len(wanted - held) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=_CACHED_SENTENCES)
def stems_of(text: str, language: Language) -> frozenset[str]:
    """Return the terms of a text of a document."""
    return frozenset(terms(text, language))


@lru_cache(maxsize=_CACHED_SENTENCES)
def figures_of(text: str, language: Language) -> tuple[tuple[FigureKind, FigureKey], ...]:
    """Return the kinds of the figures in a text of a document, with what equal ones share."""
    return tuple((figure.kind, figure.key) for figure in figures_in(text, language))


@lru_cache(maxsize=_CACHED_SENTENCES)
def asked_by_heading(heading: str) -> Asked:
    """Return what a heading asks for."""
    return asked_of(heading) if heading.endswith("?") else Asked.OTHER
