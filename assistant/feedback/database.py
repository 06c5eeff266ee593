"""Reach a database by its SQLAlchemy URL; every failure is one sentence for people, without the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn

from assistant.errors import FeedbackError
from assistant.feedback.schema import ADDED_IN, ENTRIES, METADATA, SCHEMA_VERSION, VERSIONS

_SETTING = "ASSISTANT_FEEDBACK__DATABASE"
_CONNECT_TIMEOUT_DRIVERS = frozenset({"psycopg", "psycopg2", "pymysql", "mysqldb"})
_DETAIL_LENGTH = 160


def database_url(text: str) -> URL:
    """Read an SQLAlchemy URL; raises FeedbackError where it is none, or where nothing would be kept."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise FeedbackError(
            f"{_SETTING} is no SQLAlchemy URL; give one such as sqlite:///feedback/feedback.db."
        ) from error
    if _is_sqlite(url) and url.database in (None, "", ":memory:"):
        raise FeedbackError(f"{_SETTING} names no file, so nothing would be kept; give sqlite:///FILE.")
    return url


def file_of(url: URL) -> Path | None:
    """Return the file that an SQLite database is; None for a database elsewhere, and for a URI filename."""
    database = url.database or ""
    return Path(database) if _is_sqlite(url) and not database.startswith("file:") else None


def open_engine(url: URL, busy_seconds: float) -> Engine:
    """Return an engine that has not connected yet; raises FeedbackError where the driver is not installed."""
    try:
        # Questions and comments stand in the parameters: they belong in no log.
        engine = create_engine(url, hide_parameters=True, **_options(url, busy_seconds))
    except (ImportError, NoSuchModuleError, ArgumentError) as error:
        raise FeedbackError(
            f"The feedback cannot be kept in {_shown(url)}: {error}. Install its driver, or correct {_SETTING}."
        ) from error
    if _is_sqlite(url):
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _options(url: URL, busy_seconds: float) -> dict[str, Any]:
    """Return how long to wait for a database, in the words of its driver."""
    if _is_sqlite(url):
        return {"connect_args": {"timeout": busy_seconds}}
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_timeout": busy_seconds}
    if url.get_driver_name() in _CONNECT_TIMEOUT_DRIVERS:
        options["connect_args"] = {"connect_timeout": max(1, round(busy_seconds))}
    return options


def prepare(engine: Engine) -> None:
    """Make the folder and the tables where they are not there yet; raises FeedbackError for an unknown version."""
    file = file_of(engine.url)
    with explained(engine.url):
        if file is not None:
            # Others who use this machine have no business in it.
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = _version(engine)
        if version is None:
            try:
                with engine.begin() as connection:
                    _create(connection)
            except DBAPIError:
                # Another process may have made the same tables at this moment.
                if _version(engine) is None:
                    raise
            version = _version(engine)
        if version is not None and version < SCHEMA_VERSION:
            version = _upgrade(engine, version)
    if version != SCHEMA_VERSION:
        raise FeedbackError(
            f"The feedback in {_shown(engine.url)} has schema version {version}, and this version of the assistant "
            f"knows {SCHEMA_VERSION}: use the version that wrote it, or name another database in {_SETTING}."
        )


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn whatever a database says into one FeedbackError."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        # The text of SQLAlchemy's own error would add the statement.
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        told = " ".join(str(cause).split())[:_DETAIL_LENGTH] or type(cause).__name__
        raise FeedbackError(
            f"The feedback in {_shown(url)} cannot be used ({told}): check that it is there and may be written, or "
            f"correct {_SETTING}. Questions are answered all the same."
        ) from error


def _version(engine: Engine) -> int | None:
    """Return the version of the tables; None where they are not there, or not all of them yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS.name):
            return None
        version: int | None = connection.scalar(select(func.max(VERSIONS.c.version)))
        return version


def _create(connection: Connection) -> None:
    """Make what is missing; the version comes last, so that a half-made set of tables is completed."""
    if connection.dialect.name == "sqlite":
        # Looking what is there and making the rest has to be one step; the driver begins nothing before a table.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    METADATA.create_all(connection)
    if connection.scalar(select(func.max(VERSIONS.c.version))) is None:
        connection.execute(VERSIONS.insert().values(version=SCHEMA_VERSION))


def _upgrade(engine: Engine, version: int) -> int | None:
    """Give older tables the columns that they lack; returns the version that they have then."""
    columns = [column for number in range(version + 1, SCHEMA_VERSION + 1) for column in ADDED_IN.get(number, ())]
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            # Not every database takes back, with the rest, a column that another failure stopped at.
            there = {one["name"] for one in inspect(connection).get_columns(ENTRIES.name)}
            for column in (one for one in columns if one.name not in there):
                table = connection.dialect.identifier_preparer.format_table(column.table)
                added = CreateColumn(column).compile(dialect=connection.dialect)
                # Without the word COLUMN, which not every database takes.
                connection.exec_driver_sql(f"ALTER TABLE {table} ADD {added}")
            connection.execute(VERSIONS.insert().values(version=SCHEMA_VERSION))
    except DBAPIError:
        # Another process may have done the same at this moment.
        if _version(engine) != SCHEMA_VERSION:
            raise
    return _version(engine)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Keep scores with their entries, and overwrite what is removed instead of only forgetting where it stands."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _is_sqlite(url: URL) -> bool:
    """Tell whether a URL is of SQLite."""
    return url.get_backend_name() == "sqlite"


def _shown(url: URL) -> str:
    """Return a URL as it may be shown."""
    # The query may hold a password too.
    return url.set(query={}).render_as_string(hide_password=True)
