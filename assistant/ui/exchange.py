"""One question with what came of it: what the page keeps of a conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import presenter
from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Turn
from assistant.ui.excerpts import Excerpt, excerpt


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A citation with the words around its quote, as they stood when the answer was given."""

    citation: Citation
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, or the key of the text that says why there is none."""

    number: int
    question: str
    answer: Answer | None = None
    sources: tuple[ShownSource, ...] = ()
    failure: str | None = None


def shown_sources(answer: Answer, canonical_text: Callable[[str], str]) -> tuple[ShownSource, ...]:
    """Return the sources of an answer, or the nearest passages of a refusal, with their surroundings."""
    return tuple(
        ShownSource(citation, excerpt(citation, _text_or_none(citation.document, canonical_text)))
        for citation in answer.citations or answer.nearest
    )


def _text_or_none(document: str, canonical_text: Callable[[str], str]) -> str | None:
    """Return a document's text; None when it left the index since the answer was made."""
    try:
        return canonical_text(document)
    except (AssistantError, KeyError):
        return None


def to_turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """Return a conversation as the assistant reads it; questions without any answer are left out."""
    return presenter.to_turns([exchange.answer for exchange in exchanges if exchange.answer is not None])
