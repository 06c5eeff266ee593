"""Stop serving in order: take no more questions, give the answers that were begun, then close."""

from __future__ import annotations

import logging
import os
import socket
import time
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from assistant.ui.logs import event
from assistant.ui.waiting_line import WaitingLine

_log = logging.getLogger(__name__)
_CLOSE_SECONDS: Final = 2
"""For connections to end once all answers are given."""


class StoppableServer(uvicorn.Server):
    """A server whose first signal lets running answers finish, and whose second one does not."""

    def __init__(self, application: FastAPI, shutdown_seconds: float) -> None:
        """Serve an application of `build_application`."""
        super().__init__(
            uvicorn.Config(
                application,
                log_config=None,
                access_log=False,
                server_header=False,
                # Which proxies are believed is a setting of ours; uvicorn would believe this machine's.
                proxy_headers=False,
                timeout_graceful_shutdown=_CLOSE_SECONDS,
            )
        )
        self._application = application
        self._shutdown_seconds = shutdown_seconds
        self._deadline: float | None = None

    @property
    def _line(self) -> WaitingLine:
        """The line of the application."""
        line: WaitingLine = self._application.state.line
        return line

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal; unlike uvicorn's own, it is not raised again afterwards, so that the exit code is 0."""
        if self._deadline is None:
            self._deadline = time.monotonic() + self._shutdown_seconds
            self._line.close()
        else:
            self._deadline = 0.0

    async def on_tick(self, counter: int) -> bool:
        """Tell ten times a second whether to stop."""
        if self._deadline is not None and (self._line.is_empty or time.monotonic() > self._deadline):
            self.should_exit = True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is open; browsers hold streams open that never end by themselves."""
        if self._deadline is not None:
            event(_log, "stopping", unfinished=self._line.answering + self._line.waiting)
        self._application.state.end_streams()
        await super().shutdown(sockets)

    def leave_unfinished(self) -> None:
        """End the program although threads still work on answers whose time is up; does nothing without any."""
        if self._line.answering:
            logging.shutdown()
            # The interpreter would wait for these threads, a language model's for minutes.
            os._exit(0)
