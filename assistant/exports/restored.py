"""Answers read back from a transcript."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import InputError
from assistant.exports.conversation import Conversation, conversation_of
from assistant.transcripts import KeptAnswer, KeptAnswers, KeptCitation, answers_in, read_answers
from assistant.types import Answer, Citation, Fault, Note, Sentence, Source, UnreadPage, Withheld


def read_conversation(path: Path, now: datetime | None = None) -> Conversation:
    """Read a conversation from any file that `verify` reads.

    A file that does not say when it was exported counts as exported `now`. Raises InputError where it is no transcript
    or holds no answers.
    """
    return _conversation(read_answers(path), str(path), now)


def conversation_in(text: str, place: str) -> Conversation:
    """Read a conversation from a text, as `read_conversation` does from a file; `place` is how messages call it."""
    return _conversation(answers_in(text, place), place, None)


def _conversation(kept: KeptAnswers, place: str, now: datetime | None) -> Conversation:
    """Return what was read as a conversation."""
    if not kept.answers:
        raise InputError(f"{place} holds no answers, so there is nothing to export.")
    answers = [_answer(one) for one in kept.answers]
    return conversation_of(answers, kept.index, kept.created or now or datetime.now(UTC))


def _answer(kept: KeptAnswer) -> Answer:
    """Return an answer as it was given."""
    return Answer(
        question=kept.question,
        language=kept.language,
        search_query=kept.search_query,
        status=kept.status,
        sentences=tuple(
            Sentence(one.text, one.citations, one.language, one.verified, one.kind) for one in kept.sentences
        ),
        citations=tuple(_citation(one) for one in kept.citations),
        nearest=tuple(_citation(one) for one in kept.nearest),
        unread_pages=tuple(
            UnreadPage(one.document, one.title, one.page, one.label, one.problem) for one in kept.unread_pages
        ),
        reason=kept.reason,
        # Answers that were kept before sentences stood apart hold their words here only.
        message=kept.message if kept.message or kept.sentences else kept.text,
        notes=tuple(Note(one.kind, one.text) for one in kept.notes),
        withheld=tuple(
            Withheld(one.text, tuple(Fault(fault.kind, fault.words) for fault in one.faults)) for one in kept.withheld
        ),
        confidence=kept.confidence,
        answerer=kept.answerer,
        index=kept.index,
        timings=kept.timings,
    )


def _citation(kept: KeptCitation) -> Citation:
    """Return a citation as it was given."""
    return Citation(
        marker=kept.marker,
        document=kept.document,
        title=kept.title,
        heading=kept.heading,
        page=kept.page,
        page_label=kept.page_label,
        quote=kept.quote,
        start=kept.start,
        end=kept.end,
        sha256=kept.sha256,
        score=kept.score,
        language=kept.language,
        sources=tuple(
            Source(one.id, one.title, one.publisher, one.date, one.language, one.authority, one.url)
            for one in kept.sources
        ),
        quote_sha256=kept.quote_sha256 or "",
        index=kept.index or "",
    )
