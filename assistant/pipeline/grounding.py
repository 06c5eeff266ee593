"""Which sentences of the passages hold what a sentence of a language model says, if any do.

Two checks, both against the very sentences that will be cited. The lock (assistant.verifier) holds figures, dates,
names, addresses and negations. The ordinary words are free, so they have a check of their own: most of them must
stand in the cited sentences, or the meaning must lie as near as translations of one sentence do. An invented
sentence without a figure or a name passes the first and not the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answerers.numbered import Numbered
from assistant.embedder import Background, Embedder, background
from assistant.lexical import terms, words
from assistant.types import Fault, Language, Matrix, Quote
from assistant.verifier import Passage, check
from assistant.verifier.words import keys_of

# Chosen on the twins of the corpus: of the sentences that translate each other 95 in 100 are nearer than _SAME,
# of other pairs in one document 1 in 100 is.
_SAME = 5.4
"""Least similarity, in standard deviations above that of unrelated texts, of a sentence and its translation."""
_NEAR = 4.6
"""The same where words are shared too."""
_MOST_WORDS = 0.8
"""Share of the words of a sentence that the cited ones hold, where that alone is enough."""
_MANY_WORDS = 0.5
_SOME_WORDS = 0.4
"""The same across languages, where fewer words can be matched."""
_MIN_PREFIX = 5
"""From this length on, a word stands for one that begins or ends with it: inflections and Dutch compounds."""
_MIN_PART = 0.6
"""Share of a word that must be held: "subsidie" does not hold "subsidieadviseur"."""
_TRIED = 6
"""Sentences that may hold a text; those further down share next to nothing with it."""
_MOST_QUOTES = 6
"""For a sentence whose names or figures stand in a list."""
_BEFORE_NOUN = frozenset(
    "de het een dit dat deze die elk elke geen zijn haar hun ons onze van voor met in op door uit bij naar over "
    "the a an this that these those each every no its their our of for with in on by from at about into as".split()
)
_ADJECTIVE = ("e", "al", "ic", "ive", "ed", "ent", "ant", "ful", "ous", "ing")
_BETWEEN_CLAUSES = re.compile(r"[;,]?\s+(?:en|and|maar|but|terwijl|while|whereas)\s+|;\s+", re.IGNORECASE)
_FEWEST_WORDS = 2
_GENERAL = frozenset(
    "alle alles iedereen elk elke ieder iedere altijd overal all every everyone everything each always "
    "everywhere".split()
)
_NAMED = 0.25
"""Worth, in shares of its words, of standing in a passage that the model itself named."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """What a sentence rests on: quotes where it may be said, faults where the lock found some, or neither."""

    quotes: tuple[Quote, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """A content word of a text."""

    stem: str
    keys: frozenset[str]
    """What it is compared by: its stem, and what stands for it in Dutch and English."""
    is_noun: bool
    """Whether an article or a preposition stands before it."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence of a passage, with its words."""

    number: int
    """Of the passage."""
    quote: Quote
    words: frozenset[str]
    """What its words are compared by."""
    row: int
    """Among all candidates."""


class Grounding:
    """The sentences of the passages that the model has read, ready to hold its own against them."""

    def __init__(self, passages: Sequence[Numbered], embedder: Embedder | None) -> None:
        """Take the passages; without an embedder a sentence in another language than its passage cannot pass."""
        self._embedder = embedder
        quotes = [(passage, quote) for passage in passages for quote in passage.quotes]
        self._candidates = [
            _Candidate(passage.number, quote, _held(quote.text, quote.chunk.language), row)
            for row, (passage, quote) in enumerate(quotes)
        ]
        self._above = {passage.number: _held(passage.heading, passage.hit.chunk.language) for passage in passages}

    def ground(self, text: str, language: Language, markers: Sequence[int]) -> Grounded:
        """Find what a sentence rests on: in the passages that it names, else in the other ones.

        A small model often names the wrong passage; what another one holds in full is cited from there.
        """
        named = frozenset(markers) & frozenset(self._above)
        ranked = self._ranked(text, language, named)
        for find in (self._whole, self._clauses, self._list):
            if chosen := find(text, language, ranked):
                return Grounded(quotes=tuple(one.quote for one in chosen))
        near = [one for one in ranked if one.number in named] or ranked
        return Grounded(faults=check(text, language, _passages(near[:_MOST_QUOTES])))

    def _whole(self, text: str, language: Language, ranked: Sequence[_Candidate]) -> list[_Candidate]:
        """Find one sentence that holds the whole text."""
        for one in ranked[:_TRIED]:
            if self._holds_up(text, language, [one]):
                return [one]
        return []

    def _clauses(self, text: str, language: Language, ranked: Sequence[_Candidate]) -> list[_Candidate]:
        """Find one sentence for each clause of a text.

        Several sentences never hold one clause together: that is how two facts become a third that nobody stated.
        """
        clauses = _clauses(text, language)
        if len(clauses) < 2:
            return []
        chosen: dict[int, _Candidate] = {}
        for clause in clauses:
            if not (found := self._whole(clause, language, ranked)):
                return []
            chosen[found[0].row] = found[0]
        found = list(chosen.values())
        return [] if check(text, language, _passages(found)) else found

    def _list(self, text: str, language: Language, ranked: Sequence[_Candidate]) -> list[_Candidate]:
        """Find the items of one list that hold a text that sums them up."""
        items = [one for one in ranked if one.quote.span.kind in ("item", "table") or one.quote.text.endswith(":")]
        own = _words(text, language)
        for number in dict.fromkeys(one.number for one in items):
            chosen: list[_Candidate] = []
            for one in (one for one in items if one.number == number):
                if len(chosen) < _MOST_QUOTES and _adds(own, chosen, one):
                    chosen.append(one)
            if len(chosen) > 1 and self._holds_up(text, language, chosen):
                return chosen
        return []

    def _holds_up(self, text: str, language: Language, chosen: Sequence[_Candidate]) -> bool:
        """Tell whether a text passes both checks against some sentences."""
        return self._supported(text, language, chosen) and not check(text, language, _passages(chosen))

    def _ranked(self, text: str, language: Language, named: frozenset[int]) -> list[_Candidate]:
        """Return the sentences by how much of the text they hold, those that the model named a little ahead."""
        own = _words(text, language)
        foreign = any(one.quote.chunk.language != language for one in self._candidates)
        nearness = self._nearness(text) if foreign else None

        def worth(one: _Candidate) -> float:
            near = nearness[one.row] / _SAME if nearness else 0.0
            return _share(own, one.words) + near + _NAMED * (one.number in named)

        return sorted(self._candidates, key=lambda one: -worth(one))

    def _supported(self, text: str, language: Language, chosen: Sequence[_Candidate]) -> bool:
        """Tell whether the ordinary words of a text have their ground in the sentences chosen.

        A verb may be another one; a noun that stands nowhere is something new.
        """
        if _is_general(text) and not any(_is_general(one.quote.text) for one in chosen):
            return False
        held = frozenset[str]().union(*(one.words | self._above[one.number] for one in chosen))
        own = _words(text, language)
        share = _share(own, held)
        same_language = all(one.quote.chunk.language == language for one in chosen)
        if same_language and any(word.is_noun and not _holds(held, word) for word in own):
            return False
        if same_language and share >= _MOST_WORDS:
            return True
        nearness = self._nearness(text)
        if nearness is None:
            return False
        nearest = max(nearness[one.row] for one in chosen)
        if same_language:
            return share >= _MANY_WORDS and nearest >= _NEAR
        return nearest >= (_NEAR if share >= _SOME_WORDS else _SAME)

    def _nearness(self, text: str) -> list[float] | None:
        """Return how near a text is to each candidate, in standard deviations; None without an embedder."""
        if self._embedder is None or not self._candidates:
            return None
        band = self._background
        similarities = self._vectors @ self._embedder.encode_passages([text])[0]
        return [float((one - band.mean) / band.spread) for one in similarities]

    @cached_property
    def _vectors(self) -> Matrix:
        """The vectors of all candidates."""
        assert self._embedder is not None
        return self._embedder.encode_passages([one.quote.text for one in self._candidates])

    @cached_property
    def _background(self) -> Background:
        """The band of the embedder's similarities."""
        assert self._embedder is not None
        return background(self._embedder)


def _passages(chosen: Sequence[_Candidate]) -> list[Passage]:
    """Return sentences as the lock reads them."""
    return [Passage(one.quote.text, one.quote.chunk.language) for one in chosen]


def _words(text: str, language: Language) -> list[_Word]:
    """Return the content words of a text, each once."""
    found: dict[str, _Word] = {}
    before = ""
    for word in words(text):
        if not (stems := terms(word, language)):
            before = word
            continue
        is_noun = before in _BEFORE_NOUN
        found[word] = _Word(stems[0], keys_of(word, language) | {*stems}, is_noun)
        # An adjective hands on what stands before it: "de vaste begeleider".
        before = before if is_noun and word.endswith(_ADJECTIVE) else word
    return list(found.values())


def _held(text: str, language: Language) -> frozenset[str]:
    """Return all that the words of a passage can be compared by."""
    return frozenset[str]().union(*(word.keys for word in _words(text, language)))


def _share(some: Sequence[_Word], held: frozenset[str]) -> float:
    """Return the share of some words that a passage holds; 0 where there are none."""
    return sum(_holds(held, word) for word in some) / len(some) if some else 0.0


def _holds(held: frozenset[str], word: _Word) -> bool:
    """Tell whether a word, or one that stands for it, is held, or begins or ends one that is."""
    if word.keys & held:
        return True
    stem = word.stem
    if len(stem) < _MIN_PREFIX or stem.isdigit():
        return False
    return any(
        other.startswith(stem)
        or other.endswith(stem)
        or (len(other) >= max(_MIN_PREFIX, _MIN_PART * len(stem)) and stem.startswith(other))
        for other in held
    )


def _adds(own: Sequence[_Word], chosen: Sequence[_Candidate], more: _Candidate) -> bool:
    """Tell whether one more sentence holds words of a text that those chosen do not."""
    held = frozenset[str]().union(*(one.words for one in chosen))
    return any(_holds(more.words, word) and not _holds(held, word) for word in own)


def _clauses(text: str, language: Language) -> list[str]:
    """Return the clauses of a text; what is too short to state anything stays with the one before."""
    found: list[str] = []
    for part in _BETWEEN_CLAUSES.split(text):
        if found and min(len(_words(found[-1], language)), len(_words(part, language))) < _FEWEST_WORDS:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _is_general(text: str) -> bool:
    """Tell whether a text says something of all, or of always."""
    return not _GENERAL.isdisjoint(words(text))
