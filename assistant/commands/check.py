"""`python ingest.py --check`: let the corpus check itself; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.commands.common import DONE, PARTLY, write
from assistant.corpus_check import CheckReport, check
from assistant.settings import Settings

_DEFAULT = Path("corpus")


def check_corpora(roots: Sequence[Path], settings: Settings, as_json: bool) -> int:
    """Check each folder and print what was found; returns 0 clean, 1 with findings.

    Raises InputError where a folder is no corpus.
    """
    reports = {root: check(root, settings) for root in roots or [_DEFAULT]}
    if as_json:
        shown = [{"corpus": str(root), **asdict(report)} for root, report in reports.items()]
        write(json.dumps(shown if len(shown) > 1 else shown[0], ensure_ascii=False))
    else:
        for root, report in reports.items():
            write("\n".join([*_lines(report, f"{root}/" if len(reports) > 1 else ""), _summary(report)]))
    return PARTLY if any(report.findings for report in reports.values()) else DONE


def _lines(report: CheckReport, folder: str) -> list[str]:
    """Return one line for each finding."""
    return [f"{folder}{one.file}:{one.line}: {one.rule}: {one.message}" for one in report.findings]


def _summary(report: CheckReport) -> str:
    """Return what was checked, as one line."""
    counts = report.counts
    found = len(report.findings)
    return (
        f"{counts.documents} documents ({counts.twin_pairs} pairs of twins, {counts.pdf_pages} PDF pages), "
        f"{counts.sentences} sentences, {counts.terms} terms, {counts.sources_used} of {counts.sources} sources used: "
        f"{'no findings' if not found else '1 finding' if found == 1 else f'{found} findings'}."
    )
