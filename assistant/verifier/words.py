"""Words that stand for each other, within Dutch and English and across, and words that exclude each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import Stemmer
import yaml

from assistant.polarity import WordPatterns
from assistant.types import Language

_DATA = Path(__file__).parent.parent / "data" / "verifier"
_TABLE, _LEXICON = _DATA / "words.yaml", _DATA / "lexicon.yaml"
_MIN_STEM = 3
_MIN_LAST_PART = 5
_MIN_COGNATE = 7
_COGNATE_LETTERS = 5
_SPELLINGS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("y", "i"), ("x", "ks"))
_DOUBLE = re.compile(r"(.)\1")
_ENGLISH_NEGATIVE = ("un", "in", "im", "non-", "non", "dis")
_DUTCH_NEGATIVE = ("on", "niet-", "in")


@dataclass(frozen=True, slots=True)
class WordTable:
    """The table of words, ready to look things up in."""

    exact: dict[str, frozenset[str]]
    """Keys of whole words."""
    starts: dict[str, tuple[tuple[str, str], ...]]
    """Beginnings of words with their keys, by their first three letters."""
    contrasts: WordPatterns
    sides: tuple[tuple[int, int], ...]
    """Number of the contrast and of its side, per group of the patterns."""
    events: int
    """How many of the contrasts, the first ones, are of events, on which a date hangs."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A word that excludes others; text[start:end]."""

    number: int
    side: int
    start: int
    end: int


@lru_cache(maxsize=20000)
def keys_of(word: str, language: Language) -> frozenset[str]:
    """Return what a word in lower case is compared by: its stem, and the lines of the table in which it stands.

    Two words, of one language or of two, can mean the same when they share a key.
    """
    table = _table()
    found = set(table.exact.get(word, ()))
    found |= {key for start, key in table.starts.get(word[:_MIN_STEM], ()) if word.startswith(start)}
    if language == "nl":
        found |= _keys_of_last_part(word, table)
    stem = str(_stemmer(language).stemWord(word))
    if len(word) >= _MIN_COGNATE:
        found.add("~" + _sound(word)[:_COGNATE_LETTERS])
    return frozenset(found | {stem})


def _keys_of_last_part(word: str, table: WordTable) -> frozenset[str]:
    """Return the keys of the listed word that ends a Dutch compound: "reiskosten" are "kosten"."""
    for start in range(_MIN_STEM, len(word) - _MIN_LAST_PART + 1):
        if word[start:] in table.exact:
            return table.exact[word[start:]]
    return frozenset()


def contrasts_in(text: str) -> tuple[Contrast, ...]:
    """Return the words of a text that exclude others, in the order in which they stand."""
    table = _table()
    return tuple(Contrast(*table.sides[group], start, end) for group, start, end in table.contrasts.find(text))


def is_event(number: int) -> bool:
    """Tell whether a date hangs on the words of a contrast."""
    return number < _table().events


def are_opposites(one: str, other: str) -> bool:
    """Tell whether two words differ by a negative prefix only: "afhankelijk" and "onafhankelijk"."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(shorter) < 5 or not longer.endswith(shorter):
        return False
    return longer[: -len(shorter)] in {*_ENGLISH_NEGATIVE, *_DUTCH_NEGATIVE}


def _sound(word: str) -> str:
    """Return a word in a spelling that Dutch and English share: "official" and "officieel" begin alike."""
    for one, other in _SPELLINGS:
        word = word.replace(one, other)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(maxsize=2)
def _stemmer(language: Language) -> Stemmer.Stemmer:
    """Return the stemmer of a language."""
    return Stemmer.Stemmer("dutch" if language == "nl" else "english")


@lru_cache(maxsize=1)
def _table() -> WordTable:
    """Read the table."""
    raw: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    exact: dict[str, set[str]] = {}
    starts: dict[str, list[tuple[str, str]]] = {}
    same = [*raw["same"], *yaml.safe_load(_LEXICON.read_text(encoding="utf-8"))["same"]]
    for number, line in enumerate(same):
        for word in str(line).split():
            if word.endswith("*"):
                starts.setdefault(word[:_MIN_STEM], []).append((word[:-1], f"#{number}"))
            else:
                exact.setdefault(word, set()).add(f"#{number}")
    for number, line in enumerate(raw["translations"].split(",")):
        for word in line.split():
            exact.setdefault(word, set()).add(f"={number}")
    groups = [*raw["events"], *raw["contrast"]]
    sides = [(number, side) for number, line in enumerate(groups) for side in range(len(line))]
    return WordTable(
        exact={word: frozenset(keys) for word, keys in exact.items()},
        starts={start: tuple(pairs) for start, pairs in starts.items()},
        contrasts=WordPatterns([side for line in groups for side in line]),
        sides=tuple(sides),
        events=len(raw["events"]),
    )
