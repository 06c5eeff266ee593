"""`python -m assistant feedback`: take feedback out, count it, remove it."""

import json
import stat
from pathlib import Path

import pytest

from assistant.commands.assistant import main
from assistant.feedback import Assessment, FeedbackStore, Mark, Rating
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Sentence

QUOTE = "De pilot kostte 850.000 euro."
ANSWER = Answer(
    "Wat kostte de pilot?",
    "nl",
    "Wat kostte de pilot?",
    "answered",
    (Sentence(QUOTE, (1,), "nl"),),
    (Citation(1, "money.nl.md", "Geld", None, None, None, QUOTE, 0, len(QUOTE), "x", 1.0, "nl"),),
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_FEEDBACK__DATABASE", f"sqlite:///{tmp_path / 'feedback.db'}")
    return tmp_path / "feedback.db"


@pytest.fixture
def filled(database: Path) -> Path:
    store = FeedbackStore(load_settings().feedback)
    store.save(Rating(ANSWER, False, ("outdated",), "bel 0612345678"))
    store.save(Assessment(ANSWER, (Mark("sentence", 1, 100), Mark("citation", 1, 25)), "Noor", for_evals=True))
    store.close()
    return database


def test_export_writes_one_entry_per_line_that_only_its_owner_reads(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["feedback", "export", str(out)]) == 0
    rows = {row["kind"]: row for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert rows["rating"]["comment"] == "bel [tel]" and rows["rating"]["reasons"] == ["outdated"]
    assert rows["assessment"]["total"] == 100 and rows["assessment"]["answer"]["question"] == ANSWER.question
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feedback.db", "out.jsonl"]


def test_summary_for_people_and_for_programs(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "summary"]) == 0
    told = capsys.readouterr().out
    assert "1: 0 helpful, 1 not (0% helpful)" in told and "outdated" in told and "100.0 of 100 over 1" in told
    assert main(["feedback", "summary", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by_language"] == {"nl": {"helpful": 0, "unhelpful": 1}}


def test_purge_keeps_the_young_and_removes_all_when_told(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "purge", "--older-than", "1"]) == 0
    assert capsys.readouterr().out == "0 entries removed, 2 kept\n"


def test_what_was_kept_can_be_removed_after_feedback_was_switched_off(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_FEEDBACK__ENABLED", "false")
    assert main(["feedback", "purge", "--older-than", "0"]) == 0
    assert capsys.readouterr().out == "2 entries removed, 0 kept\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["summary"], "There is no feedback in"),
        (["purge", "--older-than", "-1"], "from 0 to 36500"),
        (["purge"], "--older-than"),
        ([], "action"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    database: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["feedback", *arguments]) == 2
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1 and not database.exists()


def test_a_place_that_cannot_be_written_is_told(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", "export", str(tmp_path / "nowhere" / "out.jsonl")]) == 2
    assert "cannot be written" in capsys.readouterr().err
