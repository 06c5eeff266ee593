"""The files of a generation that is not finished."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
from pydantic import SecretStr

from assistant import index_rows, manifest
from assistant.index import Index
from assistant.index_rows import DocumentRow, MatrixWriter, StoredRows
from assistant.manifest import Manifest
from assistant.types import Source
from assistant.vector_store import VectorStore

_log = logging.getLogger(__name__)


class GenerationBuild:
    """The files of a generation that is not finished."""

    def __init__(self, directory: Path, blank: Manifest, url: SecretStr | str | None) -> None:
        """Make the folder and open its files."""
        self.name = blank.generation
        self.folder = directory / self.name
        self._directory = directory
        self._manifest = blank
        self._url = url
        self._documents: dict[str, DocumentRow] = {}
        self._taken: set[str] = set()
        self._languages: list[int] = []
        self._offsets = [0]
        self._first_sentences = [0]
        (self.folder / manifest.TEXTS).mkdir(parents=True)
        self._chunks: IO[bytes] = (self.folder / manifest.CHUNKS).open("wb")
        self._vectors = MatrixWriter(self.folder / manifest.VECTORS, np.float32, blank.dimension)
        self._sentences = MatrixWriter(self.folder / manifest.SENTENCES, np.float16, blank.dimension)
        self._headings = MatrixWriter(self.folder / manifest.HEADINGS, np.float16, blank.dimension)
        self.store = VectorStore(self.folder / manifest.CHROMA, blank, url)

    def add(self, row: DocumentRow, text: str, stored: StoredRows, file: Path | None = None) -> None:
        """Write a document, its text, its chunks, whose rows are the next, and its file if it has the row's hash."""
        if row.id in self._documents:
            raise ValueError(f"document {row.id!r} was added before")
        content = text.encode("utf-8", "surrogatepass")
        name = index_rows.text_file_name(row.id, len(self._documents), self._taken)
        path = self.folder / manifest.TEXTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._documents[row.id] = replace(
            row,
            first_row=len(self._languages),
            text_file=name,
            text_sha256=hashlib.sha256(content).hexdigest(),
            twin=None,
            file_sha256=self._keep(file, row.file_sha256) if file and row.file_sha256 else None,
        )

        self._chunks.writelines(stored.lines)
        self._vectors.append(stored.vectors)
        self._sentences.append(stored.sentence_vectors)
        self._headings.append(stored.heading_vectors)
        for line, count, language in zip(stored.lines, stored.sentence_counts, stored.languages, strict=True):
            self._languages.append(index_rows.LANGUAGES.index(language))
            self._offsets.append(self._offsets[-1] + len(line))
            self._first_sentences.append(self._first_sentences[-1] + count)

    def finish(self, sources: Mapping[str, Source], extra: Mapping[str, Any]) -> Manifest:
        """Write what is known only at the end, fill Chroma, and return the manifest without the sizes of files."""
        self._close_files()
        columns = (self._offsets, self._first_sentences, [*self._languages, 0])
        np.save(self.folder / manifest.ROWS, np.array(columns, dtype=np.int64).T)
        documents = [self._with_twin(row) for row in self._documents.values()]
        index_rows.write_documents(self.folder / manifest.DOCUMENTS, documents)
        manifest.write_json(self.folder / manifest.SOURCES, {name: asdict(one) for name, one in sources.items()})
        fingerprint = hashlib.sha256()
        for row in sorted(documents, key=lambda row: row.id):
            fingerprint.update(f"{row.id!a} {row.sha256}\n".encode())
        self._fill_store()
        return replace(
            self._manifest,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus_fingerprint=fingerprint.hexdigest(),
            documents=len(documents),
            chunks=self._vectors.rows,
            sentences=self._sentences.rows,
            extra=dict(extra),
        )

    def reader(self, made: Manifest) -> Index:
        """Open the generation for reading, with a connection to Chroma of its own."""
        self.store = VectorStore(self.folder / manifest.CHROMA, made, self._url)
        return Index(self._directory, made, self.store)

    def close(self) -> None:
        """Close all files."""
        self._close_files()
        self.store.close()

    def _keep(self, file: Path, sha256: str) -> str | None:
        """Keep the bytes of a document's file by their hash; None where it does not hold those bytes any more."""
        kept = self.folder / manifest.FILES / sha256
        if kept.exists():
            return sha256
        kept.parent.mkdir(exist_ok=True)
        try:
            # A generation never changes a file, so the next one can share it; not every file system has links.
            if file.parent.name == manifest.FILES and file.is_relative_to(self._directory):
                with suppress(OSError):
                    os.link(file, kept)
                    return sha256
            shutil.copyfile(file, kept)
            with kept.open("rb") as copied:
                if hashlib.file_digest(copied, "sha256").hexdigest() == sha256:
                    return sha256
        except OSError as error:
            _log.warning("the file of a document cannot be kept: %s", error.strerror)
        kept.unlink(missing_ok=True)
        _log.warning("%s changed while it was read; it cannot be opened from answers until the next run", file.name)
        return None

    def _fill_store(self) -> None:
        """Hand all vectors to Chroma, then close it: what is proved later is what reached the disk."""
        self.store.create()
        vectors = index_rows.map_matrix(self.folder / manifest.VECTORS)
        for start in range(0, len(vectors), VectorStore.at_once):
            self.store.add(start, np.asarray(vectors[start : start + VectorStore.at_once]))
        self.store.close()

    def _close_files(self) -> None:
        """Close the files that are written row by row."""
        self._chunks.close()
        self._vectors.close()
        self._sentences.close()
        self._headings.close()

    def _with_twin(self, row: DocumentRow) -> DocumentRow:
        """Name the document's twin where the generation holds it."""
        twin = index_rows.twin_name(row.id)
        return replace(row, twin=twin) if twin in self._documents else row
