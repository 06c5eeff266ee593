"""Dialogues with what each turn expects of the assistant, one JSON object per line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from assistant.errors import InputError
from evals.cases import CaseLanguage
from evals.jsonl import lines_of

PREMISES = Path(__file__).with_name("premises.jsonl")
CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")

Expectation = Literal["answer", "correct", "confirm", "refuse", "unsupported", "chat"]
EXPECTATIONS: tuple[Expectation, ...] = get_args(Expectation)
STATES_FACTS: frozenset[Expectation] = frozenset({"answer", "correct", "confirm"})
"""Expectations that are met by saying something from the documents."""

_Text = Annotated[str, Field(pattern=r"\S")]
_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """A question within a dialogue, and what a good reply does."""

    question: _Text
    expect: Expectation
    """`correct`: a premise that the documents contradict; `confirm`: one that they hold; `unsupported`: one that they
    neither hold nor contradict."""
    must_say: tuple[Annotated[tuple[_Text, ...], Field(min_length=1)], ...] = ()
    """Nuggets; each holds alternative spellings, of which one has to occur."""
    must_not_say: tuple[_Text, ...] = ()
    language: CaseLanguage | None = None
    """Where the dialogue has changed its language; None for the language that it began in."""


@with_config(_CLOSED)
@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions that a person asks one after the other."""

    id: _Text
    language: CaseLanguage
    """That it begins in."""
    turns: Annotated[tuple[DialogueTurn, ...], Field(min_length=1)]
    why: _Text
    """Where the facts stand, and what the dialogue tries."""

    def language_of(self, turn: DialogueTurn) -> CaseLanguage:
        """Return the language that a turn is asked in."""
        return turn.language or self.language

    @property
    def mixed(self) -> bool:
        """Whether both languages are spoken."""
        return len({self.language_of(turn) for turn in self.turns}) > 1

    @property
    def pair(self) -> str:
        """What the Dutch and the English form of a dialogue share: the id without the language at its end."""
        return self.id.removesuffix(f"-{self.language}")


_ADAPTER = TypeAdapter(Dialogue)


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """Read the dialogues of a file in their order.

    Raises InputError with file and line for a line that is malformed, contradicts itself or repeats an id.
    """
    seen: dict[str, str] = {}
    dialogues = []
    for line, place in lines_of(path):
        dialogue = _parse(line, place)
        if dialogue.id in seen:
            raise InputError(f"{place}: the id {dialogue.id} stands on {seen[dialogue.id]} already; choose another.")
        seen[dialogue.id] = place
        dialogues.append(dialogue)
    if not dialogues:
        raise InputError(f"There are no dialogues in {path}: name a file with one JSON object per line.")
    return tuple(dialogues)


def _parse(line: str, place: str) -> Dialogue:
    """Parse one dialogue and check it by itself; `place` opens the message of an InputError."""
    try:
        dialogue = _ADAPTER.validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {f'{name}: ' if name else ''}{first['msg']}; correct the line.") from error
    for number, turn in enumerate(dialogue.turns, start=1):
        if fault := _fault(turn):
            raise InputError(f"{place}: turn {number} of {dialogue.id} {fault}.")
    return dialogue


def _fault(turn: DialogueTurn) -> str | None:
    """Return what does not fit within a turn; None where all does."""
    states = turn.expect in STATES_FACTS
    if states and not turn.must_say:
        return f'expects "{turn.expect}" and has no must_say: name what the documents say'
    if not states and turn.must_say:
        return f'expects "{turn.expect}" and has a must_say: nothing from the documents can meet it; take it out'
    return None
