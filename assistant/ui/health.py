"""Whether questions can be answered: for load balancers, containers and whoever looks after the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse

import assistant
from assistant.errors import AssistantError
from assistant.ui.backend import OpenBackend

State = Literal["ready", "loading", "index_unavailable", "stopping"]


@dataclass(frozen=True, slots=True)
class Report:
    """What /healthz says."""

    status: State
    index: str | None
    """Generation that questions are answered from."""
    version: str = assistant.__version__


class Health:
    """Knows whether questions can be answered."""

    def __init__(
        self, open_backend: OpenBackend, is_loaded: Callable[[], bool], is_stopping: Callable[[], bool]
    ) -> None:
        """Look at a backend, once it is loaded."""
        self._open_backend = open_backend
        self._is_loaded = is_loaded
        self._is_stopping = is_stopping

    def state(self) -> Report:
        """Say how it is now; reads from disk which generation is live."""
        if self._is_stopping():
            return Report("stopping", None)
        if not self._is_loaded():
            return Report("loading", None)
        try:
            return Report("ready", self._open_backend().generation)
        # Whatever keeps the index from being opened keeps questions from being answered.
        except (AssistantError, OSError):
            return Report("index_unavailable", None)


def health_routes(health: Health) -> APIRouter:
    """Return /healthz: 200 when questions can be answered, else 503."""
    router = APIRouter()

    # Not async: whether the index can be used is read from disk.
    @router.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        report = health.state()
        status = 200 if report.status == "ready" else 503
        return JSONResponse(asdict(report), status, headers={"Cache-Control": "no-store"})

    return router
