"""Which chat model a name gives, and what a server that is dead, slow or rude makes of an answer."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from builders import chunk, hit

from assistant.answerers.chat_models import load_chat_model
from assistant.answerers.generative import GenerativeAnswerer
from assistant.errors import ModelError
from assistant.pipeline.generated import Outcome, write
from assistant.settings import LlmSettings, load_settings
from assistant.types import SearchQuery

QUERY = SearchQuery("Wat kostte de proeftuin?", "Wat kostte de proeftuin?", "nl")
PASSAGE = chunk("De proeftuin kostte 420.000 euro.")


def outcome_of(base_url: str, **limits: Any) -> Outcome:
    pytest.importorskip("langchain_openai")
    made = GenerativeAnswerer.open(load_settings({"llm": {"model": "openai:any", "base_url": base_url, **limits}}))
    assert made is not None
    *_, outcome = write(made, QUERY, [hit(PASSAGE, 0.9)])
    assert isinstance(outcome, Outcome)
    return outcome


class _Server(BaseHTTPRequestHandler):
    """Answers each request with what the test asks for."""

    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""
    seconds: ClassVar[float] = 0.0
    keys: ClassVar[list[str | None]] = []

    def do_POST(self) -> None:
        self.keys.append(self.headers.get("Authorization"))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.seconds)
        self.send_response(self.status)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}/v1"
    made.shutdown()
    made.server_close()
    _Server.status, _Server.body, _Server.seconds = 200, b"", 0.0
    _Server.keys.clear()


def test_a_dead_server_is_no_error() -> None:
    assert outcome_of("http://127.0.0.1:9/v1").failure == "unreachable"


def test_a_slow_server_is_left_in_time(server: str) -> None:
    _Server.seconds = 6.0
    started = time.monotonic()
    assert outcome_of(server, first_sentence_seconds=1.0).failure == "slow"
    assert time.monotonic() - started < 4.0


@pytest.mark.parametrize(("status", "body"), [(500, b"oops"), (401, b"no"), (429, b""), (200, b"<html>hello</html>")])
def test_a_server_that_gives_no_reply_is_no_error(server: str, status: int, body: bytes) -> None:
    _Server.status, _Server.body = status, body
    assert outcome_of(server).failure in ("unreachable", "garbage")


def test_the_key_of_the_environment_does_not_go_to_another_address(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-alone")
    outcome_of(server)
    assert _Server.keys and all("sk-for-openai-alone" not in str(key) for key in _Server.keys)


def test_a_provider_whose_package_is_missing_is_named_with_the_command() -> None:
    with pytest.raises(ModelError, match=r"pip install langchain-\w+"):
        load_chat_model("nvidia:some-model", LlmSettings())


@pytest.mark.parametrize("name", ["nonsense", "nonsense:model", "openai:"])
def test_a_name_that_means_nothing_is_one_clear_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError) as raised:
        load_chat_model(name, LlmSettings())
    assert "provider:model" in str(raised.value) and "\n" not in str(raised.value)


def test_without_a_model_there_is_no_generative_answerer() -> None:
    assert GenerativeAnswerer.open(load_settings()) is None


def test_the_short_variable_and_those_of_the_group_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LLM", "openai:some-model")
    monkeypatch.setenv("ASSISTANT_LLM__API_KEY", "sk-secret")
    llm = load_settings().llm
    assert llm.model == "openai:some-model"
    assert llm.api_key is not None and llm.api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(llm)
