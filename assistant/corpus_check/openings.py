"""Sentences that open with a word that points at another sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Language

_LISTS = Path(__file__).parent.parent / "data" / "corpus_check" / "openings.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|,")
_MAX_WORDS_OF_OPENING = 3


@dataclass(frozen=True, slots=True)
class _Openings:
    """The word lists of one language; words of several parts are written with hyphens."""

    always: frozenset[str]
    unless_next: dict[str, frozenset[str]]
    before_verb: frozenset[str]
    with_noun: frozenset[str]
    before_comma: frozenset[str]
    without_and: frozenset[str]
    verbs: frozenset[str]


def dangling_opening(sentence: str, language: Language) -> str | None:
    """Return the words at the beginning of a sentence that point at another one; None where there are none.

    A quotation is left alone: its words are somebody else's.
    """
    words = _WORD.findall(sentence)
    if not sentence[:1].isalpha() or not words or (words[0].isupper() and len(words[0]) > 1):
        return None
    lists = _openings(language)
    for length in range(1, _MAX_WORDS_OF_OPENING + 1):
        opening = "-".join(word.lower() for word in words[:length])
        if _dangles(opening, [word.lower() for word in words[length:]], words[length : length + 1], lists):
            return " ".join(words[:length])
    return None


def _dangles(opening: str, rest: list[str], following: list[str], lists: _Openings) -> bool:
    """Tell whether an opening, before these words, points at another sentence."""
    after = rest[0] if rest else ""
    if opening in lists.always:
        return after not in lists.unless_next.get(opening, ())
    if opening in lists.before_comma:
        return after == ","
    if opening in lists.without_and:
        return "and" not in rest
    if opening in lists.before_verb and after in lists.verbs:
        return True
    is_noun = bool(following) and following[0].islower()
    return opening in lists.with_noun and is_noun and rest[1:2] != [] and rest[1] in lists.verbs and "," not in rest


@lru_cache(maxsize=1)
def _all_openings() -> dict[str, _Openings]:
    """Read the word lists of all languages."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return {
        language: _Openings(
            always=frozenset(lists["always"].split()),
            unless_next={word: frozenset(next_words.split()) for word, next_words in lists["unless_next"].items()},
            before_verb=frozenset(lists["before_verb"].split()),
            with_noun=frozenset(lists["with_noun"].split()),
            before_comma=frozenset(lists["before_comma"].split()),
            without_and=frozenset(lists["without_and"].split()),
            verbs=frozenset(lists["verbs"].split()),
        )
        for language, lists in raw.items()
    }


def _openings(language: Language) -> _Openings:
    """Return the word lists of a language."""
    return _all_openings()[language]
