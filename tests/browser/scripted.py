"""The page over an assistant that answers when a test tells it to, so that what happens meanwhile can be seen."""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from queue import Queue

import uvicorn

from assistant.errors import InputError
from assistant.index_rows import DocumentRow
from assistant.receipts import Receipt, Recheck, quote_hash, recheck
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Progress, Sentence, Turn
from assistant.ui.server import build_application

NAME = "pilot.nl.md"
TEXT = "De pilot kostte 850.000 euro. Het geld kwam uit twee potten."
SENTENCES = (Sentence(TEXT[:29], (1,), "nl"), Sentence(TEXT[30:], (2,), "nl"))
ROW = DocumentRow(NAME, "De pilot", "funding", "nl", "sha-1", None, None, None, (), (), 0, 1, "1.txt", "t")
Event = Progress | Sentence | Answer


def cited(marker: int, sentence: Sentence) -> Citation:
    start = TEXT.index(sentence.text)
    return Citation(
        marker, NAME, "De pilot", "Geld", None, None, sentence.text, start, start + len(sentence.text), "sha-1", 0.9,
        "nl", (), quote_hash(sentence.text), "gen-000001",
    )  # fmt: skip


class Scripted:
    """An assistant whose every step has to be let go; a question that begins with "Snel" is answered at once."""

    generation = "gen-000001"

    def __init__(self) -> None:
        self.loaded = threading.Event()
        self.loaded.set()
        self.heard: list[tuple[str, int]] = []
        """Each question, with how many turns came before it."""
        self.documents = {NAME: ROW}
        self._steps: dict[str, Queue[None]] = defaultdict(Queue)

    def open(self) -> Scripted:
        self.loaded.wait(20)
        return self

    def let_go(self, question: str, steps: int = 1) -> None:
        for _ in range(steps):
            self._steps[question].put(None)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        self.heard.append((question, len(history)))
        citations = tuple(cited(marker, one) for marker, one in enumerate(SENTENCES, start=1))
        answer = Answer(question, "nl", question, "answered", SENTENCES, citations, index=self.generation)
        for event in (Progress("search"), Progress("answer"), *SENTENCES, answer):
            if not question.startswith("Snel") and event != Progress("search"):
                self._steps[question].get(timeout=20)
            yield event

    def suggestions(self, answer: Answer, before: Sequence[Answer] = ()) -> tuple[str, ...]:
        return ()

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        raise NotImplementedError

    def canonical_text(self, document_id: str) -> str:
        if document_id not in self.documents:
            raise InputError("unknown")
        return TEXT

    def document(self, document_id: str) -> DocumentRow:
        self.canonical_text(document_id)
        return self.documents[document_id]

    def recheck(self, receipt: Receipt) -> Recheck:
        return recheck(receipt, self.documents, self.canonical_text)


class Site:
    """The page on a port of its own, which can be started anew as after a crash."""

    def __init__(self) -> None:
        self.assistant = Scripted()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        application = build_application(self.assistant.open, load_settings({}))  # type: ignore[arg-type]
        config = uvicorn.Config(application, port=self.port, log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._end = application.state.end_streams
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._end()
        self._thread.join(10)
