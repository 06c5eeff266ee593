"""The page as a whole: its panels, and what happens when a reader does something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.settings import Settings
from assistant.ui.actions import AskingHandler, Handler, build_actions, wire_actions
from assistant.ui.backend import OpenBackend
from assistant.ui.exchange import Exchange
from assistant.ui.page_blocks import Page
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import build_chat, chat_updates
from assistant.ui.panels.examples import build_examples, examples_updates
from assistant.ui.panels.header import build_header, header_updates
from assistant.ui.panels.sources import build_sources, render_sources
from assistant.ui.public_api import add_public_api
from assistant.ui.questions import ASK_QUEUE, wire_questions
from assistant.ui.texts import DEFAULT_LANGUAGE, Texts, as_interface_language, preferred_language, texts_in


def build_page(open_backend: OpenBackend, settings: Settings) -> gr.Blocks:
    """Build the page; the assistant behind it may still be loading."""
    texts = texts_in(DEFAULT_LANGUAGE)
    options = settings.chat
    # Gradio would send its own usage figures and record every run in the browser; nobody asked for that.
    blocks: gr.Blocks = gr.Blocks(title=texts("page.title"), analytics_enabled=False, fill_width=True)
    with blocks:
        header = build_header(texts)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="chat-column", min_width=280):
                chat = build_chat(texts)
                examples = build_examples(texts)
            sources = build_sources(texts)
        page = Page(header, examples, chat, sources, build_actions(), open_backend, settings)
        # First, so that no handler of the page takes the endpoint's name.
        add_public_api(open_backend, options, ASK_QUEUE)
        wire_questions(page, _asking(page))
        wire_actions(page.actions, header.language, _handlers(page), page.everything())
        _wire_language(page, blocks)
    blocks.queue(max_size=options.queue_size, default_concurrency_limit=options.concurrency, api_open=False)
    return blocks


def _handlers(page: Page) -> dict[str, Handler]:
    """Return what readers can do inside our own HTML, by name."""
    return {}


def _asking(page: Page) -> dict[str, AskingHandler]:
    """Return the ways to ask a question from inside our own HTML, by name."""
    return {}


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
