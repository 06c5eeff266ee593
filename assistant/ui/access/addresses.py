"""Addresses within the site, always relative: the site may stand below a path that only a proxy knows."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"

_MAX_CHARS = 2000
# What an address may be written in (RFC 3986), without the `#` that no server sees.
_ADDRESS = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*")


def own_path(scope: Scope) -> str:
    """Return the path of a request below the root path of the site."""
    path, root = str(scope["path"]), str(scope.get("root_path", "")).rstrip("/")
    return path[len(root) :] or "/" if root and (path == root or path.startswith(f"{root}/")) else path


def to_root(path: str) -> str:
    """Return the way from a path of the site up to its root, as the beginning of a relative address."""
    return "../" * (path.count("/") - 1) or "./"


def safe_next(address: str) -> str:
    """Return an own address to go on to after signing in, as `/path?query`; `/` for any other.

    Not another site's, nor one above the root, nor the pages for signing in and out themselves.
    """
    if len(address) > _MAX_CHARS or not _ADDRESS.fullmatch(address):
        return "/"
    path = unquote(urlsplit(f"http://site{address}").path)
    # Browsers take a backslash for a slash, and `//host` for another site.
    if "//" in path or "\\" in path or {".", ".."} & set(path.split("/")) or path in (SIGN_IN, SIGN_OUT):
        return "/"
    return address


def relative(address: str, page: str) -> str:
    """Return an own address relative to a page of the site."""
    return to_root(page) + address.removeprefix("/")


def sign_in_address(connection: HTTPConnection, back: str | None = None, role: str | None = None) -> str:
    """Return the relative address for signing in from the page that is asked for.

    It leads back to `back`, or to this page; `role` is the role that the page demands.
    """
    page = own_path(connection.scope)
    wanted = safe_next(back if back is not None else _this(connection, page))
    parts = [f"next={quote(wanted, safe='/')}"] if wanted != "/" else []
    parts += [f"role={role}"] if role else []
    return relative(SIGN_IN, page) + ("?" + "&".join(parts) if parts else "")


def _this(connection: HTTPConnection, page: str) -> str:
    """Return the page that is asked for, with its query; only a GET can be repeated."""
    if connection.scope.get("method") != "GET":
        return "/"
    query = connection.scope.get("query_string", b"").decode("latin-1")
    return quote(page) + (f"?{query}" if query else "")
