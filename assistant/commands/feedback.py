"""`python -m assistant feedback export|summary|purge`: what readers and evaluators said of the answers."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.common import DONE, write
from assistant.errors import FeedbackError, InputError
from assistant.settings import load_settings

if TYPE_CHECKING:
    from assistant.feedback import FeedbackStore, Summary, Tally

_EXAMPLES = """examples:
  python -m assistant feedback summary
  python -m assistant feedback export feedback.jsonl
  python -m evals add feedback.jsonl --from-feedback
  python -m assistant feedback purge --older-than 30
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    actions = parser.add_subparsers(dest="action", required=True)
    export = actions.add_parser("export", help="write all feedback to a file, one JSON object per line")
    export.add_argument("file", type=Path, metavar="FILE", help="is replaced where it is there already")
    summary = actions.add_parser("summary", help="count ratings by reason, language, status and week")
    summary.add_argument("--json", action="store_true", help="print JSON")
    purge = actions.add_parser("purge", help="remove old feedback")
    purge.add_argument("--older-than", type=int, required=True, metavar="DAYS", help="0 removes all of it")


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say; also where feedback is off, for what was kept before is still there."""
    if arguments.action == "purge" and not 0 <= arguments.older_than <= 36_500:
        raise InputError(f"--older-than {arguments.older_than} is not possible: give days, from 0 to 36500.")
    # Imported here: every other command would wait for SQLAlchemy too.
    from assistant.feedback import summarise

    with closing(_store()) as store:
        if arguments.action == "export":
            _export(store, arguments.file)
        elif arguments.action == "summary":
            found = summarise(store.entries())
            write(json.dumps(asdict(found), ensure_ascii=False) if arguments.json else _shown(found))
        else:
            removed = store.purge(timedelta(days=arguments.older_than))
            write(f"{removed} {'entry' if removed == 1 else 'entries'} removed, {store.count()} kept")
    return DONE


def _store() -> FeedbackStore:
    """Open the store; a file that is not there is not made, for then the setting may be wrong."""
    from assistant.feedback import FeedbackStore
    from assistant.feedback.database import database_url, file_of

    settings = load_settings().feedback
    file = file_of(database_url(settings.database.get_secret_value()))
    if file is not None and not file.exists():
        raise FeedbackError(
            f"There is no feedback in {file}: nobody gave any yet, or ASSISTANT_FEEDBACK__DATABASE has to name "
            "another place."
        )
    return FeedbackStore(settings)


def _export(store: FeedbackStore, path: Path) -> None:
    """Write all entries so that a reader of the file sees all of them or none."""
    count = 0
    try:
        # Only its owner may read a file that mkstemp makes, and people said what stands in this one.
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name another file.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            for entry in store.entries():
                file.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")
                count += 1
        Path(unfinished).replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name another file.") from error
    finally:
        Path(unfinished).unlink(missing_ok=True)
    write(f"{path}: {count} {'entry' if count == 1 else 'entries'}")


def _shown(summary: Summary) -> str:
    """Return a summary as lines for people."""
    lines = [f"ratings      {_tally(summary.ratings)}"]
    for title, tallies in (
        ("language", summary.by_language),
        ("status", summary.by_status),
        ("week", summary.by_week),
    ):
        lines += [f"  {title:<10} {key:<10} {_tally(one)}" for key, one in tallies.items()]
    lines += _counts("reason", summary.reasons)
    lines.append(f"assessments  {summary.assessments}, of which {summary.for_evals} for the eval set")
    if summary.mean_total is not None:
        lines.append(f"  mean score {summary.mean_total} of 100 over {summary.scored}")
    return "\n".join(lines)


def _tally(tally: Tally) -> str:
    """Return ratings with the share that was helpful."""
    share = f" ({tally.share:.0%} helpful)" if tally.share is not None else ""
    return f"{tally.ratings}: {tally.helpful} helpful, {tally.unhelpful} not{share}"


def _counts(title: str, counts: Mapping[str, int]) -> list[str]:
    """Return one line per count."""
    return [f"  {title:<10} {key:<16} {count}" for key, count in counts.items()]
