"""Every default in one place, grouped by stage; `ASSISTANT_<GROUP>__<NAME>` overrides one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import SettingsError
from assistant.settings.answering import AnswererSettings, LlmSettings, RetrieverSettings
from assistant.settings.group import Group
from assistant.settings.reading import ChunkerSettings, EmbedderSettings, FetchSettings, IndexSettings, LoaderSettings
from assistant.settings.serving import (
    AccessSettings,
    ChatSettings,
    CorpusAdminSettings,
    FeedbackSettings,
    PictureSettings,
    ServeSettings,
)

__all__ = [
    "AccessSettings",
    "AnswererSettings",
    "ChatSettings",
    "ChunkerSettings",
    "CorpusAdminSettings",
    "EmbedderSettings",
    "FeedbackSettings",
    "FetchSettings",
    "IndexSettings",
    "LlmSettings",
    "LoaderSettings",
    "PictureSettings",
    "RetrieverSettings",
    "ServeSettings",
    "Settings",
    "load_settings",
]

ENV_PREFIX = "ASSISTANT_"
_DELIMITER = "__"


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
    serve: ServeSettings = ServeSettings()
    corpus_admin: CorpusAdminSettings = CorpusAdminSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    pictures: PictureSettings = PictureSettings()
    access: AccessSettings = AccessSettings()
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
        if isinstance(group, type) and issubclass(group, Group):
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
        raise SettingsError(_problem(error.errors()[0])) from error


def _problem(fault: ErrorDetails) -> str:
    """Return what is wrong with a setting and how to mend it, without a secret."""
    name, message = ".".join(str(part) for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")
    variable = f"{ENV_PREFIX}{name.replace('.', _DELIMITER).upper()}"
    if isinstance(fault["input"], Mapping):
        # The values of a whole group, secrets among them.
        return f"Settings {name}: {message}. Correct one of {variable}{_DELIMITER}…"
    shown = "the secret that is set" if _is_secret(*fault["loc"]) else repr(fault["input"])
    return f"Setting {name} cannot be {shown}: {message}. Correct it, or unset {variable} to use the default."


def _is_secret(name: int | str, *rest: int | str) -> bool:
    """Tell whether a setting is one whose value is shown nowhere."""
    field = Settings.model_fields.get(str(name))
    group = field.annotation if field is not None else None
    if rest and isinstance(group, type) and issubclass(group, Group):
        field = group.model_fields.get(str(rest[0]))
    return field is not None and "SecretStr" in str(field.annotation)
