"""One attempt to sign in: checked, counted and logged."""

from __future__ import annotations

import logging
from typing import Literal

from starlette.requests import HTTPConnection

from assistant.ui.access.roles import Role
from assistant.ui.access.sessions import Access

_log = logging.getLogger(__name__)


def checked_password(
    access: Access, connection: HTTPConnection, user: str, password: str, *, way: Literal["form", "basic auth"]
) -> Role | None:
    """Return the role that a password opens, and note for the throttle and the log how it went.

    Neither the password nor the name is logged: people type the one in the place of the other.
    """
    role, address = access.role_behind(user, password), client_address(connection)
    if role is None:
        access.throttle.failed(address)
        _log.warning("sign-in failed (%s) from %s", way, address)
        return None
    access.throttle.succeeded(address)
    # A program signs in with every request: that would drown the log.
    level = logging.INFO if way == "form" else logging.DEBUG
    _log.log(level, "signed in as %s (%s) from %s", role, way, address)
    return role


def client_address(connection: HTTPConnection) -> str:
    """Return the network address of who sent a request."""
    return connection.client.host if connection.client else "unknown"
