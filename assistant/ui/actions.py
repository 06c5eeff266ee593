"""What readers do inside our own HTML: from the script of the page to Python, and the reply back.

Gradio's events belong to its blocks; a button within an answer is none. One invisible block carries them
all: the script triggers it with a name and details, and a handler's reply comes back in a second block, so
that nothing on the page is drawn anew and the keyboard stays where it was.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape
from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.texts import Texts, as_interface_language, texts_in

_log = logging.getLogger(__name__)
_LOST = {"lost": True}
_LISTEN = """
document.addEventListener("lc-act", (event) => trigger("click", event.detail));
document.addEventListener("lc-ask", (event) => trigger("submit", event.detail));
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a handler knows when a reader does something."""

    details: Mapping[str, Any]
    """From the browser: check them."""
    exchanges: tuple[Exchange, ...]
    given: Mapping[int, Any]
    """What the reader said of the answers, by the number of the exchange."""
    texts: Texts
    request: gr.Request

    def exchange(self) -> Exchange | None:
        """Return the exchange that the details name; None when there is no such one."""
        number = str(self.details.get("exchange", ""))
        return next((one for one in self.exchanges if str(one.number) == number), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action leads to."""

    reply: Mapping[str, Any] = field(default_factory=dict)
    """For the script, as plain values."""
    updates: Updates = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] | None = None
    given: Mapping[int, Any] | None = None


Handler = Callable[[Moment], Outcome]
AskingHandler = Callable[[Moment], Iterator[Updates]]
"""Asks a question, which takes its place in the queue and yields what changes."""


@dataclass(frozen=True, slots=True)
class ActionBlocks:
    """The invisible blocks that carry actions and replies, and what a session keeps."""

    carrier: gr.HTML
    reply: gr.HTML
    exchanges: gr.State
    given: gr.State


def build_actions() -> ActionBlocks:
    """Build the blocks."""
    carrier = gr.HTML("", elem_id="actions", js_on_load=_LISTEN, apply_default_css=False)
    return ActionBlocks(carrier, html_block("", "reply"), gr.State(()), gr.State({}))


def wire_actions(blocks: ActionBlocks, language: gr.Radio, handlers: Mapping[str, Handler], outputs: list[Any]) -> None:
    """Connect the actions that are done at once."""

    def act(
        exchanges: tuple[Exchange, ...],
        given: Mapping[int, Any],
        spoken: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Updates:
        moment = _moment(event, exchanges, given, spoken, request)
        call = str(moment.details.get("call", ""))
        handler = handlers.get(str(moment.details.get("name", "")))
        if _is_lost(moment):
            return {blocks.reply: _reply(call, _LOST)}
        if handler is None:
            return {blocks.reply: _reply(call, {"problem": moment.texts("page.trouble")})}
        try:
            outcome = handler(moment)
        except Exception:  # noqa: BLE001  the page survives whatever an action brings up; the log keeps the cause
            _log.exception("an action could not be done")
            return {blocks.reply: _reply(call, {"problem": moment.texts("page.trouble")})}
        updates = {blocks.reply: _reply(call, outcome.reply), **outcome.updates}
        if outcome.exchanges is not None:
            updates[blocks.exchanges] = outcome.exchanges
        if outcome.given is not None:
            updates[blocks.given] = outcome.given
        return updates

    blocks.carrier.click(
        act,
        inputs=[blocks.exchanges, blocks.given, language],
        outputs=outputs,
        queue=False,
        trigger_mode="multiple",
        show_progress="hidden",
        api_visibility="private",
    )


def wire_asking(
    blocks: ActionBlocks,
    language: gr.Radio,
    handlers: Mapping[str, AskingHandler],
    in_turn: Callable[[Callable[..., Iterator[Updates]]], Callable[..., Any]],
    **shared: Any,
) -> gr.events.Dependency:
    """Connect the actions that ask a question; returns the event, so that it can be stopped.

    `in_turn` makes a handler wait for its turn.
    """

    def ask(
        exchanges: tuple[Exchange, ...],
        given: Mapping[int, Any],
        spoken: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Updates]:
        moment = _moment(event, exchanges, given, spoken, request)
        handler = handlers.get(str(moment.details.get("name", "")))
        if _is_lost(moment):
            yield {blocks.reply: _reply(str(moment.details.get("call", "")), _LOST)}
            return
        # A generator that yields nothing is an error to Gradio.
        yield {blocks.reply: ""}
        if handler is not None:
            yield from handler(moment)

    return blocks.carrier.submit(in_turn(ask), inputs=[blocks.exchanges, blocks.given, language], **shared)


def _is_lost(moment: Moment) -> bool:
    """Tell whether the page shows a conversation that this session does not know.

    The server was started anew since, or forgot the session; the browser still has the conversation.
    """
    return bool(moment.details.get("shown")) and not moment.exchanges


def _moment(
    event: gr.EventData,
    exchanges: tuple[Exchange, ...],
    given: Mapping[int, Any],
    language: str,
    request: gr.Request,
) -> Moment:
    """Return what a handler gets to know."""
    details = event._data if isinstance(event._data, dict) else {}
    shown = details.get("spoken", language)
    return Moment(details, exchanges, given, texts_in(as_interface_language(shown)), request)


def _reply(call: str, reply: Mapping[str, Any]) -> str:
    """Return a reply as HTML that the script reads; `call` is what the script named it."""
    return f'<output data-call="{escape(call)}" hidden>{escape(json.dumps(reply, ensure_ascii=False))}</output>'
