"""All that is measured of a sentence beside the passages that it cites, as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.types import Fault, FaultKind
from assistant.verifier.alignment import Passages
from assistant.verifier.balance import Balance
from assistant.verifier.evidence import Evidence
from assistant.verifier.exchange import Exchange, Exchanges
from assistant.verifier.nearness import Nearness, Thing, lines_of
from assistant.verifier.reading import Segment

RULES = tuple(
    """
    address conceded condition_added condition_dropped condition_turned contrast copy_condition copy_name
    copy_polarity date_side duty figure_absent figure_complement figure_context figure_doubted figure_limit
    figure_reversed figure_swapped name_absent name_elsewhere negation_added negation_alone negation_doubled
    negation_dropped negation_for_only negation_left_out order plan prefix subject_other subject_said widened
    without_added
    """.split()
)
"""Signals of rules that find a fault or none."""
SOFT = frozenset(
    "contrast duty figure_complement figure_doubted name_elsewhere negation_doubled subject_other without_added".split()
)
"""Those of which each writer has honest sentences as well; they are weighed with all else."""
WEIGHED = ("opposite", "denied", "turn_added", "turn_dropped", "condition_lacking", "freed", "freed_plain", "same_side")
"""Signals of rules that find a fault with a strength."""
_FAULTS: dict[str, FaultKind] = {"figure": "figure", "date": "figure", "name": "name"}
_LARGEST = 2.5
_LITTLE = 0.3
_TURNED = 0.4
_PAIR = 2
SWAPS = frozenset({"swap_figure", "swap_date", "swap_name"})
"""Signals of how much speaks for another figure, date or name."""
FALLING = frozenset({"same_side"})
"""Signals that speak for a sentence."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The signals of a sentence, and what speaks against it."""

    signals: Mapping[str, float]
    evidence: tuple[Evidence, ...]


def measure(segments: Sequence[Segment], cited: Passages, rules: Sequence[Evidence]) -> Measured:
    """Measure a sentence that was read; `rules` is what the single rules have found."""
    exchanges = Exchanges(lines_of(segments), Nearness(lines_of(cited.segments)))
    found = [_trusted(one) for one in exchanges.all() if one.rival is not None]
    swaps = [
        Evidence(f"swap_{one.thing.kind}", Fault(_FAULTS[one.thing.kind], _written(one.thing)), one.margin - one.own)
        for one in found
    ]
    evidence = [*_doubted(rules, found, segments), *Balance(segments, cited).evidence(), *swaps]
    signals = dict.fromkeys((*sorted(SOFT), *WEIGHED), 0.0)
    for one in evidence:
        if one.signal in signals:
            signals[one.signal] = max(signals[one.signal], one.strength)
    for kind in _FAULTS:
        of_kind = [one for one in found if one.thing.kind == kind]
        signals[f"swap_{kind}"] = max((_clipped(one) for one in of_kind), default=-0.5)
        signals[f"share_{kind}"] = max((_share(one) for one in of_kind), default=0.0)
    return Measured(signals, tuple(evidence))


def _trusted(one: Exchange) -> Exchange:
    """Return an exchange with less weight in a clause with a "not", which may say the same in opposite words."""
    place = one.thing.place
    if place is None or not place.has("negation", "denial"):
        return one
    return replace(one, margin=one.margin * _TURNED, own=one.own * _TURNED)


def _doubted(rules: Sequence[Evidence], found: Sequence[Exchange], segments: Sequence[Segment]) -> Iterator[Evidence]:
    """Yield evidence, that of an exchanged figure under another name where all words together speak for the figure.

    Where two figures with two names have changed places, neither has another figure to be taken for.
    """
    doubted = {_written(one.thing) for one in found if one.margin <= one.own}
    names = sum(len(segment.names) for segment in segments)
    figures = sum(len(segment.figures) for segment in segments)
    paired = names >= _PAIR and figures >= _PAIR
    for one in rules:
        is_doubted = one.signal == "figure_swapped" and one.fault.words in doubted and not paired
        yield Evidence("figure_doubted", one.fault) if is_doubted else one


def _clipped(one: Exchange) -> float:
    """Return what speaks for a rival, less what speaks against it, within bounds."""
    return max(-1.5, min(_LARGEST, one.margin - one.own))


def _share(one: Exchange) -> float:
    """Return what speaks for a rival as a share of all that speaks, less where that is little."""
    return max(0.0, one.margin - one.own) / (one.margin + one.own + _LITTLE)


def _written(thing: Thing) -> str:
    """Return the words of a thing."""
    return thing.place.text[thing.start : thing.end] if thing.place else ""
