"""Chunks to vectors, sentence by sentence, and the band in which a model's similarities lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from assistant.chunker import embedded_heading
from assistant.embedder.base import Embedder
from assistant.types import Chunk, Matrix, Vector

_BATCH_CHARACTERS = 16_000
"""Bounds the memory of one call: activations grow with the tokens in it."""
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
