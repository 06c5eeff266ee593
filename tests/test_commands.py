"""The commands as a shell sees them: what they print, where, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

TEXT = "De pilot kostte in totaal 850.000 euro.\n\nMyrna van de Water was programmamanager van de pilot.\n"


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    (folder / "pilot.txt").write_text(TEXT, encoding="utf-8")
    done = run("ingest.py", folder / "pilot.txt", "--index", folder / "index", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["added"], report["generation"]) == (["pilot.txt"], "gen-000001")
    return folder / "index"


def test_ask_prints_the_answer_and_its_source(index: Path) -> None:
    done = run("-m", "assistant", "ask", "Hoeveel kostte de pilot?", "--index", index)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("De pilot kostte in totaal 850.000 euro. [1]") and "pilot.txt" in done.stdout


def test_ask_json_is_one_object(index: Path) -> None:
    done = run("-m", "assistant", "ask", "Hoeveel kostte de pilot?", "--json", "--index", index)
    answer = json.loads(done.stdout)
    assert answer["id"] is None and answer["citations"][0]["document"] == "pilot.txt"
    assert answer["timings"]["total_ms"] > 0


def test_a_batch_answers_line_by_line_in_order(index: Path, tmp_path: Path) -> None:
    history = [
        {"role": "user", "content": "Hoeveel kostte de pilot?"},
        {"role": "assistant", "content": "850.000 euro"},
    ]
    rows = [
        {"id": "b", "question": "Wie was programmamanager?"},
        {"id": 7, "question": "en hoeveel kostte die?", "history": history},
        {"id": "leeg", "question": ""},
    ]
    batch = tmp_path / "vragen.jsonl"
    batch.write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run("-m", "assistant", "ask", "--batch", batch, "--index", index)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and [one["id"] for one in answers] == ["b", 7, "leeg"]
    assert "Myrna" in answers[0]["text"] and "850.000" in answers[1]["text"]
    assert (answers[2]["status"], answers[2]["reason"]) == ("clarify", "unclear_question")


def test_history_comes_from_a_file(index: Path, tmp_path: Path) -> None:
    history = tmp_path / "gesprek.json"
    turns = [{"role": "user", "content": "Hoeveel kostte de pilot?"}, {"role": "assistant", "content": "850.000 euro"}]
    history.write_text(json.dumps(turns), encoding="utf-8")
    done = run("-m", "assistant", "ask", "en wie leidde die?", "--history", history, "--json", "--index", index)
    assert "pilot" in json.loads(done.stdout)["search_query"]


def test_search_lists_passages_best_first(index: Path) -> None:
    done = run("-m", "assistant", "search", "programmamanager", "-k", "1", "--json", "--index", index)
    found = json.loads(done.stdout)
    assert list(found) == ["question", "hits"] and len(found["hits"]) == 1
    assert set(found["hits"][0]) == {"rank", "document", "heading", "page", "text", "start", "end", "score", "stage"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "question or --batch"),
        (["ask", "  "], "question is empty"),
        (["ask", "x", "--batch", "y"], "question or --batch"),
        (["ask", "--batch", "nergens.jsonl"], "nergens.jsonl cannot be read"),
        (["search", "x", "-k", "0"], "-k 0 is not possible"),
        (["search", "x", "-k", "veel"], "invalid int value: 'veel'; see"),
        (["vraag"], "invalid choice: 'vraag'"),
        ([], "required: command"),
        (["ask", "x", "--index", "nergens"], "python ingest.py"),
    ],
)
def test_what_cannot_run_is_said_in_one_line(arguments: list[str], said: str) -> None:
    done = run("-m", "assistant", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not valid JSON"),
        ('{"id": 1}', "line 2: question"),
        ('{"question": "x", "history": [{"role": "koning"}]}', "line 2: history.0"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(tmp_path: Path, line: str, said: str) -> None:
    batch = tmp_path / "b.jsonl"
    batch.write_text('{"question": "goed"}\n' + line, encoding="utf-8")
    done = run("-m", "assistant", "ask", "--batch", batch)
    assert (done.returncode, done.stdout) == (2, "") and said in done.stderr


def test_an_unknown_setting_is_said_in_one_line() -> None:
    done = run("-m", "assistant", "ask", "x", ASSISTANT_TYPO="1")
    assert done.returncode == 2 and "ASSISTANT_TYPO" in done.stderr and done.stderr.count("\n") == 1


def test_a_file_that_was_not_taken_gives_exit_code_1_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "goed.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "kapot.pdf").write_bytes(b"%PDF-1.7 kapot")
    done = run("ingest.py", tmp_path / "in", "--index", tmp_path / "index")
    assert done.returncode == 1 and "Not taken: kapot.pdf: " in done.stdout and "1 documents" in done.stdout


def test_a_path_that_does_not_exist_is_said_and_changes_nothing(index: Path, tmp_path: Path) -> None:
    live = (index / "CURRENT").read_text(encoding="utf-8")
    done = run("ingest.py", tmp_path / "weg", "--index", index)
    assert done.returncode == 2 and "weg does not exist" in done.stderr
    assert (index / "CURRENT").read_text(encoding="utf-8") == live


def test_rollback_goes_back_to_the_generation_before(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    for amount in ("111.000", "222.000"):
        document.write_text(TEXT.replace("850.000", amount), encoding="utf-8")
        assert run("ingest.py", document, "--index", tmp_path / "index").returncode == 0
    assert "gen-000001" in run("ingest.py", "--rollback", "--index", tmp_path / "index").stdout
    done = run("-m", "assistant", "ask", "Hoeveel kostte de pilot?", "--index", tmp_path / "index")
    assert "111.000" in done.stdout
    again = run("ingest.py", "--rollback", "--index", tmp_path / "index")
    assert again.returncode == 2 and "no older generation" in again.stderr


def test_nothing_heavy_is_loaded_to_answer_one_question(index: Path) -> None:
    code = (
        "import sys; from assistant.commands.assistant import main; "
        f"main(['ask', 'Hoeveel kostte de pilot?', '--index', {str(index)!r}]); "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio', 'pypdf', 'trafilatura', 'docx'}; "
        "print(heavy & set(sys.modules))"
    )
    assert run("-c", code).stdout.rstrip().endswith("set()")


def test_a_second_ingest_says_that_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    code = (
        "import sys, time; from pathlib import Path; from assistant.manifest import writer_lock\n"
        f"with writer_lock(Path({str(tmp_path / 'index')!r}), 0):\n"
        "    print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin and holder.stdout and holder.stdout.readline() == "held\n"
        command = [sys.executable, "ingest.py", str(tmp_path / "a.txt"), "--index", str(tmp_path / "index")]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as second:
            try:
                assert second.stderr and "waiting until it is done" in second.stderr.readline()
            finally:
                holder.communicate("\n", timeout=10)
            assert second.wait(60) == 0
