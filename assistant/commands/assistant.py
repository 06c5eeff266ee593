"""`python -m assistant ask|search|verify|export`: one question, a file of them, or earlier answers again."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from assistant.commands import export, feedback, verify
from assistant.commands.common import DONE, Parser, guarded, settings_for, write
from assistant.errors import InputError
from assistant.transcripts import Lenient, parsed, read_text, validated
from assistant.types import Turn

_EXAMPLES = """examples:
  python -m assistant ask "Hoe begin ik een learning community?"
  python -m assistant ask --batch questions.jsonl > answers.jsonl
  python -m assistant search "money for the pilot" -k 5 --json
  python -m assistant verify conversation.json
  python -m assistant export conversation.json --to pdf conversation.pdf
"""


class _Message(Lenient):
    """One turn of a conversation in a file."""

    role: Literal["user", "assistant"]
    content: str
    refused: bool = False

    def turn(self) -> Turn:
        """Return it as a turn."""
        return Turn(self.role, self.content, self.refused)


class _Row(Lenient):
    """One question of a batch file."""

    id: str | int | None = None
    question: str
    history: tuple[_Message, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(message.turn() for message in self.history)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 done, 2 cannot run."""
    parser = Parser(
        prog="python -m assistant",
        description="Ask the documents in the index, in Dutch or English.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer a question with citations")
    ask.add_argument("--history", type=Path, metavar="FILE", help='turns before it: [{"role", "content"}, …]')
    search = commands.add_parser("search", help="list the passages that fit a question best")
    search.add_argument("-k", type=int, default=10, metavar="N", help="number of passages (default: 10)")
    for command in (ask, search):
        command.add_argument("question", nargs="?", help="a question in Dutch or English")
        command.add_argument("--batch", type=Path, metavar="FILE", help='one {"id", "question"} per line')
        command.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
        command.add_argument("--json", action="store_true", help="print JSON")
    verify.add_arguments(commands.add_parser("verify", help="see whether the citations of earlier answers still hold"))
    export.add_arguments(commands.add_parser("export", help="write earlier answers as Markdown, PDF or JSON"))
    feedback.add_arguments(commands.add_parser("feedback", help="what readers and evaluators said of the answers"))
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say."""
    if arguments.command == "verify":
        return verify.run(arguments)
    if arguments.command == "feedback":
        return feedback.run(arguments)
    if arguments.command == "export":
        return export.run(arguments)
    if (arguments.question is None) == (arguments.batch is None):
        raise InputError("Give either a question or --batch FILE.")
    if arguments.question is not None and not arguments.question.strip():
        raise InputError("The question is empty: type a question in Dutch or English.")
    if arguments.command == "search" and arguments.k < 1:
        raise InputError(f"-k {arguments.k} is not possible: ask for 1 passage or more.")
    rows = list(_batch(arguments.batch)) if arguments.batch else []
    history = _history(arguments.history) if getattr(arguments, "history", None) else ()
    # Checked arguments first: the stages behind the pipeline take a second to load.
    from assistant.pipeline import Assistant

    assistant = Assistant.open(settings_for(arguments.index))
    show = _show_answer if arguments.command == "ask" else _show_hits
    if rows:
        for row in rows:
            show(assistant, row.question, row.turns, arguments, row.id)
    else:
        show(assistant, arguments.question, history, arguments, None)
    return DONE


def _show_answer(
    assistant: Any, question: str, history: Sequence[Turn], arguments: argparse.Namespace, identifier: Any
) -> None:
    """Print one answer."""
    from assistant import presenter

    answer = assistant.ask(question, history)
    if arguments.json or arguments.batch:
        write(json.dumps(presenter.to_dict(answer, identifier), ensure_ascii=False))
    else:
        write(presenter.to_markdown(answer))


def _show_hits(
    assistant: Any, question: str, history: Sequence[Turn], arguments: argparse.Namespace, identifier: Any
) -> None:
    """Print the passages for one question."""
    from assistant import presenter

    hits = assistant.search(question, arguments.k, history)
    if arguments.json or arguments.batch:
        write(json.dumps(presenter.hits_to_dict(question, hits, identifier), ensure_ascii=False))
    else:
        write(presenter.hits_to_text(hits))


def _history(path: Path) -> tuple[Turn, ...]:
    """Read a conversation from a JSON file."""
    content = parsed(read_text(path), str(path))
    if not isinstance(content, list):
        raise InputError(f'{path} is not a conversation: it needs a list of {{"role", "content"}}.')
    return tuple(
        validated(_Message, one, f"{path}, turn {n}", "correct it").turn() for n, one in enumerate(content, start=1)
    )


def _batch(path: Path) -> Iterator[_Row]:
    """Read the questions of a batch file; blank lines are passed over."""
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            place = f"{path}, line {number}"
            yield validated(_Row, parsed(line, place), place, "correct it")
