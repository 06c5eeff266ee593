"""The routes of the corpus page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import QueryParams

from assistant.errors import StoreError
from assistant.settings import Settings
from assistant.ui.access import roles_of
from assistant.ui.backend import OpenBackend
from assistant.ui.corpus_page.listing import listing_of, selection_of
from assistant.ui.corpus_page.rendering import LISTING, page, texts_of
from assistant.ui.corpus_page.staff_routes import staff_routes
from assistant.ui.texts import LANGUAGES


def corpus_routes(open_backend: OpenBackend, settings: Settings) -> APIRouter:
    """Return the routes for readers and for staff; before Gradio is mounted, whose routes take every path."""
    router = APIRouter()

    # Not async: reading an index blocks, so Starlette runs this in a thread.
    @router.get(LISTING, response_class=HTMLResponse, include_in_schema=False)
    def show(request: Request) -> HTMLResponse:
        texts = texts_of(request)
        languages = {one: f"?{_in_language(request.query_params, one)}" for one in LANGUAGES}
        try:
            catalogue = open_backend().catalogue()
        except StoreError:
            title = texts("corpus.unavailable_title")
            return page("unavailable.html", request, texts, LISTING, 503, title=title, languages=languages)
        selection, number = selection_of(request.query_params)
        return page(
            "listing.html",
            request,
            texts,
            LISTING,
            title=texts("corpus.title"),
            languages=languages,
            listing=listing_of(catalogue, selection, number, texts),
            may_manage="staff" in roles_of(request),
        )

    router.include_router(staff_routes(settings))
    return router


def _in_language(query: QueryParams, language: str) -> QueryParams:
    """Return the same address in another language of the page."""
    return QueryParams({**query, "lang": language})
