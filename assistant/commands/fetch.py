"""`python ingest.py --fetch`: published originals from the internet, before the documents are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.commands.progress import Bar
from assistant.errors import InputError
from assistant.fetching import FetchReport, fetch, shown
from assistant.loaders import SOURCES_FILE, load_sources
from assistant.settings import Settings

_STOPPED = "Stopped; the index is as it was, and the originals that had come in are kept."


def fetch_originals(paths: Sequence[Path], settings: Settings, *, allow_private: bool = False) -> FetchReport:
    """Fetch what the register of a corpus lists; `paths` holds its folder, or nothing for corpus/.

    Raises InputError where there is no register, or where the originals would land among its documents.
    """
    if len(paths) > 1:
        raise InputError("--fetch takes one folder, the one whose sources.yaml lists the originals.")
    root = paths[0] if paths else Path("corpus")
    register = root / SOURCES_FILE
    if not register.is_file():
        raise InputError(f"{register} does not exist; --fetch needs a folder whose register lists the originals.")
    options = settings.fetch
    if options.directory.resolve().is_relative_to(root.resolve()):
        raise InputError(f"{options.directory} lies in {root}; set fetch.directory to a folder beside it.")
    if allow_private:
        options = options.model_copy(update={"allow_private": True})
    try:
        with Bar() as bar:
            return fetch(load_sources(root), options, progress=bar.show)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_STOPPED) from None


def fetch_summary(report: FetchReport) -> str:
    """Return the report for people."""
    lines = [
        f"Originals in {report.directory} ({report.seconds:.1f} s): {len(report.new)} new, "
        f"{len(report.changed)} changed, {len(report.unchanged)} unchanged, {len(report.failed)} failed, "
        f"{len(report.without_address)} without address, {len(report.removed)} removed."
    ]
    if len(report.failed) > 1 and not (report.new or report.changed or report.unchanged):
        lines.append("Not one original came in; check the internet connection, then run it again.")
    lines += [f"Not fetched: {shown(one.id)}: {one.reason}" for one in report.failed]
    return "\n".join(lines)
