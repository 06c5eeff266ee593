"""Whether a request comes from a page of ours, or another site made the browser send it."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.requests import HTTPConnection, Request

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(connection: HTTPConnection) -> bool:
    """Tell whether a request is our own page's, the reader's own or a program's.

    Browsers name the site of origin in Sec-Fetch-Site; where they do not (plain http on a network), in
    Origin, on every POST. A request with neither comes from a program, which no other site can steer.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    # Not the scheme: a proxy that speaks https may speak http to us. An Origin of "null" has no host.
    return bool(host) and host.lower() == connection.headers.get("host", "").lower()


async def same_origin(request: Request) -> None:
    """Refuse with 403 what another site made a browser send; for every POST that changes something.

    The page that holds the form must send `Referrer-Policy: same-origin` (FORM_HEADERS does): under
    `no-referrer`, browsers hide the origin of a form even from its own site.
    """
    if request.method not in _SAFE_METHODS and not is_same_origin(request):
        raise HTTPException(403, "This request came from another site.")
