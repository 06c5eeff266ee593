"""A question in the words of a passage: its heading, its list or its definition, as a person would ask it.

The question only has to be well formed and to stand on its own; whether it is answered is tried elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.conversation.cues import content_terms, leans_on_conversation
from assistant.conversation.entities import names
from assistant.types import Chunk, Language, Span

Origin = Literal["question", "list", "definition", "topic"]
LONGEST_QUESTION = 140
"""Characters; a button holds no more."""
_SHORTEST_QUESTION = 8
_LONGEST_TOPIC = 70
_LONGEST_NAME = 6
"""Words of what is defined."""
# "Stap 4: wat regel ik …?", "3.2 Samenstelling", "B. Begroting": where it stands, not what it is about.
_NUMBERING = re.compile(
    r"^\W*(?:(?:stap|step|vraag|question|deel|part|hoofdstuk|chapter|bijlage|appendix|annex)\s+\w{1,4}\s*[:.–-]\s*|"
    r"(?:\d{1,2}\.)*\d{1,2}[.):]?\s+(?=\D)|[A-Za-z][.)]\s+)",
    re.IGNORECASE,
)
_GLOSS = re.compile(r"\s*\([^()]*\)\s*$")
_ASKS = {
    "nl": re.compile(
        r"(?:(?:aan|bij|door|in|met|naar|om|op|over|sinds|tot|tussen|uit|van|vanaf|voor) )?"
        r"(?:wat|wie|wiens|waar\w*|wanneer|welke?|hoe\w*|is|zijn|was|waren|heeft|hebben|had|hadden|kan|kun|kunnen|kon|"
        r"mag|mogen|moet|moeten|moest|wordt|worden|werd|werden|zal|zullen|doet|doen|deed|bestaat|bestaan|geldt|gelden|"
        r"\w+t(?:e|en)?|\w+d(?:e|en)?|gaan?|ging|komt|komen|krijg\w*|kreeg|houd\w*)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:(?:at|by|for|from|in|of|on|since|through|to|under|until|with|within) )?"
        r"(?:what|who|whom|whose|where|when|which|how|why|is|are|was|were|has|have|had|can|could|may|might|must|should|"
        r"will|would|does|do|did)\b",
        re.IGNORECASE,
    ),
}
# Two questions in one: the second is easily left without an answer.
_SECOND = re.compile(
    r"[,;]? (?:en|of|and|or) (?:(?:aan|bij|met|van|voor|for|of|to|with) )?"
    r"(?:wat|wie|waar\w*|wanneer|welke?|hoe\w*|what|who\w*|where|when|which|how|why)\b",
    re.IGNORECASE,
)
_ARTICLE = {"nl": re.compile(r"(?:de|het|een)\s+", re.IGNORECASE), "en": re.compile(r"(?:the|an?)\s+", re.IGNORECASE)}
_DEFINES = {
    "nl": re.compile(r"(?P<subject>[^,;:.!?()\"“”]{2,60}?)(?: \([^()]{2,60}\))? (?P<verb>is|zijn) (?:een|de|het) "),
    "en": re.compile(r"(?P<subject>[^,;:.!?()\"“”]{2,60}?)(?: \([^()]{2,60}\))? (?P<verb>is|are) (?:an?|the) "),
}
# Words that cannot stand in the name of a thing that is defined.
_NO_NAME = re.compile(
    r"\b(?:dit|deze|dat|die|er|hier|daar|hij|zij|ze|we|wij|je|u|ik|wat|wie|waar\w*|welke|als|omdat|maar|ook|niet|geen|"
    r"this|these|that|those|there|here|he|she|they|we|you|it|i|what|who|which|where|if|because|but|also|not|no)\b",
    re.IGNORECASE,
)
_COUNT = {
    "nl": r"twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|[2-9]|1\d|20",
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|1\d|20",
}
# "Drie partijen betalen de regeling:", where what is counted does something.
_COUNTED_FIRST = {
    language: re.compile(rf"(?P<count>{count})\s+(?P<rest>(?:[^\s,;:.!?()]+ ){{2,16}}[^\s,;:.!?()]+):", re.IGNORECASE)
    for language, count in _COUNT.items()
}
# "De regeling heeft drie voorwaarden:", where what is counted is had.
_COUNTED_LAST = {
    "nl": re.compile(
        rf"(?P<subject>[^,;:.!?()]{{2,60}}?) (?P<verb>heeft|hebben|had|hadden|kent|telt|noemt|noemde) "
        rf"(?P<count>{_COUNT['nl']}) (?P<things>[^,;:.!?()]{{3,50}}):",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"(?P<subject>[^,;:.!?()]{{2,60}}?) (?P<verb>has|have|had) "
        rf"(?P<count>{_COUNT['en']}) (?P<things>[^,;:.!?()]{{3,50}}):",
        re.IGNORECASE,
    ),
}
_DO = {"has": "does", "have": "do", "had": "did"}
_ABOUT = {"nl": "Wat zeggen de documenten over “{topic}”?", "en": "What do the documents say about “{topic}”?"}
_LIKE_PERSON = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’-]+(?: (?:van|de|der|den|ter|ten|von|el|al|[A-ZÀ-Þ][a-zà-ÿ'’-]+))+")
_ROLE = re.compile(
    r"\b(?:\w*(?:lector|hoogleraar|onderzoeker|directeur|bestuurder|voorzitter|docent|adviseur|manager|coördinator|"
    r"leider|medewerker|minister|wethouder|burgemeester|lid|schrijver|ontwerper|ondernemer|politicus)|professor|"
    r"lecturer|researcher|director|chair(?:man|woman|person)?|teacher|adviser|advisor|coordinator|leader|officer|member|"
    r"mayor|author|writer|designer|entrepreneur|politician|actor|actress|player|singer)\b(?!-)",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters after "is a" within which a role is named."""
# A heading that any document may have says nothing about this one.
_GENERIC = re.compile(
    r"(?:inleiding|introductie|samenvatting|conclusies?|aanbevelingen|inhoud(?:sopgave)?|bijlagen?|colofon|voorwoord|"
    r"literatuur(?:lijst)?|bronnen|referenties|dankwoord|achtergrond|contact|overig|algemeen|introduction|summary|"
    r"executive summary|conclusions?|recommendations|(?:table of )?contents|appendix|appendices|annex(?:es)?|colophon|"
    r"\w+ \d+\w?|preface|references|bibliography|sources|acknowledge?ments|background|general|other|footnotes|noten|"
    r"voetnoten)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrased:
    """A question and the stretch of the document's text that it was made from."""

    question: str
    origin: Origin
    start: int
    end: int


def questions_of(chunk: Chunk, document: str) -> Iterator[Phrased]:
    """Yield the questions that a passage in Dutch or English gives rise to, the most natural one first.

    `document` is the text that it stands in: it shows which words have a capital of their own.
    """
    if chunk.language == "und":
        return
    heading = " ".join((chunk.heading or "").split())
    if asked := as_question(heading, chunk.language):
        yield Phrased(asked, "question", chunk.start, chunk.end)
        return
    topic = _GLOSS.sub("", _NUMBERING.sub("", heading))
    found = False
    for span in chunk.sentences:
        text = chunk.text[span.start - chunk.start : span.end - chunk.start]
        for one in _of_sentence(text, span, topic, chunk.language, document):
            found = True
            yield one
    if not found and (asked := about(topic, chunk.language)):
        yield Phrased(asked, "topic", chunk.start, chunk.end)


def as_question(heading: str, language: Language) -> str | None:
    """Return a heading that is a question of its own, without its number; None for any other heading."""
    text = _NUMBERING.sub("", heading).strip()
    is_one = text.endswith("?") and text.count("?") == 1 and _SHORTEST_QUESTION <= len(text) <= LONGEST_QUESTION
    if not is_one or not _ASKS[language].match(text) or _SECOND.search(text) or leans_on_conversation(text):
        return None
    return _capitalised(text)


def about(topic: str, language: Language) -> str | None:
    """Return a question about what a heading names; None where the heading could stand in any document."""
    plain = topic.strip(" .:;–-")
    letters = sum(letter.isalpha() or letter.isspace() for letter in plain)
    if _GENERIC.fullmatch(plain) or not 4 <= len(plain) <= _LONGEST_TOPIC or letters < 0.8 * len(plain):
        return None
    if len(content_terms(plain)) < 2 and not names(plain):
        return None
    return None if set('“”"?!') & set(plain) else _ABOUT[language].format(topic=plain)


def _of_sentence(text: str, span: Span, topic: str, language: Language, document: str) -> Iterator[Phrased]:
    """Yield the question that a sentence answers by its form."""
    made = counted(text, language)
    if made:
        yield Phrased(made, "list", span.start, span.end)
    elif span.kind == "paragraph" and (made := defined(text, topic, language, document)):
        yield Phrased(made, "definition", span.start, span.end)


def counted(text: str, language: Language) -> str | None:
    """Return what a sentence that opens a list is an answer to: "which three …?"; None for any other sentence."""
    made = None
    if first := _COUNTED_FIRST[language].fullmatch(text.strip()):
        made = f"{'Welke' if language == 'nl' else 'Which'} {first['count'].lower()} {first['rest']}?"
    elif last := _COUNTED_LAST[language].fullmatch(text.strip()):
        subject = _lowered(last["subject"], language)
        if language == "nl":
            made = f"Welke {last['count']} {last['things']} {last['verb']} {subject}?"
        else:
            made = f"Which {last['count']} {last['things']} {_DO[last['verb'].lower()]} {subject} have?"
    if made is None or _NO_NAME.search(made.split(" ", 1)[1]) or leans_on_conversation(made):
        return None
    return made if len(made) <= LONGEST_QUESTION else None


def defined(text: str, topic: str, language: Language, document: str = "") -> str | None:
    """Return the question what, or who, something is that a sentence defines; None where it defines nothing.

    A thing with "the" is one that was spoken of before, unless the heading or a name says which.
    """
    found = _DEFINES[language].match(text.strip())
    if found is None or _NO_NAME.search(found["subject"]):
        return None
    subject = found["subject"].strip()
    article = _ARTICLE[language].match(subject)
    bare = subject[article.end() :] if article else subject
    is_headed = bare.casefold() == topic.casefold()
    is_indefinite = article is not None and article.group().strip().casefold() in ("een", "a", "an")
    # After an article a capital is the word's own.
    is_name = bare[:1].isupper() if article else _is_name(bare, document)
    if not (is_headed or is_indefinite or (is_name and names(subject))) or len(bare.split()) > _LONGEST_NAME:
        return None
    dutch = language == "nl"
    if not article and _LIKE_PERSON.fullmatch(subject):
        # Places and titles look like persons; only what the sentence says of them tells which.
        is_person = _ROLE.search(text[found.end() :][:_NEAR])
        return (f"{'Wie is' if dutch else 'Who is'} {subject}?") if is_person else about(subject, language)
    if article is None and not is_name:
        term = f"“{_own_case(subject, document)}”"
        return f"Wat betekent {term}?" if dutch else f"What does {term} mean?"
    return f"{'Wat' if dutch else 'What'} {found['verb']} {_lowered(subject, language)}?"


def _is_name(term: str, document: str) -> bool:
    """Tell whether a term has a capital of its own: within a word, or in the middle of a sentence."""
    first = term.split()[0]
    if any(letter.isupper() for letter in first[1:]) or not first[:1].isalpha():
        return True
    if not first[:1].isupper():
        return False
    return bool(re.search(rf"[a-zà-ÿ,] {re.escape(term)}(?!\w)", document)) or (term.istitle() and " " in term)


def _lowered(subject: str, language: Language) -> str:
    """Return the beginning of a sentence as it stands within one."""
    article = _ARTICLE[language].match(subject)
    return subject[: article.end()].lower() + subject[article.end() :] if article else subject


def _own_case(term: str, document: str) -> str:
    """Return a term that opens a sentence without its capital, where the document writes it so."""
    lowered = term[:1].lower() + term[1:]
    return lowered if re.search(rf"(?<!\w){re.escape(lowered)}(?!\w)", document) else term


def _capitalised(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
