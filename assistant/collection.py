"""The folder of own documents, which staff fill from the page, and what a run of ingest reads by default."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from assistant.errors import InputError
from assistant.loaders import source_files
from assistant.loaders.pdf import METADATA_SUFFIX
from assistant.settings import CorpusAdminSettings

SUFFIXES = (".md", ".txt", ".html", ".pdf", ".docx")
"""Of documents that can be added; a folder that somebody fills by hand may hold more."""
Fault = Literal["suffix", "empty", "too_large", "taken", "unknown"]
_UNSAFE = re.compile(r"[^\w .,()+&'’@=-]+")
_SUFFIX = re.compile(r"\.\w+\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST_STEM = 120
"""Bytes; with the suffix well below what every file system takes."""
_PIECE = 1 << 20


class NotAdded(InputError):
    """A document was not added to the folder, or not removed; `fault` says why."""

    def __init__(self, fault: Fault, message: str) -> None:
        """Keep the reason beside the message."""
        super().__init__(message)
        self.fault: Fault = fault


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A file in the folder."""

    name: str
    """Path below the folder, with forward slashes."""
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document that was handed in."""

    name: str
    outcome: Literal["added", "replaced", "same"]
    """"same": exactly these bytes were there already."""


def paths_to_read(settings: CorpusAdminSettings) -> list[Path]:
    """Return what a run of ingest reads that names no paths: the corpus, and own documents where there are any."""
    own = settings.directory
    return [*settings.paths, *([own] if own.is_dir() and own not in settings.paths else [])]


class OwnDocuments:
    """The folder; whatever is handed in is on disk as a whole or not at all."""

    def __init__(self, directory: Path, max_bytes: int) -> None:
        """Name the folder; it is made when the first document comes."""
        self.directory = directory
        self.max_bytes = max_bytes

    def __iter__(self) -> Iterator[OwnDocument]:
        """Yield the documents by name."""
        if not self.directory.is_dir():
            return
        for path, name in source_files(self.directory):
            with suppress(OSError):
                found = path.lstat()
                yield OwnDocument(name, found.st_size, found.st_mtime)

    def add(self, name: str, content: BinaryIO, *, replace: bool = False) -> Added:
        """Store a document under a safe form of its name, in place of one with that name only if `replace`.

        Raises NotAdded where its type is unknown, it is empty or too large, or the name is taken.
        """
        safe = safe_name(name)
        if PurePosixPath(safe).suffix not in SUFFIXES:
            raise NotAdded("suffix", f"{safe} is none of {', '.join(SUFFIXES)}; save it as one of these.")
        self.directory.mkdir(parents=True, exist_ok=True)
        # Hidden: an ingest that runs meanwhile passes it by.
        descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=".upload-")
        arrived = Path(temporary)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest = self._copy(content, file, safe)
            # mkstemp makes the file for its owner only; ingest may run as another user.
            arrived.chmod(0o644)
            return self._put(arrived, safe, digest, replace=replace)
        finally:
            arrived.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Remove a document, and the metadata beside it. Raises NotAdded where the folder has no such document."""
        # Only what the folder itself lists is removed: no name can lead elsewhere.
        if name not in {one.name for one in self}:
            raise NotAdded("unknown", f"{name} is not in {self.directory.name}; it may have been removed before.")
        path = self.directory / name
        path.unlink(missing_ok=True)
        if path.suffix.lower() == ".pdf":
            path.with_suffix(METADATA_SUFFIX).unlink(missing_ok=True)

    def _copy(self, content: BinaryIO, file: BinaryIO, name: str) -> str:
        """Copy a document to disk within the limits and return its hash."""
        digest = hashlib.sha256()
        size = 0
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > self.max_bytes:
                raise NotAdded("too_large", f"{name} has more than {self.max_bytes} bytes; split it.")
            digest.update(piece)
            file.write(piece)
        if not size:
            raise NotAdded("empty", f"{name} is empty; save the document again.")
        file.flush()
        os.fsync(file.fileno())
        return digest.hexdigest()

    def _put(self, arrived: Path, name: str, digest: str, *, replace: bool) -> Added:
        """Give a document that has arrived its name."""
        # Some file systems take names that differ in case alone for the same.
        same = [one for one in self.directory.iterdir() if one.name.casefold() == name.casefold()]
        if not same:
            try:
                # Fails where the name was taken this moment, as a rename would not.
                os.link(arrived, self.directory / name)
            except FileExistsError:
                same = [self.directory / name]
            except OSError:
                # A file system without hard links.
                arrived.rename(self.directory / name)
        if not same:
            return Added(name, "added")
        if same[0].is_file() and _sha256(same[0]) == digest:
            return Added(same[0].name, "same")
        if not replace or not same[0].is_file():
            raise NotAdded("taken", f"There is a document {same[0].name} with another content already.")
        arrived.replace(same[0])
        return Added(same[0].name, "replaced")


def safe_name(name: str) -> str:
    """Return a file name that is harmless on any file system and stays readable; the suffix in lower case."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1].rstrip(" .-~")
    # Apart from the stem: of a name such as "😍.md" only the suffix is harmless.
    suffix = found[0] if (found := _SUFFIX.search(last)) else ""
    plain = " ".join(_UNSAFE.sub("-", last.removesuffix(suffix)).split()).strip(" .-~")
    stem = plain.encode("utf-8", "ignore")[:_LONGEST_STEM].decode("utf-8", "ignore").strip(" .-~") or "document"
    if _RESERVED.fullmatch(stem.split(".")[0]):
        stem = f"document-{stem}"
    return stem + suffix.lower()


def _sha256(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
