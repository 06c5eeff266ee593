"""`python -m evals run`: ask the cases and keep what came of them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.commands.common import DONE, PARTLY, write
from assistant.commands.progress import Bar
from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.settings import Settings
from evals.cases import Case, read_cases
from evals.rankings import Stages
from evals.relevance import Judgement, judge
from evals.results import CaseResult, write_run
from evals.run_info import describe_run
from evals.scoring import Measured, failed, score
from evals.summary_text import summary_lines
from evals.variants import VARIANTS, Variant, make_index, settings_of

RUNS = Path("evals/runs")
_WARM_UP = "Wat is een learning community?"
_EXAMPLES = """examples:
  python -m evals run                                        all cases, against an index of corpus/
  python -m evals run --variant extractive dense lexical     the same cases three times
  python -m evals run --retrieval-only --limit 20            quick
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a run is, for the progress bar."""

    stage: str
    done: int
    total: int
    name: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), metavar="PATH", help="default: evals/cases")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), metavar="DIR", help="default: corpus")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index that is there (default: a scratch index)")
    parser.add_argument("--out", type=Path, metavar="FILE", help=f"file of results (default: {RUNS}/NAME.jsonl)")
    parser.add_argument("--retrieval-only", action="store_true", help="measure the rankings, ask for no answers")
    parser.add_argument(
        "--variant",
        nargs="+",
        choices=list(VARIANTS),
        default=["extractive"],
        help="changes of the settings, each measured by itself (default: extractive)",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="ask the first N cases only")


def run(arguments: argparse.Namespace) -> int:
    """Measure each variant and write its results; returns 0, or 1 where a case failed or a variant cannot be had."""
    if arguments.limit is not None and arguments.limit < 1:
        raise InputError(f"--limit {arguments.limit} is not possible: ask 1 case or more.")
    cases = read_cases(arguments.cases)[: arguments.limit]
    names = list(dict.fromkeys(arguments.variant))
    moment = datetime.now(UTC)
    complete = True
    for name in names:
        try:
            settings = settings_of(VARIANTS[name], arguments.corpus, arguments.index)
        except InputError as cannot:
            if len(names) == 1:
                raise
            write(str(cannot))
            complete = False
            continue
        out = _out(arguments.out, name, len(names), moment)
        complete &= _run_variant(VARIANTS[name], settings, cases, arguments, out, moment)
    return DONE if complete else PARTLY


def measure(
    assistant: Assistant,
    cases: Sequence[Case],
    *,
    retrieval_only: bool = False,
    tell: Callable[[int, str], None] = lambda done, name: None,
) -> tuple[CaseResult, ...]:
    """Ask all cases, one after the other; an exception becomes the outcome of its case.

    `tell` hears how many cases are done and which is next. Raises InputError where the gold of a case
    does not stand in the assistant's index.
    """
    with assistant.retriever.lease() as index:
        judgements = judge(cases, index)
    stages = Stages(assistant)
    results = []
    for done, case in enumerate(cases):
        tell(done, case.id)
        results.append(_measured(assistant, stages, case, judgements[case.id], retrieval_only))
    return tuple(results)


def _run_variant(
    variant: Variant,
    settings: Settings,
    cases: Sequence[Case],
    arguments: argparse.Namespace,
    out: Path,
    moment: datetime,
) -> bool:
    """Measure one variant, write its results and its summary; returns whether no case failed."""
    with Bar() as bar:
        if variant.own_index or arguments.index is None:
            made = make_index(settings, arguments.corpus, bar.show)
        else:
            made = f"index in {settings.index.directory}"
        with closing(Assistant.open(settings)) as assistant:
            answerer = None if arguments.retrieval_only else _warm_up(assistant)
            started = time.perf_counter()
            results = measure(
                assistant,
                cases,
                retrieval_only=arguments.retrieval_only,
                tell=lambda done, name: bar.show(_Step(variant.name, done, len(cases), name)),
            )
            seconds = time.perf_counter() - started
            with assistant.retriever.lease() as index:
                manifest = index.manifest
    info = describe_run(
        name=out.stem,
        variant=variant.name,
        answerer=answerer,
        settings=settings,
        manifest=manifest,
        cases=cases,
        created=moment,
        seconds=seconds,
    )
    write_run(out, info, results)
    for line in (f"{variant.name}: {len(results)} cases, {made}", "", *summary_lines(info, results), f"results: {out}"):
        write(line)
    return all(result.error is None for result in results)


def _warm_up(assistant: Assistant) -> str | None:
    """Ask a question that is nobody's case, and return the answerer's name; None where that ends in an exception.

    The first question reads files that all others find in memory.
    """
    try:
        return assistant.ask(_WARM_UP).answerer
    except Exception:  # noqa: BLE001 - what is wrong with asking is told case by case
        return None


def _measured(
    assistant: Assistant, stages: Stages, case: Case, judgement: Judgement, retrieval_only: bool
) -> CaseResult:
    """Ask one case."""
    try:
        started = time.perf_counter()
        rankings = stages.search(case.question, case.history)
        answer = None
        if not retrieval_only:
            started = time.perf_counter()
            answer = assistant.ask(case.question, case.history)
        milliseconds = (time.perf_counter() - started) * 1000
        return score(case, judgement, Measured(rankings, answer, milliseconds))
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is an outcome, and the other cases go on
        return failed(case, judgement, error)


def _out(given: Path | None, variant: str, variants: int, moment: datetime) -> Path:
    """Return the file for a variant's results; with several variants each has its name in it."""
    if given is None:
        return RUNS / f"{moment:%Y%m%dT%H%M%SZ}-{variant}.jsonl"
    return given if variants == 1 else given.with_name(f"{given.stem}-{variant}{given.suffix}")
