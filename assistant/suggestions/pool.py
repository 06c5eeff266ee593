"""The candidates of one generation, and what is known of them so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from assistant.index import Index
from assistant.suggestions.candidates import Candidate, Candidates, candidates_of
from assistant.suggestions.checking import Checked
from assistant.suggestions.examples import general
from assistant.types import Language


@dataclass(slots=True)
class Pool:
    """Candidates with what came of asking them, and those that are still to be asked."""

    generation: str
    key: str
    candidates: Candidates
    kinds: Mapping[str, str]
    """Kind of every document."""
    checked: dict[int, Checked] = field(default_factory=dict)
    urgent: deque[int] = field(default_factory=deque)
    waiting: deque[int] = field(default_factory=deque)
    unsaved: int = 0
    """How many were found out since that was last kept."""
    _general: dict[Language, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, index: Index, key: str, known: Mapping[str, Checked]) -> Pool:
        """Return the pool of a generation, with what is known from before by the name of the candidate."""
        candidates = candidates_of(index)
        pool = cls(index.generation, key, candidates, {row.id: row.kind for row in index.documents.values()})
        names = {name_of(one): position for position, one in enumerate(candidates.all)}
        pool.checked = {names[name]: found for name, found in known.items() if name in names}
        pool.waiting = deque(position for position in _spread(candidates.all) if position not in pool.checked)
        return pool

    def general(self, language: Language) -> list[int]:
        """Return candidates to begin with; found once."""
        if language not in self._general:
            self._general[language] = general(self.candidates, language)
        return self._general[language]

    def hurry(self, positions: Iterable[int]) -> list[int]:
        """Put candidates that are not known yet in front; returns them."""
        unknown = [position for position in positions if position not in self.checked]
        self.urgent.extend(position for position in unknown if position not in self.urgent)
        return unknown

    def next(self) -> tuple[int, bool] | None:
        """Take the next candidate to ask, and whether somebody waits for it; None when all are known."""
        for queue in (self.urgent, self.waiting):
            while queue:
                position = queue.popleft()
                if position not in self.checked:
                    return position, queue is self.urgent
        return None

    def known(self) -> dict[str, Checked]:
        """Return what is known, by the name of the candidate."""
        return {name_of(self.candidates.all[position]): found for position, found in self.checked.items()}

    def knows(self, positions: Collection[int]) -> bool:
        """Tell whether nothing is left to find out about some candidates."""
        return all(position in self.checked for position in positions)


def name_of(candidate: Candidate) -> str:
    """Return what a candidate is kept by."""
    return f"{candidate.language} {candidate.question}"


def _spread(candidates: Iterable[Candidate]) -> list[int]:
    """Return candidates in an order that soon has something of every document."""
    seen: dict[str, int] = {}
    places: list[tuple[int, int]] = []
    for position, one in enumerate(candidates):
        seen[one.document] = seen.get(one.document, 0) + 1
        places.append((seen[one.document], position))
    return [position for _, position in sorted(places)]
