"""What holds for every request: its id, its size, and whether a program may ask now."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Final

from starlette._utils import get_route_path
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.logs import event, request_id
from assistant.ui.metrics import Metrics
from assistant.ui.waiting_line import NotAdmitted, Refusal, WaitingLine

_log = logging.getLogger(__name__)
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ID_HEADER: Final = "X-Request-ID"
_ASKING: Final = re.compile(r"/gradio_api/(?:call|call/v2|run)/(?:ask|search)/?")
ADMITTED: Final = "assistant_admitted"
"""Key in a request's scope: its question was counted already."""
_SAID: Final[dict[Refusal, str]] = {
    "full": "too many questions are waiting; try again later",
    "too_many": "too many questions from your address; try again later",
    "stopping": "the assistant is being restarted; try again later",
}


def refusal_text(refused: NotAdmitted) -> str:
    """Return what a program is told."""
    return f"{_SAID[refused.refusal]} (in {refused.retry_after} seconds)"


class RequestIds:
    """Give every request an id, taken from the client where it has a harmless one; it stands in the log too."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(_ID_HEADER, "")
        identifier = given if _ID.fullmatch(given) else uuid.uuid4().hex
        # Gradio keeps the request of a question, and the page's handlers read the id from its headers.
        headers = [pair for pair in scope["headers"] if pair[0] != _ID_HEADER.lower().encode()]
        scope = {**scope, "headers": [*headers, (_ID_HEADER.lower().encode(), identifier.encode())]}
        started = time.perf_counter()
        token = request_id.set(identifier)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[_ID_HEADER] = identifier
                _note(scope, message["status"], started)
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            request_id.reset(token)


def _note(scope: Scope, status: int, started: float) -> None:
    """Log a request: never its query, which may hold what somebody searches for, nor a session."""
    path = re.sub(r"(/heartbeat/).*", r"\1…", get_route_path(scope))
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    event(_log, "request", logging.DEBUG, method=scope["method"], path=path, status=status, milliseconds=milliseconds)


class BodyLimit:
    """Refuse a request that is larger than what any of ours needs, before it is in memory."""

    def __init__(self, app: ASGIApp, most_bytes: int, exempt: tuple[str, ...] = ()) -> None:
        """Wrap an application; paths that begin with an exempt one limit themselves."""
        self._app = app
        self._most = most_bytes
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or (self._exempt and get_route_path(scope).startswith(self._exempt)):
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length[:20]) > self._most:
            await _too_large(scope, receive, send)
            return
        body = b""
        if Headers(scope=scope).get("transfer-encoding") is not None:
            # Without a length there is no knowing but by reading; what fits in the limit fits in memory.
            more = True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message["type"] == "http.request" and message.get("more_body", False)
                if len(body) > self._most:
                    await _too_large(scope, receive, send)
                    return
            receive = _Replay(body, receive)
        await self._app(scope, receive, send)


class _Replay:
    """Hand out a body that was read already, and then whatever else comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        """Keep the body."""
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        """Return the next message of the request."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class Gate:
    """Tell a program by the status of its request that it may not ask now, and when it may."""

    def __init__(self, app: ASGIApp, line: WaitingLine, metrics: Metrics) -> None:
        """Wrap an application."""
        self._app = app
        self._line = line
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and _ASKING.fullmatch(get_route_path(scope)):
            try:
                self._line.admit(scope["client"][0] if scope.get("client") else "")
            except NotAdmitted as refused:
                self._metrics.not_admitted(refused.refusal)
                status = 429 if refused.refusal == "too_many" else 503
                headers = {"Retry-After": str(refused.retry_after)}
                response = JSONResponse({"error": refusal_text(refused)}, status, headers=headers)
                await response(scope, receive, send)
                return
            scope = {**scope, ADMITTED: True}
        await self._app(scope, receive, send)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse a request for its size."""
    await JSONResponse({"error": "the request is too large"}, 413)(scope, receive, send)
