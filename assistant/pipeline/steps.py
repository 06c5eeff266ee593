"""The steps from a question to what an answer is made of; each takes and returns a Work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answerability import Knowledge, judge
from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.conflicts import conflicting
from assistant.embedder import Embedder
from assistant.index import Index
from assistant.instructions import speaks_to_machine, without_instructions
from assistant.originals_first import Counterparts, ahead
from assistant.pipeline.work import Work, background_of
from assistant.premises import examine
from assistant.retriever import HybridRetriever
from assistant.settings import Settings
from assistant.types import SearchQuery, Turn

Rewrite = Callable[[SearchQuery, tuple[Turn, ...]], SearchQuery]


class Steps:
    """Understand, retrieve, choose and judge, with the parts that the settings name."""

    def __init__(
        self, settings: Settings, embedder: Embedder, retriever: HybridRetriever, rewrite: Rewrite | None
    ) -> None:
        """Take the stages; `rewrite` lets a language model put a follow-up into words that stand alone."""
        self._settings = settings
        self._embedder = embedder
        self._retriever = retriever
        self._rewrite = rewrite

    def chain(self) -> Runnable[Work, Work]:
        """Return the steps as one Runnable with named parts."""
        return (
            RunnableLambda(self._understand, name="conversation")
            | RunnableLambda(self._retrieve, name="retriever")
            | RunnableLambda(self._choose, name="answerer")
            | RunnableLambda(self._judge, name="answerability")
        )

    def _understand(self, work: Work) -> Work:
        """Let a language model, where there is one, complete a question that leans on the conversation."""
        if self._rewrite is None or not work.query.follow_up:
            return work
        started = time.perf_counter()
        rewritten = self._rewrite(work.query, work.question.history)
        return replace(work, query=rewritten).timed("rewrite_ms", started)

    def _retrieve(self, work: Work) -> Work:
        """Find passages, in the language of the question where a document has a twin in it."""
        started = time.perf_counter()
        hits = self._retriever.search(work.query, index=work.index, prefer_language=True)
        hits = without_instructions(ahead(hits, background_of(work.index).spread))
        return replace(work, hits=tuple(hits)).timed("search_ms", started)

    def _choose(self, work: Work) -> Work:
        """Choose the sentences that answer."""
        started = time.perf_counter()
        index = work.index
        answerer = ExtractiveAnswerer(
            self._settings.answerer,
            rarity=index.lexical.rarity,
            chunk_at=lambda row: index.chunk(row) if 0 <= row < index.size else None,
            spread=background_of(index).spread,
        )
        # A list is quoted whole, from the index, so its items are looked at here.
        quotes = [one for one in answerer.choose(work.query, work.hits) if not speaks_to_machine(one.text)]
        return replace(work, quotes=tuple(quotes)).timed("answer_ms", started)

    def _judge(self, work: Work) -> Work:
        """Judge whether that is an answer, whether the question assumes something wrong, and whether sources differ."""
        started = time.perf_counter()
        query, hits, quotes, index = work.query, work.hits, work.quotes, work.index
        judged = replace(
            work,
            judgement=judge(query, hits, quotes, _knowledge(index)),
            premise=examine(query, hits, quotes, index.sources) if hits else None,
            conflict=conflicting(query, hits, quotes, index.sources) if hits else None,
        ).timed("judge_ms", started)
        if judged.judgement.band == "refused":
            return judged
        background = background_of(index)
        counterparts = Counterparts(index, background, lambda: self._embedder.encode_query(query.text))
        return replace(judged, quotes=tuple(counterparts.joined(quotes, hits, query.language)))


def _knowledge(index: Index) -> Knowledge:
    """Return what an index knows beyond the passages found."""
    return Knowledge(index.lexical.rarity, background_of(index), index.size)
