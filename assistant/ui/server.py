"""The web application: Gradio's page on our own routes, behind our own headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from assistant.errors import SettingsError
from assistant.settings import ServeSettings, Settings
from assistant.ui.access import add_access, add_guard
from assistant.ui.backend import OpenBackend
from assistant.ui.corpus_page import corpus_routes
from assistant.ui.health import Health, health_routes
from assistant.ui.metrics import Metrics, metrics_routes
from assistant.ui.middleware import BodyLimit, Gate, RequestIds
from assistant.ui.observed import observed
from assistant.ui.page import build_page
from assistant.ui.proxies import BehindProxy
from assistant.ui.rate_limit import RateLimit
from assistant.ui.routes import ASSETS, document_routes
from assistant.ui.security import OWN_NAMES, SecurityHeaders
from assistant.ui.turns import Turns
from assistant.ui.waiting_line import WaitingLine

_OWN_BODY_LIMIT: Final = ("/corpus",)
"""Documents are uploaded below it, by staff alone."""
_ROOM: Final = 16
"""Events of Gradio that are no questions."""
_SYSTEM_FONTS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONOSPACE: Final = ("ui-monospace", "Consolas", "monospace")


def build_application(
    open_backend: OpenBackend, settings: Settings, is_loaded: Callable[[], bool] = lambda: True
) -> FastAPI:
    """Return the application; the assistant may still be loading.

    `application.state` keeps the line (`line`) and what ends the streams that a browser holds open
    (`end_streams`), both for shutting down. Raises SettingsError for a root path that hides our own.
    """
    options = settings.serve
    _check_root_path(options.root_path)
    metrics = Metrics()
    line = WaitingLine(settings.chat.concurrency, settings.chat.queue_size, RateLimit(options.questions_per_minute))
    open_backend = observed(open_backend, metrics, log_questions=options.log_questions)
    health = Health(open_backend, is_loaded, lambda: line.is_closed)
    # docs_url and the like would serve pages that fetch their code from another host.
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    application.include_router(health_routes(health))
    application.include_router(metrics_routes(options, metrics, line, health))
    application.include_router(document_routes(open_backend))
    access = add_access(application, settings.access)
    application.include_router(corpus_routes(open_backend, settings))
    application.mount("/page", ASSETS, name="page")
    blocks = build_page(open_backend, settings, Turns(line, metrics), access)
    # The line limits how many questions are answered; Gradio only has to have room for those that wait.
    blocks._queue.max_thread_count = settings.chat.concurrency + settings.chat.queue_size + _ROOM
    # Gradio looks a thousand times a second whether there is something to do, which an idle laptop notices.
    blocks._queue.sleep_when_free = 0.01
    blocks.state_session_capacity = options.sessions
    _mount(application, blocks, options)
    application.state.line = line
    application.state.end_streams = lambda: blocks.app.stop_event.set()
    # No origin but our own: without this, Gradio would let every site read what it answers.
    application.add_middleware(CORSMiddleware, allow_origins=[])
    application.add_middleware(Gate, line=line, metrics=metrics)
    application.add_middleware(BodyLimit, most_bytes=options.max_body_kb * 1024, exempt=_OWN_BODY_LIMIT)
    # The token of the figures is a check of its own; a request cannot carry both.
    add_guard(application, open_paths=("/metrics",) if options.metrics_token else ())
    application.add_middleware(SecurityHeaders)
    application.add_middleware(RequestIds)
    # Outermost, so that everything else sees the request as its client made it.
    application.add_middleware(BehindProxy, root_path=options.root_path, trusted=options.trusted_proxies)
    return application


def _mount(application: FastAPI, blocks: gr.Blocks, options: ServeSettings) -> None:
    """Put Gradio's page on an application, with nothing of Gradio's that the page does not use."""
    gr.mount_gradio_app(
        application,
        blocks,
        path="/",
        root_path=options.root_path or None,
        theme=_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=True,
        pwa=False,
        enable_monitoring=False,
        max_file_size=1,
    )


def _check_root_path(root_path: str) -> None:
    """Refuse a path that also begins an address of ours: the two could not be told apart."""
    if root_path and root_path.split("/")[1] in OWN_NAMES:
        raise SettingsError(
            f"Setting serve.root_path cannot be {root_path!r}: the chat has addresses of its own that begin so. "
            "Choose another path."
        )


def _theme() -> gr.themes.Base:
    """Return a theme that fetches no fonts and begins in the colours of page.css."""
    theme: gr.themes.Base = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=_MONOSPACE).set(
        body_background_fill="#f7f5f0",
        body_background_fill_dark="#14191d",
        body_text_color="#1d2630",
        body_text_color_dark="#e9ecef",
    )
    return theme
