"""A first, uncalibrated judgement of whether the passages found can hold an answer.

Similarities of this kind of model lie in a narrow band whatever is asked, so no single number
decides. Three signals are added up: how near the nearest sentence is to the question, how far it
stands out from the passages further down the list (a question about another world is equally far
from all of them), and which share of the question's rare words a passage holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.embedder import Background
from assistant.types import Hit

_COVERAGE_WEIGHT = 4.5
_LEAD_WEIGHT = 0.3
_LEADERS = 3


def evidence(hits: Sequence[Hit], background: Background) -> float:
    """Return the strength of evidence in retrieved passages; not a probability, higher is more.

    The embedder's `background` lets one limit serve models whose similarities lie in different bands.
    """
    nearest = sorted((max(hit.sentence_similarities) for hit in hits), reverse=True)
    if not nearest:
        return 0.0
    others = nearest[_LEADERS:] or nearest[-1:]
    lead = nearest[0] - sum(others) / len(others)
    coverage = max(hit.coverage for hit in hits)
    distance = (nearest[0] - background.mean + _LEAD_WEIGHT * lead) / background.spread
    return distance + _COVERAGE_WEIGHT * coverage
