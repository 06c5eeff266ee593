"""A web server on loopback whose every answer is scripted, and sources and settings to fetch from it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from assistant.fetching import AddressPolicy, FetchReport, fetch
from assistant.settings import FetchSettings
from assistant.types import Source

PAGE = (
    b"<!doctype html><html><head><title>Pilot</title></head><body><main><h1>Pilot</h1>"
    b"<p>Het totale bedrag voor het pilotprogramma bedroeg 850.000 euro.</p></main></body></html>"
)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
Route = Callable[["Exchange"], None]


@dataclass(frozen=True)
class Seen:
    """A request that arrived."""

    path: str
    host: str
    headers: dict[str, str]
    at: float


class Exchange(BaseHTTPRequestHandler):
    """One request; routes answer through `send` or write bytes of their own."""

    def do_GET(self) -> None:
        server: Any = self.server
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.web.seen.append(Seen(self.path, headers["host"], headers, time.monotonic()))
        self.close_connection = True
        route = server.web.routes.get(self.path, lambda one: one.send(b"weg", status=404))
        route(self)

    def send(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> None:
        """Answer properly; underscores in header names stand for hyphens."""
        own = {"Content-Type": kind, "Content-Length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in own.items()), "", ""]
        self.raw("\r\n".join(lines).encode("latin-1") + body)

    def raw(self, data: bytes) -> None:
        """Send bytes as they are; a client that has gone away is no fault."""
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Clients of these tests hang up on purpose."""


@dataclass
class Web:
    """The server, what it answers, and what it was asked."""

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    scheme: str = "http"

    def url(self, path: str, host: str = "bron.test") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.seen]


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    server = Server(("127.0.0.1", 0), Exchange)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    web = Web(server.server_address[1], scheme="https" if context else "http")
    server.web = web  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def source(name: str, url: str | None, title: str = "Resultaten") -> Source:
    return Source(name, title, "NL AIC", "2023-12-20", "nl", "A", url)


def on_loopback(host: str, port: int) -> list[str]:
    """Resolve names of tests to this machine, and other names as the system does, without asking the network."""
    if host.endswith(".test"):
        return ["127.0.0.1"]
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)]


def options(folder: Path, **changed: Any) -> FetchSettings:
    quick = {"host_interval_seconds": 0, "retry_seconds": 0, "read_seconds": 2, "total_seconds": 5}
    return FetchSettings.model_validate({"directory": folder / "originals", **quick, **changed})


def fetched(web: Web, folder: Path, *sources: Source, **changed: Any) -> FetchReport:
    """Fetch with a policy that trusts this one server."""
    given = {name: changed.pop(name) for name in ("resolve", "ssl_context", "policy", "progress") if name in changed}
    arguments = {
        "policy": AddressPolicy(ports=frozenset({web.port}), trusted=frozenset({ip_address("127.0.0.1")})),
        "resolve": on_loopback,
        **given,
    }
    return fetch({one.id: one for one in sources}, options(folder, **changed), **arguments)


def reason(report: FetchReport) -> str:
    """Return why the only source that failed did."""
    (failure,) = report.failed
    return failure.reason


def files(folder: Path) -> list[str]:
    """Return the names of the originals, and of anything that was left behind."""
    known = {".state.json", ".lock"}
    return sorted(path.name for path in (folder / "originals").iterdir() if path.name not in known)
