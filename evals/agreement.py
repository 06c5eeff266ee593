"""How far two raters agree beyond chance."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics import Interval

_SEED = 20_240_101
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two raters."""

    value: float | None
    """1 is full agreement, 0 what chance gives; None where both raters know one and the same label only."""
    interval: Interval | None
    """95%, percentile bootstrap over clusters; None with fewer than two, or where kappa has no value."""
    agreement: float | None
    """Share of ratings that are the same."""
    n: int


def kappa(one: Sequence[str], other: Sequence[str], clusters: Sequence[Hashable]) -> Kappa:
    """Return Cohen's kappa for nominal labels, with its interval.

    (p_o - p_e) / (1 - p_e), with p_o the share of equal labels and p_e the sum over the labels of the product of
    both raters' shares (Cohen, Educational and Psychological Measurement 20, 1960). Ratings of one cluster, here the
    Dutch and the English form of a question, are drawn together.
    """
    ratings = list(zip(one, other, strict=True))
    if not ratings:
        return Kappa(None, None, None, 0)
    value = _kappa(Counter(ratings))
    agreement = sum(a == b for a, b in ratings) / len(ratings)
    return Kappa(value, None if value is None else _interval(ratings, clusters), agreement, len(ratings))


def _kappa(counts: Counter[tuple[str, str]]) -> float | None:
    """Return kappa from the number of each pair of labels; None where chance alone would give full agreement."""
    n = counts.total()
    observed = sum(count for (a, b), count in counts.items() if a == b) / n
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (a, b), count in counts.items():
        first[a] += count
        second[b] += count
    expected = sum(first[label] * second[label] for label in first) / (n * n)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _interval(ratings: Sequence[tuple[str, str]], clusters: Sequence[Hashable]) -> Interval | None:
    """Return the percentile bootstrap interval over clusters; resamples in which kappa has no value are left out."""
    members: defaultdict[Hashable, Counter[tuple[str, str]]] = defaultdict(Counter)
    for cluster, rating in zip(clusters, ratings, strict=True):
        members[cluster][rating] += 1
    groups = list(members.values())
    if len(groups) < 2:
        return None
    generator = np.random.default_rng(_SEED)
    values = []
    for _ in range(_RESAMPLES):
        drawn: Counter[tuple[str, str]] = Counter()
        for place in generator.integers(0, len(groups), size=len(groups)):
            drawn.update(groups[place])
        value = _kappa(drawn)
        if value is not None:
            values.append(value)
    return Interval(float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))) if values else None
