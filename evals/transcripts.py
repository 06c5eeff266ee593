"""Answers that were kept: what `ask --json` printed, alone, as a batch, or as the turns of a conversation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from assistant.types import Language, Reason, Status, Turn

_Model = TypeVar("_Model", bound=BaseModel)


class _Lenient(BaseModel):
    """Keys that are not needed here are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class KeptCitation(_Lenient):
    """A quote that an answer cited."""

    marker: int
    document: str
    quote: str = Field(min_length=1)
    language: Language


class KeptAnswer(_Lenient):
    """One answer as `ask --json` prints it."""

    question: str = Field(pattern=r"\S")
    language: Language
    search_query: str
    status: Status
    reason: Reason | None
    text: str
    citations: tuple[KeptCitation, ...]


class _Message(_Lenient):
    """One turn of a conversation in a file."""

    role: str = Field(pattern="^(user|assistant)$")
    content: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """An answer with the conversation before it."""

    answer: KeptAnswer
    history: tuple[Turn, ...]


def read_transcripts(path: Path, history: Path | None = None) -> tuple[Transcript, ...]:
    """Read a file of answers.

    It holds one JSON object (`ask --json`, or a feedback entry with such an object under "answer"), one
    object per line (`ask --batch`), or a list of objects, which is read as one conversation. `history`
    is the file that was given to `ask --history`. Raises InputError where an answer leaned on a
    conversation that is not at hand: without it the case would ask something else.
    """
    text = _read(path)
    before = _read_history(history) if history else ()
    try:
        content = json.loads(text)
    except ValueError:
        rows = [line for line in text.split("\n") if line.strip()]
        found = [_answer(_parsed(row, f"{path}, line {n}"), f"{path}, line {n}") for n, row in enumerate(rows, start=1)]
        transcripts = [Transcript(answer, before) for answer in found]
    else:
        if isinstance(content, list):
            transcripts = _conversation(
                [_answer(one, f"{path}, answer {n}") for n, one in enumerate(content, 1)], before
            )
        else:
            transcripts = [Transcript(_answer(content, str(path)), before)]
    for one in transcripts:
        _check_complete(one, path)
    return tuple(transcripts)


def _conversation(answers: Sequence[KeptAnswer], before: tuple[Turn, ...]) -> list[Transcript]:
    """Give each answer of a conversation the turns before it."""
    transcripts, turns = [], list(before)
    for answer in answers:
        transcripts.append(Transcript(answer, tuple(turns)))
        turns += [Turn("user", answer.question), Turn("assistant", answer.text, answer.status == "refused")]
    return transcripts


def _check_complete(transcript: Transcript, path: Path) -> None:
    """Raise InputError for a follow-up without its conversation, and for a question in neither language."""
    answer = transcript.answer
    if not transcript.history and answer.search_query and answer.search_query.strip() != answer.question.strip():
        raise InputError(
            f"{path}: “{answer.question}” was a follow-up, for it was searched as “{answer.search_query}”; give the "
            "conversation before it with --history FILE."
        )
    if answer.language == "und":
        raise InputError(f"{path}: “{answer.question}” is in neither Dutch nor English, so it cannot be a case.")


def _read(path: Path) -> str:
    """Return the text of a file that the user named."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}): it has to be a text file in UTF-8.") from error


def _read_history(path: Path) -> tuple[Turn, ...]:
    """Read a conversation as `ask --history` takes it."""
    content = _parsed(_read(path), str(path))
    if not isinstance(content, list):
        raise InputError(f'{path} is not a conversation: it needs a list of {{"role", "content"}}.')
    messages = [_validated(_Message, one, f"{path}, turn {n}") for n, one in enumerate(content, start=1)]
    return tuple(Turn("user" if one.role == "user" else "assistant", one.content, one.refused) for one in messages)


def _answer(value: Any, place: str) -> KeptAnswer:
    """Return an answer, also from within a feedback entry."""
    inner = value.get("answer") if isinstance(value, dict) else None
    return _validated(KeptAnswer, inner if isinstance(inner, dict) else value, place)


def _parsed(text: str, place: str) -> Any:
    """Return a JSON value, or raise InputError with the place."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not valid JSON ({error}); keep the output of `ask --json` as it is.") from error


def _validated(model: type[_Model], value: Any, place: str) -> _Model:
    """Return the value as a model, or raise InputError with the place and the field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{place}: {f'{name}: ' if name else ''}{first['msg']}; it has to be the output of `ask --json`."
        ) from error
