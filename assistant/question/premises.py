"""What a question takes for granted, as a claim that can be held against the documents.

Four forms matter, because each allows another reply:

- "check"   a yes/no question or a statement in question form: it is true, false, or not in the documents;
- "exists"  "is there", "may I", "can we": a wish for information in the form of a yes/no question;
- "reason"  "why …": takes the whole of what follows for granted;
- "open"    any other question: takes only its figures for granted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.polarity import NEGATION
from assistant.types import Language

ClaimForm = Literal["check", "exists", "reason", "open"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a question states."""

    text: str
    """In the words of the question, without those that only ask."""
    form: ClaimForm
    language: Language
    negated: bool = False


_OPENING = re.compile(
    r"^\W*(?:(?:en|maar|dus|oké|ok|hoi|hallo|dag|and|but|so|well|hi|hello|hey)\b[\s,]+)+", re.IGNORECASE
)
# "Klopt het dat", "I read somewhere that", "can you confirm that": what follows is the claim.
_ANNOUNCED = re.compile(
    r"^\W*(?:"
    r"klopt (?:het|dit)(?: nou| nu| wel| eigenlijk| inderdaad)?(?: dat| als ik zeg dat)|"
    r"is (?:het|dat) (?:nou |nu |echt |wel |inderdaad |ook )?(?:waar|zo|juist|correct|bekend) dat|"
    r"(?:kunt u|kun je|kan je|kan iemand) (?:\w+ )?(?:bevestigen|nagaan|checken|controleren) (?:dat|of)|"
    r"(?:ik|we|wij) (?:\w+ )?(?:hoorde|hoor|las|lees|dacht|denk|begreep|begrijp|meen|neem aan|ga ervan uit|zag)"
    r"(?: \w+)?(?:,)? dat|"
    r"(?:ik|we|wij) (?:heb|hebben|had|hadden) (?:\w+ )?(?:gehoord|gelezen|begrepen|gezien) dat|"
    r"(?:mijn|onze|een|iemand|sommige)(?: \w+)? (?:weet zeker|zegt|zei|zeggen|beweert|beweren|denkt|denken|meldde) dat|"
    r"(?:weet je|weet u) zeker dat|heb ik (?:het )?goed (?:begrepen )?dat|"
    r"is it (?:really |actually |indeed |also |still )?(?:true|correct|right|the case|a fact) that|"
    r"(?:can|could) (?:you|someone|anyone) (?:please )?(?:confirm|check|verify)(?: that| whether| if)?|"
    r"(?:am i|are we) (?:right|correct)(?: in thinking| to think| to say)?(?: that)?|"
    r"(?:i|we) (?:\w+ )?(?:heard|read|thought|think|understood|understand|believe|believed|assume|saw|gather)"
    r"(?: \w+)? that|"
    r"(?:i|we) (?:have|had) (?:\w+ )?(?:heard|read|understood|seen) that|"
    r"(?:my|our|an?|someone|some)(?: \w+)? (?:is (?:sure|positive|certain)|says?|said|claims?|claimed|thinks?|told me)"
    r"(?: that)?|"
    r"are you sure that|do i understand(?: correctly)? that"
    r")\s+",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\b(?:toch|hè|he|nietwaar|niet waar|of niet|klopt dat|klopt het|is dat zo|is dat waar|is dat juist|correct|right|"
    r"is that (?:right|true|correct|so)|is this (?:right|true|correct)|"
    r"(?<=, )(?:is|was|are|were|did|does|do|has|have|had)(?:n['’]t| not)? (?:it|they|he|she|there))\s*\?*\s*$",
    re.IGNORECASE,
)
_TOCH = re.compile(r"\b(?:toch|immers|dus|namelijk|of course|surely)\b", re.IGNORECASE)
_WH = re.compile(
    r"\b(?:wat|wie|waar\w*|wanneer|welke?|hoe|hoeveel\w*|hoelang|wiens|what|who|whom|whose|where|when|which|how)\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^\W*(?:waarom|waardoor|hoe komt het dat|why|how come|what made|for what reason)\b\s*", re.IGNORECASE
)
# Yes/no in form, in fact a request to tell something.
_REQUEST = re.compile(
    r"^\W*(?:kun|kunt|kan|zou|zouden|wil|wilt|weet|weten|heb|hebt|could|can|would|will|do you|have you)\b"
    r"(?: (?:je|jij|u|jullie|iemand|you|anyone|someone|know))*\b.*"
    r"\b(?:vertellen|uitleggen|zeggen|geven|noemen|laten zien|weten|helpen|samenvatten|"
    r"tell|explain|say|give|name|show|know|help|list|summarise|summarize)\b",
    re.IGNORECASE,
)
_EXISTS = re.compile(
    r"^\W*(?:(?:is|zijn|was|waren|bestaat|bestaan|komt|komen|loopt|lopen|staat|staan) (?:er|daar)\b|"
    r"(?:bestaat|bestaan|geldt|gelden|staat|staan|hangt|zit|zitten|mag|mogen|moet|moeten|kan|kunnen|kun|hoef\w*|"
    r"heb je|hebben jullie)\b|"
    r"(?:is|are|was|were|will|do|does|did|may|can|could|must|should|would)(?: there| i| we| you)\b|"
    r"(?:may|can|could|must|should|need|will|would)\b(?: (?:one|an?|any|my|our))\b|"
    r"(?:have|has) you\b)",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"^\W*(?:is|zijn|was|waren|heeft|hebben|had|hadden|werd|werden|wordt|worden|zal|zullen|zou|zouden|gaat|ging|gingen|"
    r"doet|doen|deed|deden|komt|kwam|kwamen|krijgt|krijgen|kreeg|kregen|kost|kostte|betaalt|betaalde|betaalden|begon|"
    r"begint|begonnen|start|startte|leidt|leidde|liep|loopt|duurt|duurde|telt|telde|geeft|gaf|gaven|sloot|sluit|"
    r"bedraagt|bedroeg|won|wint|vond|nam|namen|neemt|nemen|hoort|hoorde|hoorden|bestond|kan|kunnen|kon|konden|mag|mogen|"
    r"mocht|moet|moeten|moest|krijg|geldt|gold|staat|stond|zit|zat|heet|heette|werkt|werkte|valt|viel|vallen|deden|"
    r"financiert|financierde|organiseerde|ontving|ontvangt|ontvingen|stopte|richtte|betreft|betrof|"
    r"are|were|did|does|do|has|have|can|could|will|would|must|should|may|might|isn['’]t|wasn['’]t|aren['’]t|"
    r"weren['’]t|didn['’]t|doesn['’]t|don['’]t|hasn['’]t|haven['’]t)\b",
    re.IGNORECASE,
)
# A Dutch past tense at the front ("Organiseerde Fontys …?") is a yes/no question as well.
_PAST_FIRST = re.compile(r"^\W*[A-ZÀ-Þ]?[a-zà-ÿ]{3,}(?:de|te|den|ten)\s", re.UNICODE)
_ALTERNATIVE = {
    "nl": re.compile(r"\b(?!wel\b)([\w%]+)\s+of\s+(?!niet\s*\?)(\w+)", re.IGNORECASE),
    "en": re.compile(r"\b([\w%]+)\s+or\s+(?!not\s*\?)(\w+)", re.IGNORECASE),
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"'(])")


def claim_of(question: str, language: Language) -> Claim | None:
    """Return what a question states; None where it states nothing, as "is it A or B?" does."""
    sentences = [_OPENING.sub("", sentence) for sentence in _SENTENCE_END.split(question.strip())]
    claims = [claim for claim in (_claim(sentence, language) for sentence in sentences) if claim]
    # Beside a question for something else, a yes or a no would be half an answer.
    if claims and (claims[0].form == "reason" or not any(_asks_openly(sentence) for sentence in sentences)):
        return claims[0]
    return Claim(question, "open", language, _negated(question)) if question.strip() else None


def _claim(sentence: str, language: Language) -> Claim | None:
    """Return the claim of one sentence of a question."""
    reason = _WHY.match(sentence)
    if reason:
        text = sentence[reason.end() :]
        return Claim(text, "reason", language, _negated(text))
    announced = _ANNOUNCED.match(sentence)
    if announced:
        return _check(sentence[announced.end() :], language)
    if not sentence.rstrip().endswith("?"):
        return None
    return _asked(sentence, language)


def _asks_openly(sentence: str) -> bool:
    """Tell whether a sentence asks for something other than yes or no."""
    asks = _WH.search(sentence) and not _TAG.search(sentence) and not _ANNOUNCED.match(sentence)
    return bool(asks and sentence.rstrip().endswith("?"))


def _asked(sentence: str, language: Language) -> Claim | None:
    """Return the claim of a sentence that ends in a question mark."""
    tag = _TAG.search(sentence)
    if _REQUEST.match(sentence) or (_WH.search(sentence) and not tag):
        return None
    if tag:
        return _check(sentence[: tag.start()], language)
    if _alternative(sentence, language):
        return None
    if _EXISTS.match(sentence):
        return Claim(sentence, "exists", language, _negated(sentence))
    opens_with_verb = _VERB_FIRST.match(sentence) or (language == "nl" and _PAST_FIRST.match(sentence))
    return _check(sentence, language) if opens_with_verb or _TOCH.search(sentence) else None


def _check(text: str, language: Language) -> Claim | None:
    """Return a claim that wants a yes or a no."""
    if _alternative(text, language) and not NEGATION.search(text) and _VERB_FIRST.match(text):
        return None
    return Claim(text.strip(" ,?"), "check", language, _negated(text))


def _alternative(text: str, language: Language) -> bool:
    """Tell whether a question lets one choose: "is it A or B?"."""
    found = _ALTERNATIVE["nl" if language == "nl" else "en"].finditer(text)
    # "Centres of Expertise" in a Dutch question is a name.
    return any(not (match[1][0].isupper() and match[2][0].isupper()) for match in found)


def _negated(text: str) -> bool:
    """Tell whether a text says no; "isn't it so that" asks for a yes."""
    return bool(NEGATION.search(re.sub(r"^\W*\w+n['’]t\b", "", text)))
