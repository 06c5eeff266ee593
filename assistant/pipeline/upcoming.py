"""What the next ingest would read, beside what the live generation holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from assistant.collection import OwnDocument, OwnDocuments, paths_to_read
from assistant.errors import InputError, StoreError
from assistant.loaders.pdf import METADATA_SUFFIX
from assistant.manifest import Manifest, current_generation, read_manifest
from assistant.pipeline.ingest import content_key, files_to_read
from assistant.pipeline.originals import InputFile
from assistant.settings import Settings

State = Literal["in_index", "changed", "not_in_index", "left_out"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that the last ingest passed over."""

    name: str
    refused: str | None
    """Why it could not be read."""
    duplicate_of: str | None
    """The document that has the same text."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next ingest."""

    live: Manifest | None
    """Of the generation that answers now; None where there is none that can be read."""
    files: Mapping[str, Path]
    """By document id; none where a path is missing."""
    outcomes: Mapping[str, Mapping[str, str | None]]
    """What the last ingest made of each file."""

    @property
    def new(self) -> tuple[str, ...]:
        """Files that the last ingest did not know."""
        return tuple(name for name in self.files if name not in self.outcomes)

    @property
    def gone(self) -> tuple[str, ...]:
        """Documents of the live generation whose file is gone or is not read any longer."""
        return tuple(name for name in self.outcomes if name not in self.files and not self._left_out(name))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Files that the last ingest passed over and that are still there."""
        return tuple(
            LeftOut(name, outcome.get("refused"), outcome.get("duplicate_of"))
            for name, outcome in self.outcomes.items()
            if name in self.files and self._left_out(name)
        )

    def states(self, own: OwnDocuments) -> Iterator[tuple[OwnDocument, State]]:
        """Yield each own document with what the live generation knows of it."""
        names = {path: name for name, path in self.files.items()}
        for one in own:
            path = own.directory / one.name
            name = names.get(path)
            outcome = self.outcomes.get(name) if name else None
            if name is None or outcome is None:
                yield one, "not_in_index"
            elif outcome.get("key") != _key(path, _stamp(path)):
                yield one, "changed"
            else:
                yield one, "left_out" if self._left_out(name) else "in_index"

    def _left_out(self, name: str) -> bool:
        """Tell whether the last ingest passed a file over."""
        outcome = self.outcomes[name]
        return bool(outcome.get("refused") or outcome.get("duplicate_of"))


def upcoming(settings: Settings) -> Upcoming:
    """Return what the next ingest of the default paths would read."""
    directory = settings.index.directory
    try:
        live = read_manifest(directory, current_generation(directory))
    except StoreError:
        live = None
    try:
        files = files_to_read(paths_to_read(settings.corpus_admin), settings.fetch.directory)
    except InputError:
        files = {}
    return Upcoming(live, files, live.extra.get("files", {}) if live else {})


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a file, or the metadata beside it, is written again."""
    found = [one.stat() for one in (path, path.with_suffix(METADATA_SUFFIX)) if one.is_file()]
    return tuple(number for one in found for number in (one.st_mtime_ns, one.st_size))


@lru_cache(2_048)
def _key(path: Path, _: tuple[int, ...]) -> str:
    """Return what decides what ingest makes of a file; reads it once for each state."""
    return content_key(InputFile(path))
