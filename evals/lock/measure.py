"""How well judged pairs are told apart: recall of changed sentences, false alarms on honest ones, and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from assistant.types import Fault
from evals.external_set import Share
from evals.lock.pairs import Change, Direction, Pair

Check = Callable[[Pair], tuple[Fault, ...]]
"""Returns what a sentence asserts and its passages do not; nothing where it passes."""
Part = Literal["all", Change, Direction]
CHANGES: tuple[Change, ...] = get_args(Change)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair with what the check found."""

    pair: Pair
    faults: tuple[Fault, ...]
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether a changed sentence was stopped, or an honest one passed."""
        return bool(self.faults) == (self.pair.verdict == "changed")


@dataclass(frozen=True, slots=True)
class Score:
    """The two ways of being wrong, over a part of the pairs."""

    part: Part
    recall: Share
    """Of the changed sentences, those that were stopped."""
    false_alarms: Share
    """Of the sentences that hold, those that were stopped as well; none have a kind of change."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds per sentence."""

    median: float
    p95: float


def check_all(pairs: Sequence[Pair], check: Check) -> tuple[Checked, ...]:
    """Check every pair; the first is checked once before, for what is loaded once is no part of the time."""
    for pair in pairs[:1]:
        check(pair)
    return tuple(_timed(pair, check) for pair in pairs)


def scores(checked: Sequence[Checked]) -> tuple[Score, ...]:
    """Return the scores over all pairs, by kind of change, and by language of sentence and passages."""
    by_change = (_score(part, [one for one in checked if one.pair.change == part]) for part in CHANGES)
    by_direction = (_score(part, [one for one in checked if one.pair.direction == part]) for part in DIRECTIONS)
    return (_score("all", checked), *by_change, *by_direction)


def times(checked: Sequence[Checked]) -> Times:
    """Return median and 95th percentile of the time per sentence; there has to be one."""
    taken = [one.milliseconds for one in checked]
    return Times(float(np.median(taken)), float(np.percentile(taken, 95)))


def _timed(pair: Pair, check: Check) -> Checked:
    """Check a pair and take the time."""
    start = time.perf_counter()
    faults = check(pair)
    return Checked(pair, faults, (time.perf_counter() - start) * 1000)


def _score(part: Part, checked: Sequence[Checked]) -> Score:
    """Score the pairs of a part."""
    changed = [bool(one.faults) for one in checked if one.pair.verdict == "changed"]
    holds = [bool(one.faults) for one in checked if one.pair.verdict == "holds"]
    return Score(part, Share(sum(changed), len(changed)), Share(sum(holds), len(holds)))
