"""Questions that show what a collection answers: some of every kind of document, and some about what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.suggestions.candidates import Candidate, Candidates
from assistant.suggestions.checking import Checked
from assistant.types import Language

_LONGEST, _SHORT = 90, 45
"""Characters of an example: at most, and as many as cost it nothing."""
_PER_CHARACTER = 0.001
"""Of likeness, on the scale of cosine similarities."""
_PER_KIND = 3
_GAPS = 8
_GAPS_PER_DOCUMENT = 2
_ASK_ABOUT = 3
"""As many candidates are tried for each example that is wanted."""
Place = tuple[str, int, str]
"""Pair, section and origin."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions that are answered, in one language."""

    of_kind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    """They ask what is not known, and the documents say so themselves."""


def wanted(candidates: Candidates, language: Language) -> list[int]:
    """Return the candidates that examples are chosen from and their twins, the best of every kind first."""
    found: list[tuple[int, int]] = []
    of_kind: Counter[str] = Counter()
    for position in _typical(candidates, language):
        kind = candidates.all[position].kind
        found.append((of_kind[kind], position))
        of_kind[kind] += 1
    gaps = [(place, position) for place, position in enumerate(_gaps(candidates, language))][: _GAPS * 2]
    return [position for _, position in sorted([one for one in found if one[0] < _PER_KIND * _ASK_ABOUT] + gaps)]


def general(candidates: Candidates, language: Language) -> list[int]:
    """Return candidates to begin with: of each kind of document the best, those most like the whole first."""
    if not candidates.all:
        return []
    centre = candidates.vectors.mean(axis=0)
    turn: Counter[str] = Counter()
    places: list[tuple[int, float, int]] = []
    for position in _typical(candidates, language):
        kind = candidates.all[position].kind
        if turn[kind] < _PER_KIND * _ASK_ABOUT:
            places.append((turn[kind], -float(candidates.vectors[position] @ centre), position))
            turn[kind] += 1
    return [position for _, _, position in sorted(places)]


def with_twins(candidates: Candidates, positions: Iterable[int]) -> list[int]:
    """Return candidates, each with those of the same section in the other language."""
    twins = _twins(candidates)
    return [one for position in positions for one in twins[_place(candidates.all[position])]]


def examples_of(candidates: Candidates, checked: Mapping[int, Checked], language: Language) -> Examples:
    """Return the examples as far as they are known to be answered; in the other language too, where that has them."""
    twins = _twins(candidates)

    def is_answered(position: int) -> bool:
        return all(one in checked and checked[one].is_answered for one in twins[_place(candidates.all[position])])

    of_kind: dict[str, list[str]] = {}
    for position in filter(is_answered, _typical(candidates, language)):
        one = candidates.all[position]
        questions = of_kind.setdefault(one.kind, [])
        if len(questions) < _PER_KIND:
            questions.append(one.question)
    gaps = [candidates.all[position].question for position in filter(is_answered, _gaps(candidates, language))]
    return Examples({kind: tuple(questions) for kind, questions in of_kind.items()}, tuple(gaps[:_GAPS]))


def _typical(candidates: Candidates, language: Language) -> Iterator[int]:
    """Yield candidates, first one of each document, those that are most like all of their kind first."""
    own = [
        position
        for position, one in enumerate(candidates.all)
        if not one.is_gap and one.origin != "topic" and len(one.question) <= _LONGEST
    ]
    centres = {
        kind: candidates.vectors[[position for position in own if candidates.all[position].kind == kind]].mean(axis=0)
        for kind in {candidates.all[position].kind for position in own}
    }
    likeness: dict[Place, list[float]] = {}
    for position in own:
        one = candidates.all[position]
        length = _PER_CHARACTER * max(0, len(one.question) - _SHORT)
        likeness.setdefault(_place(one), []).append(float(candidates.vectors[position] @ centres[one.kind]) - length)
    # Both languages together, so that they show the same examples.
    scores = {place: sum(values) / len(values) for place, values in likeness.items()}
    turn: Counter[str] = Counter()
    places: list[tuple[int, float, int]] = []
    for position in sorted(own, key=lambda one: (-scores[_place(candidates.all[one])], one)):
        one = candidates.all[position]
        if one.language == language:
            places.append((turn[one.document], -scores[_place(one)], position))
            turn[one.document] += 1
    return (position for _, _, position in sorted(places))


def _place(candidate: Candidate) -> Place:
    """Return what a candidate shares with its twin in the other language."""
    # Several terms that a passage defines are no twins of each other by their place alone.
    return candidate.pair, candidate.section, "" if candidate.origin == "question" else candidate.origin


def _twins(candidates: Candidates) -> dict[Place, list[int]]:
    """Return the candidates at every place."""
    found: dict[Place, list[int]] = {}
    for position, one in enumerate(candidates.all):
        found.setdefault(_place(one), []).append(position)
    return found


def _gaps(candidates: Candidates, language: Language) -> Iterator[int]:
    """Yield the candidates about what is missing, those of documents that are mostly about that first."""
    own = [(position, one) for position, one in enumerate(candidates.all) if one.language == language]
    total = Counter(one.document for _, one in own)
    missing = Counter(one.document for _, one in own if one.is_gap)
    turn: Counter[str] = Counter()
    places: list[tuple[bool, float, int]] = []
    for position, one in own:
        if one.is_gap and one.origin == "question":
            places.append(
                (turn[one.document] >= _GAPS_PER_DOCUMENT, -missing[one.document] / total[one.document], position)
            )
            turn[one.document] += 1
    return (position for _, _, position in sorted(places))
