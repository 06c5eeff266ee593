"""From what the assistant did with a case to its metrics; every metric is better when it is higher.

Names are `METRIC` for an answer and for the passages that the answerer reads, `STAGE:METRIC` for the
ranking of one stage, and `any_twin_METRIC` where a passage's twin counts as the passage itself.
`language` is whether an answer is in the language of its question, `type` whether it holds anything of
the type that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.presenter import answer_text
from assistant.types import Answer, Chunk
from evals import metrics
from evals.cases import Case
from evals.relevance import GoldSpan, Judgement, gains
from evals.results import CaseResult, CitedSpan, RankedPassage, SentenceResult

Rankings = Mapping[str, Sequence[Chunk]]
"""Passages by stage, best first."""
CONTEXT = "context"
"""The stage whose metrics bear no prefix: what the answerer reads."""
BINARY = frozenset({"hit@1", "hit@5", "answered", "refused", "refusal_reason", "nothing_forbidden", "language", "type"})
"""Metrics that are 0 or 1 for each case."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of asking one case."""

    rankings: Rankings
    answer: Answer | None
    """None where only retrieval was measured."""
    milliseconds: float


def is_binary(metric: str) -> bool:
    """Tell whether a metric, with or without its stage, is 0 or 1 for each case."""
    return metric.rpartition(":")[2] in BINARY


def score(case: Case, judgement: Judgement, measured: Measured) -> CaseResult:
    """Return the result of a case that did not end in an exception."""
    answer = measured.answer
    values = _ranking_metrics(measured.rankings, judgement)
    return replace(
        _unscored(case, judgement),
        status=answer.status if answer else None,
        reason=answer.reason if answer else None,
        text=answer_text(answer) if answer else "",
        sentences=_sentences(answer) if answer else (),
        citations=_citations(answer) if answer else (),
        rankings={stage: _ranked(chunks, judgement) for stage, chunks in measured.rankings.items()},
        metrics=values | (_answer_metrics(case, judgement, answer) if answer else {}),
        milliseconds=measured.milliseconds,
        answer_language=metrics.answer_language(_plain(answer)) if answer and answer.sentences else None,
        confidence=answer.confidence if answer else None,
    )


def failed(case: Case, judgement: Judgement, error: Exception) -> CaseResult:
    """Return the result of a case that ended in an exception: it is kept, and not scored."""
    message = " ".join(f"{type(error).__name__}: {error}".split())
    return replace(_unscored(case, judgement), error=message)


def ranking_metrics(flags: Sequence[bool], relevant: int) -> dict[str, float | None]:
    """Return the metrics of one ranking; all None where nothing is relevant.

    `flags` says of each passage, best first, whether it is relevant; `relevant` is how many there are.
    """
    applies = relevant > 0
    return {
        "hit@1": metrics.hit(flags, {True}, 1) if applies else None,
        "hit@5": metrics.hit(flags, {True}, 5) if applies else None,
        "mrr@10": metrics.reciprocal_rank(flags, {True}, 10) if applies else None,
        **{f"recall@{k}": metrics.recall_at_k(flags, relevant, k) for k in (5, 10, 20)},
        "ndcg@10": metrics.ndcg_at_k(flags, relevant, 10),
    }


def _unscored(case: Case, judgement: Judgement) -> CaseResult:
    """Return a result that holds what is known before a case is asked."""
    return CaseResult(
        case=case.id,
        pair=case.pair,
        language=case.language,
        group=case.group,
        tags=case.tags,
        answerable=case.answerable,
        relevant_total=judgement.total,
    )


def _ranking_metrics(rankings: Rankings, judgement: Judgement) -> dict[str, float | None]:
    """Return the metrics of all stages."""
    values: dict[str, float | None] = {}
    for stage, chunks in rankings.items():
        prefix = "" if stage == CONTEXT else f"{stage}:"
        strict = ranking_metrics(gains(chunks, judgement.strict), judgement.total)
        with_twins = ranking_metrics(gains(chunks, judgement.any_twin), len(set(judgement.any_twin.values())))
        # The answerer reads fewer passages than 20.
        values |= {prefix + name: value for name, value in strict.items() if prefix or name != "recall@20"}
        values |= {f"{prefix}any_twin_{name}": with_twins[name] for name in ("recall@10", "ndcg@10")}
    return values


def _answer_metrics(case: Case, judgement: Judgement, answer: Answer) -> dict[str, float | None]:
    """Return the metrics of an answer or refusal."""
    expected = metrics.expected_outcome(case.answerable, case.reason)
    given = metrics.outcome(answer.status, answer.reason)
    answered = given == metrics.ANSWERED
    said = _plain(answer)
    sentences = _cited_sentences(answer)
    cited = _citations(answer)
    gold = [_place(places, cited) for places in judgement.gold]
    everywhere = [place for places in judgement.gold for place in places]
    return {
        "answered": float(answered) if case.answerable else None,
        "refused": None if case.answerable else float(not answered),
        "refusal_reason": None if case.answerable or answered else float(given == expected),
        "nugget_recall": metrics.nugget_recall(said, case.must_say, case.language) if case.answerable else None,
        "nothing_forbidden": float(not metrics.forbidden(said, case.must_not_say)) if case.must_not_say else None,
        "citation_recall": metrics.citation_recall(sentences),
        "citation_precision": metrics.citation_precision(sentences),
        "gold_citation_recall": metrics.gold_citation_recall(cited, gold, refused=not answered),
        "gold_citation_precision": metrics.gold_citation_precision(cited, everywhere),
        "groundedness": metrics.groundedness(answer.sentences),
        "language": metrics.language_agreement(said, case.language) if answered else None,
        "type": metrics.answer_type_agreement(said, case.tags[0], case.must_say, case.language) if answered else None,
    }


def _plain(answer: Answer) -> str:
    """Return what an answer states, without markers; a refusal states nothing."""
    return "\n".join(sentence.text for sentence in answer.sentences)


def _place(places: Sequence[GoldSpan], cited: Iterable[CitedSpan]) -> GoldSpan:
    """Return the place of a quote that is cited; the first where none is."""
    spans = list(cited)
    for place in places:
        if any(one.document == place.document and one.start < place.end and place.start < one.end for one in spans):
            return place
    return places[0]


def _sentences(answer: Answer) -> tuple[SentenceResult, ...]:
    """Return the sentences of an answer as they are kept."""
    return tuple(SentenceResult(one.text, one.citations, one.verified, one.language) for one in answer.sentences)


def _cited_sentences(answer: Answer) -> list[metrics.CitedSentence]:
    """Return the sentences of an answer with the words that each cites."""
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    return [
        metrics.CitedSentence(one.text, tuple(quotes.get(marker) for marker in one.citations), one.language)
        for one in answer.sentences
    ]


def _citations(answer: Answer) -> tuple[CitedSpan, ...]:
    """Return the citations of an answer in the order of their markers."""
    ordered = sorted(answer.citations, key=lambda one: one.marker)
    return tuple(CitedSpan(one.document, one.start, one.end, one.quote) for one in ordered)


def _ranked(chunks: Sequence[Chunk], judgement: Judgement) -> tuple[RankedPassage, ...]:
    """Return a ranking as it is kept."""
    flags = gains(chunks, judgement.strict)
    return tuple(
        RankedPassage(chunk.document, chunk.start, chunk.end, flag) for chunk, flag in zip(chunks, flags, strict=True)
    )
