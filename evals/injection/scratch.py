"""Indexes that are made for a measure and thrown away, and assistants that answer from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from langchain_core.language_models import BaseChatModel

from assistant.answerers.generative import GenerativeAnswerer
from assistant.embedder import Embedder, load_embedder
from assistant.index import Index
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.identity import index_identity
from assistant.pipeline.live_index import LiveIndex
from assistant.settings import Settings
from assistant.types import Matrix, Vector


class RememberingEmbedder(Embedder):
    """An embedder that embeds no passage twice: the same documents are read once for every place."""

    def __init__(self, inner: Embedder) -> None:
        """Take the embedder that does the work."""
        self._inner = inner
        self._known: dict[str, Vector] = {}
        self.name, self.dimension, self.max_tokens = inner.name, inner.dimension, inner.max_tokens

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Embed passages: shape (n, dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._inner.encode_passages(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(-1, self.dimension)

    def encode_query(self, text: str) -> Vector:
        """Embed a question: shape (dimension,)."""
        return self._inner.encode_query(text)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage."""
        return self._inner.count_tokens(text)

    def identity(self) -> dict[str, str]:
        """Return what an index and the program that opens it must agree on."""
        return self._inner.identity()


class Scratch:
    """Make indexes of files and answer from them."""

    def __init__(self, settings: Settings, chat: BaseChatModel | None = None) -> None:
        """Take the settings of all assistants, and a chat model in place of the one that they name.

        Raises EmbedderError or ModelError.
        """
        self._settings = settings
        self._embedder = RememberingEmbedder(load_embedder(settings.embedder))
        if chat is None:
            self._model = GenerativeAnswerer.open(settings, self._embedder)
        else:
            self._model = GenerativeAnswerer(chat, settings, "generative", self._embedder)

    @contextmanager
    def assistant(self, index: Path, files: Path | None = None) -> Iterator[Assistant]:
        """Lend an assistant over an index, which is first made to hold the files below a folder if one is given."""
        own = self._settings.model_copy(
            update={"index": self._settings.index.model_copy(update={"directory": index})}
        )  # fmt: skip
        if files is not None:
            ingest([files], own, embedder=self._embedder)
        identity = index_identity(self._embedder, own)

        def open_index() -> Index:
            return Index.open(index, identity, chroma_url=own.chroma_url)

        with closing(Assistant(own, self._embedder, LiveIndex(open_index), self._model)) as opened:
            yield opened
