"""A conversation as PDF."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC
from typing import Any

from assistant.exports.conversation import Conversation
from assistant.exports.views import ExchangeView, exchange_view, saved_line
from assistant.exports.words import PageLanguage, words_in
from assistant.types import Language
from assistant.typesetting import typeset_filled

_TEMPLATE = "conversation.typ"


def conversation_as_pdf(conversation: Conversation, language: PageLanguage) -> bytes:
    """Return a conversation as tagged PDF with links; the same conversation gives the same bytes.

    Raises InputError where the typesetter refuses.
    """
    words, created = words_in(language), conversation.created.astimezone(UTC)
    values = {
        "title": words.title,
        "language": language,
        "year": created.year,
        "month": created.month,
        "day": created.day,
        "saved": saved_line(conversation, language),
        "words": {
            name: getattr(words, name)
            for name in ("caution", "sources", "nearest", "nearest_remark", "unread", "page", "of")
        },
        "exchanges": [
            _exchange(exchange_view(answer, language), number) for number, answer in enumerate(conversation.answers, 1)
        ],
    }
    return typeset_filled(_TEMPLATE, values)


def _exchange(view: ExchangeView, number: int) -> dict[str, Any]:
    """Return what the template needs of one answer."""
    counts = [source.marker for source in view.sources]
    return {
        **_spoken(asdict(view)),
        "number": number,
        "notes": [{"text": note, "language": _named(view.language)} for note in view.notes],
        # A transcript that was altered can name a source twice or not at all; a link needs exactly one.
        "linked": [marker for marker in counts if counts.count(marker) == 1],
    }


def _spoken(value: Any) -> Any:
    """Return plain values in which a language that is not known is none."""
    if isinstance(value, dict):
        return {key: _named(one) if key == "language" else _spoken(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spoken(one) for one in value]
    return value


def _named(language: Language) -> str | None:
    """Return a language code that a reader's voice can use."""
    return None if language == "und" else language
