"""The real application, with the real assistant over a small corpus: routes, headers, endpoints."""

import asyncio
import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import SOURCES
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import __version__
from assistant.embedder import load_embedder
from assistant.errors import SettingsError
from assistant.pipeline import Assistant, ingest
from assistant.settings import ServeSettings, Settings, load_settings
from assistant.ui.backend import OpenBackend
from assistant.ui.document_links import document_address, passage_address, public_id
from assistant.ui.logs import JsonLines
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


async def built(open_backend: OpenBackend, settings: Settings, is_loaded: Callable[[], bool] = lambda: True) -> FastAPI:
    """Build within a running loop: where Gradio finds none, it makes some and never closes them."""
    return build_application(open_backend, settings, is_loaded)


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


@pytest.mark.parametrize(
    "path",
    ["/", "/page/page.css", "/theme.css", "/gradio_api/info", "/documents/x", "/nowhere", "/healthz", "/metrics"],
)
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


def test_only_asking_and_searching_are_public(served: Served) -> None:
    info = served.client.get("/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ["/ask", "/search"] and not info["unnamed_endpoints"]
    ask, search = info["named_endpoints"].values()
    assert [one["parameter_name"] for one in ask["parameters"]] == ["question", "history"]
    assert [one["parameter_has_default"] for one in ask["parameters"]] == [False, True]
    assert set(ask["parameters"][1]["type"]["items"]["properties"]) == {"role", "content", "refused"}
    assert "citations" in ask["description"] and "hits" in search["description"]


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
        ("Vraag?", [{"role": "user", "content": "x"}] * 101),
    ],
)
def test_what_cannot_be_asked_is_an_error_without_a_traceback(
    served: Served, question: str, history: list[dict[str, str]]
) -> None:
    reply = call(served.client, "ask", question, history)
    assert "event: error" in reply and ("question must" in reply or "each message" in reply or "history must" in reply)
    assert "Traceback" not in reply


def test_gradio_holds_no_question_back_as_the_line_does_that(served: Served) -> None:
    blocks = next(route.app for route in served.application.routes if getattr(route, "path", None) == "").get_blocks()  # type: ignore[attr-defined]
    limits = {fn.concurrency_limit for fn in blocks.fns.values() if fn.concurrency_id == "questions"}
    assert limits == {None}
    chat = served.settings.chat
    assert blocks._queue.max_thread_count > chat.concurrency + chat.queue_size
    assert blocks.state_holder.capacity == served.settings.serve.sessions


# whether it works, and how much it does


def test_health_says_that_questions_can_be_answered_and_no_more(served: Served) -> None:
    reply = served.client.get("/healthz")
    assert reply.status_code == 200 and reply.headers["cache-control"] == "no-store"
    assert reply.json() == {"status": "ready", "index": served.assistant.generation, "version": __version__}


def test_health_says_that_the_assistant_is_loading_without_waiting_for_it(served: Served) -> None:
    def never() -> Assistant:
        raise AssertionError("was waited for")

    with TestClient(asyncio.run(built(never, served.settings, lambda: False))) as client:
        reply = client.get("/healthz")
        assert (reply.status_code, reply.json()["status"]) == (503, "loading")
        assert "assistant_ready 0.0" in client.get("/metrics").text


def test_health_says_that_the_index_cannot_be_used(tmp_path: Path) -> None:
    settings = load_settings({"index": {"directory": tmp_path / "index"}})
    (tmp_path / "a.md").write_text("# Een\n\nDe pilot kostte 5 euro.\n", encoding="utf-8")
    ingest([tmp_path], settings)
    assistant = Assistant.open(settings)
    with TestClient(asyncio.run(built(lambda: assistant, settings))) as client:
        (tmp_path / "index" / "CURRENT").write_text("gen-000099", encoding="utf-8")
        reply = client.get("/healthz")
        assert (reply.status_code, reply.json()["status"]) == (503, "index_unavailable")
        assert str(tmp_path) not in reply.text
    assistant.close()


def test_questions_are_counted_by_outcome_and_never_quoted(served: Served) -> None:
    def figure(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", served.client.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    answered = 'assistant_questions_total{answerer="extractive",language="nl",reason="",status="answered"}'
    took = 'assistant_stage_seconds_count{stage="total"}'
    before = figure(answered), figure(took), figure("assistant_searches_total")
    call(served.client, "ask", "Hoeveel kostte de pilot?", [])
    call(served.client, "search", "Hoeveel kostte de pilot?", 3)
    assert (figure(answered), figure(took), figure("assistant_searches_total")) == tuple(one + 1 for one in before)
    assert figure("assistant_questions_answering") == figure("assistant_questions_waiting") == 0
    text = served.client.get("/metrics").text
    assert f'generation="{served.assistant.generation}"' in text
    assert "pilot" not in text.lower() and "testclient" not in text


def with_serve(settings: Settings, **changes: Any) -> Settings:
    """Return settings with other values in one group, checked as the environment's are."""
    serve = ServeSettings.model_validate({**settings.serve.model_dump(), **changes})
    return settings.model_copy(update={"serve": serve})


def test_the_figures_can_ask_for_a_token_or_be_switched_off(served: Served) -> None:
    guarded = with_serve(served.settings, metrics_token="zestien-tekens!!")
    with TestClient(asyncio.run(built(lambda: served.assistant, guarded))) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer zestien-tekens!?"}).status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer zestien-tekens!!"}).status_code == 200
    off = with_serve(served.settings, metrics=False)
    with TestClient(asyncio.run(built(lambda: served.assistant, off))) as client:
        assert client.get("/metrics").status_code == 404


# every request


def test_a_request_keeps_its_id_where_it_is_harmless(served: Served) -> None:
    def given(value: str) -> str:
        return served.client.get("/healthz", headers={"x-request-id": value}).headers["x-request-id"]

    assert given("job-17.4_b") == "job-17.4_b"
    for bad in ("a b", "x" * 65, "<script>", '"}'):
        assert re.fullmatch("[0-9a-f]{32}", given(bad))


def test_a_request_that_is_too_large_is_refused(served: Served) -> None:
    small = with_serve(served.settings, max_body_kb=16)
    with TestClient(asyncio.run(built(lambda: served.assistant, small))) as client:
        address, body = "/gradio_api/call/ask", json.dumps({"data": ["x" * 20_000, []]})
        assert client.post(address, content=body).status_code == 413

        def pieces() -> Iterator[bytes]:
            yield body.encode()

        assert client.post(address, content=pieces()).status_code == 413
        assert client.post(address, content=b"{}", headers={"content-length": "-1"}).status_code == 413
        fits = {"data": ["Hoeveel kostte de pilot?", []]}
        json_type = {"content-type": "application/json"}
        chunked = client.post("/gradio_api/run/ask", content=iter([json.dumps(fits).encode()]), headers=json_type)
        assert chunked.status_code == 200 and "850.000" in chunked.text


def test_a_log_says_how_a_question_went_and_not_what_was_asked(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "assistant"):
        reply = served.client.post(
            "/gradio_api/run/ask",
            json={"data": ["Hoeveel kostte de Rotterdamse pilot?", []]},
            headers={"x-request-id": "seen"},
        )
        served.client.get("/documents/x?lang=Rotterdamse")
    assert reply.status_code == 200
    answered = next(json.loads(JsonLines(False).format(one)) for one in caplog.records if one.message == "answered")
    assert answered["status"] in ("answered", "partial", "refused") and answered["milliseconds"] > 0
    lines = [JsonLines(False).format(one) for one in caplog.records]
    assert not any("Rotterdamse" in line or "850.000" in line for line in lines)


def test_a_log_holds_the_question_where_a_setting_says_so(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    telling = with_serve(served.settings, log_questions=True)
    with (
        TestClient(asyncio.run(built(lambda: served.assistant, telling))) as client,
        caplog.at_level("INFO", "assistant"),
    ):
        client.post("/gradio_api/run/ask", json={"data": ["Hoeveel kostte de pilot?", []]})
    line = next(json.loads(JsonLines(True).format(one)) for one in caplog.records if one.message == "answered")
    assert line["question"] == "Hoeveel kostte de pilot?" and "850.000" in line["answer"]


@pytest.mark.parametrize("root", ["/page", "/documents/x", "/gradio_api", "/sign-in", "/metrics"])
def test_a_root_path_that_hides_an_address_of_ours_is_refused(served: Served, root: str) -> None:
    with pytest.raises(SettingsError, match=r"serve\.root_path"):
        asyncio.run(built(lambda: served.assistant, with_serve(served.settings, root_path=root)))


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
    assert re.search(rf'href="[./a-z]*{public_id("pilot.en.md")}\?lang=nl"', page)


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
