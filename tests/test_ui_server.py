"""The real application, with the real assistant over a small corpus: routes, headers, endpoints."""

import asyncio
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import SOURCES
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.embedder import load_embedder
from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings, load_settings
from assistant.ui.backend import OpenBackend
from assistant.ui.document_links import document_address, passage_address, public_id
from assistant.ui.routes import DOCUMENT_HEADERS
from assistant.ui.security import SecurityHeaders, page_policy
from assistant.ui.server import build_application
from assistant.ui.texts import LANGUAGES, InterfaceLanguage, texts_in

PILOT_NL = """---
title: De <b>pilot</b>
kind: funding
language: nl
updated: 2026-11-21
---

## Geld

De pilot kostte in totaal 850.000 euro.[^nlaic-2023]

Wie `<script>alert(1)</script>` typt, ziet <img src=x onerror=alert(1)> als tekst.[^nlaic-2023]
"""
PILOT_EN = """---
title: The pilot
kind: funding
language: en
---

## Money

The pilot cost 850,000 euros in total.[^nlaic-2023]
"""


@dataclass
class Served:
    """The application and what it was made from."""

    client: TestClient
    application: FastAPI
    assistant: Assistant
    settings: Settings
    corpus: Path

    def ingest_again(self) -> None:
        ingest([self.corpus], self.settings)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (corpus / "pilot.nl.md").write_text(PILOT_NL, encoding="utf-8")
    (corpus / "pilot.en.md").write_text(PILOT_EN, encoding="utf-8")
    settings = load_settings({"index": {"directory": folder / "index"}, "chat": {"max_question_chars": 200}})
    ingest([corpus], settings, embedder=load_embedder(settings.embedder))
    assistant = Assistant.open(settings)
    application = asyncio.run(built(lambda: assistant, settings))
    with TestClient(application) as client:
        yield Served(client, application, assistant, settings, corpus)
    assistant.close()


async def built(open_backend: OpenBackend, settings: Settings) -> FastAPI:
    """Build within a running loop: where Gradio finds none, it makes some and never closes them."""
    return build_application(open_backend, settings)


def call(client: TestClient, name: str, *arguments: Any) -> str:
    """Call a public endpoint the way other programs do, and return what it streams back."""
    event = client.post(f"/gradio_api/call/{name}", json={"data": list(arguments)})
    assert event.status_code == 200, event.text
    return client.get(f"/gradio_api/call/{name}/{event.json()['event_id']}").text


# the page


def test_the_page_allows_its_own_scripts_only(served: Served) -> None:
    page = served.client.get("/")
    policy = page.headers["content-security-policy"]
    scripts = re.findall(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page.content, re.DOTALL)
    assert scripts
    for script in scripts:
        assert f"'sha256-{b64encode(sha256(script).digest()).decode()}'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "http" not in policy and "*" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy


def test_the_page_is_named_for_what_it_is_and_not_for_gradio(served: Served) -> None:
    page = served.client.get("/").text
    assert "<title>Learning Communities-assistent</title>" in page and '<html\n\tlang="nl"' in page
    assert "og:" not in page and "@Gradio" not in page and "<noscript>" in page
    assert served.client.get("/page/icon.svg").headers["content-type"] == "image/svg+xml"


def test_the_policy_names_no_script_that_has_a_file() -> None:
    assert "sha256" not in page_policy(b'<script type="module" src="/a.js"></script>')


@pytest.mark.parametrize("path", ["/", "/page/page.css", "/theme.css", "/gradio_api/info", "/documents/x", "/nowhere"])
def test_every_response_carries_the_security_headers(served: Served, path: str) -> None:
    headers = served.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_comes_compressed_pages_or_not(served: Served) -> None:
    plain = served.client.get("/", headers={"accept-encoding": "identity"})
    squeezed = served.client.get("/", headers={"accept-encoding": "br, gzip"})
    assert "gradio_config" in plain.text and "gradio_config" in squeezed.text


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=https://example.org",
        "/gradio_api/upload",
        "/gradio_api/runs",
        "/gradio_api/vibe-code",
        "/gradio_api/deep_link",
        "/monitoring",
        "/monitoring/summary",
        "/docs",
        "/openapi.json",
        "/.env",
    ],
)
def test_routes_that_the_page_does_not_use_are_closed(served: Served, path: str) -> None:
    assert served.client.get(path).status_code == 404
    assert served.client.post(path).status_code == 404


def test_another_site_may_not_read_the_answers(served: Served) -> None:
    response = served.client.get("/config", headers={"origin": "https://example.org", "host": "chat.example.com"})
    assert "access-control-allow-origin" not in response.headers


def test_the_page_names_no_other_host_to_fetch_from(served: Served) -> None:
    page = served.client.get("/").text + served.client.get("/theme.css").text
    for host in ("fonts.googleapis", "gstatic", "cdn", "huggingface"):
        assert host not in page.lower(), host


def test_gradio_sends_no_usage_figures_and_shows_no_footer(served: Served) -> None:
    config = served.client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []


# the endpoints


def test_only_ask_is_public(served: Served) -> None:
    info = served.client.get("/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ["/ask"] and not info["unnamed_endpoints"]
    ask = info["named_endpoints"]["/ask"]
    assert [one["parameter_name"] for one in ask["parameters"]] == ["question", "history"]
    assert ask["parameters"][0]["python_type"]["type"] == "str" and "history" in ask["description"]


def test_other_programs_can_ask(served: Served) -> None:
    reply = call(served.client, "ask", "Hoeveel kostte de pilot?", [])
    assert "event: complete" in reply and "850.000 euro" in reply and '"status": "answered"' in reply


def test_other_programs_can_ask_further(served: Served) -> None:
    history = [
        {"role": "user", "content": "Hoeveel kostte de pilot?"},
        {"role": "assistant", "content": "De pilot kostte in totaal 850.000 euro. [1]"},
    ]
    assert "search_query" in call(served.client, "ask", "En in het Engels?", history)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("", []),
        ("x" * 201, []),
        ("Vraag?", [{"role": "system", "content": "x"}]),
        ("Vraag?", [{"role": "user"}]),
    ],
)
def test_what_cannot_be_asked_is_an_error_without_a_traceback(
    served: Served, question: str, history: list[dict[str, str]]
) -> None:
    reply = call(served.client, "ask", question, history)
    assert "event: error" in reply and ("question must" in reply or "each message" in reply)
    assert "Traceback" not in reply


def test_the_number_of_questions_at_once_is_limited(served: Served) -> None:
    page = served.client.get("/config").json()
    asking = [one for one in page["dependencies"] if one["api_name"] == "ask"]
    assert len(asking) == 1
    blocks = next(route.app for route in served.application.routes if getattr(route, "path", None) == "").get_blocks()  # type: ignore[attr-defined]
    limits = {fn.concurrency_limit for fn in blocks.fns.values() if fn.concurrency_id == "questions"}
    assert limits == {served.settings.chat.concurrency}
    assert blocks._queue.max_size == served.settings.chat.queue_size


# documents


def test_a_document_is_a_plain_page_in_a_sandbox(served: Served) -> None:
    response = served.client.get(document_address("pilot.nl.md", "nl"))
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == DOCUMENT_HEADERS["Content-Security-Policy"]
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "De &lt;b&gt;pilot&lt;/b&gt;" in response.text and "Bijgewerkt op 21 november 2026" in response.text
    assert "<script" not in response.text and "<img" not in response.text


def test_the_cited_words_are_marked_in_the_document(served: Served) -> None:
    citation = served.assistant.ask("Hoeveel kostte de pilot?").citations[0]
    page = served.client.get(passage_address(citation, "nl")).text
    assert re.findall(r'<mark id="passage">(.*?)</mark>', page) == ["De pilot kostte in totaal 850.000 euro."]


@pytest.mark.parametrize(
    "query",
    [
        "start=0&end=5&quote=0000000000000000",
        "start=5&end=2&quote=x",
        "start=0&end=99999999999&quote=x",
    ],
)
def test_words_that_have_changed_are_not_marked(served: Served, query: str) -> None:
    page = served.client.get(f"/documents/{public_id('pilot.nl.md')}?{query}&lang=nl")
    assert page.status_code == 200 and "<mark" not in page.text
    assert "veranderd sinds het antwoord" in page.text


@pytest.mark.parametrize("query", ["start=-1&end=3", "start=a&end=b", "start=²&end=3", "start=1", "end=" + "9" * 5000])
def test_an_address_that_makes_no_sense_shows_the_document_unmarked(served: Served, query: str) -> None:
    page = served.client.get(f"/documents/{public_id('pilot.nl.md')}?{query}")
    assert page.status_code == 200 and "<mark" not in page.text


def test_a_document_points_at_its_twin(served: Served) -> None:
    page = served.client.get(document_address("pilot.nl.md", "nl")).text
    assert f'href="{document_address("pilot.en.md", "nl")}"' in page


@pytest.mark.parametrize(
    "public",
    ["x", "..%2f..%2fetc%2fpasswd", "pilot.nl.md", public_id("../index/CURRENT"), public_id("/etc/passwd"), "%00"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_document_is_a_plain_404(served: Served, public: str, language: InterfaceLanguage) -> None:
    words = texts_in(language)("document.missing_title")
    response = served.client.get(f"/documents/{public}", headers={"accept-language": language})
    assert response.status_code == 404
    if response.headers["content-type"].startswith("text/html"):
        assert words in response.text and "sandbox" in response.headers["content-security-policy"]


def test_a_new_index_is_used_at_once(served: Served) -> None:
    extra = served.corpus / "later.nl.md"
    text = "De gemeente Urk doet mee sinds 2026.[^nlaic-2023]"
    extra.write_text(f"---\ntitle: Later\nlanguage: nl\n---\n\n{text}\n", encoding="utf-8")
    assert served.client.get(document_address("later.nl.md", "nl")).status_code == 404
    served.ingest_again()
    assert served.client.get(document_address("later.nl.md", "nl")).status_code == 200
    assert "gemeente Urk" in call(served.client, "ask", "Sinds wanneer doet de gemeente Urk mee?", [])


def test_many_ask_at_the_same_time(served: Served) -> None:
    replies: list[str] = []
    threads = [
        threading.Thread(target=lambda: replies.append(call(served.client, "ask", "Hoeveel kostte de pilot?", [])))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(replies) == 8 and all("850.000" in reply for reply in replies)


def test_other_protocols_pass_the_headers_by() -> None:
    seen: list[str] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(SecurityHeaders(application)({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]
