"""`python -m assistant verify TRANSCRIPT.json`: whether the citations of an earlier conversation still hold."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.commands.common import DONE, PARTLY, settings_for, write
from assistant.errors import InputError
from assistant.receipts import ReceiptState, Recheck, unsupported
from assistant.transcripts import KeptAnswer, KeptCitation, KeptSentence, read_answers

_TEXTS: dict[ReceiptState, str] = {
    "true": "still true",
    "changed": "text changed",
    "withdrawn": "document withdrawn",
    "damaged": "receipt damaged: the quote is not the one that was cited",
}


@dataclass(frozen=True, slots=True)
class Verified:
    """One answer with what has become of its citations."""

    answer: KeptAnswer
    rechecks: tuple[Recheck, ...]
    """One per citation, in their order."""
    unsupported: tuple[KeptSentence, ...]
    """Sentences that say something which their own quotes do not hold: the answer was altered, or was wrong."""

    @property
    def holds(self) -> bool:
        """Whether nothing is the matter."""
        return not self.unsupported and all(one.state == "true" for one in self.rechecks)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("transcript", type=Path, help="an exported conversation, or what `ask --json` printed")
    parser.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Check every citation of a file; returns 0 when all still hold, 1 when one does not."""
    answers = read_answers(arguments.transcript).answers
    if not any(answer.citations for answer in answers):
        raise InputError(f"{arguments.transcript} holds no citations, so there is nothing to check.")
    # Checked arguments first: the stages behind the pipeline take a second to load.
    from assistant.pipeline import Assistant

    assistant = Assistant.open(settings_for(arguments.index))
    verified = [_verified(assistant, answer) for answer in answers]
    if arguments.json:
        write(json.dumps(_as_json(verified, assistant.generation), ensure_ascii=False))
    else:
        _show(verified, assistant.generation)
    return DONE if all(one.holds for one in verified) else PARTLY


def _verified(assistant: Any, answer: KeptAnswer) -> Verified:
    """Check one answer."""
    rechecks = tuple(assistant.recheck(citation.receipt) for citation in answer.citations)
    return Verified(answer, rechecks, unsupported(answer.sentences, answer.citations))


def _show(verified: Sequence[Verified], generation: str) -> None:
    """Print a line per citation and a summary."""
    for number, one in enumerate(verified, start=1):
        write(f"{number}. {one.answer.question}")
        for citation, found in zip(one.answer.citations, one.rechecks, strict=True):
            write(f"   [{citation.marker}] {_TEXTS[found.state]}: {_place(citation, found)}")
            if found.state != "true":
                write(f"       cited: {citation.quote}")
            if found.now:
                write(f"       now:   {found.now}")
        for sentence in one.unsupported:
            write(f"   not in its quote: {sentence.text}")
    states = [found.state for one in verified for found in one.rechecks]
    counts = ", ".join(f"{states.count(state)} {text.split(':')[0]}" for state, text in _TEXTS.items())
    altered = sum(len(one.unsupported) for one in verified)
    write(f"{len(states)} citations against {generation}: {counts}; {altered} sentences not in their quotes")


def _place(citation: KeptCitation, found: Recheck) -> str:
    """Return the document of a citation, and what became of it where it is not as it was."""
    if found.document is None:
        return citation.document
    if found.document != citation.document:
        return f"{citation.document}, now {found.document}"
    if found.state == "true" and not found.untouched:
        return f"{citation.document} (the document was changed elsewhere since)"
    return citation.document


def _as_json(verified: Sequence[Verified], generation: str) -> dict[str, Any]:
    """Return all results as plain values."""
    return {
        "index": generation,
        "holds": all(one.holds for one in verified),
        "answers": [
            {
                "question": one.answer.question,
                "citations": [
                    {"marker": citation.marker, "cited": citation.document, "cited_from": citation.index}
                    | asdict(found)
                    for citation, found in zip(one.answer.citations, one.rechecks, strict=True)
                ],
                "unsupported": [sentence.text for sentence in one.unsupported],
            }
            for one in verified
        ],
    }
