"""Other programs over a real connection: Gradio's client, an MCP client, and plain HTTP."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from live import live
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings, load_settings

DOCUMENT = """# De pilot

De pilot kostte in totaal 850.000 euro. De NL AIC betaalde de pilot in 2022.
"""


@dataclass
class Running:
    address: str
    settings: Settings
    assistant: Assistant


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "pilot.nl.md").write_text(DOCUMENT, encoding="utf-8")
    settings = load_settings({"index": {"directory": folder / "index"}, "serve": {"questions_per_minute": 1000}})
    ingest([folder / "pilot.nl.md"], settings)
    assistant = Assistant.open(settings)
    with live(lambda: assistant, settings) as (port, _):
        yield Running(f"http://127.0.0.1:{port}/", settings, assistant)
    assistant.close()


# Gradio's own client


def test_gradios_client_asks_and_searches(running: Running) -> None:
    client = Client(running.address, verbose=False)
    try:
        answer = client.predict("Hoeveel kostte de pilot?", api_name="/ask")
        assert answer["status"] == "answered" and "850.000 euro" in answer["text"] and answer["citations"]
        history = [{"role": "user", "content": "Hoeveel kostte de pilot?"}, {"role": "assistant", "content": "Veel."}]
        further = client.predict(question="En wie betaalde?", history=history, api_name="/ask")
        assert "pilot" in further["search_query"]
        found = client.predict("pilot", k=1, api_name="/search")
        assert [hit["rank"] for hit in found["hits"]] == [1] and "850.000" in found["hits"][0]["text"]
        with pytest.raises(AppError, match="question must"):
            client.predict(" ", api_name="/ask")
        with pytest.raises(AppError, match="k must be"):
            client.predict("pilot", k=0, api_name="/search")
    finally:
        client.close()


# MCP


def over_mcp(address: str, *calls: tuple[str, dict[str, Any]]) -> tuple[Any, list[CallToolResult]]:
    """Return what the server offers, and what came of calls."""

    async def run() -> tuple[Any, list[CallToolResult]]:
        async with (
            streamable_http_client(address) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            offered = await session.list_tools(), await session.list_resources(), await session.list_prompts()
            return offered, [await session.call_tool(*call) for call in calls]

    return asyncio.run(run())


def text_of(result: CallToolResult) -> str:
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


@pytest.mark.parametrize("path", ["gradio_api/mcp", "gradio_api/mcp/"])
def test_an_mcp_client_asks_and_searches(running: Running, path: str) -> None:
    (tools, resources, prompts), (answer, found, refused, incomplete) = over_mcp(
        running.address + path,
        ("ask", {"question": "Wie betaalde de pilot?"}),
        ("search", {"question": "pilot", "k": 1}),
        ("ask", {"question": "x" * 5000}),
        ("ask", {}),
    )
    assert [tool.name for tool in tools.tools] == ["ask", "search"]
    assert not resources.resources and not prompts.prompts
    ask = tools.tools[0]
    assert "citations" in ask.description and ask.inputSchema["required"] == ["question"]
    assert all(one["description"] for one in ask.inputSchema["properties"].values())
    assert json.loads(text_of(answer))["citations"][0]["quote"].startswith("De NL AIC betaalde")
    assert json.loads(text_of(found))["hits"][0]["document"] == "pilot.nl.md"
    assert refused.isError and "question must" in text_of(refused)
    assert incomplete.isError and "required" in text_of(incomplete)


def test_an_mcp_call_goes_to_no_address_that_its_client_names(running: Running) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"question": "x"}},
    }
    headers = {
        "accept": "application/json, text/event-stream",
        "host": "192.0.2.1",
        "x-forwarded-host": "192.0.2.1",
        "x-gradio-server": "http://192.0.2.1/",
    }
    reply = httpx.post(f"{running.address}gradio_api/mcp/", json=call, headers=headers, timeout=5)
    assert reply.status_code == 200 and '"isError":false' in reply.text and "192.0.2.1" not in reply.text


@pytest.mark.parametrize("path", ["gradio_api/mcp/sse", "gradio_api/mcp/schema", "gradio_api/mcp/messages/x"])
def test_no_other_part_of_mcp_is_open(running: Running, path: str) -> None:
    assert httpx.get(running.address + path).status_code == 404
    assert httpx.post(running.address + path).status_code == 404


def test_a_browser_gets_no_page_of_gradios_for_mcp(running: Running) -> None:
    reply = httpx.get(f"{running.address}gradio_api/mcp/")
    assert reply.status_code == 405 and reply.headers["allow"] == "POST"
    assert reply.headers["x-content-type-options"] == "nosniff"


# plain HTTP


def test_one_request_is_enough_to_ask(running: Running) -> None:
    body = {"data": ["Hoeveel kostte de pilot?", []]}
    reply = httpx.post(f"{running.address}gradio_api/run/ask", json=body, headers={"x-request-id": "mine-1"})
    assert reply.headers["x-request-id"] == "mine-1"
    assert reply.json()["data"][0]["status"] == "answered"


def test_who_asks_too_much_hears_when_to_come_back(running: Running) -> None:
    settings = running.settings.model_copy(
        update={"serve": running.settings.serve.model_copy(update={"questions_per_minute": 2})}
    )
    body = {"data": ["Hoeveel kostte de pilot?", []]}
    with live(lambda: running.assistant, settings) as (port, _):
        address = f"http://127.0.0.1:{port}/"
        replies = [httpx.post(f"{address}gradio_api/run/ask", json=body) for _ in range(2)]
        replies.append(httpx.post(f"{address}gradio_api/call/search", json=body))
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 30 and "too many" in replies[-1].json()["error"]
        assert replies[-1].headers["x-frame-options"] == "DENY"
        _, (over,) = over_mcp(f"{address}gradio_api/mcp", ("search", {"question": "pilot"}))
        assert over.isError and "too many questions" in text_of(over)
        figures = httpx.get(f"{address}metrics").text
        assert 'assistant_not_admitted_total{why="too_many"} 2.0' in figures


def test_a_program_that_stops_takes_no_more_questions(running: Running) -> None:
    with live(lambda: running.assistant, running.settings) as (port, application):
        application.state.line.close()
        reply = httpx.post(f"http://127.0.0.1:{port}/gradio_api/run/ask", json={"data": ["Vraag?", []]})
        assert reply.status_code == 503 and "retry-after" in reply.headers
        health = httpx.get(f"http://127.0.0.1:{port}/healthz")
        assert (health.status_code, health.json()["status"]) == (503, "stopping")
