"""Find passages: a dense and a lexical leg, fused with knowledge of the languages on both sides.

Each leg's scores are put on one scale by their mean and spread over that leg's own candidates
(z-scores), because cosine similarities of this kind of model lie in a narrow band and BM25 has
no upper bound. With a weight for each kind of pair, a passage then gets

    same language    z(dense) + w * z(lexical)
    other language   v * z(dense) + u * z(lexical) + handicap

dense is the similarity to the passage, its nearest sentence and, for half, its heading: headings are
often questions. An unknown word of the question also counts as the known ones near to it. The z-score
of BM25 has a ceiling: where hardly any passage holds a term, a chance match would outweigh all else.

BM25 says little across languages, where only names, numbers and borrowed words can match. Without
a handicap, a middling passage in the question's own language would beat the right one in the other.
w was fitted on two monolingual question sets, v, u and the handicap on this project's own corpus
with a random half of the twins taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from assistant.embedder import Embedder
from assistant.index import Index
from assistant.language import detect_language
from assistant.lexical import LexicalScores
from assistant.question import Asked, also_asked, asks_how, what_is_asked
from assistant.settings import RetrieverSettings
from assistant.types import Chunk, Hit, Language, SearchQuery, Vector

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]
_EPSILON = 1e-6
_HEADING_WEIGHT = 0.5
_OF_ONE_SECTION = 3
_OF_EACH = 3
_LOOKED_AT = 15
"""Passages for each of the things that a question also asks."""
_SPARE = 4
"""Times the passages wanted that are looked at, since some make room for others."""
_CEILING_SAME_LANGUAGE, _CEILING_OTHER_LANGUAGE = 5.0, 3.0
"""Of the z-score of BM25."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages that one of the legs found, with the scores of both."""

    rows: Rows
    similarity: Scores
    """Cosine of question and passage vector."""
    heading_similarity: Scores
    best_sentence: Scores
    """Cosine of the question and the passage's nearest sentence."""
    coverage: Scores
    lexical_z: Scores
    same_language: NDArray[np.bool_]
    sentence_similarities: tuple[Scores, ...]


def standardize(scores: Scores, pool: Scores) -> Scores:
    """Express scores in standard deviations above the mean of a pool."""
    if not len(pool):
        return np.zeros_like(scores)
    return np.asarray((scores - pool.mean()) / (pool.std() + _EPSILON), dtype=np.float32)


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """Return the positions of the k highest scores, highest first; ties keep their order."""
    if len(scores) > k:
        top = np.argpartition(-scores, k - 1)[:k]
        top.sort()
    else:
        top = np.arange(len(scores))
    return top[np.argsort(-scores[top], kind="stable")]


class HybridRetriever(BaseRetriever):
    """Retrieve passages for a question in Dutch or English from documents in either."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    lease: Callable[[], AbstractContextManager[Index]]
    """Lends the live generation to a search that brings none of its own."""
    embedder: Embedder
    options: RetrieverSettings
    rerank: Callable[[str, Sequence[Hit]], list[Hit]] | None = None
    """Orders hits anew, best first; a cross-encoder, for one."""

    def search(
        self,
        query: SearchQuery,
        k: int | None = None,
        *,
        index: Index | None = None,
        prefer_language: bool = False,
    ) -> list[Hit]:
        """Return the k best passages, best first; k defaults to the setting top_k.

        With `prefer_language`, a passage in another language than the question gives its place to
        the same section of its document's twin, where there is one.
        """
        if index is None:
            with self.lease() as live:
                return self.search(query, k, index=live, prefer_language=prefer_language)
        k = self.options.top_k if k is None else k
        if k < 1 or not index.size or not query.text.strip():
            return []
        vector = self._vector(query)
        candidates = self._candidates(index, query, vector, max(k, self.options.candidates))
        scores, stage = self._scores(candidates)
        wanted = max(k, self.options.rerank_top) if self.rerank else k
        order = best(scores, _SPARE * wanted if prefer_language else wanted)
        hits = [_hit(index, candidates, int(i), float(scores[i]), stage) for i in order]
        if prefer_language:
            hits = _in_language(index, _of_many_sections(hits)[: 2 * wanted], query.language, vector)
            hits = self._with_what_it_also_asks(index, query, vector, _of_many_sections(hits)[:wanted])
        return self.rerank(query.text, hits)[:k] if self.rerank else hits

    def _with_what_it_also_asks(self, index: Index, query: SearchQuery, vector: Vector, hits: list[Hit]) -> list[Hit]:
        """Put the best passages of what a question also asks in place of its own last ones."""
        also = also_asked(query.question, query.language)
        if not also or len(hits) <= _OF_EACH * len(also):
            return hits
        kept = {hit.row: hit for hit in hits[: len(hits) - _OF_EACH * len(also)]}
        for inner in (SearchQuery(one, one, query.language) for one in also):
            found = [hit for hit in self.search(inner, _LOOKED_AT, index=index) if hit.chunk.language == query.language]
            found.sort(key=lambda hit: not _fits(query, hit.chunk))
            for hit in found[:_OF_EACH]:
                kept.setdefault(hit.row, _scored_alone(index, hit.row, hits[-1], vector))
        return list({hit.row: hit for hit in (*kept.values(), *hits)}.values())[: len(hits)]

    def _vector(self, query: SearchQuery) -> Vector:
        """Embed a question; a follow-up is nearer to itself than to the questions that it leans on."""
        vector = self.embedder.encode_query(query.text)
        if query.follow_up:
            vector = vector + self.embedder.encode_query(query.question)
            vector = vector / np.linalg.norm(vector)
        return vector

    def _candidates(self, index: Index, query: SearchQuery, vector: Vector, count: int) -> _Candidates:
        """Ask both legs and score what either of them found by both."""
        dense_rows, _ = index.nearest(vector, count)
        parts = index.lexical.search(query.text, query.language)
        widened = index.lexical.with_near_words(query.text, query.language)
        near_parts = parts if widened == query.text else index.lexical.search(widened, query.language)
        lexical_rows = [part.rows[best(part.scores, count)] for part in near_parts if part.scores.any()]
        rows = np.unique(np.concatenate([dense_rows, *lexical_rows])).astype(np.int64)
        near = index.similarities(vector, rows)
        lexical_z, _, same = _lexical_of(rows, near_parts, query.language, count)
        # Coverage says what the passages hold of the question as it was written.
        coverage = _lexical_of(rows, parts, query.language, count)[1]
        return _Candidates(
            rows=rows,
            similarity=near.chunks,
            heading_similarity=near.headings,
            best_sentence=np.array([one.max() for one in near.sentences], dtype=np.float32),
            coverage=coverage,
            lexical_z=lexical_z,
            same_language=same,
            sentence_similarities=tuple(near.sentences),
        )

    def _scores(self, found: _Candidates) -> tuple[Scores, Any]:
        """Return one score per candidate and the stage that it belongs to."""
        dense = found.similarity + found.best_sentence + _HEADING_WEIGHT * found.heading_similarity
        if self.options.mode == "dense":
            return dense, "dense"
        if self.options.mode == "lexical":
            return found.lexical_z, "lexical"
        # Passages in another language must not change the order of those in the question's own.
        own = dense[found.same_language] if found.same_language.any() else dense
        options, z = self.options, standardize(dense, own[best(own, self.options.candidates)])
        same = z + options.lexical_weight_same_language * found.lexical_z
        other = options.dense_weight_other_language * z + options.lexical_weight_other_language * found.lexical_z
        # Among n passages no z-score exceeds the root of n - 1: in a small index the handicap shrinks with it.
        reach = min(1.0, np.sqrt((len(own) - 1) / (options.candidates - 1)))
        return np.where(found.same_language, same, other + reach * options.handicap_other_language), "fused"

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        """Answer LangChain's own retriever interface."""
        hits = self.search(SearchQuery(query, query, detect_language(query)))
        return [LangChainDocument(page_content=hit.chunk.text, metadata=_metadata(hit)) for hit in hits]


def _hit(index: Index, found: _Candidates, position: int, score: float, stage: Any) -> Hit:
    """Make the hit of one candidate."""
    row = int(found.rows[position])
    return Hit(
        chunk=index.chunk(row),
        score=score,
        stage=stage,
        row=row,
        similarity=float(found.similarity[position]),
        coverage=float(found.coverage[position]),
        heading_similarity=float(found.heading_similarity[position]),
        sentence_similarities=tuple(float(one) for one in found.sentence_similarities[position]),
    )


def _fits(query: SearchQuery, chunk: Chunk) -> bool:
    """Tell whether a passage holds a list, as steps are, or for a comparison says what something is."""
    if asks_how(query.question):
        return sum(span.kind == "item" for span in chunk.sentences) > 1
    return what_is_asked(chunk.heading or "") is Asked.MEANING


def _of_many_sections(hits: Sequence[Hit]) -> list[Hit]:
    """Leave out what a section has beyond its best passages: one long table must not push out all else."""
    held: Counter[tuple[str, int]] = Counter()
    kept = []
    for hit in hits:
        section = (hit.chunk.document, hit.chunk.section)
        held[section] += 1
        if held[section] <= _OF_ONE_SECTION:
            kept.append(hit)
    return kept


def _in_language(index: Index, hits: Sequence[Hit], language: Language, vector: Vector) -> list[Hit]:
    """Put the twin's section in place of hits in another language; each passage stays once, at its best place."""
    found: dict[int, Hit] = {hit.row: hit for hit in hits}
    kept: dict[int, Hit] = {}
    for hit in hits:
        rows = _twin_rows(index, hit.chunk) if hit.chunk.language != language else []
        if not rows:
            kept.setdefault(hit.row, hit)
        for row in rows:
            twin = found.get(row) or _scored_alone(index, row, hit, vector)
            kept.setdefault(row, replace(twin, score=max(twin.score, hit.score)))
    return list(kept.values())


def _twin_rows(index: Index, chunk: Chunk) -> list[int]:
    """Return the rows of the same section in the document's twin; none without a twin."""
    twin = index.documents[chunk.document].twin
    return [] if twin is None else [row for row in index.rows(twin) if index.chunk(row).section == chunk.section]


def _scored_alone(index: Index, row: int, other: Hit, vector: Vector) -> Hit:
    """Make the hit of a passage that no leg found, with the rank of the hit whose place it takes."""
    near = index.similarities(vector, np.array([row], dtype=np.int64))
    return replace(
        other,
        chunk=index.chunk(row),
        row=row,
        similarity=float(near.chunks[0]),
        heading_similarity=float(near.headings[0]),
        sentence_similarities=tuple(float(one) for one in near.sentences[0]),
    )


def _lexical_of(
    rows: Rows, parts: Sequence[LexicalScores], asked_in: Language, count: int
) -> tuple[Scores, Scores, NDArray[np.bool_]]:
    """Return the z-score of BM25, the coverage and whether the languages agree, for each of the rows."""
    z = np.zeros(len(rows), dtype=np.float32)
    coverage = np.zeros_like(z)
    same = np.zeros(len(rows), dtype=bool)
    for part in parts:
        position = np.searchsorted(part.rows, rows)
        position[position == len(part.rows)] = 0
        mine = part.rows[position] == rows
        scores = part.scores[position[mine]]
        z[mine] = standardize(scores, part.scores[best(part.scores, count)])
        coverage[mine] = scores / part.ceiling if part.ceiling else 0.0
        same[mine] = part.language == asked_in
    ceiling = np.where(same, _CEILING_SAME_LANGUAGE, _CEILING_OTHER_LANGUAGE)
    return np.minimum(z, ceiling).astype(np.float32), coverage, same


def _metadata(hit: Hit) -> dict[str, Any]:
    """Return what a LangChain user wants to know of a passage, as plain values."""
    chunk: Chunk = hit.chunk
    return {
        "id": chunk.id,
        "document": chunk.document,
        "title": chunk.title,
        "heading": chunk.heading,
        "language": chunk.language,
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "score": hit.score,
        "stage": hit.stage,
    }
