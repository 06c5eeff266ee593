"""Words that turn or limit what a sentence says: negations, conditions, "only", duty and permission."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

NEGATION = re.compile(r"\b(niet|geen|nooit|zonder|not|no|never|without|nor|neither|cannot)\b|n't\b", re.IGNORECASE)
_TELLS = (
    r"staat|staan|stond\w*|vermeld\w*|noemt?|noemen|noemde\w*|zegt|zeggen|zei|geeft|geven|blijkt|meldt?|melden|"
    r"meldde\w*|somt|legt|schrijft|schrijven|beschrijft|beschrijven|bevestig\w*|is uit|zijn uit"
)
_TOLD = (
    r"bekend|opgenomen|gelezen|gevonden|genoemd|vermeld|gemeld|beschreven|bevestigd|openbaar|gepubliceerd|"
    r"te (?:zeggen|vinden|lezen)|vast te stellen|achterhaald|na te gaan|op te maken|af te leiden"
)
_HELD = (
    r"recorded|read|found|known|named|stated|given|mentioned|said|listed|described|explained|reported|confirmed|"
    r"prescribed|published|public|available|derived"
)
_TEXTS = r"(?:bron|bronnen|teksten?|pagina|pagina's|documenten|sources?|texts?|pages?|documents)"
# "De folder noemt geen bedrag", but not "ordent wat de bronnen noemen en is geen stappenplan".
_UP_TO_NOT = r"(?:(?!\b(?:maar|is|zijn|alleen)\b|\ben (?:is|zijn|niet|geen)\b)[^.;]){0,80}"
_LACK = re.compile(
    rf"\b(?:{_TELLS})\b{_UP_TO_NOT}\b(?:geen|niet)\b(?! (?:voor (?!$)|alleen|meer dan))|"
    rf"\b(?:niet|nergens|geen\b[^.;]{{0,40}}) (?:{_TOLD})\b|\bonbekend\b|\bontbre(?:ekt|ken)\b|"
    r"(?:[:|] |\bis )niet in (?:het|de|deze) |\balleen het begin gelezen\b|\bonly the beginning was read\b|"
    rf"\b(?:geen(?: enkele)?|in geen van de|no|none of the) (?:\w+ ){{0,3}}{_TEXTS} |"
    r"\b(?:laat|laten|leaves?)\b[^.]*\bopen\b|\bunknown\b|\b(?:is|are) missing\b|\bnot known\b|[:|] not in |"
    rf"\b(?:is|are|was|were) (?:therefore )?(?:not|nowhere) (?:in|yet|to be|laid down|{_HELD})\b|"
    rf"\bno\b[^.;]{{0,40}} (?:was|were|is|are|can be) (?:{_HELD})\b|\bcan ?not[^.;]{{0,20}} be (?:{_HELD})\b|"
    r"\b(?:does|do|did) (?:therefore )?not (?:say|state|name|give|mention|list|report|describe|confirm|tell)\b|"
    r"\b(?:names?|gives?|mentions?|states?|reports?|lists?|prescribes?) no\b(?! more than)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r";\s+|\s\|\s|,\s(?=(?:maar|but)\s)")
"""Of a sentence, and of a cell in a row of a table."""

MarkerKind = Literal[
    "negation", "denial", "lack", "also", "only", "unless", "provided", "if", "must", "may", "plan"
]  # fmt: skip
"""What a marker does: "denial" is a negation inside a word ("ontbreekt", "refused"), "lack" a word that may stand for
one ("free", "instead of"), "also" says that more is so ("not only"); "provided" is a condition that is always one,
"if" one that may also tell when; "plan" makes an intention or a report of what the sentence says."""

_KINDS: dict[str, MarkerKind] = {kind: kind for kind in get_args(MarkerKind)}
_WORD_START = re.compile(r"(?<![\w-])\w")
_TABLE = Path(__file__).parent / "data" / "polarity.yaml"


@dataclass(frozen=True, slots=True)
class Marker:
    """A word, or a few, that turn or limit what stands around them; text[start:end]."""

    kind: MarkerKind
    start: int
    end: int


def says_what_lacks(text: str) -> bool:
    """Tell whether a sentence only says that a source does not hold something: its first part does.

    What stands behind a semicolon mostly says where else to look, or what is behind a figure in the first part.
    """
    return bool(_LACK.search(_CLAUSE_END.split(text, maxsplit=1)[0]))


def lacking_parts(text: str) -> list[str]:
    """Return the parts of a sentence that say that a source does not hold something; of a row, with its first cell."""
    first, *others = _CLAUSE_END.split(text)
    row = f"{first} " if " | " in text else ""
    return [part for part in (first, *(row + one for one in others)) if _LACK.search(part)]


def markers_in(text: str) -> tuple[Marker, ...]:
    """Return the markers of a text, in either language, in the order in which they stand."""
    kinds, patterns = _markers()
    found = []
    for number, start, end in patterns.find(text):
        kind = kinds[number]
        if kind is not None:
            found.append(Marker(kind, start, end))
    return tuple(found)


class WordPatterns:
    """Patterns that begin at a word, tried at each word of a text; of those that fit, the one that is listed first.

    Sorted by the first letter, for a few patterns per word are tried in a tenth of the time of all.
    """

    def __init__(self, patterns: Sequence[Sequence[str]]) -> None:
        letters = {pattern[0] for group in patterns for pattern in group if pattern[0].isalpha()}
        self._by_letter = {letter: _joined(patterns, letter) for letter in letters}
        self._other = _joined(patterns, "")

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield the number of the group, and the offsets, of each stretch that fits; they do not overlap."""
        lower = text.lower()
        position = 0
        for word in _WORD_START.finditer(lower):
            if word.start() < position:
                continue
            numbers, pattern = self._by_letter.get(word.group(), self._other)
            match = pattern.match(lower, word.start())
            if match and match.lastindex and match.end() > match.start():
                position = match.end()
                yield numbers[match.lastindex - 1], match.start(), match.end()


def _joined(patterns: Sequence[Sequence[str]], letter: str) -> tuple[list[int], re.Pattern[str]]:
    """Return one pattern for those that can begin with a letter, with the numbers of its groups."""
    fitting = [[one for one in group if one[0] == letter or not one[0].isalpha()] for group in patterns]
    numbers = [number for number, group in enumerate(fitting) if group]
    parts = [f"((?:{'|'.join(fitting[number])})(?!\\w))" for number in numbers]
    return numbers, re.compile("|".join(parts) if parts else r"(?!)")


@lru_cache(maxsize=1)
def _markers() -> tuple[list[MarkerKind | None], WordPatterns]:
    """Read the table: the kind of each group (None for words that turn nothing), and its patterns."""
    raw: dict[str, list[str]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    kinds: list[MarkerKind | None] = [_KINDS.get(kind) for kind in raw]
    return kinds, WordPatterns(list(raw.values()))
