"""`python -m evals gate RUN`: fail where a run is worse than the accepted one, by deterministic metrics only.

The baseline is a file of results like any other, without rankings and times. Only `--update` changes it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.commands.common import DONE, PARTLY, write
from assistant.errors import InputError
from evals.case_changes import case_changes
from evals.gate_rules import RULES, check, differently_made
from evals.paired import common, compare_metrics
from evals.results import CaseResult, RunInfo, read_run, write_run

BASELINE = Path("evals/baseline.jsonl")
_EXAMPLES = """examples:
  python -m evals gate evals/runs/new.jsonl
  python -m evals gate evals/runs/new.jsonl --update      accept the run as the new baseline
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("results", type=Path, metavar="RUN", help="file of results that is judged")
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE", help=f"default: {BASELINE}")
    parser.add_argument("--update", action="store_true", help="write the baseline from RUN instead of judging it")


def run(arguments: argparse.Namespace) -> int:
    """Judge a run, or accept it; returns 0 passed or written, 1 failed."""
    info, results = read_run(arguments.results)
    if info.answerer is None:
        raise InputError(f"{arguments.results} measured retrieval only; run the evals without --retrieval-only.")
    if arguments.update:
        write(update(arguments.baseline, info, results))
        return DONE
    if not arguments.baseline.is_file():
        raise InputError(
            f"There is no baseline in {arguments.baseline}; look at the run, then accept it with `python -m evals "
            f"gate {arguments.results} --update`."
        )
    accepted, baseline = read_run(arguments.baseline)
    _check_comparable(accepted, info)
    findings = [*differently_made(accepted.index, info.index), *check(baseline, results)]
    for finding in findings:
        write(f"FAILED {finding}")
    if not findings:
        write(_passed(accepted, info, baseline, results))
    return PARTLY if findings else DONE


def update(path: Path, info: RunInfo, results: Sequence[CaseResult]) -> str:
    """Write a run as the baseline and return one line that says what changed.

    Raises InputError where a case of the run ended in an exception: accepted, it would hide the next.
    """
    broken = [one.case for one in results if one.error is not None]
    if broken:
        raise InputError(
            f"{len(broken)} cases of {info.name} ended in an exception ({', '.join(broken[:5])}); mend these first, "
            "for a baseline with exceptions would let them pass."
        )
    line = _what_changes(path, info, results)
    # Neither is judged, and both would make every update a change of every line.
    write_run(path, info, [replace(one, rankings={}, milliseconds=None) for one in results])
    return line


def _what_changes(path: Path, info: RunInfo, results: Sequence[CaseResult]) -> str:
    """Say how the run differs from the baseline that it replaces."""
    if not path.is_file():
        return f"{path} is new: {info.name}, {len(results)} cases."
    accepted, baseline = read_run(path)
    pairs = common(baseline, results)
    rows = compare_metrics(pairs, list(RULES.allowances), "all")
    moved = [f"{row.metric} {row.before:.3f} → {row.after:.3f}" for row in rows if row.rose or row.fell]
    changes = [one.direction for one in case_changes(pairs)]
    added, removed = len(results) - len(pairs), len(baseline) - len(pairs)
    return (
        f"{path}: {accepted.name} → {info.name}; {changes.count('better')} cases better, {changes.count('worse')} "
        f"worse, {added} new, {removed} gone; {', '.join(moved) or 'no gated metric moved'}."
    )


def _check_comparable(accepted: RunInfo, info: RunInfo) -> None:
    """Raise InputError for another variant: its difference is meant, and no fault."""
    if accepted.variant != info.variant:
        raise InputError(
            f"The baseline is of the variant {accepted.variant} and {info.name} of {info.variant}; gate a run of the "
            "same variant, or use compare."
        )


def _passed(accepted: RunInfo, info: RunInfo, baseline: Sequence[CaseResult], results: Sequence[CaseResult]) -> str:
    """Return the line of a run that passed."""
    changes = [one.direction for one in case_changes(common(baseline, results))]
    notes = [f"{changes.count('better')} cases better, {changes.count('worse')} worse"]
    if accepted.corpus_fingerprint != info.corpus_fingerprint:
        notes.append("on other documents than the baseline")
    if accepted.cases_fingerprint != info.cases_fingerprint:
        notes.append("with other cases than the baseline")
    return f"passed: {info.name} against {accepted.name}, {len(results)} cases; {', '.join(notes)}."
