"""SVG elements, and scales whose horizontal positions are shares of the width.

A drawing without a viewBox is not scaled: on a narrow page marks come closer together, and text keeps its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from markupsafe import Markup


def element(name: str, *children: str, **attributes: str | float) -> Markup:
    """Return an element; everything that is no Markup is escaped, and `stroke_width` becomes stroke-width."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value)) for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup("").join(children))


def drawing(height: float, alternative: str, *children: str) -> Markup:
    """Return an image that is as wide as its place, with a text for those who do not see it."""
    return element("svg", *children, class_="plot", role="img", aria_label=alternative, width="100%", height=height)


def text(x: str, y: float, words: str, anchor: str = "start", class_: str = "label") -> Markup:
    """Return words whose baseline is at y."""
    return element("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def line(x1: str, y1: float, x2: str, y2: float, class_: str) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def marker(shape: int, x: str, y: float, class_: str) -> Markup:
    """Return one of four marks that can be told apart without colour: dot, ring, bar or short dash."""
    if shape == 0:
        return element("circle", cx=x, cy=y, r=4.5, class_=f"{class_} filled")
    if shape == 1:
        return element("circle", cx=x, cy=y, r=4, class_=f"{class_} hollow")
    # A rectangle cannot be centred on a share of the width; a line with a thick stroke is.
    if shape == 2:
        return element("line", x1=x, x2=x, y1=y - 5, y2=y + 5, class_=f"{class_} bar")
    return element("line", x1=x, x2=x, y1=y - 2, y2=y + 2, class_=f"{class_} dash")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values along the width, from `left` to `right` percent of it."""

    low: float
    high: float
    left: float = 9.0
    right: float = 97.0
    logarithmic: bool = False

    def at(self, value: float) -> str:
        """Return where a value stands; what lies outside stands at the edge."""
        value = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.logarithmic:
            low, high, value = log10(low), log10(high), log10(value)
        share = (value - low) / (high - low) if high > low else 0.5
        return percent(self.left + share * (self.right - self.left))


@dataclass(frozen=True, slots=True)
class Level:
    """Values from 0 to `high` along the height, in pixels from the top."""

    top: float
    bottom: float
    high: float = 1.0

    def at(self, value: float) -> float:
        """Return where a value stands."""
        return round(self.bottom - min(value / self.high, 1.0) * (self.bottom - self.top), 2)


def grid(scale: Scale, level: Level, across: Sequence[tuple[float, str]], up: Sequence[tuple[float, str]]) -> Markup:
    """Return grid lines with their labels: `across` along the width, `up` along the height."""
    left, right = percent(scale.left), percent(scale.right)
    parts = [line(left, level.at(value), right, level.at(value), "grid") for value, _ in up]
    parts += [text(percent(scale.left - 1.5), level.at(value) + 4, label, "end", "tick") for value, label in up]
    parts += [line(scale.at(value), level.bottom, scale.at(value), level.bottom + 4, "grid") for value, _ in across]
    parts += [text(scale.at(value), level.bottom + 18, label, "middle", "tick") for value, label in across]
    return Markup("").join(parts)


def percent(value: float) -> str:
    """Return a share of the width as SVG writes it."""
    return f"{value:.2f}%"


def _plain(value: str | float) -> str:
    """Return a value as an attribute holds it."""
    return value if isinstance(value, str) else f"{value:g}"
