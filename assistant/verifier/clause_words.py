"""The words by which clauses, and names that open a sentence, are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_TABLE = Path(__file__).parent.parent / "data" / "verifier" / "clauses.yaml"


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """Words in lower case, Dutch and English together."""

    empty: frozenset[str]
    """Words without content of their own."""
    finite: frozenset[str]
    """Verbs that make a clause of a stretch of a sentence."""
    singular: frozenset[str]
    """Verbs in the singular: a noun without article right before one is a name."""
    openings: frozenset[str]
    """Words that open a sentence and are no name."""


@lru_cache(maxsize=1)
def clause_words() -> ClauseWords:
    """Read the table."""
    raw: dict[str, str] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return ClauseWords(**{kind: frozenset(words.split()) for kind, words in raw.items()})
