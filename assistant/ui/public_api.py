"""What other programs may call, over Gradio's API and over MCP: `ask` and `search`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, Final, Literal, TypedDict

import anyio.to_thread
import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError
from assistant.presenter import hits_to_dict, to_dict
from assistant.settings import ChatSettings
from assistant.types import Turn
from assistant.ui.backend import Backend, OpenBackend
from assistant.ui.logs import request_id
from assistant.ui.middleware import refusal_text
from assistant.ui.security import MCP_PATH
from assistant.ui.turns import Turns, connection_of
from assistant.ui.waiting_line import NotAdmitted

_log = logging.getLogger(__name__)

_MOST_MESSAGES: Final = 100
_MOST_HITS: Final = 50


class Message(TypedDict, total=False):
    """One message of a conversation, as programs send it."""

    role: Literal["user", "assistant"]
    content: str
    refused: bool


class PublicApi:
    """The two endpoints, which wait in the same line as the readers of the page."""

    def __init__(self, open_backend: OpenBackend, options: ChatSettings, turns: Turns) -> None:
        """Take what answers, and within which limits."""
        self._open_backend = open_backend
        self._options = options
        self._turns = turns

    def add(self) -> None:
        """Add the endpoints to the page that is being built."""

        # Gradio shows these docstrings and signatures to programs and to language models.
        async def ask(question: str, request: gr.Request, history: list[Message] = []) -> Any:  # noqa: B006, D417
            """Answer one question about the Dutch programme Learning Communities for (Applied) AI and its toolkit.

            The answer comes from documents, with a citation behind every sentence.

            Returns an object. `status`: "answered", "partial" (it may not be what was asked), "refused", or
            "clarify" (a question back). `reason`: why there is no whole answer. `text`: the answer, with markers
            such as [1]. `citations`: per marker the verbatim `quote`, the `document` with `heading` and `page`, and
            the published `sources` (title, publisher, date, url). `nearest`: the passages that came closest to a
            refused question; they are no answer. `confidence`: the probability, 0 to 1, that the documents hold
            the answer.

            Args:
                question: The question, in Dutch or English; the answer is in the same language.
                history: The messages before it, oldest first, for a follow-up; `refused` marks a refusal.
            """
            turns = self._checked_history(history)
            self._check_question(question)
            return await self._in_turn(request, lambda backend: to_dict(backend.ask(question, turns)))

        async def search(question: str, request: gr.Request, k: int = 10) -> Any:  # noqa: D417
            """Find the passages of the documents that are about a question, without answering it.

            Returns an object with `question` and `hits`, best first: per passage its `rank`, `document`, `heading`,
            `page`, verbatim `text`, its place (`start`, `end`) in the document's text, and a `score` that compares
            within one search only.

            Args:
                question: A question or search words, in Dutch or English; passages in both languages are found.
                k: How many passages, 1 to 50.
            """
            self._check_question(question)
            if not 1 <= k <= _MOST_HITS:
                raise _refusal(f"k must be 1 to {_MOST_HITS}")
            return await self._in_turn(request, lambda backend: hits_to_dict(question, backend.search(question, k)))

        for endpoint in (ask, search):
            # Not through Gradio's queue: MCP would then call this server over HTTP, at whatever address the
            # first client says that it has. The line limits how many are answered at once.
            api(endpoint, queue=False, concurrency_limit=None)

    async def _in_turn(self, request: object, work: Callable[[Backend], dict[str, Any]]) -> Any:
        """Wait in line, then work in a thread."""
        try:
            ticket = self._turns.join(request)
        except NotAdmitted as refused:
            raise _refusal(refusal_text(refused)) from refused
        connection = connection_of(request)
        identifier = connection.headers.get("x-request-id", "") if connection else ""

        def answer() -> dict[str, Any]:
            request_id.set(identifier)
            return work(self._open_backend())

        try:
            await ticket.turn()
            values = await anyio.to_thread.run_sync(answer)
        except AssistantError as error:
            # Its message is for who runs the assistant: it may name folders of this machine.
            _log.exception("a question from another program could not be answered")
            raise _refusal("the documents cannot be read right now; try again in a few minutes") from error
        except Exception as error:
            _log.exception("a question from another program could not be answered")
            raise _refusal("the question could not be answered") from error
        finally:
            ticket.leave()
        # Gradio would show a language model the object in Python's notation.
        is_mcp = connection is not None and MCP_PATH in connection.url.path
        return json.dumps(values, ensure_ascii=False) if is_mcp else values

    def _check_question(self, question: object) -> None:
        """Refuse what is no question."""
        most = self._options.max_question_chars
        if not isinstance(question, str) or not question.strip() or len(question) > most:
            raise _refusal(f"question must be a text of 1 to {most} characters")

    def _checked_history(self, history: object) -> list[Turn]:
        """Return a history that came from outside as the assistant reads it."""
        if not isinstance(history, list) or len(history) > _MOST_MESSAGES:
            raise _refusal(f"history must be a list of at most {_MOST_MESSAGES} messages")
        return [_turn(message) for message in history]


def _turn(message: object) -> Turn:
    """Return one message of a history that came from outside."""
    if not isinstance(message, dict):
        raise _refusal("each message of history must be an object with role and content")
    role, content = message.get("role"), message.get("content")
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise _refusal('each message of history needs a role ("user" or "assistant") and a content (text)')
    return Turn(role, content, refused=message.get("refused") is True)


def _refusal(text: str) -> gr.Error:
    """Return an error that the program is told; not printed, as it is no fault of ours."""
    return gr.Error(text, print_exception=False)
