"""Headers that keep the page to itself, and the routes that stay open."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from starlette._utils import get_route_path
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.page_html import own_page

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)

# Gradio comes with routes for uploads, files on disk, a proxy, monitoring and code generation. This
# page uses none of them, so only what it does use is reachable.
_OPEN_PATHS = frozenset(
    {
        *("/", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json"),
        *("/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/app_id", "/gradio_api/theme.css"),
        *("/gradio_api/startup-events", "/gradio_api/queue/join", "/gradio_api/queue/data"),
        *("/gradio_api/cancel", "/gradio_api/reset"),
        *("/sign-in", "/sign-out", "/corpus", "/healthz", "/metrics"),
        # Of MCP only the streamable transport: not its older one, nor a page that loads another host's.
        *("/gradio_api/mcp", "/gradio_api/mcp/"),
    }
)
_OPEN_FOLDERS = (
    *("/assets/", "/static/", "/svelte/", "/page/", "/documents/", "/corpus/"),
    *("/gradio_api/call/", "/gradio_api/heartbeat/", "/gradio_api/run/"),
)

OWN_NAMES = frozenset(path.split("/")[1] for path in (*_OPEN_PATHS, *_OPEN_FOLDERS)) - {""}
"""What the addresses of this program begin with."""
MCP_PATH = "/gradio_api/mcp"

_COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page_policy(body: bytes) -> str:
    """Return the content security policy for a page that Gradio rendered.

    Its inline scripts are allowed by their hashes, so that no other inline script or event handler can
    run. Gradio's own code needs inline styles, and `unsafe-eval` to fill its HTML templates.
    """
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in _INLINE_SCRIPT.findall(body)
    )
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


class SecurityHeaders:
    """Add security headers to every response, and close the routes that the page does not use."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = get_route_path(scope)
        if not is_open(path):
            await PlainTextResponse("Not found", 404, headers=_COMMON_HEADERS)(scope, receive, send)
            return
        if path.startswith(MCP_PATH) and scope["method"] != "POST":
            # Everything of MCP goes by POST here; Gradio would answer a GET with a page of its own.
            headers = {**_COMMON_HEADERS, "Allow": "POST"}
            await PlainTextResponse("Method not allowed", 405, headers=headers)(scope, receive, send)
            return
        if path == "/":
            # The policy holds hashes of the page's scripts, so the page must pass here uncompressed.
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
            await self._app(scope, receive, _PageSender(send))
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _PageSender:
    """Hold a page back until its body is complete, then send it as ours, with a policy that fits its scripts."""

    def __init__(self, send: Send) -> None:
        """Wrap what sends."""
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the response."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        if self._start is not None:
            headers = MutableHeaders(scope=self._start)
            if headers.get("content-type", "").startswith("text/html"):
                self._body = own_page(self._body.decode()).encode()
                headers["Content-Length"] = str(len(self._body))
                headers["Content-Security-Policy"] = page_policy(self._body)
            add_headers(headers)
            await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def add_headers(headers: MutableHeaders) -> None:
    """Add the headers that every response carries, unless the route set its own."""
    for name, value in _COMMON_HEADERS.items():
        headers.setdefault(name, value)


def is_open(path: str) -> bool:
    """Tell whether the page, its documents or other programs need a path."""
    return path in _OPEN_PATHS or path.startswith(_OPEN_FOLDERS)
