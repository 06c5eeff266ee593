"""Keeps one PDF process at work, and ends it when a file takes too long or brings it down."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from functools import lru_cache
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
    """A child process that reads PDFs one after the other; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._owner = 0
        self._memory_mb = 0
        self._files = 0

    def read(self, path: Path, settings: LoaderSettings) -> dict[str, Any]:
        """Return the reply about one file; {"refused": "time"} or {"refused": "crash"} where there is none."""
        with self._lock:
            child = self._started(settings)
            request = {"path": str(path), "pages": settings.pdf_pages, "seconds": settings.pdf_seconds}
            timed_out = threading.Event()

            def stop() -> None:
                timed_out.set()
                child.kill()

            # The first file also waits for the process to start.
            grace = _START_SECONDS if self._files == 0 else 0.0
            timer = threading.Timer(settings.pdf_seconds + grace, stop)
            timer.start()
            try:
                line = _exchange(child, json.dumps(request))
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

    def _started(self, settings: LoaderSettings) -> subprocess.Popen[str]:
        """Return a running process with the memory limit in force."""
        if self._child is not None and self._owner != os.getpid():
            # A fork of this program inherited the pipes, but the process at their end is not its own.
            self._child = None
        if self._child is not None and (self._child.poll() is not None or self._memory_mb != settings.pdf_memory_mb):
            self._stop()
        if self._child is None:
            environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, str(settings.pdf_memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONUTF8": "1"},
                text=True,
                encoding="ascii",
            )
            self._owner, self._memory_mb, self._files = os.getpid(), settings.pdf_memory_mb, 0
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


@lru_cache(maxsize=1)
def shared_process() -> PdfProcess:
    """Return the process that all PDFs of this program are read in; it ends with the program."""
    process = PdfProcess()
    atexit.register(process.close)
    return process
