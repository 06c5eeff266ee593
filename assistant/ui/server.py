"""The web application: Gradio's page on our own routes, behind our own headers."""

from __future__ import annotations

from typing import Final

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from assistant.settings import Settings
from assistant.ui.backend import OpenBackend
from assistant.ui.page import build_page
from assistant.ui.routes import ASSETS, document_routes
from assistant.ui.security import SecurityHeaders

_SYSTEM_FONTS: Final = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONOSPACE: Final = ("ui-monospace", "Consolas", "monospace")


def build_application(open_backend: OpenBackend, settings: Settings) -> FastAPI:
    """Return the application; the assistant may still be loading."""
    # docs_url and the like would serve pages that fetch their code from another host.
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    application.include_router(document_routes(open_backend))
    application.mount("/page", ASSETS, name="page")
    gr.mount_gradio_app(
        application,
        build_page(open_backend, settings),
        path="/",
        theme=_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        max_file_size=1,
    )
    # No origin but our own: without this, Gradio would let every site read what it answers.
    application.add_middleware(CORSMiddleware, allow_origins=[])
    application.add_middleware(SecurityHeaders)
    return application


def _theme() -> gr.themes.Base:
    """Return a theme that fetches no fonts and begins in the colours of page.css."""
    theme: gr.themes.Base = gr.themes.Base(font=_SYSTEM_FONTS, font_mono=_MONOSPACE).set(
        body_background_fill="#f7f5f0",
        body_background_fill_dark="#14191d",
        body_text_color="#1d2630",
        body_text_color_dark="#e9ecef",
    )
    return theme
