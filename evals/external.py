"""`python -m evals external`: retrieval and refusal on question sets that somebody else made."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.pipeline import ingest
from assistant.settings import Settings, load_settings
from evals.external_refusal import RefusalScore, ask_all, ask_left_out, refusal_scores
from evals.external_retrieval import DirectionScore, measure
from evals.external_set import QuestionSet, read_set
from evals.metrics import Interval

_EXAMPLES = """examples:
  python -m evals external clapnq
  python -m evals external clapnq statutes --passages 3000 --json > scores.jsonl
"""


@dataclass(frozen=True, slots=True)
class SetScores:
    """All scores of one set."""

    questions: QuestionSet
    retrieval: tuple[DirectionScore, ...]
    refusal: tuple[RefusalScore, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="+", help="folder with passages.jsonl and questions.jsonl")
    parser.add_argument("--language", default="en", help='language of rows that name none in "lang" (default: en)')
    parser.add_argument("--passages", type=int, help="take the relevant passages and fill up to this many")
    parser.add_argument("--retrieval-only", action="store_true", help="ask no questions, so do not measure refusal")
    parser.add_argument(
        "--batches", type=int, default=5, help="copies of the index that each lack a share of the passages (default: 5)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per set")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield a table of retrieval and one of refusal over all sets, or one line of JSON per set."""
    if arguments.batches < 1 or (arguments.passages is not None and arguments.passages < 1):
        raise InputError("--batches and --passages take a number of 1 or more.")
    sets = [read_set(folder, arguments.language, arguments.passages) for folder in arguments.folder]
    scores = []
    for questions in sets:
        with tempfile.TemporaryDirectory() as scratch:
            batches = 0 if arguments.retrieval_only else arguments.batches
            scores.append(measure_set(questions, Path(scratch), batches))
        if arguments.json:
            yield json.dumps(_as_json(scores[-1]), ensure_ascii=False)
    if not arguments.json:
        yield from _tables(scores)


def measure_set(questions: QuestionSet, scratch: Path, batches: int) -> SetScores:
    """Ingest a set below `scratch` and score it; no refusal with 0 batches."""
    settings = _ingested(questions, scratch)
    retrieval = tuple(measure(questions, settings))
    if not batches:
        return SetScores(questions, retrieval, ())
    answerable = ask_all((one for one in questions.questions if one.answerable), settings)
    own = ask_all((one for one in questions.questions if not one.answerable), settings)
    left_out = ask_left_out(questions, settings, batches, scratch)
    asked_twice = [reply for reply in answerable if reply.question.relevant]
    refusal = (*refusal_scores("own", answerable, own), *refusal_scores("left out", asked_twice, left_out))
    return SetScores(questions, retrieval, refusal)


def _ingested(questions: QuestionSet, scratch: Path) -> Settings:
    """Ingest the whole set and return settings that name its index."""
    settings = load_settings({"index": {"directory": scratch / "index"}})
    questions.write(scratch / "files")
    ingest([scratch / "files"], settings)
    return settings


def _tables(scores: Sequence[SetScores]) -> Iterator[str]:
    """Yield a line per set, then the scores of all sets in one table per kind."""
    for one in scores:
        found = one.questions
        with_history = sum(bool(question.history) for question in found.questions)
        told = f", {with_history} with a history" if with_history else ""
        yield f"{found.name}: {len(found.passages)} passages, {len(found.questions)} questions{told}"
    width = max(len(one.questions.name) for one in scores)
    yield ""
    yield f"{'retrieval':{width}} {'direction':9} {'leg':7} {'n':>5} {'MRR@10':>19} {'hit@5':>19}"
    for one in scores:
        for row in one.retrieval:
            hits = _with_interval(row.hits_at_5.value, row.hits_at_5.interval)
            yield (
                f"{one.questions.name:{width}} {f'{row.asked_in} → {row.answered_in}':9} {row.leg:7} "
                f"{row.questions:5} {_with_interval(row.mrr, row.mrr_interval)} {hits}"
            )
    if any(one.refusal for one in scores):
        yield ""
        yield (
            f"{'refusal':{width}} {'no answer':9} {'asked':5} {'n':>9} {'precision':>19} {'recall':>19} "
            f"{'false refusals':>19} AUROC"
        )
    for one in scores:
        yield from (f"{one.questions.name:{width}} {_refusal_line(row)}" for row in one.refusal)


def _refusal_line(row: RefusalScore) -> str:
    """Return one row of the table of refusals; n is the number of questions without and with an answer."""
    shares = " ".join(
        _with_interval(share.value, share.interval) for share in (row.precision, row.recall, row.false_refusals)
    )
    auroc = "    –" if row.auroc is None else f"{row.auroc:5.3f}"
    errors = f"  {row.errors} errors" if row.errors else ""
    return f"{row.protocol:9} {row.asked_in:5} {f'{row.recall.n}/{row.false_refusals.n}':>9} {shares} {auroc}{errors}"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    """Return a value with its interval, 19 characters wide."""
    if value is None:
        return f"{'–':>19}"
    return f"{value:.3f} [{interval.low:.2f}, {interval.high:.2f}]" if interval else f"{value:.3f}{'':14}"


def _as_json(scores: SetScores) -> dict[str, Any]:
    """Return all scores of a set as plain values."""
    return {
        "set": scores.questions.name,
        "passages": len(scores.questions.passages),
        "questions": len(scores.questions.questions),
        "retrieval": [
            {
                "asked_in": row.asked_in,
                "answered_in": row.answered_in,
                "leg": row.leg,
                "n": row.questions,
                "mrr@10": row.mrr,
                "mrr@10_interval": _ends(row.mrr_interval),
                "hit@5": row.hits_at_5.value,
                "hit@5_interval": _ends(row.hits_at_5.interval),
            }
            for row in scores.retrieval
        ],
        "refusal": [
            {
                "no_answer": row.protocol,
                "asked_in": row.asked_in,
                **{
                    name: {"value": share.value, "interval": _ends(share.interval), "part": share.part, "n": share.n}
                    for name, share in (
                        ("precision", row.precision),
                        ("recall", row.recall),
                        ("false_refusals", row.false_refusals),
                    )
                },
                "auroc": row.auroc,
                "errors": row.errors,
            }
            for row in scores.refusal
        ],
    }


def _ends(interval: Interval | None) -> list[float] | None:
    """Return both ends of an interval."""
    return None if interval is None else [interval.low, interval.high]
