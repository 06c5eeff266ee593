"""What a reader takes along from the page, and what comes of a link that somebody opens."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pypdf import PdfReader
from test_ui_rendering import HOSTILE, Tags, assert_harmless

from assistant.conversation import to_search_query
from assistant.errors import InputError
from assistant.exports import answer_link, conversation_as_dict, conversation_in, conversation_of
from assistant.index_rows import DocumentRow
from assistant.presenter import to_dict, to_turns
from assistant.types import Answer, Citation, Progress, Sentence, Turn
from assistant.ui.access.sign_in_page import SignInPage, render_sign_in
from assistant.ui.actions import Moment
from assistant.ui.excerpts import Excerpt
from assistant.ui.exchange import Exchange, ShownSource
from assistant.ui.page_blocks import Page
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.keeping import handlers, render_menu, render_tools
from assistant.ui.panels.linked import asking, render_linked
from assistant.ui.texts import Texts, texts_in
from assistant.ui.turns import BeforeTurn

NL, EN = texts_in("nl"), texts_in("en")
COST = "De zaal kostte 4.200 euro, schreef Bibliotheek Amstelland op 3 mei 2021."
QUESTIONS = ("Wat kostte de zaal in Amstelland?", "En wie betaalde dat?")
LIMIT = 200


def cited(quote: str) -> Citation:
    return Citation(1, "zaal.nl.md", "De zaal", "Geld", None, None, quote, 0, len(quote), "x", 1.0, "nl")


def answer_to(question: str, history: Sequence[Turn] = (), said: str = COST) -> Answer:
    query = to_search_query(question, history)
    sentences = (Sentence(said, (1,), "nl"),)
    return Answer(question, query.language, query.text, "answered", sentences, (cited(COST),), index="gen-000007")


def conversation(*questions: str) -> tuple[Answer, ...]:
    answers: list[Answer] = []
    for question in questions:
        answers.append(answer_to(question, to_turns(answers)))
    return tuple(answers)


def shown(*answers: Answer) -> tuple[Exchange, ...]:
    return tuple(Exchange(number, one.question, one) for number, one in enumerate(answers, start=1))


def moment(details: dict[str, Any], exchanges: tuple[Exchange, ...] = (), texts: Texts = NL) -> Moment:
    return Moment(details, exchanges, {}, texts, cast(Any, None))


def act(name: str, exchanges: tuple[Exchange, ...], texts: Texts = NL, **details: Any) -> dict[str, Any]:
    return dict(handlers(cast(Page, None))[name](moment(details, exchanges, texts)).reply)


def with_changed_source(answer: Answer) -> Exchange:
    """Return an exchange as it is opened again after its document was changed."""
    source = ShownSource(answer.citations[0], Excerpt("", COST, "", False), state="changed")
    return Exchange(1, answer.question, answer, (source,))


# the buttons


def test_each_answer_has_its_own_buttons_and_a_link_with_the_questions_it_leans_on() -> None:
    exchanges = shown(*conversation(*QUESTIONS))
    page = Tags(render_tools(exchanges[1], exchanges[:1], EN))
    (link, shared) = [str(found["data-link"]) for _, found in page.tags if "data-link" in found]
    assert link == shared and link.startswith("#q=Wat%20kostte%20de%20zaal%20in%20Amstelland%3F&q=En%20wie%20betaalde")
    assert "&lang=en&" in link
    assert render_conversation(exchanges, NL).count('data-keep="copy"') == 2
    assert render_tools(Exchange(1, "Wat?", failure="chat.stopped"), (), NL) == ""


def test_an_answer_to_which_no_link_leads_has_no_button_for_one() -> None:
    (answer,) = conversation(QUESTIONS[0])
    (exchange,) = shown(replace(answer, search_query="iets anders"))
    tools = render_tools(exchange, (), NL)
    assert "data-link=" not in tools and 'data-keep="link"' not in tools and 'data-keep="copy"' in tools


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_question_stays_text_in_its_link(text: str) -> None:
    (exchange,) = shown(answer_to(text))
    assert_harmless(render_tools(exchange, (), NL))


def test_the_menu_speaks_the_language_of_the_page() -> None:
    assert EN("keeping.pdf") in render_menu(EN) and NL("keeping.pdf") in render_menu(NL)


# copying


def test_an_answer_is_copied_with_its_sources_in_every_form() -> None:
    reply = act("copy", shown(*conversation(*QUESTIONS)), EN, exchange="2")
    assert set(reply) == {"text", "html", "markdown"}
    for form in reply.values():
        assert all(part in form for part in ("En wie betaalde dat?", "4.200 euro", "Sources", "De zaal"))


def test_what_has_become_of_a_source_goes_along_to_where_the_page_is_not() -> None:
    exchange = with_changed_source(answer_to(QUESTIONS[0]))
    warning = NL("chat.source_changed", numbers="1")
    assert warning in act("copy", (exchange,), exchange="1")["text"]
    assert warning in b64decode(act("export", (exchange,), form="markdown")["base64"]).decode().replace("\\", "")
    kept = json.loads(b64decode(act("export", (exchange,), form="json")["base64"]))
    assert kept["exchanges"] == [to_dict(cast(Answer, exchange.answer))], "what is checked again is what was said"


@pytest.mark.parametrize("exchange", ["2", "", None, "<b>", {"a": 1}])
def test_an_answer_that_is_not_there_is_said_to_be_gone(exchange: object) -> None:
    assert act("copy", shown(answer_to(QUESTIONS[0])), exchange=exchange) == {"problem": NL("keeping.gone")}


# the whole conversation


def exported(form: str, *answers: Answer, texts: Texts = NL) -> tuple[dict[str, Any], bytes]:
    reply = act("export", shown(*answers), texts, form=form)
    return reply, b64decode(reply["base64"])


def test_the_json_is_the_conversation_itself() -> None:
    answers = conversation(*QUESTIONS)
    reply, content = exported("json", *answers)
    read = conversation_in(content.decode(), reply["name"])
    assert read.answers == answers and reply["type"] == "application/json"
    assert conversation_as_dict(read) == conversation_as_dict(conversation_of(answers, created=read.created))
    assert reply["name"].startswith("gesprek-") and reply["name"].endswith(".json")


def test_the_pdf_and_the_markdown_hold_question_answer_and_sources() -> None:
    answers = conversation(*QUESTIONS)
    reply, content = exported("pdf", *answers, texts=EN)
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    assert all(part in text for part in (*QUESTIONS, COST, "Sources", "De zaal · Geld"))
    assert reply["name"].startswith("conversation-") and reply["name"].endswith(".pdf")
    reply, content = exported("markdown", *answers)
    assert all(part in content.decode() for part in (*QUESTIONS, COST, "### Bronnen"))
    assert reply["said"] == NL("keeping.saved", name=reply["name"]) and reply["name"].endswith(".md")


def test_half_of_a_surrogate_pair_breaks_no_form() -> None:
    for form in ("pdf", "markdown", "json"):
        reply, content = exported(form, answer_to("Wat kost\ud800 de zaal?"))
        assert content and json.dumps(reply, ensure_ascii=False).encode()


def test_without_an_answer_or_a_known_form_there_is_no_file() -> None:
    stopped = (Exchange(1, "Wat?", failure="chat.stopped"),)
    assert act("export", stopped, form="pdf") == {"problem": NL("keeping.nothing")}
    for form in ("exe", "", None, ["pdf"]):
        assert act("export", shown(answer_to(QUESTIONS[0])), form=form) == {"problem": NL("page.trouble")}


# a link that is opened


class Assistant:
    """Answers every question alike, and fails at one."""

    def __init__(self, said: str = COST, fails_at: str = "") -> None:
        self.said, self.fails_at = said, fails_at
        self.heard: list[tuple[str, int]] = []

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Progress | Answer]:
        self.heard.append((question, len(history)))
        if question == self.fails_at:
            raise RuntimeError("the line went dead")
        yield Progress("search")
        yield answer_to(question, history, self.said)

    def canonical_text(self, document: str) -> str:
        return COST

    def document(self, document: str) -> DocumentRow:
        raise InputError("unknown")

    def suggestions(self, answer: Answer, before: Sequence[Answer] = ()) -> tuple[str, ...]:
        return ()


def opened(link: object, assistant: Assistant, texts: Texts = NL) -> tuple[tuple[Exchange, ...], list[dict[Any, Any]]]:
    """Return the conversation that a link leads to, and all that changed on the page."""
    names = ("conversation", "current", "announcement", "notice", "question", "stop", "clear")
    page = SimpleNamespace(
        chat=SimpleNamespace(**{name: name for name in names}),
        examples=SimpleNamespace(container="examples"),
        **{name: name for name in ("sources", "given", "exchanges", "kept")},
        render=render_conversation,
        settings=SimpleNamespace(chat=SimpleNamespace(max_question_chars=LIMIT)),
        open_backend=lambda: assistant,
    )
    changes = list(asking(cast(Page, page))["linked"](moment({"link": link}, texts=texts)))
    exchanges = next((one["exchanges"] for one in reversed(changes) if "exchanges" in one), ())
    return exchanges, changes


def link_to_last(*questions: str) -> str:
    *earlier, last = conversation(*questions)
    return cast(str, answer_link(last, earlier, "nl"))


def test_a_link_asks_its_questions_in_a_conversation_of_their_own_and_says_that_the_answer_is_the_same() -> None:
    assistant = Assistant()
    exchanges, changes = opened(link_to_last(*QUESTIONS), assistant)
    assert assistant.heard == [(QUESTIONS[0], 0), (QUESTIONS[1], 2)]
    assert [one.linked for one in exchanges] == ["keeping.linked_before", "keeping.linked_same"]
    assert NL("keeping.linked_same") in render_linked(exchanges[1], NL)
    assert EN("keeping.linked_same") in render_conversation(exchanges, EN)
    told = [one for one in changes if "kept" in one][-1]
    assert NL("keeping.linked_same") in told["conversation"] and NL("keeping.linked_same") in told["announcement"]
    # It waits once: a second turn would wait for the first, which ends only with the handler.
    assert sum(isinstance(one, BeforeTurn) for one in changes) == 1
    assert not any("question" in one for one in changes), "what a reader was typing stays"


def test_an_answer_that_is_another_now_is_said_to_be_so() -> None:
    link, other = link_to_last(QUESTIONS[0]), Assistant(COST.replace("4.200", "4.900"))
    (exchange,), _ = opened(link, other)
    assert exchange.linked == "keeping.linked_differs"
    (exchange,), _ = opened(link.replace("gen-000007", "gen-000003"), other)
    assert exchange.linked == "keeping.linked_documents" and "changed" in render_linked(exchange, NL)
    (exchange,), _ = opened(link.partition("&answer=")[0], other)
    assert exchange.linked == "keeping.linked_unknown"
    assert render_linked(replace(exchange, linked=""), NL) == ""


def test_a_link_of_which_a_question_fails_ends_there_and_says_so() -> None:
    assistant = Assistant(fails_at=QUESTIONS[0])
    exchanges, changes = opened(link_to_last(*QUESTIONS), assistant)
    assert assistant.heard == [(QUESTIONS[0], 0)] and exchanges[-1].failure == "chat.failed"
    assert NL("keeping.link_unfinished") in changes[-1]["notice"]


@pytest.mark.parametrize(
    "link",
    ["", "#", "#source-1-2", "#q=", "#q=%20", None, 7, ["#q=x"], {"q": "x"}, "#" + "&".join(["q=a"] * 7),
     "#q=" + "a" * (LIMIT + 1), "#q=goed&q=" + "a" * (LIMIT + 1), "#q=" + "a" * 100_000],
    ids=lambda link: str(link)[:24],
)  # fmt: skip
def test_a_link_that_is_none_asks_nothing_and_is_told(link: object) -> None:
    assistant = Assistant()
    exchanges, changes = opened(link, assistant, EN)
    assert exchanges == () and assistant.heard == []
    (change,) = changes
    assert set(change) == {"notice"} and EN("keeping.link_refused") in change["notice"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_hostile_link_asks_is_shown_and_does_nothing(text: str) -> None:
    (exchange,), _ = opened(cast(str, answer_link(answer_to(text), (), "nl")), Assistant())
    assert exchange.question == text.strip()
    assert_harmless(render_conversation((exchange,), NL))


def test_a_link_is_not_lost_on_the_way_past_signing_in() -> None:
    page = render_sign_in(SignInPage(None, None, "/", None, False, True, frozenset()), NL)
    # A browser takes along what stands behind the "#" only where a form names no address of its own.
    assert '<form method="post">' in page
