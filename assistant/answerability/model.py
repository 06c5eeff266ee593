"""The fitted model: which probability a set of signals means, and where the bands lie.

Three logistic regressions share the work. Above the passages of written documents stand headings that
say what a passage is about; loose passages have only a title, and the same signals mean something
else there. The share of passages found below a heading says how much each of the two counts. In an
index of a few documents no word is rare and no passage stands out among the others; the smaller it
is, the more the third counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

COEFFICIENTS = Path(__file__).parent.parent / "data" / "answerability.json"
FARTHEST = 4.0
"""A signal counts at most this many standard deviations from its mean: no signal decides alone."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over standardized signals."""

    intercept: float
    scales: Mapping[str, tuple[float, float]]
    """Mean and standard deviation of each signal."""
    weights: Mapping[str, float]
    """Of each standardized signal."""

    def logit(self, signals: Mapping[str, float]) -> float:
        """Return the logarithm of the odds."""
        total = self.intercept
        for name, (mean, spread) in self.scales.items():
            standard = (signals[name] - mean) / spread
            total += self.weights[name] * max(-FARTHEST, min(FARTHEST, standard))
        return total


@dataclass(frozen=True, slots=True)
class Model:
    """What `python -m evals.fit_answerability` writes."""

    headed: Logistic
    """Whether an answer is there, of passages below headings."""
    loose: Logistic
    """The same of passages without headings."""
    few: Logistic
    """The same in an index of a few documents."""
    on_subject: Logistic
    """Of questions without an answer: whether they are about the subject of the documents at all."""
    detail_only: Logistic
    """Of these: whether the documents speak of what is asked about, and lack only what is asked."""
    partial: float
    """From this probability on, a question is answered in part."""
    answered: float
    """From this probability on, a question is answered."""

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the probability that the passages hold the answer, 0 to 1."""
        headed, small = signals["below_heading"], signals["small"]
        many = 1 - small
        parts = ((many * headed, self.headed), (many * (1 - headed), self.loose), (small, self.few))
        return sigmoid(sum(weight * part.logit(signals) for weight, part in parts if weight))


def sigmoid(logit: float) -> float:
    """Return the probability of a logit, without overflow."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@lru_cache(maxsize=1)
def fitted() -> Model:
    """Read the coefficients that belong to this version of the signals."""
    return model_of(json.loads(COEFFICIENTS.read_text(encoding="utf-8")))


def model_of(raw: Mapping[str, Any]) -> Model:
    """Make a model of plain values."""
    return Model(
        _logistic(raw["headed"]),
        _logistic(raw["loose"]),
        _logistic(raw["few"]),
        _logistic(raw["on_subject"]),
        _logistic(raw["detail_only"]),
        float(raw["partial"]),
        float(raw["answered"]),
    )


def _logistic(raw: Mapping[str, Any]) -> Logistic:
    """Make one regression of plain values."""
    return Logistic(
        raw["intercept"], {name: (mean, spread) for name, (mean, spread) in raw["scales"].items()}, raw["weights"]
    )
