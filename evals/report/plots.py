"""The kinds of plots: dots with intervals, curves, reliability and a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from evals.report.svg import Level, Scale, drawing, element, grid, line, marker, text
from evals.report.tables import Table
from evals.summary import MetricRow

_ROW = 34
_HEIGHT = 250
_TENTHS = [(value, f"{value:g}") for value in (0.0, 0.25, 0.5, 0.75, 1.0)]
_TIMES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
LANGUAGES = ("nl", "en")
LANGUAGE_NAMES = {"nl": "Dutch", "en": "English", "all": "Both"}


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A mark and what it stands for."""

    mark: str
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its numbers as a table, for readers who do not see it or want them exactly."""

    title: str
    image: str
    numbers: Table
    note: str = ""
    legend: tuple[LegendEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Dots:
    """One row of a dot plot: the same slice in both languages."""

    label: str
    values: tuple[MetricRow | None, ...]
    """In the order of LANGUAGES."""
    opens: bool = False
    """Whether another sort of slices begins here."""

    @property
    def n(self) -> int:
        """Number of cases of both languages."""
        return sum(value.n for value in self.values if value is not None)


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases with about the same confidence, or the same time."""

    low: float
    high: float
    counts: tuple[int, ...]
    mean: float = 0.0
    """Mean confidence."""
    observed: float = 0.0
    """Share in which the passages do hold the answer."""
    reach: tuple[float, float] | None = None
    """Interval of `observed`."""


def legend(names: Sequence[str], classes: Sequence[str]) -> tuple[LegendEntry, ...]:
    """Return the marks of as many series, in their order."""
    entries = []
    for place, (name, class_) in enumerate(zip(names, classes, strict=True)):
        mark = Markup("").join([line("0", 7, "100%", 7, f"reach {class_}"), marker(place, "50%", 7, class_)])
        entries.append(LegendEntry(element("svg", mark, class_="key", aria_hidden="true", width=26, height=14), name))
    return tuple(entries)


def language_legend() -> tuple[LegendEntry, ...]:
    """Return the marks of both languages."""
    return legend([LANGUAGE_NAMES[one] for one in LANGUAGES], LANGUAGES)


def dot_plot(alternative: str, rows: Sequence[Dots]) -> Markup:
    """Return a row per slice with a dot per language, and its interval as a line."""
    scale, bottom = Scale(0, 1, left=36, right=97), _ROW * len(rows) + 4
    parts = [line(scale.at(value), 0, scale.at(value), bottom, "grid") for value, _ in _TENTHS]
    parts += [text(scale.at(value), bottom + 16, label, "middle", "tick") for value, label in _TENTHS]
    for number, row in enumerate(rows):
        middle = _ROW * number + _ROW / 2
        count = element("tspan", f" {row.n}", class_="tick")
        parts.append(element("text", row.label, count, x=0, y=middle + 4, class_="label"))
        if row.opens:
            parts.append(line("0", middle - _ROW / 2, "100%", middle - _ROW / 2, "grid"))
        parts += _dots(row, middle, scale)
    return drawing(bottom + 24, alternative, *parts)


def _dots(row: Dots, middle: float, scale: Scale) -> list[Markup]:
    """Return the marks of one slice, a little above and below the middle of its row."""
    if not row.n:
        return [text(scale.at(0.02), middle + 4, "applies to no case", class_="tick")]
    parts = []
    for place, (language, value) in enumerate(zip(LANGUAGES, row.values, strict=True)):
        y = middle - 5.5 + 11 * place
        if value is None or value.value is None:
            parts.append(text(scale.at(0.02), y + 4, f"no case in {LANGUAGE_NAMES[language]}", class_="tick"))
            continue
        if value.low is not None and value.high is not None:
            parts.append(line(scale.at(value.low), y, scale.at(value.high), y, f"reach {language}"))
        parts.append(marker(place, scale.at(value.value), y, language))
    return parts


def curve_plot(alternative: str, ks: Sequence[int], curves: Sequence[Sequence[float | None]]) -> Markup:
    """Return a curve per series over k = 1, 2, …; k stands on a logarithmic scale, as its first values matter most."""
    scale, level = Scale(min(ks), max(ks), logarithmic=len(ks) > 1), Level(10, _HEIGHT - 30)
    parts = [grid(scale, level, [(k, str(k)) for k in ks], _TENTHS)]
    for place, curve in enumerate(curves):
        points = [(k, value) for k, value in zip(ks, curve, strict=True) if value is not None]
        for (k, value), (next_k, next_value) in pairwise(points):
            parts.append(line(scale.at(k), level.at(value), scale.at(next_k), level.at(next_value), f"curve s{place}"))
        parts += [marker(place % 4, scale.at(k), level.at(value), f"s{place}") for k, value in points]
    return drawing(_HEIGHT, alternative, *parts)


def reliability_plot(alternative: str, bins: Sequence[Bin]) -> Markup:
    """Return observed shares over confidence; a calibrated confidence stands on the diagonal."""
    scale, level = Scale(0, 1), Level(10, _HEIGHT - 30)
    parts = [grid(scale, level, _TENTHS, _TENTHS)]
    parts.append(line(scale.at(0), level.at(0), scale.at(1), level.at(1), "ideal"))
    for one in bins:
        if one.reach is not None:
            x = scale.at(one.mean)
            parts.append(line(x, level.at(one.reach[0]), x, level.at(one.reach[1]), "reach all"))
        parts.append(marker(0, scale.at(one.mean), level.at(one.observed), "all"))
    return drawing(_HEIGHT, alternative, *parts)


def histogram(alternative: str, bins: Sequence[Bin], marks: Sequence[tuple[float, str]]) -> Markup:
    """Return numbers of cases per stretch of time on a logarithmic scale, languages side by side; `marks` are lines."""
    tallest = max(max(one.counts) for one in bins)
    scale, level = Scale(bins[0].low, bins[-1].high, logarithmic=True), Level(38, _HEIGHT - 30, tallest)
    ticks = [(time, f"{time:g}") for time in _TIMES if scale.low <= time <= scale.high]
    up = [(0.0, "0"), (float(tallest), str(tallest))]
    parts = [grid(scale, level, ticks, up)]
    for one in bins:
        edges = [one.low * (one.high / one.low) ** (step / 20) for step in (2, 10, 18)]
        for place, language in enumerate(LANGUAGES):
            left, right = scale.at(edges[place]), scale.at(edges[place + 1])
            if one.counts[place]:
                width = f"{float(right[:-1]) - float(left[:-1]):.2f}%"
                y = level.at(one.counts[place])
                parts.append(
                    element("rect", x=left, y=y, width=width, height=level.bottom - y, class_=f"column {language}")
                )
    for number, (time, label) in enumerate(marks):
        # On lines of their own: on a narrow page the marks stand close to each other.
        y = 12 + 15 * number
        parts.append(line(scale.at(time), y + 4, scale.at(time), level.bottom, "mark"))
        parts.append(text(scale.at(time), y, label, "end" if number else "middle", "tick"))
    return drawing(_HEIGHT, alternative, *parts)
