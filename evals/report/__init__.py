"""`python -m evals report RUN [RUN ...]`: one HTML file that shows what runs found."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import InputError
from evals.cases import read_cases
from evals.report.page import render
from evals.report.runs import load_run, plural

_EXAMPLES = """examples:
  python -m evals report evals/runs/new.jsonl                        new.html beside the run
  python -m evals report new.jsonl lexical.jsonl --out report.html   the first run whole, the others beside it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="file of results; the first is shown whole")
    parser.add_argument("--out", type=Path, metavar="FILE", help="HTML file (default: beside the first run)")
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), metavar="DIR", help="default: evals/cases")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Write the report and yield where it is. Raises InputError for a run, cases or a file that cannot be used."""
    cases = read_cases(arguments.cases)
    runs = [load_run(path, cases) for path in dict.fromkeys(arguments.runs)]
    out = arguments.out or arguments.runs[0].with_suffix(".html")
    if out.resolve() in [path.resolve() for path in arguments.runs]:
        raise InputError(f"The report would take the place of the run {out}; name another file with --out.")
    page = render(runs).encode("utf-8", "replace")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(page)
    except OSError as error:
        raise InputError(f"The report cannot be written to {out} ({error.strerror}); name another file.") from error
    counted = f"{plural(len(runs[0].failed), 'failed case')} of {len(runs[0].results)}"
    yield f"report: {out} ({plural(len(runs), 'run')}, {counted}, {len(page) / 1000:.0f} kB)"
