"""PDF to pages of blocks; the file itself is only opened in a process of its own."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from assistant.errors import FileRefused
from assistant.loaders.draft import Draft, plain
from assistant.loaders.metadata import Metadata, parse_metadata
from assistant.loaders.pdf_layout import Line, layout
from assistant.loaders.pdf_process import shared_process
from assistant.loaders.pdf_quality import characters, quality
from assistant.settings import LoaderSettings
from assistant.types import Block, Page

METADATA_SUFFIX = ".yaml"
_UNTITLED = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|(?:untitled|naamloos|geen titel|no title|none|null)\b|document\d*$|"
    r".*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt|html?|ps|eps|ai|cdr|jpe?g|png|tiff?)$|"
    r"(?:slide|dia|scan|page|pagina) ?\d*$|(?:file|https?):",
    re.IGNORECASE,
)
_REFUSALS = {
    "empty": "The PDF is empty; save the document again.",
    "password": "The PDF needs a password to open; save a copy without password.",
    "encryption": "The PDF is encrypted in a way that cannot be opened here; save a copy without protection.",
    "not_pdf": "The file is named .pdf but is not a PDF; give it the suffix of what it is, or save it as PDF.",
    "broken": "The PDF is damaged or incomplete and cannot be read; download or save it again.",
    "no_pages": "The PDF holds no pages; download or save it again.",
    "crash": "The PDF brings its reader down, so it is damaged or hostile; print it to a new PDF.",
}
_OVERSIZED = ("LimitReachedError", "too much text")
_SCAN = "This is a scan: there is no text on any page, only pictures; run OCR first (for example ocrmypdf)."
_BLANK = "The PDF has no text on any page; check that it is the right file, or run OCR (for example ocrmypdf)."
_GARBLED = (
    "The text of the PDF is not readable on any page, because its fonts do not say which letters they show; "
    "run OCR on it (for example ocrmypdf --force-ocr)."
)
_PICTURE_PAGE = "The page is a picture without text; run OCR on the file."
_GARBLED_PAGE = "The text of the page is not readable; run OCR on the file."
_DAMAGED_PAGE = "The page is damaged and cannot be read; save the file again."


def read_pdf(path: Path, settings: LoaderSettings) -> Draft:
    """Read a PDF and the metadata beside it; raises FileRefused with one sentence per cause."""
    metadata, metadata_bytes = _metadata_beside(path)
    reply = shared_process().read(path.resolve(), settings)
    if "refused" in reply:
        raise FileRefused(_refusal(reply, settings))
    sheets = reply["pages"]
    lines = [[Line(plain(text).replace("\n", " "), *rest) for text, *rest in sheet["lines"]] for sheet in sheets]
    qualities = [quality("\n".join(line.text for line in page)) for page in lines]
    blocks = layout(lines, [sheet["height"] for sheet in sheets])
    pages = tuple(
        _page(number, sheet, quality, found, settings)
        for number, (sheet, quality, found) in enumerate(zip(sheets, qualities, blocks, strict=True), start=1)
    )
    _refuse_without_text(pages, sheets)
    digest = reply["sha256"]
    if metadata_bytes is not None:
        digest = hashlib.sha256(bytes.fromhex(digest) + metadata_bytes).hexdigest()
    title = _sane_title(reply["title"])
    return Draft(pages=pages, title=title, metadata=metadata, sha256=digest, file_sha256=reply["sha256"])


def _metadata_beside(path: Path) -> tuple[Metadata, bytes | None]:
    """Return the metadata in NAME.yaml beside NAME.pdf, and its bytes; no bytes where there is no such file."""
    beside = path.with_suffix(METADATA_SUFFIX)
    if not beside.is_file():
        return Metadata(), None
    data = beside.read_bytes()
    place = f"file {beside.name}"
    try:
        metadata = parse_metadata(data.decode("utf-8-sig"), place)
    except UnicodeDecodeError as error:
        raise FileRefused(f"The {place} is not text in UTF-8; save it as UTF-8.") from error
    if metadata is None:
        raise FileRefused(f"The {place} holds no list of fields such as title and language; correct it.")
    return metadata, data


def _refusal(reply: dict[str, Any], settings: LoaderSettings) -> str:
    """Return the sentence for a reason, with the limit that was passed."""
    reason = reply["refused"]
    if reason == "time":
        return (
            f"The PDF was not read within {settings.pdf_seconds:g} seconds; print it to a new PDF, "
            "or raise pdf_seconds."
        )
    if reason == "memory":
        return (
            f"The PDF needs more than the allowed {settings.pdf_memory_mb} MB of memory to read; print it to a "
            "new PDF, or raise pdf_memory_mb."
        )
    if reason == "too_many_pages":
        return (
            f"The PDF has {reply['detail']} pages and the limit is {settings.pdf_pages}; split it, or raise pdf_pages."
        )
    if reason == "unopened":
        return f"The file cannot be opened ({reply['detail']}); check that it is there."
    return _REFUSALS[reason]


def _page(
    number: int, sheet: dict[str, Any], page_quality: float, blocks: list[Block], settings: LoaderSettings
) -> Page:
    """Return a page with its blocks, or with the problem that keeps them out."""
    problem = None
    if "damage" in sheet:
        problem = _DAMAGED_PAGE
    elif not sheet["lines"]:
        problem = _PICTURE_PAGE if sheet["pictures"] else None
    elif page_quality < settings.min_page_quality:
        problem = _GARBLED_PAGE
    kept = () if problem else tuple(blocks)
    # A blank page is read in full.
    share = 1.0 if problem is None and not sheet["lines"] else round(page_quality, 3)
    return Page(blocks=kept, number=number, label=sheet["label"], quality=share, problem=problem)


def _refuse_without_text(pages: tuple[Page, ...], sheets: list[dict[str, Any]]) -> None:
    """Raise FileRefused where no page gives any text."""
    if any(page.blocks for page in pages):
        return
    if any(page.problem == _GARBLED_PAGE for page in pages):
        raise FileRefused(_GARBLED)
    if any(sheet.get("damage") in _OVERSIZED for sheet in sheets):
        raise FileRefused("The PDF unpacks to far more than a text; print it to a new PDF.")
    if any(page.problem == _DAMAGED_PAGE for page in pages):
        raise FileRefused(_REFUSALS["broken"])
    if characters(line[0] for sheet in sheets for line in sheet["lines"]) == 0:
        raise FileRefused(_SCAN if any(sheet["pictures"] for sheet in sheets) else _BLANK)


def _sane_title(title: str) -> str | None:
    """Return the metadata's title unless a program put it there, or it is no name."""
    title = " ".join(plain(title).split())
    if _UNTITLED.match(title) or sum(character.isalpha() for character in title) < 4 or quality(title) < 0.8:
        return None
    return title if " " in title or title.isalpha() else None
