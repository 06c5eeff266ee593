"""How well probabilities and bands fit the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from assistant.answerability import judge
from assistant.types import Judgement
from evals.answerability.probes import Probe
from evals.external_refusal import auroc

_BINS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its label and the judgement."""

    probe: Probe
    judgement: Judgement


def judged(probe: Probe) -> Judged:
    """Judge one question."""
    return Judged(probe, judge(probe.query, probe.hits, probe.quotes, probe.knowledge))


def lines(name: str, rows: Sequence[Judged]) -> Iterator[str]:
    """Yield a report on questions of one kind, in sentences and small tables."""
    yield f"{name}: {_counts(rows)}"
    for language in ("all", *sorted({row.probe.language for row in rows})):
        some = [row for row in rows if language in ("all", row.probe.language)]
        yield f"  {language:4} {_ranking(some)}  {_refusals(some)}"
    yield f"  calibration  {_reliability(rows)}"
    yield f"  bands        {_bands(rows)}"
    yield from (f"  {line}" for line in _reasons(rows))


def ranking_auroc(rows: Sequence[Judged]) -> float | None:
    """Return the chance that an answerable question gets a higher probability than one without an answer."""
    return auroc(_probabilities(rows, True), _probabilities(rows, False))


def _probabilities(rows: Sequence[Judged], answerable: bool) -> list[float]:
    """Return the probabilities of the questions with one label."""
    return [row.judgement.probability for row in rows if row.probe.answerable is answerable]


def _counts(rows: Sequence[Judged]) -> str:
    """Return how many questions have which label."""
    yes = sum(row.probe.answerable for row in rows)
    return f"{yes} answerable, {len(rows) - yes} without an answer"


def _ranking(rows: Sequence[Judged]) -> str:
    """Return AUROC and Brier score."""
    area = ranking_auroc(rows)
    brier = fmean((row.judgement.probability - row.probe.answerable) ** 2 for row in rows)
    return f"AUROC {'–' if area is None else f'{area:.3f}'}  Brier {brier:.3f}"


def _refusals(rows: Sequence[Judged]) -> str:
    """Return how many refusals were right, how many were due, and which answerable questions were refused."""
    refused = [row for row in rows if row.judgement.band == "refused"]
    right = sum(not row.probe.answerable for row in refused)
    due = sum(not row.probe.answerable for row in rows)
    parts = (
        ("refusal precision", right, len(refused)),
        ("recall", right, due),
        ("wrongly refused", len(refused) - right, len(rows) - due),
    )
    return "  ".join(f"{name} {part / of:.3f} ({part}/{of})" if of else f"{name} –" for name, part, of in parts)


def _reliability(rows: Sequence[Judged]) -> str:
    """Return, for each fifth of the scale, the mean probability and the share that was answerable."""
    cells = []
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        inside = [
            row for row in rows if low <= row.judgement.probability < high or high == row.judgement.probability == 1
        ]
        if inside:
            said = fmean(row.judgement.probability for row in inside)
            cells.append(f"{said:.2f}→{fmean(row.probe.answerable for row in inside):.2f} (n {len(inside)})")
    return "  ".join(cells)


def _bands(rows: Sequence[Judged]) -> str:
    """Return how the questions of either label fall into the bands."""
    parts = []
    for answerable, name in ((True, "answerable"), (False, "without answer")):
        bands = Counter(row.judgement.band for row in rows if row.probe.answerable is answerable)
        total = max(1, bands.total())
        shares = ", ".join(f"{band} {bands[band] / total:.2f}" for band in ("answered", "partial", "refused"))
        parts.append(f"{name}: {shares}")
    return ";  ".join(parts)


def _reasons(rows: Sequence[Judged]) -> Iterator[str]:
    """Yield, for each reason that was expected, how many were refused and which reason was given."""
    for reason in sorted({row.probe.reason for row in rows if row.probe.reason}):
        mine = [row for row in rows if row.probe.reason == reason]
        refused = [row for row in mine if row.judgement.band == "refused"]
        given = Counter(str(row.judgement.reason) for row in refused).most_common()
        named = ", ".join(f"{one} {count}" for one, count in given)
        yield f"{reason:17} refused {len(refused)}/{len(mine)}, as: {named or '–'}"
