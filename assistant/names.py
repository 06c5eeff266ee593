"""Names in a text, and whether another text, in the other language, has them too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Language

_TABLE = Path(__file__).parent / "data" / "names.yaml"
_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)*")
_SENTENCE_OPENS = re.compile(r"(?:^|[.!?:;|…])[\s\"'“”‘’„(\[•–-]*$")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_GLOSS = re.compile(
    r"(?P<run>[A-ZÀ-Þ][\w'’&./-]*(?:[ /](?:[A-ZÀ-Þ&][\w'’&./-]*|of|for|the|and|van|de|voor|en))*)(?:\ [a-z]+)?"
    r"\s+\((?P<gloss>[^()]+)\)"
)
_TRANSLATED_NAME = re.compile(r"[A-ZÀ-Þ][\w-]*[a-zà-ÿ]{3}")
_PLURAL_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9&]+s")
_MIN_PREFIX = 5
"""From this length on, a word stands for longer ones that begin with it: plurals and Dutch compounds."""
_OTHER: dict[Language, Language] = {"nl": "en", "en": "nl"}


@dataclass(frozen=True, slots=True)
class NameTable:
    """The names, words and ordinary words of the table."""

    names: tuple[re.Pattern[str], ...]
    """One pattern for all forms of a name; a Dutch text may quote the English one and the other way round."""
    words: Mapping[Language, Mapping[str, frozenset[str]]]
    """Translations of a word in this language."""
    ordinary: Mapping[Language, frozenset[str]]


@dataclass
class Vocabulary:
    """Which words the documents of one language write with and without capital inside a sentence."""

    lower: set[str] = field(default_factory=set)
    capital: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take the words of a text."""
        for match in _TOKEN.finditer(text):
            word = match.group()
            if word.islower():
                self.lower.add(word)
            elif not _SENTENCE_OPENS.search(text[: match.start()]):
                self.capital.add(word)

    def is_name(self, word: str) -> bool:
        """Tell whether a word at the beginning of a sentence is a name: always with a capital elsewhere as well."""
        return word in self.capital and word.lower() not in self.lower


def names_in(text: str, language: Language, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Return where words of names stand: with a capital inside a sentence, with two capitals, or known as names.

    Parts of a word with hyphens count by themselves, so that "NWO-calls" holds the name NWO.
    """
    text = _ADDRESS.sub(lambda match: " " * len(match.group()), text)
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word.lower() in _table().ordinary[language] or not any(map(str.isupper, word)) or len(word) < 2:
            continue
        inside = not _SENTENCE_OPENS.search(text[: match.start()])
        abbreviation = sum(map(str.isupper, word)) > 1
        if inside or abbreviation or vocabulary.is_name(word):
            found.append(match.span())
    return found


def missing_names(text: str, language: Language, vocabulary: Vocabulary, other: str) -> list[str]:
    """Return the names of a text that the other text, in the other language, has in no form.

    A translation in brackets behind a name counts for the name, and the name for the translation, so that
    "Publieke Diensten (Public Services)" is covered by "Publieke Diensten"; not a translation of which the other text
    has some words, for it should have the others too.
    """
    words = _words(other)
    spans = names_in(text, language, vocabulary)
    uncovered = [(start, end) for start, end in spans if not _stands_in(text[start:end], language, words)]
    if not uncovered:
        return []
    covered = [*_listed(text, other), *_glossed(text, other, words)]
    return _runs(
        text, [one for one in uncovered if not any(start <= one[0] and one[1] <= end for start, end in covered)]
    )


def stands_in(word: str, language: Language, words: Iterable[str]) -> bool:
    """Tell whether a word of a name, or a listed translation of it, is among words folded by `name_words`."""
    return _stands_in(word, language, words)


def name_words(text: str) -> frozenset[str]:
    """Return the words of a text in the form in which names are compared."""
    return frozenset(_words(text))


def listed_stretches(text: str) -> list[tuple[int, int, int]]:
    """Return where listed names stand in a text, with the number of the name."""
    starts = _forms()
    matches = list(_TOKEN.finditer(text))
    words = [_folded(match.group()) for match in matches]
    found = []
    for place, word in enumerate(words):
        for form, number in (*starts.get(word, ()), *starts.get(word[:_MIN_PREFIX], ())):
            last = len(form) - 1
            taken = words[place : place + len(form)]
            if taken[:last] == form[:last] and len(taken) > last and _ends_as(taken[last], form[last]):
                found.append((matches[place].start(), matches[place + last].end(), number))
    return found


def addresses_in(text: str) -> set[str]:
    """Return the web and e-mail addresses of a text, without the marks of the sentence around them."""
    return {match.group().rstrip(".,;:!?)'’").rstrip("/").lower() for match in _ADDRESS.finditer(text)}


def _words(text: str) -> set[str]:
    """Return the words of a text in the form in which they are compared."""
    return {_folded(match.group()) for match in _TOKEN.finditer(text)}


def _folded(word: str) -> str:
    """Return a word as it is compared: without capitals, and an abbreviation without the s of its plural."""
    return (word[:-1] if _PLURAL_ABBREVIATION.fullmatch(word) else word).casefold()


def _stands_in(word: str, language: Language, words: Iterable[str]) -> bool:
    """Tell whether a word, or a listed translation of it, is among the words of the other text."""
    folded = _folded(word)
    forms = {folded}
    for own, others in _table().words[language].items():
        if folded in (own, own + "s") or (len(own) >= _MIN_PREFIX and folded.startswith(own)):
            forms |= others
    return any(_same_word(form, other) for form in forms for other in words)


def _same_word(one: str, other: str) -> bool:
    """Tell whether two words are equal, or the longer one begins with the shorter."""
    if one == other:
        return True
    return min(len(one), len(other)) >= _MIN_PREFIX and (one.startswith(other) or other.startswith(one))


def _listed(text: str, other: str) -> list[tuple[int, int]]:
    """Return the stretches that are listed names of which the other text has a form."""
    return [match.span() for name in _table().names for match in name.finditer(text) if name.search(other)]


def _glossed(text: str, other: str, words: set[str]) -> list[tuple[int, int]]:
    """Return names before brackets whose translation the other text has, and translations of names that it has."""
    found: list[tuple[int, int]] = []
    for match in _GLOSS.finditer(text):
        # An abbreviation, or a remark such as "update 2020", says nothing about the name before it.
        if _TRANSLATED_NAME.match(match["gloss"]) and match["gloss"].casefold() in other.casefold():
            found.append(match.span("run"))
        elif _share_words(_words(match["run"]), words) and not _share_words(_capitals(match["gloss"]), words):
            found.append(match.span("gloss"))
    return found


def _share_words(some: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether any word is among the others."""
    return any(_same_word(one, other) for one in some for other in others)


def _capitals(text: str) -> set[str]:
    """Return the words with a capital as they are compared."""
    return {_folded(match.group()) for match in _TOKEN.finditer(text) if match.group()[0].isupper()}


def _ends_as(word: str, form: str) -> bool:
    """Tell whether a word is the last one of a form, or a longer word that begins with it."""
    return word == form or (len(form) >= _MIN_PREFIX and word.startswith(form))


@lru_cache(maxsize=1)
def _forms() -> dict[str, list[tuple[list[str], int]]]:
    """Return the words of each form of each listed name with the name's number, by how the first word begins.

    A form of one word is found by its first letters too, for a longer word may begin with it.
    """
    raw: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    found: dict[str, list[tuple[list[str], int]]] = {}
    for number, pair in enumerate(raw["names"]):
        for form in {*pair["nl"], *pair["en"]}:
            words = [_folded(match.group()) for match in _TOKEN.finditer(form)]
            starts = words[0][:_MIN_PREFIX] if len(words) == 1 and len(words[0]) >= _MIN_PREFIX else words[0]
            found.setdefault(starts, []).append((words, number))
    return found


def _runs(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Return the words as names: those that stand side by side are one."""
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and not text[runs[-1][1] : start].strip(" -/&"):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return list(dict.fromkeys(text[start:end] for start, end in runs))


@lru_cache(maxsize=1)
def _table() -> NameTable:
    """Read the table."""
    raw: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    languages: tuple[Language, Language] = ("nl", "en")
    return NameTable(
        names=tuple(_pattern([*pair["nl"], *pair["en"]]) for pair in raw["names"]),
        words={language: _translations(raw["words"], language) for language in languages},
        ordinary={language: frozenset(raw["ordinary"][language].split()) for language in languages},
    )


def _translations(pairs: Iterable[Mapping[str, list[str]]], language: Language) -> dict[str, frozenset[str]]:
    """Return the translations of each word of one language."""
    found: dict[str, frozenset[str]] = {}
    for pair in pairs:
        for word in pair[language]:
            found[word] = found.get(word, frozenset()) | frozenset(pair[_OTHER[language]])
    return found


def _pattern(forms: list[str]) -> re.Pattern[str]:
    """Return a pattern that finds a name, also where a longer word begins with it."""
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    parts = [re.escape(form) + ("" if len(form) >= _MIN_PREFIX else r"(?!(?!s\b)\w)") for form in longest_first]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})\w*", re.IGNORECASE)
