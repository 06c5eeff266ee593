"""Metrics: pure functions of plain values. One that does not apply is None, never 0."""

from __future__ import annotations

from evals.metrics.answers import (
    Checked,
    answer_language,
    answer_type_agreement,
    forbidden,
    groundedness,
    language_agreement,
    nugget_recall,
)
from evals.metrics.citations import (
    CONTENT_SHARE,
    CitedSentence,
    Located,
    citation_precision,
    citation_recall,
    gold_citation_precision,
    gold_citation_recall,
    supported,
)
from evals.metrics.parity import Parity, discordant, parity_pairs
from evals.metrics.ranking import hit, ndcg_at_k, recall_at_k, reciprocal_rank
from evals.metrics.refusals import (
    ANSWERED,
    PrecisionRecall,
    RefusalOutcomes,
    Score,
    expected_outcome,
    outcome,
    refusal_outcomes,
)
from evals.metrics.statistics import (
    Interval,
    PairedDifference,
    bootstrap_interval,
    holm,
    mcnemar_exact,
    paired_bootstrap,
    wilson_interval,
)

__all__ = [
    "ANSWERED",
    "CONTENT_SHARE",
    "Checked",
    "CitedSentence",
    "Interval",
    "Located",
    "PairedDifference",
    "Parity",
    "PrecisionRecall",
    "RefusalOutcomes",
    "Score",
    "answer_language",
    "answer_type_agreement",
    "bootstrap_interval",
    "citation_precision",
    "citation_recall",
    "discordant",
    "expected_outcome",
    "forbidden",
    "gold_citation_precision",
    "gold_citation_recall",
    "groundedness",
    "hit",
    "holm",
    "language_agreement",
    "mcnemar_exact",
    "ndcg_at_k",
    "nugget_recall",
    "outcome",
    "paired_bootstrap",
    "parity_pairs",
    "recall_at_k",
    "reciprocal_rank",
    "refusal_outcomes",
    "supported",
    "wilson_interval",
]
