"""The blocks of the page together, as its event handlers know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.settings import Settings
from assistant.ui.access import Access
from assistant.ui.actions import ActionBlocks
from assistant.ui.backend import OpenBackend
from assistant.ui.exchange import Exchange
from assistant.ui.panels.chat import ChatPanel
from assistant.ui.panels.examples import ExamplesPanel
from assistant.ui.panels.header import HeaderPanel
from assistant.ui.texts import Texts
from assistant.ui.turns import Turns

RenderConversation = Callable[[Sequence[Exchange], Texts, Mapping[int, Any]], str]


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of the page and what its event handlers need."""

    header: HeaderPanel
    examples: ExamplesPanel
    chat: ChatPanel
    sources: gr.HTML
    overview: gr.HTML
    history: gr.HTML
    kept: gr.HTML
    """The last answer on its way to the browser, invisible and not read aloud."""
    foot: gr.HTML
    actions: ActionBlocks
    open_backend: OpenBackend
    settings: Settings
    turns: Turns
    access: Access
    render: RenderConversation
    """All finished exchanges as HTML. Handed over, because what stands below an answer asks questions itself."""

    @property
    def given(self) -> gr.State:
        """What the reader said of the answers, by the number of the exchange."""
        return self.actions.given

    @property
    def exchanges(self) -> gr.State:
        """The conversation of the session."""
        return self.actions.exchanges

    def everything(self) -> list[Any]:
        """Return all blocks that an event may change."""
        chat = self.chat
        return [
            *(self.header.introduction, self.header.ways, self.header.language),
            self.examples.container,
            self.examples.title,
            *self.examples.group_titles,
            *(example.button for example in self.examples.buttons),
            *(chat.conversation, chat.current, chat.announcement, chat.notice, chat.hints, chat.footnote),
            *(chat.question, chat.ask, chat.stop, chat.clear, chat.keep),
            *(self.sources, self.overview, self.history, self.kept, self.foot),
            *(self.actions.exchanges, self.actions.given, self.actions.reply),
        ]
