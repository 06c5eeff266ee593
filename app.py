"""Open the chat: `python app.py [--host 127.0.0.1] [--port 7860] [--index DIR]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.commands.common import DONE, Parser, guarded, settings_for
from assistant.ui.serving import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the chat until it is stopped; return the exit code."""

    def run() -> int:
        options = parser().parse_args(arguments)
        serve(settings_for(options.index), options.host, options.port, on_ready=say_ready)
        return DONE

    return guarded(run)


def say_ready(address: str) -> None:
    """Print where the chat is."""
    print(f"The chat is ready: {address}", flush=True)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = Parser(prog="app.py", description="Open the chat. It needs an index: see ingest.py.")
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    made.add_argument("--port", type=int, default=7860, help="port to listen on (default: 7860)")
    made.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: index)")
    return made


if __name__ == "__main__":
    sys.exit(main())
