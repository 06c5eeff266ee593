"""The index folder without its vectors: generations, which of them is live, and what each promises to hold.

    index/
      CURRENT         name of the live generation
      lock            held while a generation is written
      gen-000012/     manifest.json documents.jsonl sources.json chunks.jsonl
                      rows.npy vectors.npy sentences.npy headings.npy texts/ files/ chroma/ lexical/

A generation without manifest.json was never finished; the next writer removes it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing

FORMAT = 2
"""Of the files of a generation; an index of another format has to be built again."""
CURRENT, LOCK, MANIFEST = "CURRENT", "lock", "manifest.json"
DOCUMENTS, SOURCES, CHUNKS = "documents.jsonl", "sources.json", "chunks.jsonl"
ROWS, VECTORS, SENTENCES, HEADINGS = "rows.npy", "vectors.npy", "sentences.npy", "headings.npy"
TEXTS, FILES, CHROMA, LEXICAL = "texts", "files", "chroma", "lexical"

_NAME = re.compile(r"gen-(\d{6,})")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and what it holds."""

    format: int
    generation: str
    created: str
    """UTC, ISO 8601."""
    index_id: str
    """The same for all generations of an index; sets it apart on a shared Chroma server."""
    identity: dict[str, str]
    """What index and program must agree on."""
    vector_store: str
    """"folder", or "server" for a Chroma server."""
    corpus_fingerprint: str
    """Hash over ids and content of all documents."""
    documents: int
    chunks: int
    sentences: int
    dimension: int
    files: dict[str, int]
    """Size in bytes of each file, by its path below the generation."""
    unreachable: list[int]
    """Rows that Chroma's approximate search does not lead to; they are compared one by one."""
    extra: dict[str, Any]
    """What the pipeline wants to find again at the next run."""


def generation_name(number: int) -> str:
    """Return the name of a generation."""
    return f"gen-{number:06d}"


def generation_number(name: str) -> int:
    """Return the number of a generation."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a generation")
    return int(match[1])


def generations(directory: Path) -> list[str]:
    """Return the names of all generations, finished or not, oldest first."""
    if not directory.is_dir():
        return []
    return sorted((path.name for path in directory.iterdir() if _NAME.fullmatch(path.name)), key=generation_number)


def is_complete(directory: Path, name: str) -> bool:
    """Tell whether a generation was finished."""
    return (directory / name / MANIFEST).is_file()


def rebuild_command(directory: Path) -> str:
    """Return the command that builds an index again."""
    return f"python ingest.py --index {directory}"


def current_generation(directory: Path) -> str:
    """Return the name of the live generation. Raises IndexMissing, or IndexDamaged where it cannot be told."""
    try:
        name = (directory / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        if any(is_complete(directory, name) for name in generations(directory)):
            raise damaged(directory, f"{CURRENT} is missing") from None
        raise _missing(directory) from None
    except OSError as error:
        raise damaged(directory, f"{CURRENT} cannot be read ({error.strerror})") from error
    if not _NAME.fullmatch(name):
        raise damaged(directory, f"{CURRENT} names {name[:40]!r}, which is no generation")
    return name


def _missing(directory: Path) -> IndexMissing:
    """Return an error that says that there is no index yet and how to make one."""
    return IndexMissing(f"There is no index in {directory} yet: run `{rebuild_command(directory)}` first.")


def damaged(directory: Path, what: str) -> IndexDamaged:
    """Return an error that says what is wrong with an index and how to mend it."""
    return IndexDamaged(
        f"The index in {directory} is damaged: {what}. Run `{rebuild_command(directory)}` to build it "
        f"again, or add --rollback to return to the generation before."
    )


def read_manifest(directory: Path, name: str) -> Manifest:
    """Read the manifest of a generation. Raises IndexDamaged or IndexMismatch."""
    path = directory / name / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = content["format"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise damaged(directory, f"{name}/{MANIFEST} is missing or cannot be read") from error
    if found != FORMAT:
        raise IndexMismatch(
            f"The index in {directory} has format {found}, this version reads {FORMAT}: run "
            f"`{rebuild_command(directory)}` to build it again."
        )
    if set(content) != {field.name for field in fields(Manifest)}:
        raise damaged(directory, f"{name}/{MANIFEST} is not complete")
    return Manifest(**content)


def check_identity(directory: Path, manifest: Manifest, identity: Mapping[str, str], vector_store: str) -> None:
    """Raise IndexMismatch where an index was built with other settings, naming each difference."""
    built = {**manifest.identity, "vector_store": manifest.vector_store}
    wanted = {**identity, "vector_store": vector_store}
    differences = [
        f"{key}: {built.get(key, '(not set)')} -> {wanted.get(key, '(not set)')}"
        for key in sorted(built.keys() | wanted.keys())
        if built.get(key) != wanted.get(key)
    ]
    if differences:
        raise IndexMismatch(
            f"The index in {directory} was built with other settings ({'; '.join(differences)}): run "
            f"`{rebuild_command(directory)}` to build it again, or restore the settings."
        )


def file_sizes(folder: Path) -> dict[str, int]:
    """Return the size in bytes of every file below a folder but the manifest, by its path with forward slashes."""
    sizes = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            if relative != MANIFEST:
                sizes[relative] = path.stat().st_size
    return sizes


def check_files(directory: Path, manifest: Manifest) -> None:
    """Raise IndexDamaged where a file of a generation is missing or has another size than when it was written."""
    found = file_sizes(directory / manifest.generation)
    for name, size in manifest.files.items():
        if name not in found:
            raise damaged(directory, f"{manifest.generation}/{name} is missing")
        if found[name] != size:
            raise damaged(directory, f"{manifest.generation}/{name} has {found[name]} bytes instead of {size}")


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Finish a generation: all its files reach the disk, then its manifest does."""
    folder = directory / manifest.generation
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync(Path(parent, name))
        _sync(Path(parent))
    _replace(folder / MANIFEST, json.dumps(asdict(manifest), ensure_ascii=True, indent=1))


def write_json(path: Path, content: Any) -> None:
    """Write JSON in ASCII: a file name may hold half a surrogate pair, which UTF-8 cannot encode."""
    path.write_text(json.dumps(content, ensure_ascii=True, indent=1), encoding="utf-8")


def make_current(directory: Path, name: str) -> None:
    """Make a finished generation the live one, in one step."""
    _replace(directory / CURRENT, name + "\n")
    _log.info("%s is live in %s", name, directory)


def rollback(directory: Path, lock_seconds: float = 0, on_wait: Callable[[], None] | None = None) -> str:
    """Make the generation before the live one live again and return its name.

    A live generation that cannot be told or is damaged counts as the newest. Raises IndexMissing
    where there is none to go back to, IndexLocked while an ingest is running.
    """
    if not directory.is_dir():
        raise _missing(directory)
    with writer_lock(directory, lock_seconds, on_wait):
        try:
            live = generation_number(current_generation(directory))
        except IndexDamaged:
            live = generation_number((generations(directory) or [generation_name(0)])[-1])
        older = [name for name in generations(directory) if generation_number(name) < live]
        for name in reversed(older):
            if _is_intact(directory, name):
                make_current(directory, name)
                return name
    raise IndexMissing(
        f"There is no older generation in {directory} to go back to; run `{rebuild_command(directory)}` "
        "to build a new one."
    )


def prune(directory: Path, keep: int) -> list[str]:
    """Remove all but the newest finished generations, never the live one; return the names of those removed."""
    live = current_generation(directory)
    others = [name for name in generations(directory) if name != live and is_complete(directory, name)]
    removed = others[: len(others) - (keep - 1)] if len(others) >= keep else []
    for name in removed:
        remove_generation(directory, name)
    return removed


def remove_generation(directory: Path, name: str) -> None:
    """Remove a generation; an interruption leaves it unfinished, not half of a finished one."""
    (directory / name / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(directory / name)


@contextmanager
def writer_lock(directory: Path, seconds: float, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the right to write to an index; the system takes it back when the process dies.

    Raises IndexLocked when another process still holds it after the given time.
    """
    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / LOCK, thread_local=False)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            _log.info("waiting for another process that writes to %s", directory)
            if on_wait:
                on_wait()
            lock.acquire(timeout=seconds, poll_interval=0.1)
    except Timeout:
        raise IndexLocked(
            f"Another process has been writing to the index in {directory} for {seconds:g} s; wait for "
            "it to end, or raise index.lock_seconds."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _is_intact(directory: Path, name: str) -> bool:
    """Tell whether a generation is finished and has all its files."""
    try:
        check_files(directory, read_manifest(directory, name))
    except (IndexDamaged, IndexMismatch):
        return False
    return True


def _replace(path: Path, content: str) -> None:
    """Write a small file so that a reader, or a power cut, sees the old content or the new, never a part."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes the file for its owner only; other users of the machine may read an index.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Make a file or the entries of a folder reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
