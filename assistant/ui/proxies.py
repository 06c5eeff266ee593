"""Who really asks, and under what address: what a reverse proxy says is believed only from a trusted one.

Gradio believes X-Forwarded-Host of anybody, and so would write a stranger's address into the page. Here a
trusted proxy's words become the request's own address, and nobody's forwarding headers reach Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HIDDEN_HEADERS: Final = re.compile(rb"(x-forwarded-.*|forwarded|x-real-ip|x-gradio-server)", re.IGNORECASE)
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")

Networks = Sequence[IPv4Network | IPv6Network]


class BehindProxy:
    """Put the client, scheme, host and path below which the page is shown into every request."""

    def __init__(self, app: ASGIApp, root_path: str, trusted: Networks) -> None:
        """Wrap an application."""
        self._app = app
        self._root_path = root_path
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket"):
            if scope["type"] == "http" and self._root_path and scope["path"] == self._root_path:
                # Addresses on the page are relative, so what it stands at has to end in a slash.
                await RedirectResponse(f"{self._root_path}/", 308)(scope, receive, send)
                return
            scope = self._below_root(self._forwarded(scope))
        await self._app(scope, receive, send)

    def _below_root(self, scope: Scope) -> Scope:
        """Return a request whose path begins with the root path, whether or not the proxy took that off."""
        root, path = self._root_path, scope["path"]
        if not root:
            return scope
        if path != root and not path.startswith(f"{root}/"):
            raw = scope.get("raw_path")
            scope = {**scope, "path": root + path, "raw_path": root.encode() + raw if raw else raw}
        return {**scope, "root_path": root}

    def _forwarded(self, scope: Scope) -> Scope:
        """Return a request as its client made it, as far as trusted proxies say so."""
        headers = [pair for pair in scope["headers"] if not _HIDDEN_HEADERS.fullmatch(pair[0])]
        client = scope.get("client")
        if client is None or not self._is_trusted(client[0]):
            return {**scope, "headers": headers}
        scope = {**scope, "client": (self._client(scope, client[0]), 0)}
        if (scheme := _last(scope, b"x-forwarded-proto").lower()) in ("http", "https"):
            scope["scheme"] = scheme
        if _HOST.fullmatch(host := _last(scope, b"x-forwarded-host")):
            headers = [pair for pair in headers if pair[0] != b"host"] + [(b"host", host.encode())]
        return {**scope, "headers": headers}

    def _client(self, scope: Scope, peer: str) -> str:
        """Return the address nearest to us that is not a trusted proxy: what lies beyond it can be made up."""
        for address in reversed(_values(scope, b"x-forwarded-for")):
            try:
                # A port may follow an IPv4 address, and brackets may surround an IPv6 one.
                peer = str(ip_address(re.sub(r"^\[(.*)\].*$|^([\d.]+):\d+$", r"\1\2", address)))
            except ValueError:
                return peer
            if not self._is_trusted(peer):
                return peer
        return peer

    def _is_trusted(self, address: str) -> bool:
        """Tell whether an address is one of the trusted proxies."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def _values(scope: Scope, name: bytes) -> list[str]:
    """Return the comma-separated values of a header, in order."""
    joined = ",".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)
    return [part.strip() for part in joined.split(",") if part.strip()]


def _last(scope: Scope, name: bytes) -> str:
    """Return the value that the proxy nearest to us set; "" for none."""
    values = _values(scope, name)
    return values[-1] if values else ""
