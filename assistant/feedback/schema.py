"""The tables of the feedback; SCHEMA_VERSION changes with every change of theirs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA_VERSION = 2
GENERATION_CHARS = 64
ANSWERER_CHARS = 200


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, kept without its zone because SQLite and MySQL keep none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is kept."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was kept."""
        return None if value is None else value.replace(tzinfo=UTC)


METADATA = MetaData()
# The names tell whose they are: the database may hold tables of others.
VERSIONS = Table(
    "feedback_schema",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
)
ENTRIES = Table(
    "feedback_entries",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("question", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("index_generation", String(GENERATION_CHARS), nullable=False),
    Column("answerer", String(ANSWERER_CHARS), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("history", JSON, nullable=False),
    Column("helpful", Boolean),
    Column("reasons", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("evaluator", String(200), nullable=False),
    Column("for_evals", Boolean, nullable=False),
    Column("right_answer", Text),
    Column("expected", String(16)),
)
ADDED_IN = {2: (ENTRIES.c.right_answer, ENTRIES.c.expected)}
"""Columns by the version that brought them; they may be empty, so that older tables can get them."""
SCORES = Table(
    "feedback_scores",
    METADATA,
    Column("entry", String(32), ForeignKey(ENTRIES.c.id, ondelete="CASCADE"), primary_key=True),
    Column("target", String(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
)
