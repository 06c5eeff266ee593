"""Ask one question within a conversation, step by step, whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import StoreError
from assistant.types import Answer, Progress, Sentence
from assistant.ui.backend import OpenBackend
from assistant.ui.exchange import Exchange, shown_sources, to_turns

_log = logging.getLogger(__name__)
_STATUS = {"search": "chat.searching", "answer": "chat.answering"}


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
        yield from _answered(open_backend, exchange, before)
    except StoreError:
        _log.exception("the index could not be used for a question")
        yield Step(replace(exchange, failure="chat.index_unavailable"), finished=True)
    except Exception:  # noqa: BLE001  the conversation survives whatever a question brings up; the log keeps the cause
        _log.exception("a question could not be answered")
        yield Step(replace(exchange, failure="chat.failed"), finished=True)


def _answered(open_backend: OpenBackend, exchange: Exchange, before: Sequence[Exchange]) -> Iterator[Step]:
    """Yield the steps of a question that goes well."""
    backend = open_backend()
    sentences: tuple[Sentence, ...] = ()
    status = "chat.searching"
    for event in backend.stream(exchange.question, to_turns(before)):
        if isinstance(event, Answer):
            sources = shown_sources(event, backend.canonical_text)
            finished = replace(exchange, answer=event, sources=sources, failure=None)
            yield Step(finished, event.sentences, finished=True)
            return
        if isinstance(event, Progress):
            status = _STATUS[event.stage]
        else:
            sentences = (*sentences, event)
            status = "chat.answering"
        yield Step(exchange, sentences, status)
    raise RuntimeError("the assistant ended without an answer")
