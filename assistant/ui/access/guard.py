"""Before every request: who sent it, and whether they may come in."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.access.addresses import SIGN_IN, SIGN_OUT, own_path, sign_in_address
from assistant.ui.access.attempts import checked_password, client_address
from assistant.ui.access.origin import is_same_origin
from assistant.ui.access.permission import SCOPE_ROLES, challenge, wants_page
from assistant.ui.access.roles import roles_up_to
from assistant.ui.access.sessions import Access

OPEN_PATHS: Final = frozenset({"/healthz", SIGN_IN, SIGN_OUT, "/page/access.css", "/page/icon.svg"})
"""What can be reached without the password of readers."""
_CODE = ("/assets/", "/static/", "/svelte/", "/page/")
"""Programs and styles, which hold no secrets and may be kept by a browser."""
_NO_STORE = {"Cache-Control": "no-store"}
_MAX_CREDENTIALS = 2000


class AccessGuard:
    """Note the roles of every request, and turn away who may not read."""

    def __init__(self, app: ASGIApp, access: Access, open_paths: frozenset[str] = OPEN_PATHS) -> None:
        """Wrap an application; everybody may have its open paths."""
        self._app = app
        self._open_paths = open_paths
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        role = self._access.role_of_session(connection)
        if self._access.is_guarded:
            given = _credentials(connection)
            # A browser adds credentials that it remembers to whatever another site makes it send.
            if given and role is None and is_same_origin(connection):
                wait = self._access.throttle.seconds_to_wait(client_address(connection))
                if wait:
                    await self._turn_away(_too_many(wait), scope, receive, send)
                    return
                role = checked_password(self._access, connection, *given, way="basic auth")
        scope[SCOPE_ROLES] = roles_up_to(role if self._access.is_guarded else role or "reader")
        if "reader" in scope[SCOPE_ROLES] or own_path(scope) in self._open_paths:
            await self._app(scope, receive, self._private(scope, send))
        else:
            await self._turn_away(self._refusal(connection), scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> Response:
        """Return the answer for who did not sign in."""
        if connection.scope["type"] == "http" and wants_page(connection):
            return RedirectResponse(sign_in_address(connection), 303, headers=_NO_STORE)
        headers = {**_NO_STORE, **challenge(connection, self._access)}
        return JSONResponse({"detail": "Sign in first."}, 401, headers=headers)

    def _private(self, scope: Scope, send: Send) -> Send:
        """Return a `send` that keeps what is behind a password out of caches."""
        if not self._access.is_guarded or own_path(scope).startswith(_CODE):
            return send

        async def send_privately(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        return send_privately

    @staticmethod
    async def _turn_away(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a refusal in the protocol of the request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await response(scope, receive, send)


def _too_many(seconds: int) -> Response:
    """Return the answer for a program that tried too many passwords."""
    detail = f"Too many wrong passwords: try again in {seconds} seconds."
    return JSONResponse({"detail": detail}, 429, headers={"Retry-After": str(seconds), **_NO_STORE})


def _credentials(connection: HTTPConnection) -> tuple[str, str] | None:
    """Return user and password of HTTP basic auth (RFC 7617, UTF-8); None when there are none."""
    scheme, _, encoded = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or len(encoded) > _MAX_CREDENTIALS:
        return None
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        return None
    return (user, password) if colon else None
