"""What a check of the corpus gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "file",
    "front-matter",
    "register",
    "source",
    "twin",
    "figure",
    "name",
    "link",
    "long-sentence",
    "dangling",
    "near-duplicate",
    "same-sentence",
]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong with the corpus."""

    file: str
    """Path below the corpus, with forward slashes."""
    line: int
    """Line in the file, from 1; in a PDF the page."""
    rule: Rule
    message: str
    """What is wrong with which value, and what to do, as one sentence."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was checked."""

    documents: int = 0
    twin_pairs: int = 0
    sources_used: int = 0
    sources: int = 0
    """Entries of the register."""
    sentences: int = 0
    terms: int = 0
    """Headings of the second level in glossaries."""
    pdf_pages: int = 0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The findings in the order of files and lines, and what was counted."""

    findings: tuple[Finding, ...]
    counts: Counts
    unused_sources: tuple[str, ...] = ()
    """Entries of the register that no document names; a note, not a finding."""
