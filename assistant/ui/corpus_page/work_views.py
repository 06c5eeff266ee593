"""What the page says of an ingest or a check: how far it is, or how it went."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.pipeline.corpus_work import Checked, Work
from assistant.reasons import reason_in
from assistant.types import IngestReport, Language
from assistant.ui.markup import page_name
from assistant.ui.texts import Texts

_SHOWN_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Files:
    """Names of files with what became of them."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Names of files or places, each with a reason and the language that it is in."""

    title: str
    rows: tuple[tuple[str, str, Language], ...]


@dataclass(frozen=True, slots=True)
class WorkView:
    """Work that is being done, or how it went."""

    running: bool
    title: str
    failed: bool = False
    done: int = 0
    total: int = 0
    name: str = ""
    lines: tuple[str, ...] = ()
    files: tuple[Files, ...] = ()
    reasons: tuple[Reasons, ...] = ()

    @property
    def languages(self) -> set[Language]:
        """The languages of the reasons."""
        return {language for one in self.reasons for *_, language in one.rows}


def view_of(work: Work, texts: Texts) -> WorkView:
    """Return what the page says."""
    if work.running:
        return _running(work, texts)
    if work.fault is not None:
        title = texts("corpus.staff.failed_title" if work.kind == "ingest" else "corpus.staff.check_failed_title")
        return WorkView(
            False, title, failed=True, lines=(texts(f"corpus.staff.fault.{work.fault}"), texts("corpus.staff.kept"))
        )
    if work.report is not None:
        return _ingested(work.report, texts)
    return _checked(work.checked, texts)


def _running(work: Work, texts: Texts) -> WorkView:
    """Return how far the work is."""
    progress = work.progress
    if progress is None:
        return WorkView(True, texts(f"corpus.staff.stage.{'check' if work.kind == 'check' else 'starting'}"))
    title = texts(f"corpus.staff.stage.{progress.stage}")
    if progress.stage in ("waiting", "writing"):
        return WorkView(True, title)
    return WorkView(True, title, done=progress.done, total=progress.total, name=progress.name)


def _ingested(report: IngestReport, texts: Texts) -> WorkView:
    """Return what an ingest did."""
    if report.written:
        title = texts("corpus.staff.done_title")
        seconds = f"{report.seconds:.0f}" if report.seconds >= 1 else "1"
        line = texts("corpus.staff.done", generation=report.generation, documents=report.documents, seconds=seconds)
    else:
        title, line = texts("corpus.staff.same_title"), texts("corpus.staff.same", generation=report.generation)
    same = tuple(texts("corpus.staff.duplicate", name=name, first=first) for name, first in report.duplicates)
    files = {
        "corpus.staff.added": report.added,
        "corpus.staff.changed": report.changed,
        "corpus.staff.removed": report.removed,
        "corpus.staff.duplicates": same,
    }
    reasons = {
        "corpus.staff.refused": tuple((one.path, *reason_in(texts.language, one.reason)) for one in report.refused),
        "corpus.staff.unread": tuple(
            (f"{one.document}, {page_name(texts, one.page, one.label)}", *reason_in(texts.language, one.problem))
            for one in report.unread_pages
        ),
    }
    return WorkView(
        False,
        title,
        lines=(line,),
        files=tuple(Files(texts(key, count=len(names)), names) for key, names in files.items() if names),
        reasons=tuple(Reasons(texts(key, count=len(rows)), rows) for key, rows in reasons.items() if rows),
    )


def _checked(checked: tuple[Checked, ...], texts: Texts) -> WorkView:
    """Return what a check found."""
    reasons = []
    lines = []
    for one in checked:
        count, documents = len(one.report.findings), one.report.counts.documents
        if not count:
            lines.append(texts("corpus.staff.checked_clean", name=one.name, documents=documents))
            continue
        key = "corpus.staff.checked_found_one" if count == 1 else "corpus.staff.checked_found"
        title = texts(key, name=one.name, documents=documents, **({} if count == 1 else {"count": count}))
        if count > _SHOWN_FINDINGS:
            lines.append(texts("corpus.staff.check_shown", count=_SHOWN_FINDINGS))
        # What is wrong with a corpus is said in English only, to who writes it.
        rows: tuple[tuple[str, str, Language], ...] = tuple(
            (texts("corpus.staff.finding", file=found.file, line=found.line), found.message, "en")
            for found in one.report.findings[:_SHOWN_FINDINGS]
        )
        reasons.append(Reasons(title, rows))
    return WorkView(False, texts("corpus.staff.checked_title"), lines=tuple(lines), reasons=tuple(reasons))
