"""What a request says of itself is believed only where a trusted proxy says it."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest

from assistant.ui.proxies import BehindProxy

TRUSTED = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
FORWARDED = {
    "host": "inside:7860",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "chat.example.org",
}


def seen(
    headers: dict[str, str], *, client: str = "127.0.0.1", path: str = "/", root: str = "", trusted: Any = TRUSTED
) -> dict[str, Any]:
    """Return the request as the application gets it."""
    kept: list[dict[str, Any]] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        kept.append(scope)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "client": (client, 1234),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(BehindProxy(application, root, trusted)(scope, None, None))  # type: ignore[arg-type]
    return kept[0]


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in scope["headers"]}


def test_a_trusted_proxy_says_who_asks_and_how() -> None:
    scope = seen(FORWARDED)
    assert scope["client"][0] == "203.0.113.7" and scope["scheme"] == "https"
    assert headers_of(scope) == {"host": "chat.example.org"}


def test_nobody_else_does() -> None:
    for scope in (seen(FORWARDED, client="198.51.100.1"), seen(FORWARDED, trusted=())):
        assert scope["scheme"] == "http" and headers_of(scope) == {"host": "inside:7860"}
    assert seen(FORWARDED, client="198.51.100.1")["client"][0] == "198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("nonsense, 10.1.2.3", "10.1.2.3"),
        ("", "127.0.0.1"),
    ],
)
def test_the_client_is_the_nearest_address_that_no_trusted_proxy_has(forwarded: str, client: str) -> None:
    assert seen({"x-forwarded-for": forwarded})["client"][0] == client


@pytest.mark.parametrize("host", ["evil.example/path", "a b", "x@y", "h:99999999", "<script>", ""])
def test_a_host_that_is_none_is_not_taken_over(host: str) -> None:
    assert headers_of(seen({"host": "inside", "x-forwarded-host": host}))["host"] == "inside"


def test_a_scheme_that_is_none_is_not_taken_over() -> None:
    assert seen({"x-forwarded-proto": "javascript"})["scheme"] == "http"


@pytest.mark.parametrize("path", ["/page/page.css", "/tools/chat/page/page.css"])
def test_a_proxy_may_take_the_root_path_off_or_leave_it(path: str) -> None:
    scope = seen({}, path=path, root="/tools/chat")
    assert (scope["path"], scope["raw_path"]) == ("/tools/chat/page/page.css", b"/tools/chat/page/page.css")
    assert scope["root_path"] == "/tools/chat"


def test_a_path_that_only_begins_alike_is_another_one() -> None:
    assert seen({}, path="/tools/chatter", root="/tools/chat")["path"] == "/tools/chat/tools/chatter"
