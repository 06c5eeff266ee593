"""Intervals and tests for what was measured on a sample of questions.

Two questions of one pair are the same question in two languages, so their values go up and down together. `clusters`
names what each value belongs to; whole clusters are then drawn, not single values, or an interval over both languages
would be too narrow.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]
_NORMAL = NormalDist()
_CELLS = 2_000_000
"""Numbers drawn at a time, so that memory stays within tens of megabytes."""
_ROUNDING = 1e-12
"""Two means that differ by less, beside the size of the values, are equal but for the order of adding up."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How far two systems lie apart on the same questions."""

    difference: float
    """Mean of the first minus mean of the second."""
    interval: Interval | None
    """None with fewer than two clusters."""
    p: float
    """Two-sided."""
    n: int
    """Number of pairs of values."""


@dataclass(frozen=True, slots=True)
class _Clusters:
    """Sum and number of the values in each cluster; their mean is the ratio of both totals."""

    sums: _Floats
    sizes: _Floats

    @property
    def mean(self) -> float:
        return float(np.sum(self.sums) / np.sum(self.sizes))

    @property
    def rounding(self) -> float:
        return _ROUNDING * (1 + float(np.max(np.abs(self.sums / self.sizes))))


def bootstrap_interval(
    values: Sequence[float],
    seed: int,
    resamples: int = 10_000,
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Interval | None:
    """Return the BCa bootstrap interval of a mean; None with fewer than two values (or clusters).

    Bias-corrected and accelerated percentiles (Efron, JASA 82, 1987; Efron & Tibshirani, An Introduction to the
    Bootstrap, 1993, eq. 14.9-14.15): with z0 = Phi^-1(share of resampled means below the mean, ties for half) and
    a = sum d^3 / (6 (sum d^2)^1.5) over the jackknife's deviations d, the ends are the resampled means' quantiles at
    Phi(z0 + (z0 + z) / (1 - a (z0 + z))) for both z of the level. Values that are all equal give an interval without
    width: the bootstrap cannot see beyond its sample; shares take `wilson_interval`.
    """
    sample = _clustered(np.asarray(values, dtype=np.float64), clusters)
    _check(resamples, level)
    if sample is None or len(sample.sums) < 2:
        return None
    return _bca(sample, _resampled_means(sample, seed, resamples), level)


def paired_bootstrap(
    a: Sequence[float],
    b: Sequence[float],
    seed: int,
    resamples: int = 10_000,
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> PairedDifference | None:
    """Compare two systems on the same questions; None where there are none.

    The interval is the BCa interval of the mean difference. p is the share of resampled differences, shifted to mean 0,
    that lie as far from 0 as the one observed (Efron & Tibshirani 1993, ch. 16.4, with the observed one counted as in
    Davison & Hinkley 1997, eq. 4.11; for retrieval Sakai, SIGIR 2006, who studentises). The bootstrap is too sure of
    itself on a few questions, so p is never below 2 / 2^m, the least that a sign-flip test can give with m clusters
    that differ at all.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} values cannot be paired with {len(b)}")
    _check(resamples, level)
    sample = _clustered(np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64), clusters)
    if sample is None:
        return None
    means = _resampled_means(sample, seed, resamples)
    extreme = int(np.sum(np.abs(means - sample.mean) >= abs(sample.mean) - sample.rounding))
    differing = int(np.sum(np.abs(sample.sums) > sample.rounding))
    p = max((1 + extreme) / (1 + resamples), min(1.0, 2.0 ** (1 - differing)))
    interval = _bca(sample, means, level) if len(sample.sums) > 1 else None
    return PairedDifference(sample.mean, interval, p, len(a))


def mcnemar_exact(b: int, c: int) -> float:
    """Return the two-sided p of McNemar's exact test from both numbers of discordant pairs.

    Where nothing differs but by chance, b is binomial with n = b + c and 1/2, so
    p = min(1, 2 sum over i = 0..min(b, c) of C(n, i) / 2^n) (McNemar, Psychometrika 12, 1947; exact form: Mosteller,
    Biometrics 8, 1952). 1 where no pair is discordant.
    """
    if min(b, c) < 0:
        raise ValueError(f"{b} and {c} are to be numbers of pairs, and these are not below 0")
    tail = sum(comb(b + c, i) for i in range(min(b, c) + 1))
    return min(1.0, 2 * tail / (1 << (b + c)))


def wilson_interval(successes: int, n: int, level: float = 0.95) -> Interval | None:
    """Return the score interval of a share; None where n is 0.

    (p + z^2/2n ± z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) with p = successes / n (Wilson, JASA 22, 1927), without
    correction for continuity.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes in {n} trials are not possible")
    _check(1, level)
    if n == 0:
        return None
    z, share = _NORMAL.inv_cdf((1 + level) / 2), successes / n
    centre = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    total = 1 + z * z / n
    # At 0 and n successes one end is exactly 0 or 1, but for rounding.
    low = 0.0 if successes == 0 else (centre - reach) / total
    high = 1.0 if successes == n else (centre + reach) / total
    return Interval(low, high)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted for their number, in the order given.

    The i-th smallest of m becomes the largest of (m - j + 1) p_(j) over j = 1..i, at most 1: rejecting what is below
    alpha keeps the chance of any false rejection below alpha (Holm, Scandinavian Journal of Statistics 6, 1979).
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("a p-value lies between 0 and 1")
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for tested, place in enumerate(sorted(range(len(p_values)), key=lambda one: p_values[one])):
        largest = max(largest, min(1.0, (len(p_values) - tested) * p_values[place]))
        adjusted[place] = largest
    return tuple(adjusted)


def _check(resamples: int, level: float) -> None:
    """Refuse a number of resamples or a level of confidence that means nothing."""
    if resamples < 1 or not 0 < level < 1:
        raise ValueError(f"{resamples} resamples at level {level}: take one or more, and a level between 0 and 1")


def _clustered(values: _Floats, clusters: Sequence[Hashable] | None) -> _Clusters | None:
    """Add up the values of each cluster; None where there are no values."""
    if not np.isfinite(values).all():
        raise ValueError("a value is not finite; leave out what was not scored")
    if clusters is None:
        return _Clusters(values, np.ones(len(values))) if len(values) else None
    if len(clusters) != len(values):
        raise ValueError(f"{len(clusters)} names of clusters do not fit {len(values)} values")
    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    places = np.array([numbers[name] for name in clusters], dtype=np.int64)
    if not len(places):
        return None
    return _Clusters(np.bincount(places, weights=values).astype(np.float64), np.bincount(places).astype(np.float64))


def _resampled_means(sample: _Clusters, seed: int, resamples: int) -> _Floats:
    """Return the means of samples of as many clusters, drawn with replacement; shape (resamples,)."""
    generator = np.random.default_rng(seed)
    n = len(sample.sums)
    means = np.empty(resamples)
    step = max(1, _CELLS // n)
    for start in range(0, resamples, step):
        drawn = generator.integers(0, n, size=(min(step, resamples - start), n))
        means[start : start + step] = sample.sums[drawn].sum(axis=1) / sample.sizes[drawn].sum(axis=1)
    return means


def _bca(sample: _Clusters, means: _Floats, level: float) -> Interval:
    """Return the bias-corrected and accelerated interval of at least two clusters."""
    mean, rounding = sample.mean, sample.rounding
    below = np.mean(means < mean - rounding)
    tied = np.mean(np.abs(means - mean) <= rounding)
    without = (sample.sums.sum() - sample.sums) / (sample.sizes.sum() - sample.sizes)
    deviations = without.mean() - without
    if np.abs(deviations).max() <= rounding:
        return Interval(mean, mean)
    acceleration = float((deviations**3).sum() / (6 * (deviations**2).sum() ** 1.5))
    # Kept off 0 and 1, where the normal quantile is infinite.
    share = float(np.clip(below + tied / 2, 0.5 / len(means), 1 - 0.5 / len(means)))
    bias = _NORMAL.inv_cdf(share)
    ends = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        reach = bias + _NORMAL.inv_cdf(tail)
        ends.append(float(np.quantile(means, _NORMAL.cdf(bias + reach / (1 - acceleration * reach)))))
    return Interval(ends[0], ends[1])
