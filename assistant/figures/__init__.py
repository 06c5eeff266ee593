"""The figures in a text: amounts, percentages, dates, times, numbers, as values that can be compared.

Dutch and English texts that say the same give the same values, however they write them. What is found, in this order,
so that each character counts once:

1. codes.py: addresses, codes with letters (AIC4NL, T01) and versions (Industry 4.0) are no figures;
2. dates.py: dates, decades and years of a short form; then times of day;
3. codes.py: phone numbers;
4. magnitudes.py: words that name a size and no number ("tientallen", "thousands");
5. quantities.py: numerals (numerals.py, words.py) with currency, percent sign, time unit and multiplier.
"""

from __future__ import annotations

from assistant.figures.codes import blank, phones, without_codes
from assistant.figures.dates import dates, times
from assistant.figures.figure import Figure, FigureKind, agrees
from assistant.figures.magnitudes import magnitudes
from assistant.figures.quantities import quantities
from assistant.types import Language

__all__ = ["Figure", "FigureKind", "agrees", "figures_in"]


def figures_in(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text in the order in which they stand; text[figure.start:figure.end] is as written.

    A text in an undetermined language is read as English.
    """
    own: Language = "nl" if language == "nl" else "en"
    found: list[Figure] = []
    left = without_codes(text)
    for find in (
        lambda rest: dates(rest, own),
        times,
        phones,
        lambda rest: magnitudes(rest, own),
        lambda rest: quantities(rest, own),
    ):
        made = find(left)
        found += made
        left = blank(left, [(figure.start, figure.end) for figure in made])
    return tuple(sorted(found, key=lambda figure: figure.start))
