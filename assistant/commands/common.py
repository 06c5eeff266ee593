"""What the commands share: exit codes, settings and the one place where errors become a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import AssistantError, InputError
from assistant.settings import Settings, load_settings

DONE = 0
PARTLY = 1
CANNOT_RUN = 2
_INTERRUPTED = 130


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong with a command, as everything else here does."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError instead of printing the whole usage."""
        raise InputError(f"{message[:1].upper()}{message[1:]}; see `{self.prog} --help`.")


def settings_for(index: Path | None) -> Settings:
    """Read the settings; a folder for the index given on the command line goes before the environment."""
    overrides: dict[str, Any] = {"index": {"directory": index}} if index else {}
    return load_settings(overrides)


def write(text: str) -> None:
    """Print for the user, whatever the terminal's encoding can show."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.flush()


def guarded(run: Callable[[], int]) -> int:
    """Run a command; an error with a message for people becomes one line on stderr and exit code 2."""
    try:
        return run()
    except AssistantError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return CANNOT_RUN
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python would complain once more at exit.
        sys.stdout = None
        return DONE
    except KeyboardInterrupt as stopped:
        sys.stderr.write(f"{str(stopped) or 'Stopped; nothing was changed.'}\n")
        return _INTERRUPTED
