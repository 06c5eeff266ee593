"""Readers rate and evaluators score on the page: what is kept, what is shown again, and what becomes a case."""

import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import Request

from assistant.errors import InputError
from assistant.feedback import Entry, FeedbackStore
from assistant.feedback.cases import corrected_tags
from assistant.settings import FeedbackSettings
from assistant.types import Answer, Citation, Sentence
from assistant.ui.access.permission import SCOPE_ROLES
from assistant.ui.access.roles import Role, roles_up_to
from assistant.ui.actions import Handler, Moment
from assistant.ui.exchange import Exchange
from assistant.ui.page_blocks import Page
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.evaluator import render_switch
from assistant.ui.panels.feedback import handlers, render_feedback
from assistant.ui.texts import texts_in
from evals.cases import read_cases

NL, EN = texts_in("nl"), texts_in("en")
COST = "De zaal kostte 4.200 euro, schreef Bibliotheek Amstelland op 3 mei 2021."
WHO = "Stichting Het Vlot betaalde de helft."
TEXT = f"{COST} {WHO}"
HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def citation(marker: int, quote: str) -> Citation:
    start = TEXT.find(quote)
    return Citation(marker, "zaal.nl.md", "De zaal", None, None, None, quote, start, start + len(quote), "x", 1.0, "nl")


ANSWER = Answer(
    "Wat kostte de zaal?", "nl", "Wat kostte de zaal?", "answered",
    (Sentence(COST, (1,), "nl"), Sentence(WHO, (1, 2), "nl")), (citation(1, COST), citation(2, WHO)), index="gen-1",
)  # fmt: skip
REFUSAL = Answer(
    "Wat kost een kop soep?", "nl", "Wat kost een kop soep?", "refused", nearest=(citation(1, COST),),
    reason="nothing_found", message="Dat staat er niet.",
)  # fmt: skip


class Documents:
    """The one document behind the answers."""

    def canonical_text(self, document: str) -> str:
        if document != "zaal.nl.md":
            raise InputError("unknown")
        return TEXT


class Session:
    """One visitor's page, with what Gradio would keep of it."""

    def __init__(self, settings: FeedbackSettings, *answers: Answer, role: Role | None = None) -> None:
        page = SimpleNamespace(settings=SimpleNamespace(feedback=settings), open_backend=Documents)
        self.handlers: dict[str, Handler] = handlers(cast(Page, page))
        self.exchanges = tuple(Exchange(n, one.question, one) for n, one in enumerate(answers or (ANSWER,), start=1))
        self.given: dict[int, Any] = {}
        self.role = role
        self.texts = NL

    def act(self, name: str, exchange: int = 1, **details: Any) -> dict[str, Any]:
        scope = {"type": "http", "headers": [], SCOPE_ROLES: roles_up_to(self.role)}
        told = {"exchange": str(exchange), **details}
        outcome = self.handlers[name](Moment(told, self.exchanges, self.given, self.texts, cast(Any, Request(scope))))
        if outcome.given is not None:
            self.given = dict(outcome.given)
        return dict(outcome.reply)


@pytest.fixture
def settings(tmp_path: Path) -> FeedbackSettings:
    return FeedbackSettings(
        database=f"sqlite:///{tmp_path / 'kept' / 'feedback.db'}", cases_file=tmp_path / "cases" / "from-page.jsonl",
        busy_seconds=1,
    )  # fmt: skip


@pytest.fixture
def kept(settings: FeedbackSettings) -> Iterator[Any]:
    store = FeedbackStore(settings)

    def read() -> list[Entry]:
        return list(store.entries())

    yield read
    store.close()


def test_one_click_is_kept_the_next_changes_it_and_nothing_is_left_when_it_is_taken_back(
    settings: FeedbackSettings, kept: Any
) -> None:
    session = Session(settings)
    assert session.act("rate", side="yes", reasons=[], comment="") == {"said": NL("feedback.thanks")}
    (first,) = kept()
    session.act("rate", side="no", reasons=["outdated", "clear"], comment=" Bel 06-12345678 ")
    (second,) = kept()
    assert (first.helpful, second.helpful, first.id) == (True, False, second.id)
    # "clear" is a reason of the other side.
    assert second.reasons == ("outdated",) and second.comment == "Bel [tel]"
    assert session.act("rate", side="", reasons=[], comment="") == {"said": NL("feedback.taken_back")}
    assert kept() == []


def test_a_follow_up_is_kept_with_the_turns_before_it(settings: FeedbackSettings, kept: Any) -> None:
    session = Session(settings, ANSWER, replace(ANSWER, question="En de helft?"))
    session.act("rate", exchange=2, side="yes")
    (entry,) = kept()
    assert entry.history[0]["content"] == "Wat kostte de zaal?" and len(entry.history) == 2


def test_what_was_given_shows_again_in_the_other_language_and_not_for_another_answer(
    settings: FeedbackSettings,
) -> None:
    session = Session(settings)
    session.act("rate", side="no", reasons=["unclear"], comment=HOSTILE)
    (exchange,) = session.exchanges
    shown = render_feedback(exchange, session.given[1], EN)
    assert 'data-rate="no" aria-pressed="true"' in shown and 'data-reason="unclear" aria-pressed="true"' in shown
    assert shown.count('aria-pressed="true"') == 2 and EN("feedback.why_no") in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    asked_anew = replace(exchange, answer=replace(ANSWER, timings={"total_ms": 7.0}))
    assert 'aria-pressed="true"' not in render_feedback(asked_anew, session.given[1], EN)


@pytest.mark.parametrize("details", [{"side": "maybe"}, {"side": ["yes"]}, {"side": None}, {}])
def test_what_is_no_choice_keeps_nothing(settings: FeedbackSettings, kept: Any, details: dict[str, Any]) -> None:
    Session(settings).act("rate", **{"reasons": 7, "comment": {"a": 1}, **details})
    assert kept() == []


def test_an_answer_that_the_session_does_not_know_is_told(settings: FeedbackSettings, kept: Any) -> None:
    assert Session(settings).act("rate", exchange=9, side="yes") == {"problem": NL("feedback.gone")}
    assert kept() == []


def test_a_comment_that_is_too_long_is_told_and_keeps_nothing(settings: FeedbackSettings, kept: Any) -> None:
    reply = Session(settings).act("rate", side="yes", comment="a" * 2001)
    assert "2001" in reply["problem"] and "2000" in reply["problem"] and kept() == []


def test_while_the_database_is_away_the_choice_stays_and_the_next_click_brings_all_of_it(
    settings: FeedbackSettings, tmp_path: Path, kept: Any
) -> None:
    (tmp_path / "kept").write_text("a file where the folder has to be", encoding="utf-8")
    session = Session(settings)
    assert session.act("rate", side="no", reasons=["incorrect"]) == {"problem": NL("feedback.not_kept")}
    assert 'data-rate="no" aria-pressed="true"' in render_feedback(session.exchanges[0], session.given[1], NL)
    (tmp_path / "kept").unlink()
    assert "said" in session.act("rate", side="no", reasons=["incorrect", "other"])
    (entry,) = kept()
    assert entry.reasons == ("incorrect", "other")


def test_many_who_click_while_a_database_does_not_answer_do_not_wait_in_line(
    settings: FeedbackSettings, tmp_path: Path
) -> None:
    session = Session(settings)
    session.act("rate", side="yes")
    later = Session(settings)
    blocking = sqlite3.connect(tmp_path / "kept" / "feedback.db", isolation_level=None)
    blocking.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    with ThreadPoolExecutor(8) as readers:
        replies = list(readers.map(lambda _: later.act("rate", side="yes"), range(8)))
    blocking.close()
    # One after the other would be eight seconds.
    assert time.monotonic() - started < 4
    assert replies == [{"problem": NL("feedback.not_kept")}] * 8


def test_a_page_that_opens_removes_what_was_kept_too_long(settings: FeedbackSettings, tmp_path: Path) -> None:
    Session(settings).act("rate", side="yes")
    with closing(sqlite3.connect(tmp_path / "kept" / "feedback.db")) as connection:
        connection.execute("UPDATE feedback_entries SET created = '2020-01-01 00:00:00'")
        connection.commit()
        # `kept` would remove it itself.
        Session(settings)
        deadline = time.monotonic() + 10
        while (count := connection.execute("SELECT count(*) FROM feedback_entries").fetchone()[0]) and (
            time.monotonic() < deadline
        ):
            time.sleep(0.05)
        assert count == 0


@pytest.mark.parametrize("url", ["feedback.db", "nosuch://user:geheim@db/feedback"])
def test_a_setting_that_names_no_database_costs_the_feedback_and_not_the_page(url: str) -> None:
    session = Session(FeedbackSettings(database=url))
    assert session.act("rate", side="yes") == {"problem": NL("feedback.not_kept")}


def test_off_shows_and_does_nothing(settings: FeedbackSettings, tmp_path: Path) -> None:
    session = Session(settings.model_copy(update={"enabled": False}))
    assert session.handlers == {}
    page = render_conversation(session.exchanges, NL, asks_feedback=False)
    assert "feedback" not in page and "scoring" not in page
    assert "feedback" in render_conversation(session.exchanges, NL)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("role", [None, "reader"])
def test_who_is_no_evaluator_can_score_nothing(settings: FeedbackSettings, kept: Any, role: Role | None) -> None:
    session = Session(settings, role=role)
    for name in ("scoring", "assess", "case-draft", "case-write"):
        assert session.act(name, marks={"sentence-1": 100}) == {"problem": NL("evaluator.signed_out")}
    assert kept() == [] and not (settings.cases_file or Path()).exists()
    assert render_switch(roles_up_to(role), NL) == ""


@pytest.mark.parametrize("role", ["evaluator", "staff"])
def test_each_step_of_an_evaluator_is_kept_with_the_running_total(
    settings: FeedbackSettings, kept: Any, role: Role
) -> None:
    session = Session(settings, role=role)
    opened = session.act("scoring")
    order = [(one["target"], one["number"]) for one in opened["items"]]
    assert order == [("sentence", 1), ("citation", 1), ("sentence", 2), ("citation", 2)]
    assert session.act("assess", marks={"sentence-1": 100})["total"].startswith(NL("evaluator.no_total"))
    marks = {"sentence-1": 100, "sentence-2": 80, "citation-1": 20, "sentence-3": 100, "citation-2": 99, "x": 0}
    reply = session.act("assess", marks=marks, right_answer="Mail jan@voorbeeld.nl", expected="refusal")
    # Three quarters of 90 and one citation of 20; what cannot be scored so is left out.
    assert "87,5" in reply["total"] and reply["said"] == NL("evaluator.kept")
    (entry,) = kept()
    assert {(one.target, one.number): one.score for one in entry.marks} == {
        ("sentence", 1): 100, ("sentence", 2): 80, ("citation", 1): 20,
    }  # fmt: skip
    assert (entry.right_answer, entry.expected) == ("Mail [e-mail]", "refusal")
    session.texts = EN
    again = session.act("scoring")
    assert "87.5" in again["total"] and again["marks"]["sentence-2"] == 80
    assert "Mail jan@voorbeeld.nl</textarea>" in again["html"] and 'value="refusal" checked' in again["html"]
    assert session.act("assess", marks={})["said"] and kept() == []


def form(**fields: str | list[str]) -> dict[str, list[str]]:
    """Return what the browser sends of the form: each field with a list of values."""
    given: dict[str, str | list[str]] = {
        "question": "Wat kostte de zaal?", "group": "staff", "answerable": "yes", "reason": "nothing_found",
        "document": ["zaal.nl.md", ""], "quote": [COST, ""], "must_say": "4.200 euro | 4200 euro\n3 mei 2021\n | \n",
        "must_not_say": "", **fields,
    }  # fmt: skip
    return {name: value if isinstance(value, list) else [value] for name, value in given.items()}


def test_a_case_comes_filled_in_with_what_was_scored_right_and_is_written_once(
    settings: FeedbackSettings, kept: Any
) -> None:
    session = Session(settings, role="evaluator")
    session.act("assess", marks={"sentence-1": 100, "sentence-2": 80, "citation-1": 25, "citation-2": 20})
    draft = session.act("case-draft")["html"]
    assert COST in draft and WHO not in draft
    assert "\n4.200 euro\n3 mei 2021\nBibliotheek Amstelland</textarea>" in draft
    assert session.act("case-write", **form())["said"].startswith("Toegevoegd aan from-page.jsonl, regel 1")
    assert settings.cases_file is not None
    (case,) = read_cases(settings.cases_file)
    assert (case.question, case.group, case.answerable, case.reason) == ("Wat kostte de zaal?", "staff", True, None)
    assert [(one.document, one.quote) for one in case.relevant] == [("zaal.nl.md", COST)]
    assert case.must_say == (("4.200 euro", "4200 euro"), ("3 mei 2021",)) and case.must_not_say == ()
    assert case.tags == ("amount", "from-page")
    (entry,) = kept()
    assert entry.for_evals
    assert "regel 1" in session.act("case-write", **form(question="Anders?"))["said"]
    assert len(read_cases(settings.cases_file)) == 1


def test_a_refusal_becomes_a_question_without_an_answer_or_with_one_that_was_missed(
    settings: FeedbackSettings,
) -> None:
    session = Session(settings, REFUSAL, replace(REFUSAL, question="Hoeveel?"), role="evaluator")
    refused = form(question="Wat kost een kop soep? Mail jan@voorbeeld.nl", answerable="no", must_say="x")
    assert "regel 1" in session.act("case-write", **refused)["said"]
    session.act("assess", exchange=2, marks={"sentence-0": 0, "citation-1": 25}, expected="answer")
    assert 'name="answerable" value="yes" checked' in session.act("case-draft", exchange=2)["html"]
    assert "regel 2" in session.act("case-write", exchange=2, **form(question="Wat kostte de zaal dan?"))["said"]
    assert settings.cases_file is not None
    first, second = read_cases(settings.cases_file)
    assert (first.answerable, first.reason, first.tags) == (False, "nothing_found", ("near_miss", "from-page"))
    assert first.relevant == () and first.must_say == () and first.question.endswith("Mail [e-mail]")
    assert second.answerable and second.tags[0] == "amount" and second.history != ()


def test_the_tags_are_those_of_the_corrected_case(settings: FeedbackSettings) -> None:
    session = Session(settings, role="evaluator")
    session.act("assess", marks={"citation-1": 25})
    session.act("case-write", **form(answerable="no", reason="out_of_scope"))
    assert settings.cases_file is not None
    (case,) = read_cases(settings.cases_file)
    assert case.tags == ("out_of_scope", "from-page") and case.relevant == ()
    gold = ["a.nl.pdf", "b.nl.md"]
    tags = ["near_miss", "follow_up", "cross_lingual", "from-page"]
    assert corrected_tags(tags, answerable=True, reason=None, gold=gold) == [
        *("single_fact", "follow_up", "multi_document", "cross_lingual", "pdf_page", "from-page")
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"question": "  "}, "no_question"),
        ({"document": [""], "quote": [""]}, "no_gold"),
        ({"document": ["weg.nl.md"]}, "no_document"),
        ({"document": ["../zaal.nl.md"]}, "no_document"),
        ({"quote": ["De zaal kostte 9.999 euro."]}, "no_quote"),
    ],
)
def test_what_is_no_case_yet_is_told_and_not_written(
    settings: FeedbackSettings, fields: dict[str, Any], fault: str
) -> None:
    reply = Session(settings, role="evaluator").act("case-write", **form(**fields))
    assert reply["problem"].startswith(NL(f"evaluator.fault_{fault}", words="").strip())
    assert settings.cases_file is not None and not settings.cases_file.exists()


def test_a_question_that_the_eval_set_asks_already_is_recognised(settings: FeedbackSettings) -> None:
    assert settings.cases_file is not None
    other = settings.cases_file.parent / "money.jsonl"
    other.parent.mkdir()
    line = {"pair": "money", "language": "nl", "question": "wat kostte  de zaal?", "history": []}
    other.write_text("\n" + json.dumps(line) + "\nnot json\n", encoding="utf-8")
    assert "money.jsonl, regel 2" in Session(settings, role="evaluator").act("case-write", **form())["said"]
    assert not settings.cases_file.exists()


def test_a_file_that_cannot_be_written_is_told_without_its_place(settings: FeedbackSettings) -> None:
    assert settings.cases_file is not None
    settings.cases_file.mkdir(parents=True)
    reply = Session(settings, role="evaluator").act("case-write", **form())
    assert reply == {"problem": NL("evaluator.case_failed")}


def test_without_a_file_for_cases_an_answer_can_only_be_proposed(
    settings: FeedbackSettings, kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session(settings.model_copy(update={"cases_file": None}), role="evaluator")
    assert "case-write" not in session.handlers
    shown = session.act("scoring")["html"]
    assert "data-add" not in shown and "data-propose" in shown
    session.act("assess", marks={}, for_evals=True)
    assert [one.for_evals for one in kept()] == [True]


def test_the_folder_of_the_eval_set_is_where_cases_go_by_default(
    settings: FeedbackSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evals" / "cases").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    session = Session(settings.model_copy(update={"cases_file": None}), role="evaluator")
    session.act("case-write", **form())
    assert len(read_cases(tmp_path / "evals" / "cases" / "from-page.jsonl")) == 1


def test_no_part_of_an_answer_can_become_markup_of_the_panel(settings: FeedbackSettings) -> None:
    hostile = replace(
        ANSWER, question=HOSTILE, search_query="x", message=HOSTILE,
        sentences=(Sentence(HOSTILE, (1,), "nl"),),
        citations=(replace(citation(1, COST), title=HOSTILE, quote=HOSTILE),),
    )  # fmt: skip
    session = Session(settings, hostile, role="evaluator")
    session.act("assess", marks={"citation-1": 25, "sentence-1": 100}, right_answer=HOSTILE, evaluator=HOSTILE)
    for shown in (
        session.act("scoring")["html"],
        session.act("case-draft")["html"],
        render_feedback(session.exchanges[0], None, NL),
    ):
        assert "<script" not in shown and "<img" not in shown
