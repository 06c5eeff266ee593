"""Judge whether the passages found hold the answer, and say why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.answerability.knowledge import Knowledge
from assistant.answerability.missing import missing_words
from assistant.answerability.model import Model, fitted
from assistant.answerability.signals import measure
from assistant.answerability.terms import Term, question_terms
from assistant.types import Hit, Judgement, Quote, Reason, SearchQuery

_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|die|deze|hij|zij|hen|hun|er|daar|hier|andere|eerste|tweede|derde|laatste|"
    r"it|that|this|those|these|they|them|he|she|there|other|first|second|third|last)\b|\bhet\s*[?.!]*$",
    re.IGNORECASE,
)


def judge(
    query: SearchQuery, hits: Sequence[Hit], quotes: Sequence[Quote], knowledge: Knowledge, model: Model | None = None
) -> Judgement:
    """Return the probability that the passages hold the answer to a question, with the band it falls in.

    `quotes` are the sentences that an answerer chose; without any, the sentence nearest to the question stands for
    them. `model` defaults to the one that was fitted.
    """
    model = model or fitted()
    asked = question_terms(query, knowledge)
    if _says_too_little(query, asked):
        return Judgement(0.0, "refused", "unclear_question")
    if not hits:
        return Judgement(0.0, "refused", "nothing_found")
    signals = measure(query, hits, quotes, knowledge)
    probability = model.probability(signals)
    if probability >= model.answered:
        return Judgement(probability, "answered")
    reason = reason_of(signals, model)
    band: Literal["partial", "refused"] = "partial" if probability >= model.partial else "refused"
    return Judgement(probability, band, reason, missing_words(query, hits, asked) if reason == "insufficient" else ())


def reason_of(signals: Mapping[str, float], model: Model) -> Reason:
    """Return why a question that can be understood has no answer in the passages found."""
    if model.on_subject.logit(signals) < 0:
        return "out_of_scope"
    return "insufficient" if model.detail_only.logit(signals) >= 0 else "nothing_found"


def _says_too_little(query: SearchQuery, asked: Sequence[Term]) -> bool:
    """Tell whether a question names nothing that could be looked for, or points at something nobody said."""
    if query.follow_up:
        return False
    told = [term for term in asked if not term.written.isdigit()]
    return not told or (len(told) == 1 and not told[0].name and bool(_POINTS_BACK.search(query.question)))
