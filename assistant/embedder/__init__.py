"""Texts to vectors: the bundled multilingual-e5-small, or any sentence-transformers model by name.

A passage is embedded sentence by sentence, plus once for its title and headings; its own vector is
the mean of these. Short texts cost less than long ones, and the retriever needs the sentence
vectors anyway.
"""

from __future__ import annotations

from assistant.embedder.base import E5_PROMPTS, Embedder
from assistant.embedder.bundled import BUNDLED_MODEL, BundledE5
from assistant.embedder.passages import Background, ChunkVectors, background, embed_chunks, pooled
from assistant.embedder.sentence_transformer import SentenceTransformerEmbedder
from assistant.errors import EmbedderError
from assistant.settings import EmbedderSettings

__all__ = [
    "Background",
    "BundledE5",
    "ChunkVectors",
    "Embedder",
    "SentenceTransformerEmbedder",
    "background",
    "embed_chunks",
    "load_embedder",
    "pooled",
]


def load_embedder(settings: EmbedderSettings) -> Embedder:
    """Load the embedding model that the settings name. Raises EmbedderError where it cannot be had."""
    if settings.model != BUNDLED_MODEL:
        return SentenceTransformerEmbedder(
            settings.model, query_prompt=settings.query_prompt, passage_prompt=settings.passage_prompt
        )
    for kind, prompt in (("query", settings.query_prompt), ("passage", settings.passage_prompt)):
        if prompt is not None and prompt != E5_PROMPTS[kind]:
            raise EmbedderError(
                f"The bundled model always uses the {kind} prompt {E5_PROMPTS[kind]!r}, not {prompt!r}; "
                f"unset embedder.{kind}_prompt or choose another embedder.model."
            )
    return BundledE5()
