"""Questions that are none: a greeting, thanks, a farewell, or what the assistant itself can do.

Only a text that holds nothing else is small talk; "hoi, wie betaalde de pilot?" is a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.language import detect_language
from assistant.messages import SmallTalk
from assistant.types import Language

_TABLE = Path(__file__).parent.parent / "data" / "small_talk.yaml"
_MARKS = re.compile(r"[^\w\s'’]+")
_ORDER: tuple[SmallTalk, ...] = ("abilities", "farewell", "thanks", "greeting")
"""Of several in one text, the first is replied to."""
_LONGEST = 120
"""Characters; nobody greets at greater length."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What the table holds."""

    one: re.Pattern[str]
    """A phrase; its group is named KIND_LANGUAGE."""
    filler: re.Pattern[str]


def small_talk(text: str) -> tuple[SmallTalk, Language] | None:
    """Return what kind of small talk a text is, and in which language; None where it asks for anything else."""
    rest = " ".join(_MARKS.sub(" ", text.casefold().replace("’", "'")).split())
    if not rest or len(rest) > _LONGEST:
        return None
    phrases = _phrases()
    found: dict[SmallTalk, Language] = {}
    while rest:
        match = phrases.one.match(rest)
        if match and match.lastgroup:
            kind, _, language = match.lastgroup.partition("_")
            found.setdefault(next(one for one in _ORDER if one == kind), "nl" if language == "nl" else "en")
        else:
            match = phrases.filler.match(rest)
        if match is None:
            return None
        rest = rest[match.end() :].lstrip()
    kinds = [kind for kind in _ORDER if kind in found]
    return (kinds[0], _language(text, found[kinds[0]])) if kinds else None


def _language(text: str, of_phrase: Language) -> Language:
    """Return the language of small talk; words that both languages have leave it to the rest of the text."""
    return detect_language(text, default=of_phrase) if text.casefold().strip(" .!?") in ("hey", "help") else of_phrase


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    """Read the table."""
    table: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    kinds = [
        f"(?P<{kind}_{language}>{'|'.join(table[kind][language])})(?!\\S)"
        for kind in _ORDER
        for language in ("nl", "en")
    ]
    return _Phrases(re.compile("|".join(kinds)), re.compile(rf"(?:{'|'.join(table['fillers'])})(?!\S)"))
