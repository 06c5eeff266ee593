import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.errors import FileRefused
from assistant.loaders import load
from assistant.settings import LoaderSettings
from assistant.types import Document


def read(folder: Path, data: bytes) -> Document:
    path = folder / "a.docx"
    path.write_bytes(data)
    return load(path, "a.docx", LoaderSettings())


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def test_a_word_document_keeps_order_and_structure(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.title = "De pilot"
    made.core_properties.modified = datetime(2024, 1, 31)
    made.add_heading("De pilot", 1)
    made.add_paragraph("De zes hogescholen werkten samen in de pilot.")
    made.add_heading("Deelnemers", 2)
    made.add_paragraph("Saxion", style="List Bullet")
    made.add_paragraph("Enschede", style="List Bullet 2")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["Naam", "Bedrag", "A", "€ 1.000"], strict=True
    ):
        cell.text = text
    made.add_paragraph("Slot van de tekst.")
    found = read(tmp_path, saved(made))
    assert (found.title, found.updated, found.language) == ("De pilot", "2024-01-31", "nl")
    assert [(block.text, block.kind, block.level) for block in found.pages[0].blocks] == [
        ("De zes hogescholen werkten samen in de pilot.", "paragraph", 0),
        ("Deelnemers", "heading", 2),
        ("Saxion", "item", 1),
        ("Enschede", "item", 2),
        ("Naam: A | Bedrag: € 1.000", "table", 0),
        ("Slot van de tekst.", "paragraph", 0),
    ]


def test_hidden_text_and_deletions_are_left_out_and_insertions_taken(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Het bedrag was ")
    paragraph.add_run("VERBORGEN ").font.hidden = True
    inserted = OxmlElement("w:ins")
    inserted.append(paragraph.add_run("850.000 euro.")._r)
    paragraph._p.append(inserted)
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "WEG"
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    assert [block.text for block in read(tmp_path, saved(made)).pages[0].blocks] == ["Het bedrag was 850.000 euro."]


def test_a_numbered_paragraph_is_an_item_of_its_depth(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Dieper punt")
    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_ilvl().set(qn("w:val"), "2")
    numbering.get_or_add_numId().set(qn("w:val"), "1")
    block = read(tmp_path, saved(made)).pages[0].blocks[0]
    assert (block.kind, block.level) == ("item", 3)


def test_merged_cells_are_read_once(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(rows=1, cols=3)
    table.rows[0].cells[0].merge(table.rows[0].cells[2]).text = "Samen"
    assert [block.text for block in read(tmp_path, saved(made)).pages[0].blocks] == ["Samen"]


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (b"hello", "not a Word document"),
        (saved(docx.Document())[:2000], "cut short"),
        (archive(xl__workbook_xml=b"<x/>"), "another Office document"),
        (archive(word__document_xml=b"<broken"), "damaged"),
        (archive(word__document_xml=b" " * 60_000_000), "unpacks to far more"),
    ],
)
def test_what_is_no_sound_word_document_has_its_own_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        read(tmp_path, data)
