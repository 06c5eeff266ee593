"""Ask one question within a conversation, step by step, whatever goes wrong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.errors import StoreError
from assistant.types import Answer, Progress, Sentence
from assistant.ui.backend import Backend, OpenBackend
from assistant.ui.exchange import Exchange, shown_sources, to_turns

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
# A language model first reads the passages; from its first sentence on it writes, and each sentence is checked.
_STATUS = {"search": "chat.searching", "answer": "chat.reading"}
_AT_ONCE_SECONDS = 0.3
"""An assistant that is not there within this time is still loading."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the answer is: an exchange, its sentences so far, and what is being done (a text's key)."""

    exchange: Exchange
    sentences: tuple[Sentence, ...] = ()
    status: str = "chat.searching"
    finished: bool = False


def new_exchange(question: str, before: Sequence[Exchange]) -> Exchange:
    """Return the exchange for a question; until it is answered it counts as stopped."""
    number = before[-1].number + 1 if before else 1
    return Exchange(number, question, failure="chat.stopped")


def ask_in_steps(open_backend: OpenBackend, exchange: Exchange, before: Sequence[Exchange]) -> Iterator[Step]:
    """Yield a step for everything that happens; the last one is finished, with an answer or a failure."""
    yield Step(exchange)
    try:
        opening = _in_background(open_backend)
        if not _is_done(opening):
            yield Step(exchange, status="chat.loading")
        yield from _answered(opening.result(), exchange, before)
    except StoreError:
        _log.exception("the index could not be used for a question")
        yield Step(replace(exchange, failure="chat.index_unavailable"), finished=True)
    except Exception:  # noqa: BLE001  the conversation survives whatever a question brings up; the log keeps the cause
        _log.exception("a question could not be answered")
        yield Step(replace(exchange, failure="chat.failed"), finished=True)


def _answered(backend: Backend, exchange: Exchange, before: Sequence[Exchange]) -> Iterator[Step]:
    """Yield the steps of a question that goes well."""
    sentences: tuple[Sentence, ...] = ()
    status = "chat.searching"
    for event in backend.stream(exchange.question, to_turns(before)):
        if isinstance(event, Answer):
            sources = shown_sources(event, backend.canonical_text, backend.document)
            suggestions = _suggestions(backend, event, before)
            finished = replace(exchange, answer=event, sources=sources, failure=None, suggestions=suggestions)
            yield Step(finished, event.sentences, finished=True)
            return
        if isinstance(event, Progress):
            status = _STATUS[event.stage]
        else:
            sentences = (*sentences, event)
            status = "chat.writing"
        yield Step(replace(exchange, sentences=sentences), sentences, status)
    raise RuntimeError("the assistant ended without an answer")


def _suggestions(backend: Backend, answer: Answer, before: Sequence[Exchange]) -> tuple[str, ...]:
    """Return what can be asked next; an answer without that is better than none."""
    try:
        return backend.suggestions(answer, [one.answer for one in before if one.answer is not None])
    except Exception:  # noqa: BLE001  the answer is there and has to be shown; the log keeps the cause
        _log.exception("next questions could not be found")
        return ()


def _in_background(call: Callable[[], _T]) -> Future[_T]:
    """Call something in a thread of its own, so that there is time to say that it takes long."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001  raised again by whoever asks for the result
            future.set_exception(error)

    threading.Thread(target=run, name="open-assistant", daemon=True).start()
    return future


def _is_done(future: Future[_T]) -> bool:
    """Tell whether a call has ended, after a moment's wait."""
    try:
        future.exception(_AT_ONCE_SECONDS)
    except TimeoutError:
        return future.done()
    return True
