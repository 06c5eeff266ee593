"""The documents of a corpus as their loader sees them, with the line on which each block stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it.token import Token

from assistant.corpus_check.findings import Finding
from assistant.errors import FileRefused
from assistant.loaders import source_files
from assistant.loaders.decoding import decode
from assistant.loaders.markdown import blocks_of, front_matter, inline_text, markdown_parser
from assistant.loaders.metadata import MetadataField, metadata_fields
from assistant.loaders.sources import REPORT_SOURCES
from assistant.sentences import split_sentences
from assistant.types import BlockKind, Language

_NAME = re.compile(r"(?P<stem>.+)\.(?P<language>nl|en)\.(?P<suffix>md|pdf)")
_LINE = re.compile(r"\bLine (\d+)")
_LANGUAGES: dict[str, Language] = {"nl": "nl", "en": "en"}


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A heading, paragraph, list item or table row, and where it stands."""

    text: str
    kind: BlockKind
    level: int
    sources: tuple[str, ...]
    line: int
    tokens: tuple[Token, ...]
    """The parsed text: one token, or one for each cell of a table row."""

    @property
    def parts(self) -> list[str]:
        """The text without the number of an item; for a table row its cells without the names of the columns."""
        return [inline_text(token.children)[0] if token.children else token.content for token in self.tokens]

    @property
    def sentences(self) -> list[str]:
        """The sentences of the text."""
        return [part[start:end] for part in self.parts for start, end in split_sentences(part)]


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """A Markdown document."""

    file: str
    stem: str
    """What twins share: the path without language and suffix."""
    language: Language
    """As the file's name says it."""
    fields: dict[str, MetadataField] | None
    """The front matter; None where there is none that can be read."""
    blocks: tuple[PlacedBlock, ...]
    definitions: tuple[tuple[int, str], ...]
    """Line and id of each footnote that the document defines itself."""

    @property
    def title(self) -> str:
        """The title in the front matter."""
        return self.value("title")

    def value(self, name: str) -> str:
        """Return a field of the front matter; nothing where it is missing."""
        found = (self.fields or {}).get(name)
        return found.value if found and isinstance(found.value, str) else ""


@dataclass(frozen=True, slots=True)
class Report:
    """A PDF and the fields in the metadata file beside it."""

    path: Path
    file: str
    stem: str
    language: Language
    fields: dict[str, MetadataField] | None
    """None where there is no metadata file that can be read."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything below a corpus that could be read, and a finding for everything that could not."""

    documents: tuple[PlacedDocument, ...]
    reports: tuple[Report, ...]
    findings: tuple[Finding, ...]


def read_corpus(root: Path) -> Corpus:
    """Read all documents below a folder."""
    documents: list[PlacedDocument] = []
    reports: list[Report] = []
    findings: list[Finding] = []
    for path, file in _files(root):
        name = _NAME.fullmatch(file)
        if name is None:
            findings.append(
                Finding(
                    file, 1, "file", "the name is not NAME.nl.md, NAME.en.md, NAME.nl.pdf or NAME.en.pdf; rename it."
                )
            )
            continue
        language = _LANGUAGES[name["language"]]
        try:
            if name["suffix"] == "md":
                documents.append(_document(path, file, name["stem"], language, findings))
            else:
                reports.append(Report(path, file, name["stem"], language, _fields_beside(path, file, findings)))
        except (FileRefused, OSError) as error:
            findings.append(Finding(file, 1, "file", f"the file cannot be read: {_sentence(error)}"))
    return Corpus(tuple(documents), tuple(reports), tuple(findings))


def metadata_file(report: str) -> str:
    """Return the name of the metadata file that belongs to a PDF."""
    return report.removesuffix(".pdf") + ".yaml"


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield what ingest would read, and the Markdown of the PDFs."""
    hidden = root / REPORT_SOURCES
    if hidden.is_dir():
        yield from ((path, f"{REPORT_SOURCES}/{file}") for path, file in source_files(hidden))
    yield from source_files(root)


def _document(path: Path, file: str, stem: str, language: Language, findings: list[Finding]) -> PlacedDocument:
    """Read one Markdown document."""
    text = decode(path.read_bytes())
    raw, body = front_matter(text)
    try:
        fields = metadata_fields(raw, "front matter", first_line=2) if raw else None
        # Text between two rules that is no list of fields is text.
        body = text if fields is None else body
        if fields is None:
            message = "there is no front matter; begin with title, kind, language and updated."
            findings.append(Finding(file, 1, "front-matter", message))
    except FileRefused as error:
        fields = None
        findings.append(_broken_fields(file, error))
    above = text[: len(text) - len(body)].count("\n")
    tokens = markdown_parser().parse(body)
    return PlacedDocument(
        file=file,
        stem=stem,
        language=language,
        fields=fields,
        blocks=tuple(
            PlacedBlock(block.text, block.kind, block.level, block.sources, above + _line(made), made)
            for block, made in blocks_of(tokens)
        ),
        definitions=tuple(
            (above + _line((after,)), token.info)
            for token, after in pairwise(tokens)
            if token.type == "source_definition"
        ),
    )


def _line(tokens: tuple[Token, ...]) -> int:
    """Return the line, from 1, on which the first of the tokens stands."""
    return (tokens[0].map or [0])[0] + 1


def _fields_beside(path: Path, file: str, findings: list[Finding]) -> dict[str, MetadataField] | None:
    """Return the fields of the metadata file beside a PDF."""
    beside, name = path.with_suffix(".yaml"), metadata_file(file)
    if not beside.is_file():
        missing = f"the metadata file {Path(name).name} is missing; put it beside the PDF."
        findings.append(Finding(file, 1, "file", missing))
        return None
    try:
        fields = metadata_fields(decode(beside.read_bytes()), "metadata file")
    except FileRefused as error:
        findings.append(_broken_fields(name, error))
        return None
    if fields is None:
        findings.append(
            Finding(name, 1, "front-matter", "the file holds no list of fields; begin with title and kind.")
        )
    return fields


def _broken_fields(file: str, error: FileRefused) -> Finding:
    """Return the finding on front matter that is not valid YAML."""
    line = _LINE.search(str(error))
    return Finding(file, int(line[1]) if line else 1, "front-matter", _sentence(error))


def _sentence(error: Exception) -> str:
    """Return an error's message as the end of a sentence."""
    message = " ".join(str(error).split())
    return message[:1].lower() + message[1:]
