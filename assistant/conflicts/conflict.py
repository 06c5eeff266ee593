"""Sources that give different figures for the same thing.

Two sentences are about the same thing when both hold what the question names, give a figure of the kind that is asked
for (and count the same, where something is counted), speak of the same parties and years, and are alike in whether the
figure is a total, a part, a limit or a plan. They differ when no figure of the one can be a figure of the other, and
when no published source stands behind both. In doubt there is no conflict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.conflicts.stated import FigureAsked, Stated, asked_kind, best_source, rank
from assistant.messages import sources_differ
from assistant.premises.statements import same_figure, share
from assistant.premises.vocabulary import LOOSE
from assistant.types import Hit, Quote, SearchQuery, Source

_ALIKE = 0.35
"""Share of the words, beside those of the question, of the shorter of two sentences that the other must hold."""
_BESIDE = 2
_ASKS = re.compile(
    r"\b(?:wat|wie|waar\w*|wanneer|welke?|hoe|hoeveel|hoelang|what|who|where|when|which|how)\b", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:bijna|meer dan|minder dan|ruim|ongeveer|circa|minstens|ten minste|minimaal|maximaal|hoogstens|ten hoogste|tot|"
    r"almost|nearly|more than|less than|fewer than|over|about|around|some|at least|at most|up to)\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Figures of different sources for the same thing."""

    quotes: tuple[Quote, ...]
    """By authority of the source, then the newest first; a sentence that itself explains the difference leads."""
    message: str
    """One line with every figure, its publisher and its date, in the language of the question."""


def conflicting(
    query: SearchQuery, hits: Sequence[Hit], quotes: Sequence[Quote], sources: Mapping[str, Source]
) -> Conflict | None:
    """Return the sentences in which sources differ on the figure that is asked for; None where none do.

    Only sentences in the language of the question are held against each other.
    """
    kind = asked_kind(query)
    if kind is None or not hits:
        return None
    asked = FigureAsked(query, kind, sources)
    near = asked.about_it(hits)
    explaining = next((quote for quote in near if asked.explains(quote)), None)
    stated = [one for quote in near for one in asked.stated(quote, any_count=explaining is not None)]
    differing = asked.explained(explaining, stated) if explaining else _differing(stated, quotes)
    if not differing and explaining is None:
        return None
    ordered = sorted(differing, key=lambda one: rank(one.quote, sources))
    told = dict.fromkeys([explaining] if explaining else [])
    # Where only the sentence that explains is known, what answers stays beside it.
    told |= dict.fromkeys([one.quote for one in ordered] or quotes[:_BESIDE])
    if len(_ASKS.findall(query.question)) > 1:
        # What answers the other question goes on after the figures.
        told |= dict.fromkeys(quotes)
    return Conflict(tuple(told), sources_differ([_value(one, sources) for one in ordered], query.language))


def _differing(stated: Sequence[Stated], quotes: Sequence[Quote]) -> list[Stated]:
    """Return the figure that answers with those that differ from it; none where none differs."""
    answering = {(quote.chunk.document, quote.span.start) for quote in quotes}
    anchor = next((one for one in stated if (one.quote.chunk.document, one.quote.span.start) in answering), None)
    if anchor is None and any(quote.span.kind == "table" for quote in quotes):
        # A row of a table answers, whose figure stands in a sentence as well.
        anchor = stated[0] if stated else None
    if anchor is None:
        return []
    found = [anchor]
    for one in stated:
        if all(_conflict(one, other) for other in found):
            found.append(one)
    # Two figures for the same in one sentence show that they are figures of two things.
    beside = [one for one in stated if one not in found and any(_stand_together(one, other) for other in found)]
    return found if len(found) > 1 and not beside else []


def _stand_together(one: Stated, other: Stated) -> bool:
    """Tell whether one sentence gives both figures, in the same respect."""
    return one.quote == other.quote and one.qualifiers == other.qualifiers


def _conflict(one: Stated, other: Stated) -> bool:
    """Tell whether two sentences of different sources give figures for the same thing that cannot both hold."""
    if set(one.quote.span.sources) & set(other.quote.span.sources) or one.figure.unit != other.figure.unit:
        return False
    if (one.qualifiers - LOOSE) != (other.qualifiers - LOOSE) or one.years != other.years:
        return False
    if one.parties != other.parties or same_figure(one.figure, other.figure):
        return False
    if one.asked != other.asked or not (one.alone and other.alone):
        return False
    # Counts of the same are alike as they are; an amount or a moment is one of something.
    fewer, more = sorted((one.stems, other.stems), key=len)
    return one.figure.kind == "number" or (bool(fewer) == bool(more) and share(fewer, more) >= _ALIKE)


def _value(one: Stated, sources: Mapping[str, Source]) -> tuple[str, str, str]:
    """Return a figure as it is written, its publisher and the date of its source."""
    source = best_source(one.quote, sources)
    text = one.quote.text
    about = _ABOUT.search(text[: one.figure.start])
    written = (about.group() if about else "") + text[one.figure.start : one.figure.end]
    return (written, source.publisher, source.date) if source else (written, "", "")
