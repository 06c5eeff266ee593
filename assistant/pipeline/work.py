"""What the steps from a question to an answer hand on to each other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.conflicts import Conflict
from assistant.embedder import Background
from assistant.index import Index
from assistant.premises import Premise
from assistant.types import Hit, Judgement, Quote, SearchQuery, Turn


@dataclass(frozen=True, slots=True)
class Question:
    """What goes into the chain."""

    text: str
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A question with what is known of it so far, and the index that it is asked of."""

    question: Question
    index: Index
    query: SearchQuery
    hits: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    judgement: Judgement = field(default_factory=lambda: Judgement(0.0, "refused", "unclear_question"))
    premise: Premise | None = None
    conflict: Conflict | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per step."""

    def timed(self, name: str, started: float) -> Work:
        """Note how long a step took that began at `started` by the performance counter."""
        return replace(self, timings={**self.timings, name: (time.perf_counter() - started) * 1000})


def background_of(index: Index) -> Background:
    """Return how similar the index's embedder finds sentences that have nothing to do with each other."""
    return Background(*index.manifest.extra["background"])
