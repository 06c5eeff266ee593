"""Put an answer together: what is said, in which words the assistant itself adds to it, and with which citations.

Every sentence goes through the lock here, quotes too: a fault anywhere before would otherwise reach the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant import messages
from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.citations import Library, cite
from assistant.index import Index
from assistant.pipeline.work import Work
from assistant.reasons import reason_in
from assistant.settings import AnswererSettings
from assistant.timeliness import aged
from assistant.types import (
    Answer,
    Citation,
    Fault,
    Hit,
    Note,
    Quote,
    Reason,
    Sentence,
    Source,
    Status,
    UnreadPage,
    Withheld,
)
from assistant.verifier import Passage, check


@dataclass(frozen=True, slots=True)
class Verdict:
    """What kind of answer is given, before any sentence of it is made."""

    status: Status
    reason: Reason | None
    message: str
    quotes: tuple[Quote, ...]
    """Sentences to quote; none where the question is refused."""
    fixed: bool = False
    """Whether the quotes themselves are the answer, so that a language model has nothing to write."""


def verdict_of(work: Work) -> Verdict:
    """Decide between answer, correction, both sides of a conflict, an answer in part, and refusal."""
    query, judgement, premise, conflict = work.query, work.judgement, work.premise, work.conflict
    language = query.language
    if not query.text:
        message = messages.refusal("unclear_question", language)
        return Verdict("clarify", "unclear_question", message, (), fixed=True)
    if premise is not None and premise.verdict != "unsupported":
        return Verdict("answered", None, messages.premise(premise.verdict, language), premise.quotes, fixed=True)
    if judgement.band == "refused" or not work.quotes:
        return _refused(work)
    if conflict is not None:
        return Verdict("partial", "conflicting", conflict.message, conflict.quotes, fixed=True)
    if premise is not None:
        return Verdict("partial", "insufficient", messages.premise("unsupported", language), premise.quotes, fixed=True)
    if judgement.band == "partial":
        message = messages.partial(language, judgement.missing)
        return Verdict("partial", judgement.reason or "insufficient", message, work.quotes)
    return Verdict("answered", None, "", work.quotes)


def _refused(work: Work) -> Verdict:
    """Return a refusal with its reason in words."""
    judgement = work.judgement
    reason: Reason = judgement.reason or "nothing_found"
    if reason in ("nothing_found", "insufficient") and _unread(work):
        reason = "unreadable_page"
    status: Status = "clarify" if reason == "unclear_question" else "refused"
    message = messages.refusal(reason, work.query.language, judgement.missing, _publisher(work))
    return Verdict(status, reason, message, (), fixed=True)


def quoted(work: Work, verdict: Verdict, options: AnswererSettings, today: date) -> Answer:
    """Return the answer that quotes the verdict's sentences, or the refusal."""
    library = library_of(work.index)
    sentences, citations = cite(verdict.quotes, library)
    faults = [_faults(sentence, quote) for sentence, quote in zip(sentences, verdict.quotes, strict=True)]
    withheld = tuple(Withheld(one.text, found) for one, found in zip(sentences, faults, strict=True) if found)
    held = [quote for quote, found in zip(verdict.quotes, faults, strict=True) if not found]
    if withheld:
        sentences, citations = cite(held, library)
    if verdict.quotes and not held:
        verdict = _refused(replace(work, judgement=replace(work.judgement, reason="insufficient")))
    sentences = tuple(replace(sentence, verified=True) for sentence in sentences)
    answer = answer_of(work, verdict, sentences, citations, withheld=withheld, today=today, quotes=held)
    return answer if sentences else _with_nearest(work, answer, options)


def answer_of(
    work: Work,
    verdict: Verdict,
    sentences: tuple[Sentence, ...],
    citations: tuple[Citation, ...],
    *,
    quotes: Sequence[Quote],
    withheld: tuple[Withheld, ...] = (),
    notes: tuple[Note, ...] = (),
    today: date,
    answerer: str = ExtractiveAnswerer.name,
) -> Answer:
    """Return an answer with what the assistant adds to it; `quotes` are the words behind the sentences."""
    query, index = work.query, work.index
    language = query.language
    added = list(notes)
    if withheld:
        added.append(Note("withheld", messages.withheld(len(withheld), language)))
    age = aged(query, quotes, index.sources, index.documents, today) if quotes else None
    if age:
        added.append(Note("aged", age))
    return Answer(
        question=work.question.text,
        language=language,
        search_query=query.text,
        status=verdict.status,
        sentences=sentences,
        citations=citations,
        reason=verdict.reason,
        message=verdict.message,
        notes=tuple(added),
        withheld=withheld,
        confidence=work.judgement.probability,
        answerer=answerer,
        index=index.generation,
        timings=dict(work.timings),
    )


def library_of(index: Index) -> Library:
    """Return what citations of an index are made from."""
    return Library(index.text, lambda document: index.documents[document].sha256, index.sources, index.generation)


def _faults(sentence: Sentence, quote: Quote) -> tuple[Fault, ...]:
    """Return what a sentence asserts that the passage it was quoted from does not."""
    return check(sentence.text, sentence.language, [Passage(quote.chunk.text, quote.chunk.language)])


def _with_nearest(work: Work, answer: Answer, options: AnswererSettings) -> Answer:
    """Add to a refusal what came closest and what could not be read."""
    if answer.status == "clarify":
        return answer
    nearest = [_best_sentence(hit) for hit in work.hits[: options.nearest]]
    cited = cite(nearest, library_of(work.index))[1]
    return replace(answer, nearest=cited, unread_pages=_unread(work))


def _unread(work: Work) -> tuple[UnreadPage, ...]:
    """Return the pages that could not be read in the documents nearest to the question, and why in its language."""
    documents = {hit.chunk.document for hit in work.hits}
    unread = (page for page in work.index.unread_pages if page.document in documents)
    return tuple(replace(page, problem=reason_in(work.query.language, page.problem)[0]) for page in unread)


def _publisher(work: Work) -> Source | None:
    """Return the first published source of the nearest passage that has an address."""
    known: Any = work.index.sources
    ids = (source for hit in work.hits[:1] for span in hit.chunk.sentences for source in span.sources)
    return next((known[one] for one in ids if one in known and known[one].url), None)


def _best_sentence(hit: Hit) -> Quote:
    """Return the sentence of a passage that is nearest to the question."""
    similarities = hit.sentence_similarities
    return Quote(hit.chunk, hit.chunk.sentences[similarities.index(max(similarities))], hit.score)
