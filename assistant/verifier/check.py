"""The check of one sentence against the passages that it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.sentences import split_sentences
from assistant.types import Fault, Language
from assistant.verifier.alignment import Passages
from assistant.verifier.condition_check import check_conditions
from assistant.verifier.copy_check import check_copy
from assistant.verifier.figure_check import check_figures
from assistant.verifier.name_check import check_names
from assistant.verifier.negation_check import check_negations
from assistant.verifier.order_check import check_order
from assistant.verifier.passage import Passage
from assistant.verifier.reading import Segment, read, with_opening_name
from assistant.verifier.signals import FALLING, RULES, SOFT, SWAPS, WEIGHED, Measured, measure
from assistant.verifier.statements import statements
from assistant.verifier.subject_check import check_subjects
from assistant.verifier.weights import Weights, fitted

CERTAIN = frozenset(RULES) - SOFT
"""Signals that no other may outweigh."""
_SPACE = re.compile(r"\s+")
_OPENING = " \t\n-–•*\"'“”‘’„(["
_CLOSING = " \t\n.!?;\"'“”‘’)]"


def check(sentence: str, language: Language, passages: Sequence[Passage]) -> tuple[Fault, ...]:
    """Return what a sentence asserts and the passages, taken together, do not; empty where it holds.

    A sentence that stands in a passage word for word, or several such sentences, always hold. Figures, dates, names
    and negations are held to what stands there; the choice of ordinary words is free.
    """
    if _is_verbatim(sentence, passages):
        return ()
    return _faults(gather(sentence, language, passages), fitted())


def _faults(measured: Measured, weights: Weights) -> tuple[Fault, ...]:
    """Return what is certain, and where all evidence together is strong enough, the strongest of it."""
    certain = [one.fault for one in measured.evidence if one.signal in CERTAIN]
    if not certain and weights.probability(measured.signals) < weights.threshold:
        return ()
    if certain:
        return tuple(dict.fromkeys(certain))
    weighed = [
        one for one in measured.evidence if one.signal in SOFT | set(WEIGHED) | SWAPS and one.signal not in FALLING
    ]
    strongest = max(weighed, key=lambda one: weights.share(one.signal, one.strength), default=None)
    return () if strongest is None else (strongest.fault,)


def gather(sentence: str, language: Language, passages: Sequence[Passage]) -> Measured:
    """Return all that speaks against a sentence."""
    reading, there = read(sentence, language), _all_segments(passages)
    # A word that opens a sentence is a name where another sentence has it as one.
    known = frozenset(word.text for segment in (*reading.segments, *there) for word in segment.names)
    reading = replace(reading, segments=tuple(with_opening_name(segment, known) for segment in reading.segments))
    there = [with_opening_name(segment, known) for segment in there]
    cited = Passages(there, reading.segments, frozenset(passage.language for passage in passages))
    compared = statements(reading.segments, cited)
    rules = [
        *check_figures(reading.segments, language, cited),
        *check_names(reading, cited, [passage.text for passage in passages]),
        *check_negations(compared, cited),
        *check_conditions(compared, cited),
        *check_order(compared, cited),
        *(check_subjects(compared, cited) if cited.languages == {language} else ()),
        *check_copy(sentence, language, passages),
    ]
    return measure(reading.segments, cited, rules)


def _is_verbatim(sentence: str, passages: Sequence[Passage]) -> bool:
    """Tell whether all sentences of a text stand in the passages as whole sentences."""
    if any(_stands_whole(sentence.strip(), passage.text) for passage in passages):
        return True
    own = [_bare(sentence[start:end]) for start, end in split_sentences(sentence)]
    if not own:
        return True
    theirs = {_bare(passage.text[start:end]) for passage in passages for start, end in split_sentences(passage.text)}
    return all(one in theirs for one in own)


def _stands_whole(sentence: str, text: str) -> bool:
    """Tell whether a text holds the sentence with nothing of another sentence before or behind it on its line."""
    start = text.find(sentence)
    if start < 0 or not sentence:
        return False
    before, after = text[:start].rstrip(" \"'“”‘’„(["), text[start + len(sentence) :]
    opens = not before or before[-1] in ".!?:;…|•–-\n"
    return opens and (sentence[-1] in ".!?" or not after or after[0] in "\n|")


def _bare(sentence: str) -> str:
    """Return a sentence without what may differ: white space, and marks around it."""
    return _SPACE.sub(" ", sentence).lstrip(_OPENING).rstrip(_CLOSING)


def _all_segments(passages: Sequence[Passage]) -> list[Segment]:
    """Return the segments of all passages; sentences are numbered through."""
    found: list[Segment] = []
    for passage in passages:
        first = found[-1].sentence + 1 if found else 0
        found += [
            replace(segment, sentence=segment.sentence + first)
            for segment in read(passage.text, passage.language).segments
        ]
    return found
