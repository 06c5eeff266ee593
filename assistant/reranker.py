"""Optional last stage of retrieval: a cross-encoder reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.chunker import embedded_heading
from assistant.errors import EmbedderError
from assistant.types import Hit


class Reranker:
    """Order hits by a sentence-transformers CrossEncoder."""

    def __init__(self, model: str) -> None:
        """Load a cross-encoder by name or folder. Raises EmbedderError when it cannot be loaded."""
        # Costs 5 to 8 seconds and 460 MB; nobody pays that who has no reranker set.
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(model)
        except Exception as error:
            raise EmbedderError(
                f"The reranker {model!r} cannot be loaded ({type(error).__name__}): check the name or folder "
                "in ASSISTANT_RETRIEVER__RERANKER, or unset it to search without a reranker."
            ) from error

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits with the cross-encoder's scores, best first."""
        if not hits:
            return []
        texts = [f"{embedded_heading(hit.chunk.title, hit.chunk.headings)}\n{hit.chunk.text}" for hit in hits]
        scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        scored = [replace(hit, score=float(score), stage="reranked") for hit, score in zip(hits, scores, strict=True)]
        return sorted(scored, key=lambda hit: -hit.score)
