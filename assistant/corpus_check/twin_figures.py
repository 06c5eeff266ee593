"""Figures of twins: the same in each pair of blocks, however the two languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.corpus_check.documents import PlacedBlock
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.twins import Twins, aligned
from assistant.figures import Figure, agrees, figures_in
from assistant.types import Language

_WITHOUT_NUMBER: dict[Language, dict[int, frozenset[str]]] = {
    "nl": {0: frozenset({"geen"}), 1: frozenset({"een", "enkele", "enige"}), 2: frozenset({"beide", "beiden"})},
    "en": {0: frozenset({"no", "none"}), 1: frozenset({"a", "an", "single"}), 2: frozenset({"both", "either"})},
}
"""Words that may stand for a number that the twin writes as a word: "both" for "de twee", "a" for "één"."""
_WORD = re.compile(r"[^\W\d_]+")
WrittenFigure = tuple[Figure, str]
"""A figure and how the text writes it."""


def check_figures(twins: Twins) -> Iterator[Finding]:
    """Yield the blocks of twins that do not have the same figures.

    A figure that stands in a block twice counts once: one language repeats what the other refers to.
    """
    for dutch, english in aligned(twins):
        lost_here, lost_there = differences(figures_of(dutch, "nl"), figures_of(english, "en"))
        lost_here = [one for one in lost_here if not _said_without_number(one, english.text, "en")]
        lost_there = [one for one in lost_there if not _said_without_number(one, dutch.text, "nl")]
        if lost_here:
            instead = f"; here stands {_quoted(lost_there)}" if lost_there else ""
            yield Finding(
                twins.english.file,
                english.line,
                "figure",
                f"{_quoted(lost_here)} of {twins.dutch.file}:{dutch.line} is not in this block{instead}; correct one.",
            )
        elif lost_there:
            yield Finding(
                twins.dutch.file,
                dutch.line,
                "figure",
                f"{_quoted(lost_there)} of {twins.english.file}:{english.line} is not in this block; correct one.",
            )


def figures_of(block: PlacedBlock, language: Language) -> list[WrittenFigure]:
    """Return the figures of a block as they are written."""
    return [(figure, part[figure.start : figure.end]) for part in block.parts for figure in figures_in(part, language)]


def differences(
    one: Sequence[WrittenFigure], other: Sequence[WrittenFigure]
) -> tuple[list[WrittenFigure], list[WrittenFigure]]:
    """Return the figures of each side that the other side lacks; those that are not sure may lack."""
    return _missing(one, other), _missing(other, one)


def _missing(figures: Sequence[WrittenFigure], among: Sequence[WrittenFigure]) -> list[WrittenFigure]:
    """Return the sure figures that agree with none of the others, each once."""
    found: dict[object, WrittenFigure] = {}
    for one in figures:
        if one[0].sure and not any(agrees(one[0], other) for other, _ in among):
            found.setdefault(one[0].key, one)
    return list(found.values())


def _said_without_number(figure: WrittenFigure, text: str, language: Language) -> bool:
    """Tell whether the twin may say a number, which is a word here, without one, or in its language as a name."""
    value, written = figure
    if written[0].isupper() and written in text:
        return True
    if value.kind != "number" or not written.isalpha() or value.value not in (0, 1, 2):
        return False
    words = {word.lower() for word in _WORD.findall(text)}
    return bool(words & _WITHOUT_NUMBER[language][int(value.value)])


def _quoted(figures: Sequence[WrittenFigure]) -> str:
    """Return figures as they are written, for a message."""
    return ", ".join(f"“{written}”" for _, written in figures)
