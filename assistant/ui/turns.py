"""Let a question that was asked on the page wait for its turn, and show its place in line meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import anyio.to_thread
import gradio as gr
from starlette.requests import HTTPConnection

from assistant.ui.logs import request_id
from assistant.ui.metrics import Metrics
from assistant.ui.middleware import ADMITTED
from assistant.ui.panels.blocks import Updates
from assistant.ui.waiting_line import NotAdmitted, Refusal, Ticket, WaitingLine

_END: Final = object()
_MOMENT_SECONDS: Final = 0.05
"""Quotes come all at once, and every change on the page costs Gradio some 10 ms."""


class BeforeTurn(dict[Any, Any]):
    """What changes on the page before a question's turn; what is yielded after it happens in its turn.

    `refusal` says afterwards why there is no turn; None when there is one.
    """

    def __init__(self, updates: Updates, while_waiting: Callable[[int], Updates]) -> None:
        """Take what changes at once, and what changes whenever the place in line does."""
        super().__init__(updates)
        self.while_waiting = while_waiting
        self.refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Turns:
    """What the page and the API need to let a question wait for its turn."""

    line: WaitingLine
    metrics: Metrics

    def join(self, request: object) -> Ticket:
        """Join the line for a request, as Gradio or MCP hand it on. Raises NotAdmitted."""
        connection = connection_of(request)
        client = connection.client.host if connection is not None and connection.client else ""
        was_admitted = connection is not None and ADMITTED in connection.scope
        try:
            return self.line.join(None if was_admitted else client)
        except NotAdmitted as refused:
            self.metrics.not_admitted(refused.refusal)
            raise

    def in_turn(self, handler: Callable[..., Iterator[Updates]]) -> Callable[..., AsyncIterator[Updates]]:
        """Return a handler for Gradio that runs another one, waiting wherever that one yields BeforeTurn."""

        async def run(*arguments: Any) -> AsyncIterator[Updates]:
            *inputs, request = arguments
            async with _Run(self, handler(*inputs), request) as steps:
                async for updates in steps.updates():
                    yield updates

        # Gradio reads off the signature what to hand over; the request comes last.
        signature = inspect.signature(handler, eval_str=True)
        added = inspect.Parameter("page_request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
        parameters = [*signature.parameters.values(), added]
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run


class _Run:
    """One question on its way through a handler, which works in threads."""

    def __init__(self, turns: Turns, steps: Iterator[Updates], request: object) -> None:
        """Take what the handler returned."""
        self._turns = turns
        self._steps = steps
        self._request = request
        self._ticket: Ticket | None = None
        self._working: asyncio.Future[Any] | None = None
        self._is_exhausted = False
        self._context = contextvars.copy_context()
        connection = connection_of(request)
        self._context.run(request_id.set, connection.headers.get("x-request-id", "") if connection else "")

    async def __aenter__(self) -> _Run:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let the next question go ahead: at once, or when the thread that still works on this one is done."""
        if self._working is None or self._working.done():
            self._end()
        else:
            self._working.add_done_callback(lambda _: self._end())

    async def updates(self) -> AsyncIterator[Updates]:
        """Yield what changes on the page; what follows within a moment is one change."""
        gathered: Updates = {}
        while True:
            step = self._next()
            if gathered and not (await asyncio.wait([step], timeout=_MOMENT_SECONDS))[0]:
                yield gathered
                gathered = {}
            # A reader who stops cancels this; the thread cannot be, and keeps its place until it is done.
            updates = await asyncio.shield(step)
            if updates is _END:
                break
            if not isinstance(updates, BeforeTurn):
                gathered |= updates
                continue
            yield {**gathered, **updates}
            gathered = {}
            async for place in self._places(updates):
                yield updates.while_waiting(place)
        if gathered:
            yield gathered
        self._is_exhausted = True

    async def _places(self, updates: BeforeTurn) -> AsyncIterator[int]:
        """Join the line and yield each place in it, until it is this question's turn or it gets none."""
        try:
            self._ticket = self._turns.join(self._request)
        except NotAdmitted as refused:
            updates.refusal = refused.refusal
            return
        async for place in self._ticket.places():
            yield place

    def _next(self) -> asyncio.Future[Any]:
        """Let a thread find what the handler yields next."""
        step = partial(self._context.run, next, self._steps, _END)
        self._working = asyncio.ensure_future(anyio.to_thread.run_sync(step))
        return self._working

    def _end(self) -> None:
        """Close the handler's generator and leave the line."""
        if self._working is not None and not self._working.cancelled():
            # Otherwise asyncio complains that nobody asked what went wrong in a question that was stopped.
            self._working.exception()
        if self._is_exhausted:
            self._leave()
        else:
            # In a thread: it gives back the index, which may have to wait for a new one that is being opened.
            closing = asyncio.get_running_loop().run_in_executor(None, _close, self._steps)
            closing.add_done_callback(lambda _: self._leave())

    def _leave(self) -> None:
        """Let the next question go ahead."""
        if self._ticket is not None:
            self._ticket.leave()


def _close(steps: Iterator[Updates]) -> None:
    """End a generator that was not used up."""
    if not isinstance(steps, Generator):
        return
    # While the server stops, tasks are cancelled though their threads still work: such a thread ends the generator.
    with suppress(ValueError):
        steps.close()


def connection_of(request: object) -> HTTPConnection | None:
    """Return the connection behind a request of Gradio's or Starlette's; None where there is none."""
    inner = getattr(request, "request", request)
    return inner if isinstance(inner, HTTPConnection) else None
