"""`python -m evals.load`: many readers at once on the real page.

app.py runs in a process of its own. Each reader asks through the queue of the page, as a browser does:
join, listen to the stream, think, ask again, and begin a new conversation every few questions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import httpx

from assistant.commands.common import DONE, PARTLY, Parser, guarded, write
from assistant.errors import InputError
from evals.cases import read_cases

_ROOT = Path(__file__).parent.parent
_CONVERSATION: Final = 4
"""Questions in one conversation."""
_PATIENCE_SECONDS: Final = 120
_CASES: Final = _ROOT / "evals" / "cases"
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class _Asking:
    """How the page asks: the number of its event, and what stands in each of its inputs."""

    fn_index: int
    trigger: int
    inputs: tuple[str, ...]

    def data(self, question: str, language: str) -> list[str | None]:
        """Return the inputs for a question; what a session keeps is not sent."""
        values = {"question": question, "language": language}
        return [values.get(name) for name in self.inputs]


@dataclass(slots=True)
class _Tally:
    """What came of the questions so far."""

    first: list[float] = field(default_factory=list)
    """Seconds to the first sentence, or to the refusal."""
    whole: list[float] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    """Places in line that were shown first."""
    failures: Counter[str] = field(default_factory=Counter)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the test; returns 0 when every question was answered or refused, 1 with errors, 2 cannot run."""
    parser = Parser(prog="python -m evals.load", description="Ask as many readers at once.")
    parser.add_argument("--clients", type=int, default=50, help="readers at the same time (default: 50)")
    parser.add_argument("--seconds", type=float, default=120, help="how long (default: 120)")
    parser.add_argument("--pause", type=float, default=3, help="mean seconds between two questions (default: 3)")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Serve, ask, and report."""
    questions = [(case.question, str(case.language)) for case in read_cases(_CASES) if not case.history]
    with _served(arguments.index) as (process, address):
        before = _memory_mb(process.pid)
        tally = asyncio.run(_ask_all(address, questions, arguments))
        after = _memory_mb(process.pid)
    for line in _report(tally, arguments, before, after):
        write(line)
    return PARTLY if tally.failures or not tally.whole else DONE


@contextmanager
def _served(index: Path | None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the page on a free port, and stop it afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(_ROOT / "app.py"), "--port", str(port)]
    command += ["--index", str(index)] if index else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=_ROOT) as process:
        try:
            assert process.stdout is not None
            if f":{port}" not in process.stdout.readline():
                raise InputError("The chat did not start; see what `python app.py` says.")
            yield process, f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


async def _ask_all(address: str, questions: Sequence[tuple[str, str]], arguments: argparse.Namespace) -> _Tally:
    """Let all readers ask until the time is up."""
    tally = _Tally()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=_PATIENCE_SECONDS, limits=limits) as client:
        asking = _asking((await client.get("config")).json())
        until = time.monotonic() + arguments.seconds
        readers = (
            _reader(client, asking, questions, tally, until, arguments.pause, random.Random(_SEED + number))
            for number in range(arguments.clients)
        )
        await asyncio.gather(*readers)
    return tally


def _asking(config: dict[str, Any]) -> _Asking:
    """Find the event that asks what stands in the question field."""
    names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    for event in config["dependencies"]:
        for target, trigger in event["targets"]:
            if names.get(target) == "question" and trigger == "submit":
                return _Asking(event["id"], target, tuple(str(names.get(one)) for one in event["inputs"]))
    raise InputError("The page has no field to ask in.")


async def _reader(
    client: httpx.AsyncClient,
    asking: _Asking,
    questions: Sequence[tuple[str, str]],
    tally: _Tally,
    until: float,
    pause: float,
    choice: random.Random,
) -> None:
    """Ask one question after another, in conversations."""
    # Readers do not all come in the same second.
    await asyncio.sleep(choice.uniform(0, pause))
    while time.monotonic() < until:
        async with _session(client) as session:
            for _ in range(_CONVERSATION):
                if time.monotonic() >= until:
                    return
                try:
                    await _ask(client, asking, session, *choice.choice(questions), tally)
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    tally.failures[type(error).__name__] += 1
                await asyncio.sleep(choice.expovariate(1 / pause) if pause else 0)


@asynccontextmanager
async def _session(client: httpx.AsyncClient) -> AsyncIterator[str]:
    """Open a page and keep it open, as a browser does, which tells the server when it is closed."""
    session = uuid.uuid4().hex
    opened = asyncio.create_task(_stay(client, session))
    try:
        yield session
    finally:
        opened.cancel()
        await asyncio.gather(opened, return_exceptions=True)


async def _stay(client: httpx.AsyncClient, session: str) -> None:
    """Hold the connection by which the server knows that a page is open."""
    async with client.stream("GET", f"gradio_api/heartbeat/{session}") as response:
        async for _ in response.aiter_bytes():
            pass


async def _ask(
    client: httpx.AsyncClient, asking: _Asking, session: str, question: str, language: str, tally: _Tally
) -> None:
    """Ask one question and time what comes back."""
    started = time.perf_counter()
    body = {
        "data": asking.data(question, language),
        "fn_index": asking.fn_index,
        "trigger_id": asking.trigger,
        "session_hash": session,
    }
    joined = await client.post("gradio_api/queue/join", json=body)
    joined.raise_for_status()
    first: float | None = None
    steps = 0
    async with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as response:
        async for line in response.aiter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] not in ("process_generating", "process_completed"):
                continue
            text = json.dumps(message["output"], ensure_ascii=False)
            # The first step shows the question, with the answers before it.
            steps += 1
            if steps == 2 and (place := re.search(r"(?:nummer|number) (\d+) (?:in de rij|in line)", text)):
                tally.waited.append(int(place[1]))
            if first is None and steps > 1 and 'class=\\"marker' in text:
                first = time.perf_counter() - started
            if 'class=\\"failure' in text or not message["success"]:
                tally.failures["no answer"] += 1
            if message["msg"] == "process_completed":
                break
    whole = time.perf_counter() - started
    tally.first.append(first if first is not None else whole)
    tally.whole.append(whole)


def _report(tally: _Tally, arguments: argparse.Namespace, before: float, after: float) -> Iterator[str]:
    """Yield the figures as lines."""
    yield (
        f"{arguments.clients} readers, {arguments.seconds:.0f} s, {arguments.pause:g} s between questions: "
        f"{len(tally.whole)} questions, {len(tally.whole) / arguments.seconds:.1f} per second"
    )
    yield f"to the first sentence: {_spread(tally.first)}; to the end: {_spread(tally.whole)}"
    yield f"waited in line: {len(tally.waited)}, at place {max(tally.waited, default=0)} at most"
    yield f"memory: {before:.0f} MB at the start, {after:.0f} MB at the end"
    failures = ", ".join(f"{what} {count}" for what, count in tally.failures.most_common())
    yield f"errors: {failures or 'none'}"


def _spread(seconds: Sequence[float]) -> str:
    """Return median and 95th percentile."""
    if len(seconds) < 2:
        return "too few to tell"
    cuts = quantiles(seconds, n=20)
    return f"p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s"


def _memory_mb(process: int) -> float:
    """Return the memory that a process holds, in MB; NaN where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    sys.exit(main())
