"""How documents, chunks and vectors stand in the files of a generation.

A chunk's text is not stored: it is a stretch of its document's canonical text. A chunk's line does
not say where it stands, so that the next generation can copy it; rows.npy says that, with one row
per chunk and one more at the end: (offset of the line, number of the first sentence, language).
"""

from __future__ import annotations

import json
import mmap
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from assistant.types import Chunk, Document, Language, Span

LANGUAGES: tuple[Language, ...] = ("nl", "en", "und")
"""In rows.npy a language is its place here."""
_NPY_HEADER = 128
"""Bytes before the numbers of an .npy file, with room for any count of rows."""
_LONGEST_NAME = 240
"""Bytes; file systems take 255 and some prefix or suffix names of their own."""
_LONGEST_PATH = 1_000
_TWIN = re.compile(r"(.+)\.(nl|en)(\.[^./]+)")


@dataclass(frozen=True, slots=True)
class PageRow:
    """What the index knows of one page."""

    number: int | None
    label: str | None
    quality: float
    problem: str | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What the index knows of one document."""

    id: str
    title: str
    kind: str
    language: Language
    sha256: str
    updated: str | None
    valid_from: str | None
    valid_to: str | None
    sources: tuple[str, ...]
    pages: tuple[PageRow, ...]
    first_row: int
    rows: int
    text_file: str
    """Below texts/."""
    text_sha256: str
    twin: str | None = None
    """The same document in the other language, where the index holds it."""
    file_sha256: str | None = None
    """Name of the file's bytes below files/; None for a format that is not kept, and in older generations."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """The chunks of one document as they stand in the files."""

    lines: tuple[bytes, ...]
    sentence_counts: tuple[int, ...]
    languages: tuple[Language, ...]
    vectors: NDArray[Any]
    sentence_vectors: NDArray[Any]
    heading_vectors: NDArray[Any]


def document_row(document: Document, rows: int) -> DocumentRow:
    """Return what the index keeps of a document; the writer fills in where it stands and whether its file is kept."""
    return DocumentRow(
        id=document.id,
        title=document.title,
        kind=document.kind,
        language=document.language,
        sha256=document.sha256,
        updated=document.updated,
        valid_from=document.valid_from,
        valid_to=document.valid_to,
        sources=document.sources,
        pages=tuple(PageRow(page.number, page.label, page.quality, page.problem) for page in document.pages),
        first_row=0,
        rows=rows,
        text_file="",
        text_sha256="",
        file_sha256=document.file_sha256,
    )


def twin_name(document_id: str) -> str | None:
    """Return the id that a document's twin would have: NAME.en.md for NAME.nl.md; None for other names."""
    match = _TWIN.fullmatch(document_id)
    if match is None:
        return None
    return f"{match[1]}.{'en' if match[2] == 'nl' else 'nl'}{match[3]}"


def write_documents(path: Path, rows: list[DocumentRow]) -> None:
    """Write one line per document."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_compact(asdict(row)) + "\n" for row in rows)


def read_documents(path: Path) -> Iterator[DocumentRow]:
    """Yield the documents of a file that write_documents wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            row["pages"] = tuple(PageRow(**page) for page in row["pages"])
            row["sources"] = tuple(row["sources"])
            yield DocumentRow(**row)


def line_from_chunk(chunk: Chunk) -> bytes:
    """Return the stored form of a chunk."""
    content = {
        "id": chunk.id,
        "language": chunk.language,
        "headings": chunk.headings,
        "section": chunk.section,
        "start": chunk.start,
        "end": chunk.end,
        "sentences": [[span.start, span.end, span.kind, span.block, span.sources] for span in chunk.sentences],
        "tokens": chunk.tokens,
        "page": chunk.page,
        "page_label": chunk.page_label,
    }
    return _compact(content).encode("ascii") + b"\n"


def stored_rows(
    chunks: Sequence[Chunk],
    vectors: NDArray[Any],
    sentence_vectors: NDArray[Any],
    heading_vectors: NDArray[Any],
) -> StoredRows:
    """Return the stored form of a document's chunks with their vectors."""
    return StoredRows(
        lines=tuple(line_from_chunk(chunk) for chunk in chunks),
        sentence_counts=tuple(len(chunk.sentences) for chunk in chunks),
        languages=tuple(chunk.language for chunk in chunks),
        vectors=vectors,
        sentence_vectors=sentence_vectors,
        heading_vectors=heading_vectors,
    )


def chunk_from_line(line: bytes, document: DocumentRow, text: str) -> Chunk:
    """Return the chunk that a line stands for; `text` is its document's canonical text."""
    content = json.loads(line)
    start, end = content["start"], content["end"]
    return Chunk(
        id=content["id"],
        document=document.id,
        title=document.title,
        kind=document.kind,
        language=content["language"],
        headings=tuple(content["headings"]),
        section=content["section"],
        text=text[start:end],
        start=start,
        end=end,
        sentences=tuple(Span(a, b, kind, block, tuple(ids)) for a, b, kind, block, ids in content["sentences"]),
        tokens=content["tokens"],
        page=content["page"],
        page_label=content["page_label"],
    )


def text_file_name(document_id: str, number: int, taken: set[str]) -> str:
    """Return a safe path below texts/ for a document, `<document>.txt` wherever that is one.

    A name that leads elsewhere, is too long, is no text, or that some file system confuses with one
    of `taken`, becomes `~<number>.txt`. Adds what it returns to `taken`.
    """
    name = f"{document_id}.txt"
    parts = PurePosixPath(name).parts
    # Two names that differ in case or accents' encoding alone are one file on some systems, and a
    # file cannot be a folder too: every folder on the way counts as taken by its own name.
    folded = [_folded("/".join(parts[: depth + 1])) for depth in range(len(parts))]
    clash = folded[-1] in taken or any(f"{folder}\0file" in taken for folder in folded)
    if clash or not _is_plain(name, parts):
        name = f"~{number}.txt"
        folded = [name]
    taken.update(folded)
    taken.add(f"{folded[-1]}\0file")
    return name


class MatrixWriter:
    """Write an .npy file row by row."""

    def __init__(self, path: Path, dtype: type[np.generic], dimension: int) -> None:
        """Open the file; its header comes last, when the count of rows is known."""
        self.rows = 0
        self._dtype = np.dtype(dtype)
        self._dimension = dimension
        self._file: IO[bytes] = path.open("wb")
        self._file.write(bytes(_NPY_HEADER))

    def append(self, matrix: NDArray[Any]) -> None:
        """Write rows; they are converted to the file's type."""
        if matrix.ndim != 2 or matrix.shape[1] != self._dimension:
            raise ValueError(f"rows of {matrix.shape[1:]} numbers in a file of rows of {self._dimension}")
        self._file.write(np.ascontiguousarray(matrix, dtype=self._dtype).tobytes())
        self.rows += len(matrix)

    def close(self) -> None:
        """Write the header and close the file; harmless when done before."""
        if self._file.closed:
            return
        described = {"descr": self._dtype.str, "fortran_order": False, "shape": (self.rows, self._dimension)}
        lead = b"\x93NUMPY\x01\x00" + (_NPY_HEADER - 10).to_bytes(2, "little")
        self._file.seek(0)
        self._file.write(lead + repr(described).encode("ascii").ljust(_NPY_HEADER - 11) + b"\n")
        self._file.close()


def map_matrix(path: Path) -> NDArray[Any]:
    """Map an .npy file into memory, so that only what is used is read."""
    if path.stat().st_size <= _NPY_HEADER:
        # The system cannot map a file without content.
        return np.asarray(np.load(path))
    mapped: NDArray[Any] = np.load(path, mmap_mode="r")
    return mapped


def map_bytes(path: Path) -> mmap.mmap | bytes:
    """Map a file into memory, so that only what is used is read."""
    if not path.stat().st_size:
        return b""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _is_plain(name: str, parts: tuple[str, ...]) -> bool:
    """Tell whether a path stays below its folder and can be written on any common file system."""
    try:
        longest = max(len(part.encode("utf-8")) for part in parts)
    except UnicodeEncodeError:
        return False
    return (
        "/".join(parts) == name
        and not any(part in (".", "..") or part != part.rstrip(". ") for part in parts)
        and not name.startswith("~")
        and not re.search(r'[\x00-\x1f\x7f\\:*?"<>|]', name)
        and longest <= _LONGEST_NAME
        and len(name.encode("utf-8")) <= _LONGEST_PATH
    )


def _folded(name: str) -> str:
    """Return what two names have in common that some file system takes for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _compact(content: Any) -> str:
    """Return JSON without spaces, in ASCII: a file name may hold half a surrogate pair, which UTF-8 cannot."""
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))
