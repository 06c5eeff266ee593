"""Our own routes: documents by id, their files and pictures of their pages, and the style and script of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles

from assistant.errors import InputError, PicturesBusy, PictureUnavailable
from assistant.index_rows import DocumentRow
from assistant.ui.backend import Backend, OpenBackend
from assistant.ui.document_links import DOCUMENTS_PATH, ONE_UP, document_of
from assistant.ui.document_page import Passage, Twin, render_document, render_missing
from assistant.ui.texts import Texts, as_interface_language, preferred_language, texts_in

ASSETS = StaticFiles(directory=Path(__file__).parent / "assets")

# Documents come from anywhere. Whatever one of them holds, it cannot run, load or frame anything here:
# the sandbox takes away scripts and the page's origin, and only our own style sheet may be fetched.
# Browsers without a viewer for PDFs save the file instead, which a sandbox has to allow.
DOCUMENT_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "sandbox allow-downloads"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# Without a sandbox, in which Chromium shows no PDF; its viewer runs apart from every page's origin.
FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PIECE = 1 << 16
_RETRY_SECONDS = 3
_MOST_DIGITS = 11
"""Longer numbers than any document has characters cost time to convert."""


def document_routes(open_backend: OpenBackend) -> APIRouter:
    """Return the routes that show documents, their files and their pages."""
    router = APIRouter()

    # None is async: reading an index blocks, so Starlette runs them in threads.
    @router.get(f"{DOCUMENTS_PATH}/{{public_id}}", response_class=HTMLResponse, include_in_schema=False)
    def show_document(
        request: Request,
        public_id: str,
        start: Annotated[str, Query()] = "",
        end: Annotated[str, Query()] = "",
        quote: Annotated[str, Query()] = "",
        page: Annotated[str, Query()] = "",
        lang: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        texts = _texts(request, lang)
        try:
            backend = open_backend()
            row = _row(backend, public_id)
            text = backend.canonical_text(row.id)
        except (InputError, KeyError):
            return HTMLResponse(render_missing(texts), status_code=404, headers=DOCUMENT_HEADERS)
        shown = render_document(row, text, _passage(start, end, quote), texts, _twin(backend, row), _number(page))
        return HTMLResponse(shown, headers=DOCUMENT_HEADERS)

    @router.get(f"{DOCUMENTS_PATH}/{{public_id}}/file", include_in_schema=False)
    def show_file(request: Request, public_id: str, lang: Annotated[str, Query()] = "") -> Response:
        try:
            backend = open_backend()
            row = _row(backend, public_id)
            opened = backend.open_file(row.id)
        except (InputError, KeyError):
            opened = None
        if opened is None:
            missing = render_missing(_texts(request, lang), ONE_UP * 2)
            return HTMLResponse(missing, status_code=404, headers=DOCUMENT_HEADERS)
        size = opened.seek(0, 2)
        opened.seek(0)
        headers = {
            **FILE_HEADERS,
            "Content-Disposition": f'inline; filename="{_file_name(row.id)}"',
            "Content-Length": str(size),
        }
        return StreamingResponse(_pieces(opened), media_type="application/pdf", headers=headers)

    @router.get(f"{DOCUMENTS_PATH}/{{public_id}}/page/{{number}}.png", include_in_schema=False)
    def show_page(
        public_id: str,
        number: str,
        start: Annotated[str, Query()] = "",
        end: Annotated[str, Query()] = "",
        quote: Annotated[str, Query()] = "",
    ) -> Response:
        page = _number(number)
        try:
            if page is None:
                raise KeyError(number)
            backend = open_backend()
            row = _row(backend, public_id)
            passage = _passage(start, end, quote)
            stands = passage is not None and passage.stands_in(backend.canonical_text(row.id))
            place = (passage.start, passage.end) if passage is not None and stands else None
            picture = backend.page_picture(row.id, page, place)
        except PicturesBusy as error:
            headers = {**DOCUMENT_HEADERS, "Retry-After": str(_RETRY_SECONDS)}
            return PlainTextResponse(str(error), status_code=503, headers=headers)
        except (InputError, KeyError, PictureUnavailable):
            return PlainTextResponse("There is no picture of this page.", status_code=404, headers=DOCUMENT_HEADERS)
        marked = "none" if not picture.marked else "beginning" if picture.goes_on else "all"
        headers = {**DOCUMENT_HEADERS, "Quote-Marked": marked, "Quote-Top": str(picture.top or 0)}
        return Response(picture.png, media_type="image/png", headers=headers)

    return router


def _texts(request: Request, language: str) -> Texts:
    """Return the words in the language that an address names, or else the browser."""
    if language:
        return texts_in(as_interface_language(language))
    return texts_in(preferred_language(request.headers.get("accept-language")))


def _row(backend: Backend, public_id: str) -> DocumentRow:
    """Return the document that an id means. Raises KeyError for an id that means none, InputError if it is gone."""
    document = document_of(public_id)
    if document is None:
        raise KeyError(public_id)
    return backend.document(document)


def _twin(backend: Backend, row: DocumentRow) -> Twin | None:
    """Return the same document in the other language."""
    if row.twin is None:
        return None
    try:
        return Twin(row.twin, backend.canonical_text(row.twin))
    except (InputError, KeyError):
        return None


def _passage(start: str, end: str, quote: str) -> Passage | None:
    """Return the passage that an address asks for; None when it asks for none or makes no sense."""
    first, last = _number(start), _number(end)
    return None if first is None or last is None else Passage(first, last, quote)


def _number(digits: str) -> int | None:
    """Return a number in an address; None for anything else."""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_number else None


def _file_name(document: str) -> str:
    """Return a name under which a file can be saved anywhere, without the folders that it comes from."""
    stem = re.sub(r"\.pdf$", "", document.rpartition("/")[2], flags=re.IGNORECASE)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip(".-")
    return f"{plain[:100] or 'document'}.pdf"


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece, and close it."""
    with opened:
        while piece := opened.read(_PIECE):
            yield piece
