"""`python -m evals answerability`: how well the assistant knows what it can answer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from assistant.embedder import load_embedder
from assistant.index import Index
from assistant.settings import load_settings
from evals.answerability.probes import Prober, of_cases
from evals.answerability.scores import judged, lines
from evals.answerability.sources import FOLDER, is_for_fitting, labelled, set_probes

_EXAMPLES = """examples:
  python -m evals answerability                                      the questions that nothing was fitted on
  python -m evals answerability --sets data --cache indexes          and the other half of other people's sets
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--index", type=Path, default=Path("index"), help="index of corpus/ (default: index)")
    parser.add_argument(
        "--cases", type=Path, default=FOLDER / "test.jsonl", metavar="FILE", help="labelled questions on the corpus"
    )
    parser.add_argument("--sets", type=Path, metavar="DIR", help="folder with other people's question sets")
    parser.add_argument(
        "--cache", type=Path, default=Path(".cache/answerability"), metavar="DIR", help="where their indexes are kept"
    )


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield a report on the labelled questions, and on the half of each set that nothing was fitted on."""
    settings = load_settings()
    embedder = load_embedder(settings.embedder)
    cases = labelled(arguments.cases)
    with Index.open(arguments.index) as index:
        probes = of_cases(cases, Prober(index, embedder, settings), arguments.cases.stem, left_out=False)
        yield from lines(str(arguments.cases), [judged(probe) for probe in probes])
    if arguments.sets is None:
        yield "Other people's sets: not asked; name the folder that holds them with --sets."
        return
    for folder in sorted(path.parent for path in arguments.sets.glob("*/questions.jsonl")):
        found = [one for one in set_probes(folder, arguments.cache, embedder, settings) if not is_for_fitting(one)]
        rows = [judged(probe) for probe in found]
        yes = [row for row in rows if row.probe.answerable]
        for kind in ("asked", "left out"):
            no = [row for row in rows if row.probe.kind == kind and not row.probe.answerable]
            if yes and no:
                yield ""
                yield from lines(f"{folder.name}, {kind}", [*yes, *no])
