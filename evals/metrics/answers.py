"""What an answer says: nuggets, forbidden statements, groundedness, language and type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.figures import FigureKind, figures_in
from assistant.language import detect_language
from assistant.types import Language
from evals.metrics.matching import cleaned, occurs, readings

_FIGURE_KINDS: dict[str, frozenset[FigureKind]] = {
    "amount": frozenset({"amount", "percentage", "number", "magnitude", "period"}),
    "date": frozenset({"date", "year", "decade", "time", "period"}),
}
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'-]+\s+(?:(?:van|de|der|den|het|ten|ter|te|'t)\s+){0,3}[A-ZÀ-Þ][\w'-]+")


class Checked(Protocol):
    """A sentence of an answer that a verifier may have looked at."""

    @property
    def verified(self) -> bool | None:
        """Whether the cited passages hold what it says; None where nothing has looked."""
        ...


def nugget_recall(text: str, must_say: Sequence[Sequence[str]], language: Language) -> float | None:
    """Return the share of nuggets that an answer says; None where a case has no nuggets.

    A nugget is a list of alternative spellings, of which one has to occur (nugget recall: Voorhees, TREC 2003; here all
    nuggets are vital): on word boundaries, in any case, with quotation marks and spaces made alike, and with figures by
    value. `language` is the case's; sentences of the answer in the other language are read in that as well.
    """
    if not must_say:
        return None
    answer = readings(text, language)
    return sum(any(occurs(one, answer, language) for one in nugget) for nugget in must_say) / len(must_say)


def forbidden(text: str, must_not_say: Iterable[str], language: Language | None = None) -> tuple[str, ...]:
    """Return the strings that occur in an answer and must not, found as nuggets are.

    Without a `language` the answer's own is taken.
    """
    own = language or detect_language(text)
    answer = readings(text, own)
    return tuple(one for one in must_not_say if occurs(one, answer, own))


def groundedness(sentences: Iterable[Checked]) -> float | None:
    """Return the share of verified sentences among those that were checked; None where none was."""
    checked = [one.verified for one in sentences if one.verified is not None]
    return sum(checked) / len(checked) if checked else None


def answer_language(text: str) -> Language | None:
    """Return the language of an answer, Dutch or English; None where nothing in it, such as a bare name, says so."""
    plain = cleaned(text)
    found = detect_language(plain, default="nl")
    return found if found == detect_language(plain, default="en") else None


def language_agreement(text: str, asked_in: Language) -> float | None:
    """Return 1 where an answer is in the language of its question, else 0; None where its language cannot be told."""
    own = answer_language(text)
    return None if own is None else float(own == asked_in)


def answer_type_agreement(text: str, kind: str, must_say: Sequence[Sequence[str]], language: Language) -> float | None:
    """Return 1 where an answer holds anything of the type that is asked for, right or wrong, else 0.

    The expected answer type (Li & Roth, COLING 2002) is the `kind` of the case: "amount" (a figure that counts or
    measures), "date" (a date, year, time or period) or "person" (a name of two or more words). It tells an answer that
    names the wrong amount from one that names none. None for other kinds, for no text, and where no nugget is of the
    type itself: then the right answer is that it is not known.
    """
    if not text.strip() or not any(_has_type(one, kind, language) for nugget in must_say for one in nugget):
        return None
    own = detect_language(text, default=language)
    return float(_has_type(text, kind, language) or _has_type(text, kind, own))


def _has_type(text: str, kind: str, language: Language) -> bool:
    """Tell whether a text holds something of a type; never for a kind that has no type."""
    plain = cleaned(text)
    if kind == "person":
        return _NAME.search(plain) is not None
    kinds = _FIGURE_KINDS.get(kind, frozenset())
    return any(figure.kind in kinds and figure.sure for figure in figures_in(plain, language))
