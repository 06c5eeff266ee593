"""How often one client may ask: a token bucket per address.

A bucket holds a minute's worth of questions and fills up at that pace, so that a few in a row are no
problem and a stream of them is.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_MOST_BUCKETS: Final = 10_000
_IPV6_CLIENT_BITS: Final = 64
"""A provider gives each client a network of this size, all of whose addresses are the client's to use."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """Token buckets by client address; the least recently used one is forgotten first."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow so many questions per minute; None allows any number."""
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str) -> int | None:
        """Take a token for one question: None when there was one, else the whole seconds until there is."""
        if self._per_minute is None:
            return None
        now = self._clock()
        bucket = self._bucket(_client_of(address), now)
        bucket.tokens = min(float(self._per_minute), bucket.tokens + (now - bucket.at) * self._per_minute / 60)
        bucket.at = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) * 60 / self._per_minute))
        bucket.tokens -= 1
        return None

    def _bucket(self, client: str, now: float) -> _Bucket:
        """Return a client's bucket; a new one is full."""
        bucket = self._buckets.setdefault(client, _Bucket(float(self._per_minute or 0), now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket


def _client_of(address: str) -> str:
    """Return what stands for the client behind an address: for IPv6 its network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_CLIENT_BITS), strict=False))
