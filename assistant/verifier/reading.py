"""A text as the verifier reads it: segments with their words, figures, names and markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.figures import figures_in
from assistant.names import Vocabulary, names_in
from assistant.polarity import Marker, markers_in
from assistant.sentences import split_sentences
from assistant.types import Language
from assistant.verifier.bounds import BoundedFigure, bounded
from assistant.verifier.clause_words import clause_words
from assistant.verifier.segments import ellipsis_start, is_elliptical, split_segments
from assistant.verifier.words import Contrast, contrasts_in, keys_of

_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+|['’](?!s\b)[^\W_]+)*")
_ITEM = re.compile(r"[-–•*]?\s*\d{1,2}[.)]\s+(?=\D)")
_PURE = frozenset({"negation", "only", "if", "unless", "provided", "plan"})
"""Markers that carry no content of their own."""
_INNER_STOP = re.compile(r"(?<=[a-zà-ÿ])\. ")
"""A stop inside a sentence is one of an abbreviation: what follows is no opening."""
_OPENING = re.compile(r"[\s\"'“‘„(\[•–-]*([A-ZÀ-Þ][\w-]*[a-zà-ÿ])(?:['’]s)?\s+([\w'’]+)")
_NOUN = re.compile(r"(?:ing|heid|tie|ment|ion|ity|ness|ship|schap|isme|ism|age|ance|ence|teit|iek|ie)$")
_AFTER_INFINITIVE = frozenset({"kan", "mag", "moet", "is", "hoeft", "kost", "gaat"})
_NO_VOCABULARY = Vocabulary()
_READ_TEXTS = 4096


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries content; text[start:end]."""

    text: str
    """In lower case."""
    keys: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A clause, or a stretch that is read as one."""

    text: str
    """The whole sentence."""
    start: int
    end: int
    sentence: int
    """Ordinal of the sentence in its passage."""
    words: tuple[Word, ...]
    figures: tuple[BoundedFigure, ...]
    names: tuple[Word, ...]
    markers: tuple[Marker, ...]
    contrasts: tuple[Contrast, ...]
    keys: frozenset[str]
    """Of all words that carry content, names included."""

    def has(self, *kinds: str) -> bool:
        """Tell whether a marker of one of these kinds stands in the segment."""
        return any(marker.kind in kinds for marker in self.markers)

    def verbs(self, finite: frozenset[str]) -> Iterator[int]:
        """Yield where the verbs begin that are among these."""
        for match in _WORD.finditer(self.text, self.start, self.end):
            if match.group().lower() in finite:
                yield match.start()

    def written(self, start: int, end: int) -> str:
        """Return the words of a stretch of the sentence."""
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read."""

    text: str
    language: Language
    segments: tuple[Segment, ...]


@lru_cache(maxsize=_READ_TEXTS)
def read(text: str, language: Language) -> Reading:
    """Read a text, sentence by sentence."""
    segments: list[Segment] = []
    for number, (start, end) in enumerate(split_sentences(text)):
        # The number of an item in a list is no figure.
        item = _ITEM.match(text, start, end)
        start = item.end() if item else start
        found = list(_segments(text[start:end], language, number))
        before = found[-2:-1] if ellipsis_start(text[start:end]) else segments[-1:] * is_elliptical(text[start:end])
        if found and before:
            found[-1] = replace(found[-1], keys=found[-1].keys | _predicate(before[0]))
        segments += found
    return Reading(text, language, tuple(segments))


def _segments(sentence: str, language: Language, number: int) -> Iterator[Segment]:
    """Yield the segments of one sentence."""
    figures = bounded(sentence, figures_in(sentence, language), language)
    names = names_in(_INNER_STOP.sub(", ", sentence), "nl" if language == "nl" else "en", _NO_VOCABULARY)
    names += _opening_name(sentence, names)
    markers, contrasts = markers_in(sentence), contrasts_in(sentence)
    words = _words(sentence, language, [(one.figure.start, one.figure.end) for one in figures], markers)
    name_starts = {start for start, _ in names}
    for start, end in split_segments(sentence, language, [one.figure.start for one in figures], name_starts):
        inside = tuple(word for word in words if start <= word.start < end)
        yield Segment(
            sentence,
            start,
            end,
            number,
            inside,
            tuple(one for one in figures if start <= one.figure.start < end),
            tuple(word for word in inside if word.start in name_starts),
            tuple(one for one in markers if start <= one.start < end),
            tuple(one for one in contrasts if start <= one.start < end),
            frozenset(key for word in inside for key in word.keys),
        )


def with_opening_name(segment: Segment, names: frozenset[str]) -> Segment:
    """Return a segment with the word that opens its sentence among its names, where it is one of these names."""
    first = segment.words[0] if segment.words else None
    if first is None or first in segment.names or first.text not in names or not segment.text[first.start].isupper():
        return segment
    return replace(segment, names=(first, *segment.names))


def _predicate(segment: Segment) -> frozenset[str]:
    """Return the keys of what a clause says of its subject, which ends at the first verb."""
    finite = clause_words().finite
    start = min(segment.verbs(finite), default=segment.start)
    return frozenset(key for word in segment.words if word.start >= start for key in word.keys)


def _opening_name(sentence: str, names: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the first word of a sentence where it is a name: another name follows, or a verb in the singular does.

    A noun without article before such a verb is a name, unless its ending or the table of words says otherwise.
    """
    match = _OPENING.match(sentence)
    if match is None or match.span(1) in names:
        return []
    word, listed = match[1].lower(), clause_words()
    if word in listed.empty or word in listed.openings:
        return []
    before_name = any(start == match.start(2) for start, _ in names) and sentence[match.start(2)].isupper()
    alone = match[2].lower() in listed.singular and not _NOUN.search(word)
    alone = alone and not (word.endswith("en") and match[2].lower() in _AFTER_INFINITIVE)
    known = any(key.startswith("#") for key in keys_of(word, "nl") | keys_of(word, "en"))
    return [match.span(1)] if (before_name or alone) and not known else []


def _words(
    sentence: str, language: Language, figures: list[tuple[int, int]], markers: tuple[Marker, ...]
) -> tuple[Word, ...]:
    """Return the words that carry content, without figures and negations."""
    taken = [*figures, *((one.start, one.end) for one in markers if one.kind in _PURE)]
    empty = clause_words().empty
    found = []
    for match in _WORD.finditer(sentence):
        text = match.group().lower()
        if text in empty or any(start <= match.start() < end for start, end in taken):
            continue
        found.append(Word(text, keys_of(text, language), match.start(), match.end()))
    return tuple(found)
