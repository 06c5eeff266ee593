"""What a sentence is checked against."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Language


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that a sentence cites."""

    text: str
    language: Language
