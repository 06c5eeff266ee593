"""Results of the eval suite for tests, without asking anything."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.results import CaseResult, CitedSpan, RunInfo, write_run

INFO = RunInfo(
    name="run",
    created="2026-01-02T03:04:05+00:00",
    version="1",
    python="3",
    platform="any",
    packages={},
    settings={},
    index={},
    corpus_fingerprint="corpus",
    cases_fingerprint="cases",
    answerer="extractive",
    variant="extractive",
    seconds=1.0,
    peak_memory_mb=1.0,
)


def info(name: str = "run", **changes: Any) -> RunInfo:
    """Return what is known of a run."""
    return replace(INFO, name=name, **changes)


def result(
    number: int, language: str = "nl", metrics: Mapping[str, float | None] | None = None, **more: Any
) -> CaseResult:
    """Return the result of one language of a pair, answered from one document."""
    values: dict[str, Any] = {
        "case": f"q{number}-{language}",
        "pair": f"q{number}",
        "language": language,
        "group": "newcomer",
        "tags": ("single_fact",),
        "answerable": True,
        "status": "answered",
        "text": "Dat kostte 850.000 euro. [1]",
        "citations": (CitedSpan("money.nl.md", 0, 24, "Dat kostte 850.000 euro."),),
        "metrics": metrics or {},
        "milliseconds": 5.0,
        **more,
    }
    return CaseResult(**values)


def pairs(count: int, metrics: Mapping[str, float | None]) -> list[CaseResult]:
    """Return the results of both languages of some pairs, all with the same metrics."""
    return [result(number, language, dict(metrics)) for number in range(count) for language in ("nl", "en")]


def changed(results: Iterable[CaseResult], cases: Iterable[str], **metrics: float | None) -> list[CaseResult]:
    """Return the results with other metrics for some cases."""
    wanted = set(cases)
    return [replace(one, metrics={**one.metrics, **metrics}) if one.case in wanted else one for one in results]


def run_file(path: Path, results: Iterable[CaseResult], **changes: Any) -> Path:
    """Write a run and return its file."""
    write_run(path, info(path.stem, **changes), list(results))
    return path
