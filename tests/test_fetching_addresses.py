"""Which machines may be connected to, and which addresses may be asked."""

import socket
from ipaddress import ip_address

import httpx
import pytest

from assistant.errors import NotFetched
from assistant.fetching.addresses import AddressPolicy, system_resolver
from assistant.fetching.faults import Transient
from assistant.fetching.locations import location, next_location
from assistant.fetching.pace import seconds_of

PUBLIC = [
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "192.0.1.1",
    "2a00:1450:4007::1",
    "2606:4700::1111",
    "64:ff9b::808:808",
]
LOCAL = [
    "127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "100.127.255.255", "::1", "fc00::1", "fdff::1",
]  # fmt: skip
NEVER = [
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "fe80::1", "fec0::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "::127.0.0.1", "2001::1", "2002:7f00:1::1",
    "2002:808:808::1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2001:db8::1", "2001:10::1", "3fff::1", "4000::1",
    "100::1", "5f00::1", "fe80::1%1",
]  # fmt: skip
NAT64_LOCAL = ["64:ff9b::7f00:1", "64:ff9b::a00:1"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert AddressPolicy().fault(ip_address(address)) is None


@pytest.mark.parametrize("address", [*LOCAL, *NEVER, *NAT64_LOCAL])
def test_any_other_address_may_not(address: str) -> None:
    assert AddressPolicy().fault(ip_address(address))


@pytest.mark.parametrize("address", [*LOCAL, *NAT64_LOCAL])
def test_the_dangerous_setting_opens_the_local_network(address: str) -> None:
    assert AddressPolicy(allow_private=True).fault(ip_address(address)) is None


@pytest.mark.parametrize("address", NEVER)
def test_the_dangerous_setting_opens_nothing_else(address: str) -> None:
    assert AddressPolicy(allow_private=True).fault(ip_address(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0x7f000001", "127.1", "017700000001", "localhost", "127.0.0.1", "::1"]
)
def test_every_way_to_write_this_machine_ends_in_the_same_check(host: str) -> None:
    with pytest.raises(NotFetched, match="which is this machine itself"):
        AddressPolicy().resolved(host, 80, system_resolver)


def test_a_private_address_beside_a_public_one_refuses_both() -> None:
    with pytest.raises(NotFetched, match=r"intern\.test is at 10\.0\.0\.1, which is a private network"):
        AddressPolicy().resolved("intern.test", 443, lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_a_port_that_was_not_named_is_refused_before_the_name_is_looked_up() -> None:
    with pytest.raises(NotFetched, match="Port 8080"):
        AddressPolicy().resolved("bron.test", 8080, lambda *_: pytest.fail("asked"))


def test_a_name_that_does_not_exist_is_said_and_one_that_cannot_be_looked_up_may_pass() -> None:

    def failing(code: int) -> None:
        def resolve(*_: object) -> list[str]:
            raise socket.gaierror(code, "x")

        AddressPolicy().resolved("weg.test", 80, resolve)

    with pytest.raises(NotFetched, match=r"no machine named weg\.test"):
        failing(socket.EAI_NONAME)
    with pytest.raises(Transient):
        failing(socket.EAI_AGAIN)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://bron.test/a", "begins with ftp"),
        ("file:///etc/passwd", "begins with file"),
        ("http://naam:geheim@bron.test/", "holds a name or password"),
        ("http://:80/", "names no host"),
        ("http://./", "names no host"),
        ("http://0177.0.0.1/", "not a valid one"),
        ("http://[::1/", "not a valid one"),
        ("http://bron.test/" + "a" * 5000, "longer than"),
    ],
)
def test_an_address_that_is_not_fetched_from_is_named_without_its_secrets(address: str, said: str) -> None:
    with pytest.raises(NotFetched, match=said) as error:
        location(address)
    assert "geheim" not in str(error.value)


def test_names_end_up_in_the_form_in_which_they_are_looked_up() -> None:
    assert location("http://Bron.Test./a#deel") == httpx.URL("http://bron.test/a")
    assert location("http://bücher.test/").raw_host == b"xn--bcher-kva.test"


def test_a_redirect_may_not_give_up_encryption() -> None:
    response = httpx.Response(302, headers={"Location": "http://bron.test/b"})
    with pytest.raises(NotFetched, match="from https to http"):
        next_location(httpx.URL("https://bron.test/a"), response)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 12 ", 12.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("ooit", None), ("", None), (None, None)],
)
def test_a_pause_is_asked_for_in_seconds_or_until_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header) == seconds
