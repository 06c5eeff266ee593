"""Write a new generation of the index beside the live one, prove it, then make it live."""

from __future__ import annotations

import logging
import os
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from assistant import index_rows, manifest
from assistant.chunker import embedded_heading
from assistant.errors import IndexDamaged, IndexMismatch, IndexMissing, StoreError
from assistant.index import Index
from assistant.index_build import GenerationBuild
from assistant.lexical import LexicalIndex
from assistant.manifest import Manifest
from assistant.settings import IndexSettings
from assistant.types import Chunk, Document, Matrix, Source
from assistant.vector_store import VectorStore, drop_collections, store_kind

_PROVED_AT_ONCE = 250
_PROVED_AT_MOST = 25_000
_LOST_BY_CHANCE = 2
_SHARE_LOST_BY_CHANCE = 0.005
_EQUAL = 1e-3
"""Cosine distance within which two vectors count as the same; single precision leaves about 1e-6."""

_log = logging.getLogger(__name__)


class GenerationWriter:
    """Hold the right to write and build one generation; nothing is live before `commit`.

    Whatever ends the `with` block early leaves the live generation as it was. A killed process
    leaves an unfinished generation, which the next writer removes.
    """

    previous: Index | None
    """The live generation, to reuse documents from; None where there is none that fits."""

    def __init__(
        self,
        directory: Path,
        identity: Mapping[str, str],
        settings: IndexSettings,
        chroma_url: SecretStr | str | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> None:
        """Prepare; `on_wait` is called once when another process is writing."""
        self.previous = None
        self._directory = directory
        self._identity = dict(identity)
        self._settings = settings
        self._url = chroma_url
        self._on_wait = on_wait
        self._held = ExitStack()
        self._build: GenerationBuild | None = None

    def __enter__(self) -> Self:
        """Wait for the lock and clear what a killed writer left. Raises IndexLocked."""
        lock = manifest.writer_lock(self._directory, self._settings.lock_seconds, self._on_wait)
        with ExitStack() as acquired:
            acquired.enter_context(lock)
            self.previous = self._open_previous()
            if self.previous is not None:
                acquired.callback(self.previous.close)
            self._clear_leftovers()
            self._held = acquired.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not committed and let the next writer in."""
        with self._held:
            if self._build is not None:
                build, self._build = self._build, None
                build.close()
                # An interruption right after the switch must not take away what is live now.
                if build.name != self._live_name():
                    self._remove(build.name)

    def add(
        self,
        document: Document,
        text: str,
        chunks: Sequence[Chunk],
        chunk_vectors: Matrix,
        sentence_vectors: Matrix,
        heading_vectors: Matrix,
        file: Path | None = None,
    ) -> None:
        """Add a document with its canonical text, its chunks, and the vectors in the same order.

        The bytes of `file` are kept where the document has their hash. Raises ValueError where the
        rest does not fit together: that is a mistake in the program.
        """
        _check(document, text, chunks, (len(chunk_vectors), len(heading_vectors)), len(sentence_vectors))
        build = self._started(chunk_vectors.shape[1])
        build.add(
            index_rows.document_row(document, len(chunks)),
            text,
            index_rows.stored_rows(chunks, chunk_vectors, sentence_vectors, heading_vectors),
            file,
        )

    def reuse(self, document_id: str) -> None:
        """Copy an unchanged document with its chunks and vectors from the previous generation, bit by bit."""
        if self.previous is None:
            raise ValueError("there is no previous generation to reuse a document from")
        build = self._started(self.previous.manifest.dimension)
        row, text = self.previous.documents[document_id], self.previous.text(document_id)
        build.add(row, text, self.previous.stored(document_id), self.previous.file(document_id))

    def commit(self, sources: Mapping[str, Source], extra: Mapping[str, Any] | None = None) -> str:
        """Finish, prove and publish the generation; return its name.

        Raises StoreError, with the live generation as it was, where Chroma fails or loses a chunk.
        """
        build = self._started(self.previous.manifest.dimension if self.previous else 0)
        made = build.finish(sources, extra or {})
        with build.reader(made) as written:
            _log.info("building the lexical index of %s", build.name)
            LexicalIndex.build(_LexicalTexts(written), written.languages()).save(build.folder / manifest.LEXICAL)
            _log.info("checking %s", build.name)
            unreachable = prove(written, build.store)
        build.close()
        made = replace(made, files=manifest.file_sizes(build.folder), unreachable=unreachable)
        manifest.write_manifest(self._directory, made)
        manifest.make_current(self._directory, build.name)
        self._build = None
        self._prune()
        return build.name

    def _open_previous(self) -> Index | None:
        """Open the live generation if documents can be reused from it."""
        try:
            return Index.open(self._directory, self._identity, self._url)
        except IndexMissing:
            return None
        except (IndexMismatch, IndexDamaged) as error:
            _log.warning("all documents are embedded again: %s", error)
            return None

    def _clear_leftovers(self) -> None:
        """Remove unfinished generations and half-written pointers."""
        live = self._live_name()
        for name in manifest.generations(self._directory):
            if name != live and not manifest.is_complete(self._directory, name):
                _log.info("removing %s, which was never finished", name)
                self._remove(name)
        for temporary in self._directory.glob(f".{manifest.CURRENT}-*"):
            temporary.unlink(missing_ok=True)

    def _live_name(self) -> str | None:
        """Return the name of the live generation, whatever state it is in."""
        try:
            return manifest.current_generation(self._directory)
        except StoreError:
            return None

    def _started(self, dimension: int) -> GenerationBuild:
        """Return the generation that is being built, beginning it where that is still to be done."""
        if self._build is None:
            # A number is never used again: a running program tells generations apart by their names.
            used = [*manifest.generations(self._directory), self._live_name() or manifest.generation_name(0)]
            number = max(manifest.generation_number(name) for name in used) + 1
            blank = _blank(self._directory, number, self._identity, dimension, self._url)
            self._build = GenerationBuild(self._directory, blank, self._url)
        return self._build

    def _remove(self, name: str) -> None:
        """Remove a generation's files, and its vectors where a server keeps them."""
        if (self._directory / name).is_dir():
            manifest.remove_generation(self._directory, name)
        self._drop_collections()

    def _prune(self) -> None:
        """Remove generations beyond those to keep; what fails here does not undo the commit."""
        try:
            manifest.prune(self._directory, self._settings.keep_generations)
            self._drop_collections()
        except (OSError, StoreError) as error:
            _log.warning("old generations could not be removed: %s", error)

    def _drop_collections(self) -> None:
        """Remove collections from the server that no generation needs any longer."""
        names = manifest.generations(self._directory)
        if self._url and (index_id := _index_id(self._directory, names)):
            drop_collections(index_id, names, self._url)


class _LexicalTexts(Sequence[str]):
    """The texts that the lexical leg indexes, one per row, read when they are asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return self._index.size

    def __getitem__(self, row: Any) -> Any:
        chunk = self._index.chunk(row)
        return f"{embedded_heading(chunk.title, chunk.headings)}\n{chunk.text}"


def prove(index: Index, store: VectorStore) -> list[int]:
    """Make sure that every chunk finds itself, or one with an equal vector; return the few that do not.

    The search is approximate: a chunk that is not the very nearest to its own vector is looked for
    among the nearest hundred before it counts as lost. In a large index, evenly spread chunks stand
    for all. Raises StoreError where more are lost than a graph of neighbours now and then leaves
    aside: then vectors are missing or wrong.
    """
    step = -(-index.size // _PROVED_AT_MOST) or 1
    rows = range(random.randrange(step), index.size, step)
    suspects = _not_among_nearest(index, store, rows, 1)
    lost = _not_among_nearest(index, store, suspects, min(100, index.size))
    if len(lost) > max(_LOST_BY_CHANCE, _SHARE_LOST_BY_CHANCE * len(rows)):
        raise StoreError(
            f"{len(lost)} of {len(rows)} passages of {index.generation} cannot be found by their own vector "
            f"(first: {index.chunk(lost[0]).id}); the index before it stays live. Run ingest again."
        )
    return lost


def _not_among_nearest(index: Index, store: VectorStore, rows: Sequence[int], k: int) -> list[int]:
    """Return the rows that are not among the k nearest to their own vector, nor have an equal there."""

    def missed(start: int) -> list[int]:
        asked = list(rows[start : start + _PROVED_AT_ONCE])
        answers = store.nearest(index.vectors(asked), k)
        return [
            row
            for row, (found, similarities) in zip(asked, answers, strict=True)
            if row not in found and similarities[0] < 1 - _EQUAL
        ]

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return [row for part in threads.map(missed, range(0, len(rows), _PROVED_AT_ONCE)) for row in part]


def _check(
    document: Document, text: str, chunks: Sequence[Chunk], of_chunks: tuple[int, int], of_sentences: int
) -> None:
    """Raise ValueError where a document, its chunks and their vectors do not fit each other."""
    sentences = sum(len(chunk.sentences) for chunk in chunks)
    if set(of_chunks) != {len(chunks)} or of_sentences != sentences:
        raise ValueError(
            f"{document.id}: {of_chunks[0]}, {of_chunks[1]} and {of_sentences} vectors for {len(chunks)} chunks "
            f"with {sentences} sentences"
        )
    for chunk in chunks:
        if (chunk.document, chunk.title, chunk.kind) != (document.id, document.title, document.kind):
            raise ValueError(f"{chunk.id} is not a chunk of {document.id}")
        if text[chunk.start : chunk.end] != chunk.text or not chunk.sentences:
            raise ValueError(f"{chunk.id} is not a stretch of its document's text, or has no sentence")


def _blank(
    directory: Path, number: int, identity: dict[str, str], dimension: int, url: SecretStr | str | None
) -> Manifest:
    """Return the manifest of a generation that holds nothing yet."""
    return Manifest(
        format=manifest.FORMAT,
        generation=manifest.generation_name(number),
        created="",
        index_id=_index_id(directory, manifest.generations(directory)) or uuid.uuid4().hex[:12],
        identity=identity,
        vector_store=store_kind(url),
        corpus_fingerprint="",
        documents=0,
        chunks=0,
        sentences=0,
        dimension=dimension,
        files={},
        unreachable=[],
        extra={},
    )


def _index_id(directory: Path, names: Sequence[str]) -> str | None:
    """Return the id that the newest readable generation carries."""
    for name in reversed(names):
        try:
            return manifest.read_manifest(directory, name).index_id
        except StoreError:
            continue
    return None
