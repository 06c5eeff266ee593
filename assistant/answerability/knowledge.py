"""What an index knows beyond the passages that were found for one question."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from assistant.embedder import Background
from assistant.types import Language

_IN_NO_TEXT = "\0"
_SMALL, _LARGE = 60, 300
"""Passages up to which an index is small, and from which on it is not small at all."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How rare a term is, and how similar things that have nothing to do with each other are."""

    rarity: Callable[[str, Language], float]
    """Inverse document frequency of a stem among the passages of a language; 0 where there are none."""
    background: Background
    """Of the embedder that made the index."""
    size: int
    """Passages in the index."""

    @property
    def small(self) -> float:
        """How far the index is one of a few documents, 0 to 1: there no word is rare, and no passage stands out."""
        share = math.log(_LARGE / max(1, self.size)) / math.log(_LARGE / _SMALL)
        return min(1.0, max(0.0, share))

    def share_of_rarest(self, term: str, language: Language) -> float:
        """Return the rarity of a term, 1 for one that no passage holds; so that the size of an index cancels out."""
        most = self.rarity(_IN_NO_TEXT, language)
        return self.rarity(term, language) / most if most else 1.0

    def knows(self, term: str, language: Language) -> bool:
        """Tell whether any passage of a language holds a term."""
        return self.rarity(term, language) < self.rarity(_IN_NO_TEXT, language)

    def scaled(self, similarity: float) -> float:
        """Return a cosine similarity in standard deviations above that of unrelated texts."""
        return (similarity - self.background.mean) / self.background.spread
