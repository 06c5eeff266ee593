"""Word documents to blocks: headings, paragraphs, lists and tables in the order of the page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import FileRefused
from assistant.loaders.docx_hidden import remove_hidden
from assistant.loaders.draft import Draft
from assistant.loaders.tables import table_row
from assistant.types import Block, Page

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"
_MAX_PART_BYTES = 50_000_000
_MAX_ALL_BYTES = 500_000_000
_HEADING = re.compile(r"(?:heading|kop|title|titel)\s*(\d)?$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"(?:list|lijst)(?: ?(?:bullet|number|opsom|nummer)\w*)?(?: (\d))?", re.IGNORECASE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_HEADING_CHARS = 200


def read_docx(data: bytes) -> Draft:
    """Read a Word document; raises FileRefused for what is damaged, locked, or a bomb."""
    _refuse_other_formats(data)
    # Loading the library takes 0.2 s.
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document: WordDocument = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, OpcError, zipfile.BadZipFile, SyntaxError) as error:
        # An XML syntax error is Python's SyntaxError too.
        raise FileRefused("The Word document is damaged or incomplete; open it in Word and save it anew.") from error
    remove_hidden(document)
    title = document.core_properties.title.strip() or None
    updated = document.core_properties.modified
    return Draft(
        pages=(Page(blocks=tuple(_blocks(document))),),
        title=title if title and not re.match(r"(?:word[- ]document|document\d*$|untitled)", title, re.I) else None,
        updated=updated.date().isoformat() if updated else None,
    )


def _refuse_other_formats(data: bytes) -> None:
    """Raise FileRefused for what is no unprotected DOCX of a sane size."""
    if data.startswith(_OLE_SIGNATURE):
        raise FileRefused(
            "The document is protected with a password, or in the old Word format .doc; "
            "save it as .docx without password."
        )
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileRefused("The file is not a Word document, or is cut short; save it again as .docx.") from error
    xml = [part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))]
    if max(xml, default=0) > _MAX_PART_BYTES or sum(part.file_size for part in parts) > _MAX_ALL_BYTES:
        raise FileRefused("The document unpacks to far more than its size; open it in Word and save it anew.")
    if not any(part.filename == "word/document.xml" for part in parts) and not _names_a_document(data):
        raise FileRefused("The file is an archive or another Office document, not a Word document; save it as .docx.")


def _names_a_document(data: bytes) -> bool:
    """Tell whether the package lists a Word document under another name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return b"wordprocessingml.document.main" in package.read("[Content_Types].xml")
    except (KeyError, zipfile.BadZipFile, RuntimeError, OSError):
        return False


def _blocks(document: WordDocument) -> Iterator[Block]:
    """Yield the blocks of the body in reading order."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _rows(part)
        else:
            yield from _paragraph(part)


def _paragraph(paragraph: Paragraph) -> Iterator[Block]:
    """Yield a paragraph as the block that its style makes it, and the text boxes anchored in it."""
    text = _text(paragraph._p)
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if text:
        heading = _HEADING.match(style)
        if heading and len(text) <= _MAX_HEADING_CHARS:
            yield Block(text, "heading", min(int(heading[1] or 1), 6))
        elif level := _list_level(paragraph, style):
            yield Block(text, "item", level)
        else:
            yield Block(text)
    for box in paragraph._p.iter(f"{_WORD}txbxContent"):
        if next(box.iterancestors(_FALLBACK), None) is None:
            yield from (Block(inner) for inner in map(_text, box.iter(f"{_WORD}p")) if inner)


def _list_level(paragraph: Paragraph, style: str) -> int:
    """Return the depth of a list item, 0 for other paragraphs."""
    numbering = paragraph._p.find(f"{_WORD}pPr/{_WORD}numPr")
    if numbering is not None and _number(numbering, "numId") != 0:
        return 1 + (_number(numbering, "ilvl") or 0)
    named = _LIST_STYLE.fullmatch(style)
    return int(named[1] or 1) if named else 0


def _number(parent: BaseOxmlElement, name: str) -> int | None:
    """Return the value of an element that holds a number; None where it is not there."""
    element = parent.find(f"{_WORD}{name}")
    text = "" if element is None else str(element.get(f"{_WORD}val"))
    return int(text) if text.isdigit() else None


def _text(paragraph: BaseOxmlElement) -> str:
    """Return the text that a paragraph shows: with insertions and links, without deletions and hidden runs."""
    parts: list[str] = []
    for run in paragraph.iter(f"{_WORD}r"):
        if next(run.iterancestors(f"{_WORD}p"), None) is not paragraph or _is_hidden(run):
            continue
        for child in run:
            if child.tag == f"{_WORD}t":
                parts.append(child.text or "")
            elif child.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
                parts.append(" ")
            elif child.tag == f"{_WORD}noBreakHyphen":
                parts.append("-")
    return " ".join("".join(parts).split())


def _is_hidden(run: BaseOxmlElement) -> bool:
    """Tell whether a run is marked as hidden, or moved away from here by a tracked change."""
    if any(True for _ in run.iterancestors(f"{_WORD}moveFrom", f"{_WORD}del", _FALLBACK)):
        return True
    vanish = run.find(f"{_WORD}rPr/{_WORD}vanish")
    return vanish is not None and vanish.get(f"{_WORD}val") not in ("0", "false", "off")


def _rows(table: Table) -> Iterator[Block]:
    """Yield one block per row; the first row names the columns where there is more than one of each."""
    header: list[str] = []
    for number, row in enumerate(table.rows):
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            # A merged cell is listed once for each place it covers.
            text = "" if id(cell._tc) in seen else " ".join(filter(None, map(_text, cell._tc.iter(f"{_WORD}p"))))
            seen.add(id(cell._tc))
            cells.append(text)
        if number == 0 and len(table.rows) > 1 and len(cells) > 1 and all(cells):
            header = cells
        elif any(cells):
            yield Block(table_row(header, cells), "table")
