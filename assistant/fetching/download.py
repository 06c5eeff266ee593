"""Fetch one original: every hop checked, every byte counted, into a file that is not yet in its place."""

from __future__ import annotations

import hashlib
import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from assistant import __version__
from assistant.errors import NotFetched
from assistant.fetching.addresses import AddressPolicy, Resolver
from assistant.fetching.content import HEAD_BYTES, Unpacker, suffix_of
from assistant.fetching.faults import Transient, shown
from assistant.fetching.folder import Kept
from assistant.fetching.locations import REDIRECTS, location, next_location
from assistant.fetching.pace import Pace, seconds_of
from assistant.fetching.transport import PinnedTransport, Watch
from assistant.settings import FetchSettings
from assistant.types import Source

USER_AGENT = f"learning-communities-assistant/{__version__} (fetches listed sources on request)"
_MEGABYTE = 1_000_000
_FRAMING_BYTES = 1_000_000
"""What headers and the framing of a body may add to its size."""
_LONGEST_VALIDATOR = 500
_BUSY = frozenset({408, 425, 429})
_GONE = {401: "asks for a sign-in", 403: "refuses to show the page", 404: "does not have the page",
         410: "has removed the page", 451: "may not show the page"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came in completely."""

    part: Path
    suffix: str
    sha256: str
    final_url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Downloader:
    """Fetches originals; safe to share between threads."""

    options: FetchSettings
    policy: AddressPolicy
    resolve: Resolver
    ssl_context: ssl.SSLContext
    pace: Pace
    stop: threading.Event
    partial: Path
    """Folder for files that are still coming in."""

    def fetch(self, source: Source, kept: Kept | None) -> Fetched | None:
        """Return what came, or None where the file that is `kept` is still what the host has.

        Tries once more where the first failure may pass. Raises NotFetched, or Stopped.
        """
        try:
            return self._attempt(source, kept)
        except Transient as failure:
            if (failure.retry_after or 0) > self.options.max_retry_after_seconds:
                raise
            return self._attempt(source, kept)

    def _attempt(self, source: Source, kept: Kept | None) -> Fetched | None:
        """Follow redirects to an answer and take it."""
        options = self.options
        watch = Watch(options.total_seconds, int(options.max_file_mb * _MEGABYTE) + _FRAMING_BYTES, self.stop)
        url = location(source.url or "")
        seen = {url}
        for _ in range(options.max_redirects + 1):
            watch.pause(self.pace.turn(url.host))
            known = kept if kept and (kept.url, kept.final_url) == (source.url, str(url)) else None
            with self._asked(url, source, known, watch) as response:
                if response.status_code not in REDIRECTS:
                    return self._taken(response, source, known)
                url = next_location(url, response)
            if url in seen:
                raise NotFetched(f"The address redirects in a circle, at {shown(str(url))}; correct the address.")
            seen.add(url)
        raise NotFetched(
            f"The address redirects more than {options.max_redirects} times; correct it to where it leads in a browser."
        )

    @contextmanager
    def _asked(self, url: httpx.URL, source: Source, known: Kept | None, watch: Watch) -> Iterator[httpx.Response]:
        """Send one request, and lend the answer; a host that fails for now is left alone for a while."""
        options = self.options
        seconds = {"connect": options.connect_seconds, "read": options.read_seconds, "write": options.read_seconds}
        request = httpx.Request("GET", url, headers=_headers(source, known), extensions={"timeout": seconds})
        try:
            response = PinnedTransport(self.policy, self.resolve, watch, self.ssl_context).handle_request(request)
            try:
                yield response
            finally:
                response.close()
        except Transient as failure:
            pause = options.retry_seconds if failure.retry_after is None else failure.retry_after
            if pause > max(options.max_retry_after_seconds, options.retry_seconds):
                self.pace.close(url.host, pause)
            else:
                self.pace.hold(url.host, pause)
            raise

    def _taken(self, response: httpx.Response, source: Source, known: Kept | None) -> Fetched | None:
        """Judge the status, and store a body that is wanted."""
        if response.status_code == 304 and known is not None:
            return None
        if response.status_code != 200:
            raise _status_fault(response)
        part = self.partial / f"part-{uuid.uuid4().hex}"
        try:
            with part.open("xb") as file:
                suffix, digest = self._stored(response, source, file)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        return Fetched(
            part=part,
            suffix=suffix,
            sha256=digest,
            final_url=str(response.request.url),
            etag=_validator(response, "etag"),
            last_modified=_validator(response, "last-modified"),
        )

    def _stored(self, response: httpx.Response, source: Source, file: IO[bytes]) -> tuple[str, str]:
        """Write the body as it is unpacked; returns its suffix and its hash."""
        limit = int(self.options.max_file_mb * _MEGABYTE)
        unpacker = Unpacker(response.headers.get("content-encoding"))
        names_pdf = any(httpx.URL(one).path.lower().endswith(".pdf") for one in (source.url or "", response.url))
        digest, size, head, suffix = hashlib.sha256(), 0, b"", ""
        if _declared_size(response) > limit:
            raise self._too_large()
        for packed in response.iter_raw():
            for data in unpacker.feed(packed):
                size += len(data)
                if size > limit:
                    raise self._too_large()
                file.write(data)
                digest.update(data)
                if not suffix:
                    head += data[:HEAD_BYTES]
                    if len(head) >= HEAD_BYTES:
                        suffix = suffix_of(response.headers.get("content-type"), head, names_pdf)
        unpacker.finish()
        return suffix or suffix_of(response.headers.get("content-type"), head, names_pdf), digest.hexdigest()

    def _too_large(self) -> NotFetched:
        """Return the fault of a file beyond the limit."""
        return NotFetched(
            f"The file has more than {self.options.max_file_mb:g} MB; raise fetch.max_file_mb if it is worth it."
        )


def _headers(source: Source, known: Kept | None) -> dict[str, str]:
    """Return what is told to the host: who asks, for what, and what is here already."""
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.8",
        "Accept-Language": f"{source.language}, *;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _status_fault(response: httpx.Response) -> NotFetched:
    """Return the fault of an answer that brings no file."""
    status, host = response.status_code, shown(response.url.host)
    if status in _BUSY or status >= 500:
        after = seconds_of(response.headers.get("retry-after"))
        what = "asks for fewer requests" if status == 429 else "has a fault of its own"
        when = f"in {after:.0f} seconds" if after else "later"
        return Transient(f"{host} {what} (status {status}); try again {when}.", after)
    what = _GONE.get(status, "does not give the page")
    return NotFetched(f"{host} {what} (status {status}); open the address in a browser and correct the register.")


def _declared_size(response: httpx.Response) -> int:
    """Return the Content-Length; 0 where there is none that can be read."""
    declared = response.headers.get("content-length", "")
    return int(declared) if declared.isdecimal() and len(declared) < 20 else 0


def _validator(response: httpx.Response, name: str) -> str | None:
    """Return a header that is sent back at the next run, where it is one that can be."""
    value = response.headers.get(name, "")
    return value if 0 < len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable() else None
