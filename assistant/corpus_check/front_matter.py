"""Front matter of documents, and the metadata files of PDFs: complete, possible, and true to name and text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from pydantic import ValidationError

from assistant.corpus_check.documents import PlacedDocument, Report, metadata_file
from assistant.corpus_check.findings import Finding
from assistant.language import document_language
from assistant.loaders.metadata import Metadata, MetadataField
from assistant.types import Language

KINDS = ("programme", "funding", "community", "organisation", "report", "guide", "tool", "glossary")
_REQUIRED = {
    "title": "add one",
    "kind": f"add one of {', '.join(KINDS)}",
    "language": "add nl or en",
    "updated": "add the day of the last change, such as 2024-01-31",
}
_LANGUAGE_NAMES = {"nl": "Dutch", "en": "English"}


def check_front_matter(document: PlacedDocument, today: date) -> Iterator[Finding]:
    """Yield what is wrong with the front matter of a document."""
    if document.fields is None:
        return
    yield from _check_fields(document.file, document.fields, document.language, today)
    text = "\n".join(block.text for block in document.blocks if block.kind != "heading")
    detected = document_language(text)
    # "und" is what a very short text, or one full of names, gives.
    if detected in _LANGUAGE_NAMES and detected != document.language:
        yield Finding(
            document.file,
            document.blocks[0].line,
            "front-matter",
            f"the text is {_LANGUAGE_NAMES[detected]} and the name says .{document.language}.; translate or rename it.",
        )


def check_metadata_file(report: Report, register: Collection[str] | None, today: date) -> Iterator[Finding]:
    """Yield what is wrong with the metadata file of a PDF."""
    if report.fields is None:
        return
    file = metadata_file(report.file)
    yield from _check_fields(file, report.fields, report.language, today)
    sources = report.fields.get("sources")
    if sources is None:
        yield Finding(file, 1, "front-matter", "sources is missing; add the list of ids in sources.yaml.")
        return
    names = sources.value if isinstance(sources.value, list) else []
    for name in names:
        if register is not None and name not in register:
            yield Finding(
                file, sources.line, "source", f'source "{name}" is not in sources.yaml; add it there or correct it.'
            )


def _check_fields(file: str, fields: Mapping[str, MetadataField], language: Language, today: date) -> Iterator[Finding]:
    """Yield what is missing, impossible, or not as the file's name says."""
    for name, remedy in _REQUIRED.items():
        if name not in fields:
            yield Finding(file, 1, "front-matter", f"{name} is missing; {remedy}.")
    for name, field in fields.items():
        problem = _problem(name, field, language, today)
        if problem:
            yield Finding(file, field.line, "front-matter", problem)
    start, end = fields.get("valid_from"), fields.get("valid_to")
    if start and end and _later(str(start.value), str(end.value)):
        yield Finding(
            file,
            end.line,
            "front-matter",
            f"valid_to {end.value} is before valid_from {start.value}; correct one of them.",
        )


def _problem(name: str, field: MetadataField, language: Language, today: date) -> str | None:
    """Return what is wrong with one field."""
    try:
        Metadata.model_validate({name: field.value})
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        return f'{name} cannot be "{field.value}" ({reason[:1].lower() + reason[1:]}); correct it.'
    value = str(field.value)
    if name == "kind" and value not in KINDS:
        return f'kind cannot be "{value}"; use one of {", ".join(KINDS)}.'
    if name == "language" and value != language:
        return f'language is "{value}" and the name says .{language}.; correct one of them.'
    if name == "updated" and len(value) != len("2024-01-31"):
        return f'updated "{value}" is not a whole day; write it like 2024-01-31.'
    if name == "updated" and value > today.isoformat():
        return f"updated {value} is in the future; use the day of the last change."
    return None


def _later(start: str, end: str) -> bool:
    """Tell whether one date is later than another; of a month and a day in it, neither is."""
    length = min(len(start), len(end))
    return start[:length] > end[:length]
