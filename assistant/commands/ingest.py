"""`python ingest.py`: read documents into the index."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.commands.common import DONE, PARTLY, Parser, guarded, settings_for, write
from assistant.manifest import rollback
from assistant.pipeline.ingest import IngestProgress, ingest
from assistant.types import IngestReport

_EXAMPLES = """examples:
  python ingest.py                       read corpus/ into index/
  python ingest.py ~/reports a.pdf       read other files and folders instead
  python ingest.py --rollback            go back to the generation before
"""
_LISTED = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 done, 1 done but some files were not taken, 2 cannot run."""
    parser = Parser(
        prog="python ingest.py",
        description="Read documents into the index; only what changed is read again.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: corpus)")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
    parser.add_argument("--full", action="store_true", help="read and embed everything again")
    parser.add_argument("--rollback", action="store_true", help="make the generation before the live one live")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say."""
    settings = settings_for(arguments.index)
    if arguments.rollback:
        generation = rollback(settings.index.directory, settings.index.lock_seconds)
        write(json.dumps({"generation": generation}) if arguments.json else f"The live generation is {generation}.")
        return DONE
    with _Bar() as bar:
        report = ingest(arguments.paths or [Path("corpus")], settings, full=arguments.full, progress=bar.show)
    write(json.dumps(asdict(report), ensure_ascii=False) if arguments.json else _summary(report))
    return PARTLY if report.refused else DONE


class _Bar:
    """A progress bar on the terminal."""

    def __enter__(self) -> _Bar:
        from tqdm import tqdm  # only this command draws a bar

        self._bar = tqdm(disable=None, file=sys.stderr, leave=False, dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, progress: IngestProgress) -> None:
        """Draw how far the run is."""
        if progress.stage == "waiting":
            sys.stderr.write("Another ingest is writing to this index; waiting until it is done.\n")
        self._bar.total, self._bar.n = progress.total, progress.done
        self._bar.set_description(progress.stage, refresh=False)
        self._bar.set_postfix_str(progress.name[-40:], refresh=False)
        self._bar.refresh()


def _summary(report: IngestReport) -> str:
    """Return the report for people."""
    lines = [
        f"{report.documents} documents, {report.chunks} passages in {report.generation} ({report.seconds:.1f} s): "
        f"{len(report.added)} new, {len(report.changed)} changed, {report.unchanged} unchanged, "
        f"{len(report.removed)} removed."
        if report.written
        else f"Nothing has changed: {report.documents} documents, {report.chunks} passages in {report.generation}."
    ]
    lines += _listed("Same content, taken once", [f"{a} = {b}" for a, b in report.duplicates])
    unread = [f"{one.document}, page {one.page}: {one.problem}" for one in report.unread_pages]
    lines += _listed("Pages that could not be read", unread)
    lines += [f"Not taken: {one.path}: {one.reason}" for one in report.refused]
    return "\n".join(lines)


def _listed(title: str, entries: Sequence[str]) -> list[str]:
    """Return entries below a title, the first ones only where there are many."""
    if not entries:
        return []
    more = [f"  … and {len(entries) - _LISTED} more (--json lists all)"] if len(entries) > _LISTED else []
    return [f"{title}:", *(f"  {entry}" for entry in entries[:_LISTED]), *more]
