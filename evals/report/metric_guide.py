"""Every metric of a run in one plain sentence, with the source of its formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evals.results import STAGES
from evals.scoring import CONTEXT

PASSED = "passed"
"""Share of the cases without a fault; the report's own, from `failures`."""
GROUPS = ("Outcome", "Answers", "Citations", "Refusals", "Retrieval: what the answerer reads")
_TREC = "trec_eval"
_ALCE = "ALCE: Gao et al., EMNLP 2023, section 4.3; support is decided by rules instead of a model"
STAGE_NAMES = {
    "dense": "dense (embeddings)",
    "lexical": "lexical (BM25)",
    "fused": "fused (both)",
    "reranked": "reranked",
    "context": "what the answerer reads",
}


@dataclass(frozen=True, slots=True)
class Metric:
    """How a metric is called and read."""

    label: str
    group: str
    sentence: str
    source: str


METRICS: dict[str, Metric] = {
    PASSED: Metric(
        "Cases without a fault", GROUPS[0],
        "Of all questions that an answer was asked for, the share with none of the faults named under “Failed cases”.",
        "counted",
    ),
    "answered": Metric(
        "Answered when answerable", GROUPS[1],
        "Of the questions that the documents answer, the share that got an answer, right or wrong.",
        "counted; recall of answering",
    ),
    "nugget_recall": Metric(
        "Nugget recall", GROUPS[1],
        "Of what a good answer has to say, the share that the answer says; a refusal says nothing of it.",
        "Voorhees, TREC 2003; all nuggets are vital",
    ),
    "nothing_forbidden": Metric(
        "Says nothing forbidden", GROUPS[1],
        "Of the questions with known wrong answers, the share whose answer holds none of them.", "counted",
    ),
    "groundedness": Metric(
        "Groundedness", GROUPS[1],
        "Of the sentences that the verifier checked, the share that it found in the cited passages.", "counted",
    ),
    "language": Metric(
        "In the asker's language", GROUPS[1],
        "Of the answers whose language can be told, the share in the language of the question.", "counted",
    ),
    "type": Metric(
        "Of the type asked for", GROUPS[1],
        "Of the answers to questions for an amount, date or person, the share that names one at all.",
        "expected answer type: Li & Roth, COLING 2002",
    ),
    "citation_recall": Metric(
        "Citation recall", GROUPS[2], "Of an answer's sentences, the share that their citations support.", _ALCE
    ),
    "citation_precision": Metric(
        "Citation precision", GROUPS[2], "Of an answer's citations, the share that their sentence needs.", _ALCE
    ),
    "gold_citation_recall": Metric(
        "Gold quotes cited", GROUPS[2], "Of a question's gold quotes, the share that the answer cites.",
        "recall over spans that overlap",
    ),
    "gold_citation_precision": Metric(
        "Citations of gold quotes", GROUPS[2],
        "Of an answer's citations, the share that is of a gold quote; a good source that the gold does not name "
        "counts against it.",
        "precision over spans that overlap",
    ),
    "refused": Metric(
        "Refused when unanswerable", GROUPS[3],
        "Of the questions that the documents do not answer, the share that got no answer.",
        "counted; recall of refusing",
    ),
    "refusal_reason": Metric(
        "For the right reason", GROUPS[3], "Of these refusals, the share that gives the expected reason.", "counted"
    ),
}  # fmt: skip
_RANKING: dict[str, tuple[str, str, str]] = {
    "hit": ("Hit@{k}", "The share of questions with a relevant passage among the first {k}.", f"{_TREC}: success"),
    "mrr": (
        "MRR@{k}", "One over the rank of the first relevant passage, 0 beyond rank {k}.", "Voorhees, TREC-8, 1999",
    ),
    "recall": ("Recall@{k}", "Of all relevant passages, the share among the first {k}.", f"{_TREC}: recall"),
    "ndcg": (
        "nDCG@{k}", "Relevant passages among the first {k}, worth less the lower they stand, beside the best order.",
        f"Järvelin & Kekäläinen, ACM TOIS 20(4), 2002; {_TREC}: ndcg_cut",
    ),
}  # fmt: skip
_TWIN = "any_twin_"


def describe(name: str) -> Metric:
    """Return how a metric is read; one that is not known here keeps its name and says so."""
    if name in METRICS:
        return METRICS[name]
    stage, _, metric = name.rpartition(":")
    group = f"Retrieval: {STAGE_NAMES.get(stage, stage)}" if stage else GROUPS[4]
    kind, _, k = metric.removeprefix(_TWIN).partition("@")
    if kind not in _RANKING:
        return Metric(name, group if stage else GROUPS[1], "A metric that this report has no words for.", "unknown")
    label, sentence, source = (part.format(k=k) for part in _RANKING[kind])
    if metric.startswith(_TWIN):
        label += ", twins count"
        sentence += " A passage's twin in the other language is as good."
    return Metric(label, group, sentence, source)


def ordered(names: Iterable[str]) -> list[str]:
    """Return the names of metrics in reading order: outcome, answers, citations, refusals, then stage by stage."""
    known = list(METRICS)
    kinds = list(_RANKING)

    def place(name: str) -> tuple[int, int, int, int, str]:
        if name in METRICS:
            return 0, known.index(name), 0, 0, name
        stage, _, metric = name.rpartition(":")
        kind = metric.removeprefix(_TWIN).partition("@")[0]
        if kind not in _RANKING:
            return 1, 0, 0, 0, name
        later = [one for one in STAGES if one != CONTEXT]
        rank = later.index(stage) + 1 if stage in later else len(later) + 1 if stage else 0
        return 2, rank, metric.startswith(_TWIN), kinds.index(kind), f"{len(metric):03}{metric}"

    return sorted(set(names), key=place)
