"""A link to one answer: it carries what has to be asked again, and nothing that comes in by it is trusted."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation import to_search_query
from assistant.exports import AnswerLink, answer_link, read_answer_link
from assistant.exports.links import LONGEST_LINK
from assistant.presenter import to_turns
from assistant.types import Answer, Citation, Note, Sentence

QUESTIONS = (
    "Wie is de voorzitter van de Nederlandse AI Coalitie?",
    "Wat kostte de pilot Learning Communities Applied AI?",
    "En wie betaalde dat?",
)


def conversation(*questions: str) -> list[Answer]:
    """Return the answers of a conversation, each searched for as the assistant does."""
    answers: list[Answer] = []
    for question in questions:
        query = to_search_query(question, to_turns(answers))
        reply = (Sentence("Regieorgaan SIA betaalde de pilot in 2022.", (1,), "nl"),)
        answers.append(Answer(question, query.language, query.text, "answered", reply, index="gen-000012"))
    return answers


def link_to_last(*questions: str) -> str | None:
    *earlier, last = conversation(*questions)
    return answer_link(last, earlier, "nl")


def test_a_question_that_stands_on_its_own_is_all_that_its_link_carries() -> None:
    link = link_to_last("Hoeveel kostte de pilot?", "Wie is de voorzitter van de Nederlandse AI Coalitie?")
    head, _, fingerprint = (link or "").rpartition("&answer=")
    assert head == "#q=Wie%20is%20de%20voorzitter%20van%20de%20Nederlandse%20AI%20Coalitie%3F&lang=nl&index=gen-000012"
    assert re.fullmatch("[0-9a-f]{16}", fingerprint)


def test_a_follow_up_takes_along_the_questions_that_it_leans_on_and_no_others() -> None:
    link = link_to_last(*QUESTIONS)
    read = read_answer_link(f"https://example.org/assistent/{link}")
    assert read is not None and read == AnswerLink(QUESTIONS[1:], "nl", "gen-000012", read.answer)
    # Asked again in that order, it is searched for as it was.
    assert conversation(*read.questions)[-1].search_query == conversation(*QUESTIONS)[-1].search_query


def test_a_question_of_which_the_search_cannot_be_repeated_has_no_link() -> None:
    (answer,) = conversation("Hoeveel kostte de pilot?")
    assert answer_link(replace(answer, search_query="something else"), (), "nl") is None


def test_a_greeting_has_a_link_too() -> None:
    (answer,) = conversation("Hallo")
    link = answer_link(replace(answer, search_query=""), (), "en")
    assert link is not None and link.startswith("#q=Hallo&lang=en&index=gen-000012&answer=")


@pytest.mark.parametrize(("letter", "most"), [("a", LONGEST_LINK - 100), ("é", 300), ("😀", 150)])
def test_a_link_is_never_longer_than_office_programs_take(letter: str, most: int) -> None:
    fits = link_to_last("Wat is " + letter * (most - 10))
    assert fits is not None and len(fits) <= LONGEST_LINK
    assert link_to_last("Wat is " + letter * LONGEST_LINK) is None


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_question_comes_back_as_it_was_asked(question: str) -> None:
    answer = Answer(question, "nl", "", "answered", index="gen-000001")
    link = answer_link(answer, (), "en")
    assert link is not None and link.isascii() and urlsplit(f"https://x.nl/{link}").fragment == link[1:]
    read = read_answer_link(link)
    assert read is not None and read == AnswerLink((question.strip(),), "en", "gen-000001", read.answer)
    assert read.leads_to(answer)


def test_a_link_knows_its_answer_and_no_other() -> None:
    (answer,) = conversation("Hoeveel kostte de pilot?")
    link = read_answer_link(answer_link(answer, (), "nl") or "")
    assert link is not None and link.leads_to(answer)
    aged = (Note("aged", "Dit komt uit een bron van 2022."),)
    assert link.leads_to(replace(answer, notes=aged, index="gen-000099", timings={"total_ms": 3.0}))
    quote = Citation(1, "a.md", "A", None, None, None, "Een citaat.", 0, 11, "x", 1.0, "nl")
    others: dict[str, Any] = {
        "sentences": (Sentence("Regieorgaan SIA betaalde de pilot in 2023.", (1,), "nl"),),
        "status": "partial",
        "message": "Een deel staat er niet.",
        "citations": (quote,),
    }
    for name, value in others.items():
        assert link.leads_to(replace(answer, **{name: value})) is False, name


def test_a_link_without_a_usable_fingerprint_compares_nothing() -> None:
    (answer,) = conversation("Hoeveel kostte de pilot?")
    for part in ("", "&answer=", "&answer=zzzzzzzzzzzzzzzz", "&answer=0123"):
        link = read_answer_link(f"#q=Hoeveel%20kostte%20de%20pilot%3F{part}")
        assert link is not None and link.leads_to(answer) is None, part


def test_a_link_that_is_too_long_is_refused_and_never_asked_in_part() -> None:
    assert read_answer_link("#q=" + "a" * 2 * LONGEST_LINK) is None


def test_half_of_a_surrogate_pair_does_not_break_a_link() -> None:
    link = answer_link(Answer("a\ud800b", "nl", "", "answered"), (), "nl")
    assert link is not None and link.startswith("#q=a%3Fb&lang=nl&answer=")


@pytest.mark.parametrize(
    "address",
    ["", "#", "?", "#source-1-2", "https://x.nl/", "#q=", "#q=%20&lang=nl", "#lang=en", "#" + "&".join(["q=a"] * 7),
     "#" + "&".join(["a=1"] * 50)],
)  # fmt: skip
def test_what_is_no_link_to_an_answer_is_passed_over(address: str) -> None:
    assert read_answer_link(address) is None


def test_a_link_written_by_hand_may_use_a_question_mark_and_leave_out_the_rest() -> None:
    assert read_answer_link("?q=Wat+is+dit%3F", "en") == AnswerLink(("Wat is dit?",), "en")
    assert read_answer_link("https://x.nl/?q=Wat+is+dit%3F&lang=fr&index=../../etc") == AnswerLink(
        ("Wat is dit?",), "nl"
    )


@given(st.text())
def test_whatever_comes_in_is_a_link_or_is_not(address: str) -> None:
    read = read_answer_link(address)
    assert read is None or (read.questions and all(one.strip() for one in read.questions))
