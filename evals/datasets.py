"""The passages of other people's question sets, as files that ingest can read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from evals.jsonl import lines_of

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+.!|~^:&$-])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a set."""

    id: str
    title: str
    text: str
    language: str

    @property
    def document(self) -> str:
        """The id that ingest gives the passage's file."""
        return f"{self.language}/{re.sub(r'[^A-Za-z0-9-]', '_', self.id)}.md"


def read_passages(folder: Path, default_language: str) -> list[Passage]:
    """Read passages.jsonl (or .jsonl.gz): one {"id", "title", "text", "lang"} per line."""
    return [
        Passage(row["id"], row.get("title") or row["id"], row["text"], row.get("lang") or default_language)
        for row in _rows(folder, "passages")
    ]


def write_passages(passages: list[Passage], folder: Path) -> None:
    """Write each passage as a Markdown file with its title and language, one paragraph per line."""
    for passage in passages:
        path = folder / passage.document
        path.parent.mkdir(parents=True, exist_ok=True)
        head = {"title": passage.title, "language": passage.language}
        lines = [_MARKDOWN_SPECIAL.sub(r"\\\1", line.strip()) for line in passage.text.splitlines()]
        body = "\n\n".join(line for line in lines if line)
        front = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
        path.write_text(f"---\n{front}---\n\n{body}\n", encoding="utf-8")


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSONL file, plain or compressed."""
    path = next((path for end in ("jsonl", "jsonl.gz") if (path := folder / f"{name}.{end}").is_file()), None)
    if path is None:
        raise InputError(f"{folder} holds no {name}.jsonl: name a folder with passages.jsonl and questions.jsonl.")
    for line, place in lines_of(path):
        try:
            yield json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{place}: not valid JSON ({error}).") from error
