"""The segments of a sentence beside the segments of the passages that they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.polarity import Marker, MarkerKind
from assistant.types import Fault, FaultKind
from assistant.verifier.alignment import Passages, Scored
from assistant.verifier.reading import Segment, Word

REVERSED: tuple[MarkerKind, ...] = ("negation", "denial", "lack", "unless", "only", "provided")
"""What may say in other words what a negation says."""
ALIGNED = 0.34
"""From this share on, a segment of the sentence takes its statement from the segment of the passage."""
CLOSE = 0.6
_SCOPE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A segment of the sentence with what it is compared to."""

    segment: Segment
    near: tuple[Scored, ...]
    """The nearest segments of the passages, best first; empty where none shares a word."""
    kinds: frozenset[MarkerKind]
    """Of all markers of the sentence."""
    spare: bool
    """Whether another segment has a negation that may stand for one of the passage here."""

    @property
    def best(self) -> Segment:
        """The nearest segment."""
        return self.near[0].segment

    @property
    def share(self) -> float:
        """How much of the segment the nearest one has, 0 to 1."""
        return self.near[0].share if self.near else 0.0


def statements(segments: Sequence[Segment], passages: Passages) -> list[Statement]:
    """Return the segments of a sentence with the segments of the passages nearest to each."""
    kinds = frozenset(marker.kind for segment in segments for marker in segment.markers)
    aligned = [(segment, tuple(passages.nearest(segment))) for segment in segments]
    turned = [(segment, near) for segment, near in aligned if segment.has("negation", "denial", "lack")]
    unmatched = [segment for segment, near in turned if near and not any(one.segment.has("negation") for one in near)]
    return [
        Statement(
            segment,
            near,
            kinds,
            any(other is not segment for other in unmatched)
            or any(other is not segment and _same_place(near, places) for other, places in turned),
        )
        for segment, near in aligned
    ]


def _same_place(some: Sequence[Scored], others: Sequence[Scored]) -> bool:
    """Tell whether two segments speak of the same segment of a passage."""
    return bool(some) and bool(others) and some[0].segment is others[0].segment


def scope(marker: Marker, place: Segment) -> list[Word]:
    """Return the words that a marker turns: those behind it, or before it where none follow."""
    behind = [word for word in place.words if word.start >= marker.end]
    before = [word for word in place.words if word.end <= marker.start]
    return behind[:_SCOPE_WORDS] or before[-_SCOPE_WORDS:]


def governs(marker: Marker, place: Segment, segment: Segment) -> bool:
    """Tell whether a segment of the sentence takes over what a marker of a passage turns."""
    words = scope(marker, place)
    taken = sum(not word.keys.isdisjoint(segment.keys) for word in words)
    return not words or taken * 2 >= len(words) or (taken > 0 and len(words) < _SCOPE_WORDS)


def faults(kind: FaultKind, segment: Segment, *markers: MarkerKind) -> Iterator[Fault]:
    """Yield a fault for each marker of these kinds."""
    return (fault(kind, segment, marker) for marker in segment.markers if marker.kind in markers)


def fault(kind: FaultKind, segment: Segment, marker: Marker) -> Fault:
    """Return the fault at a marker."""
    return Fault(kind, segment.text[marker.start : marker.end])
