"""Count and log what the assistant answers, whoever asked: the page, the API or MCP."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any, cast

from assistant.presenter import answer_text
from assistant.types import Answer, Hit, Progress, Sentence, Turn
from assistant.ui.backend import Backend, OpenBackend
from assistant.ui.logs import event
from assistant.ui.metrics import Metrics

_log = logging.getLogger(__name__)


def observed(open_backend: OpenBackend, metrics: Metrics, *, log_questions: bool) -> OpenBackend:
    """Return a backend whose answers are counted and logged; a question's text only where it may be."""

    def open_observed() -> Backend:
        # Everything but asking and searching is passed on by name, which a protocol cannot express.
        return cast(Backend, _Observed(open_backend(), metrics, log_questions))

    return open_observed


class _Observed:
    """An assistant under observation."""

    def __init__(self, backend: Backend, metrics: Metrics, log_questions: bool) -> None:
        """Stand before a backend."""
        self._backend = backend
        self._metrics = metrics
        self._log_questions = log_questions

    def __getattr__(self, name: str) -> Any:
        """Pass on what is not observed."""
        return getattr(self._backend, name)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question."""
        try:
            answer = self._backend.ask(question, history)
        except Exception as error:
            self._note_failure(error)
            raise
        self._note(answer)
        return answer

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Progress | Sentence | Answer]:
        """Yield what happens while a question is answered."""
        try:
            for one in self._backend.stream(question, history):
                if isinstance(one, Answer):
                    self._note(one)
                yield one
        except Exception as error:
            self._note_failure(error)
            raise

    def search(self, question: str, k: int | None = None, history: Sequence[Turn] = ()) -> list[Hit]:
        """Return the best passages for a question."""
        started = time.perf_counter()
        try:
            hits = self._backend.search(question, k, history)
        except Exception as error:
            self._note_failure(error)
            raise
        self._metrics.searched()
        said: dict[str, Any] = {"question": question} if self._log_questions else {}
        event(_log, "searched", hits=len(hits), milliseconds=_milliseconds_since(started), **said)
        return hits

    def _note(self, answer: Answer) -> None:
        """Count and log an answer."""
        self._metrics.answered(answer)
        said: dict[str, Any] = (
            {"question": answer.question, "answer": answer_text(answer)} if self._log_questions else {}
        )
        event(
            _log,
            "answered",
            status=answer.status,
            reason=answer.reason,
            language=answer.language,
            answerer=answer.answerer,
            index=answer.index,
            sentences=len(answer.sentences),
            citations=len(answer.citations),
            withheld=len(answer.withheld),
            milliseconds=round(answer.timings.get("total_ms", 0.0), 1),
            **said,
        )

    def _note_failure(self, error: BaseException) -> None:
        """Count an error; whoever catches it logs it."""
        self._metrics.failed(error)


def _milliseconds_since(started: float) -> float:
    """Return how long ago something began by the performance counter."""
    return round((time.perf_counter() - started) * 1000, 1)
