"""What front matter, or the metadata file beside a PDF, says about a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, field_validator

from assistant.errors import FileRefused
from assistant.types import Language

_MAX_CHARS = 64_000
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Metadata(BaseModel):
    """The fields that are known; others are somebody else's and pass unread."""

    model_config = ConfigDict(frozen=True)

    title: str | None = Field(None, min_length=1, max_length=500)
    kind: str | None = Field(None, min_length=1, max_length=50)
    language: Language | None = None
    updated: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    sources: tuple[str, ...] = ()
    page_sources: Mapping[PositiveInt, tuple[str, ...]] = Field(default_factory=dict)
    """Sources of the blocks on a page that name none themselves, by the page's number from 1."""
    passage_sources: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Sources of single blocks, by the words with which a block begins."""
    left_out: tuple[str, ...] = ()
    """How blocks begin that say nothing of the subject, such as a list of references."""

    @field_validator("updated", "valid_from", "valid_to")
    @classmethod
    def _is_date(cls, value: str | None) -> str | None:
        """Accept a year, a month or a day that exists."""
        if value is None:
            return None
        parts = _DATE.fullmatch(value)
        if parts is None:
            raise ValueError("a date looks like 2024-01-31, 2024-01 or 2024")
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
        return value

    @field_validator("language", mode="before")
    @classmethod
    def _without_region(cls, value: Any) -> Any:
        """Take "nl-NL" for "nl"."""
        return re.split("[-_]", value.strip().lower())[0] if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class MetadataField:
    """A value of the metadata and the line it stands on."""

    value: Any
    line: int


def parse_metadata(text: str, place: str, first_line: int = 1) -> Metadata | None:
    """Read metadata; None where the text is no list of fields.

    Raises FileRefused, naming the place and the line, where it is broken or a value is not possible.
    """
    if len(text) > _MAX_CHARS:
        raise FileRefused(f"The {place} is longer than {_MAX_CHARS} characters; shorten it.")
    fields = metadata_fields(text, place, first_line)
    if fields is None:
        return None
    try:
        return Metadata.model_validate({name: entry.value for name, entry in fields.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise FileRefused(
            f"Line {fields[name].line} of the {place}: {name} cannot be {_shown(fields[name].value)} "
            f"({_reason(first['msg'])}); correct it."
        ) from error


def metadata_fields(text: str, place: str, first_line: int = 1) -> dict[str, MetadataField] | None:
    """Return the known fields as text; the YAML is never turned into objects, so aliases cannot grow.

    None where the text is no list of fields; raises FileRefused where it is not valid YAML.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        raise FileRefused(f"Line {line} of the {place} is not valid YAML: {error.problem}; correct it.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FileRefused(f"The {place} is not valid YAML; correct it or remove it.") from error
    if not isinstance(node, yaml.MappingNode):
        return None
    fields = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value in Metadata.model_fields:
            content = _content(value)
            if content not in (None, ""):
                fields[key.value] = MetadataField(content, key.start_mark.line + first_line)
    return fields


def _content(node: yaml.Node) -> Any:
    """Return a scalar as text, a list of scalars as texts, a mapping to such lists; {} for what fits nowhere."""
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag.endswith(":null") else str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(one, yaml.ScalarNode) for one in node.value):
        return [str(one.value) for one in node.value]
    if isinstance(node, yaml.MappingNode) and all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
        lists = {str(key.value): value for key, value in node.value if isinstance(value, yaml.SequenceNode)}
        return {key: _content(value) for key, value in lists.items()} if len(lists) == len(node.value) else {}
    return {}


def _shown(value: Any) -> str:
    """Return a value as it may stand in a message."""
    return f'"{value[:80]}"' if isinstance(value, str) else "a list or a group of fields"


def _reason(message: str) -> str:
    """Return the validator's reason without its prefix, beginning in lower case."""
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
