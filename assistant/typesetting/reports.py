"""Reports written in Markdown, typeset as PDF with the metadata file that belongs beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import typst
import yaml
from markdown_it.tree import SyntaxTreeNode

from assistant.errors import InputError
from assistant.loaders.markdown import markdown_parser, split_front_matter
from assistant.loaders.metadata import Metadata
from assistant.messages import date_in_words
from assistant.types import Language, Source
from assistant.typesetting.templates import OPTIONS

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "nl": {"of": "van", "sources": "Bronnen", "dated": "Bijgewerkt op", "undated": "geen datum"},
    "en": {"of": "of", "sources": "Sources", "dated": "Updated on", "undated": "no date"},
}
_TEXTS = ("text", "code_inline", "softbreak")
_HEADING_LEVELS = {"h2": 1, "h3": 2}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BEGINNING = 60
"""Characters by which a passage of the PDF is told from all others."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A report as a PDF, and the text of the metadata file beside it."""

    pdf: bytes
    metadata: str


def typeset(path: Path, register: Mapping[str, Source]) -> Typeset:
    """Typeset one report; the same file gives the same bytes.

    Raises InputError, naming the file, where a field or a source is missing.
    """
    metadata, body = split_front_matter(path.read_text(encoding="utf-8"))
    if not (metadata.title and metadata.language and _DAY.fullmatch(metadata.updated or "")):
        raise InputError(f"{path}: a report needs a title, a language and the day it was updated; add them.")
    writer = _Writer(path, register, metadata.language)
    content = "".join(writer.document(SyntaxTreeNode(markdown_parser().parse(body))))
    pdf, pages = _compile(_opening(metadata) + content, path)
    return Typeset(pdf, _metadata_file(metadata, writer, pages))


def _opening(metadata: Metadata) -> str:
    """Return the lines that hand the title and the words of the language to the template."""
    language = metadata.language or "en"
    words = _WORDS[language]
    updated = date.fromisoformat(str(metadata.updated))
    fields = {
        "title": metadata.title,
        "lang": language,
        "dated": _dated_line(metadata),
        "of": words["of"],
    }
    named = ", ".join(f"{name}: {_string(str(value))}" for name, value in fields.items())
    day = f"({updated.year}, {updated.month}, {updated.day})"
    return f'#import "report.typ": *\n#show: report.with({named}, updated: {day})\n'


def _dated_line(metadata: Metadata) -> str:
    """Return the line below the title that says of when the report is."""
    language = metadata.language or "en"
    return f"{_WORDS[language]['dated']} {date_in_words(str(metadata.updated), language)}"


def _compile(document: str, path: Path) -> tuple[bytes, dict[int, list[str]]]:
    """Return the PDF, and the sources by the page on which they are cited."""
    try:
        pdf = typst.compile(document.encode(), **OPTIONS)
        marks = json.loads(typst.query(document.encode(), "<source>", field="value", **OPTIONS))
    except typst.TypstError as error:
        raise InputError(f"{path}: the typesetter says: {error}; correct the report.") from error
    pages: dict[int, list[str]] = {}
    for mark in marks:
        found = pages.setdefault(mark["page"], [])
        if mark["source"] not in found:
            found.append(mark["source"])
    return pdf, pages


def _metadata_file(metadata: Metadata, writer: _Writer, pages: Mapping[int, list[str]]) -> str:
    """Return what the loader reads beside the PDF."""
    fields = {
        "title": metadata.title,
        "kind": metadata.kind or "report",
        "language": metadata.language,
        "updated": metadata.updated,
        "sources": writer.cited,
        "page_sources": dict(pages),
        "passage_sources": writer.passages,
        "left_out": [
            _dated_line(metadata),
            f"{_WORDS[writer.language]['sources']}:",
            *writer.apparatus,
        ],
    }
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=200, default_flow_style=None)


@dataclass
class _Writer:
    """Turns one report into the typesetter's language."""

    path: Path
    register: Mapping[str, Source]
    language: Language
    cited: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)
    """Sources cited since the last heading of the highest level."""
    passages: dict[str, list[str]] = field(default_factory=dict)
    """Sources of each paragraph and list item, by how it begins."""
    apparatus: list[str] = field(default_factory=list)
    """How the lines begin that only say where the rest comes from."""

    def document(self, root: SyntaxTreeNode) -> Iterator[str]:
        """Yield the whole body: sections, each with its sources, and the list of all of them."""
        for node in root.children:
            yield from self._block(node)
        yield from self._section_sources()
        yield from self._references()

    def _block(self, node: SyntaxTreeNode) -> Iterator[str]:
        """Yield a heading, paragraph, list or table."""
        if node.type == "heading":
            if node.tag == "h2":
                yield from self._section_sources()
            yield f"\n#heading(level: {_HEADING_LEVELS.get(node.tag, 2)})[{self._text(node)}]\n"
        elif node.type == "paragraph":
            yield f"\n{self._passage(node)}\n"
        elif node.type in ("bullet_list", "ordered_list"):
            numbered = node.type == "ordered_list"
            items = [
                self._passage(item, f"{number}. " if numbered else "") for number, item in enumerate(node.children, 1)
            ]
            yield f"\n#{'enum' if numbered else 'list'}({', '.join(f'[{item}]' for item in items)})\n"
        elif node.type == "table":
            yield self._table(node)
        else:
            line = node.map[0] + 1 if node.map else 1
            raise InputError(
                f"{self.path}: a report has no place for a {node.type} (line {line} below the front matter); "
                "use headings, paragraphs, lists and tables."
            )

    def _passage(self, node: SyntaxTreeNode, mark: str = "") -> str:
        """Return a paragraph or item, and note which sources are its own."""
        self._note(mark + _plain(node), node)
        return self._text(node)

    def _table(self, node: SyntaxTreeNode) -> str:
        """Return a table; the columns take the width of their longest cells."""
        rows = [row for part in node.children for row in part.children]
        for row in rows:
            self._note(" ".join(_plain(cell) for cell in row.children), row)
        header, *others = ["".join(f"[{self._text(cell)}], " for cell in row.children) for row in rows]
        return f"\n#grid_of({len(rows[0].children)}, ({header}), {''.join(others)})\n"

    def _note(self, text: str, node: SyntaxTreeNode) -> None:
        """Note the sources of a passage by how its text begins."""
        if sources := [one.content for one in node.walk() if one.type == "source_reference"]:
            self.passages[text[:_BEGINNING].strip()] = list(dict.fromkeys(sources))

    def _text(self, node: SyntaxTreeNode) -> str:
        """Return the text of a block and the marks of its sources."""
        if node.type == "source_reference":
            return self._mark(node.content)
        if node.type == "link":
            inner = "".join(self._text(child) for child in node.children)
            return f"#link({_string(str(node.attrs.get('href', '')))})[{inner}]"
        if node.type in ("softbreak", "hardbreak"):
            return " "
        if node.children:
            return "".join(self._text(child) for child in node.children)
        return f"#{_string(node.content)};" if node.content else ""

    def _mark(self, name: str) -> str:
        """Return the mark of a source, and remember it."""
        if name not in self.register:
            raise InputError(f"{self.path}: source {name} is not in the register; add it there or correct the name.")
        for seen in (self.cited, self.section):
            if name not in seen:
                seen.append(name)
        return f"#source({_string(name)})"

    def _section_sources(self) -> Iterator[str]:
        """Yield the line that names the sources of the section that ends here."""
        if self.section:
            named = "; ".join(
                dict.fromkeys(f"{self.register[one].publisher}, {self._dated(one)}" for one in self.section)
            )
            yield f"\n#section_sources({_string(_WORDS[self.language]['sources'])}, {_string(named + '.')})\n"
        self.section = []

    def _references(self) -> Iterator[str]:
        """Yield the list of all sources, as the last section."""
        yield f"\n#heading(level: 1)[#{_string(_WORDS[self.language]['sources'])};]\n"
        for name in self.cited:
            one = self.register[name]
            plain = f"{one.publisher}: {one.title}, {self._dated(name)}."
            self.apparatus.append(plain[:_BEGINNING].strip())
            text = f"#{_string(plain)};"
            # The title is the link: a printed address would be broken over lines.
            yield f"\n- #link({_string(one.url)})[{text}]\n" if one.url else f"\n- {text}\n"

    def _dated(self, name: str) -> str:
        """Return the date of a source in the language of the report."""
        return date_in_words(self.register[name].date, self.language) or _WORDS[self.language]["undated"]


def _plain(node: SyntaxTreeNode) -> str:
    """Return the text of a block as the PDF shows it."""
    return "".join(" " if one.type == "softbreak" else one.content for one in node.walk() if one.type in _TEXTS)


def _string(text: str) -> str:
    """Return a string literal of the typesetter; its escapes are those of JSON but for the numbered ones."""
    return json.dumps(text, ensure_ascii=False)
