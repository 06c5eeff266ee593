"""Put sign-in and the guard into an application."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import FastAPI

from assistant.settings import AccessSettings
from assistant.ui.access.guard import OPEN_PATHS, AccessGuard
from assistant.ui.access.routes import access_routes
from assistant.ui.access.sessions import Access


def add_access(application: FastAPI, settings: AccessSettings, access: Access | None = None) -> Access:
    """Add the pages for signing in and out, before Gradio is mounted, whose routes take every path.

    Returns the passwords and sessions, which are kept on `application.state.access` too; `access` replaces
    what the settings would make.
    """
    kept = access or Access(settings)
    application.state.access = kept
    application.include_router(access_routes(settings))
    return kept


def add_guard(application: FastAPI, open_paths: Iterable[str] = ()) -> None:
    """Add the guard to an application that has access; without it nobody has a role.

    After the middleware that counts or queues requests, so that only who may come in is counted, and
    before the one that adds headers, so that a refusal carries them. `open_paths` have a check of their own.
    """
    application.add_middleware(
        AccessGuard, access=application.state.access, open_paths=OPEN_PATHS | frozenset(open_paths)
    )
