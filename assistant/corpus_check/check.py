"""All checks of a corpus, in one run that writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from assistant.corpus_check.addresses import check_addresses
from assistant.corpus_check.documents import Corpus, PlacedDocument, read_corpus
from assistant.corpus_check.duplicates import check_duplicates
from assistant.corpus_check.findings import CheckReport, Counts, Finding
from assistant.corpus_check.front_matter import check_front_matter, check_metadata_file
from assistant.corpus_check.pdfs import ReportCheck, check_reports
from assistant.corpus_check.references import check_references
from assistant.corpus_check.twin_figures import check_figures
from assistant.corpus_check.twin_names import check_names, vocabularies
from assistant.corpus_check.twins import Twins, check_structure, pair
from assistant.corpus_check.wording import check_wording
from assistant.errors import InputError
from assistant.loaders import load_sources
from assistant.loaders.sources import SOURCES_FILE
from assistant.settings import Settings
from assistant.types import Source

_TERM_LEVEL = 2
_LINE = re.compile(r", line (\d+)")


def check(root: Path, settings: Settings) -> CheckReport:
    """Check the corpus below a folder.

    Raises InputError where the folder does not exist or is no corpus.
    """
    if not root.is_dir():
        raise InputError(f"{root} is not a folder; name the folder of a corpus.")
    if not (root / SOURCES_FILE).is_file():
        raise InputError(f"{root} is not a corpus: it has no {SOURCES_FILE}; name the folder that holds this file.")
    corpus = read_corpus(root)
    register, findings = _register(root)
    twins, alone = pair(corpus.documents)
    findings += [*corpus.findings, *alone]
    for document in corpus.documents:
        findings += _check_document(document, root, register)
    for report in corpus.reports:
        findings += check_metadata_file(report, register, date.today())
    words = vocabularies(corpus.documents)
    for one in twins:
        findings += [*check_structure(one), *check_figures(one), *check_names(one, words)]
    findings += check_duplicates(corpus.documents)
    reports = check_reports(corpus.reports, settings.loader)
    findings += reports.findings
    used = _used_sources(corpus)
    return CheckReport(
        findings=tuple(sorted(set(findings))),
        counts=_counts(corpus, twins, reports, used, register or {}),
        unused_sources=tuple(sorted(set(register or {}) - used)),
    )


def _register(root: Path) -> tuple[Mapping[str, Source] | None, list[Finding]]:
    """Return the register; None, with a finding, where it cannot be read."""
    try:
        return load_sources(root), []
    except InputError as error:
        line = _LINE.search(str(error))
        message = str(error).removeprefix(str(root / SOURCES_FILE)).lstrip(", :")
        return None, [Finding(SOURCES_FILE, int(line[1]) if line else 1, "register", " ".join(message.split()))]


def _check_document(document: PlacedDocument, root: Path, register: Mapping[str, Source] | None) -> Iterator[Finding]:
    """Yield what is wrong with one document by itself."""
    if not document.blocks:
        yield Finding(document.file, 1, "file", "the document holds no text; write it or remove the file.")
        return
    yield from check_front_matter(document, date.today())
    yield from check_references(document, register)
    yield from check_addresses(document, root)
    yield from check_wording(document)


def _used_sources(corpus: Corpus) -> set[str]:
    """Return the ids that documents and metadata files name."""
    used = {name for document in corpus.documents for block in document.blocks for name in block.sources}
    for report in corpus.reports:
        sources = (report.fields or {}).get("sources")
        used.update(sources.value if sources and isinstance(sources.value, list) else [])
    return used


def _counts(
    corpus: Corpus, twins: list[Twins], reports: ReportCheck, used: set[str], register: Mapping[str, Source]
) -> Counts:
    """Count what was checked."""
    blocks = [block for document in corpus.documents for block in document.blocks]
    glossaries = [document for document in corpus.documents if document.value("kind") == "glossary"]
    return Counts(
        documents=len(corpus.documents) + len(corpus.reports),
        twin_pairs=len(twins) + reports.pairs,
        pdf_pages=reports.pages,
        sources_used=len(used & set(register)),
        sources=len(register),
        sentences=sum(len(block.sentences) for block in blocks if block.kind != "heading"),
        terms=sum(
            block.kind == "heading" and block.level == _TERM_LEVEL
            for document in glossaries
            for block in document.blocks
        ),
    )
