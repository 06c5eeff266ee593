"""`python -m assistant export TRANSCRIPT.json --to md FILE`: an earlier conversation as a file to keep or to send."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from assistant.commands.common import DONE, write
from assistant.errors import InputError

_FORMS = ("md", "pdf", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("transcript", type=Path, help="an exported conversation, or what `ask --json` printed")
    parser.add_argument("--to", choices=_FORMS, required=True, help="the form of the file")
    parser.add_argument("file", type=Path, help="the file to write; one that exists is replaced")
    parser.add_argument(
        "--language", choices=("nl", "en"), help="of the words around the answers (default: of the first question)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file; returns 0 done. Raises InputError where the transcript or the file cannot be used."""
    # Checked arguments first: the stages behind the exports take a moment to load.
    from assistant import exports

    conversation = exports.read_conversation(arguments.transcript)
    language: exports.PageLanguage = arguments.language or ("nl" if conversation.answers[0].language == "nl" else "en")
    if arguments.to == "pdf":
        data = exports.conversation_as_pdf(conversation, language)
    elif arguments.to == "md":
        data = exports.conversation_as_markdown(conversation, language).encode("utf-8", "replace")
    else:
        data = exports.conversation_as_json(conversation).encode("utf-8")
    _replace(arguments.file, data)
    write(str(arguments.file))
    return DONE


def _replace(path: Path, data: bytes) -> None:
    """Write a file in one step, so that an error leaves what was there."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise InputError(f"{path} cannot be written: {error.strerror}; name another file.") from error
