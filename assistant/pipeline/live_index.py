"""The generation that a running program answers from, replaced when ingest has written a new one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.index import Index


class LiveIndex:
    """Lend the live generation to any number of questions, and swap it between questions.

    A question keeps the generation it began with. A superseded generation is closed when the last
    question that uses it is done.
    """

    def __init__(self, open_index: Callable[[], Index]) -> None:
        """Open the live generation; `open_index` opens whichever is live when it is called."""
        self._open = open_index
        self._lock = threading.Lock()
        self._borrowers: Counter[str] = Counter()
        self._current = open_index()

    @contextmanager
    def lease(self) -> Iterator[Index]:
        """Lend the newest generation for the length of a `with` block."""
        with self._lock:
            if not self._current.is_current():
                self._replace()
            index = self._current
            self._borrowers[index.generation] += 1
        try:
            yield index
        finally:
            self._give_back(index)

    def close(self) -> None:
        """Close the live generation."""
        with self._lock:
            self._current.close()

    def _replace(self) -> None:
        """Open the new generation, then let go of the old one if nobody uses it."""
        old, self._current = self._current, self._open()
        if not self._borrowers[old.generation]:
            old.close()

    def _give_back(self, index: Index) -> None:
        """End one loan."""
        with self._lock:
            self._borrowers[index.generation] -= 1
            if not self._borrowers[index.generation]:
                del self._borrowers[index.generation]
                if index is not self._current:
                    index.close()
