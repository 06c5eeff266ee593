"""`python -m assistant verify`: earlier answers, held against the documents of today."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from test_commands import run

TEXT = "De pilot kostte in totaal 850.000 euro.\n\nMyrna van de Water was programmamanager van de pilot.\n"
QUESTION = "Hoeveel kostte de pilot in totaal?"


def ingest(folder: Path, text: str) -> None:
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "pilot.txt").write_text(text, encoding="utf-8")
    done = run("ingest.py", folder / "files", "--index", folder / "index")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a document and its index, and what `ask --json` printed."""
    folder = tmp_path_factory.mktemp("verify")
    ingest(folder, TEXT)
    return folder, run("-m", "assistant", "ask", QUESTION, "--json", "--index", folder / "index").stdout


@pytest.fixture
def answer(asked: tuple[Path, str], tmp_path: Path) -> dict[str, Any]:
    """The answer; the folder of the test holds a copy of the index that it was asked of."""
    folder, printed = asked
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    made: dict[str, Any] = json.loads(printed)
    return made


def verify(folder: Path, content: object) -> tuple[int, dict[str, Any]]:
    file = folder / "answer.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    done = run("-m", "assistant", "verify", file, "--index", folder / "index", "--json")
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_what_nobody_touched_is_still_true(tmp_path: Path, answer: dict[str, Any]) -> None:
    code, found = verify(tmp_path, {"exchanges": [answer]})
    assert (code, found["holds"]) == (0, True)
    assert [one["state"] for one in found["answers"][0]["citations"]] == ["true"]
    assert found["answers"][0]["citations"][0]["cited_from"] == "gen-000001"


def test_a_changed_amount_and_a_withdrawn_document_are_told_apart(tmp_path: Path, answer: dict[str, Any]) -> None:
    ingest(tmp_path, TEXT.replace("850.000", "580.000"))
    code, found = verify(tmp_path, answer)
    (citation,) = found["answers"][0]["citations"]
    assert (code, citation["state"], citation["now"]) == (1, "changed", "De pilot kostte in totaal 580.000 euro.")
    (tmp_path / "files" / "other.txt").write_text("Iets anders over een ander onderwerp.\n", encoding="utf-8")
    (tmp_path / "files" / "pilot.txt").unlink()
    assert run("ingest.py", tmp_path / "files", "--index", tmp_path / "index").returncode == 0
    code, found = verify(tmp_path, [answer])
    assert (code, found["answers"][0]["citations"][0]["state"]) == (1, "withdrawn")


def test_an_altered_answer_is_found_out(tmp_path: Path, answer: dict[str, Any]) -> None:
    altered = json.loads(json.dumps(answer).replace("850.000", "950.000"))
    code, found = verify(tmp_path, altered)
    assert (code, found["answers"][0]["citations"][0]["state"]) == (1, "damaged")
    answer["sentences"][0]["text"] = "De pilot kostte in totaal 950.000 euro."
    code, found = verify(tmp_path, answer)
    assert (code, found["answers"][0]["unsupported"]) == (1, ["De pilot kostte in totaal 950.000 euro."])


def test_people_read_a_line_per_citation(tmp_path: Path, answer: dict[str, Any]) -> None:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    done = run("-m", "assistant", "verify", file, "--index", tmp_path / "index")
    assert done.returncode == 0
    assert "[1] still true: pilot.txt" in done.stdout and "1 still true, 0 text changed" in done.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("{", "not valid JSON"),
        ('{"a": 1}', "it has to be the output of `ask --json`"),
        ("[]", "no citations"),
        ('{"exchanges": [1]}', "answer 1"),
    ],
)
def test_what_is_no_transcript_is_said_in_one_line(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content, encoding="utf-8")
    done = run("-m", "assistant", "verify", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1
