"""Answers that evaluators scored and want in the eval set, with what their scores say of the gold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from assistant.errors import InputError
from assistant.feedback import Expected, FeedbackStore, Mark, mask
from assistant.feedback.cases import Verdict, as_scored
from assistant.index import Index
from assistant.settings import FeedbackSettings
from assistant.transcripts import KeptAnswer, KeptCitation, Lenient, parsed, read_text, validated
from assistant.types import Turn
from evals.transcripts import Transcript, check_complete


class _Mark(Lenient):
    """One score."""

    target: Literal["sentence", "citation"]
    number: int
    score: int


class _Message(Lenient):
    """One turn before the question."""

    role: Literal["user", "assistant"]
    content: str
    refused: bool = False


class Assessed(Lenient):
    """A line of `feedback export` that is an assessment."""

    id: str = ""
    marks: tuple[_Mark, ...] = ()
    history: tuple[_Message, ...] = ()
    answer: KeptAnswer
    expected: Expected | None = None

    def transcript(self) -> Transcript:
        """Return the answer with the turns before it; raises InputError where it cannot be a case."""
        turns = tuple(Turn(one.role, one.content, one.refused) for one in self.history)
        transcript = Transcript(self.answer, turns)
        check_complete(transcript, f"feedback {self.id}".strip())
        return transcript

    def verdict(self, index: Index) -> Verdict:
        """Return what the scores say, with quotes as the documents have them."""
        changes = {
            name: tuple(unmasked(one, index) for one in getattr(self.answer, name)) for name in ("citations", "nearest")
        }
        marks = [Mark(one.target, one.number, one.score) for one in self.marks]
        return as_scored(self.answer.model_copy(update=changes), marks, self.expected)


def read_assessed(path: Path | None, settings: FeedbackSettings) -> Iterator[Assessed]:
    """Yield the assessments that are meant for the eval set, from an export or, without one, from the database.

    Raises InputError for a file that is no export, and where there is none of them.
    """
    found = False
    for value, place in _from_file(path) if path else _from_store(settings):
        if not isinstance(value, dict) or "answer" not in value or "kind" not in value:
            raise InputError(f"{place} is no feedback: give what `python -m assistant feedback export` wrote.")
        if value["kind"] == "assessment" and value.get("for_evals") is True:
            found = True
            yield validated(Assessed, value, place, "export the feedback again")
    if not found:
        raise InputError(f"{path or 'The feedback database'} holds no answer that an evaluator chose for the eval set.")


def _from_file(path: Path) -> Iterator[tuple[Any, str]]:
    """Yield the values of an export with their places."""
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            place = f"{path}, line {number}"
            yield parsed(line, place), place


def _from_store(settings: FeedbackSettings) -> Iterator[tuple[Any, str]]:
    """Yield the entries of the database in the form of an export."""
    with closing(FeedbackStore(settings)) as store:
        for entry in store.entries():
            yield entry.as_json(), f"feedback {entry.id}"


def unmasked(citation: KeptCitation, index: Index) -> KeptCitation:
    """Return a quote as the document has it: an address or number in it was masked when the feedback was kept."""
    if citation.document not in index.documents:
        return citation
    stands = index.text(citation.document)[citation.start : citation.end]
    return citation.model_copy(update={"quote": stands}) if mask(stands) == citation.quote else citation
