"""Asking on the page: from the field, from an example, or from inside an answer; and stopping or clearing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import gradio as gr

from assistant.settings import ChatSettings
from assistant.types import Language, Sentence
from assistant.ui.actions import AskingHandler, Moment, wire_asking
from assistant.ui.asking import Step, ask_in_steps, new_exchange
from assistant.ui.exchange import Exchange
from assistant.ui.kept import nothing_to_keep, to_be_kept
from assistant.ui.markup import escape, lang
from assistant.ui.page_blocks import Page
from assistant.ui.panels.answers import in_frame, render_current
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import render_notice
from assistant.ui.panels.examples import ExampleButton
from assistant.ui.panels.sources import render_sources
from assistant.ui.panels.status import status_of
from assistant.ui.texts import Texts, as_interface_language, texts_in
from assistant.ui.turns import BeforeTurn
from assistant.ui.waiting_line import Refusal

ASK_QUEUE = "questions"
"""Gradio starts all of these at once; the line (assistant/ui/turns.py) says when each is answered."""
_REFUSED: Final[dict[Refusal, str]] = {
    "full": "serving.full",
    "too_many": "serving.too_many",
    "stopping": "serving.stopping",
}


def wire_questions(page: Page, handlers: Mapping[str, AskingHandler]) -> None:
    """Connect everything that asks, stops or clears."""
    chat = page.chat
    shared: dict[str, Any] = {
        "outputs": page.everything(),
        "concurrency_id": ASK_QUEUE,
        "concurrency_limit": None,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    in_turn = page.turns.in_turn
    session = [page.exchanges, page.given, page.header.language]
    asked = [
        gr.on(
            [chat.question.submit, chat.ask.click],
            in_turn(_ask_handler(page)),
            inputs=[chat.question, *session],
            **shared,
        )
    ]
    asked += [
        example.button.click(in_turn(_example_handler(page, example)), inputs=session, **shared)
        for example in page.examples.buttons
    ]
    within = {**_from_conversation(page), **handlers}
    asked.append(wire_asking(page.actions, page.header.language, within, in_turn, **shared))
    at_once = {**shared, "queue": False, "concurrency_id": None, "concurrency_limit": None, "cancels": asked}
    chat.stop.click(_stop_handler(page), inputs=session, **at_once)
    chat.clear.click(_clear_handler(page), inputs=[page.header.language], **at_once)


def _ask_handler(page: Page) -> Callable[[str, tuple[Exchange, ...], Mapping[int, Any], str], Iterator[Updates]]:
    """Return what happens when a reader asks the question in the field."""

    def ask(
        question: str, exchanges: tuple[Exchange, ...], given: Mapping[int, Any], language: str
    ) -> Iterator[Updates]:
        yield from _checked(page, question, exchanges, texts_in(as_interface_language(language)), given)

    return ask


def _example_handler(
    page: Page, example: ExampleButton
) -> Callable[[tuple[Exchange, ...], Mapping[int, Any], str], Iterator[Updates]]:
    """Return what happens when a reader chooses an example question."""

    def ask_example(exchanges: tuple[Exchange, ...], given: Mapping[int, Any], language: str) -> Iterator[Updates]:
        texts = texts_in(as_interface_language(language))
        yield from conversation_updates(page, example.question(texts), exchanges, texts, given)

    return ask_example


def _from_conversation(page: Page) -> dict[str, AskingHandler]:
    """Return the ways to ask from a conversation: what stands in the field, or the last question once more.

    Once more means as it is or in other words; both replace its answer.
    """

    def field(moment: Moment) -> Iterator[Updates]:
        question = str(moment.details.get("question", ""))
        yield from _checked(page, question, moment.exchanges, moment.texts, moment.given)

    def retry(moment: Moment) -> Iterator[Updates]:
        for last in moment.exchanges[-1:]:
            yield from conversation_updates(page, last.question, moment.exchanges[:-1], moment.texts, moment.given)

    def edited(moment: Moment) -> Iterator[Updates]:
        question = str(moment.details.get("question", ""))
        yield from _checked(page, question, moment.exchanges[:-1], moment.texts, moment.given)

    return {"field": field, "retry": retry, "edited": edited}


def _checked(
    page: Page, question: str, before: tuple[Exchange, ...], texts: Texts, given: Mapping[int, Any]
) -> Iterator[Updates]:
    """Yield what changes when a question of a reader's own is asked, or why it cannot be."""
    objection = objection_to(question, page.settings.chat, texts)
    if objection:
        yield {page.chat.notice: render_notice(objection)}
        return
    yield from conversation_updates(page, question.strip(), before, texts, given)


def objection_to(question: str, options: ChatSettings, texts: Texts) -> str:
    """Return why a question cannot be asked; nothing when it can."""
    if not question.strip():
        return texts("chat.empty")
    if len(question) > options.max_question_chars:
        return texts("chat.too_long", length=len(question), limit=options.max_question_chars)
    return ""


def conversation_updates(
    page: Page,
    question: str,
    before: tuple[Exchange, ...],
    texts: Texts,
    given: Mapping[int, Any] | None = None,
) -> Iterator[Updates]:
    """Yield what changes on the page while a question is answered; `before` are the exchanges that stay."""
    exchange = new_exchange(question, before)
    # Only for showing: writing it back would undo what the reader says of an answer at this moment. Each opinion
    # knows its answer, so one of an answer that is replaced is not taken for one of the next.
    given = given or {}
    updates = {
        page.chat.question: "",
        page.chat.notice: "",
        page.chat.stop: gr.update(visible=True),
        page.chat.clear: gr.update(visible=True),
        page.chat.conversation: page.render(before, texts, given),
        page.examples.container: gr.update(visible=False),
        page.sources: render_sources(before, texts),
        **_step_updates(page, Step(exchange), before, texts, given),
    }
    turn = BeforeTurn(updates, lambda place: _waiting_updates(page, exchange, texts, place))
    yield turn
    if turn.refusal:
        refused = Step(replace(exchange, failure=_REFUSED[turn.refusal]), finished=True)
        yield _step_updates(page, refused, before, texts, given)
        return
    for step in ask_in_steps(page.open_backend, exchange, before):
        yield _step_updates(page, step, before, texts, given)


def _waiting_updates(page: Page, exchange: Exchange, texts: Texts, place: int) -> Updates:
    """Return what changes when the place of a question in line does."""
    words = texts("serving.place", place=place)
    return {
        page.chat.current: in_frame(exchange, f'<p class="status">{words}</p>', texts),
        page.chat.announcement: being_done(words),
    }


def _step_updates(
    page: Page, step: Step, before: tuple[Exchange, ...], texts: Texts, given: Mapping[int, Any]
) -> Updates:
    """Return what one step of an answer changes."""
    exchanges = (*before, step.exchange)
    if not step.finished:
        return {
            page.exchanges: exchanges,
            page.chat.current: render_current(step.exchange, step.sentences, step.status, texts),
            page.chat.announcement: _said_so_far(step.sentences) or being_done(texts(step.status)),
        }
    return {
        page.exchanges: exchanges,
        page.chat.conversation: page.render(exchanges, texts, given),
        page.chat.current: "",
        page.chat.announcement: _said_at_last(step.exchange, texts),
        page.chat.stop: gr.update(visible=False),
        page.sources: render_sources(exchanges, texts),
        page.kept: to_be_kept(exchanges),
    }


def _said_so_far(sentences: Sequence[Sentence]) -> str:
    """Return every sentence until now; announce.js tells each once, also where the browser skipped a step."""
    return "".join(announced(one.text, one.language) for one in sentences)


def _said_at_last(exchange: Exchange, texts: Texts) -> str:
    """Return what a screen reader is told of an answer: after its sentences, what kind of answer it is."""
    answer = exchange.answer
    if answer is None:
        return announced(texts(exchange.failure or "chat.failed"))
    status = status_of(answer)
    kind = f" {texts(status[1])}." if status else ""
    own_words = (answer.message, *(note.text for note in answer.notes))
    return (
        _said_so_far(answer.sentences)
        + announced(texts("chat.answer_ready") + kind)
        + "".join(announced(words, answer.language) for words in own_words if words)
    )


def announced(text: str, language: Language = "und") -> str:
    """Return what a screen reader is told."""
    return f"<p{lang(language)}>{escape(text)}</p>"


def being_done(text: str) -> str:
    """Return what a screen reader is told that holds for the moment only."""
    return f"<p data-doing>{escape(text)}</p>"


def _stop_handler(page: Page) -> Callable[[tuple[Exchange, ...], Mapping[int, Any], str], Updates]:
    """Return what happens when a reader stops an answer."""

    def stop(exchanges: tuple[Exchange, ...], given: Mapping[int, Any], language: str) -> Updates:
        texts = texts_in(as_interface_language(language))
        return {
            page.chat.conversation: page.render(exchanges, texts, given),
            page.chat.current: "",
            page.chat.announcement: announced(texts("chat.stopped")),
            page.chat.stop: gr.update(visible=False),
            page.sources: render_sources(exchanges, texts),
        }

    return stop


def _clear_handler(page: Page) -> Callable[[str], Updates]:
    """Return what happens when a reader begins a new conversation."""

    def clear(language: str) -> Updates:
        texts = texts_in(as_interface_language(language))
        return {
            page.exchanges: (),
            page.given: {},
            page.chat.conversation: "",
            page.chat.current: "",
            page.chat.announcement: "",
            page.chat.notice: "",
            page.chat.question: "",
            page.chat.stop: gr.update(visible=False),
            page.chat.clear: gr.update(visible=False),
            page.examples.container: gr.update(visible=True),
            page.sources: render_sources((), texts),
            page.kept: nothing_to_keep(),
        }

    return clear
