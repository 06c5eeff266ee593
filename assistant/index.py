"""One generation of the index, open for reading.

Chroma answers which passages lie nearest to a question. Everything else is read from files that
are mapped into memory: opening costs the list of documents, not the passages.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, Self

import numpy as np
from pydantic import SecretStr

from assistant import index_rows
from assistant import manifest as layout
from assistant.errors import StoreError
from assistant.index_rows import DocumentRow, StoredRows
from assistant.lexical import LexicalIndex
from assistant.manifest import Manifest, current_generation
from assistant.types import ORIGINAL, Chunk, Language, Matrix, Source, UnreadPage, Vector
from assistant.vector_store import Rows, Similarities, VectorStore

_TEXTS_IN_MEMORY = 64
_CHUNKS_IN_MEMORY = 2_048


@dataclass(frozen=True, slots=True)
class RowSimilarities:
    """Cosine similarities of one vector to some chunks, in the order in which the rows were named."""

    chunks: Similarities
    headings: Similarities
    sentences: list[Similarities]
    """For each chunk, those of its sentences in order."""


class Index:
    """A generation, open for reading by any number of threads; no row ever changes."""

    def __init__(self, directory: Path, manifest: Manifest, store: VectorStore) -> None:
        """Map the files of a generation, which must fit the manifest; `open` makes sure of that."""
        self.manifest = manifest
        self.generation = manifest.generation
        self.size = manifest.chunks
        self._directory = directory
        self._folder = directory / manifest.generation
        self._store = store
        self.documents: Mapping[str, DocumentRow] = {
            row.id: row for row in index_rows.read_documents(self._folder / layout.DOCUMENTS)
        }
        self._by_first_row = [row for row in self.documents.values() if row.rows]
        self._first_rows = np.array([row.first_row for row in self._by_first_row], dtype=np.int64)
        self._rows: Rows = np.load(self._folder / layout.ROWS)
        self._vectors = index_rows.map_matrix(self._folder / layout.VECTORS)
        self._sentences = index_rows.map_matrix(self._folder / layout.SENTENCES)
        self._headings = index_rows.map_matrix(self._folder / layout.HEADINGS)
        self._unreachable = np.array(manifest.unreachable, dtype=np.int64)
        self._lines = index_rows.map_bytes(self._folder / layout.CHUNKS)
        self._text = lru_cache(_TEXTS_IN_MEMORY)(self._read_text)
        self._chunk = lru_cache(_CHUNKS_IN_MEMORY)(self._read_chunk)

    @classmethod
    def open(
        cls,
        directory: Path,
        identity: Mapping[str, str] | None = None,
        chroma_url: SecretStr | str | None = None,
    ) -> Self:
        """Open the live generation; without an identity, whatever it was built with.

        Raises IndexMissing, IndexMismatch (which names each difference) or IndexDamaged.
        """
        manifest = layout.read_manifest(directory, current_generation(directory))
        store = VectorStore(directory / manifest.generation / layout.CHROMA, manifest, chroma_url)
        if identity is not None:
            layout.check_identity(directory, manifest, identity, store.kind)
        layout.check_files(directory, manifest)
        try:
            return cls(directory, manifest, store)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise layout.damaged(directory, f"{manifest.generation} cannot be read ({error})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files and of Chroma; the index cannot be used after that."""
        self._store.close()
        self._text.cache_clear()
        self._chunk.cache_clear()
        self.__dict__.pop("lexical", None)
        self._vectors = self._sentences = self._headings = np.zeros((0, 0), dtype=np.float32)
        self._rows = np.zeros((0, 3), dtype=np.int64)
        if isinstance(self._lines, mmap.mmap):
            self._lines.close()

    def is_current(self) -> bool:
        """Tell whether this is still the live generation; cheap enough for every question."""
        try:
            return current_generation(self._directory) == self.generation
        except StoreError:
            # What is open goes on working; opening anew would fail.
            return True

    @cached_property
    def originals(self) -> tuple[DocumentRow, ...]:
        """The documents that are published sources themselves and hold passages."""
        return tuple(row for row in self.documents.values() if row.kind == ORIGINAL and row.rows)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The register of published sources, by id."""
        content = json.loads((self._folder / layout.SOURCES).read_text(encoding="utf-8"))
        return {name: Source(**source) for name, source in content.items()}

    @cached_property
    def unread_pages(self) -> tuple[UnreadPage, ...]:
        """All pages that could not be read, in the order of the documents."""
        return tuple(
            UnreadPage(row.id, row.title, page.number or 1, page.label, page.problem)
            for row in self.documents.values()
            for page in row.pages
            if page.problem
        )

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The BM25 leg; it reads its files when it is first asked for."""
        return LexicalIndex.load(self._folder / layout.LEXICAL)

    def rows(self, document_id: str) -> range:
        """Return the rows of a document's chunks. Raises KeyError for an unknown document."""
        row = self.documents[document_id]
        return range(row.first_row, row.first_row + row.rows)

    def text(self, document_id: str) -> str:
        """Return the canonical text of a document. Raises KeyError, or IndexDamaged where it was changed."""
        return self._text(document_id)

    def file(self, document_id: str) -> Path | None:
        """Return where the file of a document is kept, under its hash; None where it is not. Raises KeyError."""
        name = self.documents[document_id].file_sha256
        return self._folder / layout.FILES / name if name else None

    def open_file(self, document_id: str) -> IO[bytes] | None:
        """Open the file of a document as it was ingested; None where it is not kept. Raises KeyError or IndexDamaged.

        What is open can be read to its end, also when the generation is removed meanwhile.
        """
        path = self.file(document_id)
        if path is None:
            return None
        try:
            opened = path.open("rb")
        except OSError as error:
            raise layout.damaged(self._directory, f"the file of {document_id} cannot be read") from error
        if hashlib.file_digest(opened, "sha256").hexdigest() != path.name:
            opened.close()
            raise layout.damaged(self._directory, f"the file of {document_id} was changed")
        opened.seek(0)
        return opened

    def lacks_file(self, document_id: str) -> bool:
        """Tell whether the file of a PDF is not kept: in a generation from before files were, or where that failed."""
        row = self.documents[document_id]
        return row.file_sha256 is None and any(page.number is not None for page in row.pages)

    def chunk(self, row: int) -> Chunk:
        """Return the chunk of a row. Raises IndexError for a row beyond the last."""
        return self._chunk(row)

    def row(self, chunk: Chunk) -> int:
        """Return the row of a chunk. Raises KeyError for one of another index."""
        for row in self.rows(chunk.document):
            if self.chunk(row).start == chunk.start:
                return row
        raise KeyError(chunk.id)

    def languages(self) -> list[Language]:
        """Return the language of every row."""
        return [index_rows.LANGUAGES[code] for code in self._rows[:-1, 2].tolist()]

    def document_of(self, row: int) -> DocumentRow:
        """Return the document that a row belongs to. Raises IndexError for a row beyond the last."""
        if not 0 <= row < self.size:
            raise IndexError(f"row {row} of {self.size}")
        return self._by_first_row[int(np.searchsorted(self._first_rows, row, side="right")) - 1]

    def nearest(self, vector: Vector, k: int) -> tuple[Rows, Similarities]:
        """Return the k rows nearest to a vector, nearest first, and their cosine similarity."""
        count = min(k, self.size)
        if count < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows, similarities = self._store.nearest(vector[np.newaxis], count)[0]
        if not len(self._unreachable):
            return rows, similarities
        rows = np.concatenate([rows, np.setdiff1d(self._unreachable, rows)])
        similarities = self.vectors(rows) @ vector
        nearest = np.argsort(-similarities, kind="stable")[:count]
        return rows[nearest], similarities[nearest]

    def vectors(self, rows: Sequence[int] | Rows | slice) -> Matrix:
        """Return the vectors of chunks, shape (rows, dimension)."""
        return np.asarray(self._vectors[rows], dtype=np.float32)

    def sentence_vectors(self, row: int) -> Matrix:
        """Return the vectors of a chunk's sentences, shape (sentences, dimension)."""
        return self._sentences[self._sentence_range(row, row + 1)].astype(np.float32)

    def similarities(self, vector: Vector, rows: Rows) -> RowSimilarities:
        """Return the cosine similarity of a vector to chunks, to their headings and to each of their sentences."""
        first, end = self._rows[rows, 1], self._rows[np.asarray(rows) + 1, 1]
        counts = end - first
        starts = np.cumsum(counts) - counts
        # One gather for all sentences: position within the chunk plus the chunk's first sentence.
        positions = np.arange(int(counts.sum())) + np.repeat(first - starts, counts)
        of_sentences = self._sentences[positions].astype(np.float32) @ vector
        return RowSimilarities(
            chunks=self.vectors(rows) @ vector,
            headings=self._headings[rows].astype(np.float32) @ vector,
            sentences=np.split(of_sentences, starts[1:]) if len(rows) else [],
        )

    def stored(self, document_id: str) -> StoredRows:
        """Return all that is stored of a document's chunks, bit by bit, to copy it elsewhere."""
        rows = self.rows(document_id)
        sentences = self._sentence_range(rows.start, rows.stop)
        return StoredRows(
            lines=tuple(self._lines[int(self._rows[row, 0]) : int(self._rows[row + 1, 0])] for row in rows),
            sentence_counts=tuple(np.diff(self._rows[rows.start : rows.stop + 1, 1]).tolist()),
            languages=tuple(index_rows.LANGUAGES[code] for code in self._rows[rows.start : rows.stop, 2].tolist()),
            vectors=np.asarray(self._vectors[rows.start : rows.stop]),
            sentence_vectors=np.asarray(self._sentences[sentences]),
            heading_vectors=np.asarray(self._headings[rows.start : rows.stop]),
        )

    def _sentence_range(self, first_row: int, end_row: int) -> slice:
        """Return where the sentences of some rows stand among all sentences."""
        return slice(int(self._rows[first_row, 1]), int(self._rows[end_row, 1]))

    def _read_chunk(self, row: int) -> Chunk:
        """Parse the chunk of a row and cut its text out of the document."""
        document = self.document_of(row)
        line = self._lines[int(self._rows[row, 0]) : int(self._rows[row + 1, 0])]
        return index_rows.chunk_from_line(line, document, self.text(document.id))

    def _read_text(self, document_id: str) -> str:
        """Read a canonical text and check that it is the one that was written."""
        row = self.documents[document_id]
        try:
            content = (self._folder / layout.TEXTS / row.text_file).read_bytes()
        except OSError as error:
            raise layout.damaged(self._directory, f"{row.text_file} is missing or cannot be read") from error
        if hashlib.sha256(content).hexdigest() != row.text_sha256:
            raise layout.damaged(self._directory, f"the text of {document_id} was changed")
        return content.decode("utf-8", "surrogatepass")
