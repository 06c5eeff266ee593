"""Addresses as the register and redirects write them: which of them may be asked at all."""

from __future__ import annotations

import httpx

from assistant.errors import NotFetched
from assistant.fetching.faults import shown

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_ADDRESS = 4000


def location(address: str) -> httpx.URL:
    """Return an address in the form in which it is asked. Raises NotFetched for what is not fetched from."""
    try:
        return _allowed(httpx.URL(address), "The address")
    except (httpx.InvalidURL, ValueError) as error:
        raise NotFetched(f"The address is not a valid one ({shown(str(error))}); correct it.") from error


def next_location(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Return where a redirect leads. Raises NotFetched where it may not be followed."""
    target = response.headers.get("location", "")
    if not target or len(target) > _LONGEST_ADDRESS:
        raise NotFetched(f"{shown(url.host)} redirects without saying where to; correct the address.")
    try:
        found = _allowed(url.join(target), "The address redirects to one that")
    except (httpx.InvalidURL, ValueError) as error:
        raise NotFetched(f"{shown(url.host)} redirects to what is no address ({shown(target)}).") from error
    if url.scheme == "https" and found.scheme == "http":
        raise NotFetched(
            f"The address redirects from https to http, to {shown(str(found))}; correct the address in the register."
        )
    return found


def _allowed(url: httpx.URL, subject: str) -> httpx.URL:
    """Return the address without fragment and trailing dot of its host; raises NotFetched."""
    if url.scheme not in ("http", "https"):
        raise NotFetched(f"{subject} begins with {shown(url.scheme)}:; only http and https are fetched.")
    if url.userinfo:
        raise NotFetched(f"{subject} holds a name or password; remove it from the address.")
    host = url.host.rstrip(".")
    if not host:
        raise NotFetched(f"{subject} names no host; correct it.")
    if len(str(url)) > _LONGEST_ADDRESS:
        raise NotFetched(f"{subject} is longer than {_LONGEST_ADDRESS} characters; correct it.")
    return url.copy_with(host=host, fragment=None)
