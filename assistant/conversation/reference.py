"""What the pronouns, ordinals and relative years of a follow-up stand for in the exchange before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.cues import asks_about_person
from assistant.conversation.entities import names, new_names, persons, years
from assistant.conversation.exchanges import Exchange

_ORDINALS = {
    "eerste": 0, "first": 0, "tweede": 1, "second": 1, "derde": 2, "third": 2, "vierde": 3, "fourth": 3, "vijfde": 4,
    "fifth": 4, "zesde": 5, "sixth": 5, "zevende": 6, "seventh": 6, "achtste": 7, "eighth": 7,
    "laatste": -1, "last": -1, "voorlaatste": -2,
    "een": 0, "one": 0, "twee": 1, "two": 1, "drie": 2, "three": 2, "vier": 3, "four": 3, "vijf": 4, "five": 4,
    "zes": 5, "six": 5,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?:de|het|die|dat|the|that)\s+(?P<ordinal>eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|laatste|"
    r"voorlaatste|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|last)\b(?=\s*(?:$|[?.!,:;])|\s+(?:one|punt|item|optie|"
    r"tip|stap|"
    r"regel|genoemde|hiervan|daarvan|in|option|point|step|mentioned|van|of|is|was|wordt|heeft|kost|kostte|dan|on|"
    r"does|did|"
    r"has|mean|precies|eigenlijk|doet|deed|betekent|inhoudt)\b)|"
    r"\b(?:nummer|number|punt|point|nr\.?)\s+(?P<number>[1-9]|een|één|twee|drie|vier|vijf|zes|one|two|three|four|"
    r"five|six)\b",
    re.IGNORECASE,
)
_PERSON_NOUN = re.compile(
    r"\b(?:die|deze|that|this|de genoemde)\s+(?:persoon|man|vrouw|lector|hoogleraar|voorzitter|onderzoeker|"
    r"directeur|professor|"
    r"person|woman|researcher|chair|director|lecturer)\b",
    re.IGNORECASE,
)
_THING_NOUN = re.compile(
    r"\b(?:die|deze|dat|dit|that|this)\s+(?:organisatie|instelling|partij|partner|club|hogeschool|universiteit|"
    r"bedrijf|stichting|"
    r"instituut|ministerie|fonds|financier|subsidieverstrekker|uitgever|platform|netwerk|programma|project|regeling|"
    r"subsidie|call|"
    r"hulpmiddel|instrument|tool|toolkit|model|methode|scan|rapport|document|gids|handreiking|website|cursus|lab|"
    r"hub|community|"
    r"organi[sz]ation|institution|institute|party|university|company|foundation|ministry|fund|funder|publisher|"
    r"network|program(?:me)?|scheme|grant|method|report|guide|course)\b",
    re.IGNORECASE,
)
ABOUT_PERSON = re.compile(
    r"\b(?:wie|wiens|who|whose|whom|lector|lectrice|hoogleraar|voorzitter|directeur|onderzoeker|projectleider|persoon|"
    r"contactpersoon|professor|chair|director|researcher|leader|lecturer|person)\b",
    re.IGNORECASE,
)
_ENGLISH_PRONOUN = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
# What answers "which" or "who" is what the next question is about.
_ASKS_WHICH = re.compile(
    r"^\W*(?:(?:en|and|in|van|bij|door|met|voor|of|by|with|for|from|at)\s+)*(?:welke?|which|what\s+(?!(?:is|was|are|"
    r"were|do|does|did)\b)"
    r"\w+|wie|who|whom|waar|where|hoe heet\w*)\b|\b(?:called|named)\W*$",
    re.IGNORECASE,
)
_THING_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|there|die|deze|ze|hun|hen|daar|daarvan|daarover|ervan)\b|\bhet(?=\s*(?:$|[?.!,]))",
    re.IGNORECASE,
)
_MOST_NAMES = 2
_SUBJECT = re.compile(r"\b(?:hij|he|she)\b|\bzij(?=\s+(?:\w+[^n\s]|was|is)\b)", re.IGNORECASE)
_OBJECT = re.compile(r"\b(?:hem|him)\b", re.IGNORECASE)
_NUMBERS = {
    "een": 1, "één": 1, "a": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4, "vijf": 5,
    "five": 5,
}  # fmt: skip
_LATER = re.compile(
    r"\b(?P<number>een|één|a|one|twee|two|drie|three|vier|four|vijf|five)\s+(?:jaar|years?)\s+(?P<way>later|daarna|"
    r"erna|after|on|"
    r"eerder|daarvoor|ervoor|earlier|before)\b|"
    r"\b(?:het|the)\s+(?:(?P<next>jaar (?:daarna|erna|daarop|erop)|year after|following year|next year|volgende jaar)|"
    r"jaar (?:daarvoor|ervoor)|year before|previous year|vorige jaar)\b",
    re.IGNORECASE,
)
_FORWARD = frozenset("later daarna erna after on".split())


@dataclass(frozen=True, slots=True)
class Referents:
    """A follow-up with what it refers to."""

    text: str
    """Its own words, a pronoun replaced by the person it stands for."""
    added: tuple[str, ...] = ()
    """What else it refers to."""
    alone: bool = False
    """Whether it now stands on its own: its subject is what the reply named, and no longer what was asked."""


def referents(own: str, chain: Sequence[Exchange]) -> Referents:
    """Return a follow-up with what it refers to in the exchanges that it needs, latest first."""
    before = chain[0]
    asked = " ".join(exchange.question for exchange in chain)
    item = item_meant(own, before)
    if item:
        return Referents(own, (item,))
    if asks_about_person(own) or _PERSON_NOUN.search(own):
        person = _person(own, chain)
        return _with_person(own, person) if person else Referents(own)
    if _THING_NOUN.search(own) and not names(own):
        told = _named(before, asked)
        # Of many names, none is the one that is meant.
        return Referents(own, told[:1], alone=True) if 0 < len(told) <= _MOST_NAMES else Referents(own)
    if len(chain) == 1 and _THING_PRONOUN.search(own) and _ASKS_WHICH.match(before.question) and not names(own):
        told = _named(before, asked)
        return Referents(own, told if len(told) == 1 else ())
    return Referents(own)


def years_on(own: str, chain: Sequence[Exchange]) -> str:
    """Return the year that "twee jaar later" or "the year before" comes to; empty where none can be told."""
    match = _LATER.search(own)
    told = next((found for found in map(_year_of, chain) if found), None) if match else None
    if match is None or told is None:
        return ""
    if match["number"]:
        sign = 1 if match["way"].lower() in _FORWARD else -1
        return str(told + sign * _NUMBERS[match["number"].lower()])
    return str(told + (1 if match["next"] else -1))


def _named(before: Exchange, asked: str) -> tuple[str, ...]:
    """Return what a reply names that was not asked; nothing of a list, of which no item stands out."""
    return () if len(before.items) > 1 else new_names(before.reply, asked)


def _year_of(exchange: Exchange) -> int | None:
    """Return the only year of a question, or else of its reply."""
    for text in (exchange.question, exchange.reply):
        found = set(years(text))
        if found:
            return int(found.pop()) if len(found) == 1 else None
    return None


def item_meant(own: str, before: Exchange) -> str:
    """Return the item of the list in the reply that an ordinal means; empty where there is none."""
    match = _ORDINAL.search(own)
    if match is None:
        return ""
    word = (match["ordinal"] or match["number"]).lower().replace("é", "e")
    place = int(word) - 1 if word.isdigit() else _ORDINALS[word]
    items = before.items
    return items[place] if -len(items) <= place < len(items) else ""


def _person(own: str, chain: Sequence[Exchange]) -> str:
    """Return the person of the latest exchange that is about one; empty where none is.

    A Dutch "hij" may be any thing, so it needs a question about a person; "he" and "she" do not.
    """
    for exchange in chain:
        told = persons(exchange.question)
        if not told and (ABOUT_PERSON.search(exchange.question) or _ENGLISH_PRONOUN.search(own)):
            told = persons(exchange.reply)
        if told:
            return told[0]
    return ""


def _with_person(own: str, person: str) -> Referents:
    """Return a follow-up with a person in the place of the pronoun, or beside it."""
    for pronoun in (_SUBJECT, _OBJECT):
        if len(pronoun.findall(own)) == 1:
            return Referents(pronoun.sub(person, own))
    return Referents(own, (person,))
