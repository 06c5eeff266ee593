"""The register of published sources that the documents refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, ValidationError, field_validator

from assistant.errors import InputError
from assistant.types import Source

SOURCES_FILE = "sources.yaml"
REPORT_SOURCES = ".reports"
"""Folder below a corpus with the Markdown of its PDFs; hidden, because ingest reads the PDFs."""
_MAX_BYTES = 5_000_000


class _Entry(BaseModel):
    """One source as the file writes it."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    date: str = Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?|undated)$")
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    authority: Literal["A", "B", "C"]
    url: str | None = None

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        """Accept an http or https address, and keep it as it is written."""
        if value is not None:
            TypeAdapter(HttpUrl).validate_python(value)
        return value


def load_sources(root: Path) -> dict[str, Source]:
    """Read the register below `root`; nothing where there is none.

    Raises InputError with the file, the source's name and the line where an entry cannot be used.
    """
    path = root / SOURCES_FILE
    if not path.is_file():
        return {}
    node = _compose(path)
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{path}: the register is a list of names, each with its fields below it; correct it.")
    sources: dict[str, Source] = {}
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in sources:
            raise InputError(f"{path}, line {line}: source {name} stands in the register twice; remove one.")
        sources[name] = _source(name, value, f"{path}, line {line}")
    return sources


def _compose(path: Path) -> yaml.Node | None:
    """Return the file's YAML as nodes that know their line."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} is larger than {_MAX_BYTES} bytes; a register this large is a mistake.")
        return yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{path}, line {line}: not valid YAML: {error.problem}; correct it.") from error
    except (yaml.YAMLError, OSError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error


def _source(name: str, node: yaml.Node, place: str) -> Source:
    """Return one source, or raise InputError that names it."""
    fields: dict[str, Any] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null"):
                continue
            # As text: YAML itself would turn dates and "no" into something else.
            fields[str(key.value)] = value.value if isinstance(value, yaml.ScalarNode) else None
    try:
        entry = _Entry.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: source {name}: {field}: {first['msg']}; correct it.") from error
    return Source(id=name, **entry.model_dump())
