"""When a case counts as failed: the one definition, which the whole report goes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from evals.cases import Case
from evals.metrics import ANSWERED, expected_outcome, forbidden, nugget_recall, outcome, supported
from evals.results import CaseResult

FaultKind = Literal["error", "wrong status", "missing nugget", "forbidden statement", "wrong citation"]
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
MEANING: dict[FaultKind, str] = {
    "error": "an exception took the place of an answer",
    "wrong status": "an answer where a refusal was due, or a refusal or question back where the documents answer",
    "missing nugget": "none of the spellings of something that the answer has to say occurs in it",
    "forbidden statement": "the answer says something that it must not say",
    "wrong citation": "a sentence is not supported by what it cites, or none of the citations is of a gold quote or "
    "of a passage that counts as relevant",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an answer."""

    kind: FaultKind
    detail: str
    """What exactly, as words for people."""


def find_faults(case: Case, result: CaseResult) -> tuple[Fault, ...] | None:
    """Return all that is wrong with the answer to a case, () where it passed; None where none was asked for.

    A refusal for another reason than the expected one is no fault: the table of refusals shows it.
    """
    if result.error is not None:
        return (Fault("error", result.error),)
    if result.status is None:
        return None
    expected = expected_outcome(case.answerable, case.reason)
    given = outcome(result.status, result.reason)
    if (given == ANSWERED) != (expected == ANSWERED):
        status = Fault("wrong status", f"expected {_words(expected)}, got {_words(given)}")
        return (status, *_forbidden(case, result))
    citations = _citations(result) if given == ANSWERED else ()
    return (*_nuggets(case, result), *_forbidden(case, result), *citations)


def _words(name: str) -> str:
    """Return an outcome as it reads in a sentence."""
    return "an answer" if name == ANSWERED else f"a refusal ({name.replace('_', ' ')})"


def _said(result: CaseResult) -> str:
    """Return what an answer states, without markers, as its metrics read it; a refusal states nothing."""
    return "\n".join(sentence.text for sentence in result.sentences)


def _nuggets(case: Case, result: CaseResult) -> Iterator[Fault]:
    """Yield each nugget that an answer lacks."""
    for nugget in case.must_say:
        if not nugget_recall(_said(result), [nugget], case.language):
            yield Fault("missing nugget", " | ".join(nugget))


def _forbidden(case: Case, result: CaseResult) -> Iterator[Fault]:
    """Yield each forbidden string that occurs."""
    for said in forbidden(_said(result), case.must_not_say, case.language):
        yield Fault("forbidden statement", said)


def _citations(result: CaseResult) -> Iterator[Fault]:
    """Yield each sentence that its citations do not support, and that no citation is of what is relevant."""
    for sentence in result.sentences:
        unknown = [marker for marker in sentence.citations if not 0 < marker <= len(result.citations)]
        quotes = [result.citations[marker - 1].quote for marker in sentence.citations if marker not in unknown]
        if unknown:
            yield Fault("wrong citation", f"[{unknown[0]}] stands for nothing: {sentence.text}")
        elif supported(sentence.text, quotes, sentence.language) is False:
            yield Fault("wrong citation", f"not supported by what it cites: {sentence.text}")
    if _cites_nothing_relevant(result):
        yield Fault("wrong citation", "no citation is of a gold quote or a relevant passage")


def _cites_nothing_relevant(result: CaseResult) -> bool:
    """Tell whether there is something relevant and no citation is of it."""
    precision = result.metrics.get("gold_citation_precision")
    if precision is None or precision > 0:
        return False
    # The twin of a gold document counts for cross-lingual cases, and only the rankings know of it.
    relevant = [one for ranking in result.rankings.values() for one in ranking if one.relevant]
    return not any(
        cited.document == one.document and max(cited.start, one.start) < min(cited.end, one.end)
        for cited in result.citations
        for one in relevant
    )
