"""Which machines may be connected to: public ones only, judged by the address that a name resolves to.

The name itself is never judged. 0x7f.1, 2130706433, a trailing dot or an internationalised name are
all turned into an address by the resolver, and the address is what counts.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from assistant.errors import NotFetched
from assistant.fetching.faults import Transient, shown

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""From a host and a port to addresses, as text; raises OSError."""


def _networks(names: str) -> tuple[Network, ...]:
    """Return networks from their names."""
    return tuple(ip_network(name) for name in names.split())


# What Python's own is_global says differs between its releases, so the registries' entries stand here.
_PRIVATE: tuple[tuple[str, tuple[Network, ...]], ...] = (
    ("this machine itself", _networks("127.0.0.0/8 ::1/128")),
    ("a private network", _networks("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7")),
    ("a network shared behind a provider", _networks("100.64.0.0/10")),
)
_NEVER: tuple[tuple[str, tuple[Network, ...]], ...] = (
    ("no address of any machine", _networks("0.0.0.0/8 ::/128")),
    ("link-local, where cloud machines keep their keys", _networks("169.254.0.0/16 fe80::/10 fec0::/10")),
    ("a multicast address", _networks("224.0.0.0/4 ff00::/8")),
    (
        "an IPv4 address wrapped in IPv6",
        _networks("::ffff:0:0/96 ::ffff:0:0:0/96 ::/96 2001::/32 2002::/16 64:ff9b:1::/48"),
    ),
    (
        "reserved",
        _networks(
            "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
            "2001::/23 2001:db8::/32 3fff::/20"
        ),
    ),
)
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""Networks without IPv4 reach public IPv4 addresses through it; the one inside is judged."""
_GLOBAL = IPv6Network("2000::/3")
"""All of IPv6 that was ever given out for the internet."""
_MOST_ADDRESSES = 8
_RESOLVER_MAY_RECOVER = (socket.EAI_AGAIN, socket.EAI_FAIL)


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system, in the order in which it wants its answers tried."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Decides which addresses and ports may be connected to."""

    allow_private: bool = False
    """Opens this machine, private and shared networks; never the others."""
    ports: frozenset[int] = frozenset({80, 443})
    trusted: frozenset[Address] = frozenset()
    """Addresses that may be connected to whatever they are."""

    def fault(self, address: Address) -> str | None:
        """Return what is wrong with an address; None where it may be connected to."""
        if address in self.trusted:
            return None
        if address in _TRANSLATED:
            return self.fault(IPv4Address(int(address) & 0xFFFFFFFF))
        for name, networks in _PRIVATE:
            if _is_in(address, networks):
                return None if self.allow_private else name
        for name, networks in _NEVER:
            if _is_in(address, networks):
                return name
        return "reserved" if address.version == 6 and address not in _GLOBAL else None

    def resolved(self, host: str, port: int, resolve: Resolver) -> list[Address]:
        """Return the addresses of a host that may be connected to, all of them checked.

        Raises NotFetched where the port or a single one of the addresses is not allowed: a public
        name with a private address beside its public one is up to no good.
        """
        if port not in self.ports:
            raise NotFetched(f"Port {port} is not fetched from; only {_listed(self.ports)} are (setting fetch.ports).")
        addresses = [_parsed(one, host) for one in _asked(host, port, resolve)]
        for address in addresses:
            fault = self.fault(address)
            if fault is not None:
                raise NotFetched(
                    f"{shown(host)} is at {address}, which is {fault}; only public addresses are fetched from, so "
                    "correct the address in the register."
                )
        return list(dict.fromkeys(addresses))[:_MOST_ADDRESSES]


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    """Tell whether an address lies in one of the networks."""
    return any(address.version == network.version and address in network for network in networks)


def _asked(host: str, port: int, resolve: Resolver) -> Sequence[str]:
    """Return what the resolver answers, at least one address."""
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        if isinstance(error, socket.gaierror) and error.errno in _RESOLVER_MAY_RECOVER:
            raise Transient(f"The name {shown(host)} could not be looked up; check the connection.") from error
        found = ()
    if not found:
        raise NotFetched(
            f"There is no machine named {shown(host)}, or no internet; correct the address or check the connection."
        )
    return found


def _parsed(address: str, host: str) -> Address:
    """Return an address that a resolver gave."""
    try:
        return ip_address(address)
    except ValueError as error:
        raise NotFetched(f"{shown(host)} has no address that can be used ({shown(address)}).") from error


def _listed(ports: frozenset[int]) -> str:
    """Return ports for people."""
    return ", ".join(map(str, sorted(ports)))
