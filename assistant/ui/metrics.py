"""Figures for Prometheus: how many questions, with what outcome, and how long each stage took; not what was asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Final

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import PlainTextResponse, Response

from assistant.settings import ServeSettings
from assistant.types import Answer
from assistant.ui.health import Health
from assistant.ui.waiting_line import Refusal, WaitingLine

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_STAGE_SUFFIX: Final = "_ms"


class Metrics:
    """The figures of one application, in a registry of their own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "assistant_questions",
            "Questions answered, by outcome.",
            ("status", "reason", "language", "answerer"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "assistant_stage_seconds",
            'Seconds per stage of an answer; "total" is the whole.',
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._searches = Counter("assistant_searches", "Searches by other programs.", registry=self.registry)
        self._errors = Counter(
            "assistant_errors", "Questions that ended in an error.", ("kind",), registry=self.registry
        )
        self._refused = Counter(
            "assistant_not_admitted",
            "Questions that were not taken: too many from one address, a full line, or a program that stops.",
            ("why",),
            registry=self.registry,
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer."""
        self._questions.labels(answer.status, answer.reason or "", answer.language, _kind_of(answer.answerer)).inc()
        for name, milliseconds in answer.timings.items():
            self._seconds.labels(name.removesuffix(_STAGE_SUFFIX)).observe(milliseconds / 1000)

    def searched(self) -> None:
        """Count a search."""
        self._searches.inc()

    def failed(self, error: BaseException) -> None:
        """Count a question that ended in an error."""
        self._errors.labels(type(error).__name__).inc()

    def not_admitted(self, refusal: Refusal) -> None:
        """Count a question that was not taken."""
        self._refused.labels(refusal).inc()


def _kind_of(answerer: str) -> str:
    """Return an answerer without the file or address that may follow its kind."""
    return answerer.split("/")[-1]


class _Now(Collector):
    """What is true at the moment of asking: the line, the index, and whether questions can be answered."""

    def __init__(self, line: WaitingLine, health: Health) -> None:
        """Look at a line and at the health of an application."""
        self._line = line
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """Return the figures."""
        yield GaugeMetricFamily("assistant_questions_answering", "Being answered now.", value=self._line.answering)
        yield GaugeMetricFamily("assistant_questions_waiting", "Waiting in line now.", value=self._line.waiting)
        state = self._health.state()
        yield GaugeMetricFamily("assistant_ready", "1 when questions can be answered.", value=state.status == "ready")
        yield InfoMetricFamily(
            "assistant_index", "The index in use.", value={"generation": state.index or "", "version": state.version}
        )


def metrics_routes(options: ServeSettings, metrics: Metrics, line: WaitingLine, health: Health) -> APIRouter:
    """Return /metrics; an empty router where it is switched off."""
    router = APIRouter()
    if not options.metrics:
        return router
    metrics.registry.register(_Now(line, health))
    is_allowed = _token_check(options)

    # Not async: whether the index can be used is read from disk.
    @router.get("/metrics", include_in_schema=False)
    def show_metrics(request: Request) -> Response:
        if not is_allowed(request.headers.get("authorization", "")):
            return PlainTextResponse("A token is needed.\n", 401, headers={"WWW-Authenticate": "Bearer"})
        return Response(
            generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
        )

    return router


def _token_check(options: ServeSettings) -> Callable[[str], bool]:
    """Return the check of an Authorization header, in constant time."""
    if options.metrics_token is None:
        return lambda _header: True
    expected = f"Bearer {options.metrics_token.get_secret_value()}".encode()
    return lambda header: secrets.compare_digest(header.encode(), expected)
