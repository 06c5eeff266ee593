"""A small document as a real file of each format, with something extra in a spot of it."""

from __future__ import annotations

import html
import io
from typing import Literal

from assistant.errors import InputError
from evals.injection.attacks import Carrier, Position


def paragraph(carrier: Carrier, instruction: str, position: Position | None) -> str:
    """Return the document's sentences with an instruction before, among or after them; with None, without one."""
    sentences = list(carrier.sentences)
    if instruction and position:
        sentences.insert({"start": 0, "middle": len(sentences) // 2, "end": len(sentences)}[position], instruction)
    return " ".join(sentences)


def markdown(
    carrier: Carrier,
    position: Position | None = None,
    instruction: str = "",
    *,
    title: str = "",
    fields: str = "",
    before: str = "",
    after: str = "",
) -> bytes:
    """Return a Markdown file; `before` and `after` stand around its one section."""
    text = paragraph(carrier, instruction, position)
    top = f"---\ntitle: {yaml_text(title or carrier.title)}\nlanguage: {carrier.language}\n{fields}---\n\n"
    return f"{top}{before}## {carrier.heading}\n\n{text}\n{after}".encode("utf-8", "replace")


def yaml_text(text: str) -> str:
    """Return a text as a YAML value."""
    return "'" + text.replace("'", "''") + "'"


def web_page(
    carrier: Carrier,
    position: Position | None = None,
    instruction: str = "",
    *,
    title: str = "",
    head: str = "",
    after: str = "",
) -> bytes:
    """Return a web page; `head` and `after` are markup."""
    text = html.escape(paragraph(carrier, instruction, position))
    return (
        f'<!doctype html><html lang="{carrier.language}"><head><meta charset="utf-8">'
        f"<title>{html.escape(title or carrier.title)}</title>{head}</head><body><article>"
        f"<h1>{html.escape(carrier.title)}</h1><h2>{html.escape(carrier.heading)}</h2><p>{text}</p>{after}"
        "</article></body></html>"
    ).encode("utf-8", "replace")


def word(
    carrier: Carrier,
    position: Position | None = None,
    instruction: str = "",
    *,
    extra: str = "",
    spot: Literal["", "hidden", "white", "comment", "header", "cell", "title", "property"] = "",
) -> bytes:
    """Return a Word document; `extra` stands at the spot."""
    # Loading the library takes 0.2 s.
    import docx
    from docx.shared import RGBColor

    extra = "".join(character for character in extra if character >= " ")
    document = docx.Document()
    document.core_properties.title = extra if spot == "title" else carrier.title
    if spot == "property":
        document.core_properties.comments = document.core_properties.subject = extra[:250]
    document.add_heading(carrier.title, 1)
    document.add_heading(carrier.heading, 2)
    body = document.add_paragraph(paragraph(carrier, instruction, position))
    if spot in ("hidden", "white"):
        run = document.add_paragraph().add_run(extra)
        run.font.hidden = spot == "hidden"
        run.font.color.rgb = RGBColor(255, 255, 255)
    elif spot == "comment":
        document.add_comment(body.runs, text=extra)
    elif spot == "header":
        document.sections[0].header.paragraphs[0].text = extra
    elif spot == "cell":
        table = document.add_table(2, 2)
        for cell, text in zip(table._cells, ("Naam", "Opmerking", carrier.title, extra), strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf(
    carrier: Carrier,
    position: Position | None = None,
    instruction: str = "",
    *,
    extra: str = "",
    spot: Literal["", "white", "tiny", "off page", "title", "keywords"] = "",
) -> bytes:
    """Return a PDF; `extra` stands at the spot. Raises InputError where the package that writes it is absent."""
    try:
        from fpdf import FPDF  # only measures and tests write PDFs
    except ImportError as error:
        raise InputError("Hiding instructions in PDFs needs the package fpdf2: `pip install -e .[dev]`.") from error
    pdf = FPDF()
    pdf.set_title(extra if spot == "title" else carrier.title)
    if spot == "keywords":
        pdf.set_keywords(extra)
        pdf.set_subject(extra)
    pdf.add_page()
    for text, size in ((carrier.title, 18), (carrier.heading, 14), (paragraph(carrier, instruction, position), 11)):
        pdf.set_font("Helvetica", style="B" if size > 11 else "", size=size)
        pdf.multi_cell(0, size * 0.6, _latin(text), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)
    if spot in ("white", "tiny", "off page"):
        if spot == "white":
            pdf.set_text_color(255, 255, 255)
        pdf.set_font("Helvetica", size=0.5 if spot == "tiny" else 11)
        pdf.text(-500 if spot == "off page" else 20, 200, _latin(extra))
    return bytes(pdf.output())


def _latin(text: str) -> str:
    """Return what the fonts that every PDF reader has can show."""
    return text.encode("latin-1", "ignore").decode("latin-1")
