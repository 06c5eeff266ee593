"""Whether a sentence that is all but copied from a passage differs in a word that turns it, or in a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.polarity import markers_in
from assistant.sentences import split_sentences
from assistant.types import Fault, FaultKind, Language
from assistant.verifier.evidence import Evidence
from assistant.verifier.passage import Passage

_TOKEN = re.compile(r"[^\W_]+(?:['’&.,-][^\W_]+)*|%")
_ALIKE = 0.75
_MIN_TOKENS = 4
_SHORT = 2
_IF = frozenset({"als", "indien", "wanneer", "if", "when", "once", "zodra", "nadat"})
_TURNING = ("negation", "only", "unless", "provided", "must", "may")


def check_copy(sentence: str, language: Language, passages: Sequence[Passage]) -> Iterator[Evidence]:
    """Yield the turning words and names in which a near copy differs from its original.

    Word order and a part that is left out are free; a turning word must not come, go or change alone.
    """
    mine = _tokens(sentence)
    if len(mine) < _MIN_TOKENS:
        return
    lower = [word.lower() for word in mine]
    words = set(lower)
    best: tuple[float, tuple[str, ...]] | None = None
    for passage in passages:
        if passage.language != language:
            continue
        for original in _originals(passage.text):
            share = sum(word in words for word in {one.lower() for one in original}) / max(len(words), 1)
            covered = len(words.intersection(one.lower() for one in original)) / len(words)
            if covered >= _ALIKE and (best is None or min(share, covered) > best[0]):
                best = min(share, covered), original
    if best is not None:
        yield from (Evidence(f"copy_{one.kind}", one) for one in _differences(mine, lower, best[1]))


def _differences(mine: Sequence[str], lower: Sequence[str], original: Sequence[str]) -> Iterator[Fault]:
    """Yield the faults of a near copy."""
    theirs = [word.lower() for word in original]
    moved = set(lower) & set(theirs)
    lacking = any(
        one.kind in ("lack", "denial") for one in (*markers_in(" ".join(mine)), *markers_in(" ".join(original)))
    )
    mine_all, theirs_all = _turning(mine), _turning(original)
    if _is_restated(mine_all, theirs_all) or _is_restated(theirs_all, mine_all):
        return
    for action, start, end, own_start, own_end in SequenceMatcher(None, theirs, lower, autojunk=False).get_opcodes():
        gone, come = original[start:end], mine[own_start:own_end]
        if action == "equal" or max(len(gone), len(come)) > _SHORT + 1:
            continue
        before, after = _turning(gone), _turning(come)
        changed = {kind for kind, _ in before ^ after} & {kind for kind, _ in mine_all ^ theirs_all}
        if ("negation" in changed and lacking) or ("provided" in changed and _IF.intersection(lower)):
            continue
        if changed and len(gone) + len(come) <= 2 * _SHORT + 1:
            yield Fault(_kind(min(changed)), " ".join(come if after - before else gone))
        elif action == "replace" and own_start == 0 and _is_name(gone, moved) and _is_name(come, moved):
            yield Fault("name", " ".join(come))


def _is_restated(some: frozenset[tuple[str, int]], others: frozenset[tuple[str, int]]) -> bool:
    """Tell whether an "only" or "only if" stands for the negations, or the "unless", of the other text."""
    kinds, there = {kind for kind, _ in some}, {kind for kind, _ in others}
    limits, opposed = {"only", "provided"}, {"negation", "unless"}
    if kinds & limits and not there & limits and there & opposed:
        return ("negation", 1) in others or ("unless" in there and ("negation" in kinds) != ("negation" in there))
    return bool(kinds & limits and there & limits and kinds - there)


def _turning(words: Sequence[str]) -> frozenset[tuple[str, int]]:
    """Return the kinds of turning words among a few words, each with its ordinal among its kind."""
    kinds = [one.kind for one in markers_in(" ".join(words)) if one.kind in _TURNING]
    return frozenset((kind, kinds[:place].count(kind)) for place, kind in enumerate(kinds))


def _kind(marker: str) -> FaultKind:
    """Return what kind of fault a turning word makes."""
    return "polarity" if marker == "negation" else "condition"


def _is_name(words: Sequence[str], moved: set[str]) -> bool:
    """Tell whether words that the other text has nowhere are written as a name, and not as an ordinary opening."""
    return len(words) == 1 and words[0][:1].isupper() and words[0].lower() not in moved and len(words[0]) > _SHORT


@lru_cache(maxsize=4096)
def _originals(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each sentence of a passage."""
    return tuple(tuple(_tokens(text[start:end])) for start, end in split_sentences(text))


def _tokens(text: str) -> list[str]:
    """Return the words of a text."""
    return _TOKEN.findall(text)
