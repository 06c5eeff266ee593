"""Which words of a vocabulary an unknown word was probably meant to be, or is made of.

A slip of the pen leaves the first letter alone in nearly all cases, and two similar words are near when
the letters that they share in order make up most of both (Ratcliff and Obershelp, 1988). Where nothing
is near, a known word that a Dutch compound begins or ends with stands for it: "subsidieaanvraag" for
"aanvraag".
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache

_NEAR = 0.82
_SHORTEST = 5
_SHORTEST_PART = 6
_LENGTHS_APART = 2
_MOST = 2


class NearWords:
    """Look up unknown words in one vocabulary; safe for any number of threads."""

    def __init__(self, vocabulary: Collection[str]) -> None:
        """Take all known words, as they are compared: stems, in lower case."""
        self._known = frozenset(vocabulary)
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_letter[word[:1]].append(word)
        self._parts = tuple(
            sorted((word for word in self._known if len(word) >= _SHORTEST_PART), key=len, reverse=True)
        )
        self.find = lru_cache(4096)(self._find)

    def _find(self, word: str) -> tuple[str, ...]:
        """Return at most two known words for an unknown one, the nearest first; none for a known word or a number."""
        if word in self._known or len(word) < _SHORTEST or not word.isalpha():
            return ()
        alike = [one for one in self._by_letter[word[:1]] if abs(len(one) - len(word)) <= _LENGTHS_APART]
        near = difflib.get_close_matches(word, alike, n=_MOST, cutoff=_NEAR)
        return tuple(near) or tuple(one for one in self._parts if word.startswith(one) or word.endswith(one))[:_MOST]
