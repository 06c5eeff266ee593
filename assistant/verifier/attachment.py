"""Whether a figure of a sentence belongs to the same thing as in its passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.verifier.alignment import Passages
from assistant.verifier.bounds import BoundedFigure
from assistant.verifier.figure_context import Context, agree, context_of
from assistant.verifier.reading import Segment, Word
from assistant.verifier.words import is_event

_DATES = frozenset({"date", "year"})
_AMOUNTS = frozenset({"amount", "number"})
_SENTENCE_MARGIN = 0.05
_CLEARLY = 3
_NEIGHBOURS = 5
_NAME_COUNTS = 2
"""A name says more than another word about what a figure belongs to."""
Placed = tuple[BoundedFigure, Segment]
"""A figure with the segment in which it stands."""
_PART = re.compile(r"\s*(?:of|van)\s+(?:(?:the|de|die|these|those|deze)\s+)?", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:van|of|out of)\s+(?:the|de|die|deze|these|those|all|alle)\s+$", re.IGNORECASE)
_COMMA = re.compile(r"[,;:]\s")
_NOTHING = re.compile(r"\s*(?:(?:are|is|were|was|zijn|waren)\s+)?")


def after(one: BoundedFigure, place: Segment) -> list[Word]:
    """Return the word of content right behind a figure."""
    return [word for word in place.words if word.start >= one.figure.end][:1]


def meet(some: Sequence[Word], others: Sequence[Word]) -> bool:
    """Tell whether any two words can mean the same."""
    return any(word.keys & other.keys for word in some for other in others)


def _window(one: BoundedFigure, place: Segment) -> tuple[list[Word], list[str]]:
    """Return the words around a figure up to the figures beside it, and the values of the dates of the segment."""
    kind = one.figure.kind
    beyond = [x for x in place.figures if alike(x, one) and not (x.in_range and one.in_range)]
    left = max((x.figure.end for x in beyond if x.figure.end <= one.figure.start), default=0)
    right = min(
        (x.figure.start for x in beyond if x.figure.start >= one.figure.end),
        default=len(place.text),
    )
    # What a comma divides from a figure beside it belongs to that one.
    left = max([left, *(match.end() for match in _COMMA.finditer(place.text, left, one.figure.start) if left)])
    stop = _COMMA.search(place.text, one.figure.end, right) if right < len(place.text) else None
    right = stop.start() if stop else right
    before = [word for word in place.words if left <= word.start < one.figure.start][-_NEIGHBOURS:]
    after = [word for word in place.words if one.figure.end <= word.start < right][:_NEIGHBOURS]
    beside = [str(x.figure.value) for x in place.figures if x is not one and not alike(x, one)] if kind else []
    return before + after, beside


def alike(one: BoundedFigure, other: BoundedFigure) -> bool:
    """Tell whether one figure could stand in the place of the other."""
    mine, theirs = one.figure.kind, other.figure.kind
    if mine == theirs == "date":
        return len(str(one.figure.value)) == len(str(other.figure.value))
    return mine == theirs or {mine, theirs} <= _AMOUNTS


def is_attached(
    one: BoundedFigure, segment: Segment, same: list[Placed], others: list[Placed], passages: Passages
) -> bool:
    """Tell whether the words around a figure are those around it in a passage, and not those of another figure.

    `same` are the figures of the passages that cover it, `others` those that do not.
    """
    same = [(other, place) for other, place in same if agree(_context(one, segment), _context(other, place))]
    if not same or all(_is_reversed(one, segment, place) for _, place in same):
        return False
    words, beside = _window(one, segment)
    if len(words) + len(beside) < 2:
        return True
    around = passages.around(segment)
    nearest = max(around.get(place.sentence, 0.0) for _, place in same) - _SENTENCE_MARGIN
    rivals = [
        (other, place)
        for other, place in others
        if around.get(place.sentence, 0.0) >= nearest
        and alike(one, other)
        and other.figure.value != one.figure.value
        and not str(one.figure.value).startswith(str(other.figure.value) + "-")
        and not _is_pair(other, same)
        and not _are_parts(one, segment, other, place, same)
    ]
    scale = _context(one, segment).scale
    if not rivals or (scale and not any(_context(other, place).scale == scale for other, place in rivals)):
        return True
    head = _head(one, segment)
    if _is_whole_only(one, segment, same, rivals):
        return False
    if _is_said_of_rival([word for word in words if word not in head], same, rivals):
        return False
    if any(meet(head, _head(other, place)) for other, place in same) and not any(
        meet(head, _head(other, place)) for other, place in rivals
    ):
        return True
    if _has_head_of_rival(head, same, rivals):
        return False
    if not any(_window_names(other, place) for other, place in same):
        # Both figures have the same subject, which stands beside the other one only.
        names = frozenset(key for _, place in rivals for word in place.names for key in word.keys)
        words = [word for word in words if word.keys.isdisjoint(names)]
    return _is_nearer(one, segment, (words, beside), same, rivals, passages)


def _is_reversed(one: BoundedFigure, segment: Segment, place: Segment) -> bool:
    """Tell whether a figure is an end of a change of which the passage has begin and end the other way round."""
    mine = [x.figure.value for x in segment.figures if x.in_range and alike(one, x)]
    theirs = [x.figure.value for x in place.figures if x.in_range and alike(one, x)]
    return one.in_range and len(mine) == len(theirs) == 2 and mine[0] != mine[1] and mine == theirs[::-1]


def _is_pair(other: BoundedFigure, same: list[Placed]) -> bool:
    """Tell whether a figure is the other half of a pair that is written as one: "2022/2023"."""
    return any(
        place.text[min(one.figure.end, other.figure.end) : max(one.figure.start, other.figure.start)] in ("/", "-", "–")
        for one, place in same
    )


def _is_part(one: BoundedFigure, other: BoundedFigure, place: Segment) -> bool:
    """Tell whether the first figure is said to be part of the second: "two of the seven"."""
    return _PART.fullmatch(place.text, one.figure.end, max(one.figure.end, other.figure.start)) is not None


def _are_parts(one: BoundedFigure, segment: Segment, rival: BoundedFigure, place: Segment, same: list[Placed]) -> bool:
    """Tell whether a figure and a rival are part and whole in the sentence as they are in the passage."""
    own = [each for each, at in same if at is place]
    return any(
        other.figure.value == rival.figure.value
        and (
            (_is_part(one, other, segment) and any(_is_part(each, rival, place) for each in own))
            or (_is_part(other, one, segment) and any(_is_part(rival, each, place) for each in own))
        )
        for other in segment.figures
    )


def _is_nearer(
    one: BoundedFigure,
    segment: Segment,
    window: tuple[list[Word], list[str]],
    same: list[Placed],
    rivals: list[Placed],
    passages: Passages,
) -> bool:
    """Tell whether a figure shares no less of what stands around it with its like than with another figure."""
    own = max(_overlap(*window, other, place) for other, place in same)
    rival = max(_overlap(*window, other, place) for other, place in rivals)
    mine = {x.figure.value for x in segment.figures}
    if (
        own == 0
        and not one.in_range
        and any(_overlap(*window, other, place) for other, place in rivals if other.figure.value in mine)
    ):
        # What stands beside it stands in the passage beside another figure of the sentence: they were exchanged.
        return False
    in_order = all(other.figure.value in mine for other, _ in rivals) and any(
        _is_run(_row(one, [segment]), _row(other, passages.sentence_of(place))) for other, place in same
    )
    if in_order and rival < own + _CLEARLY:
        return True
    few = len(window[0]) <= 2
    return not (rival >= own + 2 or (rival >= 2 and own * 2 <= rival) or (rival > own and own == 0 and few))


def _context(one: BoundedFigure, place: Segment) -> Context:
    """Return what the words around a figure say of it, up to the figures beside it."""
    beyond = [x.figure for x in place.figures if x is not one and alike(x, one)]
    left = max((x.end for x in beyond if x.end <= one.figure.start), default=place.start)
    right = min((x.start for x in beyond if x.start >= one.figure.end), default=place.end)
    context = context_of(place, one.figure.start, one.figure.end, left, right)
    if one.figure.kind not in _DATES:
        return context
    return replace(context, contrasts=frozenset(pair for pair in context.contrasts if is_event(pair[0])))


def _window_names(one: BoundedFigure, place: Segment) -> set[int]:
    """Return where names stand in the window of a figure."""
    return {word.start for word in _window(one, place)[0]} & {word.start for word in place.names}


def _is_whole_only(one: BoundedFigure, segment: Segment, same: list[Placed], rivals: list[Placed]) -> bool:
    """Tell whether the whole of "of the six groups, four finished" takes what is said of the part: "six finished"."""
    if _WHOLE.search(segment.text[: one.figure.start]):
        return False
    words = [word for word in segment.words if word not in _head(one, segment)]
    return all(_WHOLE.search(place.text[: own.figure.start]) for own, place in same) and any(
        at is place and part.figure.start > own.figure.end and any(_is_behind(word, part, place) for word in words)
        for own, place in same
        for part, at in rivals
    )


def _is_behind(word: Word, figure: BoundedFigure, place: Segment) -> bool:
    """Tell whether a word stands behind a figure, and not before it as well."""
    before = any(not word.keys.isdisjoint(each.keys) for each in place.words if each.start < figure.figure.start)
    return not before and any(
        not word.keys.isdisjoint(each.keys) for each in place.words if each.start > figure.figure.start
    )


def _is_said_of_rival(said: Sequence[Word], same: list[Placed], rivals: list[Placed]) -> bool:
    """Tell whether all words around a figure but the one that it counts are around one other figure only."""
    if len(said) < 2 or any(_overlap(said, (), other, place) for other, place in same):
        return False
    sentences = {place.sentence for _, place in same}
    return any(
        all(_overlap([word], (), other, place) for word in said)
        for other, place in rivals
        if place.sentence in sentences
    )


def _has_head_of_rival(head: list[Word], same: list[Placed], rivals: list[Placed]) -> bool:
    """Tell whether the word right behind a figure stands behind another one in the same sentence of a passage."""
    heads = [_head(other, place) for other, place in same]
    if not head or not all(heads) or any(meet(head, own) for own in heads):
        return False
    sentences = {place.sentence for _, place in same}
    return any(meet(head, _head(other, place)) for other, place in rivals if place.sentence in sentences)


def _head(one: BoundedFigure, place: Segment) -> list[Word]:
    """Return the word of content right behind a figure, where nothing stands between them."""
    return [word for word in after(one, place) if _NOTHING.fullmatch(place.text, one.figure.end, word.start)]


def _row(one: BoundedFigure, places: Sequence[Segment]) -> list[Decimal | str]:
    """Return the figures of segments that could stand in each other's place, in their order."""
    return [x.figure.value for place in places for x in place.figures if alike(one, x)]


def _is_run(some: list[Decimal | str], all_: list[Decimal | str]) -> bool:
    """Tell whether two or more figures stand in a longer row in the same order."""
    rest = iter(all_)
    return len(some) > 1 and all(value in rest for value in some)


def _overlap(words: Sequence[Word], beside: Sequence[str], other: BoundedFigure, place: Segment) -> float:
    """Return how many words and figures two windows share."""
    theirs, also = _window(other, place)
    inherited = place.keys - frozenset(key for word in place.words for key in word.keys)
    keys = inherited | frozenset(key for word in theirs for key in word.keys)
    names = frozenset(word.text for word in place.names)
    return sum((_NAME_COUNTS if word.text in names else 1) * bool(word.keys & keys) for word in words) + sum(
        any(value == one or one.startswith(value) for one in also) for value in beside
    )
