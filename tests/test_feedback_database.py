"""A database that is new, of another version, away or wrong: one clear error at most, and the chat goes on."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import mssql, mysql, postgresql
from sqlalchemy.schema import CreateTable

from assistant.errors import FeedbackError
from assistant.feedback import Assessment, FeedbackStore, Rating
from assistant.feedback.schema import METADATA
from assistant.settings import FeedbackSettings
from assistant.types import Answer

ANSWER = Answer("Wat kostte de pilot?", "nl", "Wat kostte de pilot?", "answered")


def file_of(folder: Path) -> Path:
    return folder / "kept" / "feedback.db"


def settings(folder: Path) -> FeedbackSettings:
    return FeedbackSettings(database=f"sqlite:///{file_of(folder)}")


def test_two_programs_may_begin_at_the_same_moment(tmp_path: Path) -> None:
    script = (
        "import sys; from assistant.settings import FeedbackSettings; from assistant.feedback import FeedbackStore\n"
        "FeedbackStore(FeedbackSettings(database=sys.argv[1])).count()"
    )
    url = f"sqlite:///{file_of(tmp_path)}"
    runs = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]


def test_tables_of_another_version_are_left_alone(tmp_path: Path) -> None:
    store = FeedbackStore(settings(tmp_path))
    store.save(Rating(ANSWER, True))
    store.close()
    connection = sqlite3.connect(file_of(tmp_path))
    connection.execute("UPDATE feedback_schema SET version = 7")
    connection.commit()
    connection.close()
    other = FeedbackStore(settings(tmp_path))
    with pytest.raises(FeedbackError, match=r"schema version 7.* knows 2"):
        other.save(Rating(ANSWER, True))
    other.close()


def test_tables_of_the_version_before_get_what_they_lack_and_keep_what_they_hold(tmp_path: Path) -> None:
    store = FeedbackStore(settings(tmp_path))
    store.save(Rating(ANSWER, True))
    store.close()
    connection = sqlite3.connect(file_of(tmp_path))
    for column in ("right_answer", "expected"):
        connection.execute(f"ALTER TABLE feedback_entries DROP COLUMN {column}")
    connection.execute("UPDATE feedback_schema SET version = 1")
    connection.commit()
    connection.close()
    script = (
        "import sys; from assistant.settings import FeedbackSettings; from assistant.feedback import FeedbackStore\n"
        "assert FeedbackStore(FeedbackSettings(database=sys.argv[1])).count() == 1"
    )
    url = f"sqlite:///{file_of(tmp_path)}"
    runs = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [run.wait(timeout=60) for run in runs] == [0, 0, 0]
    later = FeedbackStore(settings(tmp_path))
    later.save(Assessment(ANSWER, right_answer="8 euro", expected="refusal"))
    assert [(one.helpful, one.right_answer, one.expected) for one in later.entries()] == [
        (True, "", None),
        (None, "8 euro", "refusal"),
    ]
    later.close()


def test_a_database_that_is_away_is_one_error_and_is_used_again_once_it_is_back(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder has to be", encoding="utf-8")
    store = FeedbackStore(settings(tmp_path))
    for _ in range(2):
        with pytest.raises(FeedbackError, match=r"cannot be used .*Questions are answered all the same"):
            store.save(Rating(ANSWER, True))
    (tmp_path / "kept").unlink()
    store.save(Rating(ANSWER, True))
    assert store.count() == 1
    store.close()


def test_a_file_that_was_removed_while_it_was_open_is_made_again(tmp_path: Path) -> None:
    store = FeedbackStore(settings(tmp_path))
    store.save(Rating(ANSWER, True))
    file_of(tmp_path).unlink()
    with pytest.raises(FeedbackError):
        store.save(Rating(ANSWER, True))
    store.save(Rating(ANSWER, True))
    assert store.count() == 1 and file_of(tmp_path).exists()
    store.close()


def test_a_place_where_no_file_can_be_made_is_one_error(tmp_path: Path) -> None:
    file_of(tmp_path).mkdir(parents=True)
    store = FeedbackStore(settings(tmp_path))
    with pytest.raises(FeedbackError, match="unable to open database file"):
        store.count()
    store.close()


@pytest.mark.parametrize("dialect", [postgresql, mysql, mssql])
def test_other_databases_can_have_the_tables(dialect: Any) -> None:
    for table in METADATA.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect.dialect()))


def test_a_file_that_is_no_database_is_one_error(tmp_path: Path) -> None:
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_bytes(b"no database at all" * 100)
    store = FeedbackStore(settings(tmp_path))
    with pytest.raises(FeedbackError, match="not a database"):
        store.count()
    store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "nothing would be kept"),
        ("sqlite:///:memory:", "nothing would be kept"),
        ("feedback.db", "no SQLAlchemy URL"),
        ("nosuch://user:geheim@db/feedback", "Install its driver"),
        ("mysql+oursql://user:geheim@db/feedback?password=geheim", "Install its driver"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(FeedbackError, match=words) as told:
        FeedbackStore(FeedbackSettings(database=url))
    assert "geheim" not in str(told.value)
