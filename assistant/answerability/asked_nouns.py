"""Nouns of a question that its answer has to be about: what is counted, what somebody is, what is compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answerability.terms import CONVERSATION, Term
from assistant.lexical import terms
from assistant.types import SearchQuery

_WORD = r"[^\W\d_][\w-]*"
_WORDS = rf"((?:{_WORD}\s+){{0,3}}{_WORD})"
_COUNTED = re.compile(
    rf"\b(?:hoeveel|how many|(?:number|total) of|aantal|welke?|which|what)\s+(?:van de |of the )?{_WORDS}",
    re.IGNORECASE,
)
# "Hoeveel kwam er uit Europa", "hoeveel ontving Avans": a verb stands where else the noun does.
_WITHOUT_NOUN = re.compile(
    rf"\b(?i:hoeveel) (?:(?:heeft|hebben|had|is|was|werd|kan|kon|moet|mag) |{_WORD} "
    r"(?:er|de|het|een|zijn|haar|zij|hij|ze|we|je|ik|[A-ZÀ-Þ][\w-]*)\b)"
)
_GENERAL = frozenset("tijd geld mensen personen deel gedeelte totaal time money people persons part total".split())
"""Nouns that say what kind of number is asked for, and need not stand beside it."""
_FIGURE_NOUNS = frozenset(
    "aantal bedrag budget datum deadline kosten percentage prijs som tijd totaalbedrag "
    "amount budget cost costs date number percentage price sum".split()
)
"""Nouns that only name the kind of figure."""
_ROLE = re.compile(
    rf"\b(?:wie|wat|who|what)\s+(?:is|was|zijn|waren|are|were|wordt|werd)\s+(?:de|het|the)\s+{_WORDS}", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\b(?:verschil(?:len)?|overeenkomst(?:en)?|relatie|verband|differences?|relation(?:ship)?|compared?|comparison|"
    r"vergelijk(?:en|ing)?)\b(?:.*?\b(?:tussen|between|van|of)\b)?\s(.+?)\s(?:en|and|with|met|to|versus|vs)\b(.+)",
    re.IGNORECASE,
)


def counted_nouns(query: SearchQuery, asked: Sequence[Term]) -> tuple[Term, ...]:
    """Return what a question counts or chooses from: "hoeveel DOCENTEN", "welke WERKGROEP"."""
    if _WITHOUT_NOUN.search(query.question):
        return ()
    nouns = _first_words(_COUNTED, query, asked)
    return () if nouns and nouns[0].written.casefold() in _GENERAL else nouns


def role_nouns(query: SearchQuery, asked: Sequence[Term]) -> tuple[Term, ...]:
    """Return what a question asks somebody or something to be: "wie is de VOORZITTER", "what is the DURATION of"."""
    return tuple(one for one in _first_words(_ROLE, query, asked) if one.written.casefold() not in _FIGURE_NOUNS)


def sides(query: SearchQuery, asked: Sequence[Term]) -> tuple[tuple[Term, ...], ...]:
    """Return the terms of both things that a question compares; nothing where it does not."""
    match = _COMPARED.search(query.question)
    if match is None:
        return ()
    found = [tuple(term for term in asked if term.written in side) for side in match.groups()]
    return tuple(found) if all(found) else ()


def _first_words(pattern: re.Pattern[str], query: SearchQuery, asked: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms among the words that a pattern finds, up to the first that describes nothing."""
    match = pattern.search(query.question)
    nouns: list[str] = []
    for word in match.group(1).split() if match else ():
        if not terms(word, query.language) or word.casefold() in CONVERSATION:
            break
        nouns.append(word)
    return tuple(term for term in asked if any(term.written in noun for noun in nouns))
