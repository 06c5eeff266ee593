"""`python -m evals add --from-feedback`: what evaluators scored becomes cases with their gold filled in."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fakes import FakeEmbedder

from assistant.commands.assistant import main as assistant_main
from assistant.feedback import MESSAGE, Assessment, FeedbackStore, Mark, Rating
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import FeedbackSettings, load_settings
from assistant.types import Answer, Citation, Sentence, Turn
from assistant.ui.backend import Backend
from assistant.ui.panels.eval_case import EvalCases, proposal
from assistant.ui.texts import texts_in
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


def test_gold_of_a_sentence_scored_right_is_what_that_sentence_says(
    store: FeedbackStore, index: Path, tmp_path: Path
) -> None:
    marks = (Mark("sentence", 1, 80), Mark("sentence", 2, 100), Mark("citation", 1, 25))
    store.save(Assessment(answer(), marks, for_evals=True))
    _, (case, _) = add(index, tmp_path)
    assert case["relevant"] == [{"document": "money.nl.md", "quote": COST}] and case["must_say"] == []


@pytest.mark.parametrize(("expected", "answerable", "is_draft"), [("refusal", False, False), ("answer", True, True)])
def test_what_it_should_have_been_outweighs_what_it_was(
    store: FeedbackStore, index: Path, tmp_path: Path, expected: Any, answerable: bool, is_draft: bool
) -> None:
    given = answer() if expected == "refusal" else refusal()
    marks = (Mark("citation", 1, 25),) if expected == "refusal" else ()
    store.save(Assessment(given, marks, for_evals=True, expected=expected))
    _, (case, _) = add(index, tmp_path)
    assert case["answerable"] is answerable and ("draft" in case) is is_draft


def test_a_question_that_leaned_on_nothing_is_a_case_without_the_turns_before_it(
    store: FeedbackStore, index: Path, tmp_path: Path
) -> None:
    turns = (Turn("user", "Is er koffie?"), Turn("assistant", "Dat staat er niet.", refused=True))
    store.save(Assessment(answer(), (Mark("citation", 1, 25),), history=turns, for_evals=True))
    _, (case, _) = add(index, tmp_path)
    assert case["history"] == [] and "follow_up" not in case["tags"]


def from_page(index: Path, tmp_path: Path) -> Path:
    """Add an answer to the eval set as the page does."""
    settings = FeedbackSettings(cases_file=tmp_path / "from-page.jsonl")
    judged = Assessment(answer(), (Mark("sentence", 1, 100), Mark("citation", 1, 25)))
    with closing(Index.open(index)) as documents:
        backend = SimpleNamespace(canonical_text=documents.text)
        cases = EvalCases(settings, lambda: cast(Backend, backend))
        case = proposal(judged)
        gold = case["relevant"][0]
        form = {
            "question": [case["question"]], "group": ["staff"], "answerable": ["yes"],
            "document": [gold["document"]], "quote": [gold["quote"]], "must_say": ["850.000"],
        }  # fmt: skip
        _, written = cases.write(judged, form, texts_in("nl"))
    assert written and settings.cases_file is not None
    return settings.cases_file


def test_what_the_page_added_is_asked_by_itself_and_reported(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases, out, real = from_page(index, tmp_path), tmp_path / "run.jsonl", tmp_path / "index"
    ingest([index.parent / "files"], load_settings({"index": {"directory": real}}))
    assert main(["run", "--cases", str(cases), "--index", str(real), "--out", str(out)]) == 0
    assert "1 cases" in capsys.readouterr().out
    assert main(["report", str(out), "--cases", str(cases), "--out", str(tmp_path / "report.html")]) == 0


def test_the_same_answer_added_on_the_page_is_not_added_from_the_feedback_too(
    store: FeedbackStore, index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = from_page(index, tmp_path)
    store.save(Assessment(answer(), (Mark("citation", 1, 25),), for_evals=True))
    assert main(["add", "--from-feedback", "--index", str(index), "--out", str(cases.with_name("added.jsonl"))]) == 0
    assert f"already there: {cases}, line 1" in capsys.readouterr().out


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
