"""What in a question points back at the conversation before it."""

from __future__ import annotations

import re

from assistant.conversation.entities import names, persons
from assistant.lexical import terms, words

_ACKNOWLEDGES = (
    r"(?:ok|oké|oke|okay|prima|mooi|goed|ja|yes|ah|oh|aha|hm+|right|alright|fine|great|dank je|bedankt|thanks|cool)"
)
_OPENING = re.compile(
    rf"^\s*(?:{_ACKNOWLEDGES}\b[,.!:\s]+)*(?:(?:en|maar|ook|dus|and|but|also|so|then|dan)\b[,\s]*)?"
    r"(?:(?:hoe zit (?:het|dat) met|wat is er met|wat met|en met|what about|how about|what of)\b)?[,\s]*",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(
    rf"^\s*(?:{_ACKNOWLEDGES}\b[,.!:\s]+)*(?:en|maar|and|but)\b|\b(?:hoe zit (?:het|dat) met|what about|how about)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|deze|die|hij|zij|hem|haar|hun|hen|ze|er|daar|daarvan|daarmee|daarvoor|daarover|daarna|daarbij|"
    r"ervan|ermee|"
    r"ervoor|erover|hiervan|hiervoor|andere|"
    r"it|its|that|this|these|those|they|them|their|he|she|his|her|there|one|ones)\b|"
    # An ordinal points back where no noun follows.
    r"\b(?:eerste|tweede|derde|vierde|vijfde|laatste|first|second|third|fourth|fifth|last)"
    r"(?=\s*(?:$|[?.!,:;])|\s+(?:is|was|of|van|does|did|has|dan|ook|precies|wordt|heeft)\b)|"
    r"\b(?:de|het|the)\s+(?:nieuwe|zelfde|overige|new|other|same|remaining)\b|"
    # "het" points back at the end of a clause or before a participle; before a noun it is an article.
    r"\bhet(?=\s*(?:$|[?.!,])|\s+(?:ge|be|ver|ont)\w+[dtn]\b)",
    re.IGNORECASE,
)
_PERSON_PRONOUN = re.compile(r"\b(?:hij|hem|zij|he|him|his|she|her)\b", re.IGNORECASE)
# "Zijn" before a noun is "his" after "is" or a preposition, and else the verb "to be".
_DUTCH_POSSESSIVE = re.compile(
    r"\b(?:is|was|wordt|werd|met|bij|over|in|op|aan|door|heet|van|voor)\s+(?:zijn|haar)\s+"
    r"(?!(?:de|het|een|er|die|dat|deze|dit|ze|we|wij|jullie|alle|nog|ook|wel|niet|minst|geheel|totaal|best|beurt)\b)"
    r"[a-zà-ÿ]{3,}",
    re.IGNORECASE,
)
# "Er" and "there" beside "is" or "are" stand for nothing.
_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|zijn|waren|bestaan|bestaat|komen|komt)\s+(?:er|there)\b|"
    r"\b(?:er|there)\s+(?:is|are|was|were|zijn|waren)\b",
    re.IGNORECASE,
)
_PART_OF_NAME = re.compile(r"\b[A-Z]{2,}\b(?:-\w+)*|(?<=\w)-[A-Z]{2,}\b")
_PLURAL_VERB = re.compile(
    r"\b(?:\w+en|zijn|gaan|doen|staan|zien)\s+zij\b|\bzij\s+(?:\w+\s+)?(?:\w+en|zijn)\b", re.IGNORECASE
)
_SUBJECT_PRONOUN = re.compile(r"\b(?:hij|he|she|him)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_ASKS_FOR_MEANING = re.compile(
    r"^\s*(?:wat (?:is|zijn|was|waren|betekent)|wie (?:is|zijn|was|waren)|what (?:is|are|was|were|does)|"
    r"who (?:is|are|was|were))\b",
    re.IGNORECASE,
)
# A noun that is somebody's or something's: without "of what", it belongs to what was spoken of.
_RELATIONAL = re.compile(
    r"\b(?:de|het|een|the|an?)\s+(?:[\w-]+\s+)?(?:doel(?:en)?|budget|deadline|voorwaarden?|eisen|voorzitter|bedrag|"
    r"looptijd|"
    r"adres|website|verschil(?:len)?|resultat(?:en)?|resultaat|uitkomst(?:en)?|reden|rol(?:len)?|partners?|kosten|"
    r"naam|titel|"
    r"contactpersoon|stappen|fasen?|auteurs?|onderwerp(?:en)?|thema|maximum|minimum|criteria|deelnemers|leden|"
    r"leider|trekker|"
    r"uitgever|einddatum|begindatum|startdatum|voordelen|nadelen|kenmerken|onderdelen|hoofdstukken|opbrengst(?:en)?|"
    r"goals?|aims?|purpose|conditions?|requirements?|chair|amount|duration|address|differences?|results?|outcomes?|"
    r"reason|"
    r"roles?|costs?|name|title|contact|steps|phases?|authors?|topics?|themes?|participants|members|leader|publisher|"
    r"end date|start date|benefits|advantages|disadvantages|features|parts|chapters|probleem|problemen|problems?|"
    r"issues?|risico['’]?s?|risks?|uitdaging(?:en)?|challenges?|nut|idee|idea|point)"
    r"\s*(?:precies|eigenlijk|nu|dan|exactly|then|now|ervan|there)?\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"\b(?:een|an?)\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(
    r"^\W*(?:(?:\w+\s+)?(?:wat|wie|waar\w*|wanneer|welke?|hoe\w*|what|who\w*|where|when|which|how|why)\b|"
    r"(?:is|zijn|was|waren|heeft|hebben|kan|mag|did|does|do|are|were|has|have|can)\b)",
    re.IGNORECASE,
)
# Verbs and small words that say nothing about the subject, but are not function words of the index.
_LIGHT = frozenset(
    "kon konden mocht mochten moest moesten per krijgen krijg krijgt kreeg kregen gaan ging precies eigenlijk ongeveer "
    "samen zoal allemaal could got getting exactly actually really altogether".split()
)
# Words that only ask to go on.
_ASKING = frozenset(
    "vertel vertellen meer leg legt uitleggen uitleg geef geven zeg zeggen verder nog eens detail details bedoel "
    "bedoelt tell more explain say elaborate go further mean means know come give".split()
)
_ASKS = re.compile(
    r"\b(?:wat|wie|waar\w*|wanneer|welke?|hoe\w*|what|who\w*|where|when|which|how|why)\b|\d|"
    r"\b(?:hij|zij|hem|he|she|him|first|second|third|last|eerste|tweede|derde|laatste|number|nummer)\b",
    re.IGNORECASE,
)
_OWN_SUBJECT = 3
_FEW_TERMS = 4
_FEW_TERMS_POINTING_BACK = 7


def points_back(question: str) -> bool:
    """Tell whether a word of a question stands for something before it."""
    return bool(_POINTS_BACK.search(_without_names_like_pronouns(question)))


def _without_names_like_pronouns(question: str) -> str:
    """Return a question without the "IT" of "CLIC-IT" and without "there is"."""
    plain = _EXPLETIVE.sub(" ", question)
    return plain if plain.isupper() else _PART_OF_NAME.sub(" ", plain)


def asks_about_person(question: str) -> bool:
    """Tell whether a pronoun of a question stands for one person that the question does not name."""
    if persons(question):
        return False
    pronoun = _PERSON_PRONOUN.search(question) and not _PLURAL_VERB.search(question)
    return bool(pronoun or _DUTCH_POSSESSIVE.search(question))


def leans_on_conversation(question: str) -> bool:
    """Tell whether a question cannot be understood without the ones before it."""
    if _brings_its_own_subject(question):
        return False
    body = without_opening(question)
    points = points_back(body)
    own_names = names(body)
    if (_SUBJECT_PRONOUN.search(body) and not persons(body)) or (_DUTCH_POSSESSIVE.search(body) and not own_names):
        return True
    if _says_what_it_asks(body, points, own_names):
        return False
    if _OPENS_AS_FOLLOW_UP.search(question) or _RELATIONAL.search(body):
        return True
    count = len(content_terms(body))
    if count < _FEW_TERMS:
        return True
    return count < _FEW_TERMS_POINTING_BACK and not own_names and _points_before_subject(body)


def _brings_its_own_subject(question: str) -> bool:
    """Tell whether the first of several sentences says what the others are about."""
    first, *rest = _SENTENCE_END.split(question.strip(), maxsplit=1)
    ties = points_back(first) or _OPENS_AS_FOLLOW_UP.search(first)
    return bool(rest) and not ties and len(content_terms(first)) >= _OWN_SUBJECT


def _points_before_subject(body: str) -> bool:
    """Tell whether a word points back before the question has named anything that it may stand for."""
    plain = _without_names_like_pronouns(body)
    match = _POINTS_BACK.search(plain)
    return match is not None and len(content_terms(plain[: match.start()])) < _FEW_TERMS


def content_terms(text: str) -> list[str]:
    """Return the stems of the words of a question that carry a subject in either language."""
    return terms(" ".join(word for word in words(text) if word not in _LIGHT), "nl", "en")


def without_opening(question: str) -> str:
    """Return a follow-up without "oké", "en" or "what about"."""
    return _OPENING.sub("", question, count=1).strip()


def is_bare(text: str) -> bool:
    """Tell whether a follow-up holds no word of its own to search for: "tell me more"."""
    return not _ASKS.search(text) and not content_terms(" ".join(word for word in words(text) if word not in _ASKING))


def _says_what_it_asks(body: str, points: bool, own_names: tuple[str, ...]) -> bool:
    """Tell whether a short question says all that it asks: "Wat is een lectoraat?", "Wie leidt PRIO?"."""
    if points or not content_terms(body):
        return False
    if _ASKS_FOR_MEANING.match(body):
        return bool(own_names or _INDEFINITE.search(body)) or not _RELATIONAL.search(body)
    return bool(own_names) and bool(_QUESTION_WORD.match(body)) and len(words(body)) > 2
