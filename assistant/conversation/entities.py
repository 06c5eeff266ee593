"""Names in questions and replies, told apart by their form: persons, organisations and the like, and years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.lexical import terms, words

Kind = Literal["person", "single", "title"]
"""A person; one word, an abbreviation or an institute; a name of several words for anything else."""

_PART = r"[A-ZÀ-Þ][\w'’]*(?:[-&~/][\w'’]+)*"
_CAPITALISED = re.compile(rf"\b{_PART}(?:\s+(?:(?:van|de|het|der|den|voor|of|for|the|&)\s+){{0,2}}{_PART})*")
_POSSESSIVE = re.compile(r"['’]s?$")
# "NWO-call" holds the name NWO.
_COMPOUND = re.compile(r"(?P<name>[^\s-]+)-[a-zà-ÿ]\w*$")
_LOOSE_HYPHEN = re.compile(r"(?<!\S)-(?=\w)")
# "Van de Water" is a surname, whatever "water" is elsewhere.
_PARTICLES_AND_LAST = re.compile(r"\s(?:van|de|der|den|ter|ten|te|von|el|al)\s(?:(?:de|der|den)\s)?\S+$")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n")
_CONNECTORS = re.compile(r"^(?:\s*(?:van|de|het|der|den|voor|of|for|the|&)\b)*\s*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PERSON_WORD = re.compile(r"(?:[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)*|[A-Z]\.)")
_PERSON = re.compile(
    rf"(?<![\w-]){_PERSON_WORD.pattern}(?:(?:\s+(?:van|de|der|den|ter|ten|te|el|al|von|’t|'t))*"
    rf"\s+{_PERSON_WORD.pattern}){{1,3}}(?![\w-])"
)
# "Chris Wallner van Fontys" is Chris Wallner; "Myrna van de Water" is one name.
_OF_INSTITUTE = re.compile(
    r"^(\S+\s+[A-ZÀ-Þ]\S+|\S+\s+(?:(?:de|der|den|ter|ten|te|van|von)\s+)+[A-ZÀ-Þ]\S+)\s+van\s.*$"
)
# Words, and parts of words, with which a name of several words is no person's. Compass points, "water" and the
# like stand alone here: Dutch surnames begin with them (Noordzij, Waterman, Westerhof).
_NO_PERSON = re.compile(
    r"\b(?:\w*(?:universit|hogeschool|academ|instituut|institut|ministerie|ministry|coalit|netwerk|network|fonds|"
    r"communit|platform|program|project|roadmap|sector|council|agency|stichting|foundation|alliantie|alliance|katalysator|"
    r"catalyst|taskforce|nederland|netherlands|defensie|energ|techn|innovat|kennis|knowledge|onderzoek|research|onderwijs|"
    r"education|intelligen|nationa|econom|opleiding|werkplaats|verdienvermogen|inventarisatie)\w*|"
    r"AI|ICT|den (?:haag|bosch)|school|college|fund|labs?|hubs?|centre|center|centrum|papers?|plan|raad|group|"
    r"groep|team|"
    r"model|scan|tools?|toolkit|agenda|cursus|course|conferentie|conference|festival|award|prijs|kamer|bank|diensten|"
    r"services?|europe|holland|brabant|dutch|defence|health|tech|data|digital|society|science|learning|leven|human|capital|"
    r"applied|artificial|public|publieke?|safety|justice|media|business|management|noord|zuid|oost|west|midden|smart|"
    r"industry|industrie|creative|creatieve|water|zorg|care|act|week|day|new|the|een|our|this|these|for|open|big|growth|life|"
    r"key|enabling|top|aspects?|delta|affairs|zaken|klimaat|climate|policy|beleid|bouwen|vereniging|association|dagblad|"
    r"expertise|certification|grants?|gazette|commissie|committee|environment|government|kernen|kreeg|hoort|staatscourant|"
    r"awards|certificaat|position|regieorgaan|rijksdienst|januari|februari|maart|april|mei|juni|juli|augustus|september|"
    r"oktober|november|december|january|february|march|may|june|july|august|october|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_INSTITUTE = re.compile(r"^(\S+\s+[A-ZÀ-Þ]\S+|\S+\s+(?:(?:de|der|den|ter|ten|te|van|von)\s+)+[A-ZÀ-Þ]\S+)\s+van\s.*$")
# Words with which a name of several words is no person's.
_NO_PERSON = re.compile(
    r"\b(?:\w*(?:universit|hogeschool|school|college|academ|instituut|institut|ministerie|ministry|coalit|netwerk|"
    r"network|"
    r"fonds|fund|communit|lab|labs|hub|hubs|centre|center|centrum|platform|program|project|roadmap|paper|plan|sector|"
    r"council|raad|agency|rijks|regie|stichting|foundation|group|groep|community|team|model|scan|tool|kit|agenda|"
    r"alliantie|alliance|katalysator|catalyst|taskforce|cursus|course|conferentie|conference|festival|award|prijs|"
    r"kamer|bank|dienst|service|europe|nederland|holland|brabant|dutch|netherlands|defence|defensie|health|energ|"
    r"techn|tech|data|digital|society|innovat|kennis|knowledge|research|onderzoek|science|education|onderwijs|"
    r"learning|leven|human|capital|applied|artificial|intelligence|nationa|national|public|publiek|safety|justice|"
    r"media|business|management|noord|zuid|oost|west|midden|smart|industry|creative|water|zorg|care|act|week|day)\w*|"
    r"AI|ICT|den (?:haag|bosch)|new|the|een|our|this|these|for|open|big|growth|life|key|enabling|top|"
    r"aspects?|delta|affairs|zaken|klimaat|climate|policy|beleid|econom\w+|bouwen|vereniging|association|dagblad|"
    r"verdienvermogen|expertise|certification|opleiding\w*|werkplaats\w*|grants?|gazette|commissie|committee|"
    r"environment|"
    r"industrie|inventarisatie|government|kernen|kreeg|hoort|staatscourant|awards?|certificaat|position|"
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|"
    r"may|june|july|august|october|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_INSTITUTE = re.compile(
    r"\b(?:hogeschool|universit\w+|university|ministerie|ministry|regieorgaan|college|TU|NL)\b", re.IGNORECASE
)
# Opens a sentence or goes before a name, with a capital or without.
_BEFORE_NAME = re.compile(
    r"^(?:(?:volgens|ook|uit|over|onder|tussen|vanuit|in|op|bij|van|met|door|voor|na|naast|sinds|tot|maar|en|toen|dat|dit|het|de|een|daar|wie|"
    r"wat|waar|"
    r"wanneer|waarom|hoe|hoeveel|welke?|is|was|zijn|heeft|werkt|kan|lector|hoogleraar|professor|prof|dr|ir|drs|mr|"
    r"directeur|"
    r"voorzitter|projectleider|onderzoeker|minister|mevrouw|meneer|according|also|at|by|from|with|after|before|"
    r"since|until|"
    r"but|and|then|that|this|the|an?|there|who|what|where|when|why|how|which|are|does|did|do|has|can|chair|director|"
    r"lecturer|"
    r"researcher|president|leader|associate|mr|mrs|ms|to|on|of|as|both|prof\.|dr\.|no|yes|nee|ja)\b\.?\s*)+",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"\b(?:volgens|according to)\b[^.,;\n]*|,?\s*\b(?:meldde|schreef|schrijft|meldt|wrote|reported|writes|"
    r"reports)\b[^.;\n]*|"
    r",\s*[^,.;\n]*\b(?:reported|wrote|reports|writes)\b[^.;\n]*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:AI|ICT|Nederland|Netherlands|Nederlandse?|Dutch|Engelse?|English|Europa|Europe|Europese|European|I|"
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|"
    r"may|june|july|august|october|euro|euros)$",
    re.IGNORECASE,
)


def names(text: str) -> tuple[str, ...]:
    """Return the capitalised names in a text, each once; a capital that only opens the sentence is none."""
    found: dict[str, None] = {}
    for match in _CAPITALISED.finditer(text):
        opens = match.start() == 0 or text[: match.start()].rstrip(" \"'“‘(-•")[-1:] in ".?!:\n"
        name = _POSSESSIVE.sub("", match.group())
        compound = _COMPOUND.match(name)
        first = name = compound["name"] if compound else name
        if opens or _BEFORE_NAME.match(name):
            name = _without_opening(name) or (name if name.isupper() else "")
        parts = _person_and_rest(name)
        if len(parts) > 1:
            found.update(dict.fromkeys(parts))
            continue
        alone = opens and name == first and " " not in name and len(words(text)) > 1 and not _has_two_capitals(name)
        if name and not alone and not _NO_NAME.match(name) and terms(name, "nl") and terms(name, "en"):
            found.setdefault(name)
    return tuple(found)


def persons(text: str) -> tuple[str, ...]:
    """Return the names of persons in a text, each once: words that no institute or programme is called by."""
    found: dict[str, None] = {}
    for match in _PERSON.finditer(text):
        name = _OF_INSTITUTE.sub(r"\1", _without_opening(match.group()))
        if " " in name and not _NO_PERSON.search(_PARTICLES_AND_LAST.sub(" ", name)):
            found.setdefault(name)
    return tuple(found)


def kind_of(name: str) -> Kind:
    """Tell what kind of name it is by its form."""
    if " " not in name or _INSTITUTE.search(name):
        return "single"
    return "person" if persons(name) else "title"


def new_names(reply: str, question: str) -> tuple[str, ...]:
    """Return what the first sentence that names anything new names, but for persons and for who reported it."""
    asked = question.casefold()
    for sentence in _SENTENCE_END.split(reply):
        told = [name for name in names(_ATTRIBUTION.sub(" ", sentence)) if kind_of(name) != "person"]
        new = tuple(name for name in told if name.casefold() not in asked)
        if new:
            return new
    return ()


def in_full(question: str, texts: Sequence[str]) -> str:
    """Return a question with the full name in place of a person's last name, where the latest text has it."""
    for name in names(question):
        text = next((text for text in texts if f" {name}" in text), "") if " " not in name else ""
        person = next((one for one in persons(text) if one.endswith(f" {name}")), "")
        if person and person not in question:
            question = re.sub(
                rf"(?<!\w)(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]en) )*{re.escape(name)}(?!\w)", person, question, count=1
            )
    return question


def years(text: str) -> tuple[str, ...]:
    """Return the years in a text."""
    return tuple(_YEAR.findall(text))


def without(text: str, phrases: tuple[str, ...]) -> str:
    """Return a text without some phrases, as whole words and whatever their capitals."""
    for phrase in phrases:
        text = re.sub(rf"(?<![\w]){re.escape(phrase)}(?![\w])", " ", text, flags=re.IGNORECASE)
    return " ".join(_LOOSE_HYPHEN.sub("", text).split())


def _person_and_rest(name: str) -> tuple[str, ...]:
    """Split "Josien Engel van Hogeschool Utrecht" in the person and the rest; any other name stays whole."""
    person = next((one for one in persons(name) if name.startswith(one)), name)
    rest = _CONNECTORS.sub("", name[len(person) :])
    return (person, rest) if rest else (name,)


def _without_opening(name: str) -> str:
    """Return a name without the words before it that only open the sentence or tell a person's role."""
    return _BEFORE_NAME.sub("", name + " ", count=1).strip() if not name.isupper() else name


def _has_two_capitals(name: str) -> bool:
    """Tell whether a word is written as only names are: NWO, CHILL, AiNed."""
    return sum(map(str.isupper, name)) > 1
