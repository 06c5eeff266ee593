"""How many sentences make an answer: the best one, and others only where they add something.

For each part of a question the best sentence is taken first. A further sentence is weighed by its
own worth, by the terms of the question that no sentence so far holds, and by standing in the same
section as the first; what it repeats counts against it. When the best that is left falls too far
below the first, the answer is complete. How far depends on what is asked: an amount, a date or a
name needs one sentence more often than a broad question does. The limits were chosen for nugget
recall and for short answers together, on the same cases as the weights.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.answerers.asking import stems_of
from assistant.answerers.features import Candidate
from assistant.answerers.lists import is_table, list_of
from assistant.answerers.wording import announces, figures_asked_for
from assistant.polarity import says_what_lacks
from assistant.question import Asked, holds
from assistant.types import Chunk, Quote

_MARGIN_FACT = 0.8
"""How far below the first a further sentence may fall, as a difference of logits."""
_MARGIN_LIST = 2.0
_MARGIN_COMPOUND = 1.8
_MARGIN_OTHER = 1.6
_FACTS = frozenset(
    {Asked.AMOUNT, Asked.COUNT, Asked.PERCENTAGE, Asked.DATE, Asked.PERSON, Asked.PLACE, Asked.ADDRESS, Asked.MEANING}
)
_SAME_SECTION = 0.5
_NEW_TERMS = 2.0
_REPETITION = 0.6
_REPETITION_FROM = 0.3
_SAME_TERMS = 0.75
"""Of two sentences, one says nothing new when this share of its terms stands in the other."""
_LONGEST_TABLE = 8
"""A longer table is never quoted whole; the row that answers is."""
_FEWEST_LISTED = 2
_DEFINES = 0.5
_CONSIDERED = 30
_PART_CONSIDERED = 8
_CONTRAST = re.compile(
    r"\b(?:verschil\w*|anders|ander\w*|terwijl|tegenover|hetzelfde|dezelfde|beide|differ\w*|another|other|whereas|while|"
    r"unlike|same|both|onderdeel|deel|part)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sentences found, best first, for a question or one of its parts."""

    asked: Asked
    own: frozenset[str]
    """The terms of the question or part itself."""
    candidates: Sequence[Candidate]
    worths: Sequence[float]


@dataclass(slots=True)
class Choice:
    """An answer while it is put together."""

    chunk_at: Callable[[int], Chunk | None]
    most: int
    groups: list[tuple[Candidate, list[Quote]]] = field(default_factory=list)
    """Each sentence that was chosen, with what comes along with it: a list counts as one."""
    _said: list[frozenset[str]] = field(default_factory=list)
    _covered: frozenset[str] = frozenset()
    _used: set[tuple[str, int]] = field(default_factory=set)

    def answer_parts(self, parts: Sequence[Ranking], *, alike: bool = False) -> None:
        """Take the best sentence for each part of a question, unless it is in the answer already.

        With `alike` also where it says of another thing what has been said of the first.
        """
        for part in parts:
            for candidate in part.candidates[:_PART_CONSIDERED]:
                if _place(candidate.quote) in self._used or self._take(candidate, part.asked, alike=alike):
                    break

    def compare(self, things: Sequence[Ranking]) -> None:
        """Take a sentence about each of the things compared that the answer does not speak of yet."""
        for thing in things:
            if not any(thing.own <= candidate.covers for candidate, _ in self.groups):
                about = [one for one in thing.candidates if thing.own <= one.covers]
                self.answer_parts([replace(thing, candidates=about)], alike=True)

    def set_against(self, things: Sequence[frozenset[str]], whole: Ranking) -> None:
        """Take the sentence, if there is one, that says how the things differ, behind what each of them is."""
        for candidate in whole.candidates[:_CONSIDERED]:
            text = candidate.quote.text
            both = all(thing <= candidate.stems for thing in things) and not says_what_lacks(text)
            if both and _CONTRAST.search(text) and not holds(Asked.AMOUNT, text):
                self._take(candidate, whole.asked)
                return

    def fill(self, whole: Ranking, weights: dict[str, float]) -> None:
        """Add sentences while they are good enough; `weights` holds the question's terms by their weight."""
        if not whole.candidates:
            return
        left = list(zip(whole.candidates, whole.worths, strict=True))[:_CONSIDERED]
        best = left[0][1]
        margin = _MARGIN_COMPOUND if self.groups else _margin(whole.asked)
        while left and len(self.groups) < self.most:
            scored = [(self._worth(one, worth, weights), n) for n, (one, worth) in enumerate(left)]
            highest, at = max(scored, key=lambda pair: (pair[0], -pair[1]))
            if self.groups and (highest < best - margin or self._is_listed(whole.asked)):
                return
            candidate = left.pop(at)[0]
            if not self.groups or self._adds(candidate, whole.asked):
                self._take(candidate, whole.asked)

    def _adds(self, candidate: Candidate, asked: Asked) -> bool:
        """Tell whether a sentence says what a reader does not know yet once the first sentence has answered."""
        first, quote = self.groups[0][0], candidate.quote
        if announces(quote.text) and any(len(quotes) > 1 for _, quotes in self.groups):
            return False
        if asked is Asked.MEANING:
            both = min(one.value("defines") for one in (first, candidate))
            return both < _DEFINES or candidate.quote.chunk.document == first.quote.chunk.document
        if not first.value("holds_figure") and not first.value("holds_other"):
            return True
        if says_what_lacks(quote.text) or candidate.value("remarks"):
            return False
        said = [figures_asked_for(asked, one.text, one.chunk.language) for _, group in self.groups for one in group]
        own = figures_asked_for(asked, quote.text, quote.chunk.language)
        return not own or not own <= frozenset().union(*said)

    def _is_listed(self, asked: Asked) -> bool:
        """Tell whether the best sentence brought the whole list that was asked for."""
        return asked is Asked.LIST and any(len(quotes) > _FEWEST_LISTED for _, quotes in self.groups)

    def _worth(self, candidate: Candidate, worth: float, weights: dict[str, float]) -> float:
        """Return what a sentence adds to the answer so far."""
        if not self.groups:
            return worth
        first = self.groups[0][0]
        total = sum(weights.values()) or 1.0
        new = sum(weights.get(term, 0.0) for term in candidate.covers - self._covered) / total
        near = _section(candidate) == _section(first)
        repeats = max((_overlap(candidate.stems, said) for said in self._said), default=0.0)
        return worth + _NEW_TERMS * new + _SAME_SECTION * near - _REPETITION * max(0.0, repeats - _REPETITION_FROM)

    def _take(self, candidate: Candidate, asked: Asked, *, alike: bool = False) -> bool:
        """Add a sentence, whole lists included; tells whether it had a place in the answer."""
        if _place(candidate.quote) in self._used or len(self.groups) >= self.most:
            return False
        if not alike and any(_says_nothing_new(candidate.stems, said) for said in self._said):
            return False
        if says_what_lacks(candidate.quote.text) and any(says_what_lacks(one.quote.text) for one, _ in self.groups):
            return False
        quotes = self._with_its_list(candidate, asked)
        if not quotes:
            return False
        self.groups.append((candidate, quotes))
        self._said += [stems_of(quote.text, quote.chunk.language) for quote in quotes]
        self._covered |= candidate.covers
        self._used |= {_place(quote) for quote in quotes}
        return True

    def _with_its_list(self, candidate: Candidate, asked: Asked) -> list[Quote]:
        """Return the sentence, with the whole list where it opens one or a list is asked for.

        Empty for a sentence that opens nothing, or a table of which only a row can be the answer.
        """
        quote = candidate.quote
        opens = announces(quote.text)
        if not opens and not (asked is Asked.LIST and quote.span.kind in ("item", "table")):
            return [quote]
        quotes = list_of(quote, candidate.hit, self.chunk_at)
        if is_table(quotes) and (asked is not Asked.LIST or len(quotes) > _LONGEST_TABLE):
            return [] if opens else [quote]
        return [] if opens and len(quotes) == 1 else quotes


def _margin(asked: Asked) -> float:
    """Return how far a further sentence may fall below the first."""
    if asked in _FACTS:
        return _MARGIN_FACT
    return _MARGIN_LIST if asked is Asked.LIST else _MARGIN_OTHER


def _place(quote: Quote) -> tuple[str, int]:
    """Return what tells a sentence from all others."""
    return quote.chunk.document, quote.span.start


def _section(candidate: Candidate) -> tuple[str, int]:
    """Return what tells a sentence's section from all others."""
    return candidate.quote.chunk.document, candidate.quote.chunk.section


def _says_nothing_new(stems: frozenset[str], said: frozenset[str]) -> bool:
    """Tell whether a sentence repeats another; one with a number of its own does not, however alike they are."""
    numbers = {term for term in stems if term.isdigit()}
    return _overlap(stems, said) >= _SAME_TERMS and numbers <= said


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the terms of the shorter of two sentences that stand in the other."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0
