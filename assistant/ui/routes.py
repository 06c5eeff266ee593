"""Our own routes: documents by id, and the style and script of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from assistant.errors import InputError
from assistant.ui.backend import OpenBackend
from assistant.ui.document_links import DOCUMENTS_PATH, document_of
from assistant.ui.document_page import Passage, render_document, render_missing
from assistant.ui.texts import as_interface_language, preferred_language, texts_in

ASSETS = StaticFiles(directory=Path(__file__).parent / "assets")

# Documents come from anywhere. Whatever one of them holds, it cannot run, load or frame anything here:
# the sandbox takes away scripts and the page's origin, and only our own style sheet may be fetched.
DOCUMENT_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def document_routes(open_backend: OpenBackend) -> APIRouter:
    """Return the routes that show documents."""
    router = APIRouter()

    # Not async: reading an index blocks, so Starlette runs this in a thread.
    @router.get(f"{DOCUMENTS_PATH}/{{public_id}}", response_class=HTMLResponse, include_in_schema=False)
    def show_document(
        request: Request,
        public_id: str,
        start: Annotated[str, Query()] = "",
        end: Annotated[str, Query()] = "",
        quote: Annotated[str, Query()] = "",
        lang: Annotated[str, Query()] = "",
    ) -> HTMLResponse:
        language = as_interface_language(lang) if lang else preferred_language(request.headers.get("accept-language"))
        texts = texts_in(language)
        try:
            document = document_of(public_id)
            if document is None:
                raise KeyError(public_id)
            backend = open_backend()
            row, text = backend.document(document), backend.canonical_text(document)
        # Both mean that there is no such document: in the address, or in the index any more.
        except (InputError, KeyError):
            return HTMLResponse(render_missing(texts), status_code=404, headers=DOCUMENT_HEADERS)
        page = render_document(row, text, _passage(start, end, quote), texts)
        return HTMLResponse(page, headers=DOCUMENT_HEADERS)

    return router


def _passage(start: str, end: str, quote: str) -> Passage | None:
    """Return the passage that an address asks for; None when it asks for none or makes no sense."""
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    # Longer numbers than any document has characters cost time to convert.
    return Passage(int(start), int(end), quote) if len(start) < 12 and len(end) < 12 else None
