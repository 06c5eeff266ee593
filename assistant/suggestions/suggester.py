"""Suggest questions that the assistant is known to answer: it has been asked each of them beforehand."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager

from assistant.index import Index
from assistant.settings import Settings
from assistant.suggestions import store
from assistant.suggestions.checking import Ask, check
from assistant.suggestions.examples import Examples, examples_of, wanted, with_twins
from assistant.suggestions.pool import Pool
from assistant.suggestions.ranking import Context, chosen, context_of, ranked, was_asked
from assistant.types import Answer, Language

_log = logging.getLogger(__name__)
_HURRIED = 8
"""Candidates nearest to an answer that are asked while its reader waits."""
_EXAMPLES_SECONDS = 4
"""Longest wait for examples, which are asked for less often and are more."""
_NEAR_ENOUGH = 16
"""Among as many candidates those are chosen that are known, while others are not yet."""
_REST = 1.5
"""After asking a candidate for which nobody waits, the thread rests this many times as long as that took."""
_SAVE_EVERY = 100


class Suggester:
    """Find next questions; a thread of its own asks all candidates of the live generation, once for each generation."""

    def __init__(self, lease: Callable[[], AbstractContextManager[Index]], ask: Ask, settings: Settings) -> None:
        """Begin nothing yet: the thread starts with the first question, or with `prepare`."""
        self._lease = lease
        self._ask = ask
        self._settings = settings
        self._pool: Pool | None = None
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    def prepare(self) -> None:
        """Begin to ask the candidates, if that has not begun."""
        with self._changed:
            if self._thread is None and not self._closing and self._settings.chat.suggestions:
                self._thread = threading.Thread(target=self._run, name="suggestions", daemon=True)
                # The interpreter must not end while the thread computes.
                atexit.register(self.close)
                self._thread.start()

    def near(self, answer: Answer, before: Sequence[Answer] = ()) -> tuple[str, ...]:
        """Return questions that can be asked after an answer, in the language of its question.

        Takes a few milliseconds once the candidates near to it are known, and never more than the settings allow.
        """
        count = self._settings.chat.suggestions
        if not count:
            return ()
        deadline = time.monotonic() + self._settings.chat.suggestion_seconds
        with self._lease() as index:
            pool = self._pool_of(index, deadline)
            if pool is None:
                return ()
            context = context_of(index, answer, before)
            order = ranked(index, pool.candidates, context) or self._general(pool, context)
            self._find_out(pool, order[:_HURRIED], deadline, lambda: self._has(pool, order, context, count))
            with self._changed:
                if not pool.knows(order):
                    order = order[:_NEAR_ENOUGH]
                found = chosen(order, pool.candidates, pool.checked, context, count)
        return tuple(pool.candidates.all[position].question for position in found)

    def examples(self, language: Language) -> Examples:
        """Return questions of every kind that are answered, as far as they are known by now."""
        deadline = time.monotonic() + _EXAMPLES_SECONDS
        with self._lease() as index:
            pool = self._pool_of(index, deadline)
        if pool is None:
            return Examples()
        self._find_out(pool, with_twins(pool.candidates, wanted(pool.candidates, language)), deadline)
        with self._changed:
            return examples_of(pool.candidates, pool.checked, language)

    def finish(self, seconds: float) -> bool:
        """Wait until all candidates are known; tells whether they are."""
        self.prepare()
        with self._changed:
            return self._changed.wait_for(
                lambda: self._pool is not None and len(self._pool.checked) == len(self._pool.candidates.all), seconds
            )

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        thread, self._thread = self._thread, None
        if thread is not None:
            atexit.unregister(self.close)
            thread.join(3)

    def _pool_of(self, index: Index, deadline: float) -> Pool | None:
        """Return the pool of a generation; None where it is not there in time."""
        self.prepare()
        with self._changed:
            if not self._is_of(index.generation):
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_of(index.generation), max(0.0, deadline - time.monotonic()))
            return self._pool if self._is_of(index.generation) else None

    def _is_of(self, generation: str) -> bool:
        """Tell whether the pool is of a generation."""
        return self._pool is not None and self._pool.generation == generation

    def _find_out(
        self, pool: Pool, positions: Collection[int], deadline: float, is_enough: Callable[[], bool] = lambda: False
    ) -> None:
        """Have candidates asked at once, and wait for that until there are enough or time is up."""
        with self._changed:
            if is_enough() or not pool.hurry(positions):
                return
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._closing or is_enough() or pool.knows(positions), max(0.0, deadline - time.monotonic())
            )

    def _run(self) -> None:
        """Ask candidates until the end, and begin anew with each generation."""
        while not self._closing:
            try:
                self._work()
            except Exception:  # noqa: BLE001  suggestions may fail to come; answers must not suffer
                _log.exception("suggested questions could not be checked")
                self._rest(60)

    def _work(self) -> None:
        """Ask the next candidate, after making the pool where there is a new generation."""
        with self._lease() as index:
            if not self._is_of(index.generation):
                self._begin(index)
        pool = self._pool
        assert pool is not None
        with self._changed:
            taken = pool.next()
        if taken is None:
            self._save(pool)
            # A new generation is noticed by the next question, which wakes this thread.
            self._rest(3600)
            return
        position, is_urgent = taken
        started = time.monotonic()
        self._check(pool, position)
        if pool.unsaved >= _SAVE_EVERY:
            self._save(pool)
        if not is_urgent and not pool.urgent:
            self._rest((time.monotonic() - started) * _REST)

    def _begin(self, index: Index) -> None:
        """Make the pool of a generation, with what an earlier run has found out about it."""
        directory = self._settings.index.directory
        key = store.key_of(index.manifest, self._settings)
        pool = Pool.of(index, key, store.load(directory, key))
        with self._changed:
            self._pool = pool
            self._changed.notify_all()

    def _check(self, pool: Pool, position: int) -> None:
        """Ask a candidate and keep what comes of it."""
        candidate = pool.candidates.all[position]
        answer = self._ask(candidate.question)
        if answer.index != pool.generation:
            return
        found = check(candidate, answer, lambda document: pool.kinds.get(document, ""))
        with self._changed:
            pool.checked[position] = found
            pool.unsaved += 1
            self._changed.notify_all()

    def _save(self, pool: Pool) -> None:
        """Keep what is known for the next start."""
        if pool.unsaved:
            with self._changed:
                known = pool.known()
                pool.unsaved = 0
            store.save(self._settings.index.directory, pool.key, known)

    def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until somebody needs something."""
        with self._changed:
            if not self._closing:
                self._changed.wait(seconds)

    @staticmethod
    def _has(pool: Pool, order: Sequence[int], context: Context, count: int) -> bool:
        """Tell whether there are enough suggestions already."""
        return len(chosen(order[:_HURRIED], pool.candidates, pool.checked, context, count)) == count

    @staticmethod
    def _general(pool: Pool, context: Context) -> list[int]:
        """Return candidates for an answer that is near to no passage."""
        found = pool.general(context.language)
        return [position for position in found if not was_asked(pool.candidates, position, context)]
