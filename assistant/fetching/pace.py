"""Manners towards hosts: a pause between two requests to one of them, whoever makes them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from assistant.errors import NotFetched
from assistant.fetching.faults import Stopped, shown
from assistant.types import Source


class Pace:
    """Gives each request to a host its turn; safe to share between threads."""

    def __init__(self, interval: float, stop: threading.Event) -> None:
        """Take the least time in seconds between two requests to one host."""
        self._interval = interval
        self._stop = stop
        self._lock = threading.Lock()
        self._next: dict[str, float] = defaultdict(float)
        self._closed: dict[str, float] = {}

    def turn(self, host: str) -> float:
        """Wait until the host may be asked, and return how long that took.

        Raises Stopped, or NotFetched where the host does not want to be asked again in this run.
        """
        with self._lock:
            if host in self._closed:
                raise NotFetched(
                    f"{shown(host)} asked for a pause of {self._closed[host]:.0f} seconds; try again after that."
                )
            now = time.monotonic()
            at = max(now, self._next[host])
            self._next[host] = at + self._interval
        if self._stop.wait(at - now):
            raise Stopped
        return at - now

    def hold(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while."""
        with self._lock:
            self._next[host] = max(self._next[host], time.monotonic() + seconds)

    def close(self, host: str, seconds: float) -> None:
        """Do not ask a host again: it wants a longer pause than this run will make."""
        with self._lock:
            self._closed[host] = seconds


def queues_by_host(sources: Iterable[Source]) -> list[list[Source]]:
    """Return the sources of each host in their order, the longest queue first."""
    queues: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        queues[_host(source.url or "")].append(source)
    return sorted(queues.values(), key=lambda queue: -len(queue))


def _host(address: str) -> str:
    """Return the host of an address; "" where it has none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def seconds_of(retry_after: str | None) -> float | None:
    """Return the pause that a Retry-After header asks for, in seconds; None where it asks for none."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        at = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
