"""Keeps a process for PDFs at work, and ends it when a file takes too long or brings it down."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assistant.settings import LoaderSettings

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent
_MODULE = "assistant.loaders.pdf_worker"
# Nothing else of the environment, which may hold keys, reaches the process that opens strangers' files.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_START_SECONDS = 30.0
# Longer-lived processes are replaced, so that what one file leaves behind cannot add up.
_FILES_PER_PROCESS = 200
_PROCESSOR_TIME_SIGNAL = -24


class PdfProcess:
    """A child process that takes PDFs one after the other; safe to share between threads.

    `module` is what it runs: pdf_worker, or another that answers requests through `pdf_worker.serve`.
    """

    def __init__(self, module: str = _MODULE) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._owner = 0
        self._memory_mb = 0
        self._files = 0

    def read(self, path: Path, settings: LoaderSettings) -> dict[str, Any]:
        """Return the reply about one file; {"refused": "time"} or {"refused": "crash"} where there is none."""
        request = {"path": str(path), "pages": settings.pdf_pages}
        return self.answer(request, settings.pdf_seconds, settings.pdf_memory_mb)

    def answer(self, request: Mapping[str, Any], seconds: float, memory_mb: int) -> dict[str, Any]:
        """Return the reply to one request, which is a refusal as of `read` where the process gives none."""
        with self._lock:
            child = self._started(memory_mb)
            timed_out = threading.Event()

            def stop() -> None:
                timed_out.set()
                child.kill()

            # The first file also waits for the process to start.
            grace = _START_SECONDS if self._files == 0 else 0.0
            timer = threading.Timer(seconds + grace, stop)
            timer.start()
            try:
                line = _exchange(child, json.dumps({**request, "seconds": seconds}))
            except BaseException:
                self._stop()
                raise
            finally:
                timer.cancel()
            self._files += 1
            if not line.endswith("\n"):
                self._stop()
                out_of_time = timed_out.is_set() or child.returncode == _PROCESSOR_TIME_SIGNAL
                return {"refused": "time" if out_of_time else "crash", "detail": ""}
            reply: dict[str, Any] = json.loads(line)
            if reply.get("refused") == "memory" or self._files >= _FILES_PER_PROCESS:
                self._stop()
            return reply

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._stop()

    def _started(self, memory_mb: int) -> subprocess.Popen[str]:
        """Return a running process with the memory limit in force."""
        if self._child is not None and self._owner != os.getpid():
            # A fork of this program inherited the pipes, but the process at their end is not its own.
            self._child = None
        if self._child is not None and (self._child.poll() is not None or self._memory_mb != memory_mb):
            self._stop()
        if self._child is None:
            environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, str(memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1"},
                text=True,
                encoding="ascii",
            )
            self._owner, self._memory_mb, self._files = os.getpid(), memory_mb, 0
        return self._child

    def _stop(self) -> None:
        """Kill the process and close its pipes."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _close_quietly(pipe)


def _exchange(child: subprocess.Popen[str], request: str) -> str:
    """Send a line and return the answer; an incomplete line when the process ends."""
    if child.stdin is None or child.stdout is None:
        return ""
    try:
        child.stdin.write(request + "\n")
        child.stdin.flush()
        return child.stdout.readline()
    except (BrokenPipeError, UnicodeDecodeError):
        return ""


def _close_quietly(pipe: Any) -> None:
    """Close a pipe whose other end may be gone with text unsent."""
    try:
        pipe.close()
    except OSError:
        return


@cache
def shared_process(module: str = _MODULE) -> PdfProcess:
    """Return the process of this program in which a module takes all PDFs; it ends with the program."""
    process = PdfProcess(module)
    atexit.register(process.close)
    return process
