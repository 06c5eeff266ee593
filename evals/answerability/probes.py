"""Labelled questions with the passages found for them: what the judgement is fitted on, and what it is tested on.

A question is asked as it is. An answerable one is asked once more without the passages that answer
it ("left out"): its relevant sections are taken out of what the search finds, with their twins and every
other passage that says all the answer has to say. What stays may still hold an answer now and then,
so these labels are less sure than those that somebody gave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

from assistant.answerability import Knowledge
from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.conversation import to_search_query
from assistant.embedder import Background, Embedder
from assistant.index import Index
from assistant.originals_first import ahead
from assistant.retriever import HybridRetriever
from assistant.settings import Settings
from assistant.types import Hit, Quote, Reason, SearchQuery
from evals.cases import Case
from evals.external_set import QuestionSet, SetQuestion

_SEARCHED = 60
"""Passages that are searched for, so that enough are left when the relevant ones are out."""
Kind = Literal["asked", "left out"]


@dataclass(frozen=True, slots=True)
class Probe:
    """A question with what was found for it, and whether that holds the answer."""

    source: str
    group: str
    """Shared by what must not stand on both sides of a test: twins, and a question with and without its passages."""
    kind: Kind
    language: str
    answerable: bool
    reason: Reason | None
    """The refusal that is expected, where somebody said so."""
    query: SearchQuery
    hits: tuple[Hit, ...]
    quotes: tuple[Quote, ...]
    knowledge: Knowledge


class Prober:
    """Ask questions of one index as the assistant does, also without some of its passages."""

    def __init__(self, index: Index, embedder: Embedder, settings: Settings) -> None:
        """Take an open index."""
        self.index = index
        self._settings = settings
        self._background = Background(*index.manifest.extra["background"])
        self.knowledge = Knowledge(index.lexical.rarity, self._background, index.size)
        self._retriever = HybridRetriever(
            lease=lambda: nullcontext(index), embedder=embedder, options=settings.retriever, rerank=None
        )

    def search(self, query: SearchQuery) -> list[Hit]:
        """Return more passages than an answer is made of, best first."""
        found = self._retriever.search(query, _SEARCHED, index=self.index, prefer_language=True)
        return ahead(found, self._background.spread)

    def found(
        self, query: SearchQuery, hits: Sequence[Hit], without: Collection[int] = ()
    ) -> tuple[tuple[Hit, ...], tuple[Quote, ...]]:
        """Return the passages that the answerer sees without some rows, and what it chooses from them."""
        kept = tuple(hit for hit in hits if hit.row not in without)[: self._settings.retriever.top_k]
        answerer = ExtractiveAnswerer(
            self._settings.answerer,
            rarity=self.index.lexical.rarity,
            chunk_at=lambda row: self.index.chunk(row) if 0 <= row < self.index.size and row not in without else None,
            spread=self._background.spread,
        )
        return kept, tuple(answerer.choose(query, kept))


def of_cases(cases: Iterable[Case], prober: Prober, source: str, *, left_out: bool) -> Iterator[Probe]:
    """Yield each case as it is, and each answerable one without its passages where that is wanted."""
    for case in cases:
        query = to_search_query(case.question, case.history)
        hits = prober.search(query)
        common = (source, f"{source}/{case.pair}")
        found = prober.found(query, hits)
        yield Probe(*common, "asked", case.language, case.answerable, case.reason, query, *found, prober.knowledge)
        if left_out and case.answerable:
            found = prober.found(query, hits, _relevant_rows(case, prober.index, hits))
            yield Probe(*common, "left out", case.language, False, None, query, *found, prober.knowledge)


def of_set(questions: QuestionSet, prober: Prober) -> Iterator[Probe]:
    """Yield the questions of somebody else's set as they are, and the answerable ones without their passages."""
    passages = _Passages(questions)
    for question in questions.questions:
        if not question.text.strip() or (question.answerable and not question.relevant):
            continue
        query = to_search_query(question.text, question.history)
        hits = prober.search(query)
        common = (questions.name, f"{questions.name}/{question.id}")
        found = prober.found(query, hits)
        yield Probe(*common, "asked", question.language, question.answerable, None, query, *found, prober.knowledge)
        if question.answerable:
            found = prober.found(query, hits, passages.rows(question, hits))
            yield Probe(*common, "left out", question.language, False, None, query, *found, prober.knowledge)


class _Passages:
    """Which hits are the relevant passages of a question, or have the very same text."""

    def __init__(self, questions: QuestionSet) -> None:
        """Read the passages of a set once."""
        self._questions = questions
        self._texts = {key: text for key, text in self._keyed()}

    def _keyed(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the id and the text of each passage under its key."""
        keys = self._questions.keys()
        for passage in self._questions.passages:
            yield keys[passage.id, passage.language], (passage.id, passage.text.strip())

    def rows(self, question: SetQuestion, hits: Sequence[Hit]) -> frozenset[int]:
        """Return the rows of those hits."""
        same = {text for name, text in self._texts.values() if name in question.relevant}
        return frozenset(
            hit.row
            for hit in hits
            if (known := self._texts.get(self._questions.key_of(hit.chunk)))
            and (known[0] in question.relevant or known[1] in same)
        )


def _relevant_rows(case: Case, index: Index, hits: Sequence[Hit]) -> frozenset[int]:
    """Return the rows of the sections that hold the gold, of their twins, and of hits that say all of the answer."""
    rows = {hit.row for hit in hits if _says_all(case, hit)}
    for gold in case.relevant:
        document = index.documents[gold.document]
        start = index.text(gold.document).find(gold.quote)
        sections = {
            index.chunk(row).section
            for row in index.rows(gold.document)
            if start < 0 or (index.chunk(row).start < start + len(gold.quote) and index.chunk(row).end > start)
        }
        for name in filter(None, (gold.document, document.twin)):
            rows |= {row for row in index.rows(name) if index.chunk(row).section in sections}
    return frozenset(rows)


def _says_all(case: Case, hit: Hit) -> bool:
    """Tell whether one sentence of a passage says every nugget of an answer."""
    texts = (Quote(hit.chunk, span, 0.0).text.casefold() for span in hit.chunk.sentences)
    return bool(case.must_say) and any(
        all(any(form.casefold() in text for form in forms) for forms in case.must_say) for text in texts
    )
