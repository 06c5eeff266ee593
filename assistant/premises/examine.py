"""Hold what a question states against the sentences that were found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.messages import Verdict
from assistant.premises.case import Case
from assistant.premises.verdicts import confirmation, contradiction
from assistant.question.premises import claim_of
from assistant.types import Hit, Quote, SearchQuery, Source

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Premise:
    """What became of the claim in a question."""

    verdict: Verdict
    claim: str
    quotes: tuple[Quote, ...]
    """The sentence that decides; for "unsupported" those that are nearest, best first."""


def examine(
    query: SearchQuery, hits: Sequence[Hit], quotes: Sequence[Quote], sources: Mapping[str, Source]
) -> Premise | None:
    """Tell whether the documents confirm or contradict what a question states.

    "contradicted" only where a sentence found states otherwise about the same thing, "confirmed" only where one
    sentence states all of it. For other yes/no questions the verdict is "unsupported", with the nearest sentences;
    None for questions that state nothing, or whose claim nothing speaks of. Passages in another language than the
    question are not judged: their words cannot be compared.
    """
    claim = claim_of(query.question, query.language)
    if claim is None or not hits:
        return None
    case = Case(query, claim, hits, sources)
    if not case.found and not any(quote.chunk.language == query.language for quote in quotes):
        return None
    confirming = None if claim.form in ("reason", "open") else confirmation(case)
    if confirming:
        return Premise("confirmed", claim.text, (confirming,))
    decisive = contradiction(case)
    if decisive:
        return Premise("contradicted", claim.text, (decisive,))
    if claim.form != "check":
        return None
    return Premise("unsupported", claim.text, tuple(quotes) or tuple(one.quote for one in case.found[:_SHOWN]))
