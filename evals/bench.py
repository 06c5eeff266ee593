"""`make bench`: how long things take, as ratios to the embedder where that is what one waits for.

Real text comes from the set of Dutch statutes beside the repository; made-up vectors stand in
where more text would take an hour to embed. Indexes are kept in .bench/, so that a second run only
measures questions.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assistant.chunker import embedded_heading
from assistant.commands.common import DONE, Parser, guarded, write
from assistant.embedder import Embedder, background, load_embedder
from assistant.errors import InputError
from assistant.index import Index
from assistant.index_writer import GenerationWriter
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.identity import index_identity
from assistant.settings import Settings, load_settings
from assistant.types import Block, Chunk, Document, Page, Span
from evals.datasets import Passage, write_passages
from evals.external_set import SetQuestion, read_set

_ROOT = Path(__file__).parent.parent
_STATUTES = _ROOT.parent / "shared" / "data" / "wetten_nl"
_SCRATCH = _ROOT / ".bench"
_QUESTIONS = 60
_WARM_UP = 5
_SEED = 20_240_101
"""Fixes the made-up vectors and the words of the made-up passages."""
_PORT = 7899


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns 0 done, 2 cannot run."""
    parser = Parser(prog="python -m evals.bench", description="Time the assistant.")
    parser.add_argument("--fresh", action="store_true", help="throw away the indexes that earlier runs kept")
    parser.add_argument(
        "--only", nargs="*", choices=sorted(_PARTS), default=list(_PARTS), help="parts to run (default: all)"
    )
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Print each figure as soon as it is there."""
    if arguments.fresh:
        shutil.rmtree(_SCRATCH, ignore_errors=True)
    _SCRATCH.mkdir(exist_ok=True)
    for name in arguments.only:
        for line in _PARTS[name]():
            write(line)
    return DONE


def _statutes() -> tuple[list[Passage], list[SetQuestion]]:
    """Return the statutes and questions about them."""
    if not _STATUTES.is_dir():
        raise InputError(f"The benchmark needs the folder {_STATUTES}, which is not there; use --only startup.")
    found = read_set(_STATUTES, "nl")
    return list(found.passages), list(found.with_passage)


def _settings(name: str) -> Settings:
    """Return settings with an index of their own."""
    return load_settings({"index": {"directory": _SCRATCH / name}})


def _ingest_ratio() -> Iterator[str]:
    """Compare ingest with the bare embedder on the same passages, and with an ingest that finds no change."""
    passages, _ = _statutes()
    files, settings = _SCRATCH / "files-ingest", _settings("index-ingest")
    shutil.rmtree(files, ignore_errors=True)
    write_passages(passages[:700], files)
    embedder = load_embedder(settings.embedder)
    embedder.encode_query("warm")
    shutil.rmtree(settings.index.directory, ignore_errors=True)
    full = _seconds(lambda: ingest([files], settings, embedder=embedder))
    again = _seconds(lambda: ingest([files], settings, embedder=embedder))
    texts = _embedded_texts(settings, embedder)
    bare = _seconds(lambda: _embed_bare(embedder, texts))
    tokens = sum(embedder.count_tokens(text) for text in texts)
    yield f"ingest      {len(texts)} passages, {tokens} tokens: {full:.1f} s; bare embedder {bare:.1f} s"
    yield f"            ratio {full / bare:.2f} (aim 1.25); {tokens / full:.0f} tokens/s"
    yield f"re-ingest   nothing changed: {again:.2f} s, ratio to full {again / full:.3f} (aim 0.1)"


def _embedded_texts(settings: Settings, embedder: Embedder) -> list[str]:
    """Return the passages of an index with title and headings, as one would embed them whole."""
    with Index.open(settings.index.directory, index_identity(embedder, settings)) as index:
        chunks = [index.chunk(row) for row in range(index.size)]
    return [f"{embedded_heading(chunk.title, chunk.headings)}\n{chunk.text}" for chunk in chunks]


def _embed_bare(embedder: Embedder, texts: Sequence[str]) -> None:
    """Embed texts in batches, and do nothing else."""
    for start in range(0, len(texts), 32):
        embedder.encode_passages(texts[start : start + 32])


def _ask_ratios() -> Iterator[str]:
    """Compare a whole answer with embedding its question, at several sizes."""
    passages, questions = _statutes()
    for size, articles, aim in ((1_000, 640, 4), (5_000, 3_200, 4)):
        settings = _settings(f"index-{size}")
        files = _SCRATCH / f"files-{size}"
        if not (settings.index.directory / "CURRENT").exists():
            write_passages(passages[:articles], files)
            ingest([files], settings)
        yield from _ask_ratio(settings, questions, f"ask {size}", aim)
    settings = _settings("index-100000")
    if not (settings.index.directory / "CURRENT").exists():
        _write_made_up(settings, 100_000)
    yield from _ask_ratio(settings, questions, "ask 100000", 6)


def _ask_ratio(settings: Settings, questions: Sequence[SetQuestion], name: str, aim: int) -> Iterator[str]:
    """Time questions one by one, each beside the embedding of the same words."""
    assistant = Assistant.open(settings)
    embedder = load_embedder(settings.embedder)
    embedding, answering = [], []
    for question in questions[: _QUESTIONS + _WARM_UP]:
        embedding.append(_seconds(lambda text=question.text: embedder.encode_query(text)))  # type: ignore[misc]
        answering.append(_seconds(lambda text=question.text: assistant.ask(text)))  # type: ignore[misc]
    with Index.open(settings.index.directory, index_identity(embedder, settings)) as index:
        size = index.size
    assistant.close()
    embed, answer = median(embedding[_WARM_UP:]) * 1000, median(answering[_WARM_UP:]) * 1000
    worst = float(np.percentile(np.array(answering[_WARM_UP:]) * 1000, 95))
    yield (
        f"{name:11} {size} passages: answer {answer:.1f} ms (p95 {worst:.1f}), embedding {embed:.1f} ms, "
        f"ratio {answer / embed:.1f} (aim {aim})"
    )


def _write_made_up(settings: Settings, count: int) -> None:
    """Write an index of passages with random vectors and words from a vocabulary as skewed as language."""
    embedder = load_embedder(settings.embedder)
    random = np.random.default_rng(_SEED)
    vocabulary = np.array([f"woord{number}" for number in range(50_000)])
    per_document = 100
    with GenerationWriter(settings.index.directory, index_identity(embedder, settings), settings.index) as writer:
        for number in range(count // per_document):
            document, text, chunks = _made_up_document(number, per_document, vocabulary, random)
            sentences = sum(len(chunk.sentences) for chunk in chunks)
            writer.add(
                document,
                text,
                chunks,
                _unit(random.standard_normal((per_document, embedder.dimension))),
                _unit(random.standard_normal((sentences, embedder.dimension))),
                _unit(random.standard_normal((per_document, embedder.dimension))),
            )
        writer.commit({}, {"files": {}, "background": background(embedder)})


def _made_up_document(
    number: int, size: int, vocabulary: Any, random: np.random.Generator
) -> tuple[Document, str, list[Chunk]]:
    """Return a document of `size` passages of four sentences each."""
    identifier, title = f"made-up/{number}.txt", f"Document {number}"
    parts: list[str] = []
    chunks: list[Chunk] = []
    offset = 0
    for _ in range(size):
        spans = []
        start = offset
        for block in range(4):
            ranks = np.minimum(random.zipf(1.2, size=14), len(vocabulary)) - 1
            sentence = " ".join(vocabulary[ranks]) + "."
            spans.append(Span(offset, offset + len(sentence), block=block))
            parts.append(sentence + " ")
            offset += len(sentence) + 1
        text = "".join(parts[-4:]).rstrip()
        chunks.append(
            Chunk(f"{number}-{start}", identifier, title, "document", "nl", (), 0, text, start, start + len(text),
                  tuple(spans), 80)
        )  # fmt: skip
    whole = "".join(parts)
    return Document(identifier, title, "nl", (Page((Block(whole),)),), f"{number}"), whole, chunks


def _unit(vectors: Any) -> Any:
    """Scale rows to unit length."""
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _startup() -> Iterator[str]:
    """Time the programs from their start, and weigh them, on the default corpus."""
    directory = _SCRATCH / "index-corpus"
    ingest([_ROOT / "corpus"], load_settings({"index": {"directory": directory}}))
    question = "Hoeveel geld was er voor de pilot?"
    command = [sys.executable, "-m", "assistant", "ask", question, "--index", str(directory)]
    times = [_seconds(lambda: subprocess.run(command, cwd=_ROOT, check=True, capture_output=True)) for _ in range(5)]
    yield f"ask         from the shell to the answer: {median(times):.2f} s (aim 2)"
    seconds, peak = _first_page(directory)
    yield f"app         from the shell to the first page: {seconds:.2f} s (aim 5), {peak:.0f} MB at most (aim 600)"


def _first_page(directory: Path) -> tuple[float, float]:
    """Return the seconds until app.py serves its page, and its peak memory in MB after a question."""
    command = [sys.executable, "app.py", "--port", str(_PORT), "--index", str(directory)]
    started = time.perf_counter()
    app = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers(f"http://127.0.0.1:{_PORT}/"):
            if app.poll() is not None or time.perf_counter() - started > 120:
                raise InputError("app.py did not serve its page; start it by hand to see why.")
            time.sleep(0.02)
        seconds = time.perf_counter() - started
        time.sleep(5)
        return seconds, _peak_memory(app.pid)
    finally:
        app.send_signal(signal.SIGTERM)
        app.wait(timeout=30)


def _answers(address: str) -> bool:
    """Tell whether a page is served."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _peak_memory(pid: int) -> float:
    """Return the most memory that a process has used, in MB (Linux only)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


_PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "ingest": _ingest_ratio,
    "ask": _ask_ratios,
    "startup": _startup,
}

if __name__ == "__main__":
    sys.exit(main())
