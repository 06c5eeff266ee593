"""`python -m evals.fit_fusion`: choose the weights between languages on the corpus itself.

Each heading that is a question is asked of the passages without their headings. Of every pair of
twins a random half is taken out, so that half of the questions can only be answered from the
other language. Printed for each setting: the mean reciprocal rank of the right section, where it
is in the question's language and where it is not.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from assistant.commands.common import DONE, guarded, write
from assistant.embedder import Embedder, load_embedder
from assistant.index import Index
from assistant.lexical import LexicalIndex
from assistant.pipeline import ingest
from assistant.retriever import best, standardize
from assistant.settings import load_settings
from assistant.types import Chunk, Language

_CORPUS = Path(__file__).parent.parent / "corpus"
_SEED = 5
_ROUNDS = 3
_POOL = 100
_DEPTH = 10
_GRID = {
    "w": (1.0, 1.5, 2.0),
    "v": (1.0, 1.5, 2.0, 2.5),
    "u": (0.25, 0.5, 1.0),
    "handicap": (-1.0, 0.0, 1.0, 2.0),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One question against the passages that were left in."""

    same_language: bool
    relevant: NDArray[np.bool_]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    own: NDArray[np.bool_]
    """Which passages are in the question's language."""


def main() -> int:
    """Print the grid, best sum of both columns first."""
    return guarded(_run)


def _run() -> int:
    """Build an index of the corpus and try all settings."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings({"index": {"directory": Path(scratch)}})
        embedder = load_embedder(settings.embedder)
        ingest([_CORPUS], settings, embedder=embedder)
        with Index.open(settings.index.directory) as index:
            cases = list(_cases(index, embedder))
    rows = []
    for w, v, u, handicap in product(*_GRID.values()):
        ranks: dict[bool, list[float]] = {True: [], False: []}
        for case in cases:
            ranks[case.same_language].append(_reciprocal_rank(case, w, v, u, handicap))
        rows.append((fmean(ranks[True]), fmean(ranks[False]), w, v, u, handicap))
    write("same   other  w    v    u     handicap")
    for same, other, w, v, u, handicap in sorted(rows, key=lambda row: -row[0] - row[1]):
        write(f"{same:.3f}  {other:.3f}  {w:.1f}  {v:.1f}  {u:.2f}  {handicap:+.0f}")
    return DONE


def _cases(index: Index, embedder: Embedder) -> Iterator[_Case]:
    """Yield the questions of several random halves."""
    chunks = [index.chunk(row) for row in range(index.size)]
    names = np.array([_pair(chunk) for chunk in chunks])
    sections = np.array([chunk.section for chunk in chunks])
    languages = np.array([chunk.language for chunk in chunks])
    sentences = [index.sentence_vectors(row) for row in range(index.size)]
    sums = np.stack([one.sum(axis=0) for one in sentences])
    means = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    lexical = LexicalIndex.build([chunk.text for chunk in chunks], [chunk.language for chunk in chunks])
    questions = {(c.heading, c.language, _pair(c), c.section) for c in chunks if (c.heading or "").endswith("?")}
    random = np.random.default_rng(_SEED)
    halves = [{name: random.choice(["nl", "en"]) for name in sorted(set(names))} for _ in range(_ROUNDS)]
    for heading, language, name, section in sorted(questions, key=str):
        vector = embedder.encode_query(str(heading))
        near = means @ vector + np.array([(one @ vector).max() for one in sentences])
        words = _lexical(lexical, str(heading), language, len(chunks))
        for half in halves:
            left = np.array([half[one] == of for one, of in zip(names, languages, strict=True)])
            relevant = (names == name) & (sections == section) & left
            if relevant.any():
                z = np.zeros(len(chunks), dtype=np.float32)
                for of in ("nl", "en"):
                    mine = left & (languages == of)
                    z[mine] = _standard(words[mine])
                same = half[name] == language
                own = near[left & (languages == language)]
                dense = standardize(near[left], own[best(own, _POOL)])
                yield _Case(same, relevant[left], dense, z[left], languages[left] == language)


def _pair(chunk: Chunk) -> str:
    """Return the name that a document shares with its twin."""
    return chunk.document.rsplit(".", 2)[0]


def _lexical(index: LexicalIndex, question: str, language: Language, size: int) -> NDArray[np.float32]:
    """Return the BM25 score of every passage."""
    scores = np.zeros(size, dtype=np.float32)
    for part in index.search(question, language):
        scores[part.rows] = part.scores
    return scores


def _standard(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Express scores as the retriever does."""
    return standardize(scores, scores[best(scores, _POOL)])


def _reciprocal_rank(case: _Case, w: float, v: float, u: float, handicap: float) -> float:
    """Return 1 / rank of the right section under some weights, 0 beyond the first ten."""
    scores = np.where(case.own, case.dense + w * case.lexical, v * case.dense + u * case.lexical + handicap)
    order = best(scores.astype(np.float32), _DEPTH)
    return next((1 / rank for rank, at in enumerate(order, start=1) if case.relevant[at]), 0.0)


if __name__ == "__main__":
    sys.exit(main())
