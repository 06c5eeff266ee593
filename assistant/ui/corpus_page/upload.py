"""Documents that arrive from a form, within the limits."""

from __future__ import annotations

import logging

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from assistant.collection import SUFFIXES, NotAdded, OwnDocuments
from assistant.ui.corpus_page.messages import Said, said

MEGABYTE = 1_000_000
_FORM_BYTES = 1_000_000
"""What a form takes besides the documents."""
_MOST_FILES = 100
_log = logging.getLogger(__name__)


async def take_documents(request: Request, own: OwnDocuments) -> list[Said]:
    """Store the documents of a form, and say what became of each."""
    limit = own.max_bytes // MEGABYTE
    length = request.headers.get("content-length", "")
    # Asked before anything is read: a form without an end would fill the disk.
    if not length.isdigit():
        return [said("broken", bad=True)]
    if int(length) > own.max_bytes + _FORM_BYTES:
        return [said("too_much", bad=True, limit=limit)]
    try:
        async with request.form(max_files=_MOST_FILES, max_fields=10) as form:
            files = [one for one in form.getlist("document") if isinstance(one, UploadFile) and one.filename]
            if not files:
                return [said("no_file", bad=True)]
            replace = form.get("replace") == "1"
            return [one for file in files for one in await run_in_threadpool(_store, file, own, replace=replace)]
    except (MultiPartException, HTTPException, ClientDisconnect):
        return [said("broken", bad=True)]


def _store(file: UploadFile, own: OwnDocuments, *, replace: bool) -> list[Said]:
    """Store one document, and say what became of it."""
    given = file.filename or ""
    try:
        added = own.add(given, file.file, replace=replace)
    except NotAdded as refusal:
        limits = {"suffixes": ", ".join(SUFFIXES)} if refusal.fault == "suffix" else {}
        if refusal.fault == "too_large":
            limits = {"limit": str(own.max_bytes // MEGABYTE)}
        return [said(refusal.fault, bad=True, name=given, **limits)]
    except OSError:
        _log.exception("a document could not be stored")
        return [said("unwritable", bad=True, name=given)]
    sentences = [said(added.outcome, name=added.name)]
    if added.name != given and added.outcome == "added":
        sentences.append(said("renamed", given=given, name=added.name))
    return sentences
