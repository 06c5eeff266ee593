"""Which candidates lie near to an answer, and which of them lead to something that was not shown yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.conversation.cues import content_terms
from assistant.index import Index
from assistant.suggestions.candidates import Candidate, Candidates, as_asked, pair_of, rows_at
from assistant.suggestions.checking import Checked, Place
from assistant.types import Answer, Language

# On the scale of cosine similarities of passages, which mostly lie between .8 and .95.
_SAME_DOCUMENT = 0.03
_NEXT_SECTION = 0.01
_GAP = -0.04
_TOPIC = -0.03
_LONG = -0.02
_LONG_CHARS = 90
_ALIKE = 0.75
"""Share of the words of two questions, beyond which they ask the same."""
_PER_DOCUMENT = 2
_LEFT_TO_CHOOSE = 40


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation is about, and what it has shown."""

    rows: tuple[int, ...]
    """Passages of the last answer, in the language that suggestions are made in; the first weighs most."""
    sections: frozenset[tuple[str, int]]
    """Of these passages: (pair, section)."""
    asked: frozenset[str]
    """Without capitals and marks."""
    stems: tuple[frozenset[str], ...]
    """Of the words of these questions."""
    shown: frozenset[Place]
    opened: frozenset[tuple[str, int]]
    """(pair, section) that an answer began with."""
    language: Language


def context_of(index: Index, answer: Answer, before: Sequence[Answer]) -> Context:
    """Return the context after an answer; of a refusal, the passages that came nearest."""
    language: Language = "nl" if answer.language == "nl" else "en"
    places = [(one.document, one.start) for one in answer.citations or answer.nearest]
    rows = rows_at(index, places, language) if answer.reason != "out_of_scope" else []
    given = [one for one in (*before, answer) if one.status == "answered" and one.citations]
    asked = tuple(one.question for one in (*before, answer))
    firsts = [rows_at(index, [(one.citations[0].document, one.citations[0].start)], language) for one in given]
    return Context(
        rows=tuple(rows),
        sections=frozenset(_section(index, row) for row in rows),
        asked=frozenset(as_asked(one) for one in asked),
        stems=tuple(frozenset(content_terms(one)) for one in asked),
        shown=frozenset((one.document, one.start) for each in given for one in each.citations),
        opened=frozenset(_section(index, row) for found in firsts for row in found),
        language=language,
    )


def ranked(index: Index, candidates: Candidates, context: Context) -> list[int]:
    """Return the candidates nearest to a context, nearest first, without what was asked before; bounded."""
    own = np.flatnonzero(candidates.languages == context.language)
    if not context.rows or not len(own):
        return []
    weights = 1 / np.arange(1, len(context.rows) + 1, dtype=np.float32)
    centre = weights @ index.vectors(np.array(context.rows)) / weights.sum()
    alike = (candidates.vectors @ centre)[own]
    scores = alike
    for pair, section in context.sections:
        scores = np.maximum(scores, alike + _kinship(candidates, own, pair, section))
    found: list[int] = []
    nearest = own[np.argsort(-scores, kind="stable")[: 2 * _LEFT_TO_CHOOSE]].tolist()
    given = dict(zip(own.tolist(), scores.tolist(), strict=True))
    for position in sorted(nearest, key=lambda one: -given[one] - _preference(candidates.all[one])):
        if not was_asked(candidates, position, context):
            found.append(position)
        if len(found) == _LEFT_TO_CHOOSE:
            break
    return found


def was_asked(candidates: Candidates, position: int, context: Context) -> bool:
    """Tell whether a candidate asks what was asked in the conversation."""
    return as_asked(candidates.all[position].question) in context.asked or _is_alike(
        candidates.stems[position], context.stems
    )


def _kinship(candidates: Candidates, own: NDArray[np.int64], pair: str, section: int) -> NDArray[np.float32]:
    """Return what candidates gain from standing in the document of a passage, and right after it."""
    in_document = candidates.pairs[own] == candidates.pair_numbers.get(pair, -1)
    is_next = candidates.sections[own] == section + 1
    gained: NDArray[np.float32] = in_document * (_SAME_DOCUMENT + _NEXT_SECTION * is_next).astype(np.float32)
    return gained


def _is_alike(own: frozenset[str], others: Collection[frozenset[str]]) -> bool:
    """Tell whether a question asks what another one asks, given the stems of their words."""
    return any(len(own & other) >= _ALIKE * max(1, len(own | other)) for other in others)


def chosen(
    order: Sequence[int], candidates: Candidates, checked: Mapping[int, Checked], context: Context, count: int
) -> list[int]:
    """Return the best candidates that are answered with something that neither was shown nor is in another one."""
    seen = set(context.shown)
    opened = set(context.opened)
    of_document: dict[str, int] = {}
    picked: list[int] = []
    for position in _answered(order, checked):
        one, cited = candidates.all[position], checked[position].cited
        is_new = cited[0] not in seen and sum(place not in seen for place in cited) * 2 >= len(cited)
        if not is_new or (one.pair, one.section) in opened or of_document.get(one.pair, 0) == _PER_DOCUMENT:
            continue
        if _is_alike(candidates.stems[position], [candidates.stems[other] for other in picked]):
            continue
        picked.append(position)
        if len(picked) == count:
            break
        seen.update(cited)
        opened.add((one.pair, one.section))
        of_document[one.pair] = of_document.get(one.pair, 0) + 1
    return picked


def _answered(order: Sequence[int], checked: Mapping[int, Checked]) -> Iterator[int]:
    """Yield the candidates that are known to be answered."""
    return (position for position in order if position in checked and checked[position].is_answered)


def _preference(one: Candidate) -> float:
    """Return what speaks for or against a candidate whatever the answer."""
    score = _GAP if one.is_gap else 0.0
    score += _TOPIC if one.origin == "topic" else 0.0
    return score + (_LONG if len(one.question) > _LONG_CHARS else 0.0)


def _section(index: Index, row: int) -> tuple[str, int]:
    """Return the section of a passage, the same in both languages."""
    chunk = index.chunk(row)
    return pair_of(index, chunk.document), chunk.section
