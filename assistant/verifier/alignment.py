"""Which segments of the passages a segment of the sentence speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Language
from assistant.verifier.reading import Segment, Word

_NEAR = 0.15
"""Segments whose score is within this share of the best one's count as equally near."""
_FIGURE_WEIGHT = 2.5
_FIGURE_BONUS = 0.5
_EXACT = 0.5
"""What it counts that a word is written the same, and not only of the same meaning."""
_RARE = 1.0
_COMMON = 0.4
_AROUND = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A segment of a passage with the share of the sentence's segment that it covers, 0 to 1."""

    segment: Segment
    share: float
    rank: float
    """The share, and part of that of the whole sentence: what decides between segments."""


class Passages:
    """The segments of all cited passages, and how much of the sentence that is checked each of their sentences has."""

    def __init__(
        self, segments: Sequence[Segment], sentence: Sequence[Segment], languages: frozenset[Language]
    ) -> None:
        self.segments = tuple(segments)
        self.keys = frozenset(key for segment in segments for key in segment.keys)
        self.languages = languages
        self.texts = frozenset(word.text for segment in segments for word in segment.words)
        self._counts = Counter(key for segment in segments for key in segment.keys)
        self._many = max(3, len(segments) // 2)
        self._by_sentence: dict[int, list[Segment]] = {}
        for segment in segments:
            self._by_sentence.setdefault(segment.sentence, []).append(segment)
        self._shares = self._all_shares(sentence)

    def weight(self, word: Word) -> float:
        """Return what a word says about where a statement stands: little where it is everywhere."""
        seen = max((self._counts[key] for key in word.keys), default=0)
        return _COMMON if seen >= self._many else _RARE

    def nearest(self, segment: Segment) -> list[Scored]:
        """Return the best segments, and those about as good; nothing where no segment shares anything.

        Where a sentence of a passage has more of the whole sentence, its segments come before others.
        """
        weights = [(word.keys, self.weight(word)) for word in segment.words]
        values = [one.figure.value for one in segment.figures]
        written = {word.text for word in segment.words}
        whole = sum(weight for _, weight in weights) + _FIGURE_WEIGHT * len(values)
        around = self.around(segment)
        found = []
        for other in self.segments:
            covered = sum(weight for keys, weight in weights if not keys.isdisjoint(other.keys))
            bonus = 0.0
            if values:
                there = {one.figure.value for one in other.figures}
                present = sum(value in there for value in values)
                covered += _FIGURE_WEIGHT * present
                bonus = _FIGURE_BONUS * present / len(values)
            if covered:
                share = covered / whole
                bonus += _EXACT * len(written & {word.text for word in other.words}) / max(len(written), 1)
                found.append(Scored(other, share, share + bonus + _AROUND * around.get(other.sentence, 0.0)))
        found.sort(key=lambda one: -one.rank)
        return [one for one in found if one.rank >= found[0].rank * (1 - _NEAR)]

    def around(self, segment: Segment) -> dict[int, float]:
        """Return the share of the words of a segment's sentence that each sentence of the passages has."""
        return self._shares.get(segment.sentence, {})

    def sentence_of(self, segment: Segment) -> list[Segment]:
        """Return all segments of the sentence in which a segment of a passage stands."""
        return self._by_sentence.get(segment.sentence, [])

    def sentence_of_number(self, number: int) -> list[Segment]:
        """Return all segments of a sentence of the passages."""
        return self._by_sentence.get(number, [])

    def _all_shares(self, sentence: Sequence[Segment]) -> dict[int, dict[int, float]]:
        """Return the shares for each sentence of the text that is checked."""
        keys = {
            number: frozenset(key for segment in segments for key in segment.keys)
            for number, segments in self._by_sentence.items()
        }
        found = {}
        for own in {segment.sentence for segment in sentence}:
            words = [(word.keys, self.weight(word)) for one in sentence if one.sentence == own for word in one.words]
            whole = sum(weight for _, weight in words) or 1.0
            found[own] = {
                number: sum(weight for mine, weight in words if not mine.isdisjoint(there)) / whole
                for number, there in keys.items()
            }
        return found
