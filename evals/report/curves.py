"""The plots of one run: slices, recall over k, reliability of the confidence, and time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from statistics import fmean

from evals.metrics import recall_at_k, wilson_interval
from evals.report.metric_guide import PASSED, STAGE_NAMES, describe
from evals.report.plots import (
    LANGUAGE_NAMES,
    LANGUAGES,
    Bin,
    Dots,
    Figure,
    curve_plot,
    dot_plot,
    histogram,
    language_legend,
    legend,
    reliability_plot,
)
from evals.report.runs import Measures, Run, slice_name
from evals.report.slices import weakest_first
from evals.report.tables import Cell, estimate, interval, make_table, number
from evals.results import STAGES, CaseResult
from evals.scoring import CONTEXT
from evals.summary import latency

_DOTTED = (PASSED, "nugget_recall", "gold_citation_recall", "hit@5")
_KS = (1, 2, 3, 5, 10, 20)
_BINS = 10
_PER_DECADE = 8


def figures(run: Run, measures: Measures) -> tuple[Figure, ...]:
    """Return the plots for which there are numbers."""
    return (*_slice_figures(measures), *_recall_figure(run), *_reliability_figure(run), *_latency_figure(run))


def _slice_figures(measures: Measures) -> Iterator[Figure]:
    """Yield a dot plot per metric, with the same order of slices in all of them."""
    tags, groups = weakest_first(measures, "tag:"), weakest_first(measures, "group:")
    for name in _DOTTED:
        if measures.get(name) is None:
            continue
        dots = [
            Dots(slice_name(part), tuple(measures.get(name, part, one) for one in LANGUAGES), part in groups[:1])
            for part in (*tags, *groups)
        ]
        label = describe(name).label
        numbers = make_table(
            f"{label} by slice",
            ("Slice", "Dutch", "English"),
            [(one.label, *(estimate(value) for value in one.values)) for one in dots],
        )
        alternative = f"{label} for each slice, Dutch beside English, with 95% intervals; the numbers stand below."
        note = f"{describe(name).sentence} Weakest slice first; lines are 95% intervals."
        yield Figure(f"{label} by slice", dot_plot(alternative, dots), numbers, note, language_legend())


def _recall_figure(run: Run) -> Iterator[Figure]:
    """Yield recall over k with a curve per stage, over the cases that have something to find."""
    findable = [one for one in run.results if one.error is None and one.relevant_total]
    stages = [stage for stage in STAGES if any(stage in one.rankings for one in findable)]
    curves = {stage: _recalls(findable, stage) for stage in stages}
    ks = [k for k in _KS if any(k <= len(one.rankings[stage]) for one in findable for stage in one.rankings)]
    if not ks or not stages:
        return
    numbers = make_table(
        "Recall@k by stage",
        ("Stage", *(f"k = {k}" for k in ks)),
        [(STAGE_NAMES[stage], *(number(curves[stage].get(k)) for k in ks)) for stage in stages],
        f"Over {len(findable)} cases.",
    )
    deepest = ", ".join(
        f"{STAGE_NAMES[stage]} {number(curves[stage][max(curves[stage])])} at k = {max(curves[stage])}"
        for stage in stages
        if curves[stage]
    )
    shown = [[curves[stage].get(k) for k in ks] for stage in stages]
    yield Figure(
        "Recall@k by stage",
        curve_plot(f"Recall over the number of passages k. {deepest}.", ks, shown),
        numbers,
        f"Of all relevant passages, the share among the first k (logarithmic); {len(findable)} cases with gold. Where "
        "the last curve lies below those before it, something that was found does not reach the answerer.",
        legend([STAGE_NAMES[stage] for stage in stages], [f"s{place}" for place in range(len(stages))]),
    )


def _recalls(results: Sequence[CaseResult], stage: str) -> dict[int, float]:
    """Return mean recall by k, as deep as the stage ranks at all."""
    ranked = [(one.rankings[stage], one.relevant_total) for one in results if stage in one.rankings]
    depth = max((len(ranking) for ranking, _ in ranked), default=0)
    found = {}
    for k in (k for k in _KS if k <= depth):
        values = [recall_at_k([one.relevant for one in ranking], total, k) for ranking, total in ranked]
        found[k] = fmean(value for value in values if value is not None)
    return found


def _reliability_figure(run: Run) -> Iterator[Figure]:
    """Yield how often the passages hold the answer, by how sure the assistant was of that."""
    pairs = [
        (one.confidence, float(_holds(one))) for one in run.results if one.confidence is not None and one.error is None
    ]
    if not pairs:
        return
    bins = list(_confidence_bins(pairs))
    error = sum(one.counts[0] * abs(one.observed - one.mean) for one in bins) / len(pairs)
    brier = fmean((confidence - held) ** 2 for confidence, held in pairs)
    numbers = make_table(
        "Confidence and what came true",
        ("Confidence", "Mean confidence", "Passages held the answer", "Cases"),
        [
            (
                f"{number(one.low, 1)} to {number(one.high, 1)}",
                number(one.mean),
                Cell(number(one.observed), interval(*(one.reach or (None, None))), "number"),
                str(one.counts[0]),
            )
            for one in bins
        ],
    )
    said = f"Expected calibration error {number(error, 3)}, Brier score {number(brier, 3)}, {len(pairs)} cases"
    yield Figure(
        "Confidence: reliability",
        reliability_plot(f"Share of cases whose passages hold the answer, over confidence. {said}.", bins),
        numbers,
        f"{said}. Across: what the assistant took for the probability that its passages hold the answer; up: how often "
        "a relevant passage was among them. Calibrated is on the dashed line. (Guo et al., ICML 2017; Brier, 1950)",
    )


def _holds(result: CaseResult) -> bool:
    """Tell whether a relevant passage is among those that the answerer reads, or the last stage that was kept."""
    last = next((stage for stage in reversed(STAGES) if stage in result.rankings), CONTEXT)
    return any(one.relevant for one in result.rankings.get(last, ()))


def _confidence_bins(pairs: Sequence[tuple[float, float]]) -> Iterator[Bin]:
    """Yield the bins of equal width that are not empty."""
    for place in range(_BINS):
        inside = [pair for pair in pairs if min(max(floor(pair[0] * _BINS), 0), _BINS - 1) == place]
        if inside:
            held = sum(one for _, one in inside)
            reach = wilson_interval(round(held), len(inside))
            yield Bin(
                place / _BINS,
                (place + 1) / _BINS,
                (len(inside),),
                fmean(confidence for confidence, _ in inside),
                held / len(inside),
                (reach.low, reach.high) if reach else None,
            )


def _latency_figure(run: Run) -> Iterator[Figure]:
    """Yield how long the cases took."""
    times = {
        language: [
            one.milliseconds
            for one in run.results
            if one.language == language and one.milliseconds is not None and one.milliseconds > 0
        ]
        for language in LANGUAGES
    }
    both = latency(run.results)
    if both is None or not any(times.values()):
        return
    bins = _time_bins(times)
    spreads = {one: latency([result for result in run.results if result.language == one]) for one in LANGUAGES}
    numbers = make_table(
        "Time per case in milliseconds",
        ("Language", "Median", "95th percentile", "Longest", "Cases"),
        [
            (
                LANGUAGE_NAMES[language],
                number(spread.median if spread else None, 1),
                number(spread.p95 if spread else None, 1),
                number(max(times[language], default=None), 1),
                str(len(times[language])),
            )
            for language, spread in spreads.items()
        ],
    )
    said = f"Median {both.median:.0f} ms, 95th percentile {both.p95:.0f} ms, {both.n} cases"
    marks = [(both.median, "median"), (both.p95, "95th percentile")]
    yield Figure(
        "Time per case",
        histogram(f"Numbers of cases by time in milliseconds. {said}.", bins, marks),
        numbers,
        f"{said}. Milliseconds on a logarithmic scale; exceptions are left out.",
        language_legend(),
    )


def _time_bins(times: dict[str, list[float]]) -> list[Bin]:
    """Return bins of equal width on a logarithmic scale, with the number of cases of each language."""
    everything = [one for values in times.values() for one in values]
    first = floor(log10(min(everything)) * _PER_DECADE)
    last = floor(log10(max(everything)) * _PER_DECADE)
    places = {language: [floor(log10(one) * _PER_DECADE) for one in values] for language, values in times.items()}
    return [
        Bin(
            10 ** (place / _PER_DECADE),
            10 ** ((place + 1) / _PER_DECADE),
            tuple(places[language].count(place) for language in LANGUAGES),
        )
        for place in range(first, last + 1)
    ]
