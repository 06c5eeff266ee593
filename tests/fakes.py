"""Stand-ins for parts that cannot be had in a test, or are too slow for most of them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant.embedder import Embedder
from assistant.types import Matrix, Vector


class FakeEmbedder(Embedder):
    """Deterministic vectors without a model: texts that share words lie close to each other.

    Each word has a direction of its own, drawn from its hash; a text is the sum of its words.
    """

    max_tokens = 512

    def __init__(self, name: str = "fake", dimension: int = 32) -> None:
        self.name = name
        self.dimension = dimension
        self.encoded: list[str] = []
        """Every passage that was embedded, in order."""

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        self.encoded += texts
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dimension)

    def encode_query(self, text: str) -> Vector:
        return self._vector(text)

    def count_tokens(self, text: str) -> int:
        return len(text.split()) + 3

    def identity(self) -> dict[str, str]:
        return {
            "name": self.name,
            "dimension": str(self.dimension),
            "weights_sha256": "none",
            "query_prompt": "",
            "passage_prompt": "",
        }

    def _vector(self, text: str) -> Vector:
        total = sum((self._direction(word) for word in text.casefold().split()), self._direction(""))
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _direction(self, word: str) -> Vector:
        seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=self.dimension).astype(np.float32)


class FakeChatModel(BaseChatModel):
    """A chat model that says what it was told to, piece by piece; an exception among the pieces is raised.

    A number among the pieces is a pause in seconds. Once its replies are used up it says nothing.
    """

    replies: list[list[Any]]
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    """The messages of every request, in order."""

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))

    def _stream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        self.asked.append(messages)
        for piece in self.replies.pop(0) if self.replies else []:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, float):
                time.sleep(piece)
                continue
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        yield ChatGenerationChunk(message=AIMessageChunk(content="", chunk_position="last"))
