"""The words of a question that a text about the answer should hold, and whether one does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answerability.alike import alike
from assistant.answerability.knowledge import Knowledge
from assistant.lexical import terms
from assistant.types import Language, SearchQuery

_WORD = re.compile(r"\d{1,3}(?:[.,]\d{3})+|[^\W_]+")
_PAIRS: tuple[tuple[Language, Language], ...] = (("nl", "en"), ("en", "nl"))
# Words that shape a question and say nothing of its subject; rare in documents, so their rarity misleads.
CONVERSATION = frozenset(
    "aangeven actueel alleen allemaal ander andere anders bedoel bedoelt beetje best betekent dag dank denk "
    "dien dienen dingen echt eens eigenlijk elkaar ene even eventueel gebeurt geef gelden geldt genoemd "
    "genoemde geven gewoon ging graag haal heeft heet heten hield hoelang hoeveel hoeveelste hoezo houdt "
    "iemand iets ineens inmiddels kom komen komt kreeg krijg krijgen krijgt laat lees leg lezen lijkt maak "
    "maakt maken meer meest minder moest mogelijk naam namen neem nodig noem noemen noemt nou ongeveer ooit "
    "opzoeken pak precies probeer punt soort staan staat steeds stel toon totaal uitleg uitleggen vertellen "
    "vertelt vind vinden vindt vooral vraag vragen waarmee waaruit waarvan weer werd werden weten wist zeg "
    "zeggen zegt zet zie zien zit zitten zoals zoek zogenaamd zoiets "
    "actual actually again already always another anyone anything anyway became become been bit bring brought "
    "call called comes coming describe difference does doing each else ever everyone everything exact exactly "
    "explain find first follow found gave gets getting give given gives goes going good got happen happened "
    "happens held help here kind like list little long look looking lot made make makes many mean means meant "
    "mention mentioned much name named names need needed number ones only other others own people please put "
    "really right off said same say says see sort state still such sure take taken takes talk tell thing things "
    "think took try turn under use used want wanted way went wonder work years yet".split()
)
_LEAST_PART = 5
"""From this length on, a word that opens or closes a longer one stands for it: plurals, Dutch compounds."""
_LEAST_TYPO = 5
_LONG_WORD = 9
"""From this length on, two letters may be wrong; below it, one."""


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question."""

    written: str
    stems: dict[Language, str]
    """Its stem in each language; those that are function words in one are in neither."""
    weight: float
    """How rare it is in the index, 0 to 1; 1 for what no passage holds."""
    known: bool
    """Whether any passage of the index holds it."""
    name: bool
    """Whether it is written like a name (a capital inside the question) or holds a digit."""


def question_terms(query: SearchQuery, knowledge: Knowledge) -> list[Term]:
    """Return the content words of a question, each once; of a follow-up, also of what it leans on."""
    found: dict[str, Term] = {}
    for word, first in _words(query.text if query.follow_up else query.question):
        if word.casefold() in CONVERSATION:
            continue
        # A conversation may go on in the other language, so the function words of both say nothing.
        stems = {one: stem for one, other in _PAIRS for stem in terms(word, one, other)[:1]}
        own = stems.get(query.language if query.language in stems else "en")
        if own is None or len(own) < 2:
            continue
        found.setdefault(own, _term(word, stems, first, knowledge))
    return list(found.values())


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield words, and whether each opens a sentence."""
    for match in _WORD.finditer(text):
        yield (
            match.group(),
            not text[: match.start()].rstrip(" \"'“‘(") or text[: match.start()].rstrip()[-1:] in ".?!:",
        )


def _term(word: str, stems: dict[Language, str], first: bool, knowledge: Knowledge) -> Term:
    """Weigh one word: in the language in which the index holds it, the most common where both do."""
    weights = [knowledge.share_of_rarest(stem, language) for language, stem in stems.items()]
    capital = word[:1].isupper() and not first
    name = capital or sum(map(str.isupper, word)) > 1 or any(map(str.isdigit, word))
    known = any(knowledge.knows(stem, language) for language, stem in stems.items())
    return Term(word, stems, min(weights, default=1.0), known, name)


def forms_of(term: Term, vocabulary: Collection[str], language: Language) -> frozenset[str]:
    """Return the stems of a vocabulary that stand for a term: itself, in a compound, or with a typing error."""
    own = term.stems.get(language) or next(iter(term.stems.values()))
    stems = {own, *term.stems.values()} if term.name else {own}
    stems |= {one for spoken, stem in term.stems.items() for one in alike(stem, spoken, language)}
    found = {one for one in stems if one in vocabulary}
    if len(own) >= _LEAST_PART:
        found |= {one for one in vocabulary if one.startswith(own) or one.endswith(own)}
        parts = (part for size in range(_LEAST_PART, len(own)) for part in (own[:size], own[-size:]))
        found |= {part for part in parts if part in vocabulary}
    if not found and not term.known and len(own) >= _LEAST_TYPO:
        found |= {one for one in vocabulary if _mistyped(own, one)}
    return frozenset(found)


def holds_term(term: Term, stems: Collection[str], language: Language) -> bool:
    """Tell whether a text, given by its stems, holds a term in any form."""
    return bool(forms_of(term, stems, language))


def coverage(asked: Sequence[Term], held: Iterable[float]) -> float:
    """Return the share of the terms, by rarity, that is held; 0 to 1, and 0 of no terms."""
    total = sum(term.weight for term in asked)
    return sum(term.weight * value for term, value in zip(asked, held, strict=True)) / total if total else 0.0


@lru_cache(maxsize=8192)
def stems_of(text: str, language: Language) -> frozenset[str]:
    """Return the stems of a text; the sentences of an index come back question after question."""
    return frozenset(terms(text, language))


def _mistyped(one: str, other: str) -> bool:
    """Tell whether two words differ by a typing error or two."""
    most = 2 if len(one) >= _LONG_WORD else 1
    if abs(len(one) - len(other)) > most or one[0] != other[0] or any(map(str.isdigit, one)):
        return False
    return edit_distance(one, other) <= most


def edit_distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance (Damerau, 1964): swapped neighbours count once."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
