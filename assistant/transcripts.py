"""Answers that were kept as JSON: alone, one per line, as a list, or as an exported conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from assistant.receipts import Receipt
from assistant.types import BlockKind, FaultKind, Language, NoteKind, Reason, Status

_Model = TypeVar("_Model", bound=BaseModel)
EXCHANGES = "exchanges"
"""Key of the answers in an exported conversation."""
FORMAT: Final = "learning-communities-assistant/conversation"
VERSION: Final = 1


class Lenient(BaseModel):
    """Keys that are not needed here are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class KeptSource(Lenient):
    """A published source behind a quote."""

    id: str = ""
    title: str = ""
    publisher: str = ""
    date: str = ""
    language: str = ""
    authority: Literal["A", "B", "C"] = "C"
    url: str | None = None


class KeptCitation(Lenient):
    """A quote that an answer cited."""

    marker: int
    document: str
    quote: str = Field(min_length=1)
    language: Language = "und"
    title: str = ""
    heading: str | None = None
    page: int | None = None
    page_label: str | None = None
    start: int = 0
    end: int = 0
    sha256: str = ""
    quote_sha256: str | None = None
    index: str | None = None
    score: float = 0.0
    sources: tuple[KeptSource, ...] = ()

    @property
    def receipt(self) -> Receipt:
        """What the citation says of itself."""
        return Receipt(
            self.document, self.quote, self.start, self.end, self.sha256, self.quote_sha256 or None, self.index
        )  # fmt: skip


class KeptSentence(Lenient):
    """A sentence of an answer with the markers of its citations."""

    text: str
    citations: tuple[int, ...] = ()
    language: Language = "und"
    verified: bool | None = None
    kind: BlockKind = "paragraph"


class KeptUnreadPage(Lenient):
    """A page that could not be read."""

    document: str = ""
    title: str = ""
    page: int
    label: str | None = None
    problem: str = ""


class KeptNote(Lenient):
    """What the assistant added below an answer."""

    kind: NoteKind
    text: str


class KeptFault(Lenient):
    """What a withheld sentence asserts and its passages do not."""

    kind: FaultKind
    words: str


class KeptWithheld(Lenient):
    """A sentence that was not shown."""

    text: str
    faults: tuple[KeptFault, ...] = ()


class KeptAnswer(Lenient):
    """One answer as `ask --json` prints it."""

    question: str = Field(pattern=r"\S")
    language: Language
    search_query: str
    status: Status
    reason: Reason | None
    text: str
    citations: tuple[KeptCitation, ...]
    sentences: tuple[KeptSentence, ...] = ()
    index: str = ""
    message: str = ""
    nearest: tuple[KeptCitation, ...] = ()
    unread_pages: tuple[KeptUnreadPage, ...] = ()
    notes: tuple[KeptNote, ...] = ()
    withheld: tuple[KeptWithheld, ...] = ()
    confidence: float | None = None
    answerer: str = "extractive"
    timings: dict[str, float] = Field(default_factory=dict)


class _Export(Lenient):
    """What an exported conversation says of itself."""

    format: Literal["learning-communities-assistant/conversation"] = FORMAT
    version: Literal[1] = VERSION
    created: AwareDatetime | None = None
    index: str = ""


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The answers of a file, in their order."""

    answers: tuple[KeptAnswer, ...]
    conversation: bool
    """Whether they are the turns of one conversation; lines of a batch stand on their own."""
    created: datetime | None = None
    """When the conversation was exported, where the file says so."""
    index: str = ""
    """Generation of the index at that time, where the file says so."""


def read_answers(path: Path) -> KeptAnswers:
    """Read a file of answers.

    It holds an exported conversation ({"exchanges": [...]}), one object (`ask --json`, or a feedback entry with such
    an object under "answer"), one object per line (`ask --batch`), or a list of objects, which is one conversation.
    Raises InputError with the place that cannot be used.
    """
    return answers_in(read_text(path), str(path))


def answers_in(text: str, path: str) -> KeptAnswers:
    """Read answers from a text, as `read_answers` does from a file; `path` is how messages call it."""
    try:
        content = json.loads(text)
    except ValueError:
        rows = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
        answers = tuple(_answer(parsed(row, f"{path}, line {n}"), f"{path}, line {n}") for n, row in rows)
        if not answers:
            raise InputError(f"{path} is empty: it has to be the output of `ask --json`.") from None
        return KeptAnswers(answers, conversation=False)
    except RecursionError as error:
        raise InputError(f"{path}: not valid JSON ({error}); keep the output of `ask --json` as it is.") from error
    export = _Export()
    if isinstance(content, dict) and isinstance(content.get(EXCHANGES), list):
        export = validated(_Export, content, path, "export the conversation again with this version")
        content = content[EXCHANGES]
    if isinstance(content, list):
        answers = tuple(_answer(one, f"{path}, answer {n}") for n, one in enumerate(content, start=1))
        return KeptAnswers(answers, True, export.created, export.index)
    return KeptAnswers((_answer(content, path),), conversation=False)


def read_text(path: Path) -> str:
    """Return the text of a file that the user named; raises InputError where it is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"{path} cannot be read: {reason}.") from error


def parsed(text: str, place: str) -> Any:
    """Return a JSON value, or raise InputError with the place."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not valid JSON ({error}); correct it.") from error


def validated(model: type[_Model], value: Any, place: str, instead: str) -> _Model:
    """Return the value as a model, or raise InputError with the place, the field and what to give `instead`."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {f'{name}: ' if name else ''}{first['msg']}; {instead}.") from error


def _answer(value: Any, place: str) -> KeptAnswer:
    """Return an answer, also from within a feedback entry."""
    inner = value.get("answer") if isinstance(value, dict) else None
    kept = inner if isinstance(inner, dict) else value
    return validated(KeptAnswer, kept, place, "it has to be the output of `ask --json`")
