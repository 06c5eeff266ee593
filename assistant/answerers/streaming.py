"""The words of a chat model as they come, within limits of time.

A model may answer, stall, break off or never begin. Whatever it does, the reader gets its words or a ModelFailure
in time: the model is read in a thread of its own, which is left behind when its time is over.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant.settings import LlmSettings

FailureKind = Literal["unreachable", "slow", "garbage", "unsupported"]
_END = None
_log = logging.getLogger(__name__)


class ModelFailure(Exception):
    """The model gave nothing that can be used; an answer from quotes takes its place."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind)
        self.kind: FailureKind = kind


class Clock:
    """What is left of the time for one answer, counted from the moment it is made."""

    def __init__(self, limits: LlmSettings, total_seconds: float | None = None) -> None:
        """Start the time; `total_seconds` replaces that of the settings."""
        self._started = time.monotonic()
        self._total = total_seconds or limits.total_seconds
        self._first = limits.first_sentence_seconds
        self._stall = limits.stall_seconds
        self._has_sentence = False

    def sentence(self) -> None:
        """Note that a whole sentence has come."""
        self._has_sentence = True

    @property
    def left(self) -> float:
        """Seconds until the end of the time for the whole answer."""
        return self._started + self._total - time.monotonic()

    @property
    def share_left(self) -> float:
        """Share of the time for the whole answer that is left."""
        return self.left / self._total

    def patience(self, begun: bool) -> float:
        """Return the seconds that the next word may take."""
        limits = [self.left]
        if not self._has_sentence:
            limits.append(self._started + self._first - time.monotonic())
        if begun:
            limits.append(self._stall)
        return max(min(limits), 0.0)


def stream_text(model: BaseChatModel, messages: Sequence[BaseMessage], clock: Clock) -> Iterator[str]:
    """Yield pieces of the reply. Raises ModelFailure where none comes, or not in time."""
    pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    stopped = threading.Event()
    reader = threading.Thread(
        target=_read, args=(model, list(messages), pieces, stopped), name="chat-model", daemon=True
    )
    reader.start()
    begun = False
    try:
        while True:
            try:
                piece = pieces.get(timeout=clock.patience(begun))
            except queue.Empty:
                raise ModelFailure("slow") from None
            if piece is _END:
                return
            if isinstance(piece, Exception):
                raise ModelFailure("slow" if _is_timeout(piece) else "unreachable") from piece
            begun = True
            yield piece
    finally:
        stopped.set()


def _read(
    model: BaseChatModel,
    messages: list[BaseMessage],
    pieces: queue.SimpleQueue[str | Exception | None],
    stopped: threading.Event,
) -> None:
    """Put what the model says into the queue, until it ends or nobody listens."""
    try:
        stream: Any = model.stream(messages)
        with closing(stream):
            for chunk in stream:
                if stopped.is_set():
                    return
                if text := str(chunk.text):
                    pieces.put(text)
        pieces.put(_END)
    except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
        _log.warning("The language model failed: %s", type(error).__name__)
        pieces.put(error)


def _is_timeout(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, says that time ran out."""
    while error is not None:
        if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.casefold():
            return True
        error = error.__cause__
    return False
