"""`python -m evals add --from-feedback`: what evaluators scored becomes cases with their gold filled in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder

from assistant.commands.assistant import main as assistant_main
from assistant.feedback import MESSAGE, Assessment, FeedbackStore, Mark, Rating
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Sentence, Turn
from evals.__main__ import main
from evals.cases import parse_case

COST = "De pilot kostte 850.000 euro, meldde de NL AIC op 20 december 2023."
MAIL = "Vragen over de pilot gaan per e-mail naar info@voorbeeld.nl."
TEXT = f"{COST} {MAIL}"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feedback")
    (folder / "files").mkdir()
    (folder / "files" / "money.nl.md").write_text(f"---\ntitle: Geld\nlanguage: nl\n---\n\n{TEXT}\n", encoding="utf-8")
    ingest([folder / "files"], load_settings({"index": {"directory": folder / "index"}}), embedder=FakeEmbedder())
    return folder / "index"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedbackStore:
    monkeypatch.setenv("ASSISTANT_FEEDBACK__DATABASE", f"sqlite:///{tmp_path / 'feedback.db'}")
    return FeedbackStore(load_settings().feedback)


def citation(marker: int, quote: str, **changes: Any) -> Citation:
    start = TEXT.find(quote)
    made = Citation(marker, "money.nl.md", "Geld", None, None, None, quote, start, start + len(quote), "x", 1.0, "nl")
    return replace(made, **changes)


def answer(question: str = "Hoeveel kostte de pilot?", **changes: Any) -> Answer:
    sentences = (Sentence(COST, (1,), "nl"), Sentence(MAIL, (2,), "nl"))
    cited = (citation(1, COST), citation(2, MAIL))
    return replace(Answer(question, "nl", question, "answered", sentences, cited, index="gen-000001"), **changes)


def refusal(question: str = "Wat kostte de pilot?") -> Answer:
    nearest, message = (citation(1, COST),), "Dat weet ik niet."
    return Answer(question, "nl", question, "refused", nearest=nearest, reason="nothing_found", message=message)


def add(index: Path, tmp_path: Path, *more: object) -> tuple[int, list[dict[str, Any]]]:
    out = tmp_path / "cases" / "added.jsonl"
    code = main(["add", "--from-feedback", "--index", str(index), "--out", str(out), *map(str, more)])
    return code, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] if out.exists() else []


def test_gold_is_what_was_scored_right_and_nothing_else(store: FeedbackStore, index: Path, tmp_path: Path) -> None:
    store.save(Assessment(answer(), (Mark("citation", 1, 25), Mark("citation", 2, 20)), for_evals=True))
    code, (case, draft) = add(index, tmp_path)
    assert code == 0 and case["answerable"] and case["tags"] == ["amount"]
    assert case["relevant"] == [{"document": "money.nl.md", "quote": COST}]
    assert case["must_say"] == [["850.000 euro"], ["20 december 2023"], ["NL AIC"]]
    assert parse_case(json.dumps(case), "here").question == "Hoeveel kostte de pilot?"
    assert draft["language"] == "en" and "English" in draft["draft"]


def test_a_masked_quote_is_gold_as_the_document_has_it(store: FeedbackStore, index: Path, tmp_path: Path) -> None:
    store.save(Assessment(answer("Waar mail ik?"), (Mark("citation", 2, 25),), for_evals=True))
    (kept,) = store.entries()
    assert kept.answer["citations"][1]["quote"].endswith("naar [e-mail].")
    _, (case, _) = add(index, tmp_path)
    assert case["relevant"] == [{"document": "money.nl.md", "quote": MAIL}]


def test_an_export_without_the_scores_is_read_as_any_other_answer(
    store: FeedbackStore, index: Path, tmp_path: Path
) -> None:
    store.save(Rating(answer(), True))
    export, out = tmp_path / "feedback.jsonl", tmp_path / "added.jsonl"
    assert assistant_main(["feedback", "export", str(export)]) == 0
    assert main(["add", str(export), "--index", str(index), "--out", str(out)]) == 0
    case = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert [gold["quote"] for gold in case["relevant"]] == [COST, MAIL]


def test_only_what_an_evaluator_chose_is_added(store: FeedbackStore, index: Path, tmp_path: Path) -> None:
    store.save(Rating(answer(), True))
    store.save(Assessment(answer(), (Mark("citation", 1, 25),)))
    assert add(index, tmp_path) == (2, [])


def test_an_answer_without_right_gold_is_a_draft_that_says_so(
    store: FeedbackStore, index: Path, tmp_path: Path
) -> None:
    store.save(Assessment(answer(), (Mark("citation", 1, 0), Mark("citation", 2, 0)), for_evals=True))
    _, (case, draft) = add(index, tmp_path)
    assert case["relevant"] == [] and case["must_say"] == []
    assert all(one["draft"].startswith("No citation was scored right") for one in (case, draft))


@pytest.mark.parametrize(
    ("marks", "answerable", "is_draft"),
    [
        ((), False, False),
        ((Mark("sentence", MESSAGE, 100),), False, False),
        ((Mark("sentence", MESSAGE, 0),), True, True),
        ((Mark("sentence", MESSAGE, 0), Mark("citation", 1, 25)), True, False),
    ],
)
def test_a_refusal_is_what_its_scores_say(
    store: FeedbackStore, index: Path, tmp_path: Path, marks: tuple[Mark, ...], answerable: bool, is_draft: bool
) -> None:
    store.save(Assessment(refusal(), marks, for_evals=True))
    _, (case, _) = add(index, tmp_path)
    assert case["answerable"] is answerable and ("draft" in case) is is_draft
    assert (case["reason"] is None) is answerable
    if not is_draft:
        parse_case(json.dumps(case), "here")
        assert case["tags"] == (["amount"] if answerable else ["near_miss"])


def test_a_follow_up_keeps_the_turns_before_it(store: FeedbackStore, index: Path, tmp_path: Path) -> None:
    turns = (Turn("user", "Was er een pilot?"), Turn("assistant", "Ja."))
    follow_up = answer("En wat kostte die?", search_query="wat kostte die pilot")
    store.save(Assessment(follow_up, (Mark("citation", 1, 25),), history=turns, for_evals=True))
    _, (case, _) = add(index, tmp_path)
    assert [turn["content"] for turn in case["history"]] == ["Was er een pilot?", "Ja."]
    assert case["tags"] == ["amount", "follow_up"]


def test_one_that_cannot_be_added_does_not_hold_up_the_others(
    store: FeedbackStore, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = (citation(1, "De pilot kostte 1 miljoen euro.", start=0, end=31),)
    right = (Mark("citation", 1, 25),)
    store.save(Assessment(answer("Oud?", citations=gone), right, for_evals=True))
    store.save(Assessment(answer("En die?", search_query="en die pilot"), right, for_evals=True))
    store.save(Assessment(answer(), right, for_evals=True))
    code, rows = add(index, tmp_path)
    told = capsys.readouterr().out
    assert code == 1 and len(rows) == 2 and told.count("not added: ") == 2
    assert "no longer hold 1 of the quotes" in told and "was a follow-up" in told


def test_an_export_serves_as_well_and_a_second_time_adds_nothing(
    store: FeedbackStore, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.save(Assessment(answer(), (Mark("citation", 1, 25),), for_evals=True))
    export = tmp_path / "feedback.jsonl"
    assert assistant_main(["feedback", "export", str(export)]) == 0
    first = add(index, tmp_path, export)
    assert first[0] == 0 and add(index, tmp_path) == first
    assert "already there" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}\n", "line 1 is no feedback"), ("nee", "line 1: not valid JSON"), ("", "holds no answer")],
)
def test_a_file_that_is_no_export_is_refused(
    store: FeedbackStore, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    (tmp_path / "x.jsonl").write_text(content, encoding="utf-8")
    assert add(index, tmp_path, tmp_path / "x.jsonl") == (2, [])
    assert words in capsys.readouterr().err


def test_without_a_file_or_feedback_there_is_nothing_to_add(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add"]) == 2 and "--from-feedback" in capsys.readouterr().err
