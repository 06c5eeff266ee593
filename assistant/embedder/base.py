"""What every embedding model offers."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence

from langchain_core.embeddings import Embeddings

from assistant.types import Matrix, Vector

E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
_LONGEST_LIGATURE = "\ufdfa"
"""One character that normalisation turns into 18."""


class Embedder(Embeddings, ABC):
    """Turn texts into vectors of unit length, questions and passages each in the model's own way."""

    name: str
    dimension: int
    max_tokens: int
    """Longest text that is read in one piece, prompt and special tokens included."""

    @abstractmethod
    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Embed passages: shape (n, dimension); no text gives (0, dimension), "" the vector of the bare prompt."""

    @abstractmethod
    def encode_query(self, text: str) -> Vector:
        """Embed a question: shape (dimension,)."""

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage, its prompt and the special tokens included."""

    @abstractmethod
    def identity(self) -> dict[str, str]:
        """Return what an index and the program that opens it must agree on."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages for LangChain."""
        vectors: list[list[float]] = self.encode_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed a question for LangChain."""
        vector: list[float] = self.encode_query(text).tolist()
        return vector


def readable(text: str) -> str:
    """Replace what an engine in C cannot read: NUL would end the text, half a surrogate pair has no UTF-8.

    The engine also reserves four characters for each byte of a text, and one ligature needs more.
    """
    if "\0" in text:
        text = text.replace("\0", " ")
    if _LONGEST_LIGATURE in text:
        text = text.replace(_LONGEST_LIGATURE, unicodedata.normalize("NFKC", _LONGEST_LIGATURE))
    return text.encode("utf-8", "replace").decode("utf-8")
