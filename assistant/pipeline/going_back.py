"""What going back to the generation before would change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant import manifest
from assistant.errors import IndexDamaged, IndexMismatch, StoreError
from assistant.index_rows import read_documents
from assistant.manifest import Manifest


@dataclass(frozen=True, slots=True)
class WayBack:
    """From the live generation to the one that a rollback makes live, with the documents that differ."""

    live: Manifest
    before: Manifest
    leaving: tuple[str, ...]
    """Documents that only the live generation holds."""
    returning: tuple[str, ...]
    """Documents that only the generation before holds."""
    changed: tuple[str, ...]
    """Documents that have another content in the two."""

    @property
    def fits(self) -> bool:
        """Tell whether both were built with the same settings; a running program cannot use another kind."""
        return (self.live.identity, self.live.vector_store) == (self.before.identity, self.before.vector_store)


def way_back(directory: Path) -> WayBack | None:
    """Return what a rollback of the index in a folder would do; None where there is nothing to go back to."""
    try:
        live = manifest.read_manifest(directory, manifest.current_generation(directory))
    except StoreError:
        return None
    before = _intact_before(directory, live.generation)
    if before is None:
        return None
    new, old = _hashes(directory, live), _hashes(directory, before)
    return WayBack(
        live,
        before,
        leaving=tuple(sorted(new.keys() - old.keys())),
        returning=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
    )


def _intact_before(directory: Path, live: str) -> Manifest | None:
    """Return the newest whole generation that is older than the live one: the one that a rollback chooses."""
    number = manifest.generation_number(live)
    for name in reversed(manifest.generations(directory)):
        if manifest.generation_number(name) >= number:
            continue
        try:
            found = manifest.read_manifest(directory, name)
            manifest.check_files(directory, found)
        except (IndexDamaged, IndexMismatch):
            continue
        return found
    return None


def _hashes(directory: Path, made: Manifest) -> dict[str, str]:
    """Return the hash of each document of a generation."""
    return {row.id: row.sha256 for row in read_documents(directory / made.generation / manifest.DOCUMENTS)}
