"""Keep feedback in a database: masked, for as long as the settings say, and with nothing that tells who gave it."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, and_, delete, func, or_, select

from assistant.errors import FeedbackError, InputError
from assistant.feedback.database import database_url, explained, file_of, open_engine, prepare
from assistant.feedback.entries import Assessment, Entry, Mark, Rating, check
from assistant.feedback.masking import mask, mask_all
from assistant.feedback.schema import ANSWERER_CHARS, ENTRIES, GENERATION_CHARS, SCORES
from assistant.presenter import to_dict
from assistant.settings import FeedbackSettings

_log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{32}")
_DAY_SECONDS = 86_400
_PAGE_ROWS = 200


class FeedbackStore:
    """Ratings and assessments in a database; may be used from any thread.

    Nothing is connected to before the first use, and a use that fails is tried anew by the next: a database that is
    away for a while costs only what is said in that time. Every method raises FeedbackError where the database cannot
    be used.
    """

    def __init__(self, settings: FeedbackSettings, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the settings; raises FeedbackError where they name no database or one without a driver.

        `clock` counts seconds, from any beginning.
        """
        self._settings = settings
        self._url = database_url(settings.database.get_secret_value())
        self._file = file_of(self._url)
        self._engine = open_engine(self._url, settings.busy_seconds)
        self._clock = clock
        self._lock = threading.Lock()
        self._expired_at: float | None = None
        self._closed = threading.Event()

    def save(self, given: Rating | Assessment, replaces: str | None = None) -> str:
        """Keep a rating or an assessment and return its id; `replaces` is the id of what the same person said before.

        Raises InputError where something given is not possible for the answer.
        """
        check(given, self._settings.max_comment_chars)
        if replaces is not None and not _ID.fullmatch(replaces):
            raise InputError("This feedback is not known; give it anew.")
        entry = replaces or uuid4().hex
        with self._transaction() as connection:
            connection.execute(delete(ENTRIES).where(ENTRIES.c.id == entry))
            connection.execute(ENTRIES.insert().values(id=entry, **_row(given)))
            marks = given.marks if isinstance(given, Assessment) else ()
            if marks:
                connection.execute(SCORES.insert(), [{"entry": entry, **asdict(mark)} for mark in marks])
        return entry

    def withdraw(self, entry: str) -> bool:
        """Remove what somebody said; returns whether it was there."""
        with self._transaction() as connection:
            return connection.execute(delete(ENTRIES).where(ENTRIES.c.id == entry)).rowcount > 0

    def entries(self) -> Iterator[Entry]:
        """Yield all that is kept, oldest first; what is said meanwhile may or may not be among it."""
        last: tuple[datetime, str] | None = None
        while True:
            with self._transaction() as connection:
                page = _page(connection, last)
            yield from page
            if len(page) < _PAGE_ROWS:
                return
            last = page[-1].created, page[-1].id

    def count(self) -> int:
        """Return how many entries are kept."""
        with self._transaction() as connection:
            return connection.scalar(select(func.count()).select_from(ENTRIES)) or 0

    def purge(self, older_than: timedelta) -> int:
        """Remove what was last changed longer ago than that; returns how many entries."""
        with self._transaction() as connection:
            return _purge(connection, older_than)

    def expire(self) -> None:
        """Remove what is kept longer than the settings allow."""
        if self._file is not None and not self._file.exists():
            # Nobody has said anything yet, so there is nothing to remove, and nothing to make either.
            return
        with self._waiting():
            if self._expired_at is None:
                prepare(self._engine)
            self._expire()

    def expire_daily(self) -> None:
        """Remove each day what is kept too long, also when nobody gives feedback; ends with `close`.

        For a program that stays open: a database that cannot be used is logged and tried again the next day.
        """
        threading.Thread(target=self._expire_each_day, name="feedback-retention", daemon=True).start()

    def close(self) -> None:
        """Let go of the database."""
        self._closed.set()
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Give a connection whose work is kept as a whole; the first of a day removes what has expired."""
        with self._waiting():
            if self._expired_at is None:
                prepare(self._engine)
            if self._expired_at is None or self._clock() - self._expired_at >= _DAY_SECONDS:
                self._expire()
        try:
            with explained(self._url), self._engine.begin() as connection:
                yield connection
        except FeedbackError:
            # The database may have been replaced by an empty one: the next use looks anew.
            self._expired_at = None
            self._engine.dispose()
            raise

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Let one thread at a time make and clear; while a database is away the others do not wait in line for it."""
        if not self._lock.acquire(timeout=self._settings.busy_seconds):
            raise FeedbackError(
                "The feedback database does not answer: check that it is there. Questions are answered all the same."
            )
        try:
            yield
        finally:
            self._lock.release()

    def _expire(self) -> None:
        """Remove what is kept too long."""
        days = self._settings.retention_days
        if days is not None:
            with explained(self._url), self._engine.begin() as connection:
                _purge(connection, timedelta(days=days))
        self._expired_at = self._clock()

    def _expire_each_day(self) -> None:
        """Run until the store is closed."""
        while True:
            try:
                self.expire()
            except Exception:  # noqa: BLE001  a thread that ends would end the retention with it
                _log.exception("feedback that is kept too long could not be removed")
            if self._closed.wait(_DAY_SECONDS):
                return


def open_feedback(settings: FeedbackSettings) -> FeedbackStore | None:
    """Return the store that the settings name; None where feedback is off, so that nothing is shown or stored."""
    return FeedbackStore(settings) if settings.enabled else None


def _row(given: Rating | Assessment) -> dict[str, Any]:
    """Return the columns of an entry, without personal data."""
    answer = given.answer
    kept = mask_all(_storable(to_dict(answer)))
    rated = isinstance(given, Rating)
    turns = [{"role": one.role, "content": one.content, "refused": one.refused} for one in given.history]
    return {
        "kind": "rating" if rated else "assessment",
        # To the second: a finer time could be laid beside the log of a proxy.
        "created": datetime.now(UTC).replace(microsecond=0),
        "question": kept["question"],
        "language": answer.language,
        "status": answer.status,
        "index_generation": answer.index[:GENERATION_CHARS],
        "answerer": answer.answerer[:ANSWERER_CHARS],
        "answer": kept,
        "history": mask_all(_storable(turns)),
        "helpful": given.helpful if isinstance(given, Rating) else None,
        "reasons": list(given.reasons) if isinstance(given, Rating) else [],
        "comment": mask(_storable(given.comment)).strip(),
        "evaluator": mask(_storable(given.evaluator)).strip() if isinstance(given, Assessment) else "",
        "for_evals": isinstance(given, Assessment) and given.for_evals,
        "right_answer": mask(_storable(given.right_answer)).strip() if isinstance(given, Assessment) else None,
        "expected": given.expected if isinstance(given, Assessment) else None,
    }


def _storable(value: Any) -> Any:
    """Return plain values without what some databases refuse: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\x00", "�").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def _purge(connection: Connection, older_than: timedelta) -> int:
    """Remove old entries; their scores go with them."""
    oldest = datetime.now(UTC) - older_than
    return connection.execute(delete(ENTRIES).where(ENTRIES.c.created < oldest)).rowcount


def _page(connection: Connection, last: tuple[datetime, str] | None) -> list[Entry]:
    """Read the entries that come after the last one read, as many as a page holds."""
    query = select(ENTRIES).order_by(ENTRIES.c.created, ENTRIES.c.id).limit(_PAGE_ROWS)
    if last is not None:
        later = ENTRIES.c.created > last[0]
        query = query.where(or_(later, and_(ENTRIES.c.created == last[0], ENTRIES.c.id > last[1])))
    rows = connection.execute(query).all()
    marks = _marks(connection, [row.id for row in rows])
    return [_entry(row, tuple(marks[row.id])) for row in rows]


def _marks(connection: Connection, entries: Sequence[str]) -> dict[str, list[Mark]]:
    """Read the scores of entries, sentences before citations."""
    marks: dict[str, list[Mark]] = {entry: [] for entry in entries}
    query = select(SCORES).where(SCORES.c.entry.in_(entries)).order_by(SCORES.c.target.desc(), SCORES.c.number)
    for row in connection.execute(query):
        marks[row.entry].append(Mark(row.target, row.number, row.score))
    return marks


def _entry(row: Row[Any], marks: tuple[Mark, ...]) -> Entry:
    """Return a row as an entry."""
    return Entry(
        row.id, row.kind, row.created, row.answer, tuple(row.history), row.helpful, tuple(row.reasons), row.comment,
        row.evaluator, row.for_evals, marks, row.right_answer or "", row.expected,
    )  # fmt: skip
