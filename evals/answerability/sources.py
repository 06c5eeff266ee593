"""Where the labelled questions come from: the cases of this repository, and folders that somebody else made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.embedder import Embedder
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import Settings
from evals.answerability.probes import Probe, Prober, of_cases, of_set
from evals.cases import Case, parse_case
from evals.external_set import QuestionSet, read_set
from evals.jsonl import lines_of

FOLDER = Path("evals/answerability")
CORPUS = Path("corpus")
PASSAGES = 500
"""Passages that are taken of a large set, besides those that answer a question."""
DUTCH = frozenset({"wetten_nl", "pdf_kamervragen"})
"""Sets whose rows name no language and are Dutch."""


def labelled(path: Path) -> list[Case]:
    """Read a file of questions that are labelled answerable or not. Raises InputError with the line at fault."""
    return [parse_case(line, place) for line, place in lines_of(path)]


def own_probes(cases: list[Case], index: Path, embedder: Embedder, settings: Settings, source: str) -> list[Probe]:
    """Ask cases of an index of the corpus, answerable ones without their passages too."""
    with Index.open(index) as opened:
        return list(of_cases(cases, Prober(opened, embedder, settings), source, left_out=True))


def whole_set(folder: Path) -> QuestionSet:
    """Read somebody else's set with all its passages."""
    return read_set(folder, "nl" if folder.name in DUTCH else "en", None)


def set_probes(folder: Path, cache: Path, embedder: Embedder, settings: Settings) -> list[Probe]:
    """Ask the questions of somebody else's set of its own index, which is kept below `cache`."""
    found = whole_set(folder)
    found = found if len(found.passages) <= 4 * PASSAGES else read_set(folder, "nl", PASSAGES)
    with _index_of(found, cache / found.name, embedder, settings) as index:
        return list(of_set(found, Prober(index, embedder, settings)))


def is_for_fitting(probe: Probe) -> bool:
    """Deal the questions of somebody else's set into two halves, by the hash of their id."""
    return int(hashlib.md5(probe.group.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


@contextmanager
def _index_of(found: QuestionSet, folder: Path, embedder: Embedder, settings: Settings) -> Iterator[Index]:
    """Open the index of a set; it is made when it is not there."""
    directory = folder / "index"
    if not (directory / "CURRENT").is_file():
        found.write(folder / "files")
        own = settings.model_copy(update={"index": settings.index.model_copy(update={"directory": directory})})
        ingest([folder / "files"], own, embedder=embedder)
    with Index.open(directory) as index:
        yield index
