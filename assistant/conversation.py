"""Turn a question that leans on the conversation into one that can be searched for on its own.

No model: a follow-up is recognised by what it leaves out (a subject, a verb, a name for "he"), and
takes that over from the last question that was answered. A follow-up that asks something new ("wie
betaalde dat?") takes over the subject only; one that does not ("en die van Fontys?") takes over the
whole question. The question itself is kept beside the rewritten one, so its language and wording
are never lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language import detect_language
from assistant.lexical import terms, words
from assistant.types import Language, SearchQuery, Turn

_OPENING = re.compile(
    r"^\s*(?:(?:en|maar|ook|dus|and|but|also|so)\b[,\s]*)?"
    r"(?:(?:hoe zit (?:het|dat) met|wat is er met|wat met|what about|how about)\b)?[,\s]*",
    re.IGNORECASE,
)
_OPENS_AS_FOLLOW_UP = re.compile(
    r"^\s*(?:en|maar|and|but)\b|\b(?:hoe zit (?:het|dat) met|what about|how about)\b", re.IGNORECASE
)
_POINTS_BACK = re.compile(
    r"\b(?:dat|dit|deze|die|hij|zij|hem|haar|hun|hen|ze|er|daar|daarvan|daarmee|daarvoor|daarover|ervan|ermee|"
    r"ervoor|erover|hiervan|hiervoor|laatste|eerste|tweede|derde|"
    r"it|its|that|this|these|those|they|them|their|he|she|his|her|there|one|ones|first|second|third|last)\b|"
    # "het" points back at the end of a clause or before a participle; before a noun it is an article.
    r"\bhet(?=\s*(?:$|[?.!,])|\s+(?:ge|be|ver|ont)\w+[dtn]\b)",
    re.IGNORECASE,
)
_PERSON_PRONOUN = re.compile(r"\b(?:hij|hem|zij|he|him|his|she|her)\b", re.IGNORECASE)
_CORRECTION = re.compile(
    r"^\s*(?:nee|neen|no|nope|sorry)?[,.\s]*(?:ik bedoel(?:de)?|i mean(?:t)?)\b[,:\s]*", re.IGNORECASE
)
_ASKS_FOR_MEANING = re.compile(
    r"^\s*(?:wat (?:is|zijn)|wie (?:is|zijn)|what (?:is|are)|who (?:is|are))\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][\w'’-]*(?:\s+(?:(?:van|de|der|den|of|for)\s+){0,2}[A-ZÀ-Þ][\w'’-]*)*")
_NAMED_THING = re.compile(r"\b(?:de|het|een|the|a|an)\s+([a-zà-ÿ][\w'’-]+)", re.IGNORECASE)
_MARKERS = re.compile(r"\s*\[\d+\]")
_FEW_TERMS = 3
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the conversation is about after a question."""

    question: str
    """The last question that can stand on its own."""
    subject: tuple[str, ...]
    """Names and things in it."""
    language: Language
    reply: str = ""


def to_search_query(question: str, history: Sequence[Turn] = ()) -> SearchQuery:
    """Return what to search for, given the question and the turns before it, oldest first.

    Turns that ended in a refusal are passed over: their words did not find anything.
    """
    topic: _Topic | None = None
    for position, turn in enumerate(history):
        if turn.role != "user":
            continue
        answer = history[position + 1] if position + 1 < len(history) else None
        replied = answer is not None and answer.role == "assistant"
        if answer is None or not (replied and answer.refused):
            topic = _next_topic(turn.content, topic, answer.content if answer and replied else "")
    return _rewrite(question, topic)


def _next_topic(question: str, topic: _Topic | None, reply: str) -> _Topic:
    """Return what the conversation is about after a question that was answered."""
    query = _rewrite(question, topic)
    if topic is None or not query.follow_up:
        return _Topic(query.text, _subject(query.text, query.language), query.language, reply)
    own = _without_opening(question)
    if not _asks_something_new(own, query.language):
        return _Topic(topic.question, topic.subject, query.language, reply)
    subject = tuple(dict.fromkeys((*_names(own), *topic.subject)))
    return _Topic(query.text, subject, query.language, reply)


def _rewrite(question: str, topic: _Topic | None) -> SearchQuery:
    """Complete one question from what the conversation is about."""
    language = detect_language(question, default=topic.language if topic else "nl")
    if topic is None or not _is_follow_up(question, language):
        return SearchQuery(question=question, text=question.strip(), language=language)
    own = _without_opening(question)
    if _CORRECTION.match(question):
        context = _without(topic.question, topic.subject)
    elif _asks_something_new(own, language):
        context = " ".join(topic.subject) or topic.question
    else:
        new = _names(own)
        context = _without(topic.question, _names(topic.question)) if new else topic.question
    if _PERSON_PRONOUN.search(own):
        context = f"{_first_person_name(topic.reply)} {context}"
    text = " ".join(f"{own} {context}".split())
    return SearchQuery(question=question, text=text, language=language, follow_up=True)


def _is_follow_up(question: str, language: Language) -> bool:
    """Tell whether a question cannot be understood without the one before it."""
    if _CORRECTION.match(question) or _OPENS_AS_FOLLOW_UP.search(question):
        return True
    count = len(terms(question, language))
    if count == 0:
        return True
    if _names(question):
        return bool(count < _FEW_TERMS and _POINTS_BACK.search(question))
    if _PERSON_PRONOUN.search(question):
        return True
    has_no_verb = len(words(question)) <= _FEW_WORDS and not _ASKS_FOR_MEANING.match(question)
    return has_no_verb or (count < _FEW_TERMS and bool(_POINTS_BACK.search(question)))


def _without_opening(question: str) -> str:
    """Return a follow-up without "en", "what about" or "nee, ik bedoel"."""
    correction = _CORRECTION.match(question)
    return (question[correction.end() :] if correction else _OPENING.sub("", question, count=1)).strip()


def _asks_something_new(own: str, language: Language) -> bool:
    """Tell whether a follow-up has content of its own besides names."""
    return bool(terms(_without(own, _names(own)), language))


def _subject(question: str, language: Language) -> tuple[str, ...]:
    """Return the names in a question and the things it calls "the ..."; without these, its content words."""
    things = [match[1] for match in _NAMED_THING.finditer(question)]
    named = (*_names(question), *(thing for thing in things if terms(thing, language)))
    return tuple(dict.fromkeys(named)) or tuple(word for word in words(question) if terms(word, language))


def _names(text: str) -> tuple[str, ...]:
    """Return the capitalised names in a text; a capital that only opens the sentence is none."""
    found = []
    for match in _CAPITALISED.finditer(text):
        name = match.group()
        opens = match.start() == 0 and " " not in name and len(words(text)) > 1 and not name.isupper()
        if not opens and terms(name, "nl") and terms(name, "en"):
            found.append(name)
    return tuple(found)


def _without(text: str, phrases: Sequence[str]) -> str:
    """Return a text without some phrases."""
    for phrase in phrases:
        text = re.sub(rf"\b{re.escape(phrase)}\b", " ", text)
    return " ".join(text.split())


def _first_person_name(reply: str) -> str:
    """Return the first name of two words or more in a reply, which is most often a person's."""
    several_words = (name for name in _CAPITALISED.findall(_MARKERS.sub("", reply)) if " " in name)
    return next(several_words, "")
