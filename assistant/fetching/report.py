"""What one run of fetching did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that was not fetched, and why, for people."""

    id: str
    reason: str
    kept: bool = False
    """Whether a file of an earlier run stays in use."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a run is."""

    done: int
    total: int
    name: str = ""
    stage: str = "fetching"


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of each source of the register, by id."""

    directory: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[FailedSource, ...] = ()
    without_address: tuple[str, ...] = ()
    """Skipped: the register gives them no url."""
    removed: tuple[str, ...] = ()
    """Fetched once, and no longer in the register with an address."""
    seconds: float = 0.0
