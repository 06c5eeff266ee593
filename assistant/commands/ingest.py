"""`python ingest.py`: read documents into the index."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.collection import paths_to_read
from assistant.commands.check import check_corpora
from assistant.commands.common import DONE, PARTLY, Parser, guarded, settings_for, write
from assistant.commands.fetch import fetch_originals, fetch_summary
from assistant.commands.progress import Bar
from assistant.manifest import rollback
from assistant.pipeline.ingest import ingest
from assistant.types import IngestReport

_EXAMPLES = """examples:
  python ingest.py                       read corpus/ into index/
  python ingest.py ~/reports a.pdf       read other files and folders instead
  python ingest.py --fetch               fetch the published originals, then read corpus/ and them
  python ingest.py --check               let corpus/ check itself; nothing is written
  python ingest.py --rollback            go back to the generation before
"""
_LISTED = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 done, 1 done but files were not taken or a check found something, 2 cannot run."""
    parser = Parser(
        prog="python ingest.py",
        description="Read documents into the index; only what changed is read again.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders (default: corpus, and own documents)"
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
    parser.add_argument("--full", action="store_true", help="read and embed everything again")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--fetch", action="store_true", help="first fetch the originals that sources.yaml lists")
    instead.add_argument("--check", action="store_true", help="check the corpus itself and write nothing")
    instead.add_argument("--rollback", action="store_true", help="make the generation before the live one live")
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="DANGER: with --fetch, also from this machine and its network; a register may lead into it",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say."""
    settings = settings_for(arguments.index)
    if arguments.check:
        return check_corpora(arguments.paths, settings, arguments.json)
    if arguments.rollback:
        generation = rollback(settings.index.directory, settings.index.lock_seconds)
        write(json.dumps({"generation": generation}) if arguments.json else f"The live generation is {generation}.")
        return DONE
    fetched = (
        fetch_originals(arguments.paths, settings, allow_private=arguments.allow_private) if arguments.fetch else None
    )
    # Files that were named stand for themselves; the originals belong to a corpus.
    originals = settings.fetch.directory if fetched or not arguments.paths else None
    paths = arguments.paths or paths_to_read(settings.corpus_admin)
    with Bar() as bar:
        report = ingest(paths, settings, full=arguments.full, progress=bar.show, originals=originals)
    if arguments.json:
        content = asdict(report) | ({"fetch": asdict(fetched)} if fetched else {})
        write(json.dumps(content, ensure_ascii=False))
    else:
        write("\n".join([*([fetch_summary(fetched)] if fetched else []), _summary(report)]))
    return PARTLY if report.refused or (fetched and fetched.failed) else DONE


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
