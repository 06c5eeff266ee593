"""The one endpoint that other programs may call."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError
from assistant.presenter import to_dict
from assistant.settings import ChatSettings
from assistant.types import Turn
from assistant.ui.backend import OpenBackend

_log = logging.getLogger(__name__)

_DESCRIPTION = (
    "Answer one question from the documents. `question`: in Dutch or English. `history`: the messages "
    'before it, oldest first, each {"role": "user" or "assistant", "content": text, "refused": true for a '
    "refusal}; an empty list for a first question. Returns the answer in the form of "
    "`python -m assistant ask --json`."
)


def add_public_api(open_backend: OpenBackend, options: ChatSettings, queue: str) -> None:
    """Add the endpoint `ask` to the page that is being built."""

    def ask(question: str, history: list[dict[str, Any]]) -> dict[str, Any]:
        if not question.strip() or len(question) > options.max_question_chars:
            raise gr.Error(f"question must have 1 to {options.max_question_chars} characters")
        turns = [_turn(message) for message in history]
        try:
            return to_dict(open_backend().ask(question, turns))
        except AssistantError as error:
            # Its message is for who runs the assistant: it may name folders of this machine.
            _log.exception("a question from another program could not be answered")
            raise gr.Error("the documents cannot be read right now; try again in a few minutes") from error

    api(
        ask,
        api_name="ask",
        api_description=_DESCRIPTION,
        concurrency_limit=options.concurrency,
        concurrency_id=queue,
    )


def _turn(message: object) -> Turn:
    """Return one message of a history that came from outside."""
    if not isinstance(message, dict):
        raise gr.Error("each message of history must be an object with role and content")
    role, content = message.get("role"), message.get("content")
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise gr.Error('each message of history needs a role ("user" or "assistant") and a content (text)')
    return Turn(role, content, refused=message.get("refused") is True)
