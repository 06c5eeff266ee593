"""What is said on the next page about what was just done: kept here, so that no address can make it up."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

_MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about what was just done, by the key of its text."""

    key: str
    parts: tuple[tuple[str, object], ...] = ()
    bad: bool = False


def said(name: str, /, *, bad: bool = False, **parts: object) -> Said:
    """Return a sentence of the texts below corpus.staff.said."""
    return Said(f"corpus.staff.said.{name}", tuple(parts.items()), bad)


class Messages:
    """Sentences that wait for the page that shows them."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: OrderedDict[str, tuple[Said, ...]] = OrderedDict()

    def keep(self, sentences: Sequence[Said]) -> str:
        """Keep sentences and return the word that asks for them; the oldest make room."""
        word = secrets.token_urlsafe(9)
        self._kept[word] = tuple(sentences)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return word

    def of(self, word: str) -> tuple[Said, ...]:
        """Return what was kept under a word; nothing for an unknown one."""
        return self._kept.get(word, ())
