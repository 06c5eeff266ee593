"""The standalone form of a question within a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation import cues
from assistant.conversation.entities import in_full, kind_of, names, without, years
from assistant.conversation.exchanges import Exchange, asked_briefly, exchanges
from assistant.conversation.reference import ABOUT_PERSON, Referents, item_meant, referents, years_on
from assistant.conversation.requests import (
    Correction,
    Return,
    asks_for_language,
    correction_of,
    return_of,
    without_change,
    without_language_wish,
)
from assistant.language import detect_language
from assistant.lexical import terms, words
from assistant.types import Language, SearchQuery, Turn

# Words for the question itself or its place in the conversation, which name no subject.
_NO_SUBJECT = frozenset(
    "vraag vragen onderwerp antwoord eerste vorige eerdere begin question subject topic answer one first previous "
    "earlier beginning".split()
)
_LONGEST = 1000
"""Characters."""
_MOST_EARLIER = 3
_MOST_IN_CHAIN = 12
_LAST_FOR_LANGUAGE = 6


def to_search_query(question: str, history: Sequence[Turn] = ()) -> SearchQuery:
    """Return what to search for, given the question and the turns before it, oldest first.

    A message that only asks for the other language gives the question before it, in that language.
    """
    if len(question) > _LONGEST:
        # Nothing so long leans on what was said before.
        return SearchQuery(question, question.strip(), detect_language(question[:_LONGEST], default=_language(history)))
    wish = asks_for_language(question)
    if wish:
        repeated = _repeated_in(wish, history)
        if repeated is not None:
            return repeated
    asked, wish = without_language_wish(question)
    language = wish or detect_language(asked, default=_language(history))
    found = _query(asked, exchanges(question, history), language)
    return replace(found, question=question) if not wish else found


def _repeated_in(language: Language, history: Sequence[Turn]) -> SearchQuery | None:
    """Return the last question that was asked, to be answered in a language; None where there was none."""
    for position in range(len(history) - 1, -1, -1):
        turn = history[position]
        if turn.role == "user" and exchanges("", history[position : position + 1]):
            return replace(to_search_query(turn.content, history[:position]), language=language)
    return None


def _language(history: Sequence[Turn]) -> Language:
    """Return the language of the conversation, Dutch where nothing tells."""
    language: Language = "nl"
    for turn in [turn for turn in history if turn.role == "user"][-_LAST_FOR_LANGUAGE:]:
        asked = asked_briefly(turn.content)
        language = asks_for_language(asked) or detect_language(asked, default=language)
    return language


def _query(question: str, earlier: Sequence[Exchange], language: Language) -> SearchQuery:
    """Return the search query for a question after some exchanges."""
    body, changed = without_change(question)
    back = return_of(question)
    correction = correction_of(question)
    if changed and body:
        return SearchQuery(question=question, text=body, language=language)
    if not earlier or _was_asked(question, earlier):
        return SearchQuery(question=question, text=question.strip(), language=language)
    if back is not None:
        parts = _returned(back, earlier)
    elif correction is not None:
        parts = _corrected(correction, earlier)
    elif cues.leans_on_conversation(question) or item_meant(question, earlier[-1]):
        parts = _completed(cues.without_opening(question), earlier)
    else:
        parts = []
    if not parts:
        return _standalone(question, earlier, language)
    text = " ".join(" ".join(dict.fromkeys(part for part in parts if part)).split())
    return SearchQuery(question=question, text=text or question.strip(), language=language, follow_up=True)


def _standalone(question: str, earlier: Sequence[Exchange], language: Language) -> SearchQuery:
    """Return a question as it is, with a person's full name where only the last name is repeated."""
    recent = [text for one in reversed(earlier[-_MOST_EARLIER:]) for text in (one.reply, one.question)]
    text = in_full(question.strip(), recent)
    return SearchQuery(question=question, text=text, language=language, follow_up=text != question.strip())


def _was_asked(question: str, earlier: Sequence[Exchange]) -> bool:
    """Tell whether the same question was asked before and stood on its own then, as the first did."""
    return earlier[0].question.casefold() == question.strip().casefold()


def _completed(own: str, earlier: Sequence[Exchange]) -> list[str]:
    """Return the parts of the search text for a follow-up: its own words, what they refer to, the questions before."""
    chain = _chain(own, earlier)
    if not chain:
        return []
    found = referents(own, chain)
    if found.alone:
        return [found.text, *found.added]
    context = _beside(own, _context(chain))
    later = years_on(own, chain)
    if later:
        context = [without(asked, years(asked)) for asked in context]
    return [*((found.text, *found.added) if not cues.is_bare(own) else ()), later, *context]


def _context(chain: Sequence[Exchange]) -> list[str]:
    """Return the earlier questions with what they in turn referred to."""
    context = []
    for place, exchange in enumerate(chain):
        asked = _subject_of(exchange.question)
        found = referents(asked, chain[place + 1 :]) if place + 1 < len(chain) else None
        context.append(" ".join((found.text, *found.added)) if found else asked)
    return context


def _chain(own: str, earlier: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges that a follow-up needs, latest first: up to the last question that stands on its own.

    A refused question found nothing, so it is passed over, unless the follow-up only puts another
    name in its place ("en bij NWO?") or nothing else was asked.
    """
    usable = list(reversed(earlier))[:_MOST_IN_CHAIN]
    if not _only_replaces(own):
        usable = [exchange for exchange in usable if not exchange.refused] or usable
    found: list[Exchange] = []
    for exchange in usable:
        found.append(exchange)
        if not _leans(exchange.question):
            break
    # Of a long chain, the question that it began with and the last ones say what it is about.
    return found if len(found) <= _MOST_EARLIER else [*found[: _MOST_EARLIER - 1], found[-1]]


def _leans(question: str) -> bool:
    """Tell whether an earlier question leans on the ones before it."""
    body, changed = without_change(question)
    if changed and body:
        return False
    return correction_of(question) is not None or cues.leans_on_conversation(question)


def _subject_of(question: str) -> str:
    """Return an earlier question without the words that tie it to the one before."""
    body, _ = without_change(question)
    correction = correction_of(body)
    return correction.right if correction else cues.without_opening(body)


def _only_replaces(own: str) -> bool:
    """Tell whether a follow-up is hardly more than a name or a year."""
    told = (*names(own), *years(own))
    return bool(told) and not cues.content_terms(without(own, told))


def _beside(own: str, context: Sequence[str]) -> list[str]:
    """Return earlier questions without the names and years whose place a follow-up's own take."""
    kinds = {kind_of(name) for name in names(own)}
    replaced = tuple(name for asked in context for name in names(asked) if kind_of(name) in kinds)
    if not replaced and _only_replaces(own) and "person" not in kinds:
        # "And ELSA Labs?" after a question about ICAI: a name of another form, for the same kind of thing.
        others = {name for asked in context for name in names(asked) if kind_of(name) != "person"}
        told = " ".join(context).casefold()
        replaced = tuple(others) if len(others) == 1 and not any(name.casefold() in told for name in names(own)) else ()
    kept = [without(asked, replaced) for asked in context] if kinds else list(context)
    return [without(asked, years(asked)) for asked in kept] if years(own) else kept


def _corrected(correction: Correction, earlier: Sequence[Exchange]) -> list[str]:
    """Return the parts of the search text for a correction of the question before."""
    chain = _chain(correction.right, earlier)
    if not chain:
        return []
    context = _context(chain)
    if correction.wrong:
        context = [without(asked, (correction.wrong, *names(correction.wrong))) for asked in context]
    return [correction.right, *_beside(correction.right, context)]


def _returned(back: Return, earlier: Sequence[Exchange]) -> list[str]:
    """Return the parts of the search text for a question that goes back to an earlier subject."""
    chosen = _spoken_of(back, earlier)
    if chosen is None:
        return [back.rest, back.target]
    named = bool(_stems(chosen.question) & _stems(back.target))
    whole = named or not _leans(chosen.question)
    chain = [chosen] if whole else _chain("", earlier[: earlier.index(chosen) + 1])
    target = "" if back.first or back.earlier else back.target
    # In Dutch, "hij" behind "terug naar de pilot" is the pilot.
    about_person = not target or bool(ABOUT_PERSON.search(target) or names(target))
    found = referents(back.rest, chain) if about_person else Referents(back.rest)
    return [found.text, *found.added, target, *_context(chain)]


def _spoken_of(back: Return, earlier: Sequence[Exchange]) -> Exchange | None:
    """Return the exchange that is meant: the latest that shares most words, the first, or the one before."""
    told = [word for word in words(back.target) if word not in _NO_SUBJECT]
    wanted = set(cues.content_terms(" ".join(told)))
    if wanted:
        exact = {word for word in told if terms(word, "nl") and terms(word, "en")}
        asked = [2 * len(wanted & _stems(one.question)) + len(exact & set(words(one.question))) for one in earlier]
        scores = asked if any(asked) else [len(wanted & _stems(one.reply)) for one in earlier]
        best = max(scores)
        return earlier[len(scores) - 1 - scores[::-1].index(best)] if best else None
    subjects = [one for place, one in enumerate(earlier) if not place or not _leans(one.question)]
    if back.first and len(earlier) <= _MOST_EARLIER:
        return subjects[0]
    return subjects[-2] if len(subjects) > 1 else subjects[0]


def _stems(text: str) -> set[str]:
    """Return the stems of a text's content words."""
    return set(cues.content_terms(text)) if text else set()
