"""`python -m evals add FILE`: make a case of an answer that was kept, and a draft of it in the other language.

`--from-feedback` takes the answers that evaluators scored and want in the eval set; gold is what they scored right.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.common import DONE, PARTLY, settings_for, write
from assistant.errors import InputError
from assistant.feedback.case_files import Added, add_to_file, standing
from assistant.feedback.cases import CASE_GROUPS, Verdict, as_answered
from assistant.index import Index
from assistant.transcripts import KeptCitation
from evals.cases import parse_case
from evals.from_feedback import read_assessed, unmasked
from evals.proposals import DRAFT, proposed_pair
from evals.transcripts import Transcript, read_transcripts

_OUT = Path("evals/cases/added.jsonl")
_QUOTE_LENGTH = 80
_EXAMPLES = """examples:
  python -m assistant ask "Wie betaalde de pilot?" --json > answer.json
  python -m evals add answer.json
  python -m evals add answer.json --history conversation.json --group staff --edit
  python -m evals add --from-feedback
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="what `ask --json`, `ask --batch` or `feedback export` wrote"
    )
    parser.add_argument(
        "--from-feedback",
        action="store_true",
        help="of FILE, or of the feedback database: what evaluators want in the eval set, with their scores",
    )
    parser.add_argument("--history", type=Path, metavar="FILE", help="what was given to `ask --history`")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index with the documents (default: index)")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="FILE", help=f"default: {_OUT}")
    parser.add_argument("--group", choices=CASE_GROUPS, default="newcomer", help="who asks (default: newcomer)")
    parser.add_argument("--edit", action="store_true", help="open each pair in $VISUAL or $EDITOR before it is written")


def run(arguments: argparse.Namespace) -> int:
    """Add the cases; returns 0, also where they were there already, and 1 where one answer of feedback cannot be."""
    if arguments.from_feedback:
        return _run_from_feedback(arguments)
    if arguments.file is None:
        raise InputError("Name a FILE with answers, or give --from-feedback.")
    kept = read_transcripts(arguments.file, arguments.history)
    with Index.open(settings_for(arguments.index).index.directory) as index:
        transcripts = [_unmasked(one, index) for one in kept]
        _check_quotes([one for transcript in transcripts for one in transcript.answer.citations], index)
        twins = {name: row.twin for name, row in index.documents.items()}
    for transcript in transcripts:
        _add(transcript, as_answered(transcript.answer), arguments, twins)
    return DONE


def _unmasked(transcript: Transcript, index: Index) -> Transcript:
    """Return an answer, which may come from feedback, with its quotes as the documents have them."""
    citations = tuple(unmasked(one, index) for one in transcript.answer.citations)
    return replace(transcript, answer=transcript.answer.model_copy(update={"citations": citations}))


def _run_from_feedback(arguments: argparse.Namespace) -> int:
    """Add what evaluators chose; an answer that cannot be a case is told and the others are still added."""
    if arguments.history:
        raise InputError("--history does not go with --from-feedback: feedback holds the turns before each question.")
    settings = settings_for(arguments.index)
    told = 0
    with Index.open(settings.index.directory) as index:
        twins = {name: row.twin for name, row in index.documents.items()}
        for one in read_assessed(arguments.file, settings.feedback):
            try:
                verdict = one.verdict(index)
                _check_quotes(verdict.gold, index)
                _add(one.transcript(), verdict, arguments, twins)
            except InputError as error:
                told += 1
                write(f"not added: {error}")
    return PARTLY if told else DONE


def _add(
    transcript: Transcript, verdict: Verdict, arguments: argparse.Namespace, twins: Mapping[str, str | None]
) -> None:
    """Write one pair, unless it stands already."""
    case, draft = proposed_pair(transcript, verdict, arguments.group, twins)
    known = standing(case, arguments.out)
    rows: list[dict[str, Any]] = [case, draft]
    if arguments.edit and not known:
        rows = _edited(rows)
    write(_told(known or add_to_file(arguments.out, rows), rows))


def _check_quotes(citations: Sequence[KeptCitation], index: Index) -> None:
    """Raise InputError that names each quote that the documents no longer hold."""
    gone = [one for one in citations if not _stands(one, index)]
    if gone:
        named = "; ".join(f"[{one.marker}] {one.document}: “{_short(one.quote)}”" for one in gone)
        raise InputError(
            f"The documents in the index no longer hold {len(gone)} of the quotes ({named}); ask the question again "
            "and add the new answer."
        )


def _stands(citation: KeptCitation, index: Index) -> bool:
    """Tell whether a quote still stands in its document; it may have moved."""
    return citation.document in index.documents and citation.quote in index.text(citation.document)


def _edited(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Let the user edit a pair; raises InputError, with the file that keeps the edit, where it is no pair."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError("--edit needs an editor: set EDITOR, for example EDITOR=nano.")
    descriptor, name = tempfile.mkstemp(suffix=".json", prefix="case-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=2)
    try:
        subprocess.run([*shlex.split(editor), name], check=True)
        edited = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise InputError(f"The pair was not added ({error}); your edit is kept in {name}.") from error
    _check_edited(edited, name)
    Path(name).unlink()
    return list(edited)


def _check_edited(edited: Any, name: str) -> None:
    """Raise InputError where an edit is no list of cases and drafts."""
    if not isinstance(edited, list) or not edited or not all(isinstance(one, dict) for one in edited):
        raise InputError(f"The pair was not added: {name} has to hold a list of cases; your edit is kept there.")
    for number, one in enumerate(edited, start=1):
        if DRAFT not in one:
            parse_case(json.dumps(one), f"The pair was not added: {name}, case {number}")


def _told(added: Added, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what was done, in words."""
    place = f"{added.path}, line {added.line}"
    if added.known:
        return f"already there: {place}; nothing was written."
    told = f"{place}: {rows[0].get('id')}, with {len(rows[0].get('must_say', ()))} nuggets proposed"
    drafts = [(number, row[DRAFT]) for number, row in enumerate(rows, start=added.line) if DRAFT in row]
    todo = "; ".join(f"line {number} is a draft: {what}" for number, what in drafts)
    return f"{told}. {todo[:1].upper()}{todo[1:]}".strip()


def _short(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTE_LENGTH else line[: _QUOTE_LENGTH - 1].rstrip() + "…"
