"""Fit a logistic regression with weights and an L2 penalty, in plain numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answerability.model import FARTHEST, Logistic

Numbers = NDArray[np.float64]
_STEPS = 50
_CLOSE = 1e-6
_LEAST_SPREAD = 1e-3
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which signals a regression is made of, and how strongly it is held back."""

    signals: tuple[str, ...]
    penalty: float = 1.0
    """Of the sum of squared weights, against the mean weight of an example."""
    rising: frozenset[str] = frozenset()
    """Signals that may not lower the probability; whoever writes questions without an answer likes to write them in
    the words of the documents, and no reader is served by a model that has learnt that."""
    falling: frozenset[str] = frozenset()
    """Signals that may not raise it."""


def fit(
    recipe: Recipe, examples: Sequence[Mapping[str, float]], labels: Sequence[bool], weights: Sequence[float]
) -> Logistic:
    """Fit by Newton's method (iteratively reweighted least squares); the intercept is not held back."""
    raw = np.array([[one[name] for name in recipe.signals] for one in examples], dtype=np.float64)
    share = np.asarray(weights, dtype=np.float64) / np.mean(weights)
    mean = np.average(raw, axis=0, weights=share)
    spread = np.maximum(np.sqrt(np.average((raw - mean) ** 2, axis=0, weights=share)), _LEAST_SPREAD)
    standard = np.clip((raw - mean) / spread, -FARTHEST, FARTHEST)
    matrix = np.column_stack([np.ones(len(raw)), standard])
    found = _signed(matrix, np.asarray(labels, dtype=np.float64), share, recipe)
    return Logistic(
        intercept=round(float(found[0]), _DIGITS),
        scales={
            name: (round(float(mean[position]), _DIGITS), round(float(spread[position]), _DIGITS))
            for position, name in enumerate(recipe.signals)
        },
        weights={name: round(float(one), _DIGITS) for name, one in zip(recipe.signals, found[1:], strict=True)},
    )


def plain(fitted: Logistic) -> dict[str, Any]:
    """Return a regression as values that can be written as JSON."""
    return {"intercept": fitted.intercept, "scales": dict(fitted.scales), "weights": dict(fitted.weights)}


def _signed(matrix: Numbers, labels: Numbers, weights: Numbers, recipe: Recipe) -> Numbers:
    """Fit, set weights of the wrong sign to nothing and fit the others again, until no sign is wrong."""
    signs = np.array([0, *((name in recipe.rising) * 1 - (name in recipe.falling) for name in recipe.signals)])
    kept = np.ones(matrix.shape[1], dtype=bool)
    while True:
        found = np.zeros(matrix.shape[1])
        found[kept] = _newton(matrix[:, kept], labels, weights, recipe.penalty)
        wrong = found * signs < 0
        if not wrong.any():
            return found
        kept &= ~wrong


def _newton(matrix: Numbers, labels: Numbers, weights: Numbers, penalty: float) -> Numbers:
    """Return the weights that make the penalised likelihood of the labels greatest."""
    held_back = np.full(matrix.shape[1], penalty)
    held_back[0] = _CLOSE
    found = np.zeros(matrix.shape[1])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-np.clip(matrix @ found, -30, 30)))
        gradient = matrix.T @ (weights * (probability - labels)) + held_back * found
        curvature = (matrix.T * (weights * probability * (1 - probability))) @ matrix + np.diag(held_back)
        step = np.linalg.solve(curvature, gradient)
        found -= step
        if np.abs(step).max() < _CLOSE:
            break
    return found
