"""The blocks of the page together, as its event handlers know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.settings import Settings
from assistant.ui.actions import ActionBlocks
from assistant.ui.backend import OpenBackend
from assistant.ui.panels.chat import ChatPanel
from assistant.ui.panels.examples import ExamplesPanel
from assistant.ui.panels.header import HeaderPanel


@dataclass(frozen=True, slots=True)
class Page:
    """The blocks of the page and what its event handlers need."""

    header: HeaderPanel
    examples: ExamplesPanel
    chat: ChatPanel
    sources: gr.HTML
    actions: ActionBlocks
    open_backend: OpenBackend
    settings: Settings

    @property
    def exchanges(self) -> gr.State:
        """The conversation of the session."""
        return self.actions.exchanges

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
            *(self.actions.exchanges, self.actions.given, self.actions.reply),
        ]
