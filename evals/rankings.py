"""What each stage of retrieval finds for a question, from one opened index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.conversation import to_search_query
from assistant.embedder import Background, Embedder
from assistant.originals_first import ahead
from assistant.pipeline import Assistant
from assistant.retriever import HybridRetriever
from assistant.types import Chunk, Matrix, Turn, Vector
from evals.results import Stage

DEPTH = 20
"""Passages that are kept of each stage."""
_KEPT_QUESTIONS = 2
"""A follow-up is embedded alone and with the questions that it leans on."""
_MODES: tuple[Stage, ...] = ("dense", "lexical", "fused")


class _RecentQuestions(Embedder):
    """An embedder that embeds a question once for all stages."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimension, self.max_tokens = embedder.name, embedder.dimension, embedder.max_tokens
        self._embedder = embedder
        self._recent: dict[str, Vector] = {}

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Embed passages as the embedder does."""
        return self._embedder.encode_passages(texts)

    def encode_query(self, text: str) -> Vector:
        """Embed a question, unless it is one of the few before."""
        if text not in self._recent:
            if len(self._recent) == _KEPT_QUESTIONS:
                self._recent.pop(next(iter(self._recent)))
            self._recent[text] = self._embedder.encode_query(text)
        return self._recent[text]

    def count_tokens(self, text: str) -> int:
        """Count tokens as the embedder does."""
        return self._embedder.count_tokens(text)

    def identity(self) -> dict[str, str]:
        """Return the embedder's identity."""
        return self._embedder.identity()


class Stages:
    """The retriever of an assistant, taken apart into its stages."""

    def __init__(self, assistant: Assistant) -> None:
        """Share index, embedder and reranker with the assistant."""
        whole = assistant.retriever
        self._whole = whole.model_copy(update={"embedder": _RecentQuestions(whole.embedder)})
        self._stages: dict[Stage, HybridRetriever] = {
            mode: self._whole.model_copy(
                update={"options": whole.options.model_copy(update={"mode": mode}), "rerank": None}
            )
            for mode in _MODES
        }
        if whole.rerank is not None:
            self._stages["reranked"] = self._whole

    def search(self, question: str, history: Sequence[Turn] = ()) -> Mapping[str, tuple[Chunk, ...]]:
        """Return the passages of each stage, best first, and last, as "context", those that the answerer reads.

        The stages rank passages in any language; the context has the twin in the language of the
        question in their place, and published originals before what refers to them.
        """
        query = to_search_query(question, history)
        with self._whole.lease() as index:
            found: dict[str, tuple[Chunk, ...]] = {
                stage: tuple(hit.chunk for hit in retriever.search(query, DEPTH, index=index))
                for stage, retriever in self._stages.items()
            }
            hits = self._whole.search(query, index=index, prefer_language=True)
            hits = ahead(hits, Background(*index.manifest.extra["background"]).spread)
        return {**found, "context": tuple(hit.chunk for hit in hits)}
