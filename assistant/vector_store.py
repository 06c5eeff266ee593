"""The vectors of a generation in Chroma: the only place that knows Chroma."""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from assistant import manifest as layout
from assistant.errors import IndexDamaged, StoreError
from assistant.manifest import Manifest
from assistant.types import Matrix

Rows = NDArray[np.int64]
Similarities = NDArray[np.float32]

_COLLECTION = "passages"
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
"""ef_search is above the 100 candidates that are asked for; below it, near passages would be missed."""
_CLOUD = "trychroma.com"


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
