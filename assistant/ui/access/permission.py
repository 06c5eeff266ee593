"""Which roles a request has, and routes that demand one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import HTTPException
from starlette.requests import HTTPConnection, Request

from assistant.ui.access.addresses import sign_in_address
from assistant.ui.access.roles import Role
from assistant.ui.access.sessions import Access

if TYPE_CHECKING:
    import gradio as gr

SCOPE_ROLES = "assistant.roles"
"""Where the guard leaves the roles of a request, for our routes and for Gradio's handlers alike."""
# A browser asks for a password of its own accord where it sees this, so only programs get it.
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="assistant", charset="UTF-8"'}


def roles_of(request: HTTPConnection | gr.Request) -> frozenset[Role]:
    """Return the roles of who sent a request; none where the guard did not see it."""
    connection = request if isinstance(request, HTTPConnection) else request.request
    if connection is None:
        return frozenset()
    roles: frozenset[Role] = connection.scope.get(SCOPE_ROLES, frozenset())
    return roles


def requires(role: Role, back: str | None = None) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that lets only a role pass.

    Others are sent to sign in (303) when a browser asks for a page or sends a form, and come back to
    `back` (`/path` below the root of the site) or to the page. Programs, and scripts of the page, get 401,
    or 403 when they signed in as somebody who may not. Where the role has no password nobody can have it,
    and there is nothing here: 404.
    """

    async def check(request: Request) -> None:
        roles, access = roles_of(request), access_of(request)
        if role in roles:
            return
        if not _can_be_gained(role, access):
            raise HTTPException(404, "Not found")
        if wants_page(request):
            address = sign_in_address(request, back, role)
            raise HTTPException(303, "Sign in first.", {"Location": address, "Cache-Control": "no-store"})
        if access.role_of_session(request) or (access.is_guarded and roles):
            raise HTTPException(403, f"Only for the role {role}.")
        raise HTTPException(401, "Sign in first.", challenge(request, access))

    return check


def access_of(connection: HTTPConnection) -> Access:
    """Return the passwords and sessions of the application that answers a request."""
    access: Access = connection.app.state.access
    return access


def challenge(connection: HTTPConnection, access: Access) -> dict[str, str]:
    """Return the header that tells a program how to sign in."""
    is_browser = "sec-fetch-mode" in connection.headers
    return _CHALLENGE if access.is_guarded and not is_browser else {}


def wants_page(connection: HTTPConnection) -> bool:
    """Tell whether a person looks at what comes back: a page, or what a form leads to."""
    mode = connection.headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in connection.headers.get("accept", "")


def _can_be_gained(role: Role, access: Access) -> bool:
    """Tell whether somebody can sign in who then has a role; staff may do what evaluators may."""
    return role == "reader" or role in access.roles or (role == "evaluator" and "staff" in access.roles)
