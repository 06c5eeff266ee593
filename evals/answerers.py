"""`python -m evals answerers`: the same questions to quotes and to a language model, sentence by sentence.

What `run` cannot see is measured here: when the first sentence stands on the screen, and how many sentences the lock
withheld. Needs no gold quotes, so questions on any documents can be asked; nuggets say whether the facts are right.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median

from assistant.commands.common import write
from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.presenter import answer_text
from assistant.types import Answer, Sentence
from evals import metrics
from evals.cases import Case, parse_case
from evals.jsonl import lines_of
from evals.variants import VARIANTS, settings_of

_COMPARED = ("extractive", "generative")
_WARM_UP = "Wat is een learning community?"
_EXAMPLES = """examples:
  ASSISTANT_LLM=model.gguf python -m evals answerers evals/answerability/test.jsonl --every 4
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one question with one answerer."""

    case: str
    language: str
    answerer: str
    """Which one answered in the end: quotes take over where a model wrote nothing that passed."""
    status: str
    sentences: int
    withheld: int
    note: bool
    """Whether the reader is told that the model gave no usable answer."""
    nugget_recall: float | None
    """None where the question has no answer, or was refused."""
    forbidden: bool
    first_seconds: float
    """To the first sentence, or to the end where there is none."""
    seconds: float
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("cases", type=Path, nargs="+", metavar="FILE", help="cases, one JSON object per line")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), metavar="DIR", help="default: corpus")
    parser.add_argument("--index", type=Path, required=True, metavar="DIR", help="index to ask")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask every Nth case only")
    parser.add_argument("--show", action="store_true", help="print every answer, to be read")
    parser.add_argument("--json", action="store_true", help="print one JSON object per question and answerer")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield what came of each question, and a table of both answerers."""
    if arguments.every < 1:
        raise InputError(f"--every {arguments.every} is not possible: ask every 1st case or fewer.")
    cases = [parse_case(line, place) for file in arguments.cases for line, place in lines_of(file)]
    chosen = cases[:: arguments.every]
    if not chosen:
        raise InputError("There are no cases in the files; name files with one case per line.")
    asked: dict[str, list[Asked]] = {}
    for name in _COMPARED:
        settings = settings_of(VARIANTS[name], arguments.corpus, arguments.index)
        with closing(Assistant.open(settings)) as assistant:
            list(assistant.stream(_WARM_UP))
            asked[name] = []
            for case in chosen:
                asked[name].append(_ask(assistant, case))
                if arguments.json:
                    write(json.dumps({"asked": name} | asdict(asked[name][-1]), ensure_ascii=False))
                elif arguments.show:
                    write(f"{name} · {_shown(case, asked[name][-1])}")
    if not arguments.json:
        yield from table(asked)


def table(asked: dict[str, list[Asked]]) -> Iterator[str]:
    """Yield the figures of each answerer, for all questions and for each language."""
    yield (
        f"{'':18} {'n':>4} {'by model':>9} {'answered':>9} {'facts':>6} {'forbidden':>9} {'withheld':>9} "
        f"{'first s':>8} {'end s':>8}"
    )
    for name, rows in asked.items():
        for language in ("all", "nl", "en"):
            part = [one for one in rows if language in ("all", one.language)]
            if part:
                yield f"{f'{name} {language}':18} {_figures(part)}"


def _figures(rows: Sequence[Asked]) -> str:
    """Return one line of the table; seconds are medians."""
    answered = [one for one in rows if one.status in ("answered", "partial")]
    recalls = [one.nugget_recall for one in rows if one.nugget_recall is not None]
    facts = f"{fmean(recalls):6.2f}" if recalls else f"{'–':>6}"
    return (
        f"{len(rows):4} {sum(one.answerer != 'extractive' for one in rows):9} {len(answered):9} {facts} "
        f"{sum(one.forbidden for one in rows):9} {sum(one.withheld for one in rows):9} "
        f"{median(one.first_seconds for one in rows):8.2f} {median(one.seconds for one in rows):8.2f}"
    )


def _ask(assistant: Assistant, case: Case) -> Asked:
    """Ask one question as the page does."""
    started = time.perf_counter()
    first: float | None = None
    answer: Answer | None = None
    for event in assistant.stream(case.question, case.history):
        if isinstance(event, Sentence) and first is None:
            first = time.perf_counter() - started
        if isinstance(event, Answer):
            answer = event
    seconds = time.perf_counter() - started
    if answer is None:
        raise RuntimeError("the assistant ended without an answer")
    said = "\n".join(sentence.text for sentence in answer.sentences)
    applies = case.answerable and answer.status in ("answered", "partial")
    return Asked(
        case=case.id,
        language=case.language,
        answerer=answer.answerer,
        status=answer.status,
        sentences=len(answer.sentences),
        withheld=len(answer.withheld),
        note=any(note.kind == "no_model" for note in answer.notes),
        nugget_recall=metrics.nugget_recall(said, case.must_say, case.language) if applies else None,
        forbidden=bool(metrics.forbidden(said, case.must_not_say, case.language)),
        first_seconds=seconds if first is None else first,
        seconds=seconds,
        text=answer_text(answer),
    )


def _shown(case: Case, asked: Asked) -> str:
    """Return a question and its answer, to be read."""
    facts = "–" if asked.nugget_recall is None else f"{asked.nugget_recall:.2f}"
    return (
        f"{case.id}: {case.question}\n   {asked.status} by {asked.answerer}, facts {facts}, withheld {asked.withheld}, "
        f"{asked.first_seconds:.1f} s / {asked.seconds:.1f} s\n   {asked.text}\n"
    )
