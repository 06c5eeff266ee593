"""`python -m evals dialogues`: ask the dialogues and count what came out right."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.commands.common import DONE, PARTLY, settings_for, write
from assistant.commands.progress import Bar
from assistant.pipeline import Assistant
from evals.dialogues.dialogues import CONVERSATIONS, PREMISES, read_dialogues
from evals.dialogues.measure import (
    DialogueResult,
    TurnResult,
    ask_all,
    dialogue_rows,
    errors,
    pairs_right,
    turn_rows,
)
from evals.external_set import Share
from evals.summary_text import aligned

Results = Mapping[Path, tuple[DialogueResult, ...]]
"""What came of the dialogues of each file."""

_EXAMPLES = """examples:
  python -m evals dialogues                                       premises and conversations, on index/
  python -m evals dialogues --files evals/dialogues/premises.jsonl --show
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a file is, for the progress bar."""

    stage: str
    done: int
    total: int
    name: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--files", type=Path, nargs="+", default=[PREMISES, CONVERSATIONS], help="files of dialogues (default: ours)"
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="index of the corpus (default: index)")
    parser.add_argument("--show", action="store_true", help="show every turn with its search query and reply")
    parser.add_argument("--json", action="store_true", help="print one JSON object, every turn in it")


def run(arguments: argparse.Namespace) -> int:
    """Ask all dialogues and print what came out; returns 0, or 1 where asking ended in an exception."""
    files = {path: read_dialogues(path) for path in arguments.files}
    results: dict[Path, tuple[DialogueResult, ...]] = {}
    with closing(Assistant.open(settings_for(arguments.index))) as assistant, Bar() as bar:
        for path, dialogues in files.items():

            def tell(done: int, name: str, stage: str = path.stem, total: int = len(dialogues)) -> None:
                bar.show(_Step(stage, done, total, name))

            results[path] = ask_all(assistant.ask, dialogues, tell)
    if arguments.json:
        write(json.dumps({str(path): _as_json(found) for path, found in results.items()}, ensure_ascii=False))
    else:
        for line in _lines(results, arguments.show):
            write(line)
    return PARTLY if any(errors(found) for found in results.values()) else DONE


def _lines(results: Results, show: bool) -> Iterator[str]:
    """Yield, per file, the turns if they are asked for, and the tables."""
    for position, (path, found) in enumerate(results.items()):
        if position:
            yield ""
        if show:
            for result in found:
                yield from _shown(result)
                yield ""
        yield f"{path.stem}: {len(found)} dialogues, {sum(len(one.turns) for one in found)} turns"
        yield from aligned(_table(found))
        if failed := errors(found):
            yield f"exceptions: {len(failed)}, in no figure of turns; the first: {failed[0].error}"


def _table(found: Sequence[DialogueResult]) -> list[list[str]]:
    """Return the table of a file."""
    rows = [["", "n", "right", "95%", "nuggets"]]
    for row in turn_rows(found):
        recall = "" if row.nugget_recall is None else f"{row.nugget_recall:.2f}"
        rows.append([row.part, *_cells(row.right), recall])
    rows += [[f"wholly right: {name}", *_cells(share), ""] for name, share in dialogue_rows(found)]
    if (pairs := pairs_right(found)).n:
        rows.append(["right in both languages", *_cells(pairs), ""])
    return rows


def _cells(share: Share) -> tuple[str, str, str]:
    """Return number, share and interval."""
    if share.value is None or share.interval is None:
        return "0", "-", "-"
    return str(share.n), f"{share.value:.2f} ({share.part})", f"{share.interval.low:.2f}-{share.interval.high:.2f}"


def _shown(result: DialogueResult) -> Iterator[str]:
    """Yield a dialogue, turn by turn."""
    yield f"{'right' if result.right else 'WRONG'}  {result.dialogue.id}: {result.dialogue.why}"
    for turn in result.turns:
        mark = "ok" if turn.right else "NO"
        yield f"  {turn.number}. {mark} {turn.expect}, {turn.language}: {turn.question}"
        if turn.error is not None:
            yield f"     exception: {turn.error}"
            continue
        if turn.search_query != turn.question:
            yield f"     searched: {turn.search_query}"
        yield f"     {turn.status}: " + turn.text.replace("\n", "\n       ")
        yield from (f"     - {fault}" for fault in turn.faults)


def _as_json(found: Sequence[DialogueResult]) -> dict[str, Any]:
    """Return what came of a file as plain values."""
    return {
        "turns": [
            {"part": row.part, **_plain_share(row.right), "nugget_recall": row.nugget_recall}
            for row in turn_rows(found)
        ],
        "conversations": [{"part": name, **_plain_share(share)} for name, share in dialogue_rows(found)],
        "pairs": _plain_share(pairs_right(found)),
        "exceptions": len(errors(found)),
        "dialogues": [
            {"id": one.dialogue.id, "right": one.right, "turns": [_plain_turn(turn) for turn in one.turns]}
            for one in found
        ],
    }


def _plain_share(share: Share) -> dict[str, Any]:
    """Return a share with its interval; both None of nothing."""
    ends = [share.interval.low, share.interval.high] if share.interval else None
    return {"right": share.part, "n": share.n, "share": share.value, "interval": ends}


def _plain_turn(turn: TurnResult) -> dict[str, Any]:
    """Return a turn as plain values."""
    return asdict(turn) | {"right": turn.right}
