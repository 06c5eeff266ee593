"""From a question to an answer: a LangChain chain of named steps."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.citations import cite
from assistant.conversation import to_search_query
from assistant.embedder import Background, Embedder, load_embedder
from assistant.errors import InputError
from assistant.evidence import evidence
from assistant.index import Index
from assistant.index_rows import DocumentRow
from assistant.messages import refusal
from assistant.originals_first import Counterparts, ahead
from assistant.pipeline.identity import index_identity
from assistant.pipeline.live_index import LiveIndex
from assistant.reranker import Reranker
from assistant.retriever import HybridRetriever
from assistant.settings import Settings
from assistant.types import Answer, Citation, Hit, Progress, Quote, Reason, SearchQuery, Sentence, Turn, UnreadPage


@dataclass(frozen=True, slots=True)
class Question:
    """What goes into the chain."""

    text: str
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class _Work:
    """What the steps of the chain hand on to each other."""

    question: Question
    index: Index
    query: SearchQuery | None = None
    hits: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


class Assistant:
    """Answer questions from the live generation of an index.

    `chain` is a LangChain Runnable from Question to Answer, so it can be invoked, batched, traced
    and combined like any other; `retriever` is a LangChain retriever.
    """

    def __init__(self, settings: Settings, embedder: Embedder, live: LiveIndex) -> None:
        """Put the stages together; most callers want `Assistant.open`."""
        self.settings = settings
        self._live = live
        self._embedder = embedder
        model = settings.retriever.reranker
        self.retriever = HybridRetriever(
            lease=live.lease,
            embedder=embedder,
            options=settings.retriever,
            rerank=Reranker(model).rerank if model else None,
        )
        self.chain: Runnable[Question, Answer] = RunnableLambda(self._run, name="assistant")
        self._steps: Runnable[_Work, Answer] = (
            RunnableLambda(self._understand, name="conversation")
            | RunnableLambda(self._retrieve, name="retriever")
            | RunnableLambda(self._choose, name="answerer")
            | RunnableLambda(self._cite, name="citations")
        )

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the index of the settings. Raises IndexMissing, IndexMismatch, IndexDamaged or EmbedderError."""
        embedder = load_embedder(settings.embedder)
        identity = index_identity(embedder, settings)

        def open_index() -> Index:
            return Index.open(settings.index.directory, identity, chroma_url=settings.chroma_url)

        return cls(settings, embedder, LiveIndex(open_index))

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question; `history` holds the turns before it, oldest first."""
        return self.chain.invoke(Question(question, tuple(history)))

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Progress | Sentence | Answer]:
        """Yield what is being done, each sentence as it is ready, and last the whole answer."""
        yield Progress("search")
        answer = self.ask(question, history)
        yield from answer.sentences
        yield answer

    def search(self, question: str, k: int | None = None, history: Sequence[Turn] = ()) -> list[Hit]:
        """Return the best passages for a question, in any language, best first."""
        with self._live.lease() as index:
            hits = self.retriever.search(to_search_query(question, history), k, index=index)
            return ahead(hits, _background(index).spread)

    def canonical_text(self, document_id: str) -> str:
        """Return the text that citations of a document point into. Raises InputError if it is unknown."""
        with self._live.lease() as index:
            self._known(index, document_id)
            return index.text(document_id)

    def document(self, document_id: str) -> DocumentRow:
        """Return what the index knows of a document. Raises InputError if it is unknown."""
        with self._live.lease() as index:
            return self._known(index, document_id)

    @property
    def generation(self) -> str:
        """Name of the live generation."""
        with self._live.lease() as index:
            return index.generation

    def close(self) -> None:
        """Let go of the index."""
        self._live.close()

    @staticmethod
    def _known(index: Index, document_id: str) -> DocumentRow:
        """Return the row of a document that must exist."""
        row = index.documents.get(document_id)
        if row is None:
            raise InputError(f"The index has no document {document_id!r}; it may have been removed since.")
        return row

    def _run(self, question: Question) -> Answer:
        """Answer from one generation, whatever ingest does meanwhile."""
        started = time.perf_counter()
        with self._live.lease() as index:
            answer = self._steps.invoke(_Work(question, index))
        return replace(answer, timings={**answer.timings, "total_ms": (time.perf_counter() - started) * 1000})

    def _understand(self, work: _Work) -> _Work:
        """Complete the question from the conversation."""
        return replace(work, query=to_search_query(work.question.text, work.question.history))

    def _retrieve(self, work: _Work) -> _Work:
        """Find passages, in the language of the question where a document has a twin in it."""
        started = time.perf_counter()
        hits = self.retriever.search(_query(work), index=work.index, prefer_language=True)
        hits = ahead(hits, _background(work.index).spread)
        return _timed(replace(work, hits=tuple(hits)), "search_ms", started)

    def _choose(self, work: _Work) -> _Work:
        """Choose the sentences that answer."""
        started = time.perf_counter()
        index = work.index
        background = _background(index)
        answerer = ExtractiveAnswerer(
            self.settings.answerer,
            rarity=index.lexical.rarity,
            chunk_at=lambda row: index.chunk(row) if 0 <= row < index.size else None,
            spread=background.spread,
        )
        enough = evidence(work.hits, background) >= self.settings.answerer.min_evidence
        quotes = answerer.choose(_query(work), work.hits) if enough else []
        if quotes:
            counterparts = Counterparts(index, background, lambda: self._embedder.encode_query(_query(work).text))
            quotes = counterparts.joined(quotes, work.hits, _query(work).language)
        return _timed(replace(work, quotes=tuple(quotes)), "answer_ms", started)

    def _cite(self, work: _Work) -> Answer:
        """Give the sentences their numbered sources, or refuse."""
        query, index = _query(work), work.index
        common: dict[str, Any] = {
            "question": work.question.text,
            "language": query.language,
            "search_query": query.text,
            "answerer": ExtractiveAnswerer.name,
            "index": index.generation,
            "timings": dict(work.timings),
        }
        if not query.text:
            message = refusal("unclear_question", query.language)
            return Answer(status="clarify", reason="unclear_question", message=message, **common)
        if not work.quotes:
            return self._refusal(work, common)
        sentences, citations = self._numbered(index, work.quotes)
        return Answer(status="answered", sentences=sentences, citations=citations, **common)

    def _refusal(self, work: _Work, common: dict[str, Any]) -> Answer:
        """Say that the documents do not answer, with what came closest and what could not be read."""
        index = work.index
        nearest = [_best_sentence(hit) for hit in work.hits[: self.settings.answerer.nearest]]
        documents = {hit.chunk.document for hit in work.hits}
        unread: tuple[UnreadPage, ...] = tuple(page for page in index.unread_pages if page.document in documents)
        reason: Reason = "unreadable_page" if unread else "nothing_found"
        return Answer(
            status="refused",
            reason=reason,
            message=refusal(reason, _query(work).language),
            nearest=self._numbered(index, nearest)[1],
            unread_pages=unread,
            **common,
        )

    @staticmethod
    def _numbered(index: Index, quotes: Sequence[Quote]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
        """Cite quotes with what the index knows of their documents."""
        return cite(quotes, index.text, lambda document: index.documents[document].sha256, index.sources)


def _background(index: Index) -> Background:
    """Return how similar the index's embedder finds sentences that have nothing to do with each other."""
    return Background(*index.manifest.extra["background"])


def _query(work: _Work) -> SearchQuery:
    """Return the search query, which every step after the first may count on."""
    if work.query is None:
        raise RuntimeError("the conversation step has not run")
    return work.query


def _timed(work: _Work, name: str, started: float) -> _Work:
    """Note how long a step took."""
    return replace(work, timings={**work.timings, name: (time.perf_counter() - started) * 1000})


def _best_sentence(hit: Hit) -> Quote:
    """Return the sentence of a passage that is nearest to the question."""
    similarities = hit.sentence_similarities
    return Quote(hit.chunk, hit.chunk.sentences[similarities.index(max(similarities))], hit.score)
