"""`python -m assistant.commands.reports`: typeset the reports of the corpus."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.commands.common import DONE, Parser, guarded, write
from assistant.errors import InputError
from assistant.loaders import load_sources
from assistant.loaders.sources import REPORT_SOURCES
from assistant.typesetting import typeset

_REPORTS = "reports"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 done, 2 cannot run."""
    parser = Parser(
        prog="python -m assistant.commands.reports",
        description=f"Typeset {REPORT_SOURCES}/*.md as PDF, with the metadata file of each, into {_REPORTS}/.",
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("corpus"), help="folder (default: corpus)")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Typeset all reports, and only then replace the files, so that an error changes nothing."""
    corpus: Path = arguments.corpus
    paths = sorted((corpus / REPORT_SOURCES).glob("*.md"))
    if not paths:
        raise InputError(f"There are no reports in {corpus / REPORT_SOURCES}; write one there as Markdown.")
    register = load_sources(corpus)
    made = {path: typeset(path, register) for path in paths}
    folder = corpus / _REPORTS
    folder.mkdir(exist_ok=True)
    for path, report in made.items():
        _replace(folder / f"{path.stem}.pdf", report.pdf)
        _replace(folder / f"{path.stem}.yaml", report.metadata.encode("utf-8"))
        write(f"{folder / path.stem}.pdf")
    return DONE


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one step."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main())
