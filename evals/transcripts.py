"""Answers that were kept: what `ask --json` printed, alone, as a batch, or as the turns of a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from assistant.errors import InputError
from assistant.transcripts import KeptAnswer, Lenient, parsed, read_answers, read_text, validated
from assistant.types import Turn


class _Message(Lenient):
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
    """Read a file of answers as `assistant.transcripts.read_answers` does, each with the turns before it.

    `history` is the file that was given to `ask --history`. Raises InputError where an answer leaned on a conversation
    that is not at hand: without it the case would ask something else.
    """
    before = _read_history(history) if history else ()
    kept = read_answers(path)
    if kept.conversation:
        transcripts = _conversation(kept.answers, before)
    else:
        transcripts = [Transcript(answer, before) for answer in kept.answers]
    for one in transcripts:
        check_complete(one, str(path))
    return tuple(transcripts)


def _conversation(answers: Sequence[KeptAnswer], before: tuple[Turn, ...]) -> list[Transcript]:
    """Give each answer of a conversation the turns before it."""
    transcripts, turns = [], list(before)
    for answer in answers:
        transcripts.append(Transcript(answer, tuple(turns)))
        turns += [Turn("user", answer.question), Turn("assistant", answer.text, answer.status == "refused")]
    return transcripts


def check_complete(transcript: Transcript, place: str) -> None:
    """Raise InputError for a follow-up without its conversation, and for a question in neither language."""
    answer = transcript.answer
    if not transcript.history and answer.search_query and answer.search_query.strip() != answer.question.strip():
        raise InputError(
            f"{place}: “{answer.question}” was a follow-up, for it was searched as “{answer.search_query}”; give the "
            "conversation before it with --history FILE."
        )
    if answer.language == "und":
        raise InputError(f"{place}: “{answer.question}” is in neither Dutch nor English, so it cannot be a case.")


def _read_history(path: Path) -> tuple[Turn, ...]:
    """Read a conversation as `ask --history` takes it."""
    content = parsed(read_text(path), str(path))
    if not isinstance(content, list):
        raise InputError(f'{path} is not a conversation: it needs a list of {{"role", "content"}}.')
    messages = [validated(_Message, one, f"{path}, turn {n}", "correct it") for n, one in enumerate(content, start=1)]
    return tuple(Turn("user" if one.role == "user" else "assistant", one.content, one.refused) for one in messages)
