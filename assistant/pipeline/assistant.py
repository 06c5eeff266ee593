"""From a question to an answer: a LangChain chain of named steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import IO

from langchain_core.runnables import Runnable, RunnableLambda

from assistant import messages
from assistant.answerers.generative import GenerativeAnswerer
from assistant.catalogue import Catalogue, catalogue_of
from assistant.conversation import to_search_query
from assistant.embedder import Embedder, load_embedder
from assistant.errors import InputError, PictureUnavailable
from assistant.index import Index
from assistant.index_rows import DocumentRow
from assistant.originals_first import ahead
from assistant.pictures.drawing import PageFile, PagePicture, PagePictures, Wanted
from assistant.pipeline import composing
from assistant.pipeline.composing import Verdict
from assistant.pipeline.identity import index_identity
from assistant.pipeline.live_index import LiveIndex
from assistant.pipeline.steps import Steps
from assistant.pipeline.work import Question, Work, background_of
from assistant.pipeline.writing import ModelWriter
from assistant.question.small_talk import small_talk
from assistant.receipts import Receipt, Recheck, recheck
from assistant.reranker import Reranker
from assistant.retriever import HybridRetriever
from assistant.settings import Settings
from assistant.suggestions import Examples, Suggester
from assistant.types import Answer, Hit, Language, Progress, Sentence, Turn

Event = Progress | Sentence | Answer


class Assistant:
    """Answer questions from the live generation of an index.

    `chain` is a LangChain Runnable from Question to Answer, so it can be invoked, batched, traced
    and combined like any other; `retriever` is a LangChain retriever.
    """

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        live: LiveIndex,
        model: GenerativeAnswerer | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Put the stages together; most callers want `Assistant.open`. Without a model, answers are quotes."""
        self.settings = settings
        self._live = live
        self._today = today
        self._catalogue: Catalogue | None = None
        self._pictures = PagePictures(settings.pictures)
        reranker = settings.retriever.reranker
        self.retriever = HybridRetriever(
            lease=live.lease,
            embedder=embedder,
            options=settings.retriever,
            rerank=Reranker(reranker).rerank if reranker else None,
        )
        self._writer = ModelWriter(model, settings, today) if model else None
        self._steps = Steps(settings, embedder, self.retriever, self._writer.rewrite if self._writer else None).chain()
        self._quoted: Runnable[tuple[Work, Verdict], Answer] = RunnableLambda(self._quote, name="citations")
        # Asked of quotes even where a language model answers readers: it would be asked a thousand questions.
        self.suggester = Suggester(live.lease, self.ask if model is None else self._ask_for_quotes, settings)
        self.chain: Runnable[Question, Answer] = RunnableLambda(self._answer, name="assistant")

    @classmethod
    def open(cls, settings: Settings) -> Assistant:
        """Open the index of the settings, and the language model where they name one.

        Raises IndexMissing, IndexMismatch, IndexDamaged, EmbedderError or ModelError.
        """
        embedder = load_embedder(settings.embedder)
        identity = index_identity(embedder, settings)

        def open_index() -> Index:
            return Index.open(settings.index.directory, identity, chroma_url=settings.chroma_url)

        return cls(settings, embedder, LiveIndex(open_index), GenerativeAnswerer.open(settings, embedder))

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question; `history` holds the turns before it, oldest first."""
        return self.chain.invoke(Question(question, tuple(history)))

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """Yield what is being done, each sentence as it has passed the lock, and last the whole answer."""
        started = time.perf_counter()
        for event in self._events(Question(question, tuple(history))):
            if isinstance(event, Answer):
                total = (time.perf_counter() - started) * 1000
                event = replace(event, timings={**event.timings, "total_ms": total})
            yield event

    def search(self, question: str, k: int | None = None, history: Sequence[Turn] = ()) -> list[Hit]:
        """Return the best passages for a question, in any language, best first."""
        with self._live.lease() as index:
            hits = self.retriever.search(to_search_query(question, history), k, index=index)
            return ahead(hits, background_of(index).spread)

    def canonical_text(self, document_id: str) -> str:
        """Return the text that citations of a document point into. Raises InputError if it is unknown."""
        with self._live.lease() as index:
            self._known(index, document_id)
            return index.text(document_id)

    def document(self, document_id: str) -> DocumentRow:
        """Return what the index knows of a document. Raises InputError if it is unknown."""
        with self._live.lease() as index:
            return self._known(index, document_id)

    def catalogue(self) -> Catalogue:
        """Return what the live generation holds, to look through; made once for each generation."""
        with self._live.lease() as index:
            made = self._catalogue
            if made is None or made.generation != index.generation:
                made = self._catalogue = catalogue_of(index)
            return made

    def open_file(self, document_id: str) -> IO[bytes] | None:
        """Open the PDF that a document was read from, as it was then; None for another format.

        Raises InputError if the document is unknown, IndexDamaged if its file was changed.
        """
        with self._live.lease() as index:
            self._known(index, document_id)
            return index.open_file(document_id)

    def page_picture(self, document_id: str, page: int, passage: tuple[int, int] | None = None) -> PagePicture:
        """Draw a page of a PDF, with the words between two offsets marked where all of them are found there.

        Raises InputError if the document is unknown, PictureUnavailable where there is no picture to be had.
        """
        with self._live.lease() as index:
            row, path = self._known(index, document_id), index.file(document_id)
            if path is None or row.file_sha256 is None:
                raise PictureUnavailable("The file of this document is not kept, so there is no picture of its pages.")
            wanted = Wanted.from_text(index.text(document_id), *passage) if passage else None
            return self._pictures.picture(PageFile(path, row.file_sha256, page), wanted)

    def prepare_suggestions(self) -> None:
        """Begin to find out, in the background, which questions can be suggested."""
        self.suggester.prepare()

    def suggestions(self, answer: Answer, before: Sequence[Answer] = ()) -> tuple[str, ...]:
        """Return questions to ask next that are known to be answered, in the language of the last question.

        `before` holds the earlier answers of the conversation: what they showed is not suggested again.
        """
        return self.suggester.near(answer, before)

    def examples(self, language: Language) -> Examples:
        """Return questions that show what the documents answer, by kind of document."""
        return self.suggester.examples(language)

    def recheck(self, receipt: Receipt) -> Recheck:
        """Hold an earlier citation against the documents as they are now."""
        with self._live.lease() as index:
            return recheck(receipt, index.documents, index.text)

    @property
    def generation(self) -> str:
        """Name of the live generation."""
        with self._live.lease() as index:
            return index.generation

    def close(self) -> None:
        """Let go of the index."""
        self.suggester.close()
        self._live.close()

    @staticmethod
    def _known(index: Index, document_id: str) -> DocumentRow:
        """Return the row of a document that must exist."""
        row = index.documents.get(document_id)
        if row is None:
            raise InputError(f"The index has no document {document_id!r}; it may have been removed since.")
        return row

    def _ask_for_quotes(self, question: str) -> Answer:
        """Answer a question without the language model."""
        with self._live.lease() as index:
            work = self._steps.invoke(Work(Question(question), index, to_search_query(question)))
            return self._quoted.invoke((work, composing.verdict_of(work)))

    def _answer(self, question: Question) -> Answer:
        """Return the last event of a question, which is its answer."""
        events = list(self.stream(question.text, question.history))
        return next(event for event in reversed(events) if isinstance(event, Answer))

    def _quote(self, judged: tuple[Work, Verdict]) -> Answer:
        """Hold the sentences against their passages and give them their numbers."""
        work, verdict = judged
        return composing.quoted(work, verdict, self.settings.answerer, self._today())

    def _events(self, question: Question) -> Iterator[Event]:
        """Answer from one generation, whatever ingest does meanwhile."""
        with self._live.lease() as index:
            if talk := small_talk(question.text):
                kind, language = talk
                reply = messages.small_talk_reply(kind, language)
                yield Answer(question.text, language, "", "answered", message=reply, index=index.generation)
                return
            yield Progress("search")
            query = to_search_query(question.text, question.history)
            work = self._steps.invoke(Work(question, index, query))
            verdict = composing.verdict_of(work)
            if self._writer is not None and self._writer.takes(work, verdict):
                yield Progress("answer")
                yield from self._writer.events(work, verdict)
                return
            answer = self._quoted.invoke((work, verdict))
            yield from answer.sentences
            yield answer
