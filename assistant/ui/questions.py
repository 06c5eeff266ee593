"""Asking on the page: from the field, from an example, or from inside an answer; and stopping or clearing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gradio as gr

from assistant.presenter import answer_text
from assistant.settings import ChatSettings
from assistant.ui.actions import AskingHandler, wire_asking
from assistant.ui.asking import Step, ask_in_steps, new_exchange
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape
from assistant.ui.page_blocks import Page
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import render_conversation, render_current, render_notice
from assistant.ui.panels.examples import ExampleButton
from assistant.ui.panels.sources import render_sources
from assistant.ui.texts import Texts, as_interface_language, texts_in

ASK_QUEUE = "questions"
"""Everything that answers a question shares one limit, whichever button or program asked."""


def wire_questions(page: Page, handlers: Mapping[str, AskingHandler]) -> None:
    """Connect everything that asks, stops or clears."""
    chat = page.chat
    shared: dict[str, Any] = {
        "outputs": page.everything(),
        "concurrency_id": ASK_QUEUE,
        "concurrency_limit": page.settings.chat.concurrency,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    asked = [
        gr.on(
            [chat.question.submit, chat.ask.click],
            _ask_handler(page),
            inputs=[chat.question, page.exchanges, page.header.language],
            **shared,
        )
    ]
    asked += [
        example.button.click(_example_handler(page, example), inputs=[page.exchanges, page.header.language], **shared)
        for example in page.examples.buttons
    ]
    asked.append(wire_asking(page.actions, page.header.language, handlers, **shared))
    at_once = {**shared, "queue": False, "concurrency_id": None, "concurrency_limit": None, "cancels": asked}
    chat.stop.click(_stop_handler(page), inputs=[page.exchanges, page.header.language], **at_once)
    chat.clear.click(_clear_handler(page), inputs=[page.header.language], **at_once)


def _ask_handler(page: Page) -> Callable[[str, tuple[Exchange, ...], str], Iterator[Updates]]:
    """Return what happens when a reader asks the question in the field."""

    def ask(question: str, exchanges: tuple[Exchange, ...], language: str) -> Iterator[Updates]:
        texts = texts_in(as_interface_language(language))
        objection = objection_to(question, page.settings.chat, texts)
        if objection:
            yield {page.chat.notice: render_notice(objection)}
            return
        yield from conversation_updates(page, question.strip(), exchanges, texts)

    return ask


def _example_handler(page: Page, example: ExampleButton) -> Callable[[tuple[Exchange, ...], str], Iterator[Updates]]:
    """Return what happens when a reader chooses an example question."""

    def ask_example(exchanges: tuple[Exchange, ...], language: str) -> Iterator[Updates]:
        texts = texts_in(as_interface_language(language))
        yield from conversation_updates(page, example.question(texts), exchanges, texts)

    return ask_example


def objection_to(question: str, options: ChatSettings, texts: Texts) -> str:
    """Return why a question cannot be asked; nothing when it can."""
    if not question.strip():
        return texts("chat.empty")
    if len(question) > options.max_question_chars:
        return texts("chat.too_long", length=len(question), limit=options.max_question_chars)
    return ""


def conversation_updates(page: Page, question: str, before: tuple[Exchange, ...], texts: Texts) -> Iterator[Updates]:
    """Yield what changes on the page while a question is answered."""
    exchange = new_exchange(question, before)
    yield {
        page.chat.question: "",
        page.chat.notice: "",
        page.chat.stop: gr.update(visible=True),
        page.chat.clear: gr.update(visible=True),
        page.examples.container: gr.update(visible=False),
        page.exchanges: (*before, exchange),
        **_step_updates(page, Step(exchange), before, texts),
    }
    for step in ask_in_steps(page.open_backend, exchange, before):
        yield _step_updates(page, step, before, texts)


def _step_updates(page: Page, step: Step, before: tuple[Exchange, ...], texts: Texts) -> Updates:
    """Return what one step of an answer changes."""
    if not step.finished:
        spoken = step.sentences[-1].text if step.sentences else texts(step.status)
        return {
            page.chat.current: render_current(step.exchange, step.sentences, step.status, texts),
            page.chat.announcement: _announced(spoken),
        }
    exchanges = (*before, step.exchange)
    answer = step.exchange.answer
    if answer is None:
        spoken = texts(step.exchange.failure or "chat.failed")
    else:
        spoken = f"{texts('chat.answer_ready')} {answer_text(answer)}"
    return {
        page.exchanges: exchanges,
        page.chat.conversation: render_conversation(exchanges, texts),
        page.chat.current: "",
        page.chat.announcement: _announced(spoken),
        page.chat.stop: gr.update(visible=False),
        page.sources: render_sources(exchanges, texts),
    }


def _announced(text: str) -> str:
    """Return what a screen reader is told."""
    return f"<p>{escape(text)}</p>"


def _stop_handler(page: Page) -> Callable[[tuple[Exchange, ...], str], Updates]:
    """Return what happens when a reader stops an answer."""

    def stop(exchanges: tuple[Exchange, ...], language: str) -> Updates:
        texts = texts_in(as_interface_language(language))
        return {
            page.chat.conversation: render_conversation(exchanges, texts),
            page.chat.current: "",
            page.chat.announcement: _announced(texts("chat.stopped")),
            page.chat.stop: gr.update(visible=False),
        }

    return stop


def _clear_handler(page: Page) -> Callable[[str], Updates]:
    """Return what happens when a reader begins a new conversation."""

    def clear(language: str) -> Updates:
        texts = texts_in(as_interface_language(language))
        return {
            page.exchanges: (),
            page.chat.conversation: "",
            page.chat.current: "",
            page.chat.announcement: "",
            page.chat.notice: "",
            page.chat.question: "",
            page.chat.stop: gr.update(visible=False),
            page.chat.clear: gr.update(visible=False),
            page.examples.container: gr.update(visible=True),
            page.sources: render_sources((), texts),
        }

    return clear
