"""One generation of the index, open for reading, and the only place that knows Chroma.

Chroma answers which passages lie nearest to a question. Everything else is read from files that
are mapped into memory: opening costs the list of documents, not the passages.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import mmap
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from assistant import index_rows
from assistant import manifest as layout
from assistant.errors import IndexDamaged, StoreError
from assistant.index_rows import DocumentRow, StoredRows
from assistant.lexical import LexicalIndex
from assistant.manifest import Manifest, current_generation, rollback
from assistant.types import Chunk, Language, Matrix, Source, UnreadPage, Vector

__all__ = ["DocumentRow", "Index", "Manifest", "VectorStore", "current_generation", "rollback"]

Rows = NDArray[np.int64]
Similarities = NDArray[np.float32]

_COLLECTION = "passages"
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
"""ef_search is above the 100 candidates that are asked for; below it, near passages would be missed."""
_CLOUD = "trychroma.com"
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

    def chunk(self, row: int) -> Chunk:
        """Return the chunk of a row. Raises IndexError for a row beyond the last."""
        return self._chunk(row)

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


class VectorStore:
    """The vectors of one generation in Chroma: a folder of its own, or a collection on a server.

    Connects when it is first used: what needs no nearest neighbours does not wait for Chroma.
    """

    at_once = 5_000
    """Vectors that `add` takes in one call; Chroma's own limit is 5,461."""

    def __init__(self, folder: Path, manifest: Manifest, url: SecretStr | str | None = None) -> None:
        """Name the folder, which only counts without a URL; the URL may carry a token as its user name."""
        self._folder = folder
        self._url = url.get_secret_value() if isinstance(url, SecretStr) else url
        self.kind = store_kind(url)
        self._name = server_collection(manifest.index_id, manifest.generation) if self._url else _COLLECTION
        self._expected = manifest.chunks
        self._lock = threading.Lock()
        self._client: Any = None
        self._collection: Any = None
        self._closed = False

    def create(self) -> None:
        """Make the place for a new generation's vectors."""
        with self._plain_errors():
            self._client = _connect(self._folder, self._url)
            # No embedding function: Chroma's own would download an English model at first use.
            self._collection = self._client.create_collection(
                self._name, embedding_function=None, configuration={"hnsw": dict(_HNSW)}
            )

    def add(self, first_row: int, vectors: Matrix) -> None:
        """Add the vectors of consecutive rows; a vector's id is its row."""
        with self._plain_errors():
            self._collection.add(ids=[str(first_row + offset) for offset in range(len(vectors))], embeddings=vectors)

    def nearest(self, vectors: Matrix, k: int) -> list[tuple[Rows, Similarities]]:
        """Return, for each vector, the k nearest rows and their cosine similarities."""
        with self._plain_errors():
            found = self._connected().query(query_embeddings=vectors, n_results=k, include=["distances"])
        return [
            (np.array(ids, dtype=np.int64), 1 - np.array(distances, dtype=np.float32))
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def close(self) -> None:
        """Let go of Chroma's files and threads."""
        with self._lock:
            self._closed = True
            client, self._client, self._collection = self._client, None, None
            if client is not None:
                _disconnect(client)

    def _connected(self) -> Any:
        """Return the collection, connecting first where that is still to be done."""
        collection = self._collection
        if collection is not None:
            return collection
        with self._lock:
            if self._closed:
                raise StoreError("This generation of the index was closed; open the live one.")
            if self._collection is None:
                self._client = _connect(self._folder, self._url)
                found = self._client.get_collection(self._name, embedding_function=None)
                if (count := int(found.count())) != self._expected:
                    raise self._damaged(f"Chroma holds {count} vectors instead of {self._expected}")
                self._collection = found
            return self._collection

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what Chroma raises into an error for people: IndexDamaged, or StoreError for an absent server."""
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            # Chroma's own errors have a base; those of its database, bindings and connection have none.
            from chromadb.errors import ChromaError

            if self._url and not isinstance(error, ChromaError):
                raise _no_answer(self._url) from error
            raise self._damaged(f"Chroma cannot use {self._name} ({error})") from error

    def _damaged(self, what: str) -> IndexDamaged:
        """Return an error that says what is wrong with the vectors and how to mend it."""
        return layout.damaged(self._folder.parent.parent, what)


def store_kind(url: SecretStr | str | None) -> str:
    """Say where vectors are kept, and by which version where its files are ours to keep."""
    return "Chroma server" if url else f"Chroma {importlib.metadata.version('chromadb')} folder"


def server_collection(index_id: str, generation: str) -> str:
    """Return the name of a generation's collection on a server that several indexes may share."""
    return f"{index_id}-{generation}"


def drop_collections(index_id: str, kept: Sequence[str], url: SecretStr | str) -> list[str]:
    """Remove an index's collections from a server but those of the generations that are kept."""
    client = _connect(Path(), url.get_secret_value() if isinstance(url, SecretStr) else url)
    names = {server_collection(index_id, generation) for generation in kept}
    try:
        found = [one.name for one in client.list_collections() if one.name.startswith(f"{index_id}-")]
        dropped = [name for name in found if name not in names]
        for name in dropped:
            client.delete_collection(name)
        return dropped
    finally:
        _disconnect(client)


def _connect(folder: Path, url: str | None) -> Any:
    """Open Chroma: the folder, or the server at a URL. Raises StoreError where a server does not answer."""
    # 0.4 to 1.4 seconds, which no command spends that only reads documents.
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    options = ChromaSettings(anonymized_telemetry=False)
    if url is None:
        return chromadb.PersistentClient(str(folder), settings=options)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError("The Chroma URL must look like http://host:port; correct ASSISTANT_CHROMA_URL.")
    try:
        if parts.hostname.endswith(_CLOUD):
            return chromadb.CloudClient(api_key=unquote(parts.username or "") or None, settings=options)
        return chromadb.HttpClient(
            host=parts.hostname,
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            headers={"X-Chroma-Token": unquote(parts.username)} if parts.username else None,
            settings=options,
        )
    except Exception as error:
        # httpx, Chroma and ValueError, depending on how far the connection got.
        raise _no_answer(url) from error


def _no_answer(url: str) -> StoreError:
    """Return an error that names a server, without the token that its URL may hold."""
    return StoreError(
        f"The Chroma server at {urlsplit(url).hostname} does not answer; start it, or unset ASSISTANT_CHROMA_URL."
    )


def _disconnect(client: Any) -> None:
    """Close Chroma with all that its own close leaves behind where the vectors are on a server.

    There a client and its inner admin client each keep connections open, and stay listed in a
    register of the library: a program that swaps generations would collect them.
    """
    from chromadb.api.shared_system_client import SharedSystemClient

    servers = {id(one._server): one._server for one in (client, client._admin_client)}.values()
    client.close()
    for server in servers:
        if hasattr(server, "_session"):
            server._session.close()
            register = SharedSystemClient._identifier_to_system
            for name in [name for name, system in list(register.items()) if system is server._system]:
                register.pop(name, None)
