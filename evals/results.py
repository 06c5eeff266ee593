"""What one run of the eval suite found, and the file that keeps it.

A file of results is JSONL: `{"run": {…}, "cases": n}` on its first line, then one line per case.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from assistant.errors import InputError
from assistant.types import Language, Reason, Status
from evals.cases import CaseLanguage, Group

Stage = Literal["dense", "lexical", "fused", "reranked", "context"]
"""A leg of the retriever, both fused, the reranker's order, or the passages as the answerer reads them."""
STAGES: tuple[Stage, ...] = get_args(Stage)
_Row = TypeVar("_Row")
_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A stretch of a canonical text that an answer cites."""

    document: str
    start: int
    end: int
    quote: str


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class SentenceResult:
    """One sentence of an answer."""

    text: str
    citations: tuple[int, ...]
    """Markers: n stands for the n-th of the answer's citations, counted from 1."""
    verified: bool | None
    language: Language


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage that a stage found; its rank is its place in the list."""

    document: str
    start: int
    end: int
    relevant: bool
    """Whether it is the first of the list to find something relevant; a twin of an earlier one is not."""


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class CaseResult:
    """What the assistant did with one case, and how that scores."""

    case: str
    """Id of the case."""
    pair: str
    language: CaseLanguage
    group: Group
    tags: tuple[str, ...]
    answerable: bool
    status: Status | None = None
    """None where no answer was asked for, or an exception came instead."""
    reason: Reason | None = None
    """Why the assistant refused; not what the case expects."""
    text: str = ""
    """The answer with its markers, or the words of the refusal."""
    sentences: tuple[SentenceResult, ...] = ()
    citations: tuple[CitedSpan, ...] = ()
    rankings: Mapping[str, tuple[RankedPassage, ...]] = field(default_factory=dict)
    """By stage, best passage first."""
    relevant_total: int = 0
    """Number of relevant passages in the index; where twins count as one, of relevant sections."""
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    """None where a metric does not apply. `NAME` is of the answer, or of the passages that the answerer
    reads; `STAGE:NAME` is of the ranking of one stage."""
    error: str | None = None
    """The exception that took the place of an answer; such a case has no metrics."""
    milliseconds: float | None = None
    """Time of the answer; of the searches of all stages where none was asked for; None after an exception."""
    answer_language: Language | None = None
    confidence: float | None = None


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class RunInfo:
    """What has to be known of a run to repeat it, or to tell whether two runs can be compared."""

    name: str
    created: str
    """UTC, ISO 8601."""
    version: str
    """Of the assistant."""
    python: str
    platform: str
    packages: Mapping[str, str]
    """Version by name, of the packages that results depend on."""
    settings: Mapping[str, Any]
    index: Mapping[str, Any]
    """From the manifest: generation, identity, and how many documents, chunks and sentences it holds."""
    corpus_fingerprint: str
    cases_fingerprint: str
    answerer: str | None
    """None where only retrieval was measured."""
    variant: str
    seconds: float
    """Time of all cases, without opening or building the index."""
    peak_memory_mb: float
    """Of the process up to the end of this run; with several variants in one go, of those before it too."""


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of a file."""

    run: RunInfo
    cases: int


_HEAD = TypeAdapter(_Head)
_RESULT = TypeAdapter(CaseResult)


def write_run(path: Path, info: RunInfo, results: Sequence[CaseResult]) -> None:
    """Write a run; a reader sees the whole new file or the old one. Raises InputError where that is not possible."""
    rows = [asdict(_Head(info, len(results))), *(asdict(result) for result in results)]
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            unfinished = Path(folder, path.name)
            unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
            unfinished.replace(path)
    except OSError as error:
        raise InputError(f"The results cannot be written to {path} ({error.strerror}); name another file.") from error


def read_run(path: Path) -> tuple[RunInfo, tuple[CaseResult, ...]]:
    """Read what `write_run` wrote. Raises InputError with the line for a truncated or foreign file."""
    try:
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The results in {path} cannot be read ({error}); name a file that `run` wrote.") from error
    head = _parsed(_HEAD, lines[0], path, 1)
    results = tuple(_parsed(_RESULT, line, path, number) for number, line in enumerate(lines[1:], start=2))
    if len(results) != head.cases:
        raise InputError(
            f"{path}, line {len(lines)}: the file ends after {len(results)} of {head.cases} cases; "
            "run the evals again to write it anew."
        )
    return head.run, results


def _parsed(adapter: TypeAdapter[_Row], line: str, path: Path, number: int) -> _Row:
    """Read one line."""
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{path}, line {number}: {f'{name}: ' if name else ''}{first['msg']}; this is no complete file of results "
            "of this version."
        ) from error
