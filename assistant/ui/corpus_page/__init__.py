"""The corpus page: what the assistant has read, for every reader, and the management of it, for staff."""

from assistant.ui.corpus_page.routes import corpus_routes

__all__ = ["corpus_routes"]
