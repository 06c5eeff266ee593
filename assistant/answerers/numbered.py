"""The passages that a language model reads: the best few, cut down to what is near the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answerers.prompts import tagged
from assistant.settings import LlmSettings
from assistant.types import Chunk, Hit, Quote, Span

_GAP = "…"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage under the number that the model knows it by."""

    number: int
    hit: Hit
    shown: tuple[Span, ...]
    """The sentences that the model reads, in reading order; all others are cut."""

    @property
    def heading(self) -> str:
        """Title and headings, as one line."""
        return " › ".join([self.hit.chunk.title, *self.hit.chunk.headings])

    @property
    def text(self) -> str:
        """What the model reads of the passage; a mark stands where sentences were cut between."""
        lines: list[str] = []
        last = None
        for span in self.shown:
            if last is not None and _position(self.hit.chunk, span) > last + 1:
                lines.append(_GAP)
            last = _position(self.hit.chunk, span)
            lines.append(_words(self.hit.chunk, span))
        return "\n".join(lines)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences that the model reads, as they can be cited."""
        return tuple(Quote(self.hit.chunk, span, self.hit.score) for span in self.shown)


def numbered(hits: Sequence[Hit], limits: LlmSettings) -> tuple[Numbered, ...]:
    """Return the first few passages, best first, with the sentences nearest to the question within the limit.

    The nearest sentence of each always stays, with what opens its list.
    """
    taken = [hit for hit in hits if hit.chunk.sentences][: limits.passages]
    spans = [
        (similarity, number, place)
        for number, hit in enumerate(taken)
        for place, similarity in enumerate(hit.sentence_similarities or (0.0,) * len(hit.chunk.sentences))
    ]
    chosen: list[set[int]] = [set() for _ in taken]
    left = float(limits.passage_tokens)
    for _, number, place in sorted(spans, key=lambda one: (-one[0], one[1], one[2])):
        chunk = taken[number].chunk
        wanted = {place, *_opening(chunk, place)} - chosen[number]
        cost = sum(_tokens(chunk, chunk.sentences[one]) for one in wanted)
        if cost <= left or not chosen[number]:
            chosen[number] |= wanted
            left -= cost
    return tuple(
        Numbered(number, hit, tuple(hit.chunk.sentences[place] for place in sorted(places)))
        for number, (hit, places) in enumerate(zip(taken, chosen, strict=True), start=1)
    )


def as_blocks(passages: Sequence[Numbered]) -> str:
    """Return passages as the model reads them."""
    return tagged([(passage.heading, passage.text) for passage in passages])


def _opening(chunk: Chunk, place: int) -> tuple[int, ...]:
    """Return the place of the sentence that opens the list to which a sentence belongs, if it does."""
    if chunk.sentences[place].kind != "item":
        return ()
    while place > 0 and chunk.sentences[place].kind == "item":
        place -= 1
    return (place,) if _words(chunk, chunk.sentences[place]).rstrip().endswith(":") else ()


def _tokens(chunk: Chunk, span: Span) -> float:
    """Return the share of the passage's tokens that a sentence has, going by its length."""
    return chunk.tokens * (span.end - span.start) / max(len(chunk.text), 1)


def _position(chunk: Chunk, span: Span) -> int:
    """Return the place of a sentence in its passage."""
    return chunk.sentences.index(span)


def _words(chunk: Chunk, span: Span) -> str:
    """Return the words of a sentence."""
    return chunk.text[span.start - chunk.start : span.end - chunk.start]
