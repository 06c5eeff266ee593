"""Retrieval on a question set that somebody else made, per direction of languages and per leg."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from assistant.embedder import load_embedder
from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings, load_settings
from assistant.types import SearchQuery
from evals.datasets import LabelledQuestion, Passage, read_passages, read_questions, write_passages
from evals.metrics import hit, reciprocal_rank

LEGS = ("dense", "lexical", "fused")
_DEPTH = 10
_SEARCHED = 200
"""Passages asked for before those of the other language, and further passages of a document, are left out."""


@dataclass(frozen=True, slots=True)
class DirectionScore:
    """Scores of one leg for questions in one language and passages in another."""

    asked_in: str
    answered_in: str
    leg: str
    questions: int
    mrr: float
    """Mean reciprocal rank at 10."""
    hit_at_5: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("folder", type=Path, help="folder with passages.jsonl and questions.jsonl")
    parser.add_argument("--language", default="en", help='language of rows that name none in "lang" (default: en)')
    parser.add_argument("--passages", type=int, help="take the relevant passages and fill up to this many")


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the table."""
    passages = read_passages(arguments.folder, arguments.language)
    questions = read_questions(arguments.folder, arguments.language)
    with tempfile.TemporaryDirectory() as scratch:
        yield f"{arguments.folder.name}: {len(passages)} passages, {len(questions)} questions"
        yield f"{'direction':10} {'leg':8} {'n':>5} {'MRR@10':>7} {'hit@5':>6}"
        for score in measure(_limited(passages, questions, arguments.passages), questions, Path(scratch)):
            direction = f"{score.asked_in} → {score.answered_in}"
            yield f"{direction:10} {score.leg:8} {score.questions:5} {score.mrr:7.3f} {score.hit_at_5:6.3f}"


def _limited(passages: list[Passage], questions: Sequence[LabelledQuestion], limit: int | None) -> list[Passage]:
    """Return the relevant passages, with others up to a limit."""
    if limit is None:
        return passages
    wanted = {one for question in questions for one in question.relevant}
    ordered = sorted(passages, key=lambda passage: passage.id not in wanted)
    return ordered[: max(limit, sum(passage.id in wanted for passage in passages))]


def measure(passages: list[Passage], questions: Sequence[LabelledQuestion], scratch: Path) -> Iterator[DirectionScore]:
    """Ingest the passages as files below `scratch`, then yield the score of each direction and leg."""
    write_passages(passages, scratch / "files")
    settings = load_settings({"index": {"directory": scratch / "index"}})
    embedder = load_embedder(settings.embedder)
    ingest([scratch / "files"], settings, embedder=embedder)
    ids = {passage.document: passage.id for passage in passages}
    answered_in = sorted({passage.language for passage in passages})
    for leg in LEGS:
        assistant = Assistant.open(_with_leg(settings, leg))
        for asked in sorted({question.language for question in questions}):
            asked_now = [question for question in questions if question.language == asked]
            ranked = [_documents(assistant, question) for question in asked_now]
            for language in answered_in:
                lists = [[ids[one] for one in found if one.startswith(f"{language}/")] for found in ranked]
                yield _score(asked, language, leg, asked_now, lists)
        assistant.close()


def _with_leg(settings: Settings, leg: str) -> Settings:
    """Return the settings with one leg of the retriever switched on."""
    return settings.model_copy(update={"retriever": settings.retriever.model_copy(update={"mode": leg})})


def _documents(assistant: Assistant, question: LabelledQuestion) -> list[str]:
    """Return the documents found for a question, each once, best first."""
    language = question.language if question.language in ("nl", "en") else "und"
    query = SearchQuery(question.text, question.text, language)  # type: ignore[arg-type]
    return list(dict.fromkeys(hit.chunk.document for hit in assistant.retriever.search(query, _SEARCHED)))


def _score(
    asked: str, answered: str, leg: str, questions: Sequence[LabelledQuestion], lists: Sequence[Sequence[str]]
) -> DirectionScore:
    """Average the metrics of one direction."""
    pairs = list(zip(lists, questions, strict=True))
    return DirectionScore(
        asked,
        answered,
        leg,
        len(questions),
        fmean(reciprocal_rank(found, question.relevant, _DEPTH) for found, question in pairs),
        fmean(hit(found, question.relevant, 5) for found, question in pairs),
    )
