"""`python -m assistant export`: earlier answers as files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from test_commands import run

QUESTION = "Hoeveel kostte de pilot in totaal?"
QUOTE = "De pilot kostte in totaal 850.000 euro."
ANSWER: dict[str, Any] = {
    "question": QUESTION,
    "language": "nl",
    "search_query": QUESTION,
    "status": "answered",
    "reason": None,
    "text": f"{QUOTE} [1]",
    "sentences": [{"text": QUOTE, "citations": [1], "language": "nl"}],
    "citations": [{"marker": 1, "document": "pilot.txt", "title": "De pilot", "language": "nl", "quote": QUOTE}],
}


def export(folder: Path, form: str, *options: str, content: object = ANSWER) -> tuple[int, str, Path]:
    transcript, file = folder / "answer.json", folder / f"kept.{form}"
    transcript.write_text(json.dumps(content), encoding="utf-8")
    done = run("-m", "assistant", "export", transcript, "--to", form, file, *options)
    return done.returncode, done.stderr, file


def test_markdown_is_written_in_the_language_of_the_question_or_the_one_asked_for(tmp_path: Path) -> None:
    code, said, file = export(tmp_path, "md")
    assert (code, said) == (0, "")
    assert "### Bronnen" in file.read_text(encoding="utf-8")
    assert export(tmp_path, "md", "--language", "en")[0] == 0
    assert f"## 1. {QUESTION}" in file.read_text(encoding="utf-8") and "### Sources" in file.read_text(encoding="utf-8")


def test_pdf_and_json_are_written(tmp_path: Path) -> None:
    assert export(tmp_path, "pdf")[0] == 0
    assert QUOTE in PdfReader(io.BytesIO((tmp_path / "kept.pdf").read_bytes())).pages[0].extract_text()
    assert export(tmp_path, "json", content={"exchanges": [ANSWER, ANSWER]})[0] == 0
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert [one["question"] for one in kept["exchanges"]] == [QUESTION, QUESTION]


@pytest.mark.parametrize(
    ("content", "says"),
    [([], "holds no answers"), ({"a": 1}, "output of `ask --json`"), ({"exchanges": [1]}, "answer 1")],
)
def test_what_cannot_be_exported_is_said_in_one_line_and_nothing_is_written(
    tmp_path: Path, content: object, says: str
) -> None:
    code, said, file = export(tmp_path, "md", content=content)
    assert code == 2 and says in said and said.count("\n") == 1 and not file.exists()


def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    transcript = tmp_path / "answer.json"
    transcript.write_text(json.dumps(ANSWER), encoding="utf-8")
    done = run("-m", "assistant", "export", transcript, "--to", "md", tmp_path / "none" / "kept.md")
    assert done.returncode == 2 and "cannot be written" in done.stderr and done.stderr.count("\n") == 1
