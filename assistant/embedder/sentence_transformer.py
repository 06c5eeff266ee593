"""Any sentence-transformers model, by name or as a folder."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedder.base import E5_PROMPTS, Embedder, readable
from assistant.errors import EmbedderError
from assistant.types import Matrix, Vector


class SentenceTransformerEmbedder(Embedder):
    """Any sentence-transformers model, by its name on the Hugging Face Hub or as a folder."""

    def __init__(self, model: str, *, query_prompt: str | None = None, passage_prompt: str | None = None) -> None:
        # A folder's path says nothing about the model in it, whose weights are hashed anyway.
        self.name = Path(model).name if Path(model).is_dir() else model
        self._model = _load_sentence_transformer(model)
        prompts = {name: str(prompt) for name, prompt in self._model.prompts.items() if prompt}
        family = E5_PROMPTS if _is_e5(model) else {}
        self._query_prompt = _first(query_prompt, prompts.get("query"), family.get("query"), "")
        configured = (prompts.get(name) for name in ("document", "passage", "corpus"))
        self._passage_prompt = _first(passage_prompt, *configured, family.get("passage"), "")
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_tokens = int(self._model.max_seq_length or self._model.tokenizer.model_max_length)
        # Tokenizers of Hugging Face panic with "Already borrowed" when two threads use one.
        self._lock = threading.Lock()

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Embed passages: shape (n, dimension)."""
        return self._encode(texts, self._passage_prompt)

    def encode_query(self, text: str) -> Vector:
        """Embed a question: shape (dimension,)."""
        vector: Vector = self._encode([text], self._query_prompt)[0]
        return vector

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage, its prompt and the special tokens included."""
        return self._count(self._passage_prompt + readable(text))

    def identity(self) -> dict[str, str]:
        """Return name, dimension, hash of the weights and prompts."""
        return {
            "name": self.name,
            "dimension": str(self.dimension),
            "weights_sha256": self._weights_sha256,
            "query_prompt": self._query_prompt,
            "passage_prompt": self._passage_prompt,
        }

    def _encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        """Embed texts behind a prompt, to unit length; a text beyond max_tokens as the mean of its parts.

        The library itself would leave out what does not fit, without a word.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        parts = [list(self._parts(readable(text), prompt)) for text in texts]
        flat = [part for of_text in parts for part in of_text]
        with self._lock:
            encoded = self._model.encode(
                flat, prompt=prompt, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
            )
        if len(flat) == len(texts):
            return np.asarray(encoded, dtype=np.float32)
        lengths = np.array([[max(1, len(part))] for part in flat], dtype=np.float32)
        weighted = np.asarray(encoded, dtype=np.float32) * lengths
        starts = np.cumsum([0] + [len(of_text) for of_text in parts[:-1]])
        sums = np.add.reduceat(weighted, starts, axis=0)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def _parts(self, text: str, prompt: str) -> Iterator[str]:
        """Halve a text at a space until each part fits."""
        # No token is shorter than a character, so a short text needs no count.
        if len(text) + len(prompt) + 2 <= self.max_tokens or self._count(prompt + text) <= self.max_tokens:
            yield text
            return
        middle = len(text) // 2
        space = text.rfind(" ", 1, middle)
        cut = space if space > 0 else middle
        yield from self._parts(text[:cut], prompt)
        yield from self._parts(text[cut:], prompt)

    def _count(self, text: str) -> int:
        """Count tokens, the special ones included."""
        with self._lock:
            # verbose=False: a long text is what this is asked about, not a reason to warn.
            return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    @cached_property
    def _weights_sha256(self) -> str:
        """Hash the parameters as they were loaded, whatever files they came from."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            # Through bytes, because numpy has no bfloat16.
            digest.update(memoryview(tensor.contiguous().cpu().view(-1).view(_torch_uint8()).numpy()))
        return digest.hexdigest()


def _is_e5(model: str) -> bool:
    """Tell whether a model is of the E5 family, which was trained with prompts that few copies configure."""
    name = Path(model).name.lower()
    return name.startswith("e5-") or "-e5-" in name


def _first(*candidates: str | None) -> str:
    """Return the first candidate that is given; an empty prompt is one."""
    return next(candidate for candidate in candidates if candidate is not None)


def _load_sentence_transformer(model: str) -> Any:
    """Load a model from a folder, the local cache or the Hub, in this order. Raises EmbedderError."""
    folder = Path(model).expanduser()
    if not folder.is_dir() and (folder.is_absolute() or model.startswith((".", "~"))):
        raise EmbedderError(f"There is no embedding model in the folder {model}; correct embedder.model.")
    # torch and transformers: 5 to 8 seconds and 460 MB, which the bundled model does without.
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # A bar for each load would stand between the lines of a command's output.
    hush: Any = transformers_logging.disable_progress_bar
    hush()
    advice = "put a sentence-transformers model there" if folder.is_dir() else "connect once to download it"
    try:
        if folder.is_dir():
            return SentenceTransformer(str(folder), local_files_only=True)
        try:
            return SentenceTransformer(model, local_files_only=True)
        except Exception:  # noqa: BLE001 - not in the cache, for which each library has an error of its own
            _check_hub(model)
            return SentenceTransformer(model)
    except Exception as error:
        # The libraries below raise a dozen unrelated types.
        reason = str(error).strip().partition("\n")[0]
        raise EmbedderError(
            f"The embedding model {model} cannot be loaded ({reason}); correct embedder.model, or {advice}."
        ) from error


def _check_hub(model: str) -> None:
    """Ask the Hub for a model once; loading would try each of its files six times before it gives up."""
    # Comes with sentence_transformers, which is loaded by now.
    from huggingface_hub import HfApi

    HfApi().model_info(model if "/" in model else f"sentence-transformers/{model}", timeout=10)


def _torch_uint8() -> Any:
    """Return torch's name for a byte."""
    # Loaded already by the model whose parameters are hashed.
    import torch

    return torch.uint8
