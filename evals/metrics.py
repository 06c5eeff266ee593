"""Ranking metrics: pure functions of one ranked list and the set of relevant ids."""

from __future__ import annotations

from collections.abc import Sequence, Set


def reciprocal_rank(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return 1 / rank of the first relevant id among the first k, 0 where there is none (Voorhees, TREC-8, 1999)."""
    return next((1 / rank for rank, one in enumerate(ranked[:k], start=1) if one in relevant), 0.0)


def hit(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """Return 1 where a relevant id is among the first k, else 0 (success@k)."""
    return float(any(one in relevant for one in ranked[:k]))
