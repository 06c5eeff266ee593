"""Whether a sentence fills in what a question leaves open: a new amount, a new name, the number of what is counted.

A question that the documents do not answer is often about a sentence that they do hold, but for this
one thing. "How many teachers took part in 2023?" is very near to "There were 8,000 teachers in 2021."
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.answerability.asked_nouns import counted_nouns, role_nouns, sides
from assistant.answerability.gaps import told_to_lack
from assistant.answerability.knowledge import Knowledge
from assistant.answerability.terms import Term, holds_term, stems_of
from assistant.figures import Figure, FigureKind, agrees, figures_in
from assistant.lexical import terms
from assistant.polarity import says_what_lacks
from assistant.question import Asked, holds, what_is_asked
from assistant.question.kinds import COSTS_NOTHING, MONTH
from assistant.types import Language, Quote, SearchQuery

FILLED, PERHAPS, OPEN = 1.0, 0.5, 0.0
_DATES: frozenset[FigureKind] = frozenset({"date", "year", "decade"})
_FIGURES: dict[Asked, frozenset[FigureKind]] = {
    Asked.AMOUNT: frozenset({"amount"}),
    Asked.COUNT: frozenset({"number", "magnitude", "period", "year", "amount", "percentage"}),
    Asked.PERCENTAGE: frozenset({"percentage", "amount"}),
    Asked.DATE: frozenset({"date", "decade", "year", "time"}),
}
_COUNTS: frozenset[FigureKind] = frozenset({"number", "magnitude", "period"})
_CHECKED = frozenset({*_FIGURES, Asked.PERSON, Asked.PLACE, Asked.ADDRESS, Asked.REASON, Asked.LIST})
# "..., meldde de NL AIC op 20 december 2023": who said something and when is not what is said.
_SAYS = (
    r"meldde|meldt|schreef|schrijft|zegt|zei|aldus|volgens|noemde|noemt|bericht|pagina|artikel|folder|"
    r"reported|reports|wrote|writes|says|said|according to|announced|item|page|article|leaflet"
)
_DAY = r"(?:\d{1,2}\s+)?(?:[a-z]+\s+)?(?:19|20)\d\d"
_ATTRIBUTION = re.compile(
    rf"\b(?:{_SAYS})\b[^.;:]{{0,80}}?\b(?:op|in|uit|van|on|of|from|dated)\s+{_DAY}|"
    rf"\b(?:op|in|on)\s+{_DAY}\s+(?:{_SAYS})\b",
    re.IGNORECASE,
)
_ASKS_SAYING = re.compile(
    r"\b(?:bekend ?gemaakt|aangekondigd|gemeld|bericht|gepubliceerd|announced|reported|published|written)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:\s+(?:(?:van|de|der|den|ter|ten)\s+){0,2}[A-ZÀ-Þ][a-zà-ÿ'’-]+)+")
_CAPITAL = re.compile(r"(?<=\s)[\"“‘(]?[A-ZÀ-Þ][\w'’&-]+")
# Not "in December 2023", "in Dutch and English" or "in the SIA item".
_AT = re.compile(
    r"\b(?:in|te|bij|at|op|uit|from|near)\s+(?:het |de |the )?"
    rf"(?!(?i:{MONTH}|nederlands|engels|dutch|english)\b)(?![\w-]*(?:bericht|pagina|folder)\b)([A-ZÀ-Þ][\w'’-]+)\b"
    r"(?!(?: [\w-]+){0,2} (?:item|page|leaflet|report|bericht|pagina|folder|rapport)\b)"
)
_SEPARATOR = re.compile(r",|;|\b(?:en|and|of|or)\b")
_BY_ORGANISATIONS = re.compile(
    r"\b(?:be(?:taal|tal)\w*|financ\w*|subsidi\w*|gaf|geeft|organis\w*|organiz\w*|mee(?:doen|deed|deden|doet)?|"
    r"neemt|namen|nemen|maakte?n?|pa(?:y|ys|id)|fund\w*|gave|gives?|takes?|took|part|made|makes?|publi\w*|"
    r"behind|achter|uitgevoerd|aanvra\w*|appl\w*|penvoerder\w*|lead (?:partner|applicant)|co[oö]rdin\w*|partners?|"
    r"voer(?:t|de|den|en)|carr(?:y|ies|ied)|verantwoordelijk\w*|responsible|initi\w*|begon\w*|start\w*)\b",
    re.IGNORECASE,
)
"""What organisations do as often as people do, so that "who" may be either."""
_AFTER, _BEFORE = 40, 25
"""Characters between a number and the noun that it counts, at most."""
_LONGEST_LIST = 30
_NAMING = re.compile(r"\b(?:welke|which|noem|name|list|wat zijn|what are|hoe luiden|hoe heten)\b", re.IGNORECASE)
_WHO_IS = re.compile(r"\W*(?:en |and )?(?:wie|who) (?:is|was|zijn|waren|are|were) ([a-z]{3,})\b")
_NEXT = 8
"""Characters between "which" and the number of things, at most."""
_PART_OF = re.compile(
    r"\b\d[\d.,]*\s+(?:van de|of the|out of)\s+\d|\b(?:helft|half|kwart|quarter|derde|third)\b", re.IGNORECASE
)
_TOLD_OF = 0.35
"""Share of the question's terms from which on a sentence that something is not known is about what is asked."""
_GIVES_REASON = re.compile(r"\b(waarom|hoezo|why|reden|reason)\b", re.IGNORECASE)
_ONLY_PURPOSE = re.compile(r"\bom\b[^.]*\bte\b|\bin order to\b", re.IGNORECASE)
_NEED = re.compile(
    r"\b(?:moet(?:en)?|nodig|belang|belangrijk|doel|voordeel|helpt|should|must|needed|important|aims?|goal|benefit|helps?)\b",
    re.IGNORECASE,
)
"""What may be a reason, as often as not."""
_OF_ADDRESS = (
    (re.compile(r"e-?mail|mailadres", re.IGNORECASE), re.compile(r"\S@\S")),
    (re.compile(r"telefoon|phone", re.IGNORECASE), re.compile(r"(?<!\w)\+?\(?\d{2,4}[\d ()-]{6,}\d\b")),
    (
        re.compile(r"website|web ?page|\burl\b|\blink\b", re.IGNORECASE),
        re.compile(r"https?://|www\.|\w\.(?:nl|com|org|eu)\b"),
    ),
)
"""What the question calls an address, and what one looks like."""
_ANY_ADDRESS = re.compile(r"\S@\S|https?://\S|www\.\S", re.IGNORECASE)
_RARE_NAME = 0.4
"""A person's names are rarer than this; the words of "Learning Communities" are not."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What a question leaves open."""

    asked: Asked
    question: str
    figures: tuple[Figure, ...]
    """Of the question itself: they are given, not asked for."""
    terms: tuple[Term, ...]
    """Of the question."""
    nouns: tuple[Term, ...]
    """What is counted or chosen from."""
    roles: tuple[Term, ...]
    """What somebody or something is to have or to be: the chair, the duration."""
    sides: tuple[tuple[Term, ...], ...]
    """What is compared."""
    knowledge: Knowledge
    language: Language
    """Of the question."""

    @property
    def checked(self) -> bool:
        """Whether a text shows that it holds a thing of this kind."""
        return self.asked in _CHECKED

    @property
    def _of_something_unknown(self) -> bool:
        """Whether what the figure is to be ("het SALARIS van") is a word that no document knows."""
        return bool(self.roles) and not any(one.known for one in self.roles)

    def filled(self, quote: Quote) -> float:
        """Return how far a sentence fills the slot: FILLED, PERHAPS or OPEN; PERHAPS for kinds that do not show."""
        if self.told_to_lack(quote) >= _TOLD_OF:
            # That the sources do not say it is an answer.
            return FILLED
        if self.checked and says_what_lacks(quote.text):
            return OPEN
        if self.asked in _FIGURES and (self._of_another_year(quote) or self._of_something_unknown):
            return OPEN
        if self.asked in _FIGURES:
            return self._by_figure(quote)
        if self.asked is Asked.PERSON:
            return self._by_name(quote)
        if self.asked is Asked.LIST:
            return self._by_list(quote)
        if self.asked is Asked.PLACE:
            return self._by_place(quote)
        if self.asked is Asked.REASON:
            return self._by_reason(quote)
        if self.asked is Asked.ADDRESS:
            wanted = [form for name, form in _OF_ADDRESS if name.search(self.question)] or [_ANY_ADDRESS]
            return FILLED if any(form.search(quote.text) for form in wanted) else OPEN
        return PERHAPS

    def told_to_lack(self, quote: Quote) -> float:
        """Return which share of the question a sentence says is not in the sources, 0 to 1."""
        return told_to_lack(self.asked, self.terms, quote)

    def _of_another_year(self, quote: Quote) -> bool:
        """Tell whether a sentence speaks of other years than the one that the question is about."""
        years = [one for one in self.figures if one.kind in _DATES]
        text = _ATTRIBUTION.sub(" ", quote.text)
        told = [one for one in read_figures(text, quote.chunk.language) if one.kind in _DATES]
        return bool(years and told) and not any(fits(one, other) for one in years for other in told)

    def _by_place(self, quote: Quote) -> float:
        """Look for a name that the question does not give: behind "in" or "at" it is mostly a place."""
        new = [one for one in _CAPITAL.findall(quote.text) if one.strip('"“‘(') not in self.question]
        places = (one for one in _AT.findall(quote.text) if one not in self.question and not one.isupper())
        return FILLED if any(places) else PERHAPS if new else OPEN

    def _by_reason(self, quote: Quote) -> float:
        """Look for a word that gives a reason, or for a heading that asks for one."""
        if holds(self.asked, _ONLY_PURPOSE.sub(" ", quote.text)) or _GIVES_REASON.search(quote.chunk.heading or ""):
            return FILLED
        return PERHAPS if _ONLY_PURPOSE.search(quote.text) or _NEED.search(quote.text) else OPEN

    def _by_figure(self, quote: Quote) -> float:
        """Look for a new figure of the kind, next to what it counts and outside "X reported on ..."."""
        text, language = quote.text, quote.chunk.language
        if self.asked is Asked.AMOUNT and COSTS_NOTHING.search(text):
            return FILLED
        new = [
            figure
            for figure in read_figures(text, language)
            if figure.kind in (_COUNTS if self.asked is Asked.COUNT and self.nouns else _FIGURES[self.asked])
            and not any(_says(given, figure) for given in self.figures)
        ]
        if self.asked in (Asked.COUNT, Asked.DATE):
            said = [] if _ASKS_SAYING.search(self.question) else [one.span() for one in _ATTRIBUTION.finditer(text)]
            own = [one for one in new if not any(start <= one.start < end for start, end in said)]
            if self.asked is Asked.DATE:
                return FILLED if own else PERHAPS if new else OPEN
            new = own
        if self.asked is Asked.PERCENTAGE:
            share = any(one.kind == "percentage" for one in new) or _PART_OF.search(text)
            return FILLED if share else PERHAPS if new else OPEN
        if not new or self.asked is not Asked.COUNT or not self.nouns:
            # "Hoeveel kreeg Avans?" asks for money and names nothing that is counted.
            return FILLED if new else OPEN
        if language != self.language:
            return PERHAPS
        beside = " ".join(text[max(0, one.start - _BEFORE) : one.end + _AFTER] for one in new)
        stems = frozenset(terms(beside, language))
        if any(holds_term(noun, stems, language) for noun in self.nouns):
            return FILLED
        whole = stems_of(" ".join([quote.chunk.heading or "", text]), language)
        return PERHAPS if any(holds_term(noun, whole, language) for noun in self.nouns) else OPEN

    def _by_name(self, quote: Quote) -> float:
        """Look for a person that the question does not name; another name will sometimes do."""
        language = quote.chunk.language
        for name in _NAME.findall(quote.text):
            rare = all(self.knowledge.share_of_rarest(stem, language) > _RARE_NAME for stem in terms(name, language))
            if rare and not any(word in self.question for word in name.split() if word[:1].isupper()):
                return FILLED
        if not any(one not in self.question for one in _CAPITAL.findall(f" {quote.text}")):
            return OPEN
        return FILLED if _BY_ORGANISATIONS.search(self.question) else PERHAPS

    def _by_list(self, quote: Quote) -> float:
        """Look for a list, of as many things as the question names a number of."""
        if quote.span.kind in ("item", "table") or quote.text.rstrip().endswith(":"):
            return FILLED
        wanted = self._length_of_list()
        separators = len(_SEPARATOR.findall(quote.text))
        return FILLED if separators >= max(2, wanted - 1) else OPEN if wanted > 1 else PERHAPS

    def _length_of_list(self) -> int:
        """Return how many things a question wants named ("which six regions"); 0 where it does not say."""
        opened = _NAMING.search(self.question)
        for one in self.figures if opened else ():
            near = opened is not None and 0 <= one.start - opened.end() <= _NEXT
            if near and isinstance(one.value, Decimal) and 1 < one.value <= _LONGEST_LIST:
                return int(one.value)
        return 0


def slot_of(query: SearchQuery, asked: Sequence[Term], knowledge: Knowledge, texts: Iterable[str] = ()) -> Slot:
    """Return what a question leaves open; `texts` were found for it, and show which of its words are names."""
    kind = what_is_asked(query.question)
    if kind in (Asked.PERSON, Asked.LIST) and _asks_who_that_is(query.question, texts):
        kind = Asked.MEANING
    return Slot(
        asked=kind,
        question=query.question,
        figures=read_figures(query.question, query.language),
        terms=tuple(asked),
        nouns=counted_nouns(query, asked),
        roles=role_nouns(query, asked),
        sides=sides(query, asked),
        knowledge=knowledge,
        language=query.language,
    )


def _asks_who_that_is(question: str, texts: Iterable[str]) -> bool:
    """Tell whether a question names a person without capitals: texts write the name with one, and never without."""
    match = _WHO_IS.match(question)
    if not match:
        return False
    text = " ".join(texts)
    name = re.escape(match.group(1))
    return bool(re.search(rf"\b{name.capitalize()}\b", text)) and not re.search(rf"\b{name}\b", text)


def fits(one: Figure, other: Figure) -> bool:
    """Tell whether two figures can mean the same: equal, or a date and its year."""
    if one.kind in _DATES and other.kind in _DATES:
        short, long = sorted((str(one.value), str(other.value)), key=len)
        return long.startswith(short) or short.lstrip("-") in long
    return agrees(one, other)


def _says(given: Figure, figure: Figure) -> bool:
    """Tell whether a question says a figure itself; a day in the year that it names is still new."""
    if given.kind in _DATES and figure.kind in _DATES:
        return str(given.value).startswith(str(figure.value))
    return agrees(given, figure)


@lru_cache(maxsize=4096)
def read_figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text; the sentences of an index come back question after question."""
    return tuple(one for one in figures_in(text, language) if one.sure)
