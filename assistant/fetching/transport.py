"""HTTP to exactly the address that was checked.

The name is resolved once per connection, every address is checked, and the socket is opened to the
checked address itself: a name server that gives another answer a moment later is not asked again.
Host header, SNI and certificate are still those of the name. There is no connection pool, no cookie
jar, no proxy and no .netrc here: none of them could be trusted to ask the policy.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from assistant.errors import NotFetched
from assistant.fetching.addresses import AddressPolicy, Resolver
from assistant.fetching.faults import Stopped, network_faults

_SLICE_SECONDS = 0.25
"""How long a read may go on before it is seen that the run was stopped."""
_MEGABYTE = 1_000_000


class Watch:
    """Ends one attempt at a file when it takes too long, sends too much, or is no longer wanted."""

    def __init__(self, seconds: float, max_bytes: int, stop: threading.Event) -> None:
        """Start the clock; `max_bytes` is for all that comes over the network, headers included."""
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._max_bytes = max_bytes
        self._bytes = 0
        self._stop = stop

    def check(self) -> None:
        """Raise Stopped, or NotFetched when the time is up."""
        if self._stop.is_set():
            raise Stopped
        if time.monotonic() >= self._ends:
            raise NotFetched(
                f"The file was not complete after {self._seconds:g} seconds; try again later, or raise "
                "fetch.total_seconds."
            )

    def bound(self, timeout: float | None) -> float:
        """Return the time that one step may take."""
        self.check()
        left = max(self._ends - time.monotonic(), 0.001)
        return left if timeout is None else min(timeout, left)

    def count(self, received: int) -> None:
        """Note bytes that came over the network. Raises NotFetched when there are too many."""
        self._bytes += received
        if self._bytes > self._max_bytes:
            raise NotFetched(
                f"The host sent more than {self._max_bytes / _MEGABYTE:g} MB; open the address in a browser to see "
                "what it is, or raise fetch.max_file_mb."
            )

    def pause(self, seconds: float) -> None:
        """Stop the clock for as long as this program itself waited."""
        self._ends += seconds


class _WatchedStream(httpcore.NetworkStream):
    """A connection whose every step is watched."""

    def __init__(self, inner: httpcore.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read in slices, so that a silent host cannot hold up the end of a run."""
        ends = time.monotonic() + self._watch.bound(timeout)
        while True:
            left = ends - time.monotonic()
            try:
                data = self._inner.read(max_bytes, timeout=max(0.001, min(left, _SLICE_SECONDS)))
            except httpcore.ReadTimeout:
                self._watch.check()
                if left > _SLICE_SECONDS:
                    continue
                raise
            self._watch.check()
            self._watch.count(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send within the time that is left."""
        self._inner.write(buffer, timeout=self._watch.bound(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands within the time that is left."""
        inner = self._inner.start_tls(ssl_context, server_hostname, timeout=self._watch.bound(timeout))
        return _WatchedStream(inner, self._watch)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection knows."""
        return self._inner.get_extra_info(info)


class _PinnedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(self, policy: AddressPolicy, resolve: Resolver, watch: Watch) -> None:
        self._inner = httpcore.SyncBackend()
        self._policy = policy
        self._resolve = resolve
        self._watch = watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, and connect to the first address that answers."""
        failure: Exception | None = None
        for address in self._policy.resolved(host, port, self._resolve):
            try:
                stream = self._inner.connect_tcp(
                    str(address), port, self._watch.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _WatchedStream(stream, self._watch)
        raise failure or httpcore.ConnectError("no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: a socket on this machine is never what an address means."""
        raise httpcore.ConnectError("sockets of this machine are not connected to")


class _Body(httpx.SyncByteStream):
    """The body of an answer; closing it closes the connection."""

    def __init__(self, connection: httpcore.HTTPConnection, response: httpcore.Response, host: str) -> None:
        self._connection = connection
        self._response = response
        self._host = host

    def __iter__(self) -> Iterator[bytes]:
        with network_faults(self._host):
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class PinnedTransport(httpx.BaseTransport):
    """A transport of httpx that asks the policy before each connection; one connection per request."""

    def __init__(
        self, policy: AddressPolicy, resolve: Resolver, watch: Watch, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        """Without a context of their own, hosts prove themselves to the usual authorities."""
        self._backend = _PinnedBackend(policy, resolve, watch)
        self._ssl = ssl_context

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises NotFetched or Transient, and follows no redirect."""
        with network_faults(request.url.host):
            url = httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            )
            connection = httpcore.HTTPConnection(url.origin, ssl_context=self._ssl, network_backend=self._backend)
            try:
                response = connection.handle_request(
                    httpcore.Request(
                        request.method, url, headers=request.headers.raw, extensions=dict(request.extensions)
                    )
                )
            except BaseException:
                connection.close()
                raise
        body = _Body(connection, response, request.url.host)
        return httpx.Response(response.status, headers=response.headers, stream=body, request=request)
