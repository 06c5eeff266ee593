"""From files to a new generation of the index."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from assistant.chunker import ChunkedDocument, chunk
from assistant.cleaning import clean
from assistant.embedder import Embedder, background, embed_chunks, load_embedder
from assistant.errors import FileRefused, InputError
from assistant.index import Index
from assistant.index_writer import GenerationWriter
from assistant.loaders import load, load_sources, source_files
from assistant.pipeline.identity import index_identity
from assistant.pipeline.originals import InputFile, fetched_originals
from assistant.settings import Settings
from assistant.types import Document, IngestReport, RefusedFile, Source, UnreadPage

_BATCH_SENTENCES = 2048
"""Sentences of several documents are embedded together: similar lengths side by side go faster."""


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far a run of ingest is."""

    stage: Literal["waiting", "reading", "embedding", "writing"]
    """"waiting" is told once, when another ingest is writing to the same index."""
    done: int
    """Files, or sentences while embedding."""
    total: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a file, kept in the manifest so that the next run need not try it again."""

    key: str
    """Hash of the file's bytes and of the metadata beside it."""
    refused: str | None = None
    duplicate_of: str | None = None


@dataclass(slots=True)
class _Run:
    """What one run has found so far."""

    outcomes: dict[str, _Outcome] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """Hash of a canonical text to the first document that has it."""
    pending: list[tuple[Document, ChunkedDocument, Path]] = field(default_factory=list)

    @property
    def refused(self) -> tuple[RefusedFile, ...]:
        """Files that were not taken because they cannot be read."""
        return tuple(RefusedFile(name, one.refused) for name, one in self.outcomes.items() if one.refused)

    @property
    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Files that were not taken because another has the same content."""
        return tuple((name, one.duplicate_of) for name, one in self.outcomes.items() if one.duplicate_of)


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    full: bool = False,
    progress: Callable[[IngestProgress], None] | None = None,
    embedder: Embedder | None = None,
    originals: Path | None = None,
) -> IngestReport:
    """Make the index hold exactly the documents below `paths`, and say what was done.

    So it does with the fetched originals in the folder `originals` that a register of `paths` lists.

    Unchanged documents keep their vectors, unless `full`. The live generation is replaced at the
    very end, and stays when nothing has changed. Raises InputError where a path does not exist,
    IndexLocked where another ingest goes on for too long.
    """
    started = time.perf_counter()
    tell = progress or (lambda _: None)
    files, sources = _collect(paths, originals)
    embedder = embedder or load_embedder(settings.embedder)
    identity = index_identity(embedder, settings)
    with GenerationWriter(
        settings.index.directory,
        identity,
        settings.index,
        chroma_url=settings.chroma_url,
        on_wait=lambda: tell(IngestProgress("waiting", 0, len(files))),
    ) as writer:
        previous = None if full else writer.previous
        run = _Run()
        for done, (name, file) in enumerate(files.items()):
            tell(IngestProgress("reading", done, len(files), name))
            _take(name, file, previous, writer, run, embedder, settings)
            if sum(len(one.sentences) for _, text, _ in run.pending for one in text.chunks) >= _BATCH_SENTENCES:
                _embed(run, writer, embedder, settings, tell)
        _embed(run, writer, embedder, settings, tell)
        removed = sorted(set(previous.documents) - set(run.unchanged) - set(run.changed)) if previous else []
        if previous is not None and _is_same(previous, run, removed, sources):
            return _report(previous, run, removed, started, written=False)
        tell(IngestProgress("writing", len(files), len(files)))
        outcomes = {name: asdict(outcome) for name, outcome in run.outcomes.items()}
        writer.commit(sources, {"files": outcomes, "background": background(embedder)})
    with Index.open(settings.index.directory, identity, chroma_url=settings.chroma_url) as index:
        return _report(index, run, removed, started, written=True)


def files_to_read(paths: Sequence[Path], originals: Path | None) -> dict[str, Path]:
    """Return the file behind each document id that a run would read.

    Raises InputError where a path does not exist or there is nothing to read.
    """
    return {name: file.path for name, file in _collect(paths, originals)[0].items()}


def _collect(paths: Sequence[Path], originals: Path | None) -> tuple[dict[str, InputFile], dict[str, Source]]:
    """Return the files by document id, fetched originals last, and the sources of all roots.

    Where two roots hold the same id, the name of the later root goes in front.
    """
    files: dict[str, InputFile] = {}
    sources: dict[str, Source] = {}
    seen: set[Path] = set()
    for root in paths:
        for path, name in source_files(root):
            if path in seen:
                continue
            seen.add(path)
            files[name if name not in files else _free_name(root, name, files)] = InputFile(path)
        sources.update(load_sources(root if root.is_dir() else root.parent))
    for name, file in fetched_originals(originals, sources) if originals else ():
        files[name if name not in files else _free_name(file.path, name, files)] = file
    if not files:
        named = ", ".join(str(path) for path in paths)
        raise InputError(f"There are no files to read in {named}; name a folder or file with documents.")
    return files, sources


def _free_name(root: Path, name: str, taken: Mapping[str, InputFile]) -> str:
    """Return an id that no other file has."""
    stem = root.resolve().name if root.is_dir() else root.resolve().parent.name
    candidates: Iterator[str] = (f"{stem}{'' if n == 1 else f'-{n}'}/{name}" for n in range(1, len(taken) + 2))
    return next(one for one in candidates if one not in taken)


def _take(
    name: str,
    file: InputFile,
    previous: Index | None,
    writer: GenerationWriter,
    run: _Run,
    embedder: Embedder,
    settings: Settings,
) -> None:
    """Reuse, read or refuse one file."""
    if file.fault:
        run.outcomes[name] = _Outcome("", refused=file.fault)
        return
    key = content_key(file)
    before = _outcome_before(previous, name)
    if previous and before and before.key == key and _reuse(name, before, previous, writer, run):
        return
    try:
        document = clean(load(file.path, name, settings.loader, file.stated))
    except FileRefused as refusal:
        run.outcomes[name] = _Outcome(key, refused=str(refusal))
        return
    chunked = chunk(document, embedder.count_tokens, settings.chunker)
    if _is_duplicate(name, key, chunked.text, run):
        return
    known = previous is not None and name in previous.documents
    (run.changed if known else run.added).append(name)
    run.pending.append((document, chunked, file.path))


def _reuse(name: str, before: _Outcome, previous: Index, writer: GenerationWriter, run: _Run) -> bool:
    """Take over what the last run made of an unchanged file; False where it has to be read again."""
    if before.refused:
        run.outcomes[name] = before
        return True
    if before.duplicate_of or name not in previous.documents or previous.lacks_file(name):
        return False
    if _is_duplicate(name, before.key, previous.text(name), run):
        return True
    writer.reuse(name)
    run.unchanged.append(name)
    return True


def _is_duplicate(name: str, key: str, text: str, run: _Run) -> bool:
    """Note what became of a file that can be read; True where an earlier one has the same text."""
    first = run.texts.setdefault(hashlib.sha256(text.encode("utf-8")).hexdigest(), name) if text else name
    run.outcomes[name] = _Outcome(key, duplicate_of=None if first == name else first)
    return first != name


def content_key(file: InputFile) -> str:
    """Return a hash of everything that decides what a file becomes; "" where it cannot be read."""
    path = file.path
    digest = hashlib.sha256(file.stated.model_dump_json().encode("utf-8") if file.stated else b"")
    try:
        for part in (path, path.with_suffix(".yaml")):
            if part == path or part.is_file():
                with part.open("rb") as opened:
                    digest.update(hashlib.file_digest(opened, "sha256").digest())
    except OSError:
        return ""
    return digest.hexdigest()


def _outcome_before(previous: Index | None, name: str) -> _Outcome | None:
    """Return what the live generation says became of a file."""
    files: Mapping[str, Any] = previous.manifest.extra.get("files", {}) if previous else {}
    return _Outcome(**files[name]) if name in files else None


def _embed(
    run: _Run,
    writer: GenerationWriter,
    embedder: Embedder,
    settings: Settings,
    tell: Callable[[IngestProgress], None],
) -> None:
    """Embed and write the documents that wait."""
    chunks = [one for _, chunked, _ in run.pending for one in chunked.chunks]
    vectors = embed_chunks(
        embedder,
        chunks,
        settings.embedder.batch_size,
        on_progress=lambda done, total: tell(IngestProgress("embedding", done, total)),
    )
    row = sentence = 0
    for document, chunked, path in run.pending:
        rows = len(chunked.chunks)
        sentences = sum(len(one.sentences) for one in chunked.chunks)
        writer.add(
            document,
            chunked.text,
            chunked.chunks,
            vectors.chunks[row : row + rows],
            vectors.sentences[sentence : sentence + sentences],
            vectors.headings[row : row + rows],
            path,
        )
        row, sentence = row + rows, sentence + sentences
    run.pending.clear()


def _is_same(previous: Index, run: _Run, removed: Sequence[str], sources: Mapping[str, Source]) -> bool:
    """Tell whether the live generation already holds all that was found."""
    outcomes = {name: asdict(outcome) for name, outcome in run.outcomes.items()}
    return (
        not (run.added or run.changed or removed)
        and previous.manifest.extra.get("files") == outcomes
        and dict(previous.sources) == dict(sources)
    )


def _report(index: Index, run: _Run, removed: Sequence[str], started: float, *, written: bool) -> IngestReport:
    """Sum up a run."""
    unread: tuple[UnreadPage, ...] = index.unread_pages
    return IngestReport(
        generation=index.generation,
        documents=len(index.documents),
        chunks=index.size,
        added=tuple(run.added),
        changed=tuple(run.changed),
        removed=tuple(removed),
        unchanged=len(run.unchanged),
        duplicates=run.duplicates,
        refused=run.refused,
        unread_pages=unread,
        seconds=time.perf_counter() - started,
        written=written,
    )
