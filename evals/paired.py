"""Two runs on the same cases, metric by metric: what `compare` shows and `gate` decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evals.metrics import Interval, holm, mcnemar_exact, paired_bootstrap
from evals.results import CaseResult
from evals.scoring import is_binary
from evals.summary import SliceLanguage, metric_names

LOST = 0.5
"""A case is lost where its value falls by this much, and won where it rises so: half of a graded metric,
right to wrong of one that is 0 or 1."""
_SEED = 20_240_101
_TWIN = "any_twin_"

Pair = tuple[CaseResult, CaseResult]
"""What came of one case in the earlier and in the later run."""


@dataclass(frozen=True, slots=True)
class PairedRow:
    """How far the later run lies from the earlier on one metric; every metric is better when it is higher."""

    metric: str
    language: SliceLanguage
    before: float
    """Mean of the earlier run over the cases that have a value in both."""
    after: float
    interval: Interval | None
    """95% interval of the difference; None with fewer than two pairs of cases."""
    p: float
    """Two-sided: McNemar's exact test for a metric that is 0 or 1 within one language, else the bootstrap."""
    p_holm: float
    """Adjusted for the number of metrics compared in the same language (Holm)."""
    n: int
    """Number of cases with a value in both runs."""
    rose: tuple[str, ...]
    """Ids of the cases with a higher value."""
    fell: tuple[str, ...]
    lost: tuple[str, ...]
    """Ids of those that fell by `LOST` or more."""
    test: Literal["mcnemar", "bootstrap"]

    @property
    def difference(self) -> float:
        """Later minus earlier."""
        return self.after - self.before


def common(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> list[Pair]:
    """Return the cases that both runs hold, in the order of the earlier."""
    later = {one.case: one for one in after}
    return [(one, later[one.case]) for one in before if one.case in later]


def compared_metrics(pairs: Sequence[Pair], *, every: bool = False) -> tuple[str, ...]:
    """Return the metrics of both runs; without `every`, not those of single stages or where twins count."""
    earlier, later = (metric_names([pair[side] for pair in pairs]) for side in (0, 1))
    both = [name for name in earlier if name in later]
    return tuple(name for name in both if every or not (":" in name or name.startswith(_TWIN)))


def compare_metrics(pairs: Sequence[Pair], names: Sequence[str], language: SliceLanguage) -> tuple[PairedRow, ...]:
    """Compare metrics over the cases of one language, or of both; a metric without a pair of values has no row.

    Cases that ended in an exception in either run are left out. Over both languages whole pairs of
    Dutch and English cases are drawn, because the two forms of a question go up and down together;
    McNemar's test, which takes cases for independent, is therefore kept to one language.
    """
    mine = [pair for pair in pairs if language in ("all", pair[0].language)]
    rows = [row for name in names if (row := _row(mine, name, language)) is not None]
    adjusted = holm([row.p for row in rows])
    return tuple(replace(row, p_holm=p) for row, p in zip(rows, adjusted, strict=True))


def _row(pairs: Sequence[Pair], name: str, language: SliceLanguage) -> PairedRow | None:
    """Compare one metric."""
    scored: list[tuple[CaseResult, float, float]] = []
    for one, other in pairs:
        before, after = one.metrics.get(name), other.metrics.get(name)
        if before is not None and after is not None and one.error is None and other.error is None:
            scored.append((one, before, after))
    earlier, later = [before for _, before, _ in scored], [after for _, _, after in scored]
    apart = paired_bootstrap(later, earlier, _SEED, clusters=[one.pair for one, _, _ in scored])
    if apart is None:
        return None
    rose = tuple(one.case for one, before, after in scored if after > before)
    fell = tuple(one.case for one, before, after in scored if after < before)
    exact = is_binary(name) and language != "all"
    p = mcnemar_exact(len(rose), len(fell)) if exact else apart.p
    return PairedRow(
        metric=name,
        language=language,
        before=sum(earlier) / len(earlier),
        after=sum(later) / len(later),
        interval=apart.interval,
        p=p,
        p_holm=p,
        n=apart.n,
        rose=rose,
        fell=fell,
        lost=tuple(one.case for one, before, after in scored if before - after >= LOST),
        test="mcnemar" if exact else "bootstrap",
    )
