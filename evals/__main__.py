"""`python -m evals`: measure the assistant."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.commands.common import DONE, Parser, guarded, write
from evals import external


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 done, 2 cannot run."""
    parser = Parser(prog="python -m evals", description="Measure the assistant.")
    commands = parser.add_subparsers(dest="command", required=True)
    external.add_arguments(
        commands.add_parser("external", help="retrieval on a folder with passages.jsonl and questions.jsonl")
    )

    def run() -> int:
        for line in external.run(parser.parse_args(argv)):
            write(line)
        return DONE

    return guarded(run)


if __name__ == "__main__":
    sys.exit(main())
