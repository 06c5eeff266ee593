"""Figures with what limits them: "almost 100", "at least 5", "before 1 March"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from assistant.figures import Figure
from assistant.types import Language

Bound = Literal["", "almost", "over", "about", "min", "max", "under", "exact"]
"""How a figure is limited; "over" is more than it, "min" at least it."""

_TABLE = Path(__file__).parent.parent / "data" / "verifier" / "bounds.yaml"
_FILL = (
    r"(?:\s+(?:(?:een|de|het|zo|totaal|bedrag|bijdrage|van|of|om|op|a|an|the|total|sum|amount|in|for|per|eur|with)\s+)*"
    r"|\s*)[€$£]?\s?$"
)
_BETWEEN_BEHIND = r"\s*(?:\S+\s+){0,3}?"
_UP_TO = re.compile(rf"(?<![\w-])(?:tot|until)(?: een)?{_FILL}", re.IGNORECASE)
_FROM = re.compile(r"(?<![\w-])(?<!up )(?<!down )(?:vanaf|starting from|from)\s*[€$£]?\s?$", re.IGNORECASE)
_RANGE = re.compile(
    r"\s*(?:tot(?: en met)?|t/m|to|naar|and|en|-|–|—|up to(?: and including)?|until|through)\s+"
    r"(?:een\s+|ongeveer\s+|ruim\s+|[€$£]\s?|[A-Z]{3}\s+)*$|\s*[-–—]\s*[€$£]?$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:tussen|between)\s+(?:de|the)?\s*[€$£]?\s?$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:rises?|rose|risen|falls?|fell|fallen|drop\w*|went|goes|gr[eo]w\w*|increas\w+|decreas\w+|raised|lowered"
    r"|changed|steeg|stijg\w*|gestegen|daal\w*|gedaald|ging|gingen|gaat|gegaan|groei\w*|gegroeid|verhoogd\w*|verlaagd\w*"
    r"|gewijzigd)\b(?:[^;.]|\.(?=\d))*$",
    re.IGNORECASE,
)
"""Before the ends of a change, which are no limits: "rose from 5 to 7"."""
_TOPIC = re.compile(
    r"\b(?:items?|pages?|texts?|reports?|articles?|information|questions?|news|says?|said|speaks?|spoke|talks?"
    r"|wrote|written|writes|read|guide|leaflet) about (?:the )?$"
    r"|\b(?:divided|spread|distributed|shared|split)\b[^,;.]{0,30} over (?:the )?$",
    re.IGNORECASE,
)
_IS_ABOUT = re.compile(
    r"\b(?:(?:is|are|was|were)|(?:said|spoke|speaks?|talks?|wrote|writes|reported)\b[^,;.]{0,40}) about $",
    re.IGNORECASE,
)
"""Before a figure that is about so much, or that something is about."""
_WINDOW = 48
_DATES = frozenset({"date", "year"})
_COUNTED = frozenset({"amount", "number", "percentage", "period", "magnitude"})


@dataclass(frozen=True, slots=True)
class BoundedFigure:
    """A figure and its limit."""

    figure: Figure
    bound: Bound = ""
    in_range: bool = False
    """Whether it is an end of "from 5 to 10"; the first is a "min", the last a "max"."""
    loose: bool = False
    """Whether the limit stands further off ("the maximum grant is 5"), so that it may be of something else."""


def bounded(text: str, figures: Sequence[Figure], language: Language) -> tuple[BoundedFigure, ...]:
    """Return the figures of a sentence with their limits."""
    found: list[BoundedFigure] = []
    for number, figure in enumerate(figures):
        previous = figures[number - 1] if number else None
        following = figures[number + 1] if number + 1 < len(figures) else None
        made = BoundedFigure(figure)
        if figure.kind in _DATES:
            pairs = ((previous, figure), (figure, following))
            made = replace(made, in_range=any(_is_span(text, first, last) for first, last in pairs))
        if figure.kind in _COUNTED:
            made = _limited(text, figure, previous, following)
            if made.bound in ("over", "about") and _is_subject(text[: figure.start], language):
                made = replace(made, bound="")
            elif made.bound == "about" and text[figure.start].isalpha() and _IS_ABOUT.search(text[: figure.start]):
                made = replace(made, loose=True)
        found.append(made)
    return tuple(found)


def _is_subject(before: str, language: Language) -> bool:
    """Tell whether "over" or "about" before a figure says what something is about: Dutch "over" always does."""
    return (language == "nl" and re.search(r"\bover (?:de )?$", before, re.I) is not None) or bool(
        _TOPIC.search(before)
    )


def _limited(text: str, figure: Figure, previous: Figure | None, following: Figure | None) -> BoundedFigure:
    """Return a figure that is counted with its limit."""
    left = text[max(previous.end if previous else 0, figure.start - _WINDOW) : figure.start]
    right = text[figure.end : min(following.start if following else len(text), figure.end + _WINDOW)]
    changes = _CHANGE.search(text[: figure.start]) is not None
    if previous and _is_range(text, previous, figure):
        return BoundedFigure(figure, "" if changes else "max", in_range=True)
    if following and _is_range(text, figure, following):
        return BoundedFigure(figure, "" if changes else "min", in_range=True)
    return _by_words(figure, left, right)


def _by_words(figure: Figure, left: str, right: str) -> BoundedFigure:
    """Return a figure with the limit that the words before and behind it set."""
    limits = _limits()
    for bound, pattern in limits.before:
        match = pattern.search(left)
        if match and not (match.group().lower().startswith("up to") and _CHANGE.search(left)):
            return BoundedFigure(figure, bound)
    for bound, pattern in limits.after:
        if pattern.match(right):
            return BoundedFigure(figure, bound)
    if _UP_TO.search(left) and not _CHANGE.search(left):
        return BoundedFigure(figure, "max")
    if _FROM.search(left) and (figure.kind == "amount" or "anaf" in left):
        # English "from" says where something comes from as well: "from three universities".
        return BoundedFigure(figure, "min")
    for bound, pattern in limits.clause:
        if pattern.search(left):
            return BoundedFigure(figure, bound, loose=True)
    return BoundedFigure(figure)


@dataclass(frozen=True, slots=True)
class _Limits:
    """What limits a figure, by where it stands."""

    before: tuple[tuple[Bound, re.Pattern[str]], ...]
    after: tuple[tuple[Bound, re.Pattern[str]], ...]
    clause: tuple[tuple[Bound, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _limits() -> _Limits:
    """Read the table."""
    raw = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))

    def patterns(place: str, head: str, tail: str) -> tuple[tuple[Bound, re.Pattern[str]], ...]:
        return tuple(
            (bound, re.compile(f"{head}(?:{'|'.join(words)}){tail}", re.IGNORECASE))
            for bound, words in raw[place].items()
        )

    return _Limits(
        before=patterns("before", r"(?<![\w-])", _FILL),
        after=patterns("after", _BETWEEN_BEHIND, r"(?!\w)"),
        clause=patterns("clause", r"(?<!\w)", r"\b[^,;]{0,60}$"),
    )


def _is_span(text: str, one: Figure | None, other: Figure | None) -> bool:
    """Tell whether two dates are the ends of a stretch of time."""
    if one is None or other is None or one.kind not in _DATES or other.kind not in _DATES:
        return False
    return _RANGE.match(text[one.end : other.start]) is not None


def _is_range(text: str, one: Figure, other: Figure) -> bool:
    """Tell whether two figures are the ends of a range."""
    between = text[one.end : other.start]
    if one.kind not in _COUNTED or other.kind not in _COUNTED or not _RANGE.match(between):
        return False
    if one.kind != other.kind and one.kind != "number":
        # "40 million euros to 36 projects"
        return False
    if re.match(r"\s*(?:en|and)\b", between, re.IGNORECASE):
        return _BETWEEN.search(text[: one.start]) is not None
    return True
