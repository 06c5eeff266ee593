"""Fetching from a real server on loopback: what comes in, what is kept out, and what is said about it."""

import gzip
import hashlib
import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from web import PAGE, PDF, Exchange, Route, Web, fetched, files, on_loopback, options, reason, serving, source

from assistant import __version__
from assistant.errors import InputError
from assistant.fetching import AddressPolicy, fetch, known_files


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as served:
        yield served


def page(body: bytes = PAGE, **headers: str) -> Route:
    return lambda one: one.send(body, **headers)


def in_turn(*routes: Route) -> Route:
    """Answer with each route once, with the last one from then on."""
    left = list(routes)
    return lambda one: (left.pop(0) if len(left) > 1 else left[0])(one)


def to(address: str, status: int = 302) -> Route:
    return lambda one: one.send(b"", status=status, Location=address)


def raw(data: bytes) -> Route:
    return lambda one: one.raw(data)


# what is kept


def test_each_original_gets_a_file_named_after_its_source(web: Web, tmp_path: Path) -> None:
    web.routes = {
        "/p": page(),
        "/d": lambda one: one.send(PDF, "application/pdf"),
        "/o": lambda one: one.send(PDF, "application/octet-stream"),
        "/t": lambda one: one.send("Platte tekst, één regel.".encode(), "text/plain; charset=utf-8"),
    }
    listed = [source(f"bron-{name}", web.url(f"/{name}")) for name in "pdot"]
    report = fetched(web, tmp_path, *listed, source("zonder", None))
    assert files(tmp_path) == ["bron-d.pdf", "bron-o.pdf", "bron-p.html", "bron-t.txt"]
    assert (tmp_path / "originals" / "bron-p.html").read_bytes() == PAGE
    assert report.new == ("bron-d", "bron-o", "bron-p", "bron-t")
    assert (report.without_address, report.failed) == (("zonder",), ())
    kept = known_files(tmp_path / "originals")["bron-p"]
    assert (kept.url, kept.final_url) == (web.url("/p"), web.url("/p")) and len(kept.sha256) == 64


def test_the_host_is_told_who_asks_and_gets_no_cookie_back(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(Set_Cookie="spoor=1"), "/b": to("/c"), "/c": page()}
    fetched(web, tmp_path, source("a", web.url("/a")), source("b", web.url("/b")))
    for seen in web.seen:
        assert seen.headers["user-agent"].startswith(f"learning-communities-assistant/{__version__} ")
        assert seen.host == f"bron.test:{web.port}" and "cookie" not in seen.headers
        assert seen.headers["accept-language"].startswith("nl,")


def test_proxies_of_the_environment_are_not_used(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.routes = {"/a": page()}
    assert fetched(web, tmp_path, source("a", web.url("/a"))).new == ("a",)


def test_a_packed_page_is_unpacked(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(gzip.compress(PAGE), Content_Encoding="gzip")}
    fetched(web, tmp_path, source("a", web.url("/a")))
    assert (tmp_path / "originals" / "a.html").read_bytes() == PAGE


def test_a_redirect_chain_is_followed(web: Web, tmp_path: Path) -> None:
    web.routes = {"/1": to("/2", 301), "/2": to(web.url("/3", "ander.test"), 307), "/3": to("4", 308), "/4": page()}
    assert fetched(web, tmp_path, source("a", web.url("/1"))).new == ("a",)
    assert known_files(tmp_path / "originals")["a"].final_url == web.url("/4", "ander.test")


# what has not changed


def test_an_unchanged_original_is_not_sent_again(web: Web, tmp_path: Path) -> None:
    changed = "Wed, 20 Dec 2023 10:00:00 GMT"

    def answer(one: Exchange) -> None:
        told = (one.headers["If-None-Match"], one.headers["If-Modified-Since"])
        one.send(b"", status=304) if told == ('"v1"', changed) else one.send(PAGE, ETag='"v1"', Last_Modified=changed)

    web.routes = {"/a": to("/b"), "/b": answer}
    one = source("a", web.url("/a"))
    assert fetched(web, tmp_path, one).new == ("a",)
    before = known_files(tmp_path / "originals")
    assert fetched(web, tmp_path, one).unchanged == ("a",)
    assert (files(tmp_path), known_files(tmp_path / "originals")) == (["a.html"], before)
    assert "if-none-match" not in web.seen[2].headers, "only the address that gave the tag gets it back"


def test_the_same_bytes_are_unchanged_and_others_are_changed(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": in_turn(page(), page(ETag='"nieuw"'), page(PAGE + b"<p>Meer.</p>"))}
    one = source("a", web.url("/a"))
    assert [len(getattr(fetched(web, tmp_path, one), kind)) for kind in ("new", "unchanged", "changed")] == [1, 1, 1]


def test_a_file_that_was_tampered_with_is_fetched_whole(web: Web, tmp_path: Path) -> None:
    web.routes = {
        "/a": lambda one: one.send(b"", status=304) if one.headers["If-None-Match"] else one.send(PAGE, ETag="1")
    }
    one = source("a", web.url("/a"))
    fetched(web, tmp_path, one)
    (tmp_path / "originals" / "a.html").write_bytes(b"<html>vervalst</html>")
    assert fetched(web, tmp_path, one).changed == ("a",)
    assert (tmp_path / "originals" / "a.html").read_bytes() == PAGE


def test_an_original_that_becomes_a_pdf_replaces_the_page(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": in_turn(page(), lambda one: one.send(PDF, "application/pdf"))}
    one = source("a", web.url("/a"))
    fetched(web, tmp_path, one)
    assert (fetched(web, tmp_path, one).changed, files(tmp_path)) == (("a",), ["a.pdf"])


# what is not followed


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://10.0.0.1:{port}/", "10.0.0.1, which is a private network"),
        ("http://127.0.0.2:{port}/", "127.0.0.2, which is this machine itself"),
        ("http://2130706434:{port}/", "127.0.0.2, which is this machine itself"),
        ("http://[::ffff:127.0.0.1]:{port}/", "an IPv4 address wrapped in IPv6"),
        ("http://169.254.169.254:{port}/latest/meta-data/", "link-local"),
        ("http://bron.test:22/", "Port 22"),
        ("file:///etc/passwd", "begins with file"),
        ("ftp://bron.test/a", "begins with ftp"),
        ("http://naam:geheim@bron.test:{port}/", "holds a name or password"),
        ("http://exa\x1b[31mmple:{port}/", "redirects to what is no address"),
        ("", "without saying where to"),
    ],
)
def test_a_redirect_to_where_nothing_is_fetched_from_is_refused(
    web: Web, tmp_path: Path, target: str, said: str
) -> None:
    web.routes = {"/a": to(target.format(port=web.port))}
    report = fetched(web, tmp_path, source("a", web.url("/a")))
    assert said in reason(report) and "geheim" not in reason(report) and "\x1b" not in reason(report)
    assert (web.paths(), files(tmp_path)) == (["/a"], [])


def test_redirects_end_somewhere(web: Web, tmp_path: Path) -> None:
    web.routes = {"/k": to("/l"), "/l": to("/k")} | {f"/{n}": to(f"/{n + 1}") for n in range(20)}
    report = fetched(web, tmp_path, source("kring", web.url("/k")), source("lang", web.url("/0")))
    assert ["in a circle" in report.failed[0].reason, "more than 5 times" in report.failed[1].reason] == [True, True]
    assert len(web.seen) == 2 + 6


def test_a_name_that_changes_its_address_after_the_check_is_not_looked_up_again(web: Web, tmp_path: Path) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]
    web.routes = {"/a": page(), "/b": to("/a")}
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    assert fetched(web, tmp_path, source("a", web.url("/a")), resolve=resolve).new == ("a",)
    assert len(asked) == 1, "one look-up per connection: what was checked is what is connected to"
    asked.clear()
    assert "10.0.0.1" in reason(fetched(web, tmp_path, source("b", web.url("/b")), resolve=resolve))
    assert web.paths() == ["/a", "/b"], "each hop is checked anew"


def test_without_the_dangerous_setting_this_machine_is_not_asked(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}
    one = source("a", web.url("/a", "127.0.0.1"))
    policy = AddressPolicy(ports=frozenset({web.port}))
    assert "this machine itself" in reason(fetched(web, tmp_path, one, policy=policy)) and not web.seen
    opened = AddressPolicy(allow_private=True, ports=frozenset({web.port}))
    assert fetched(web, tmp_path, one, policy=opened).new == ("a",)


# what is too much


@pytest.mark.parametrize("claimed", ["100", "2000000", "99999999999"])
def test_a_content_length_is_not_believed(web: Web, tmp_path: Path, claimed: str) -> None:
    web.routes = {"/a": page(PAGE + b" " * 1_500_000, Content_Length=claimed)}
    report = fetched(web, tmp_path, source("a", web.url("/a")), max_file_mb=1)
    kept = [path.stat().st_size for path in (tmp_path / "originals").glob("a.*")]
    assert kept == ([100] if claimed == "100" else []), "never more than was announced, nor than is allowed"
    assert report.new == (("a",) if claimed == "100" else ())


def test_a_body_that_ends_too_early_leaves_nothing(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(PAGE, Content_Length=str(len(PAGE) + 10))}
    assert "broke off" in reason(fetched(web, tmp_path, source("a", web.url("/a"))))
    assert (files(tmp_path), len(web.seen)) == ([], 2)


def test_a_packed_body_that_ends_too_early_leaves_nothing(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(gzip.compress(PAGE)[:-12], Content_Encoding="gzip")}
    assert "broke off" in reason(fetched(web, tmp_path, source("a", web.url("/a")))) and files(tmp_path) == []


def test_a_bomb_is_defused_by_its_unpacked_size(web: Web, tmp_path: Path) -> None:
    bomb = gzip.compress(PAGE + b" " * 100_000_000, 1)
    assert len(bomb) < 2_000_000
    web.routes = {"/a": page(bomb, Content_Encoding="gzip")}
    report = fetched(web, tmp_path, source("a", web.url("/a")), max_file_mb=2)
    assert "more than 2 MB" in reason(report) and files(tmp_path) == []


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_only_the_packing_that_was_asked_for_is_undone(web: Web, tmp_path: Path, encoding: str) -> None:
    web.routes = {"/a": page(Content_Encoding=encoding)}
    assert "not asked for" in reason(fetched(web, tmp_path, source("a", web.url("/a"))))


def test_chunks_without_end_are_cut_off(web: Web, tmp_path: Path) -> None:
    def endless(one: Exchange) -> None:
        one.raw(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            one.raw(b"10000\r\n" + b"<p>aaa </p>     " * 4096 + b"\r\n")

    web.routes = {"/a": endless}
    assert "more than 1 MB" in reason(fetched(web, tmp_path, source("a", web.url("/a")), max_file_mb=1))
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "opening", [b"", b"HTTP/1.1 200 X\r\n", b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\n\r\n<p>"]
)
def test_a_slow_drip_ends_with_the_time_for_one_file(web: Web, tmp_path: Path, opening: bytes) -> None:
    def drip(one: Exchange) -> None:
        one.raw(opening)
        for _ in range(100):
            one.raw(b"X: y\r\n" if b"\r\n\r\n" not in opening else b"a")
            time.sleep(0.1)

    web.routes = {"/a": drip}
    started = time.monotonic()
    report = fetched(web, tmp_path, source("a", web.url("/a")), total_seconds=0.6)
    said = reason(report)
    assert "not complete after 0.6 seconds" in said or (not opening and "does not answer as a web server" in said)
    assert time.monotonic() - started < 3 and (files(tmp_path), len(web.seen)) == ([], 1)


def test_a_silent_host_is_given_up_after_a_second_try(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": lambda one: time.sleep(1)}
    report = fetched(web, tmp_path, source("a", web.url("/a")), read_seconds=0.3)
    assert "stopped answering" in reason(report) and len(web.seen) == 2


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 X\r\nX: " + b"a" * 300_000 + b"\r\n",
        b"HTTP/1.1 200 X\r\n" + b"X: y\r\n" * 60_000,
        b"\x00\x01\x02 hallo\r\n\r\n",
        b"HTTP/1.1 abc X\r\n\r\n",
    ],
)
def test_headers_without_end_or_sense_are_refused(web: Web, tmp_path: Path, head: bytes) -> None:
    web.routes = {"/a": raw(head)}
    assert "cannot be fetched from" in reason(fetched(web, tmp_path, source("a", web.url("/a"))))


def test_interim_answers_without_end_are_cut_off(web: Web, tmp_path: Path) -> None:
    def interim(one: Exchange) -> None:
        while True:
            one.raw(b"HTTP/1.1 103 Early\r\nX: " + b"a" * 10_000 + b"\r\n\r\n")

    web.routes = {"/a": interim}
    report = fetched(web, tmp_path, source("a", web.url("/a")), max_file_mb=1)
    assert "more than 2 MB" in reason(report) or "not complete" in reason(report)


# what is not what it should be


@pytest.mark.parametrize(
    ("path", "kind", "body", "said"),
    [
        ("/a", "image/png", b"\x89PNG\r\n", "of the type image/png"),
        ("/a", "application/json", b"{}", "of the type application/json"),
        ("/a", "", PAGE, "without a Content-Type"),
        ("/a", "application/octet-stream", PAGE, "of the type application/octet-stream"),
        ("/a.pdf", "text/html", PAGE, "ends in .pdf but a web page came"),
        ("/a.PDF", "application/pdf", PAGE, "ends in .pdf but a web page came"),
        ("/a", "application/pdf", PAGE, "says that this is a PDF, but it starts like a web page"),
        ("/a", "text/html", PDF, "says that this is a web page, but it starts like a PDF"),
        ("/a", "text/html", b"\x00\x01\x02\x03" * 20, "but it starts like something else"),
        ("/a", "text/html", b"geen enkele tag hier", "but it starts like plain text"),
        ("/a", "text/plain", PAGE, "says that this is plain text, but it starts like a web page"),
        ("/a", "text/html", b"  \n ", "The file is empty"),
        ("/a", "text/\x1b[31mrood", PAGE, "of the type text/?[31mrood"),
    ],
)
def test_header_and_first_bytes_have_to_agree(
    web: Web, tmp_path: Path, path: str, kind: str, body: bytes, said: str
) -> None:
    web.routes = {path: lambda one: one.send(body, kind)}
    assert said in reason(fetched(web, tmp_path, source("a", web.url(path)))) and files(tmp_path) == []


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbf\n<!-- x --> " + PAGE, b"Warning: php\n" + PAGE, PAGE.decode().encode("utf-16")]
)
def test_a_page_need_not_begin_with_its_first_tag(web: Web, tmp_path: Path, body: bytes) -> None:
    web.routes = {"/a": page(body)}
    assert fetched(web, tmp_path, source("a", web.url("/a"))).new == ("a",)


# what fails for now


def test_a_host_that_wants_a_pause_gets_it(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": in_turn(lambda one: one.send(b"", status=429, Retry_After="1"), page())}
    assert fetched(web, tmp_path, source("a", web.url("/a"))).new == ("a",)
    assert web.seen[1].at - web.seen[0].at >= 0.95


def test_a_host_that_wants_too_long_a_pause_is_left_alone_for_this_run(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": lambda one: one.send(b"", status=503, Retry_After="7200")}
    report = fetched(web, tmp_path, source("a", web.url("/a")), source("b", web.url("/a")))
    assert "in 7200 seconds" in report.failed[0].reason and "pause of 7200 seconds" in report.failed[1].reason
    assert len(web.seen) == 1


def test_one_retry_and_no_more(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": lambda one: one.send(b"", status=500), "/b": lambda one: one.send(b"", status=404)}
    report = fetched(web, tmp_path, source("a", web.url("/a")), source("b", web.url("/b")))
    assert "status 500" in report.failed[0].reason and "does not have the page (status 404)" in report.failed[1].reason
    assert sorted(web.paths()) == ["/a", "/a", "/b"]


def test_nobody_listening_is_said(web: Web, tmp_path: Path) -> None:
    policy = AddressPolicy(allow_private=True, ports=frozenset({9}))
    report = fetched(web, tmp_path, source("a", "http://bron.test:9/"), policy=policy)
    assert "bron.test cannot be connected to" in reason(report)


def test_a_failure_leaves_the_earlier_file_in_place_and_says_so(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": in_turn(page(), lambda one: one.send(b"", status=404))}
    one = source("a", web.url("/a"))
    fetched(web, tmp_path, one)
    report = fetched(web, tmp_path, one)
    assert report.failed[0].kept and "stays in use" in reason(report)
    assert (tmp_path / "originals" / "a.html").read_bytes() == PAGE and "a" in known_files(tmp_path / "originals")


# manners


def test_requests_to_one_host_keep_their_distance_and_hosts_go_side_by_side(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(), "/r": to("/a")}
    listed = [source(f"{host}-{n}", web.url("/a", f"{host}.test")) for host in ("een", "twee") for n in range(3)]
    started = time.monotonic()
    fetched(web, tmp_path, *listed, source("een-r", web.url("/r", "een.test")), host_interval_seconds=0.25)
    for host, count in (("een", 5), ("twee", 3)):
        times = sorted(seen.at for seen in web.seen if seen.host.startswith(host))
        assert len(times) == count and min(b - a for a, b in pairwise(times)) >= 0.22
    assert time.monotonic() - started < 1.7, "one after the other would take two seconds"


# TLS


def authority(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context with a certificate for a name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(own).issuer_name(own).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


def test_certificates_are_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    server, client = authority(tmp_path, "bron.test")
    names: list[Any] = []
    server.sni_callback = lambda _, name, __: names.append(name)
    with serving(server) as web:
        web.routes = {"/a": page(), "/b": to(web.url("/a", "bron.test."))}
        trusted = fetched(web, tmp_path, source("a", web.url("/b")), ssl_context=client)
        assert trusted.new == ("a",) and set(names) == {"bron.test"} and web.seen[0].host == f"bron.test:{web.port}"
        other = fetched(web, tmp_path, source("b", web.url("/a", "vals.test")), ssl_context=client)
        assert "does not prove that it is vals.test" in reason(other)
        unknown = fetched(web, tmp_path, source("c", web.url("/a")))
        assert "does not prove that it is bron.test" in reason(unknown) and len(web.seen) == 2


def test_a_slow_drip_through_tls_is_whole_in_the_end(tmp_path: Path) -> None:
    server, client = authority(tmp_path, "bron.test")

    def slow(one: Exchange) -> None:
        one.raw(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE))
        for start in range(0, len(PAGE), 100):
            one.raw(PAGE[start : start + 100])
            time.sleep(0.3)

    with serving(server) as web:
        web.routes = {"/a": slow}
        assert fetched(web, tmp_path, source("a", web.url("/a")), ssl_context=client).new == ("a",)
    assert (tmp_path / "originals" / "a.html").read_bytes() == PAGE


# the folder


@pytest.mark.parametrize(
    "name",
    [
        "../../weg",
        "a/b",
        "/etc/passwd",
        "..",
        ".verborgen",
        "a\\b",
        "a\x00b",
        "",
        "con",
        "nul.txt",
        "a" * 200,
        "punt.",
        "é",
    ],
)
def test_an_id_that_is_no_name_of_a_file_is_refused(web: Web, tmp_path: Path, name: str) -> None:
    web.routes = {"/a": page()}
    assert "cannot be the name of a file" in reason(fetched(web, tmp_path, source(name, web.url("/a"))))
    assert (files(tmp_path), web.seen) == ([], [])


def test_ids_that_differ_in_capitals_only_do_not_share_a_file(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}
    report = fetched(web, tmp_path, source("bron", web.url("/a")), source("Bron", web.url("/a")))
    assert report.new == ("bron",) and "differs from bron in capitals only" in reason(report)


def test_what_leaves_the_register_leaves_the_folder_and_nothing_else_does(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page(), "/b": page(PAGE + b"b")}
    fetched(web, tmp_path, source("a", web.url("/a")), source("b", web.url("/b")))
    (tmp_path / "originals" / "eigen.html").write_bytes(b"van een ander")
    report = fetched(web, tmp_path, source("a", web.url("/a")), source("b", None))
    assert (report.removed, files(tmp_path)) == (("b",), ["a.html", "eigen.html"])


def test_a_file_of_somebody_else_is_not_overwritten(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}
    (tmp_path / "originals").mkdir()
    (tmp_path / "originals" / "a.html").write_bytes(b"van een ander")
    assert "is in the way" in reason(fetched(web, tmp_path, source("a", web.url("/a"))))
    assert (tmp_path / "originals" / "a.html").read_bytes() == b"van een ander"


def test_a_state_that_names_files_elsewhere_is_refused(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}
    fetched(web, tmp_path, source("a", web.url("/a")))
    outside = tmp_path / "buiten.html"
    outside.write_text("blijft", encoding="utf-8")
    state = tmp_path / "originals" / ".state.json"
    content = json.loads(state.read_text(encoding="utf-8"))
    content["files"]["a"]["file"] = "../buiten.html"
    state.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="is no name of an original"):
        fetched(web, tmp_path)
    state.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="to fetch everything anew"):
        known_files(tmp_path / "originals")
    assert outside.read_text(encoding="utf-8") == "blijft"


def test_a_link_in_place_of_an_original_is_replaced_and_not_followed(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}
    one = source("a", web.url("/a"))
    fetched(web, tmp_path, one)
    outside = tmp_path / "buiten.html"
    outside.write_bytes(PAGE)
    place = tmp_path / "originals" / "a.html"
    place.unlink()
    place.symlink_to(outside)
    assert fetched(web, tmp_path, one).changed == ("a",)
    assert not place.is_symlink() and outside.exists()


@pytest.mark.parametrize("in_place", [True, False])
def test_a_run_that_was_killed_leaves_either_the_old_file_or_the_new(web: Web, tmp_path: Path, in_place: bool) -> None:
    web.routes = {"/a": page(ETag='"1"')}
    one = source("a", web.url("/a"))
    fetched(web, tmp_path, one)
    state, place = tmp_path / "originals" / ".state.json", tmp_path / "originals" / "a.html"
    content = json.loads(state.read_text(encoding="utf-8"))
    new = PAGE + b"nieuw"
    announced = {**content["files"]["a"], "file": "a.pdf" if in_place else "a.html"}
    content["pending"] = {"a": {**announced, "sha256": hashlib.sha256(new).hexdigest()}}
    state.write_text(json.dumps(content), encoding="utf-8")
    if in_place:
        (tmp_path / "originals" / "a.pdf").write_bytes(new)
    assert known_files(tmp_path / "originals")["a"].file == announced["file"]
    web.routes = {}
    report = fetched(web, tmp_path, one)
    assert report.failed[0].kept and files(tmp_path) == [announced["file"]]
    assert place.exists() is not in_place


def test_an_interrupted_run_keeps_what_had_come_in_and_nothing_half(web: Web, tmp_path: Path) -> None:
    stalled = threading.Event()

    def stall(one: Exchange) -> None:
        one.raw(b"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<html><p>half")
        stalled.set()
        time.sleep(3)

    def interrupt(_: object) -> None:
        assert stalled.wait(2)
        raise KeyboardInterrupt

    web.routes = {"/a": page(), "/b": stall}
    listed = source("a", web.url("/a", "een.test")), source("b", web.url("/b", "twee.test"))
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetched(web, tmp_path, *listed, progress=interrupt)
    assert time.monotonic() - started < 2.5, "a stalled host does not hold up the end"
    assert files(tmp_path) == ["a.html"] and list(known_files(tmp_path / "originals")) == ["a"]
    web.routes["/b"] = page(PAGE + b"b")
    assert fetched(web, tmp_path, *listed).new == ("b",)


def test_two_runs_do_not_share_a_folder(web: Web, tmp_path: Path) -> None:
    web.routes = {"/a": page()}

    def second(_: object) -> None:
        with pytest.raises(InputError, match="Another run"):
            fetched(web, tmp_path, source("a", web.url("/a")))

    fetched(web, tmp_path, source("a", web.url("/a")), progress=second)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "originals").mkdir(mode=0o500)
    with pytest.raises(InputError, match="cannot be written"):
        fetched(Web(80), tmp_path)


def test_a_mistake_in_the_program_is_not_taken_for_a_failed_download(web: Web, tmp_path: Path) -> None:
    def broken(*_: object) -> list[str]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fetched(web, tmp_path, source("a", web.url("/a")), resolve=broken)


def test_the_settings_decide_what_is_allowed(tmp_path: Path) -> None:

    one = {"a": source("a", "http://127.0.0.1:81/")}
    assert "Port 81" in fetch(one, options(tmp_path)).failed[0].reason
    report = fetch(one, options(tmp_path, ports=[81]), resolve=on_loopback)
    assert "this machine itself" in report.failed[0].reason
