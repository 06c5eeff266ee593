"""A conversation to be taken along, and its form for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.exports.words import PageLanguage, words_in
from assistant.presenter import to_dict
from assistant.transcripts import EXCHANGES, FORMAT, VERSION
from assistant.types import Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """The answers of one conversation, oldest first."""

    answers: tuple[Answer, ...]
    created: datetime
    """When it was taken along, with a time zone."""
    index: str
    """Generation of the index at that time; each answer names its own."""


def conversation_of(answers: Sequence[Answer], index: str = "", created: datetime | None = None) -> Conversation:
    """Return a conversation of these answers, taken along now; without an index, that of the last answer counts."""
    last = answers[-1].index if answers else ""
    return Conversation(tuple(answers), created or datetime.now(UTC), index or last)


def conversation_as_dict(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation as plain values; `python -m assistant verify` checks them."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "created": conversation.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "index": conversation.index,
        EXCHANGES: [to_dict(answer) for answer in conversation.answers],
    }


def conversation_as_json(conversation: Conversation) -> str:
    """Return a conversation as JSON text."""
    text = json.dumps(conversation_as_dict(conversation), ensure_ascii=False, indent=2) + "\n"
    # Half of a surrogate pair has no UTF-8; only a question can hold one.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def file_name(conversation: Conversation, ending: str, language: PageLanguage) -> str:
    """Return a name for the file, such as gesprek-2026-11-21-1405.pdf."""
    created = conversation.created.astimezone(UTC)
    return f"{words_in(language).file_name}-{created:%Y-%m-%d-%H%M}.{ending}"
