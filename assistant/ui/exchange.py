"""One question with what came of it: what the page keeps of a conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from assistant import presenter
from assistant.errors import AssistantError
from assistant.index_rows import DocumentRow
from assistant.receipts import ReceiptState
from assistant.types import Answer, Citation, Sentence, Turn
from assistant.ui.excerpts import Excerpt, excerpt

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A citation with the words around its quote, as they stood when the answer was given."""

    citation: Citation
    excerpt: Excerpt
    state: ReceiptState = "true"
    """What had become of it when a kept conversation was opened again."""
    has_file: bool = False
    """Whether the PDF behind it can be opened and its page be shown."""
    updated: str | None = None
    """Date of the document itself, for one without published sources."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, or the key of the text that says why there is none."""

    number: int
    question: str
    answer: Answer | None = None
    sources: tuple[ShownSource, ...] = ()
    failure: str | None = None
    sentences: tuple[Sentence, ...] = ()
    """What there was of the answer when it was stopped."""
    suggestions: tuple[str, ...] = ()
    """Questions that can be asked next."""
    linked: str = ""
    """Key of the text that says what it is to the link that it was asked by."""


def shown_sources(
    answer: Answer,
    canonical_text: Callable[[str], str],
    document: Callable[[str], DocumentRow] | None = None,
) -> tuple[ShownSource, ...]:
    """Return the sources of an answer, or the nearest passages of a refusal, with their surroundings."""
    return tuple(_shown(citation, canonical_text, document) for citation in answer.citations or answer.nearest)


def _shown(
    citation: Citation, canonical_text: Callable[[str], str], document: Callable[[str], DocumentRow] | None
) -> ShownSource:
    """Return one source."""
    shown = excerpt(citation, _or_none(canonical_text, citation.document))
    row = _or_none(document, citation.document) if document else None
    # Where the words are gone, today's file is not the one that was cited.
    has_file = row is not None and row.file_sha256 is not None and citation.page is not None and shown.located
    return ShownSource(citation, shown, has_file=has_file, updated=row.updated if row else None)


def _or_none(get: Callable[[str], _Found], document: str) -> _Found | None:
    """Return what there is of a document; None when it left the index since the answer was made."""
    try:
        return get(document)
    except (AssistantError, KeyError):
        return None


def to_turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Return a conversation as the assistant reads it; questions without any answer are left out."""
    return presenter.to_turns(answered(exchanges))


def answered(exchanges: Sequence[Exchange]) -> tuple[Answer, ...]:
    """Return the answers of a conversation, oldest first."""
    return tuple(exchange.answer for exchange in exchanges if exchange.answer is not None)
