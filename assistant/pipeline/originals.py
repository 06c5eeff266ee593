"""Fetched originals as documents: which of them go into the index, and what the register says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.fetching import known_files, sha256_of
from assistant.loaders import Metadata
from assistant.types import ORIGINAL, Language, Source

_CHANGED = "The file is gone or was changed since it was fetched; run `python ingest.py --fetch` again."


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to take, with what is known of it beforehand."""

    path: Path
    stated: Metadata | None = None
    """In place of what the file says about itself."""
    fault: str | None = None
    """Why it is not to be taken."""


def fetched_originals(directory: Path, sources: Mapping[str, Source]) -> Iterator[tuple[str, InputFile]]:
    """Yield id and file of each fetched original whose source the register still lists.

    Raises InputError where the state of the folder cannot be read.
    """
    root = directory.resolve()
    for source_id, kept in sorted(known_files(root).items()):
        source = sources.get(source_id)
        if source is None:
            continue
        path = root / kept.file
        fault = None if sha256_of(path) == kept.sha256 else _CHANGED
        yield f"originals/{kept.file}", InputFile(path, _stated(source), fault)


def _stated(source: Source) -> Metadata:
    """Return what the register says about a source in the form of front matter; it was checked when it was read."""
    language: Language = "nl" if source.language == "nl" else "en" if source.language == "en" else "und"
    return Metadata.model_construct(
        title=source.title,
        kind=ORIGINAL,
        language=language,
        updated=None if source.date == "undated" else source.date,
        sources=(source.id,),
    )
