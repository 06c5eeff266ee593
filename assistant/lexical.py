"""The lexical leg: BM25 over stemmed words, one index per language.

A Dutch question and a Dutch passage meet in the Dutch stemmer; a Dutch question and an English
passage still share names, numbers and borrowed words, which the English index finds.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from numpy.typing import NDArray

from assistant.near_words import NearWords
from assistant.types import Language

K1 = 1.2
B = 0.75
_WORD = re.compile(r"[^\W_]+")
_GROUPED_NUMBER = re.compile(r"\b\d{1,3}(?:[.,]\d{3})+\b")
_STEMMERS = {"nl": "dutch", "en": "english"}
_LANGUAGES: tuple[Language, ...] = ("nl", "en", "und")

# Words that carry grammar, not subject. Question words are among them: "wie" asks, it does not describe.
_FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "nl": frozenset(
        "aan al alle als alsjeblieft ben bij daar dan dat de deze die dit doe doen doet door dus een en er "
        "erover ervan gaan gaat geen graag had heb hebben heeft hem het hier hij hoe hun iets ik in is ja je "
        "jij jullie kan kun kunnen kunt maar me mee met mij mijn moet moeten mogen naar nee niet nog nu of om "
        "omdat onder ons onze ook op over s te tegen toch toen tot tussen u uit uw van veel vanuit vertel via "
        "voor waar waarin waarom waarover waarvoor wanneer want was wat we weet wel welk welke werd wie wij "
        "wil wilde willen worden wordt zal ze zich zij zijn zo zou zouden".split()
    ),
    "en": frozenset(
        "a about all also am an and any are as at be been but by can could did do does for from get had has "
        "have he her him his how i if in into is it its just know many may me might must my no not of on or "
        "our out please shall she should so some t tell than that the their them then there these they this "
        "those to too up us was we were what when where which who whom whose why will with would yes you your".split()
    ),
    "und": frozenset(),
}


def analyser_version() -> str:
    """Return a name for how texts become terms; an index and the questions to it must agree on it."""
    parts = [_STEMMERS, {name: sorted(words) for name, words in _FUNCTION_WORDS.items()}, _WORD.pattern]
    return hashlib.sha256(json.dumps([*parts, _GROUPED_NUMBER.pattern], sort_keys=True).encode()).hexdigest()[:12]


class _Stemmers(threading.local):
    """Snowball stemmers, each thread its own: a stemmer keeps the word it works on in itself."""

    def __init__(self) -> None:
        self._made: dict[Language, Any] = {}

    def stem(self, words: list[str], language: Language) -> list[str]:
        """Return the stems of words; the words themselves where a language has no stemmer."""
        if language not in _STEMMERS:
            return words
        if language not in self._made:
            self._made[language] = Stemmer.Stemmer(_STEMMERS[language])
        return list(self._made[language].stemWords(words))


_stemmers = _Stemmers()


def words(text: str) -> list[str]:
    """Split a text into lower-case words; 850.000 and 850,000 are one word, accents are dropped."""
    joined = _GROUPED_NUMBER.sub(lambda m: re.sub(r"[.,]", "", m.group()), text)
    plain = joined.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return _WORD.findall(plain)


def terms(text: str, language: Language, asked_in: Language | None = None) -> list[str]:
    """Return the stems of a text's content words, in the stemmer of `language`.

    `asked_in` is the language of a question that is put to an index of another language: its
    function words go too ("die" is a Dutch pronoun, not the English verb).
    """
    dropped = _FUNCTION_WORDS[language] | (_FUNCTION_WORDS[asked_in] if asked_in else frozenset())
    return _stemmers.stem([word for word in words(text) if word not in dropped], language)


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Scores of the passages of one language for one question."""

    language: Language
    rows: NDArray[np.int64]
    """Rows in the index of all passages of this language, ascending."""
    scores: NDArray[np.float32]
    """BM25 score for each of these rows."""
    ceiling: float
    """The score of a passage that held every term of the question without end: the sum of their IDFs."""


class _LanguageIndex:
    """BM25 over the passages of one language."""

    def __init__(self, language: Language, bm25: Any, rows: NDArray[np.int64]) -> None:
        self.language = language
        self._bm25 = bm25
        self._rows = rows

    @cached_property
    def near_words(self) -> NearWords:
        """The words of the passages, to look up unknown ones of a question."""
        return NearWords(list(self._bm25.vocab_dict))

    def idf(self, term: str) -> float:
        """Return the Lucene IDF of a term, ln(1 + (N - df + 0.5) / (df + 0.5))."""
        position = self._bm25.vocab_dict.get(term)
        frequency = 0
        if position is not None:
            pointers = self._bm25.scores["indptr"]
            frequency = int(pointers[position + 1] - pointers[position])
        return float(np.log(1 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5)))

    def score(self, question: str, asked_in: Language) -> LexicalScores:
        """Score every passage of this language for a question."""
        stems = list(dict.fromkeys(terms(question, self.language, asked_in)))
        known = [stem for stem in stems if stem in self._bm25.vocab_dict]
        if known:
            scores = np.asarray(self._bm25.get_scores(known), dtype=np.float32)
        else:
            scores = np.zeros(len(self._rows), dtype=np.float32)
        return LexicalScores(self.language, self._rows, scores, sum(self.idf(stem) for stem in stems))


class LexicalIndex:
    """BM25 over all passages, split by language."""

    def __init__(self, parts: Sequence[_LanguageIndex]) -> None:
        self._parts = {part.language: part for part in parts}

    @classmethod
    def build(cls, texts: Sequence[str], languages: Sequence[Language]) -> LexicalIndex:
        """Index passages; row i is texts[i], written in languages[i]."""
        import bm25s  # numpy and scipy wrappers: only ingest and a lexical search need them

        parts = []
        for language in _LANGUAGES:
            rows = np.flatnonzero(np.array([one == language for one in languages], dtype=bool))
            stems = [terms(texts[int(row)], language) for row in rows]
            if not any(stems):
                continue
            bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
            bm25.index(stems, show_progress=False)
            parts.append(_LanguageIndex(language, bm25, rows))
        return cls(parts)

    def save(self, folder: Path) -> None:
        """Write the index below a folder, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for part in self._parts.values():
            part._bm25.save(folder / part.language, show_progress=False)
            np.save(folder / part.language / "rows.npy", part._rows)
        (folder / "languages.json").write_text(json.dumps(list(self._parts)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read an index that `save` wrote; its arrays stay on disk until they are used."""
        import bm25s  # as in build

        parts = []
        for language in json.loads((folder / "languages.json").read_text(encoding="utf-8")):
            bm25 = bm25s.BM25.load(folder / language, mmap=True, load_corpus=False)
            parts.append(_LanguageIndex(language, bm25, np.load(folder / language / "rows.npy")))
        return cls(parts)

    def search(self, question: str, asked_in: Language) -> tuple[LexicalScores, ...]:
        """Score all passages for a question, one result for each language of the passages."""
        return tuple(part.score(question, asked_in) for part in self._parts.values())

    def with_near_words(self, question: str, asked_in: Language) -> str:
        """Return a question followed by the terms of its language's passages that its unknown words stand near to."""
        part = self._parts.get(asked_in)
        if part is None:
            return question
        near = [one for term in terms(question, asked_in) for one in part.near_words.find(term)]
        return " ".join([question, *near])

    def rarity(self, term: str, language: Language) -> float:
        """Return the IDF of a stem among the passages of a language; 0 where there are none."""
        part = self._parts.get(language)
        return part.idf(term) if part else 0.0
