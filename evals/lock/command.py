"""`python -m evals lock`: check the judged pairs with the verifier."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.types import Fault
from evals.external_set import Share
from evals.lock.measure import Checked, Score, check_all, scores, times
from evals.lock.pairs import TEST_PAIRS, Pair, read_pairs
from evals.summary_text import aligned

_EXAMPLES = """examples:
  python -m evals lock
  python -m evals lock --pairs evals/lock/dev.jsonl --failures
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--pairs", type=Path, nargs="+", default=[TEST_PAIRS], help="files of judged pairs (default: %(default)s)"
    )
    parser.add_argument("--failures", action="store_true", help="list the pairs on which check and verdict differ")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the table of scores, the time and, if asked for, the failures; or all of it as JSON."""
    checked = check_all(read_pairs(arguments.pairs), _verified)
    failed = [one for one in checked if not one.right] if arguments.failures else []
    if arguments.json:
        yield json.dumps(_as_json(checked, failed if arguments.failures else None), ensure_ascii=False)
        return
    yield from _table(checked)
    for one in failed:
        yield ""
        yield from _failure(one)


def _verified(pair: Pair) -> tuple[Fault, ...]:
    """Return what the verifier has against the sentence of a pair."""
    from assistant.verifier import Passage, check

    return check(pair.sentence, pair.language, [Passage(one.text, one.language) for one in pair.passages])


def _table(checked: Sequence[Checked]) -> Iterator[str]:
    """Yield the scores, one line per part, and the time."""
    rows = [["", "changed", "stopped", "95%", "holds", "false alarms", "95%"]]
    rows += [[row.part, *_cells(row.recall), *_cells(row.false_alarms)] for row in scores(checked)]
    yield from aligned(rows)
    taken = times(checked)
    yield ""
    yield f"{len(checked)} sentences: median {taken.median:.1f} ms, 95% within {taken.p95:.1f} ms"


def _cells(share: Share) -> tuple[str, str, str]:
    """Return number, share and interval of a share."""
    if share.value is None or share.interval is None:
        return "-", "-", "-"
    return str(share.n), f"{share.value:.3f} ({share.part})", f"{share.interval.low:.2f}-{share.interval.high:.2f}"


def _failure(one: Checked) -> Iterator[str]:
    """Yield a pair on which check and verdict differ, the passages last."""
    pair = one.pair
    yield f"{pair.id}  {_how(one)}: {pair.sentence}"
    yield f"  why: {pair.why}"
    if one.faults:
        yield "  found: " + "; ".join(f'{fault.kind} "{fault.words}"' for fault in one.faults)
    yield from (f"  {passage.language}: {passage.text}" for passage in pair.passages)


def _how(one: Checked) -> str:
    """Say in which way the check was wrong."""
    return f"missed {one.pair.change}" if one.pair.verdict == "changed" else "false alarm"


def _as_json(checked: Sequence[Checked], failed: Sequence[Checked] | None) -> dict[str, Any]:
    """Return everything as plain values; without the failures where they are None."""
    taken = times(checked)
    values: dict[str, Any] = {
        "pairs": len(checked),
        "scores": [_plain_score(row) for row in scores(checked)],
        "milliseconds": {"median": taken.median, "p95": taken.p95},
    }
    if failed is not None:
        values["failures"] = [_plain_failure(one) for one in failed]
    return values


def _plain_score(row: Score) -> dict[str, Any]:
    """Return a row of the table as plain values."""
    return {"part": row.part, "recall": _plain_share(row.recall), "false_alarms": _plain_share(row.false_alarms)}


def _plain_share(share: Share) -> dict[str, Any]:
    """Return a share with its interval; both None of no pairs."""
    interval = share.interval
    ends = [interval.low, interval.high] if interval else None
    return {"stopped": share.part, "n": share.n, "share": share.value, "interval": ends}


def _plain_failure(one: Checked) -> dict[str, Any]:
    """Return a failure as plain values."""
    found = [{"kind": fault.kind, "words": fault.words} for fault in one.faults]
    passages = [{"text": passage.text, "language": passage.language} for passage in one.pair.passages]
    return {
        "id": one.pair.id,
        "how": _how(one),
        "sentence": one.pair.sentence,
        "why": one.pair.why,
        "faults": found,
        "passages": passages,
    }
