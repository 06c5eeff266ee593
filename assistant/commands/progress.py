"""A progress bar on the terminal; nothing where stderr is none."""

from __future__ import annotations

import sys
from typing import Protocol


class Step(Protocol):
    """How far a run is."""

    @property
    def stage(self) -> str:
        """What is being done."""

    @property
    def done(self) -> int:
        """How many of `total` are done."""

    @property
    def total(self) -> int:
        """How many there are."""

    @property
    def name(self) -> str:
        """Which one it is about."""


class Bar:
    """Draws a run until the `with` block ends."""

    def __enter__(self) -> Bar:
        from tqdm import tqdm  # only these commands draw a bar

        self._bar = tqdm(disable=None, file=sys.stderr, leave=False, dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, progress: Step) -> None:
        """Draw how far the run is."""
        if progress.stage == "waiting":
            sys.stderr.write("Another ingest is writing to this index; waiting until it is done.\n")
        self._bar.total, self._bar.n = progress.total, progress.done
        self._bar.set_description(progress.stage, refresh=False)
        self._bar.set_postfix_str(progress.name[-40:], refresh=False)
        self._bar.refresh()
