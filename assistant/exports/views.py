"""An answer as it is laid out for people, whatever the form: what stands where, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from urllib.parse import urlsplit

from assistant.exports.conversation import Conversation
from assistant.exports.words import PageLanguage, Words, words_in
from assistant.messages import date_in_words
from assistant.presenter import in_list
from assistant.types import Answer, Citation, Language, Source

_LONGEST_TITLE = 160
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?")


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with the numbers of its sources."""

    text: str
    markers: tuple[int, ...]
    language: Language


@dataclass(frozen=True, slots=True)
class PartView:
    """A paragraph, or a list with one sentence per item."""

    listed: bool
    sentences: tuple[SentenceView, ...]


@dataclass(frozen=True, slots=True)
class PublishedView:
    """A published source: who and when, the title, and the address as the register has it."""

    details: str
    title: str
    language: Language
    address: str
    link: str | None
    """The address where it may be opened; `javascript:` and the like may not."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A quote and where it stands."""

    marker: int | None
    """None for a passage that is no source of the answer."""
    title: str
    place: str
    quote: str
    language: Language
    remark: str
    """In which language the quote is, where the answer has another."""
    published: tuple[PublishedView, ...]


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """A question with its answer."""

    title: str
    """The question on one line, shortened where it is long."""
    question: str
    """The whole question, where the title is not all of it."""
    language: Language
    status: str
    message: str
    parts: tuple[PartView, ...]
    notes: tuple[str, ...]
    sources: tuple[SourceView, ...]
    nearest: tuple[SourceView, ...]
    unread: tuple[str, ...]


def exchange_view(answer: Answer, language: PageLanguage) -> ExchangeView:
    """Return an answer as it is laid out, with the words around it in a language."""
    words = words_in(language)
    line = " ".join(answer.question.split())
    title = line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"
    return ExchangeView(
        title=title,
        question="" if title == answer.question else answer.question,
        language=answer.language,
        status=words.differing if answer.reason == "conflicting" else words.statuses[answer.status],
        message=answer.message,
        parts=_parts(answer),
        notes=tuple(note.text for note in answer.notes),
        sources=tuple(_source(one, one.marker, answer, words, language) for one in answer.citations),
        nearest=tuple(_source(one, None, answer, words, language) for one in answer.nearest),
        unread=tuple(f"{one.title}, {_page(one.page, one.label, words)}: {one.problem}" for one in answer.unread_pages),
    )


def saved_line(conversation: Conversation, language: PageLanguage) -> str:
    """Return when a conversation was taken along, and from which index."""
    created = conversation.created.astimezone(UTC)
    return words_in(language).saved.format(
        date=date_in_words(f"{created:%Y-%m-%d}", language), time=f"{created:%H:%M}", index=conversation.index or "–"
    )


def _parts(answer: Answer) -> tuple[PartView, ...]:
    """Return the sentences as paragraphs and lists."""
    rows = zip(in_list(answer.sentences), answer.sentences, strict=True)
    return tuple(
        PartView(listed, tuple(SentenceView(one.text, one.citations, one.language) for _, one in run))
        for listed, run in groupby(rows, key=lambda row: row[0])
    )


def _source(citation: Citation, marker: int | None, answer: Answer, words: Words, language: PageLanguage) -> SourceView:
    """Return a quote and where it stands, in words."""
    place = [citation.heading] if citation.heading else []
    if citation.page is not None:
        place.append(_page(citation.page, citation.page_label, words))
    return SourceView(
        marker=marker,
        title=citation.title,
        place=" · ".join(place),
        quote=citation.quote,
        language=citation.language,
        remark="" if citation.language == answer.language else words.quote_in[citation.language],
        published=tuple(_published(one, words, language) for one in citation.sources),
    )


def _page(page: int, label: str | None, words: Words) -> str:
    """Return a page by its printed number, and by its place in the file where the two differ."""
    if label and label != str(page):
        return words.page_of_file.format(label=label, number=page)
    return f"{words.page} {page}"


def _published(source: Source, words: Words, language: PageLanguage) -> PublishedView:
    """Return a published source in words."""
    date = date_in_words(source.date, language) if _DATE.fullmatch(source.date) else words.undated
    return PublishedView(
        details=", ".join(part for part in (source.publisher, date) if part),
        title=source.title or source.url or source.id,
        language="nl" if source.language == "nl" else "en" if source.language == "en" else "und",
        address=source.url or "",
        link=source.url if source.url and _is_web_address(source.url) else None,
    )


def _is_web_address(url: str) -> bool:
    """Tell whether an address may be a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.isprintable() and " " not in url and parts.scheme in ("http", "https") and bool(parts.netloc)
