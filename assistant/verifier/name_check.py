"""Whether the names of a sentence stand in its passages, and where what it says about them stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.names import addresses_in, listed_stretches, name_words, stands_in
from assistant.types import Fault, Language
from assistant.verifier.alignment import Passages
from assistant.verifier.evidence import Evidence, named
from assistant.verifier.name_places import check_places
from assistant.verifier.reading import Reading, Segment, Word

_CAPITALS = re.compile(r"[A-Z][A-Z&]{2,}")
_GAP = re.compile(r"[\s.\-/&']*(?:(?:van|de|der|den|ter|ten|het|of|the|voor|for|en|and|&)\s+){0,3}[\s.\-/&']*")
_SENTENCE_MARGIN = 0.05
_ADJECTIVE = re.compile(r"(\w{4,}?)(?:en|er)?se?")


@dataclass(frozen=True, slots=True)
class _Cited:
    """The names of the passages, in the forms in which they are compared."""

    text: str
    words: frozenset[str]
    initials: frozenset[str]
    listed: frozenset[int]
    """Numbers of the names of the table."""


def check_names(reading: Reading, passages: Passages, texts: Sequence[str]) -> Iterator[Evidence]:
    """Yield evidence for each name that the passages do not have, or have beside something else."""
    joined = " ".join(texts)
    listed = frozenset(number for _, _, number in listed_stretches(joined))
    cited = _Cited(joined, name_words(joined), _initials(joined), listed)
    for address in sorted(addresses_in(reading.text) - addresses_in(joined)):
        yield Evidence("address", Fault("address", address))
    for sentence in dict.fromkeys(segment.text for segment in reading.segments):
        segments = [segment for segment in reading.segments if segment.text is sentence]
        covered = [(start, end) for start, end, number in listed_stretches(sentence) if number in listed]
        for run in _runs(sentence, segments):
            if not _stands(run, sentence, covered, reading, cited, passages):
                yield Evidence("name_absent", Fault("name", sentence[run[0].start : run[-1].end]))
    yield from named("name_elsewhere", check_places(reading, passages))


def _stands(
    run: Sequence[Word],
    sentence: str,
    covered: Sequence[tuple[int, int]],
    reading: Reading,
    cited: _Cited,
    passages: Passages,
) -> bool:
    """Tell whether the passages have a name: all its words, in brackets its translation, or its initials."""
    uncovered = [
        word
        for word in run
        if not any(start <= word.start and word.end <= end for start, end in covered)
        and not _is_known(word, sentence, reading.language, cited.words, passages)
    ]
    if not uncovered:
        return len(run) == 1 or bool(covered) or _together(run, sentence, cited.text)
    if _is_gloss(run, sentence) and passages.languages != {reading.language}:
        return True
    if len(run) == 1 and run[0].start == _opening(sentence) and not _replaces(run[0], reading, passages):
        return True
    return _is_abbreviated(run, sentence, cited.words, cited.initials)


def _runs(sentence: str, segments: Sequence[Segment]) -> list[list[Word]]:
    """Return names as runs of words that stand side by side."""
    runs: list[list[Word]] = []
    for word in sorted((word for segment in segments for word in segment.names), key=lambda word: word.start):
        if runs and _GAP.fullmatch(sentence, runs[-1][-1].end, word.start):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _is_known(word: Word, sentence: str, language: Language, words: frozenset[str], passages: Passages) -> bool:
    """Tell whether a word of a name stands in the passages, written so or as an ordinary word."""
    written = sentence[word.start : word.end]
    return (
        word.text in words
        or stands_in(written, "nl" if language == "nl" else "en", words)
        or (written[:1] == "Q" and written[1:].isdigit())
        or _is_adjective_of_place(written, words)
        or (word.start == _opening(sentence) and bool({key for key in word.keys if key[0] == "~"} & passages.keys))
        or (written[1:].islower() and bool({key for key in word.keys if key.startswith("#")} & passages.keys))
    )


def _is_adjective_of_place(written: str, words: frozenset[str]) -> bool:
    """Tell whether a Dutch adjective is made of a name of the passages: "Groningse" of "Groningen"."""
    match = _ADJECTIVE.fullmatch(written.lower())
    return match is not None and any(word.startswith(match[1]) and len(word) <= len(match[1]) + 4 for word in words)


def _opening(sentence: str) -> int:
    """Return where the first word of a sentence begins."""
    match = re.search(r"\w", sentence)
    return match.start() if match else 0


def _is_gloss(run: Sequence[Word], sentence: str) -> bool:
    """Tell whether a name stands in brackets, as the translation of the one before them."""
    return sentence.rfind("(", 0, run[0].start) > sentence.rfind(")", 0, run[0].start)


def _replaces(word: Word, reading: Reading, passages: Passages) -> bool:
    """Tell whether the nearest sentence of a passage has a name that the sentence has not."""
    if sum(map(str.isupper, reading.text[word.start : word.end])) > 1:
        return True
    mine = {key for segment in reading.segments for one in segment.words for key in one.keys}
    shares = passages.around(reading.segments[0])
    best = max(shares.values(), default=0.0)
    return any(
        mine.isdisjoint(one.keys)
        for place in passages.segments
        if shares.get(place.sentence, 0.0) >= best - _SENTENCE_MARGIN
        for one in place.names
    )


def _initials(text: str) -> frozenset[str]:
    """Return the initials of the names of a text, three letters or more."""
    found = set()
    for match in re.finditer(r"[A-ZÀ-Þ]\w+(?:[\s-]+(?:(?:van|de|of|the|for|voor|en|and)\s+)*[A-ZÀ-Þ]\w+){2,}", text):
        found.add("".join(word[0] for word in re.findall(r"[A-ZÀ-Þ]\w+", match.group())))
    return frozenset(found)


def _is_abbreviated(run: Sequence[Word], sentence: str, words: frozenset[str], initials: frozenset[str]) -> bool:
    """Tell whether a passage has the name by its initials, or the initials in full."""
    written = [sentence[word.start : word.end] for word in run]
    if len(written) == 1:
        return bool(_CAPITALS.fullmatch(written[0])) and written[0] in initials
    short = "".join(word[0] for word in written).lower()
    return len(short) > 2 and short in words


def _together(run: Sequence[Word], sentence: str, joined: str) -> bool:
    """Tell whether first and last name stand side by side in a passage as well."""
    first, last = sentence[run[-2].start : run[-2].end], sentence[run[-1].start : run[-1].end]
    if not (first.istitle() and last.istitle()):
        return True
    between = sentence[run[-2].end : run[-1].start]
    if re.search(r"\b(?:of|the|for|voor|en|and)\b|[-/&]", between):
        return True
    if not re.search(rf"\b{re.escape(last)}\b", joined) or not re.search(rf"\b{re.escape(first)}\b", joined):
        return True
    return bool(
        re.search(
            rf"\b{re.escape(first)}\b.{{0,30}}\b{re.escape(last)}\b|\b{re.escape(last)}\b.{{0,30}}\b{re.escape(first)}\b",
            joined,
        )
    )
