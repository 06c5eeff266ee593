"""The page as a whole: its panels, and what happens when a reader does something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from assistant.settings import Settings
from assistant.ui.access import Access, render_entrance, roles_of
from assistant.ui.actions import AskingHandler, Handler, build_actions, wire_actions
from assistant.ui.backend import OpenBackend
from assistant.ui.exchange import Exchange
from assistant.ui.page_blocks import Page
from assistant.ui.page_host import PageHost
from assistant.ui.panels import evaluator, feedback, history, keeping, linked, overview, suggestions
from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.panels.chat import build_chat, chat_updates
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.examples import build_examples, examples_updates
from assistant.ui.panels.header import build_header, header_updates
from assistant.ui.panels.sources import build_sources, render_sources
from assistant.ui.public_api import PublicApi
from assistant.ui.questions import wire_questions
from assistant.ui.texts import DEFAULT_LANGUAGE, Texts, as_interface_language, preferred_language, texts_in
from assistant.ui.turns import Turns


def build_page(open_backend: OpenBackend, settings: Settings, turns: Turns, access: Access) -> gr.Blocks:
    """Build the page; the assistant behind it may still be loading."""
    texts = texts_in(DEFAULT_LANGUAGE)
    options = settings.chat
    # Gradio would send its own usage figures and record every run in the browser; nobody asked for that.
    blocks = PageHost(title=texts("page.title"), analytics_enabled=False, fill_width=True)
    with blocks:
        header = build_header(texts)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="chat-column", min_width=280):
                chat = build_chat(texts)
                examples = build_examples(texts)
                about = overview.build_overview(texts)
            sources = build_sources(texts)
        page = Page(
            header=header,
            examples=examples,
            chat=chat,
            sources=sources,
            overview=about,
            history=history.build_history(texts),
            kept=html_block("", "kept"),
            foot=html_block("", "foot"),
            actions=build_actions(),
            open_backend=open_backend,
            settings=settings,
            turns=turns,
            access=access,
            render=partial(render_conversation, asks_feedback=settings.feedback.enabled),
        )
        # First, so that no handler of the page takes the endpoint's name.
        PublicApi(open_backend, options, turns).add()
        wire_questions(page, _asking(page))
        wire_actions(page.actions, header.language, _handlers(page), page.everything())
        _wire_language(page, blocks)
    blocks.queue(max_size=options.queue_size, default_concurrency_limit=options.concurrency, api_open=False)
    return blocks


def _handlers(page: Page) -> dict[str, Handler]:
    """Return what readers can do inside our own HTML, by name."""
    return {
        **keeping.handlers(page),
        **feedback.handlers(page),
        **history.handlers(page),
        **overview.handlers(page),
    }


def _asking(page: Page) -> dict[str, AskingHandler]:
    """Return the ways to ask a question from inside our own HTML, by name."""
    return {**suggestions.asking(page), **linked.asking(page)}


def _wire_language(page: Page, blocks: gr.Blocks) -> None:
    """Connect the language switch, and the browser's language when the page opens."""

    def switch(language: str, exchanges: Sequence[Exchange], given: Mapping[int, Any], request: gr.Request) -> Updates:
        return _in_language(page, texts_in(as_interface_language(language)), exchanges, given, request)

    def open_page(exchanges: Sequence[Exchange], given: Mapping[int, Any], request: gr.Request) -> Updates:
        asked_for = request.query_params.get("lang")
        language = (
            as_interface_language(asked_for)
            if asked_for
            else preferred_language(request.headers.get("accept-language"))
        )
        return _in_language(page, texts_in(language), exchanges, given, request)

    shared: dict[str, Any] = {
        "outputs": page.everything(),
        "queue": False,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    page.header.language.input(switch, inputs=[page.header.language, page.exchanges, page.given], **shared)
    blocks.load(open_page, inputs=[page.exchanges, page.given], **shared)


def _in_language(
    page: Page, texts: Texts, exchanges: Sequence[Exchange], given: Mapping[int, Any], request: gr.Request
) -> Updates:
    """Return every word of the page in a language; the conversation stays."""
    return {
        **header_updates(page.header, texts, texts.language),
        **examples_updates(page.examples, texts),
        **chat_updates(page.chat, texts),
        **overview.overview_updates(page.overview, texts),
        page.chat.conversation: page.render(exchanges, texts, given),
        **history.history_updates(page.history, texts),
        page.sources: render_sources(exchanges, texts),
        page.foot: _foot(page, texts, request),
    }


def _foot(page: Page, texts: Texts, request: gr.Request) -> str:
    """Return the way to sign in, and what who has signed in can turn on; nothing where nobody can."""
    roles = roles_of(request)
    entrance = render_entrance(page.access, roles, texts)
    switch = evaluator.render_switch(roles, texts) if page.settings.feedback.enabled else ""
    return f'<footer class="entrances">{switch}{entrance}</footer>' if switch or entrance else ""
