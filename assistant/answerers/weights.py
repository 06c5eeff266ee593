"""The weights of the features of a sentence; `python -m evals.fit_answers` fits and writes them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from assistant.answerers.features import FEATURES, Candidate

PATH = Path(__file__).parent.parent / "data" / "answer_weights.json"


def worth(candidate: Candidate) -> float:
    """Return how well a sentence answers, as the logit of a choice among the sentences found for one question."""
    return sum(weight * value for weight, value in zip(_weights(), candidate.values, strict=True))


@lru_cache(maxsize=1)
def _weights() -> tuple[float, ...]:
    """Read one weight for each feature."""
    stored = json.loads(PATH.read_text(encoding="utf-8"))["weights"]
    return tuple(float(stored[name]) for name in FEATURES)
