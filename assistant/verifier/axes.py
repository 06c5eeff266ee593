"""Pairs of words that say the opposite of each other, on an axis that they share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.polarity import WordPatterns

_TABLE = Path(__file__).parent.parent / "data" / "verifier" / "axes.yaml"
_REACH = 60
"""Characters within which the second part of a verb stands."""


@dataclass(frozen=True, slots=True)
class Pole:
    """A word on an axis; text[start:end]."""

    axes: tuple[tuple[int, int], ...]
    """Numbers of the axes with the side, 1 or -1."""
    start: int
    end: int


@lru_cache(maxsize=8192)
def poles_in(text: str) -> tuple[Pole, ...]:
    """Return the words of a text that stand on an axis, in order; one word may stand on several."""
    sides, patterns = _axes()
    lower = text.lower()
    return tuple(
        Pole(tuple(sorted({*sides[number], *_of_word(lower[start:end])})), start, end)
        for number, start, end in patterns.find(text)
    )


@lru_cache(maxsize=8192)
def _of_word(word: str) -> frozenset[tuple[int, int]]:
    """Return all axes with the side on which a single word stands: one pattern may hide another."""
    found = set()
    for number, line in enumerate(_lines()):
        for side, words in zip((1, -1), line.split("|"), strict=True):
            if any(word == one or (one.endswith("*") and word.startswith(one[:-1])) for one in words.split()):
                found.add((number, side))
    return frozenset(found)


@lru_cache(maxsize=1)
def _lines() -> tuple[str, ...]:
    """Read the table."""
    return tuple(yaml.safe_load(_TABLE.read_text(encoding="utf-8"))["axes"])


@lru_cache(maxsize=1)
def _axes() -> tuple[list[tuple[tuple[int, int], ...]], WordPatterns]:
    """Return the axes of each group of patterns; words that stand on the same axes share one."""
    places: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(_lines()):
        for side, words in zip((1, -1), line.split("|"), strict=True):
            for word in words.split():
                places.setdefault(word, set()).add((number, side))
    groups: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for word in sorted(places, key=len, reverse=True):
        groups.setdefault(tuple(sorted(places[word])), []).append(_pattern(word))
    return list(groups), WordPatterns(list(groups.values()))


def _pattern(word: str) -> str:
    """Return the pattern of an entry."""
    first, _, second = word.partition("..")
    made = re.escape(first).replace(r"\*", r"\w*").replace("_", r"\s").replace(r"\[iy\]", "[iy]")
    return made + (rf"(?=\b.{{0,{_REACH}}}\b{re.escape(second)}\b)" if second else "")
