"""`python -m evals compare A B`: two runs on the same cases, with the chance that the difference is none."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from evals.case_changes import CaseChange, case_changes
from evals.cases import read_cases
from evals.metrics import Interval
from evals.paired import PairedRow, common, compare_metrics, compared_metrics
from evals.results import CaseResult, RunInfo, read_run
from evals.summary import SliceLanguage

_EXAMPLES = """examples:
  python -m evals compare evals/baseline.jsonl evals/runs/new.jsonl
  python -m evals compare old.jsonl new.jsonl --allow-different-corpus --json
"""
_LANGUAGES: Mapping[SliceLanguage, str] = {"all": "both languages", "nl": "Dutch", "en": "English"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that two runs differ in."""

    before: RunInfo
    after: RunInfo
    notes: tuple[str, ...]
    """What keeps the runs from being alike but for the assistant."""
    cases: int
    """Cases that both runs hold."""
    errors: tuple[int, int]
    """Cases that ended in an exception, in either run; they are in no row."""
    rows: tuple[PairedRow, ...]
    changes: tuple[CaseChange, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("before", type=Path, metavar="A", help="file of results: the run to compare with")
    parser.add_argument("after", type=Path, metavar="B", help="file of results: the run that is judged")
    parser.add_argument("--allow-different-corpus", action="store_true", help="compare runs on other documents too")
    parser.add_argument("--allow-different-cases", action="store_true", help="compare the cases that both runs hold")
    parser.add_argument(
        "--cases", type=Path, default=Path("evals/cases"), metavar="DIR", help="where the questions stand"
    )
    parser.add_argument("--all", action="store_true", help="also metrics of single stages, and those where twins count")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the comparison. Raises InputError where the runs cannot be compared."""
    before, after = read_run(arguments.before), read_run(arguments.after)
    found = compare(
        before,
        after,
        allow_corpus=arguments.allow_different_corpus,
        allow_cases=arguments.allow_different_cases,
        every=arguments.all,
    )
    questions = _questions(arguments.cases)
    if arguments.json:
        yield json.dumps(_as_json(found, questions), ensure_ascii=False)
    else:
        yield from _text(found, questions)


def compare(
    before: tuple[RunInfo, Sequence[CaseResult]],
    after: tuple[RunInfo, Sequence[CaseResult]],
    *,
    allow_corpus: bool = False,
    allow_cases: bool = False,
    every: bool = False,
) -> Comparison:
    """Compare two runs, each as `read_run` gives it. Raises InputError where corpus or cases differ and may not."""
    notes = _notes(before[0], after[0], allow_corpus, allow_cases)
    pairs = common(before[1], after[1])
    if not pairs:
        raise InputError("The runs have no case in common; compare runs of the same cases.")
    if len(pairs) < max(len(before[1]), len(after[1])):
        notes.append(f"{len(pairs)} cases in common, of {len(before[1])} in A and {len(after[1])} in B")
    names = compared_metrics(pairs, every=every)
    rows = [row for language in _LANGUAGES for row in compare_metrics(pairs, names, language)]
    errors = (sum(one.error is not None for one, _ in pairs), sum(other.error is not None for _, other in pairs))
    return Comparison(before[0], after[0], tuple(notes), len(pairs), errors, tuple(rows), case_changes(pairs))


def _notes(before: RunInfo, after: RunInfo, allow_corpus: bool, allow_cases: bool) -> list[str]:
    """Say what differs and was allowed to."""
    notes = []
    if before.corpus_fingerprint != after.corpus_fingerprint:
        if not allow_corpus:
            raise InputError(
                f"{before.name} and {after.name} were run on different documents, so a difference may come from "
                "either; run both on the same corpus, or add --allow-different-corpus."
            )
        notes.append("the documents differ")
    if before.cases_fingerprint != after.cases_fingerprint:
        if not allow_cases:
            raise InputError(
                f"{before.name} and {after.name} were run on different cases; run both on the same cases, or add "
                "--allow-different-cases to compare those with the same id."
            )
        notes.append("the cases differ: those with the same id are compared, whether or not their gold was changed")
    return [*notes, *_differing(before.settings, after.settings), *_differing(before.packages, after.packages)]


def _differing(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield each setting, or package, that is not the same in both runs."""
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from _differing(one, other, f"{path}{name}.")
        elif one != other:
            yield f"{path}{name}: {one} → {other}"


def _questions(folder: Path) -> Mapping[str, str]:
    """Return the questions by case; none where the cases cannot be read, for ids are enough to compare."""
    try:
        return {case.id: case.question for case in read_cases(folder)}
    except InputError:
        return {}


def _text(found: Comparison, questions: Mapping[str, str]) -> Iterator[str]:
    """Yield the tables and the cases."""
    for letter, info in (("A", found.before), ("B", found.after)):
        yield f"{letter}  {info.name} ({info.variant}, {info.version}, {info.created})"
    yield from (f"note: {note}" for note in found.notes)
    yield f"{found.cases} cases; exceptions: {found.errors[0]} in A, {found.errors[1]} in B"
    for language, name in _LANGUAGES.items():
        yield ""
        yield from _table(name, [row for row in found.rows if row.language == language])
    yield from _changed(found.changes, questions)


def _table(name: str, rows: Sequence[PairedRow]) -> Iterator[str]:
    """Yield the rows of one language that moved, then the metrics that did not."""
    moved = [row for row in rows if row.rose or row.fell]
    width = max((len(row.metric) for row in rows), default=len(name))
    yield (
        f"{name:{width}} {'A':>6} {'B':>6} {'B - A':>7} {'95%':>16} {'p':>6} {'p Holm':>6} "
        f"{'n':>4} {'up':>4} {'down':>4}  test"
    )
    yield from (_line(row, width) for row in moved)
    same = [f"{row.metric} {row.before:.3f}" for row in rows if row not in moved]
    if same:
        yield f"unchanged: {', '.join(same)}"


def _line(row: PairedRow, width: int) -> str:
    """Return one row; a star marks a difference that holds after Holm at 5%."""
    star = "*" if row.p_holm < 0.05 else " "
    return (
        f"{row.metric:{width}} {row.before:6.3f} {row.after:6.3f} {row.difference:+7.3f} {_ends(row.interval):>16} "
        f"{row.p:6.3f} {row.p_holm:6.3f} {row.n:4} {len(row.rose):4} {len(row.fell):4} {star}{row.test}"
    )


def _ends(interval: Interval | None) -> str:
    """Return both ends of an interval."""
    return f"[{interval.low:+.3f}, {interval.high:+.3f}]" if interval else "–"


def _changed(changes: Sequence[CaseChange], questions: Mapping[str, str]) -> Iterator[str]:
    """Yield the cases that got worse, then those that got better, then how many others changed."""
    for direction in ("worse", "better"):
        mine = [one for one in changes if one.direction == direction]
        yield ""
        yield f"{direction}: {len(mine)}"
        for one in mine:
            yield f"  {one.case}  {questions.get(one.case, '')}".rstrip()
            yield from (f"      {change}" for change in one.changes)
    others = [one.case for one in changes if one.direction == "same score"]
    yield ""
    yield f"another answer with the same score: {len(others)}" + (f" ({', '.join(others)})" if others else "")


def _as_json(found: Comparison, questions: Mapping[str, str]) -> dict[str, Any]:
    """Return the comparison as plain values."""
    return {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "notes": list(found.notes),
        "cases": found.cases,
        "errors": {"before": found.errors[0], "after": found.errors[1]},
        "metrics": [{**asdict(row), "difference": row.difference} for row in found.rows],
        "changes": [{**asdict(one), "question": questions.get(one.case)} for one in found.changes],
    }
