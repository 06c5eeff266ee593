"""The page as a whole: its panels, and what happens when a reader does something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.presenter import answer_text
from assistant.settings import ChatSettings
from assistant.ui.asking import Step, ask_in_steps, new_exchange
from assistant.ui.backend import OpenBackend
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import (
    ChatPanel,
    build_chat,
    chat_updates,
    render_conversation,
    render_current,
    render_notice,
)
from assistant.ui.panels.examples import ExampleButton, ExamplesPanel, build_examples, examples_updates
from assistant.ui.panels.header import HeaderPanel, build_header, header_updates
from assistant.ui.panels.sources import build_sources, render_sources
from assistant.ui.public_api import add_public_api
from assistant.ui.texts import DEFAULT_LANGUAGE, Texts, as_interface_language, preferred_language, texts_in

ASK_QUEUE = "questions"
"""Everything that answers a question shares one limit, whichever button or program asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of the page and what its event handlers need."""

    header: HeaderPanel
    examples: ExamplesPanel
    chat: ChatPanel
    sources: gr.HTML
    exchanges: gr.State
    open_backend: OpenBackend
    options: ChatSettings

    def everything(self) -> list[Any]:
        """Return all blocks that an event may change."""
        chat = self.chat
        return [
            self.header.introduction,
            self.header.language,
            self.examples.container,
            self.examples.title,
            *self.examples.group_titles,
            *(example.button for example in self.examples.buttons),
            *(chat.conversation, chat.current, chat.announcement, chat.notice),
            *(chat.question, chat.ask, chat.stop, chat.clear),
            self.sources,
            self.exchanges,
        ]


def build_page(open_backend: OpenBackend, options: ChatSettings) -> gr.Blocks:
    """Build the page; the assistant behind it may still be loading."""
    texts = texts_in(DEFAULT_LANGUAGE)
    # Gradio would send its own usage figures and record every run in the browser; nobody asked for that.
    blocks: gr.Blocks = gr.Blocks(title=texts("page.title"), analytics_enabled=False, fill_width=True)
    with blocks:
        header = build_header(texts)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="chat-column", min_width=280):
                chat = build_chat(texts)
                examples = build_examples(texts)
            sources = build_sources(texts)
        page = Page(header, examples, chat, sources, gr.State(()), open_backend, options)
        # First, so that no handler of the page takes the endpoint's name.
        add_public_api(open_backend, options, ASK_QUEUE)
        _wire_questions(page)
        _wire_language(page, blocks)
    blocks.queue(max_size=options.queue_size, default_concurrency_limit=options.concurrency, api_open=False)
    return blocks


def _wire_questions(page: Page) -> None:
    """Connect everything that asks, stops or clears."""
    chat = page.chat
    shared: dict[str, Any] = {
        "outputs": page.everything(),
        "concurrency_id": ASK_QUEUE,
        "concurrency_limit": page.options.concurrency,
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
    at_once = {**shared, "queue": False, "concurrency_id": None, "concurrency_limit": None, "cancels": asked}
    chat.stop.click(_stop_handler(page), inputs=[page.exchanges, page.header.language], **at_once)
    chat.clear.click(_clear_handler(page), inputs=[page.header.language], **at_once)


def _wire_language(page: Page, blocks: gr.Blocks) -> None:
    """Connect the language switch, and the browser's language when the page opens."""

    def switch(language: str, exchanges: Sequence[Exchange]) -> Updates:
        return _in_language(page, texts_in(as_interface_language(language)), exchanges)

    def open_page(exchanges: Sequence[Exchange], request: gr.Request) -> Updates:
        asked_for = request.query_params.get("lang")
        language = (
            as_interface_language(asked_for)
            if asked_for
            else preferred_language(request.headers.get("accept-language"))
        )
        return _in_language(page, texts_in(language), exchanges)

    shared: dict[str, Any] = {
        "outputs": page.everything(),
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    page.header.language.input(switch, inputs=[page.header.language, page.exchanges], **shared)
    blocks.load(open_page, inputs=[page.exchanges], **shared)


def _in_language(page: Page, texts: Texts, exchanges: Sequence[Exchange]) -> Updates:
    """Return every word of the page in a language; the conversation stays."""
    return {
        **header_updates(page.header, texts, texts.language),
        **examples_updates(page.examples, texts),
        **chat_updates(page.chat, exchanges, texts),
        page.sources: render_sources(exchanges, texts),
    }


def _ask_handler(page: Page) -> Callable[[str, tuple[Exchange, ...], str], Iterator[Updates]]:
    """Return what happens when a reader asks the question in the field."""

    def ask(question: str, exchanges: tuple[Exchange, ...], language: str) -> Iterator[Updates]:
        texts = texts_in(as_interface_language(language))
        objection = _objection(question, page.options, texts)
        if objection:
            yield {page.chat.notice: render_notice(objection)}
            return
        yield from _conversation_updates(page, question.strip(), exchanges, texts)

    return ask


def _example_handler(page: Page, example: ExampleButton) -> Callable[[tuple[Exchange, ...], str], Iterator[Updates]]:
    """Return what happens when a reader chooses an example question."""

    def ask_example(exchanges: tuple[Exchange, ...], language: str) -> Iterator[Updates]:
        texts = texts_in(as_interface_language(language))
        yield from _conversation_updates(page, example.question(texts), exchanges, texts)

    return ask_example


def _objection(question: str, options: ChatSettings, texts: Texts) -> str:
    """Return why a question cannot be asked; nothing when it can."""
    if not question.strip():
        return texts("chat.empty")
    if len(question) > options.max_question_chars:
        return texts("chat.too_long", length=len(question), limit=options.max_question_chars)
    return ""


def _conversation_updates(page: Page, question: str, before: tuple[Exchange, ...], texts: Texts) -> Iterator[Updates]:
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
