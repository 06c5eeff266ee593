"""The fixed sentences that the assistant itself says, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from assistant.types import Language, Reason, Source

Verdict = Literal["confirmed", "contradicted", "unsupported"]
SmallTalk = Literal["greeting", "thanks", "farewell", "abilities"]

_REFUSALS: dict[Reason, dict[str, str]] = {
    "nothing_found": {
        "nl": "Dat staat niet in de documenten die ik heb gelezen.",
        "en": "That is not in the documents that I have read.",
    },
    "insufficient": {
        "nl": "Mijn documenten gaan wel over dit onderwerp, maar het antwoord op je vraag staat er niet in.",
        "en": "My documents are about this subject, but the answer to your question is not in them.",
    },
    "conflicting": {
        "nl": "De documenten spreken elkaar hierover tegen.",
        "en": "The documents contradict each other on this.",
    },
    "out_of_scope": {
        "nl": "Daar gaan mijn documenten niet over. Vraag me iets over learning communities, de pilot, geld of "
        "hulpmiddelen.",
        "en": "My documents are not about that. Ask me about learning communities, the pilot, funding or tools.",
    },
    "unreadable_page": {
        "nl": "Dat heb ik niet gevonden. Niet alle pagina's waren leesbaar; misschien staat het antwoord daar.",
        "en": "I did not find that. Not all pages could be read; the answer may be there.",
    },
    "unclear_question": {
        "nl": "Ik weet niet goed wat je wilt weten. Stel je vraag in een hele zin.",
        "en": "I am not sure what you want to know. Please ask your question in a full sentence.",
    },
}
_MISSING = {"nl": "Over {words} vond ik niets.", "en": "I found nothing about {words}."}
_CONTACT = {
    "nl": "Wil je het zeker weten? Vraag het na bij {publisher}: {url}",
    "en": "Do you want to be sure? Ask {publisher}: {url}",
}
_PARTIAL = {
    "nl": "Ik weet niet zeker of dit je vraag beantwoordt. Dit staat in de documenten:",
    "en": "I am not sure that this answers your question. This is in the documents:",
}
_WITHHELD = {
    "nl": (
        "Ik heb een zin weggelaten, omdat de bron niet zegt wat erin stond.",
        "Ik heb {count} zinnen weggelaten, omdat de bronnen niet zeggen wat erin stond.",
    ),
    "en": (
        "I left out a sentence, because its source does not say what it said.",
        "I left out {count} sentences, because their sources do not say what they said.",
    ),
}
_NO_MODEL = {
    "nl": "Het taalmodel gaf geen bruikbaar antwoord. Dit zijn zinnen uit de documenten zelf.",
    "en": "The language model gave no usable answer. These are sentences from the documents themselves.",
}
_VERDICTS: dict[Verdict, dict[str, str]] = {
    "confirmed": {"nl": "Ja, dat staat in de documenten.", "en": "Yes, that is in the documents."},
    "contradicted": {
        "nl": "Nee, dat klopt niet volgens de documenten.",
        "en": "No, that is not right according to the documents.",
    },
    "unsupported": {
        "nl": "Dat staat zo niet in de documenten. Dit staat er wel:",
        "en": "The documents do not put it like that. This is what they do say:",
    },
}
_DIFFER = {"nl": "De bronnen verschillen: {values}.", "en": "The sources differ: {values}."}
_DIFFER_SOMEHOW = {"nl": "De bronnen verschillen hierover.", "en": "The sources differ on this."}
_UNDATED = {"nl": "zonder datum", "en": "undated"}
_AGED = {
    "nl": "Deze gegevens komen uit een bron van {date}; kijk bij de bron of dit nog klopt.",
    "en": "This comes from a source of {date}; check with the source whether it still holds.",
}
_AGED_SEVERAL = {
    "nl": "De nieuwste bron van deze gegevens is van {date}; kijk bij de bron of dit nog klopt.",
    "en": "The newest source of this is of {date}; check with the source whether it still holds.",
}
_AGED_UNDATED = {
    "nl": "De bron van deze gegevens heeft geen datum; kijk bij de bron of dit nog klopt.",
    "en": "The source of this has no date; check with the source whether it still holds.",
}
_CLOSED = {"nl": "De termijn sloot op {date}.", "en": "The deadline was {date} and has passed."}
_CLOSED_IN = {"nl": "De termijn sloot in {date}.", "en": "The deadline was in {date} and has passed."}
_AND = {"nl": " en ", "en": " and "}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_SMALL_TALK: dict[SmallTalk, dict[str, str]] = {
    "greeting": {
        "nl": "Hallo! Stel gerust je vraag over learning communities voor (toegepaste) AI.",
        "en": "Hello! Feel free to ask your question about learning communities for (applied) AI.",
    },
    "thanks": {
        "nl": "Graag gedaan. Heb je nog een vraag, stel hem gerust.",
        "en": "You are welcome. If you have another question, feel free to ask.",
    },
    "farewell": {
        "nl": "Tot ziens! Je kunt altijd terugkomen met een nieuwe vraag.",
        "en": "Goodbye! You can always come back with a new question.",
    },
    "abilities": {
        "nl": "Ik beantwoord vragen over learning communities voor (toegepaste) AI: hoe je er een begint, met wie, "
        "met welke hulpmiddelen, wat de pilot deed en welk geld er was. Je kunt in het Nederlands of in het Engels "
        "vragen. Elke zin komt uit een document, met de bron erbij. Staat iets niet in de documenten, dan zeg ik dat. "
        "Ik geef geen advies en weet niets van buiten de documenten.",
        "en": "I answer questions about learning communities for (applied) AI: how to start one, with whom, with which "
        "tools, what the pilot did and what funding there was. You can ask in Dutch or in English. Every sentence "
        "comes from a document, and its source is shown. If something is not in the documents, I say so. "
        "I give no advice and know nothing from outside the documents.",
    },
}


def refusal(reason: Reason, language: Language, missing: Sequence[str] = (), source: Source | None = None) -> str:
    """Return what a refusal says: the reason, the words that nothing speaks of, and who may know more."""
    own = _own(language)
    parts = [_REFUSALS[reason][own]]
    if missing and reason in ("nothing_found", "insufficient"):
        parts.append(_MISSING[own].format(words=_enumerated(missing, own)))
    if source is not None and source.url and reason not in ("out_of_scope", "unclear_question"):
        parts.append(_CONTACT[own].format(publisher=source.publisher, url=source.url))
    return " ".join(parts)


def partial(language: Language, missing: Sequence[str] = ()) -> str:
    """Return what opens an answer that is near what was asked, and not quite it."""
    own = _own(language)
    found_nothing = _MISSING[own].format(words=_enumerated(missing, own)) + " " if missing else ""
    return found_nothing + _PARTIAL[own]


def withheld(count: int, language: Language) -> str:
    """Return the note about sentences that did not pass the check against their passages."""
    one, several = _WITHHELD[_own(language)]
    return one if count == 1 else several.format(count=count)


def no_model(language: Language) -> str:
    """Return the note that quotes took the place of a language model's answer."""
    return _NO_MODEL[_own(language)]


def small_talk_reply(kind: SmallTalk, language: Language) -> str:
    """Return the reply to a greeting, thanks, a farewell or the question what the assistant can do."""
    return _SMALL_TALK[kind][_own(language)]


def _own(language: Language) -> str:
    """Return the language in which the assistant speaks: Dutch to Dutch questions, English to all others."""
    return "nl" if language == "nl" else "en"


def _enumerated(words: Sequence[str], own: str) -> str:
    """Return words in quotation marks as one phrase."""
    quoted = [f"“{word}”" for word in words]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} {'of' if own == 'nl' else 'or'} {quoted[-1]}"


def premise(found: Verdict, language: Language) -> str:
    """Return what is said before the sentences that confirm or contradict what a question states."""
    return _VERDICTS[found][_own(language)]


def sources_differ(values: Sequence[tuple[str, str, str]], language: Language) -> str:
    """Return that sources differ; each value comes with its publisher and ISO date, and none may be known."""
    own = _own(language)
    parts = [
        f"{value} ({publisher}, {date_in_words(date, language) or _UNDATED[own]})" for value, publisher, date in values
    ]
    if not parts:
        return _DIFFER_SOMEHOW[own]
    return _DIFFER[own].format(values=_AND[own].join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts))


def aged(date: str, language: Language, *, several: bool = False) -> str:
    """Return of when a source is, or the newest of several; given its ISO date or "undated"."""
    words = date_in_words(date, language)
    form = _AGED_SEVERAL if several else _AGED
    return (form if words else _AGED_UNDATED)[_own(language)].format(date=words)


def closed(date: str, language: Language) -> str:
    """Return when one could apply until, given an ISO date, month or year that has passed."""
    form = _CLOSED if date.count("-") == 2 else _CLOSED_IN
    return form[_own(language)].format(date=date_in_words(date, language))


def date_in_words(date: str, language: Language) -> str:
    """Return an ISO date, month or year as people write it; "" for what is none."""
    parts = date.split("-")
    if not all(part.isdigit() for part in parts):
        return ""
    months = _MONTHS[_own(language)].split()
    words = [str(int(parts[2]))] if len(parts) > 2 else []
    words += [months[int(parts[1]) - 1]] if len(parts) > 1 else []
    return " ".join([*words, parts[0]])


def refusal_reason(text: str) -> Reason | None:
    """Return the reason of the refusal that a text opens with; None where it opens otherwise."""
    opening = text.lstrip()
    return next((reason for reason, own in _REFUSALS.items() if opening.startswith(tuple(own.values()))), None)


@lru_cache(maxsize=1)
def own_words() -> re.Pattern[str]:
    """Return a pattern for the sentences of this module, whatever stands in their open places."""
    forms = sorted({form for table in _templates() for form in table.values()}, key=lambda form: (-len(form), form))
    return re.compile("|".join(_with_places(form) for form in forms))


def _templates() -> Iterator[Mapping[str, str]]:
    """Yield every sentence that may stand in an answer, in both languages."""
    yield from (*_REFUSALS.values(), *_VERDICTS.values(), *_SMALL_TALK.values())
    yield from (_MISSING, _CONTACT, _PARTIAL, _NO_MODEL, _DIFFER, _DIFFER_SOMEHOW, _AGED, _AGED_UNDATED)
    yield from (_CLOSED, _CLOSED_IN)
    for number in range(len(_WITHHELD["nl"])):
        yield {language: forms[number] for language, forms in _WITHHELD.items()}


def _with_places(form: str) -> str:
    """Return a pattern for a sentence with open places; one at its end is an address, without white space."""
    *pieces, last = [re.escape(piece) for piece in re.split(r"\{\w+\}", form)]
    closed_places = r"[^\n]{1,300}?".join([*pieces, last] if last else pieces)
    return closed_places if last else closed_places + r"\S+"
