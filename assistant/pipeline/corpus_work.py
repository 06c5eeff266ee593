"""Ingest, or a check of the corpus, in a process of its own, so that the chat goes on answering."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from assistant.collection import paths_to_read
from assistant.corpus_check import CheckReport, check
from assistant.errors import AssistantError, IndexLocked, InputError
from assistant.loaders import SOURCES_FILE
from assistant.pipeline.ingest import IngestProgress, ingest
from assistant.settings import Settings
from assistant.types import IngestReport

Kind = Literal["ingest", "check"]
Fault = Literal["locked", "input", "failed", "ended"]
"""Why there is no result; "ended": the process was killed or crashed."""
_NICENESS = 10
"""Answers go before ingest where both want the processor."""
_TELL_SECONDS = 0.1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one corpus found."""

    name: str
    """Of the folder."""
    report: CheckReport


@dataclass(frozen=True, slots=True)
class Work:
    """What is being done, or was done last."""

    kind: Kind
    running: bool = True
    progress: IngestProgress | None = None
    report: IngestReport | None = None
    checked: tuple[Checked, ...] = ()
    """Only folders with a register of sources are a corpus that can be checked."""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why the process has no result; the detail is for the log, because it may name folders of this machine."""

    fault: Fault
    detail: str


_Said = IngestProgress | IngestReport | tuple[Checked, ...] | _Failure


class CorpusWork:
    """Does one thing at a time, and remembers how it went; safe to share between threads.

    Other programs that write to the same index are kept apart by the lock of the index.
    """

    def __init__(self, settings: Settings) -> None:
        """Prepare; nothing runs yet."""
        self._settings = settings
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._work: Work | None = None

    @property
    def now(self) -> Work | None:
        """What is being done or was done last; None where nothing was."""
        return self._work

    def start(self, kind: Kind) -> bool:
        """Begin; False where something is being done already."""
        with self._lock:
            if self._work is not None and self._work.running:
                return False
            # A fresh interpreter: a fork of this one would take over locks that its threads hold.
            context = multiprocessing.get_context("spawn")
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(
                target=_run, args=(kind, self._settings, sender), name=f"corpus-{kind}", daemon=True
            )
            process.start()
            sender.close()
            self._process, self._work = process, Work(kind)
            threading.Thread(target=self._follow, args=(process, receiver), name="corpus-work", daemon=True).start()
            return True

    def _follow(self, process: BaseProcess, receiver: Connection) -> None:
        """Take in what the process says until it ends."""
        with receiver, suppress(EOFError, OSError):
            while True:
                self._take(receiver.recv())
        process.join()
        with self._lock:
            # Something else may have been started since this was done.
            if self._process is process and self._work is not None and self._work.running:
                _log.error("%s ended with code %s before it was done", process.name, process.exitcode)
                self._work = replace(self._work, running=False, fault="ended")

    def _take(self, said: _Said) -> None:
        """Take in one thing that the process says."""
        if self._work is None:
            return
        if isinstance(said, IngestProgress):
            self._work = replace(self._work, progress=said)
        elif isinstance(said, IngestReport):
            self._work = replace(self._work, running=False, report=said)
        elif isinstance(said, tuple):
            self._work = replace(self._work, running=False, checked=said)
        else:
            _log.error("%s failed (%s): %s", self._work.kind, said.fault, said.detail)
            self._work = replace(self._work, running=False, fault=said.fault)


def _run(kind: Kind, settings: Settings, sender: Connection) -> None:
    """Do the work in the process that was started for it, and say how it goes."""
    # Ctrl-C reaches every process of a terminal; the program that started this one ends it in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        sender.send(_WORK[kind](settings, sender))
    except IndexLocked as error:
        sender.send(_Failure("locked", str(error)))
    except InputError as error:
        sender.send(_Failure("input", str(error)))
    except AssistantError as error:
        sender.send(_Failure("failed", str(error)))
    except Exception:  # noqa: BLE001  the page says that it failed, the log keeps why
        sender.send(_Failure("failed", traceback.format_exc()))


def _ingest(settings: Settings, sender: Connection) -> IngestReport:
    """Read what is read by default into a new generation."""
    last = 0.0
    stage = ""

    def tell(progress: IngestProgress) -> None:
        nonlocal last, stage
        now = time.monotonic()
        if progress.stage != stage or now - last >= _TELL_SECONDS:
            last, stage = now, progress.stage
            sender.send(progress)

    paths = paths_to_read(settings.corpus_admin)
    return ingest(paths, settings, progress=tell, originals=settings.fetch.directory)


def _check(settings: Settings, _: Connection) -> tuple[Checked, ...]:
    """Check every folder that is a corpus."""
    paths = [path for path in paths_to_read(settings.corpus_admin) if (path / SOURCES_FILE).is_file()]
    return tuple(Checked(_name(path), check(path, settings)) for path in paths)


def _name(path: Path) -> str:
    """Return the name of a folder, without where it stands on this machine."""
    return path.resolve().name


_WORK: Mapping[Kind, Callable[[Settings, Connection], Any]] = {"ingest": _ingest, "check": _check}
