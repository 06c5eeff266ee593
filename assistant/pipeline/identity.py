"""What an index and the program that opens it must agree on."""

from __future__ import annotations

from assistant.chunker import CHUNKER_VERSION
from assistant.embedder import Embedder
from assistant.lexical import analyser_version
from assistant.loaders import loader_version
from assistant.settings import Settings


def index_identity(embedder: Embedder, settings: Settings) -> dict[str, str]:
    """Return everything that, when changed, makes the stored texts or vectors wrong."""
    return {
        **{f"embedder.{name}": value for name, value in embedder.identity().items()},
        "loaders": loader_version(),
        "chunker": CHUNKER_VERSION,
        "lexical": analyser_version(),
        **{f"chunker.{name}": str(value) for name, value in settings.chunker.model_dump().items()},
        "loader.min_page_quality": str(settings.loader.min_page_quality),
    }
