"""A question set that somebody else made: its questions, and its passages as files that ingest can read."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import InputError
from assistant.types import Chunk, Turn
from evals.datasets import Passage, read_passages, write_passages
from evals.jsonl import lines_of
from evals.metrics import Interval, wilson_interval

_FILES = "files"
_QUESTIONS = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question of a set."""

    id: str
    text: str
    language: str
    relevant: frozenset[str]
    """Ids of the passages that answer it; empty where none does."""
    answerable: bool
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a folder and what they are asked of."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[SetQuestion, ...]
    files: Path | None = None
    """Folder with the set's own documents; a passage is then a page of one, with the id FILE#PAGE."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the passages."""
        return tuple(sorted({passage.language for passage in self.passages}))

    @property
    def with_passage(self) -> tuple[SetQuestion, ...]:
        """Questions of which the set names a relevant passage."""
        return tuple(question for question in self.questions if question.relevant)

    def keys(self) -> dict[tuple[str, str], str]:
        """Return the key of each passage, as `key_of` gives it, by the passage's id and language."""
        if self.files is not None:
            return {(passage.id, passage.language): passage.id for passage in self.passages}
        return {(passage.id, passage.language): passage.document for passage in self.passages}

    def key_of(self, chunk: Chunk) -> str:
        """Return the key of the passage that a chunk of the index was cut from."""
        return chunk.document if self.files is None else f"{chunk.document}#{chunk.page}"

    def write(self, folder: Path, without: Set[str] = frozenset()) -> int:
        """Write the documents below a folder, but for some passages and those with the very same text.

        Of a set with documents of its own, the whole document of each such passage is left out.
        Returns how many documents were written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if self.files is not None:
            left_out = {one.partition("#")[0] for one in without}
            kept = [path for path in sorted(self.files.iterdir()) if path.name not in left_out]
            for path in kept:
                shutil.copyfile(path, folder / path.name)
            return len(kept)
        same = {passage.text.strip() for passage in self.passages if passage.id in without}
        left = [one for one in self.passages if one.text.strip() not in same]
        write_passages(left, folder)
        return len(left)


@dataclass(frozen=True, slots=True)
class Share:
    """A number of questions among others."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None of no questions."""
        return self.part / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """Its 95% interval (Wilson)."""
        return wilson_interval(self.part, self.n)


class _Message(BaseModel):
    """One turn of the conversation before a question."""

    model_config = ConfigDict(extra="ignore", strict=True)

    role: Literal["user", "assistant"]
    content: str


class _Row(BaseModel):
    """One line of questions.jsonl."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    question: str
    lang: str | None = None
    relevant: list[str]
    answerable: bool | None = None
    history: list[_Message] = []


def read_set(folder: Path, default_language: str, limit: int | None = None) -> QuestionSet:
    """Read a folder with passages.jsonl and questions.jsonl, and with files/ where the set has documents.

    With a limit, the relevant passages stay and others fill up to it. Raises InputError with the
    line that cannot be used.
    """
    passages = read_passages(folder, default_language)
    questions = _read_questions(folder / _QUESTIONS, default_language)
    files = folder / _FILES
    own = files if files.is_dir() else None
    found = QuestionSet(folder.resolve().name, tuple(passages), tuple(questions), own)
    return found if limit is None or own else replace(found, passages=_limited(passages, questions, limit))


def _limited(passages: Sequence[Passage], questions: Sequence[SetQuestion], limit: int) -> tuple[Passage, ...]:
    """Return the relevant passages, with others up to a limit."""
    wanted = {one for question in questions for one in question.relevant}
    ordered = sorted(passages, key=lambda passage: passage.id not in wanted)
    return tuple(ordered[: max(limit, sum(passage.id in wanted for passage in passages))])


def _read_questions(path: Path, default_language: str) -> list[SetQuestion]:
    """Read the questions; one that does not say whether it is answerable is so when a passage is relevant."""
    questions = []
    for line, place in lines_of(path):
        row = _parsed(line, place)
        answerable = bool(row.relevant) if row.answerable is None else row.answerable
        history = tuple(Turn(one.role, one.content) for one in row.history)
        language = row.lang or default_language
        questions.append(SetQuestion(row.id, row.question, language, frozenset(row.relevant), answerable, history))
    if not questions:
        raise InputError(f"{path} holds no questions: it needs one per line.")
    return questions


def _parsed(line: str, place: str) -> _Row:
    """Read one line."""
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {f'{name}: ' if name else ''}{first['msg']}; correct the line.") from error
