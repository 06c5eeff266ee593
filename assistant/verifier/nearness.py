"""How near the words, figures and names of a sentence stand to each other in the passages that it cites.

A fact that was exchanged for another one of the same passage shows in this: what stands beside it in the sentence
stands beside the other one in the passage. No single rule says which words those are, so all of them are weighed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.figures import Figure
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.figure_cover import covers, rounds
from assistant.verifier.reading import Segment, Word

ThingKind = Literal["word", "figure", "date", "name"]
_DATES = frozenset({"date", "year"})
_MONEY = frozenset({"amount", "number"})
_BREAK = re.compile(
    r"[;:(]|,(?=\s)|\s[–—]\s|\b(?:en|and|maar|but|terwijl|while|whereas|of|or|waarvan|waaronder|which|who|whom|die|tegen"
    r"|against|versus|than|dan|naast|besides)\b",
    re.IGNORECASE,
)
_BEFORE, _BEHIND = 0.2, 0.1
"""How near a thing in an earlier sentence, and one in the next, is, against 1 for things in one clause."""
_PLACE = re.compile(r"\b(?:in|uit|te|naar|from|at|near|bij|rond)\s+(?:the |de |het )?$", re.IGNORECASE)
_PER_BREAK, _PER_WORD = 0.5, 0.03
_PER_RIVAL = ((0.9, 0.15), (0.5, 1.2))
"""Of figures and dates, and of names: for what stands behind, and for what stands before."""
_PARTY = re.compile(
    r"(?:inspectie|commissie|comité|secretariaat|raad|bestuur|rechtbank|gemeenten?|provincies?|ministerie|minister|overheid"
    r"|regering|waterschap|bank|stichting|vereniging|fonds|bedrijf|bedrijven|onderneming|leverancier|fabrikant|voorzitter"
    r"|secretaris|penningmeester|directeur|wethouder|burgemeester|hoogleraar|lector|projectleider|jury|panel|partners?"
    r"|universiteit|hogeschool|school|ziekenhuis|zorggroep|werkgevers?|werknemers?|council|committee|commission|board"
    r"|secretariat|secretary|treasurer|chair|director|mayor|alderman|court|municipality|municipalities|province|ministry"
    r"|government|authority|agency|bank|foundation|association|fund|company|companies|firms?|supplier|manufacturer|union"
    r"|university|college|hospital|employers?|employees|jury|tenants?|charity|inspectorate|applicants?|aanvragers?)$"
)
"""Parties that are not named: these, too, can be put in the place of each other and of names."""
_LISTED, _ALIKE, _PARTLY = 0.85, 0.5, 0.6
_PREFIX = 4
"""How much a word of the table, and one that only looks the same, counts against the same word."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A word, figure or name with its place."""

    kind: ThingKind
    start: int
    end: int
    line: int
    """The sentence in which it stands."""
    word: Word | None = None
    figure: BoundedFigure | None = None
    place: Segment | None = None
    names: tuple[Word, ...] = ()


@dataclass(slots=True)
class Line:
    """A sentence with all that stands in it."""

    number: int
    text: str
    things: list[Thing] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def lines_of(segments: Sequence[Segment]) -> list[Line]:
    """Return the sentences of a text, in order."""
    found: dict[int, Line] = {}
    for segment in segments:
        line = found.get(segment.sentence)
        if line is None:
            line = found[segment.sentence] = Line(segment.sentence, segment.text)
            line.breaks = [match.start() for match in _BREAK.finditer(segment.text)]
        line.things += _things(segment)
    for line in found.values():
        line.things.sort(key=lambda one: one.start)
    return list(found.values())


def _things(segment: Segment) -> Iterator[Thing]:
    """Yield what stands in a segment; the words of one name are one thing."""
    for one in segment.figures:
        kind: ThingKind = "date" if one.figure.kind in _DATES else "figure"
        yield Thing(kind, one.figure.start, one.figure.end, segment.sentence, None, one, segment)
    taken = [(one.figure.start, one.figure.end) for one in segment.figures]
    names = {word.start for word in segment.names}
    titles = {word.start for word in segment.words if word.end + 1 in names}
    run: list[Word] = []
    for word in segment.words:
        if any(start <= word.start < end for start, end in taken):
            continue
        if word.start not in names and word.start not in titles and _PARTY.search(word.text):
            if run:
                yield _name(run, segment)
                run = []
            yield Thing("name", word.start, word.end, segment.sentence, None, None, segment, (word,))
        elif word.start not in names:
            yield Thing("word", word.start, word.end, segment.sentence, word, None, segment)
        elif run and word.start - run[-1].end <= 1:
            run.append(word)
        else:
            if run:
                yield _name(run, segment)
            run = [word]
    if run:
        yield _name(run, segment)


def _name(run: Sequence[Word], segment: Segment) -> Thing:
    """Return a name of one or more words."""
    return Thing("name", run[0].start, run[-1].end, segment.sentence, None, None, segment, tuple(run))


def likeness(one: Thing, other: Thing) -> float:
    """Return how surely two things are the same, 0 to 1."""
    if one.kind == "word" and other.kind == "word" and one.word and other.word:
        return _same_word(one.word, other.word)
    if one.kind == "name" and other.kind == "name":
        return 1.0 if any(_same_word(mine, theirs) >= _LISTED for mine in one.names for theirs in other.names) else 0.0
    if one.kind == "name" or other.kind == "name":
        words = one.names or ((one.word,) if one.word else ())
        others = other.names or ((other.word,) if other.word else ())
        return max((_same_word(mine, theirs) for mine in words for theirs in others), default=0.0)
    if one.figure and other.figure and one.place and other.place:
        return float(covers(other.figure, other.place, one.figure, one.place) or rounds(one.figure, other.figure))
    return 0.0


def _same_word(one: Word, other: Word) -> float:
    """Return how surely two words mean the same."""
    if one.text == other.text:
        return 1.0
    shared = one.keys & other.keys
    if not shared:
        return _PARTLY if _begins_alike(one.text, other.text) else 0.0
    if any(key[0] not in "#=~" for key in shared):
        return 1.0
    return _LISTED if any(key[0] != "~" for key in shared) else _ALIKE


def _begins_alike(one: str, other: str) -> bool:
    """Tell whether two words begin alike, as the parts of a Dutch compound do: "vloer" and "vloerisolatie"."""
    shorter = min(len(one), len(other))
    return shorter >= _PREFIX and one[: max(_PREFIX, shorter - 2)] == other[: max(_PREFIX, shorter - 2)]


def rivals(one: Thing, other: Thing) -> bool:
    """Tell whether one thing could stand where another one stands."""
    if one.kind != other.kind or one.kind == "word":
        return False
    if one.figure and other.figure:
        return _comparable(one.figure.figure, other.figure.figure)
    return _is_place(one) == _is_place(other)


def _is_place(name: Thing) -> bool:
    """Tell whether a name stands as that of a place."""
    return name.place is not None and _PLACE.search(name.place.text, 0, name.start) is not None


def _comparable(one: Figure, other: Figure) -> bool:
    """Tell whether two figures are of kinds that a reader could mistake for each other."""
    if one.kind == other.kind:
        return True
    return {one.kind, other.kind} in ({"date", "year"}, {"amount", "number"}, {"number", "percentage"})


class Nearness:
    """The things of a text, and how near they stand to each other."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = {line.number: line for line in lines}
        self.things = [thing for line in lines for thing in line.things]
        self.anchors = [thing for thing in self.things if thing.kind != "word"]
        self._starts = {line.number: [thing.start for thing in line.things] for line in lines}
        self._known: dict[tuple[int, int], float] = {}

    def between(self, one: Thing, other: Thing) -> float:
        """Return how near another thing stands to one, 0 to 1; a sentence takes up what those before it speak of."""
        if one.line != other.line:
            if other.line > one.line:
                return _BEHIND * (other.line == one.line + 1)
            return _BEFORE
        key = id(one), id(other)
        near = self._known.get(key)
        if near is None:
            near = self._known[key] = self._within(one, other)
        return near

    def _within(self, one: Thing, other: Thing) -> float:
        """Return how near two things of one sentence stand."""
        line, starts = self.lines[one.line], self._starts[one.line]
        left, right = (one.end, other.start) if one.start < other.start else (other.end, one.start)
        breaks = bisect_left(line.breaks, right) - bisect_left(line.breaks, left)
        inside = line.things[bisect_left(starts, left) : bisect_left(starts, right)]
        others = sum(thing.kind != "word" and (rivals(thing, one) or rivals(thing, other)) for thing in inside)
        # What stands before the first of several is often meant of all: "it costs A 5 and B 7".
        per_rival = _PER_RIVAL[one.kind == "name"][other.start < one.start]
        return 1 / (1 + _PER_BREAK * breaks + per_rival * others + _PER_WORD * len(inside))
