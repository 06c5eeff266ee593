"""Ranking metrics: pure functions of one ranked list and what is relevant to the question.

A list of gains holds one number for each ranked passage, best first: 0 where it is not relevant, 1 (or True) where
it is, more than 1 where judgements have grades. As in trec_eval, a negative gain counts as 0. Ties are the ranker's
to break: a metric takes the order that it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence, Set
from math import log2
from typing import TypeVar

_Id = TypeVar("_Id", bound=Hashable)


def reciprocal_rank(ranked: Sequence[_Id], relevant: Set[_Id], k: int) -> float:
    """Return 1 / rank of the first relevant id among the first k, 0 where there is none (Voorhees, TREC-8, 1999).

    Takes judgements as well: `reciprocal_rank(flags, {True}, k)`. A question without anything relevant is the
    caller's to leave out.
    """
    return next((1 / rank for rank, one in enumerate(_first(ranked, k), start=1) if one in relevant), 0.0)


def hit(ranked: Sequence[_Id], relevant: Set[_Id], k: int) -> float:
    """Return 1 where a relevant id is among the first k, else 0 (trec_eval: success_k).

    Takes judgements as well: `hit(flags, {True}, k)`.
    """
    return float(any(one in relevant for one in _first(ranked, k)))


def recall_at_k(gains: Sequence[float], relevant: int, k: int) -> float | None:
    """Return the share of all relevant passages that is among the first k; None where nothing is relevant.

    |relevant in the first k| / `relevant` (trec_eval: recall_k); with more than k relevant passages it stays below 1.
    Raises ValueError where more are found than there are.
    """
    found = sum(gain > 0 for gain in gains)
    if found > relevant:
        raise ValueError(f"{found} relevant passages are ranked, and only {relevant} are said to exist")
    return sum(gain > 0 for gain in _first(gains, k)) / relevant if relevant else None


def ndcg_at_k(gains: Sequence[float], relevant: int | Sequence[float], k: int) -> float | None:
    """Return the normalised discounted cumulative gain of the first k; None where nothing is relevant.

    DCG@k = sum over ranks r = 1..k of gain_r / log2(r + 1), divided by the DCG@k of all relevant passages in their
    best order (Järvelin & Kekäläinen, ACM TOIS 20(4), 2002, in the form of trec_eval's ndcg_cut: gains are linear, and
    the first rank is discounted by log2(2) = 1). `relevant` is the number of relevant passages, each of gain 1, or the
    gains of all of them. Raises ValueError where a ranked gain is not among these.
    """
    ideal = sorted(_positive([1.0] * relevant if isinstance(relevant, int) else relevant), reverse=True)
    surplus = Counter(_positive(gains)) - Counter(ideal)
    if surplus:
        raise ValueError(f"passages of gain {sorted(surplus)} are ranked more often than they are said to exist")
    return _dcg(_first(gains, k)) / _dcg(_first(ideal, k)) if ideal else None


def _first(ranked: Sequence[_Id], k: int) -> Sequence[_Id]:
    """Return the first k."""
    if k < 1:
        raise ValueError(f"a ranking is cut after one or more passages, not after {k}")
    return ranked[:k]


def _positive(gains: Iterable[float]) -> list[float]:
    """Return the gains of what is relevant."""
    return [gain for gain in gains if gain > 0]


def _dcg(gains: Iterable[float]) -> float:
    """Return the discounted cumulative gain of a list."""
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1) if gain > 0)
