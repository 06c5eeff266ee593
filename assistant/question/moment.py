"""Which moment a question is about: now, or the past; and whether it asks to apply for something."""

from __future__ import annotations

import re

_NOW = re.compile(
    r"\b(nu(?! (?:wel|eenmaal|eigenlijk|precies)\b)|momenteel|op (?:dit|het) (?:moment|ogenblik)|vandaag(?: de dag)?|"
    r"tegenwoordig|(?:nog|al) (?:steeds|altijd|open|geldig|actueel|beschikbaar|lopen\w*|mogelijk|bezig)|"
    r"(?:dit|volgend|komend) (?:jaar|kwartaal|voorjaar|najaar)|(?:deze|volgende|komende) (?:maand|week|ronde)|"
    r"huidige?|laatste stand|stand van zaken|actuele?|recentste?|meest recente?|nieuwste|inmiddels|binnenkort|"
    r"now(?!here)|currently|current|today|nowadays|these days|at present|presently|right now|at the moment|"
    r"still|as of (?:now|today)|(?:this|next|coming) (?:year|month|week|quarter|round|spring|autumn)|"
    r"latest|newest|most recent|up[- ]to[- ]date|yet|anymore|any more|soon)\b"
    r"|\b(?:staat|staan|loopt|lopen|bestaat|bestaan|geldt|gelden|is|zijn|kan|kunnen|mag|mogen)\b[^.?!]{0,60}\bnog\b",
    re.IGNORECASE,
)
# "Nog niet" and "nog meer" ask for no moment; "still" before a comparative neither.
_NO_MOMENT = re.compile(r"\bnog (?:meer|andere|iets|iemand|een|vragen)\b|\bstill (?:more|another)\b", re.IGNORECASE)
_ASKING = re.compile(r"[^.?!]+\?")
_PAST = re.compile(
    r"\b(was|waren|werd|werden|had|hadden|kreeg|kregen|kostte|kostten|betaalde|betaalden|begon|begonnen|ging|gingen|"
    r"deed|deden|sloot|leidde|kwam|kwamen|stond|stonden|gaf|gaven|mocht|mochten|kon|konden|moest|moesten|destijds|toen|"
    r"were|did|got|received|paid|cost(?= the\b| it\b)|began|started|went|led|came|stood|closed|ended)\b"
    r"|\b(?:heeft|hebben|is|zijn|has|have)\b[^.?!]{0,60}\b(?:(?:ge|ont|ver|be)\w{3,}(?:d|t|en)|been|received|paid)\b"
    r"|^\W*(?:wie|wat|waar|wanneer)\s+\w{3,}(?:de|te|den|ten)\b",
    re.IGNORECASE,
)
_APPLYING = re.compile(
    r"\b(deadline\w*|indien\w*|in te dienen|ingediend|aanvra\w+|aanvraag\w*|aan te vragen|aangevraagd|aanmeld\w*|"
    r"meld\w* (?:ik|wij|we|je)\b|inschrij\w+|uiterste datum|sluitingsdatum|sluit\w*|openstaan|open(?:staat|gesteld)?|"
    r"meedoen|aanhaken|instappen|subsidie krijgen|"
    r"apply|applying|applications?|submit\w*|submission|register|sign(?:ing)? up|closing date|closes?|"
    r"open(?:ing)?|join|get on board)\b"
    r"|\b(?:can|could|may) (?:i|we|you) get\b|\b(?:kan|kunnen|mag|mogen) (?:ik|we|wij|je)\b[^.?!]{0,40}\bkrijgen\b"
    r"|\b(?:vraag|vragen|dien|dienen)\b[^.?!]{0,60}\b(?:aan|in)\b",
    re.IGNORECASE,
)


def asks_about_now(question: str) -> bool:
    """Tell whether a question wants to know how things stand at this moment."""
    # What a person tells before the question may be about now where the question is not.
    asking = " ".join(_ASKING.findall(question)) or question
    return bool(_NOW.search(_NO_MOMENT.sub(" ", asking)))


def asks_about_past(question: str) -> bool:
    """Tell whether a question is put in the past tense and does not ask about now."""
    return bool(_PAST.search(question)) and not asks_about_now(question)


def asks_to_apply(question: str) -> bool:
    """Tell whether a question asks whether, when or how one can apply or take part."""
    return bool(_APPLYING.search(question)) and not asks_about_past(question)
