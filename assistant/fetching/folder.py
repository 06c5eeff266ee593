"""The folder of fetched originals: one file per source, and a state file that says what is known of each.

Only files that the state names are read, replaced or removed; whatever else stands in the folder is
somebody else's. A new file is announced in the state (`pending`) before it replaces the old one, so
that a run which is killed at any moment leaves either the old file or the new one known.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter, ValidationError

from assistant.errors import InputError, NotFetched
from assistant.fetching.content import SUFFIXES

STATE = ".state.json"
_LOCK, _PARTIAL = ".lock", ".partial"
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,118}[A-Za-z0-9_-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_MAX_STATE_BYTES = 20_000_000
_Header = Annotated[str, Field(max_length=1000, pattern=r"^[\x20-\x7e]*$")]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file that was fetched."""

    file: str
    url: str
    """As the register wrote it then."""
    final_url: str
    """Where redirects led."""
    sha256: str
    fetched: str
    """UTC, ISO 8601; when these bytes came."""
    etag: _Header | None = None
    last_modified: _Header | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """The content of the state file."""

    format: Literal[1] = 1
    files: dict[str, Kept] = field(default_factory=dict)
    pending: dict[str, Kept] = field(default_factory=dict)
    """Files that were about to be put in place."""


_FORMAT = TypeAdapter(_State)


def is_safe_id(name: str) -> bool:
    """Tell whether an id can be the name of a file on any system, in the folder itself."""
    return bool(_ID.fullmatch(name)) and not _RESERVED.fullmatch(name)


def sha256_of(path: Path) -> str | None:
    """Return the hash of a file; None for what is no file of its own, such as a link."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def known_files(directory: Path) -> dict[str, Kept]:
    """Return what the state says of each source, without changing anything; nothing without a state.

    Raises InputError where the state cannot be read.
    """
    state = _read(directory)
    return {**state.files, **_arrived(directory, state.pending)}


class OriginalsFolder:
    """The folder while one run holds it; `OriginalsFolder.opened` lets one in at a time."""

    def __init__(self, directory: Path, state: _State) -> None:
        """Take a state that fits the folder."""
        self.directory = directory
        self.partial = directory / _PARTIAL
        """For files that are still coming in."""
        self._files = state.files

    @classmethod
    @contextmanager
    def opened(cls, directory: Path) -> Iterator[Self]:
        """Hold the folder, and settle what a killed run left. Raises InputError."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            lock = FileLock(directory / _LOCK, timeout=0)
            lock.acquire()
        except Timeout as error:
            raise InputError(f"Another run fetches into {directory}; wait until it is done.") from error
        except OSError as error:
            raise InputError(f"{directory} cannot be written to ({error.strerror}); name another folder.") from error
        try:
            yield cls._settled(directory)
        finally:
            shutil.rmtree(directory / _PARTIAL, ignore_errors=True)
            lock.release()

    @classmethod
    def _settled(cls, directory: Path) -> Self:
        """Take in what a killed run had put in place but not yet written down, and clear its leftovers."""
        state = _read(directory)
        folder = cls(directory, state)
        try:
            shutil.rmtree(folder.partial, ignore_errors=True)
            folder.partial.mkdir()
            for source, kept in _arrived(directory, state.pending).items():
                folder._take(source, kept)
        except OSError as error:
            raise InputError(f"{directory} cannot be written to ({error.strerror}); name another folder.") from error
        return folder

    @property
    def files(self) -> Mapping[str, Kept]:
        """What is known, by source id."""
        return self._files

    def intact(self, source: str) -> Kept | None:
        """Return what is known of a file that is still as it was fetched; None for any other."""
        kept = self._files.get(source)
        return kept if kept and sha256_of(self.directory / kept.file) == kept.sha256 else None

    def put(self, source: str, kept: Kept, part: Path) -> None:
        """Put a file that came in completely in its place. Raises NotFetched where it cannot be."""
        before = self._files.get(source)
        if (before is None or before.file != kept.file) and os.path.lexists(self.directory / kept.file):
            raise NotFetched(
                f"{self.directory / kept.file} is in the way, and was not fetched by this program; move it elsewhere."
            )
        try:
            self._write({source: kept})
            part.replace(self.directory / kept.file)
            self._take(source, kept)
        except OSError as error:
            raise NotFetched(
                f"The file cannot be written ({error.strerror}); make room in {self.directory}."
            ) from error

    def note(self, source: str, kept: Kept) -> None:
        """Note something new about a file that stays as it is."""
        self._files[source] = kept
        self._write({})

    def remove(self, source: str) -> None:
        """Remove a file that the state knows, and forget it."""
        (self.directory / self._files[source].file).unlink(missing_ok=True)
        del self._files[source]
        self._write({})

    def _take(self, source: str, kept: Kept) -> None:
        """Write down a file that is in place; one of the same source in another format goes."""
        before, self._files[source] = self._files.get(source), kept
        if before is not None and before.file != kept.file:
            (self.directory / before.file).unlink(missing_ok=True)
        self._write({})

    def _write(self, pending: dict[str, Kept]) -> None:
        """Replace the state file in one step."""
        content = _FORMAT.dump_json(_State(files=self._files, pending=pending), indent=1)
        part = self.partial / f"state-{uuid.uuid4().hex}"
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.directory / STATE)


def _arrived(directory: Path, pending: Mapping[str, Kept]) -> dict[str, Kept]:
    """Return the announced files that are in place."""
    return {source: kept for source, kept in pending.items() if sha256_of(directory / kept.file) == kept.sha256}


def _read(directory: Path) -> _State:
    """Return the state of a folder; an empty one where nothing was fetched yet."""
    path = directory / STATE
    try:
        if path.stat().st_size > _MAX_STATE_BYTES:
            raise ValueError("it is far too large")
        state = _FORMAT.validate_json(path.read_bytes())
        for source, kept in [*state.files.items(), *state.pending.items()]:
            if not is_safe_id(source) or kept.file not in [f"{source}{suffix}" for suffix in SUFFIXES]:
                raise ValueError(f"{kept.file!r} is no name of an original")
    except FileNotFoundError:
        return _State()
    except (OSError, ValueError) as error:
        reason = "it is not complete" if isinstance(error, ValidationError) else str(error)
        raise InputError(f"{path} cannot be used ({reason}); remove {directory} to fetch everything anew.") from error
    return state
