"""Listen on a port: the page first, the assistant as soon as it has loaded."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

from assistant.errors import InputError
from assistant.manifest import current_generation
from assistant.settings import Settings
from assistant.ui.logs import set_up_logging

if TYPE_CHECKING:
    from assistant.ui.backend import Backend
    from assistant.ui.shutdown import StoppableServer

_GRADIO_VARIABLES: Final = {
    # Compared with exactly this word.
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio sums up its last 10,000 runs after each one, for a dashboard that is closed here.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
}
"""Read by Gradio when it is imported and when a page is built."""
WARM_UP_QUESTION = "Wat is een learning community?"


def serve(settings: Settings, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve the chat until it is interrupted; `on_ready` gets the address once questions can be answered.

    Stopped by Ctrl-C or SIGTERM, it takes no more questions and first gives the answers that it has begun.
    Raises InputError when the port cannot be used, and whatever opening the index raises.
    """
    # Asked first of all, so that who has not run ingest yet hears so at once.
    current_generation(settings.index.directory)
    listener = _listen(host, port)
    set_up_logging(settings.serve)
    # Imported here, after the port is known to be free and the variables are set: this takes seconds.
    os.environ.update(_GRADIO_VARIABLES)
    from assistant.ui.server import build_application
    from assistant.ui.shutdown import StoppableServer

    loading: Future[Backend] = Future()
    application = build_application(loading.result, settings, lambda: loading.done() and not loading.exception())
    server = StoppableServer(application, settings.serve.shutdown_seconds)
    # Loading starts only now: two threads that import large packages at once slow each other down, and
    # may see half of a module that both need.
    thread = threading.Thread(target=_load, args=(settings, loading), name="load-assistant", daemon=True)
    thread.start()
    loading.add_done_callback(lambda done: _report(done, server, lambda: on_ready(_address(listener))))
    with listener:
        server.run(sockets=[listener])
    if loading.done() and (problem := loading.exception()):
        raise problem
    server.leave_unfinished()


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise InputError(
            f"Cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}. "
            "Choose another with --port, or stop the program that uses it."
        ) from error


def _address(listener: socket.socket) -> str:
    """Return what to type in a browser."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _load(settings: Settings, loading: Future[Backend]) -> None:
    """Open the assistant and ask it a question, so that the first reader does not wait for caches."""
    try:
        # Imported here, in the thread: the page can be read while this loads.
        from assistant.pipeline import Assistant

        assistant = Assistant.open(settings)
        assistant.ask(WARM_UP_QUESTION)
        assistant.prepare_suggestions()
    except BaseException as error:  # noqa: BLE001  `serve` raises it again, where the program can report it
        loading.set_exception(error)
    else:
        loading.set_result(assistant)


def _report(loading: Future[Backend], server: StoppableServer, on_ready: Callable[[], None]) -> None:
    """Say that questions can be answered, or stop serving when they cannot."""
    if loading.exception() is None:
        on_ready()
    else:
        server.should_exit = True
