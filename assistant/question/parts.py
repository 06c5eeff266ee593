"""The questions that stand in one question, and the things that one compares."""

from __future__ import annotations

import re

from assistant.sentences import split_sentences

_ASKS = (
    r"(?:(?:van|met|voor|door|in|op|bij|tot|uit|aan|of|with|for|by|from|to|at)\s+)?"
    r"(?:wie|wat|waar\w*|wanneer|hoe|hoeveel|hoelang|welke?|wiens|who|whom|whose|what|where|when|how|which|why)\b"
)
_JOINT = re.compile(
    rf"\s*[,;]?\s+(?:en|and|maar|but|of|or)\s+(?:dan\s+|then\s+|ook\s+|also\s+)?(?={_ASKS})", re.IGNORECASE
)
_ONE, _OTHER = r"(?P<one>[^?.,;:]{2,60}?)", r"(?P<other>[^?.,;:]{2,60}?)"
_COMPARES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:verschil(?:len)?|onderscheid|overeenkomst(?:en)?|difference|differences|similarity|similarities)"
        rf"\s+(?:tussen|between)\s+{_ONE}\s+(?:en|and)\s+{_OTHER}\s*[?.]",
        rf"\b(?:verschillen|verschilt|vergelijk)\s+{_ONE}\s+(?:en|van|met)\s+{_OTHER}(?:\s+van elkaar)?\s*[?.]",
        rf"\b(?:do|does|did|are|is)\s+{_ONE}\s+(?:and|from|differ from|different from)\s+{_OTHER}"
        r"\s+(?:differ|different|compare|alike|the same)\b",
        rf"\bcompare\s+{_ONE}\s+(?:and|with|to)\s+{_OTHER}\s*[?.]",
        rf"\b{_ONE}\s+(?:versus|vs\.?)\s+{_OTHER}\s*[?.]",
    )
)
_MOST = 3
_FEWEST_WORDS = 2


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions that a text asks, in order; the whole text alone where it asks one.

    Sentences that ask nothing are left out where another one asks; at most three parts.
    """
    sentences = [question[start:end] for start, end in split_sentences(question)]
    asking = [one for one in sentences if one.rstrip().endswith("?")]
    found = [part.strip(" ,;") for one in asking or sentences for part in _JOINT.split(one)]
    found = [part for part in found if len(part.split()) >= _FEWEST_WORDS]
    return tuple(found[:_MOST]) if len(found) > 1 else (question.strip(),)


def compared_in(question: str) -> tuple[str, ...]:
    """Return the two things that a question compares, as it writes them; none where it compares nothing."""
    for pattern in _COMPARES:
        match = pattern.search(question)
        if match:
            return match["one"].strip(), match["other"].strip()
    return ()
