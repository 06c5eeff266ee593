"""Turn a question that leans on the conversation into one that can be searched for on its own.

No model: a follow-up is recognised by what it leaves out (no subject of its own, a pronoun, an
opening such as "en" or "what about"), and takes that over from the last question that was answered.
The question itself is kept beside the rewritten one, so its language and wording are never lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.language import detect_language
from assistant.lexical import terms
from assistant.types import Language, SearchQuery, Turn

_OPENING = re.compile(
    r"^\s*(?:(?:en|maar|ook|dus|and|but|also|so)\b[,\s]*)?"
    r"(?:(?:hoe zit het met|hoe zit dat met|wat is er met|en wat met|what about|how about)\b)?[,\s]*",
    re.IGNORECASE,
)
_LEANS_ON_CONTEXT = re.compile(
    r"^\s*(?:en|maar|and|but|or|of)\b|"
    r"\b(?:hoe zit het met|what about|how about)\b|"
    r"\b(?:dat|dit|deze|die|hij|zij|hem|haar|hun|hen|ze|het|er|daar|daarvan|daarmee|daarvoor|daarover|ervan|ermee|"
    r"ervoor|erover|hiervan|hiervoor|laatste|eerste|tweede|derde|"
    r"it|its|that|this|these|those|they|them|their|he|she|his|her|there|one|ones|first|second|third|last)\b",
    re.IGNORECASE,
)
_PERSON_PRONOUN = re.compile(r"\b(?:hij|hem|zij|haar|zijn|he|him|his|she|her)\b(?!\s+(?:het|de|the)\b)", re.IGNORECASE)
_CORRECTION = re.compile(
    r"^\s*(?:nee|neen|no|nope|sorry)?[,.\s]*(?:ik bedoel(?:de)?|bedoeld werd|i mean(?:t)?)\b[,:\s]*", re.IGNORECASE
)
_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w'’-]*(?:\s+(?:(?:van|de|der|den|of|for)\s+){0,2}[A-ZÀ-Þ][\w'’-]*)*")
_MARKERS = re.compile(r"\s*\[\d+\]")
_SUBJECT_TERMS = 3
"""A question with this many content words and no pronoun has a subject of its own."""


def to_search_query(question: str, history: Sequence[Turn] = ()) -> SearchQuery:
    """Return what to search for, given the question and the turns before it, oldest first.

    Turns that ended in a refusal are passed over: their words did not find anything.
    """
    before: SearchQuery | None = None
    reply = ""
    turns = list(history)
    for position, turn in enumerate(turns):
        if turn.role != "user":
            continue
        answer = turns[position + 1] if position + 1 < len(turns) else None
        if answer is not None and answer.role == "assistant" and answer.refused:
            continue
        before = _rewrite(turn.content, before, reply)
        reply = answer.content if answer is not None and answer.role == "assistant" else ""
    return _rewrite(question, before, reply)


def _rewrite(question: str, before: SearchQuery | None, reply: str) -> SearchQuery:
    """Complete one question from the one before it and the reply that got."""
    language = detect_language(question, default=before.language if before else "nl")
    alone = SearchQuery(question=question, text=question.strip(), language=language)
    if before is None or not _is_follow_up(question, language):
        return alone
    correction = _CORRECTION.match(question)
    own = question[correction.end() :] if correction else _OPENING.sub("", question, count=1)
    context = _without_replaced_names(before.text, own)
    if _PERSON_PRONOUN.search(own):
        context = f"{_first_person_name(reply)} {context}"
    return replace(alone, text=" ".join(f"{own.strip()} {context}".split()), follow_up=True)


def _is_follow_up(question: str, language: Language) -> bool:
    """Tell whether a question cannot be understood without the one before it."""
    if _CORRECTION.match(question):
        return True
    subject = terms(question, language)
    if len(subject) < _SUBJECT_TERMS:
        return bool(_LEANS_ON_CONTEXT.search(question)) or len(subject) <= 1
    return bool(re.match(r"\s*(?:en|and|maar|but)\b", question, re.IGNORECASE)) or bool(
        _PERSON_PRONOUN.search(question) and not _names(question)
    )


def _names(text: str) -> list[str]:
    """Return the capitalised names in a question, the word that opens it left out."""
    found = [mark for mark in _NAMES.finditer(text) if mark.start() > 0 or " " in mark.group()]
    return [mark.group() for mark in found]


def _without_replaced_names(before: str, own: str) -> str:
    """Return the question before, without the names that the follow-up puts others in place of."""
    new = _names(f" {own}")
    if not new:
        return before
    shared = {word.casefold() for name in new for word in name.split()}
    kept = before
    for name in _names(before):
        if not shared & {word.casefold() for word in name.split()}:
            kept = kept.replace(name, " ")
    return kept


def _first_person_name(reply: str) -> str:
    """Return the first name of two words or more in a reply, which is most often a person's."""
    several_words = (name for name in _NAMES.findall(_MARKERS.sub("", reply)) if " " in name)
    return next(several_words, "")
