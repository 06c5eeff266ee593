"""Refusal on a question set that somebody else made: how well the assistant tells what it cannot answer.

Two sets of questions without an answer are asked:

- "own": those that the set itself calls unanswerable, where it has any;
- "left out": each answerable question once more, of an index without its relevant passages. For
  that, the questions are dealt into as many batches as are asked for, and each batch is asked of a
  copy of the index that lacks the relevant passages of the whole batch, and every passage with the
  very same text. Taking documents out costs no embedding, so a batch costs a copy and its questions.

Both are set against the answerable questions, asked of the whole index. The second protocol is a
bound, not a truth: a passage that stays may hold the answer too, which counts against the
assistant; and with few batches each index has lost much of its topic, which makes refusing easier.
Precision depends on how many of the questions have no answer, so compare it within a protocol only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import InputError
from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings
from evals.external_set import QuestionSet, SetQuestion, Share

Protocol = Literal["own", "left out"]
_DECLINED = ("refused", "clarify")


@dataclass(frozen=True, slots=True)
class Reply:
    """How the assistant took one question."""

    question: SetQuestion
    declined: bool | None
    """Whether it refused or asked back; None where an exception came instead."""
    score: float | None
    """The answer's confidence: how probable it is that the documents hold the answer."""


@dataclass(frozen=True, slots=True)
class RefusalScore:
    """Refusal of questions without an answer, set against questions with one, in one language."""

    protocol: Protocol
    asked_in: str
    precision: Share
    """Of the refusals, those that were right."""
    recall: Share
    """Of the questions without an answer, those that were refused."""
    false_refusals: Share
    """Of the questions with an answer, those that were refused."""
    auroc: float | None
    """Chance that a question with an answer scores above one without."""
    errors: int
    """Questions that ended in an exception; they are in no other figure."""


def ask_all(questions: Iterable[SetQuestion], settings: Settings) -> list[Reply]:
    """Ask questions of the index that the settings name."""
    assistant = Assistant.open(settings)
    try:
        return [_ask(assistant, question) for question in questions]
    finally:
        assistant.close()


def _ask(assistant: Assistant, question: SetQuestion) -> Reply:
    """Ask one question with its history."""
    try:
        answer = assistant.ask(question.text, question.history)
    except Exception:  # noqa: BLE001 - whatever goes wrong is counted as an outcome of its own
        return Reply(question, None, None)
    return Reply(question, answer.status in _DECLINED, answer.confidence)


def ask_left_out(found: QuestionSet, settings: Settings, batches: int, scratch: Path) -> list[Reply]:
    """Ask each answerable question of a copy of the index without its relevant passages.

    `settings` name the whole index, which stays as it is; the copies stand below `scratch`.
    """
    replies: list[Reply] = []
    for number, batch in enumerate(dealt(found.with_passage, batches)):
        files, index = scratch / f"files-{number}", scratch / f"index-{number}"
        if not found.write(files, without={one for question in batch for one in question.relevant}):
            raise InputError(f"{found.name}: {batches} batches leave an index without passages; choose more --batches.")
        shutil.copytree(settings.index.directory, index)
        own = settings.model_copy(update={"index": settings.index.model_copy(update={"directory": index})})
        ingest([files], own)
        replies += ask_all(batch, own)
        shutil.rmtree(files)
        shutil.rmtree(index)
    return replies


def dealt(questions: Sequence[SetQuestion], batches: int) -> list[list[SetQuestion]]:
    """Deal answerable questions into batches; those with the same relevant passages go together."""
    answerable = [question for question in questions if question.answerable]
    keys = sorted({tuple(sorted(question.relevant)) for question in answerable})
    batch_of = {key: number % batches for number, key in enumerate(keys)}
    dealt_out: list[list[SetQuestion]] = [[] for _ in range(batches)]
    for question in answerable:
        dealt_out[batch_of[tuple(sorted(question.relevant))]].append(question)
    return [batch for batch in dealt_out if batch]


def refusal_scores(
    protocol: Protocol, answerable: Sequence[Reply], unanswerable: Sequence[Reply]
) -> list[RefusalScore]:
    """Score one protocol per language of the questions; no row for a language without both kinds."""
    languages = sorted({reply.question.language for reply in unanswerable})
    rows = []
    for language in languages:
        yes = [reply for reply in answerable if reply.question.language == language]
        no = [reply for reply in unanswerable if reply.question.language == language]
        if yes and no:
            rows.append(_score(protocol, language, yes, no))
    return rows


def _score(protocol: Protocol, language: str, yes: Sequence[Reply], no: Sequence[Reply]) -> RefusalScore:
    """Score questions with an answer (`yes`) and without one (`no`)."""
    asked_yes = [reply for reply in yes if reply.declined is not None]
    asked_no = [reply for reply in no if reply.declined is not None]
    wrongly, rightly = (sum(bool(reply.declined) for reply in group) for group in (asked_yes, asked_no))
    return RefusalScore(
        protocol,
        language,
        precision=Share(rightly, rightly + wrongly),
        recall=Share(rightly, len(asked_no)),
        false_refusals=Share(wrongly, len(asked_yes)),
        auroc=auroc(
            [reply.score for reply in asked_yes if reply.score is not None],
            [reply.score for reply in asked_no if reply.score is not None],
        ),
        errors=len(yes) + len(no) - len(asked_yes) - len(asked_no),
    )


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: the chance that a positive scores above a negative, ties counting half.

    The Mann-Whitney statistic over the number of pairs (Hanley and McNeil, 1982); None where one side is empty.
    """
    if not positive or not negative:
        return None
    above = sum((one > other) + 0.5 * (one == other) for one in positive for other in negative)
    return above / (len(positive) * len(negative))
