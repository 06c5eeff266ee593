"""Reports in PDF: readable, with a twin, and with the same figures as the twin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.cleaning import clean
from assistant.corpus_check.documents import Report
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.twin_figures import WrittenFigure, differences
from assistant.corpus_check.twins import missing_twin
from assistant.errors import FileRefused
from assistant.figures import figures_in
from assistant.loaders import load
from assistant.settings import LoaderSettings
from assistant.types import Page


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """What was found in the PDFs, and how many pages and pairs of twins there are."""

    findings: tuple[Finding, ...]
    pages: int
    pairs: int


def check_reports(reports: Iterable[Report], settings: LoaderSettings) -> ReportCheck:
    """Read all PDFs as ingest does and compare the twins."""
    findings: list[Finding] = []
    pages: dict[str, tuple[Page, ...]] = {}
    by_stem: dict[str, dict[str, Report]] = {}
    for report in reports:
        by_stem.setdefault(report.stem, {})[report.language] = report
        try:
            pages[report.file] = clean(load(report.path, report.file, settings)).pages
        except FileRefused as error:
            findings.append(Finding(report.file, 1, "file", f"the PDF cannot be read: {error}"))
            continue
        findings += _unread_pages(report, pages[report.file])
    for twins in by_stem.values():
        if len(twins) == 1:
            findings.append(missing_twin(next(iter(twins.values())).file))
        elif all(report.file in pages for report in twins.values()):
            findings += _compare(twins["nl"], pages[twins["nl"].file], twins["en"], pages[twins["en"].file])
    return ReportCheck(
        findings=tuple(findings),
        pages=sum(map(len, pages.values())),
        pairs=sum(len(twins) > 1 for twins in by_stem.values()),
    )


def _unread_pages(report: Report, pages: Iterable[Page]) -> Iterator[Finding]:
    """Yield the pages that hold no text that can be read."""
    for page in pages:
        if page.problem:
            yield Finding(report.file, page.number or 1, "file", f"page {page.number} cannot be read: {page.problem}")


def _compare(
    dutch: Report, dutch_pages: Sequence[Page], english: Report, english_pages: Sequence[Page]
) -> Iterator[Finding]:
    """Yield the figures that stand in one report only; the translation may run over other pages."""
    there, here = _figures(dutch, dutch_pages), _figures(english, english_pages)
    lost_here, lost_there = differences([one for _, one in there], [one for _, one in here])
    yield from _lacking(english.file, dutch.file, there, lost_here)
    yield from _lacking(dutch.file, english.file, here, lost_there)


def _figures(report: Report, pages: Iterable[Page]) -> list[tuple[int, WrittenFigure]]:
    """Return the figures of a report with their pages."""
    return [
        (page.number or 1, (figure, block.text[figure.start : figure.end]))
        for page in pages
        for block in page.blocks
        for figure in figures_in(block.text, report.language)
    ]


def _lacking(
    file: str, twin: str, figures: Iterable[tuple[int, WrittenFigure]], lost: Sequence[WrittenFigure]
) -> Iterator[Finding]:
    """Yield a finding for each figure of the twin that a report lacks."""
    for number, written in figures:
        if any(written is one for one in lost):
            message = f"“{written[1]}” on page {number} of {twin} is not in this report; correct one."
            yield Finding(file, number, "figure", message)
