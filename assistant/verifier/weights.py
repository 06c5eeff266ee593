"""The fitted model: how likely it is, by its signals, that a sentence says what its passages do not."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).parent.parent / "data" / "verifier" / "weights.json"
_FARTHEST = 4.0
"""A signal counts at most this many standard deviations from its mean, as it did in the fit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over standardized signals, as `python -m evals.fit_lock` writes it."""

    intercept: float
    scales: Mapping[str, tuple[float, float]]
    """Mean and standard deviation of each signal."""
    weights: Mapping[str, float]
    """Of each standardized signal."""
    threshold: float
    """From this probability on, a sentence is stopped."""

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the probability of a fault, 0 to 1."""
        total = self.intercept
        for name, (mean, spread) in self.scales.items():
            total += self.weights[name] * max(-_FARTHEST, min(_FARTHEST, (signals[name] - mean) / spread))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def share(self, signal: str, strength: float) -> float:
        """Return how much a signal of a strength adds to the logarithm of the odds, against none of it."""
        if signal not in self.weights:
            return 0.0
        return self.weights[signal] * min(_FARTHEST, strength / self.scales[signal][1])


@lru_cache(maxsize=1)
def fitted() -> Weights:
    """Read the weights that belong to this version of the signals."""
    raw = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    scales = {name: (mean, spread) for name, (mean, spread) in raw["scales"].items()}
    return Weights(raw["intercept"], scales, raw["weights"], raw["threshold"])
