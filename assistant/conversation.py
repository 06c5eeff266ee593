"""Turn a question that leans on the conversation into one that can be searched for on its own.

No model: a follow-up is recognised by how it opens, by how little it says, and by words that point
back where it names nothing ("wie betaalde dat?"). It is searched together with the questions before
it, back to the last one that stands on its own, or all of the last few where it asks for an earlier
one ("terug naar de eerste"). The question itself is kept beside the rewritten one, so its language
and wording are never lost.

The limits were chosen on conversations that people wrote (MT-RAG, and the cases of the eval suite)
against changes of subject put together from single questions: a follow-up that is taken for a new
question loses more than a new question that is searched with an old one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    r"^\s*(?:wat (?:is|zijn|betekent)|wie (?:is|zijn)|what (?:is|are|does)|who (?:is|are))\b", re.IGNORECASE
)
_ASKS_FOR_EARLIER = re.compile(
    r"\b(?:terug naar|eerste|eerder|daarnet|zonet|back to|first|earlier|before)\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][\w'’-]*(?:\s+(?:(?:van|de|der|den|of|for)\s+){0,2}[A-ZÀ-Þ][\w'’-]*)*")
_MARKERS = re.compile(r"\s*\[\d+\]")
_FEW_TERMS = 4
_FEW_TERMS_POINTING_BACK = 7
_MOST_EARLIER = 3


def to_search_query(question: str, history: Sequence[Turn] = ()) -> SearchQuery:
    """Return what to search for, given the question and the turns before it, oldest first.

    Turns that ended in a refusal are passed over: their words did not find anything.
    """
    earlier = _answered(history)
    language = detect_language(question, default=_language(earlier))
    if not earlier or not _is_follow_up(question):
        return SearchQuery(question=question, text=question.strip(), language=language)
    own = _without_opening(question)
    context = _leaned_on(question, [asked for asked, _ in earlier])
    if _names(own):
        # "en die van Fontys?": the name takes the place of the one before.
        context = [_without(asked, _names(asked)) for asked in context]
    person = _first_person_name(earlier[-1][1]) if _PERSON_PRONOUN.search(own) else ""
    text = " ".join(" ".join([own, person, *context]).split())
    return SearchQuery(question=question, text=text, language=language, follow_up=True)


def _answered(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return the questions that were not refused, each with its reply, oldest first."""
    found = []
    for position, turn in enumerate(history):
        after = history[position + 1] if position + 1 < len(history) else None
        reply = after if after is not None and after.role == "assistant" else None
        if turn.role == "user" and not (reply and reply.refused):
            found.append((turn.content, reply.content if reply else ""))
    return found


def _language(earlier: Sequence[tuple[str, str]]) -> Language:
    """Return the language of the conversation, Dutch where nothing tells."""
    language: Language = "nl"
    for asked, _ in earlier:
        language = detect_language(asked, default=language)
    return language


def _leaned_on(question: str, earlier: Sequence[str]) -> list[str]:
    """Return the earlier questions that a follow-up needs, latest first."""
    found: list[str] = []
    for asked in list(reversed(earlier))[:_MOST_EARLIER]:
        found.append(asked)
        if not _is_follow_up(asked) and not _ASKS_FOR_EARLIER.search(question):
            break
    return found


def _is_follow_up(question: str) -> bool:
    """Tell whether a question cannot be understood without the ones before it."""
    if _CORRECTION.match(question) or _OPENS_AS_FOLLOW_UP.search(question):
        return True
    count = len(terms(question, detect_language(question, default="nl")))
    points_back = bool(_POINTS_BACK.search(question))
    if count and not points_back and _ASKS_FOR_MEANING.match(question):
        # "Wat is een lectoraat?" is short, and says all it asks.
        return False
    return count < _FEW_TERMS or (points_back and not _names(question) and count < _FEW_TERMS_POINTING_BACK)


def _without_opening(question: str) -> str:
    """Return a follow-up without "en", "what about" or "nee, ik bedoel"."""
    correction = _CORRECTION.match(question)
    return (question[correction.end() :] if correction else _OPENING.sub("", question, count=1)).strip()


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
