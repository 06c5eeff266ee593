import json
import stat
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder

from assistant import presenter
from assistant.errors import InputError
from assistant.feedback.cases import nuggets
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Sentence
from evals.__main__ import main
from evals.cases import read_cases
from evals.transcripts import read_transcripts

QUOTE = "De pilot kostte 850.000 euro, meldde de Nederlandse AI Coalitie (NL AIC) op 20 december 2023."
ENGLISH = "The pilot cost 850,000 euros, the Netherlands AI Coalition (NL AIC) said on 20 December 2023."
QUESTION = "Hoeveel kostte de pilot?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("add")
    files = folder / "files"
    files.mkdir()
    for language, text in (("nl", QUOTE), ("en", ENGLISH)):
        content = f"---\ntitle: Geld\nlanguage: {language}\n---\n\n{text}\n"
        (files / f"money.{language}.md").write_text(content, encoding="utf-8")
    ingest([files], load_settings({"index": {"directory": folder / "index"}}), embedder=FakeEmbedder())
    return folder / "index"


def answer(**changes: Any) -> dict[str, Any]:
    citation = Citation(1, "money.nl.md", "Geld", None, None, None, QUOTE, 0, len(QUOTE), "x", 1.0, "nl")
    made = Answer(QUESTION, "nl", QUESTION, "answered", (Sentence(QUOTE, (1,), "nl"),), (citation,), index="gen-000001")
    return {**presenter.to_dict(made), **changes}


def refusal(**changes: Any) -> dict[str, Any]:
    return answer(status="refused", reason="nothing_found", citations=[], sentences=[], **changes)


def written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def add(file: Path, index: Path, *more: object) -> int:
    return main(["add", str(file), "--index", str(index), "--out", str(out_of(file)), *map(str, more)])


def out_of(file: Path) -> Path:
    return file.parent / "cases" / "added.jsonl"


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out_of(file).read_text(encoding="utf-8").splitlines()]


def test_an_answer_becomes_a_case_and_a_draft_of_its_other_language(tmp_path: Path, index: Path) -> None:
    file = written(tmp_path / "answer.json", answer())
    assert add(file, index) == 0
    case, draft = lines_of(file)
    assert case["question"] == QUESTION and case["language"] == "nl" and case["tags"] == ["amount"]
    assert case["answerable"] is True and case["reason"] is None and case["group"] == "newcomer"
    assert case["relevant"] == [{"document": "money.nl.md", "quote": QUOTE}]
    assert case["must_say"] == [["850.000 euro"], ["20 december 2023"], ["Nederlandse AI Coalitie"], ["NL AIC"]]
    assert draft["pair"] == case["pair"] and draft["language"] == "en" and "English" in draft["draft"]
    assert draft["relevant"][0]["document"] == "money.en.md"


def test_the_draft_is_named_until_it_is_done(tmp_path: Path, index: Path) -> None:
    file = written(tmp_path / "answer.json", answer())
    add(file, index)
    with pytest.raises(InputError, match=r"added\.jsonl, line 2: this is a draft"):
        read_cases(tmp_path / "cases")
    case, draft = lines_of(file)
    del draft["draft"]
    draft |= {
        "question": "How much did the pilot cost?",
        "relevant": [{"document": "money.en.md", "quote": ENGLISH}],
        "must_say": [["850,000 euros"]],
    }
    out_of(file).write_text(f"{json.dumps(case)}\n{json.dumps(draft)}\n", encoding="utf-8")
    assert [one.language for one in read_cases(tmp_path / "cases")] == ["nl", "en"]


def test_adding_the_same_answer_again_writes_nothing(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "answer.json", answer())
    add(file, index)
    before = out_of(file).read_bytes()
    assert add(written(tmp_path / "again.json", answer(index="gen-000009")), index) == 0
    assert out_of(file).read_bytes() == before and "already there" in capsys.readouterr().out


def test_an_answer_is_found_in_any_file_of_the_cases(tmp_path: Path, index: Path) -> None:
    file = written(tmp_path / "answer.json", answer())
    add(file, index)
    out_of(file).rename(tmp_path / "cases" / "money.jsonl")
    assert add(file, index) == 0 and not out_of(file).exists()


def test_a_second_answer_goes_below_the_first(tmp_path: Path, index: Path) -> None:
    file = written(tmp_path / "answer.json", answer())
    add(file, index)
    out_of(file).write_text(out_of(file).read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    add(written(tmp_path / "other.json", refusal(question="En de tulpen?", search_query="En de tulpen?")), index)
    assert [one["answerable"] for one in lines_of(file)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("changes", "reason", "tag"),
    [
        ({"status": "refused", "reason": "out_of_scope"}, "out_of_scope", "out_of_scope"),
        ({"status": "refused", "reason": "insufficient"}, "insufficient", "near_miss"),
        ({"status": "clarify", "reason": "unclear_question"}, "unclear_question", "near_miss"),
    ],
)
def test_a_refusal_becomes_a_question_without_an_answer(
    tmp_path: Path, index: Path, changes: dict[str, str], reason: str, tag: str
) -> None:
    file = written(tmp_path / "answer.json", {**refusal(), **changes})
    assert add(file, index) == 0
    case = lines_of(file)[0]
    assert (case["answerable"], case["reason"], case["tags"], case["relevant"]) == (False, reason, [tag], [])
    assert case["must_say"] == []


@pytest.mark.parametrize(
    ("document", "quote"), [("money.nl.md", "De pilot kostte 1 miljoen euro."), ("gone.nl.md", QUOTE)]
)
def test_a_quote_that_no_longer_stands_is_named_and_nothing_is_written(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str], document: str, quote: str
) -> None:
    citation = {**answer()["citations"][0], "document": document, "quote": quote}
    file = written(tmp_path / "answer.json", answer(citations=[citation]))
    assert add(file, index) == 2
    told = capsys.readouterr().err
    assert f"[1] {document}" in told and quote[:30] in told and not out_of(file).exists()


def test_a_quote_that_has_moved_still_stands(tmp_path: Path, index: Path) -> None:
    citation = {**answer()["citations"][0], "start": 5000, "end": 5000 + len(QUOTE), "sha256": "another"}
    assert add(written(tmp_path / "answer.json", answer(citations=[citation])), index) == 0


def test_a_follow_up_needs_its_conversation(tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    follow_up = answer(question="En wat kostte die?", search_query="wat kostte die pilot")
    file = written(tmp_path / "answer.json", follow_up)
    assert add(file, index) == 2 and "--history" in capsys.readouterr().err
    turns = [{"role": "user", "content": "Was er een pilot?"}, {"role": "assistant", "content": "Ja."}]
    assert add(file, index, "--history", written(tmp_path / "turns.json", turns)) == 0
    case = lines_of(file)[0]
    assert [turn["content"] for turn in case["history"]] == ["Was er een pilot?", "Ja."]
    assert case["tags"] == ["amount", "follow_up"]


def test_a_list_of_answers_is_one_conversation(tmp_path: Path) -> None:
    second = answer(question="En wat kostte die?", search_query="wat kostte die pilot")
    first, last = read_transcripts(written(tmp_path / "chat.json", [refusal(), second]))
    assert first.history == () and [turn.role for turn in last.history] == ["user", "assistant"]
    assert last.history[1].refused


def test_a_batch_and_a_feedback_entry_are_read(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(f"{json.dumps(answer())}\n\n{json.dumps(refusal())}\n", encoding="utf-8")
    assert [one.answer.status for one in read_transcripts(batch)] == ["answered", "refused"]
    (entry,) = read_transcripts(written(tmp_path / "feedback.json", {"note": "wrong", "answer": answer()}))
    assert entry.answer.question == QUESTION


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "line 1: not valid JSON"),
        ('{"question": "x"}', "answer.json: language"),
        (json.dumps({**answer(), "language": "und"}), "neither Dutch nor English"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_place(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    file = tmp_path / "answer.json"
    file.write_text(content, encoding="utf-8")
    assert add(file, index) == 2 and words in capsys.readouterr().err


def test_numbers_in_words_and_what_the_question_says_are_no_nuggets() -> None:
    quote = "Twee bronnen betaalden in 2023 de 12 projecten van de NL AIC."
    assert nuggets("Wie betaalde in 2023 de projecten van de NL AIC?", [(quote, "nl")], "nl") == ("12",)


def editor(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_edit_opens_the_pair_before_it_is_written(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "answer.json", answer())
    monkeypatch.setenv("VISUAL", editor(tmp_path / "editor", 'sed -i "s/newcomer/staff/" "$1"'))
    assert add(file, index, "--edit") == 0
    assert {one["group"] for one in lines_of(file)} == {"staff"}


@pytest.mark.parametrize(
    ("script", "words"),
    [('sed -i "s/newcomer/nobody/" "$1"', "group"), ('echo "{" > "$1"', "kept in"), ("exit 3", "kept in")],
)
def test_an_edit_that_is_no_pair_is_kept_and_not_added(
    tmp_path: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    words: str,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    file = written(tmp_path / "answer.json", answer())
    monkeypatch.setenv("VISUAL", editor(tmp_path / "editor", script))
    assert add(file, index, "--edit") == 2
    assert words in capsys.readouterr().err and not out_of(file).exists()
    assert len(list(tmp_path.glob("case-*.json"))) == 1


def test_edit_without_an_editor_says_what_to_set(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    assert add(written(tmp_path / "answer.json", answer()), index, "--edit") == 2
    assert "EDITOR" in capsys.readouterr().err
