"""What the wording of a sentence says for and against it as an answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from assistant.answerers.asking import AskedOf, FigureKey, coverage, coverage_in_part, figures_of, stems_of
from assistant.figures import FigureKind
from assistant.polarity import NEGATION, says_what_lacks
from assistant.question import Asked, holds
from assistant.types import Chunk, Language, Span

_LEADING_WORDS = 7
_LINE = "\n"
_FIGURES: Mapping[Asked, frozenset[FigureKind]] = {
    Asked.AMOUNT: frozenset({"amount", "percentage", "magnitude"}),
    Asked.COUNT: frozenset({"number", "ordinal", "magnitude", "amount", "percentage", "period"}),
    Asked.PERCENTAGE: frozenset({"percentage"}),
    Asked.DATE: frozenset({"date", "year", "decade", "time", "period"}),
}
_OF_OTHER_FORM = frozenset({Asked.PERSON, Asked.ADDRESS, Asked.PLACE, Asked.REASON})
_FACTS = _FIGURES.keys() | _OF_OTHER_FORM - {Asked.REASON}
_LISTED = frozenset({Asked.LIST, Asked.PERSON})
"""Kinds of questions that several things may answer, each an item of a list."""
_MAYBE_LISTED = frozenset({Asked.COUNT, Asked.OTHER})
_ATTRIBUTION = re.compile(
    r"(?:(?:, )?\b(?:aldus|volgens|meldde|meldden|schreef|schreven|reported|wrote|according to)\b|"
    r"\b(?:bericht|nieuwsbericht|artikel|folder|pagina|item|article|leaflet|page) (?:van|uit|of|from)\b)"
    r"[^,;:]*?\b\d{4}\b",
    re.IGNORECASE,
)
"""Who said it and when: a date in it is that of the source, not the one that is asked for."""
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
WHERE = frozenset({Asked.ADDRESS, Asked.PLACE})
"""Kinds of questions that a web address may answer."""
_CLAUSE = re.compile(r"[;:|]\s|,\s|\s(?:en|and|maar|but)\s")
_CLOSED = (".", "!", ":", '"', "”", ")", "’")
_REMARK = re.compile(
    r"\b(?:zou(?:den)?|would)\b|\b(?:keer|times|maal)\s+(?:het|de|the|that|\d)|"
    r"\b(?:meer|minder|more|less|fewer)\s+(?:dan|than)\s+(?:het|de|dat|the|that)\b|"
    r"\b(?:groter|kleiner|hoger|lager|larger|smaller|bigger|higher|lower)\s+(?:dan|than)\b|"
    r"\b(?:deel|part|derde|helft|third|half)\s+(?:van|of)\s+(?:de|het|the)\s+€?\s?\d|"
    r"\b(?:verschil\w*|differ\w*|verwar\w*|confuse\w*|vergelijk\w*|compar\w*|optel\w*|opgeteld|adds?|added|reken\w*|"
    r"calculat\w*|verdeeld|verdeling|divided|division|(?:een|an) ander\w*|another)\b|"
    r"^(?:gebruik|use|let|noem|trek)\b[^.]*\b(?:nooit|never|niet|not)\b",
    re.IGNORECASE,
)
"""Words that reckon with what is known, compare it, or warn of a mistake; they do not state it."""
_ASKS_STANDING = re.compile(
    r"\b(?:nu|nog|momenteel|tegenwoordig|op dit moment|open\w*|geslot\w+|afgelopen|voorbij|klaar|verlopen|now|still|"
    r"currently|at the moment|today|closed|over|ended|finished|available)\b",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:open|openst\w+|opengesteld|geslot\w+|sloot|sloten|sluit\w*|voorbij|afgelopen|afgerond\w*|beëindigd|gestopt|"
    r"verlopen|niet meer|closed?|ended|finished|completed|no longer|expired|passed|still|has stopped)\b",
    re.IGNORECASE,
)
"""Whether a thing is still open or has ended."""
_IS = re.compile(
    r"\s(?:is|are|was|were|zijn|waren)\s(?!at\b|in\b|on\b|to\b|not\b|among\b|niet\b|te\b|op\b|bij\b|onder\b)|"
    r"\s(?:stands for|staat voor|betekent|means|consists of|bestaat uit)\s"
)
_OTHER_NAME = re.compile(r"\(([^)]*)\)")
_ASIDE = re.compile(r"(?:^|\s)(?:volgens|according to)\s[^,]*,|\s*\([^)]*\)", re.IGNORECASE)
_STEP = re.compile(r"^(?:\(?\d{1,2}[.):]|(?:stap|step|fase|phase)\s+\d)", re.IGNORECASE)
_STEPS = re.compile(r"\b\w*(?:stap(?:pen)?|steps?)(?:plan)?\b", re.IGNORECASE)


def fitness(question: AskedOf, text: str, language: Language) -> tuple[float, float, float]:
    """Return whether a sentence holds a figure, or another thing, of the kind asked for, and what stands around it.

    The last is the coverage of the clause with such a thing in it that covers most: the amount of the
    one who is asked about, not that of another in the same sentence.
    """
    if says_what_lacks(text):
        return 0.0, 0.0, 0.0
    text = _ATTRIBUTION.sub(" ", text)
    if question.asked in _FIGURES:
        if not _new_figure(question, text, language):
            return 0.0, 0.0, 0.0
        clauses = [clause for clause in _CLAUSE.split(text) if _new_figure(question, clause, language)]
        figure, other = 1.0, 0.0
    elif question.asked in _OF_OTHER_FORM and holds(question.asked, text):
        clauses = [clause for clause in _CLAUSE.split(text) if holds(question.asked, clause)]
        figure, other = 0.0, 1.0
    else:
        return 0.0, 0.0, 0.0
    return figure, other, max((coverage(question.weights, stems_of(one, language)) for one in clauses), default=0.0)


def _new_figure(question: AskedOf, text: str, language: Language) -> bool:
    """Tell whether a text holds a figure of the kind asked for that the question does not state itself."""
    kinds = _FIGURES[question.asked]
    return any(kind in kinds and key not in question.figures for kind, key in figures_of(text, language))


def form(question: AskedOf, text: str, chunk: Chunk) -> tuple[float, ...]:
    """Return what the form of a sentence says of it."""
    words = text.split()
    lead = stems_of(without_addresses(" ".join(words[:_LEADING_WORDS])), chunk.language)
    negates = NEGATION.search(text) is not None
    return (
        _defines(question, text, chunk.language) if question.asked is Asked.MEANING else 0.0,
        coverage(question.weights, lead),
        coverage_in_part(question.weights, stems_of(text, chunk.language)),
        float(question.asked in _FACTS and remarks(text) and not remarks(question.text)),
        float(says_what_lacks(text) and question.asked not in _FACTS),
        float(_STANDING.search(text) is not None and _ASKS_STANDING.search(question.text) is not None),
        float(negates and question.asked not in _FIGURES and question.asked not in _OF_OTHER_FORM),
        float(negates and not says_what_lacks(text) and question.asked is Asked.YES_NO),
        math.log(1 + len(words)),
        float(not text.rstrip().endswith(_CLOSED)),
    )


def _defines(question: AskedOf, text: str, language: Language) -> float:
    """Return how far the subject of a sentence that says what something is, is the thing asked about and no other.

    That is the share of the thing that the subject names, times the share of the subject that the thing takes up.
    """
    copula = _IS.search(_ASIDE.sub(lambda aside: " " * len(aside.group()), text))
    if copula is None:
        return 0.0
    subject = text[: copula.start()]
    plain = _ASIDE.sub(" ", subject)
    names = [stems_of(name, language) for name in (plain, *_OTHER_NAME.findall(subject))]
    return max(
        (coverage(question.weights, name) * len(name & question.weights.keys()) / len(name) for name in names if name),
        default=0.0,
    )


def in_list(
    question: AskedOf, span: Span, opens: Span | None, listed: str, heading: str, near: float, language: Language
) -> tuple[float, ...]:
    """Return what the place of a sentence in a list or table says of it.

    `opens` is the first item below a sentence that announces, `listed` the list with the sentence that opens it,
    `near` how near its heading is to the question, 0 to 1: a procedure is often asked for in other words.
    """
    listing = question.asked in _LISTED
    opens_items = opens is not None and opens.kind == "item"
    item = span.kind == "item"
    about = coverage_in_part(question.weights, stems_of(f"{heading} {listed.partition(_LINE)[0]}", language))
    steps = (about + near) / 2 * (question.procedure and (item or opens_items))
    return (
        float(item and question.asked is Asked.LIST),
        float(span.kind == "table"),
        float(span.kind == "table" and question.asked is Asked.LIST),
        about * (opens_items and listing),
        float(opens_items and question.asked in _MAYBE_LISTED),
        float(opens is not None and opens.kind == "table"),
        steps,
        steps * _are_steps(listed, heading),
    )


def _are_steps(listed: str, heading: str) -> bool:
    """Tell whether a list, with the sentence that opens it, is one of steps."""
    lines = listed.splitlines()
    numbered = sum(_STEP.match(line) is not None for line in lines[1:])
    return numbered > 1 or any(_STEPS.search(text) for text in (*lines[:1], heading))


def figures_asked_for(asked: Asked, text: str, language: Language) -> frozenset[FigureKey]:
    """Return the figures of a text that are of the kind asked for."""
    kinds = _FIGURES.get(asked, frozenset())
    return frozenset(key for kind, key in figures_of(_ATTRIBUTION.sub(" ", text), language) if kind in kinds)


def brings_list(asked: Asked) -> bool:
    """Tell whether a list can answer a question."""
    return asked in _LISTED or asked in _MAYBE_LISTED


def gives_address(text: str) -> bool:
    """Tell whether a text gives a web address."""
    return _ADDRESS.search(text) is not None


def without_addresses(text: str) -> str:
    """Leave out web addresses: the words in them say nothing."""
    return _ADDRESS.sub(" ", text)


def announces(text: str) -> bool:
    """Tell whether a sentence only opens what stands below it."""
    return text.rstrip().endswith(":")


def remarks(text: str) -> bool:
    """Tell whether a text reckons with what is known, compares it or warns of a mistake."""
    return _REMARK.search(text) is not None
