"""Where the clauses of a sentence begin and end, as far as that can be told without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.types import Language
from assistant.verifier.clause_words import clause_words

_JOINTS: dict[Language, str] = {
    "nl": "en|maar|terwijl|of",
    "en": "and|but|while|whereas|or",
}
_BREAK_PATTERN = (
    r"(?P<hard>;\s+|\s+[–—]\s+)|,\s+(?=(?P<source>volgens|aldus|according to)\b[^,;]*$)"
    r"|(?P<comma>,\s+)|(?<!\btot)(?<!\bup to)\s+(?P<joint>JOINTS)\s+"
    r"|\s+(?=(?P<condition>tenzij|mits|unless|provided|op voorwaarde dat|on condition|except (?:if|when)|behalve als"
    r"|voor zover|insofar as|only (?:if|when)|alleen als|indien|if|omdat|because|want|zodat|so that|nadat|voordat"
    r"|waarvan|of which|though|although|hoewel|toen|when|wanneer)\b)"
)
_BREAK = {
    language: re.compile(_BREAK_PATTERN.replace("JOINTS", joints), re.IGNORECASE)
    for language, joints in _JOINTS.items()
}
_CONDITION = re.compile(
    r"(?:,\s*)?(?:tenzij|mits|unless|provided|op voorwaarde|on condition|except|behalve|voor zover|insofar|only if"
    r"|only when|alleen als|indien|if|als|wanneer|when)\b",
    re.IGNORECASE,
)
_VERB_SHAPE = re.compile(r"ge[a-zë]{3,}(?:d|t|en)$|(?:be|ver|ont|her)[a-z]{3,}(?:t|de|den|te|ten|d)$|[a-z]{3,}ed$")
_ELLIPSIS = re.compile(
    r"(?:[,;]\s+|\s+(?=(?:maar|but|en|and|while|whereas|terwijl)\s))"
    r"(?P<rest>(?:(?:maar|but|en|and|while|whereas|terwijl|ook)\s+)*(?P<subject>[^,;:.()]{2,50}?)\s+"
    r"(?:niet|wel|not|do|does|did|have to|has to|had to|must|may|can|cannot|is|are|was|were|moet(?:en)?|mag|mogen|kan"
    r"|kunnen)(?:\s+(?:niet|wel|not|dat niet|dat wel|n't))?)[.!]?$",
    re.IGNORECASE,
)
_SHORT_SENTENCE = re.compile(
    r"(?P<subject>[^,;:.()]{2,50}?)\s+(?:niet|wel|not|do|does|did|is|are)(?:\s+(?:niet|wel|not))?[.!]?$", re.IGNORECASE
)
_LOWER_WORD = re.compile(r"[a-zà-ÿ]+(?:['’]t)?")


def split_segments(
    text: str, language: Language, figures: Iterable[int], names: Iterable[int]
) -> Iterator[tuple[int, int]]:
    """Yield the segments of a sentence, which together are the whole of it.

    A comma or "and" divides where both sides have a verb, or a figure beside a name ("A got 5 and B 7"); items of a
    list stay with the verb that holds for them.
    """
    ending = ellipsis_start(text)
    if ending:
        yield from split_segments(text[:ending], language, figures, names)
        yield ending, len(text)
        return
    breaks = _BREAK["nl" if language == "nl" else "en"]
    marks = sorted(figures), sorted(names)
    start = 0
    pending: list[tuple[int, int]] = []
    for match in breaks.finditer(text):
        pending.append((start, match.start()))
        start = match.end()
        hard = match["hard"] is not None
        rest_complete = (
            hard
            or match["condition"]
            or match["source"]
            or _is_complete(text, start, _next_break(text, start, breaks), marks)
        )
        whole = pending[0][0], pending[-1][1]
        if rest_complete and (hard or _is_complete(text, *whole, marks) or _CONDITION.match(text, whole[0])):
            yield whole[0], start
            pending = []
    yield (pending[0][0] if pending else start), len(text)


def ellipsis_start(text: str) -> int:
    """Return where a last clause without a verb of its own begins ("travel is not"), or 0 where there is none."""
    match = _ELLIPSIS.search(text)
    return match.start("rest") if match and not _has_verb(match["subject"]) else 0


def is_elliptical(text: str) -> bool:
    """Tell whether a whole sentence has its verb in the one before: "A gift does."."""
    match = _SHORT_SENTENCE.match(text)
    return match is not None and not _has_verb(match["subject"])


def _has_verb(text: str) -> bool:
    """Tell whether a stretch has a verb."""
    return any(word in clause_words().finite or _VERB_SHAPE.match(word) for word in _LOWER_WORD.findall(text.lower()))


def _next_break(text: str, start: int, breaks: re.Pattern[str]) -> int:
    """Return where the next possible end of a segment is, lists with "en" or "and" taken as one."""
    for match in breaks.finditer(text, start):
        if match["joint"] is None:
            return match.start()
    return len(text)


def _is_complete(text: str, start: int, end: int, marks: tuple[list[int], list[int]]) -> bool:
    """Tell whether a stretch says something by itself."""
    if all(any(start <= mark < end for mark in kind) for kind in marks):
        return True
    return "n't" in text[start:end] or "n’t" in text[start:end] or _has_verb(text[start:end])
