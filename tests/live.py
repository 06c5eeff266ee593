"""The application on a real port of this machine, in a thread."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from assistant.settings import Settings
from assistant.ui.backend import OpenBackend
from assistant.ui.server import build_application
from assistant.ui.shutdown import StoppableServer


@contextmanager
def live(open_backend: OpenBackend, settings: Settings) -> Iterator[tuple[int, FastAPI]]:
    """Serve until the block ends; yields the port and the application."""
    made: list[FastAPI] = []
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[StoppableServer] = []

    async def serve() -> None:
        # Within the loop: where Gradio finds none while it builds, it makes one and never closes it.
        made.append(build_application(open_backend, settings))
        servers.append(StoppableServer(made[0], 5))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not (servers and servers[0].started):
            assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        yield listener.getsockname()[1], made[0]
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(15)
        listener.close()
