"""How often a wrong password may be tried, per address and by all addresses together."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from itertools import islice

WINDOW_SECONDS = 300.0
"""How long a failed attempt counts."""
OVERALL = 10
"""All addresses together may fail this many times as often as one."""
_KNOWN = 1000


class Throttle:
    """Count failed attempts, and say how long an address has to wait.

    An address from which the right password came once is held to its own limit alone: somebody who fails
    from many addresses cannot lock out those who do know it. Nothing that is kept grows without bound.
    """

    def __init__(self, attempts: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow a number of failed attempts of one address within the window."""
        self._attempts = attempts
        self._clock = clock
        self._failures: deque[tuple[float, str]] = deque()
        self._known: OrderedDict[str, None] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """Return after how many whole seconds an address may try; 0 when it may now."""
        now, network = self._clock(), network_of(address)
        while self._failures and self._failures[0][0] <= now - WINDOW_SECONDS:
            self._failures.popleft()
        waits = [self._wait([when for when, who in self._failures if who == network], self._attempts, now)]
        if network not in self._known:
            waits.append(self._wait([when for when, _ in self._failures], self._attempts * OVERALL, now))
        return max(waits)

    def failed(self, address: str) -> None:
        """Note a failed attempt of an address that did not have to wait."""
        self._failures.append((self._clock(), network_of(address)))

    def succeeded(self, address: str) -> None:
        """Note that an address knew a password; its failures still count, or one password would help guess another."""
        network = network_of(address)
        self._known[network] = None
        self._known.move_to_end(network)
        for oldest in list(islice(self._known, max(0, len(self._known) - _KNOWN))):
            del self._known[oldest]

    @staticmethod
    def _wait(failures: list[float], limit: int, now: float) -> int:
        """Return how long until fewer than `limit` failures count."""
        if len(failures) < limit:
            return 0
        return max(1, math.ceil(failures[-limit] + WINDOW_SECONDS - now))


def network_of(address: str) -> str:
    """Return what counts as one address: for IPv6 the 64 bits that one household or office gets."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))
