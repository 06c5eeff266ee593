"""A sentence taken apart, so that it can be held against another one on the same subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.figures import Figure, agrees, figures_in
from assistant.lexical import terms, words
from assistant.names import Vocabulary, names_in
from assistant.premises.vocabulary import canonical, is_light, qualifiers, without_attribution
from assistant.types import Language, Quote, Source

_YEAR = len("2023")
_MIN_PREFIX = 5
"""From this length on, a word stands for longer ones that begin with it."""
_CLAUSE = re.compile(r"\s*[;:,]\s+|\s+[–-]\s+|\s+(?:en|and|maar|but|terwijl|while|waarvan|of which)\s+")
_WORD = re.compile(r"[^\W_]+(?:[-&][^\W_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_][\w~&-]*)[\s\")]*$")
_NEXT_WORD = re.compile(r"[\s\"(]*(?:(?:de|het|the)\s+)?([^\W\d_][\w~&-]*)")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence says, in parts."""

    text: str
    language: Language
    stems: frozenset[str]
    """Of the words that carry its subject; those that say the same are one."""
    names: frozenset[str]
    """Words of names, without capitals."""
    qualifiers: frozenset[str]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that can be nothing else."""
        return _figures(self.text, self.language)


def read(text: str, language: Language, vocabulary: Vocabulary | None = None) -> Statement:
    """Take a sentence apart; the vocabulary tells which of the words at its beginning are names."""
    spans = names_in(text, language, vocabulary or Vocabulary())
    named = frozenset(word for start, end in spans for word in words(text[start:end]))
    stems = content(text, language)
    return Statement(text, language, stems, frozenset(word for word in named if not is_light(word)), qualifiers(text))


@lru_cache(maxsize=4_096)
def content(text: str, language: Language) -> frozenset[str]:
    """Return the stems of the words that carry the subject of a text."""
    found: set[str] = set()
    for word in words(text):
        same = canonical(word)
        if same:
            found.add(same)
        elif not is_light(word):
            found.update(_stems(word, language))
    return frozenset(found)


@lru_cache(maxsize=16_384)
def _stems(word: str, language: Language) -> tuple[str, ...]:
    """Return the stem of a word; none for a word that carries grammar only."""
    return tuple(terms(word, language))


@lru_cache(maxsize=4_096)
def _figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text; the reading is slow enough to be done once only."""
    return tuple(figure for figure in figures_in(text, language) if figure.sure)


def holds_word(word: str, others: Iterable[str]) -> bool:
    """Tell whether a word, or a longer one that begins with it, or a compound with it, is among others."""
    return any(_alike(word, other) for other in others)


def _alike(one: str, other: str) -> bool:
    """Tell whether two stems are of one word, or one is a part of the other, a compound."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _MIN_PREFIX and (long.startswith(short) or long.endswith(short)) and not short.startswith("=")


def share(some: frozenset[str], others: frozenset[str]) -> float:
    """Return which share of some words is among others; 1 where there are none."""
    return sum(holds_word(word, others) for word in some) / len(some) if some else 1.0


def same_figure(one: Figure, other: Figure) -> bool:
    """Tell whether two figures can be the same: equal, a year and a day in it, or one a rounded form of the other."""
    if agrees(one, other):
        return True
    first, second = str(one.value), str(other.value)
    if kind_of(one) == kind_of(other) == "moment":
        return same_moment(first, second) or same_moment(second, first)
    return kind_of(one) == kind_of(other) and one.unit == other.unit and _rounded(one, other)


def same_moment(rough: str, exact: str) -> bool:
    """Tell whether an ISO date can be the other one, of which more is known; "--09" is a month of any year."""
    return exact.startswith(rough) or (rough.startswith("--") and exact[4:].startswith(rough[1:]))


def _rounded(one: Figure, other: Figure) -> bool:
    """Tell whether the figure with fewer digits is what the other is rounded to: 2.6 million and 2,628,467."""
    if not isinstance(one.value, Decimal) or not isinstance(other.value, Decimal):
        return False
    rough, exact = sorted(
        (one.value.normalize(), other.value.normalize()), key=lambda value: len(value.as_tuple().digits)
    )
    digits = len(rough.as_tuple().digits)
    if digits < 2 or not rough or not exact:
        return False
    return abs(exact - rough) * 2 <= Decimal(1).scaleb(int(rough.as_tuple().exponent))


def kind_of(figure: Figure) -> str:
    """Return the kind of a figure; a day and a year are both moments."""
    return "moment" if figure.kind in ("date", "year") else figure.kind


def of_kind(figures: Sequence[Figure], kind: str) -> list[Figure]:
    """Return the figures of one kind; "moment" is a day, a month or a year."""
    return [figure for figure in figures if kind_of(figure) == kind]


def own_figures(quote: Quote, sources: Mapping[str, Source]) -> tuple[Figure, ...]:
    """Return the figures of a quote that belong to what it says, and not to when it was published."""
    published = [sources[one].date for one in quote.span.sources if one in sources]
    kept = without_attribution(quote.text)
    return tuple(
        figure
        for figure in _figures(quote.text, quote.chunk.language)
        if not (kind_of(figure) == "moment" and _is_publication(figure, quote.text, kept, published))
    )


def _is_publication(figure: Figure, text: str, kept: str, published: Sequence[str]) -> bool:
    """Tell whether a moment is when the source appeared: in its date, or in the words about who reported it."""
    value = str(figure.value)
    # A source of which only the year is known says nothing about the days in it.
    dated = any(date.startswith(value) or (len(date) > _YEAR and value.startswith(date)) for date in published)
    return (dated and figure.kind == "date") or text[figure.start : figure.end] not in kept


def counted(statement: Statement, figure: Figure) -> tuple[str, ...]:
    """Return the stems of what a number counts: the content words right behind it."""
    behind = statement.text[figure.end : figure.end + 60]
    found: list[str] = []
    for match in _WORD.finditer(re.split(r"[.;:,!?()]", behind)[0]):
        stems = content(match.group(), statement.language)
        if not stems and found:
            break
        found += stems
        if len(found) >= 3:
            break
    return tuple(found)


def clauses(text: str) -> list[str]:
    """Return the clauses of a sentence; an enumeration of names is not cut."""
    parts, start = [], 0
    for cut in _CLAUSE.finditer(text):
        before, after = _LAST_WORD.search(text[: cut.start()]), _NEXT_WORD.match(text[cut.end() :])
        if not (before and after and before[1][0].isupper() and after[1][0].isupper()):
            parts.append(text[start : cut.start()])
            start = cut.end()
    return [part for part in (*parts, text[start:]) if part.strip()]
