"""What a message asks of the conversation itself: another language, another subject, an earlier one, a correction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.types import Language

_TONGUE = re.compile(
    r"\b(?:(?:in|naar|into|to|op)\s+(?:het\s+|(?:zijn|z['’]n)\s+)?|^\W*)"
    r"(?P<tongue>nederlands|dutch|engels|english)\b|^\W*(?P<alone>nederlands|dutch|engels|english)\W*(?:please|"
    r"graag|$)",
    re.IGNORECASE,
)
_LANGUAGES: dict[str, Language] = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}
# What stands around the name of a language where nothing but the language is asked for.
_AROUND_TONGUE = frozenset(
    "weer opnieuw "
    "ok oke oké okay en maar of ook dan nu nog eens even liever graag alsjeblieft alstublieft aub svp kun kan kunt "
    "zou wil "
    "wilt je jij u dat dit het hetzelfde zelfde antwoord antwoorden antwoordt zeg zeggen vertel vertellen geef "
    "geven me mij "
    "herhaal herhalen vertaal vertalen vertaling leg uit uitleggen schrijf schrijven hoe wat is heet luidt verder "
    "sorry nee ja "
    "and but or also then now again rather instead please can could would will you it that this the same answer "
    "reply say "
    "tell give me repeat translate translation explain write how what is in one more time no yes for a version "
    "versie continue speak praat ga door verder bedankt thanks".split()
)
_TRAILING_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[^.?!]+[.?!]*\s*$)")
_WORD = re.compile(r"[^\W\d_]+")

_CHANGE = re.compile(
    r"^\W*(?:(?:nu|ok|oké|okay|en|dan|nee|now|and|no|well)\b[,\s]+)*"
    r"(?:(?:even |heel |nu |iets )?iets (?:heel |compleet |totaal )?anders|(?:een |nog een )?(?:heel )?(?:andere|"
    r"nieuwe) vraag|"
    r"ander onderwerp|something (?:else|different)(?: entirely| altogether)?|(?:a |one )?(?:different|"
    r"new) (?:question|topic|subject)|"
    r"another (?:question|topic|subject)|on (?:another|a different) (?:note|subject|topic)|change of (?:subject|topic)|"
    r"new (?:question|topic|subject))\b(?!\s+(?:daar|hier|over|about|on|regarding|dan|than))[\s:,;.!–-]*",
    re.IGNORECASE,
)
_RETURN = re.compile(
    r"^\W*(?:[\w']+[,\s]+){0,5}?(?:terug (?:naar|op)|terugkom\w* op|terug te (?:komen|gaan) (?:op|naar)|"
    r"nog (?:even |iets )?over|"
    r"back to|return(?:ing)? to|once more about)\s+(?P<target>[^:,;?!.–]+)[:,;?!.–\s]*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:eerste|first|begin|beginning)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:vorige|eerdere|daarvoor|previous|earlier|before)\b", re.IGNORECASE)
_NO = r"(?:nee|neen|no|nope|nah|sorry|pardon|wacht|wait|hm+|ho)"
_I_MEAN = (
    r"(?:ik (?:bedoel(?:de)?|vroeg(?: naar)?|wil(?:de)? weten)|bedoel(?:de)? ik|"
    r"i (?:mean(?:t)?|asked(?: about| for)?)|i was asking about)"
)
_CORRECTION = re.compile(
    rf"^\W*(?:{_NO}\b[,.!\s]*)*(?:(?:maar|but|dat|that)\s+)?{_I_MEAN}\b[,:\s]*|"
    rf"^\W*{_NO}\b[,.!\s]+(?=(?:niet|not|de|die|het|dat|the|that|those|bij|van|over|in|voor|for|from|about|at|of)\b)",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(
    r"^\W*(?:(?:nee|no)\b[,.\s]*)?(?:niet|not)\s+(?P<wrong>[^,.;?]{2,60}?)[,\s]+(?:maar|"
    r"but)\s+(?P<right>[^.;]{2,120})$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^(?P<right>[^,.;?]{2,60}?),?\s+(?:niet|not|in plaats van|i\.p\.v\.|instead of|"
    r"rather than)\s+(?P<wrong>[^,.;?]{2,60})\W*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^(?:die|dat|that|the one|those)?\s*(?:(?:van|bij|over|in|uit|voor|of|from|at|about|for|by|door)\s+)?(?:de |"
    r"het |the )?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a message says instead of what was asked before."""

    right: str
    wrong: str = ""
    """What it takes the place of, where the message says so."""


@dataclass(frozen=True, slots=True)
class Return:
    """A wish to go back to an earlier subject."""

    target: str
    rest: str
    """What is asked about it; empty where nothing else is said."""
    first: bool
    """Whether the first of what was spoken of is meant."""
    earlier: bool
    """Whether the one before is meant."""


def asks_for_language(text: str) -> Language | None:
    """Return the language that a message asks for; None where it asks for anything else."""
    match = _TONGUE.search(text)
    if match is None:
        return None
    rest = _WORD.findall(text[: match.start()] + " " + text[match.end() :])
    if any(word.lower() not in _AROUND_TONGUE for word in rest):
        return None
    return _LANGUAGES[(match["tongue"] or match["alone"]).lower()]


def without_language_wish(question: str) -> tuple[str, Language | None]:
    """Split a wish for a language from the end of a question: "Wie betaalde dat? In het Engels graag."."""
    parts = _TRAILING_SENTENCE.split(question.strip(), maxsplit=1)
    wish = asks_for_language(parts[1]) if len(parts) == 2 else None
    return (parts[0], wish) if wish else (question, None)


def without_change(question: str) -> tuple[str, bool]:
    """Return a question without "iets anders:", and whether it began so."""
    match = _CHANGE.match(question)
    return (question[match.end() :].strip(), True) if match else (question, False)


def return_of(question: str) -> Return | None:
    """Return what earlier subject a question goes back to; None where it does not."""
    match = _RETURN.match(question)
    if match is None:
        return None
    target = match["target"].strip()
    return Return(target, question[match.end() :].strip(), bool(_FIRST.search(target)), bool(_EARLIER.search(target)))


def correction_of(question: str) -> Correction | None:
    """Return what a question puts right: "nee, ik bedoel …", "niet NWO maar SIA", "SIA, not NWO"."""
    match = _CORRECTION.match(question)
    rest = question[match.end() :].strip() if match else question.strip()
    swap = _NOT_BUT.match(rest) or (_INSTEAD.match(rest) if len(rest.split()) <= 8 else None)
    if swap:
        return Correction(swap["right"].strip(), _PREPOSITION.sub("", swap["wrong"], count=1).strip())
    return Correction(rest) if match else None
