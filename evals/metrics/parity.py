"""The same question in Dutch and in English, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.types import Language


@dataclass(frozen=True, slots=True)
class Parity:
    """The values of both languages for one pair."""

    nl: float
    en: float


def parity_pairs(values: Iterable[tuple[str, Language, float | None]]) -> Mapping[str, Parity]:
    """Join (pair id, language, value) into one entry per pair, in the order of the pairs' first values.

    A pair is left out where either language has no value. Raises ValueError where a language has two.
    """
    found: dict[str, dict[Language, float | None]] = {}
    for pair, language, value in values:
        of_pair = found.setdefault(pair, {})
        if language in of_pair:
            raise ValueError(f"pair {pair} has two values in {language}")
        of_pair[language] = value
    pairs = {}
    for pair, of_pair in found.items():
        dutch, english = of_pair.get("nl"), of_pair.get("en")
        if dutch is not None and english is not None:
            pairs[pair] = Parity(dutch, english)
    return pairs


def discordant(pairs: Iterable[Parity]) -> tuple[int, int]:
    """Return in how many pairs only Dutch, and only English, succeeds: b and c of McNemar's test.

    Raises ValueError for a value other than 0 and 1.
    """
    dutch = english = 0
    for pair in pairs:
        if not {pair.nl, pair.en} <= {0, 1}:
            raise ValueError(f"{pair.nl} and {pair.en} are compared by success or failure, so they have to be 0 or 1")
        dutch += pair.nl > pair.en
        english += pair.en > pair.nl
    return dutch, english
