"""Stand-ins for parts that cannot be had in a test, or are too slow for most of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

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
