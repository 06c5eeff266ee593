"""The routes with which staff manage the documents; each demands the role, and a form that is ours."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from assistant.collection import NotAdded, OwnDocuments
from assistant.errors import IndexLocked, StoreError
from assistant.manifest import rollback
from assistant.pipeline.corpus_work import CorpusWork, Kind
from assistant.pipeline.going_back import way_back
from assistant.pipeline.upcoming import upcoming
from assistant.settings import Settings
from assistant.ui.access import requires, same_origin
from assistant.ui.corpus_page.messages import Messages, Said, said
from assistant.ui.corpus_page.rendering import HEADERS, STAFF, fragment, texts_of
from assistant.ui.corpus_page.staff_page import back_page, remove_page, staff_page
from assistant.ui.corpus_page.upload import MEGABYTE, take_documents
from assistant.ui.corpus_page.work_views import view_of

_MOST_BYTES = 10_000
"""Of a form without documents."""
_log = logging.getLogger(__name__)


class Management:
    """What the pages for staff share: the folder, the work, and what to say next."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is read or started yet."""
        self.settings = settings
        self.own = OwnDocuments(settings.corpus_admin.directory, int(settings.loader.max_file_mb * MEGABYTE))
        self.work = CorpusWork(settings)
        self.removed: set[str] = set()
        """Ids of documents that were removed on the page: that the index loses them needs no second question."""
        self._messages = Messages()

    def page(self, request: Request) -> HTMLResponse:
        """Return the page for staff."""
        sentences = self._messages.of(request.query_params.get("said", ""))
        return staff_page(request, self.settings, self.own, self.work.now, sentences, self.removed)

    def onwards(self, request: Request, way: str, sentences: Sequence[Said] = ()) -> RedirectResponse:
        """Return to the page for staff after something was done; `way` leads there from where it was done."""
        query: dict[str, str] = {"lang": texts_of(request).language}
        if sentences:
            query["said"] = self._messages.keep(sentences)
        # Relative: the site may stand below a path that only a proxy knows.
        return RedirectResponse(f"{way}?{urlencode(query)}", 303, headers=HEADERS)

    def start(self, kind: Kind, agreed: bool) -> tuple[Said, ...]:
        """Begin an ingest or a check; return what stands in the way."""
        if kind == "ingest" and not agreed and not self.removed.issuperset(upcoming(self.settings).gone):
            return (said("gone_first", bad=True),)
        return () if self.work.start(kind) else (said("busy", bad=True),)

    def remove(self, name: str) -> Said:
        """Remove an own document."""
        paths = {path: one for one, path in upcoming(self.settings).files.items()}
        try:
            self.own.remove(name)
        except NotAdded:
            return said("unknown", bad=True, name=name)
        except OSError:
            _log.exception("a document could not be removed")
            return said("not_removed", bad=True, name=name)
        if known := paths.get(self.own.directory / name):
            self.removed.add(known)
        return said("removed", name=name)

    def go_back(self, live: str, before: str) -> Said:
        """Make the generation before live again, if both are still the ones that were shown."""
        directory = self.settings.index.directory
        back = way_back(directory)
        if back is None or not back.fits or (back.live.generation, back.before.generation) != (live, before):
            return said("back_changed", bad=True)
        try:
            generation = rollback(directory)
        except IndexLocked:
            return said("back_locked", bad=True)
        except (StoreError, OSError):
            _log.exception("the index could not be rolled back")
            return said("back_failed", bad=True)
        return said("back", live=live, before=generation)


def staff_routes(settings: Settings) -> APIRouter:
    """Return the routes for staff."""
    management = Management(settings)
    router = APIRouter(
        prefix=STAFF,
        include_in_schema=False,
        # In this order: who may not be here does not get as far as a form being read.
        dependencies=[Depends(requires("staff", back=STAFF)), Depends(same_origin)],
    )
    _add_pages(router, management)
    _add_forms(router, management)
    return router


def _add_pages(router: APIRouter, management: Management) -> None:
    """Add what is looked at."""

    @router.get("")
    def show(request: Request) -> HTMLResponse:
        return management.page(request)

    @router.get("/progress")
    def progress(request: Request) -> HTMLResponse:
        texts, now = texts_of(request), management.work.now
        return fragment("work.html", texts, work=view_of(now, texts) if now else None)

    @router.get("/remove")
    def ask_to_remove(request: Request, name: str = "") -> HTMLResponse:
        if name not in {one.name for one in management.own}:
            return management.page(request)
        return remove_page(request, name)

    @router.get("/back")
    def ask_to_go_back(request: Request) -> HTMLResponse:
        back = way_back(management.settings.index.directory)
        return back_page(request, back) if back and back.fits else management.page(request)


def _add_forms(router: APIRouter, management: Management) -> None:
    """Add what changes something."""

    @router.post("/add")
    async def add(request: Request) -> RedirectResponse:
        return management.onwards(request, "../staff", await take_documents(request, management.own))

    @router.post("/remove")
    async def remove(request: Request) -> RedirectResponse:
        name = await _field(request, "name")
        sentence = await run_in_threadpool(management.remove, name)
        return management.onwards(request, "../staff", [sentence])

    @router.post("/ingest")
    async def start_ingest(request: Request) -> RedirectResponse:
        agreed = await _field(request, "agreed") == "1"
        return management.onwards(request, "../staff", await run_in_threadpool(management.start, "ingest", agreed))

    @router.post("/check")
    def start_check(request: Request) -> RedirectResponse:
        return management.onwards(request, "../staff", management.start("check", agreed=True))

    @router.post("/back")
    async def go_back(request: Request) -> RedirectResponse:
        live, before = await _field(request, "live"), await _field(request, "before")
        sentence = await run_in_threadpool(management.go_back, live, before)
        return management.onwards(request, "../staff", [sentence])


async def _field(request: Request, name: str) -> str:
    """Return a field of a small form; nothing where it is missing or the form is not small."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _MOST_BYTES:
        return ""
    # Starlette keeps what it has read, so that a second field costs nothing.
    form = await request.form(max_files=0, max_fields=10)
    value = form.get(name)
    return value if isinstance(value, str) else ""
