"""`python -m evals`: measure the assistant."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.commands.common import DONE, Parser, guarded, write
from evals import add, answerers, compare, external, gate, judge, report, run
from evals.answerability import command as answerability
from evals.dialogues import command as dialogues
from evals.injection import command as injection
from evals.lock import command as lock


class _Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, arguments: argparse.Namespace) -> Iterator[str] | int:
        """Yield the lines to print, or print by itself and return the exit code."""


_COMMANDS: dict[str, tuple[_Command, str]] = {
    "run": (run, "ask the cases and keep what came of them"),
    "compare": (compare, "compare two runs, metric by metric and case by case"),
    "gate": (gate, "fail where a run is worse than the baseline"),
    "report": (report, "write one HTML file that shows what runs found"),
    "add": (add, "make a case of an answer that was kept"),
    "judge": (judge, "ask a language model for a second opinion; advisory"),
    "lock": (lock, "check judged pairs of sentence and passage with the verifier"),
    "injection": (injection, "hide instructions in questions and documents, and see what they change"),
    "dialogues": (dialogues, "ask conversations and false premises turn by turn"),
    "answerability": (answerability, "how well the assistant knows what it can answer"),
    "answerers": (answerers, "the same questions to quotes and to a language model"),
    "external": (external, "retrieval and refusal on question sets that somebody else made"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns 0 done, 1 partly or not good enough, 2 cannot run."""
    parser = Parser(prog="python -m evals", description="Measure the assistant.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (command, what) in _COMMANDS.items():
        command.add_arguments(commands.add_parser(name, help=what, description=f"{what[:1].upper()}{what[1:]}."))
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Run the command that was chosen."""
    outcome = _COMMANDS[arguments.command][0].run(arguments)
    if isinstance(outcome, int):
        return outcome
    for line in outcome:
        write(line)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
