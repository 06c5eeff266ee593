"""The sentences that give a figure of the kind that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.figures import Figure, agrees
from assistant.lexical import words
from assistant.polarity import NEGATION, says_what_lacks
from assistant.premises.statements import (
    Statement,
    clauses,
    content,
    counted,
    holds_word,
    kind_of,
    of_kind,
    own_figures,
    read,
    share,
)
from assistant.premises.vocabulary import DIFFER, ONCE, qualifiers, without_attribution
from assistant.question import Asked, what_is_asked
from assistant.types import Hit, Quote, SearchQuery, Source

_SENTENCES = 14
_ABOUT_IT = 0.65
"""Share of the question's words that a sentence, with what stands above it, must hold."""
_KINDS = {Asked.AMOUNT: "amount", Asked.COUNT: "number", Asked.PERCENTAGE: "percentage", Asked.DATE: "moment"}
_ALTERNATIVES = re.compile(r"\b(?:of|or)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:hoeveel|how many|(?:het |the )?(?:aantal|number of))\s+([^?.,;]{3,60})", re.IGNORECASE)
_MAY_HOLD = re.compile(
    r"\d|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\w+tien|\w+tig|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|\w+teen|\w+ty|tientallen|honderd\w*|duizend\w*|hundred\w*|thousand\w*|dozens?)\b",
    re.IGNORECASE,
)
"""A figure: reading the figures of a sentence takes longer."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure of the kind that is asked for, with the sentence that gives it."""

    quote: Quote
    figure: Figure
    stems: frozenset[str]
    """Of the sentence, without who reported it and without the words of the question."""
    qualifiers: frozenset[str]
    """Of the clause in which the figure stands."""
    years: frozenset[str]
    """Years that the sentence speaks of, where years are not what is asked."""
    parties: frozenset[str]
    """Names that the question and the headings do not have."""
    asked: frozenset[str]
    """Names of the question that the sentence itself holds."""
    alone: bool
    """Whether its clause gives no other figure of the kind."""


class FigureAsked:
    """What a question asks a figure for."""

    def __init__(self, query: SearchQuery, kind: str, sources: Mapping[str, Source]) -> None:
        self._kind = kind
        self._language = query.language
        self._sources = sources
        asked = read(query.text, query.language)
        self._stems = asked.stems - _of_figures(query)
        self._named = frozenset(stem for name in asked.names for stem in content(name, query.language))
        said = read(query.question, query.language)
        self._given = [one for one in said.figures if kind_of(one) != kind]
        self._counted = _what_is_counted(query, [one for one in said.figures if kind_of(one) == kind])

    def about_it(self, hits: Sequence[Hit]) -> list[Quote]:
        """Return the sentences that hold what the question names and may hold a figure, nearest first."""
        found: list[tuple[float, Quote]] = []
        for hit in hits:
            above = _above(hit)
            for span, similarity in zip(hit.chunk.sentences, hit.sentence_similarities, strict=True):
                quote = Quote(hit.chunk, span, hit.score)
                if hit.chunk.language != self._language or span.kind == "table" or not _MAY_HOLD.search(quote.text):
                    continue
                stems = content(quote.text, self._language) | above
                counts = all(holds_word(stem, stems) for stem in self._counted[:1])
                if counts and share(self._stems, stems) >= _ABOUT_IT and not says_what_lacks(quote.text):
                    found.append((similarity, quote))
        return [quote for _, quote in sorted(found, key=lambda one: -one[0])[:_SENTENCES]]

    def stated(self, quote: Quote, *, any_count: bool) -> list[Stated]:
        """Return the figures that a sentence with a known source gives for what is asked.

        `any_count` takes numbers of other things too.
        """
        if NEGATION.search(quote.text) or DIFFER.search(quote.text) or not best_source(quote, self._sources):
            return []
        kept = without_attribution(quote.text)
        said = read(kept, self._language)
        own = own_figures(quote, self._sources)
        whole = Statement(quote.text, self._language, said.stems, said.names, said.qualifiers)
        figures = [one for one in of_kind(own, self._kind) if any_count or self._counts(whole, one)]
        years = [] if self._kind == "moment" else of_kind(own, "moment")
        names = {stem for name in said.names for stem in content(name, self._language)}
        above = content(" ".join([quote.chunk.title, *quote.chunk.headings]), self._language)
        if self._kind == "moment" and not (self._stems & ONCE) <= said.stems:
            return []
        publishers = " ".join(self._sources[one].publisher for one in quote.span.sources if one in self._sources)
        known = self._stems | above | content(publishers, self._language)
        parties = frozenset(stem for stem in names if not holds_word(stem, known))
        return [
            Stated(
                quote,
                figure,
                said.stems - self._stems,
                qualifiers(_clause_of(figure, figures, quote.text, kept)),
                frozenset(str(one.value)[:4] for one in years),
                parties,
                frozenset(stem for stem in self._named if holds_word(stem, said.stems)),
                _is_alone(figure, of_kind(own, self._kind), quote.text),
            )
            for figure in figures
        ]

    def explains(self, quote: Quote) -> bool:
        """Tell whether a sentence says that sources differ on what is asked, with the figures."""
        if not DIFFER.search(quote.text) or len({one.value for one in self._figures(quote)}) < 2:
            return False
        figures = read(quote.text, self._language).figures
        return all(any(agrees(given, one) for one in figures) for given in self._given)

    def explained(self, quote: Quote, stated: Sequence[Stated]) -> list[Stated]:
        """Return one sentence for each figure that a sentence on the difference names; none for fewer than two."""
        found: list[Stated] = []
        named, taken = set(quote.span.sources), set[str]()
        for figure in self._figures(quote):
            same = [one for one in stated if agrees(one.figure, figure) and _new(one.quote, named, taken)]
            if same:
                # Beside other figures, a figure is more likely to be compared with them than stated.
                found.append(min(same, key=lambda one: (len(self._figures(one.quote)), rank(one.quote, self._sources))))
                taken |= set(found[-1].quote.span.sources)
        return found if len(found) > 1 else []

    def _figures(self, quote: Quote) -> list[Figure]:
        """Return all figures of the kind that is asked for in a sentence."""
        return of_kind(read(quote.text, self._language).figures, self._kind)

    def _counts(self, said: Statement, figure: Figure) -> bool:
        """Tell whether a number counts what the question counts; True for figures of other kinds."""
        if self._kind != "number":
            return True
        fewer, more = sorted((counted(said, figure), self._counted), key=len)
        return bool(fewer) and all(holds_word(stem, more) for stem in fewer)


def _above(hit: Hit) -> frozenset[str]:
    """Return the stems of the title and the headings above a passage."""
    return content(" ".join([hit.chunk.title, *hit.chunk.headings]), hit.chunk.language)


def _clause_of(figure: Figure, figures: Sequence[Figure], text: str, kept: str) -> str:
    """Return the clause in which a figure stands, where others stand in other clauses; else the sentence."""
    written = text[figure.start : figure.end]
    own = [clause for clause in clauses(kept) if written in clause]
    return own[0] if own and len(figures) > 1 else kept


def _is_alone(figure: Figure, figures: Sequence[Figure], text: str) -> bool:
    """Tell whether no other of the figures stands in the same clause."""
    written = text[figure.start : figure.end]
    own = next((clause for clause in clauses(text) if written in clause), text)
    return not any(one != figure and text[one.start : one.end] in own for one in figures)


def asked_kind(query: SearchQuery) -> str | None:
    """Return the kind of figure that is asked for: by name, or as a choice between figures."""
    kind = _KINDS.get(what_is_asked(query.question))
    if kind:
        return kind
    figures = read(query.question, query.language).figures
    if len(figures) > 1 and _ALTERNATIVES.search(query.question):
        return kind_of(figures[-1])
    return None


def _of_figures(query: SearchQuery) -> frozenset[str]:
    """Return the stems of the words in which the question writes its figures."""
    said = read(query.text, query.language)
    return frozenset(word for one in said.figures for word in content(said.text[one.start : one.end], said.language))


def _new(quote: Quote, named: set[str], taken: set[str]) -> bool:
    """Tell whether a sentence is from one of the named sources, and from none that has spoken."""
    own = set(quote.span.sources)
    return bool(own & named) and not own & taken


def _what_is_counted(query: SearchQuery, figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the stems of what a question counts, by asking "how many" or by giving numbers to choose from."""
    match = _COUNTED.search(query.question)
    if match is None:
        return counted(read(query.question, query.language), figures[-1]) if figures else ()
    found: list[str] = []
    for word in words(match[1]):
        stems = content(word, query.language)
        if not stems and found:
            break
        found += stems
    return tuple(found[:3])


def rank(quote: Quote, sources: Mapping[str, Source]) -> tuple[str, int]:
    """Return a key that puts A before B before C, and of these the newest first."""
    best = best_source(quote, sources)
    if best is None:
        return "Z", 0
    digits = best.date.replace("-", "") if best.date[:1].isdigit() else "0"
    return best.authority, -int(digits.ljust(8, "0"))


def best_source(quote: Quote, sources: Mapping[str, Source]) -> Source | None:
    """Return the source of a quote with the highest authority; None where the register knows none."""
    known = [sources[one] for one in quote.span.sources if one in sources]
    return min(known, key=lambda source: source.authority, default=None)
