"""The questions that stand in one question, the things that one compares, and whether it asks for a procedure."""

from __future__ import annotations

import re

from assistant.sentences import split_sentences
from assistant.types import Language

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
_COMPARING = re.compile(
    r"\b(?:wat|is|zijn|de|het|een|verschil(?:len|t)?|onderscheid|overeenkomst(?:en)?|vergelijk|tussen|en|van|met|hoe|"
    r"elkaar|what|what's|are|do|does|the|a|an|difference|differences|similarity|similarities|compare|between|and|from|"
    r"with|to|how|differ|different|alike|same|versus|vs|in|hoeverre)\b",
    re.IGNORECASE,
)
_PERSON = r"(?:ik|je|jij|u|we|wij|men|jullie|iemand|i|you|one|someone|people)"
_HOW = re.compile(
    rf"\bhoe\s+(?!veel\b|lang\b|groot\b|vaak\b|heet\w*\b)\w+\s+{_PERSON}\b|"
    rf"\bhoe\s+(?:kan|kun|kunnen|moet|moeten|mag|zou|zouden)\b|"
    rf"\bhow\s+(?:can|do|should|would|could|must|might)\s+{_PERSON}\b|"
    r"\bhow\s+to\b|\b(?:stappenplan|step-by-step)\b|\b(?:welke|which|what)\s+(?:\w+\s+)?(?:stappen|steps)\b|"
    rf"\bwat moet(?:en)?\s+{_PERSON}\s+(?:als eerste |eerst )?doen\b|"
    rf"\bwhat (?:do|should|must)\s+{_PERSON}\s+(?:need to |have to |first )?do\b",
    re.IGNORECASE,
)
_KNOW = re.compile(rf"\b(?:hoe (?:weet|heet)|how (?:do|can) {_PERSON} know)\b", re.IGNORECASE)
_MOST = 3
_FEWEST_WORDS = 2
_ALONE = re.compile(r"(?:wanneer|waarom|hoe|waar|hoeveel|when|why|how|where)\W*$", re.IGNORECASE)


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions that a text asks, in order; the whole text alone where it asks one.

    Sentences that ask nothing are left out where another one asks; at most three parts.
    """
    sentences = [question[start:end] for start, end in split_sentences(question)]
    asking = [one for one in sentences if one.rstrip().endswith("?")]
    found = [part.strip(" ,;") for one in asking or sentences for part in _JOINT.split(one)]
    found = [part for part in found if len(part.split()) >= _FEWEST_WORDS or _ALONE.match(part)]
    return tuple(found[:_MOST]) if len(found) > 1 else (question.strip(),)


def compared_in(question: str) -> tuple[str, ...]:
    """Return the two things that a question compares, as it writes them; none where it compares nothing."""
    for pattern in _COMPARES:
        match = pattern.search(question)
        if match:
            return match["one"].strip(), match["other"].strip()
    return ()


def compares_nothing_else(question: str) -> bool:
    """Tell whether a comparison names no aspect: what each of the things is, is then the answer."""
    things = compared_in(question)
    for thing in things:
        question = question.replace(thing, " ")
    return bool(things) and not re.search(r"\w", _COMPARING.sub(" ", question))


def asks_how(question: str) -> bool:
    """Tell whether a question asks how to do something, which steps answer."""
    return _HOW.search(question) is not None and _KNOW.search(question) is None


def definitions_asked(question: str, language: Language) -> tuple[str, ...]:
    """Return what a comparison that names no aspect asks: what each of the things is."""
    if not compares_nothing_else(question):
        return ()
    form = "Wat is {}?" if language == "nl" else "What is {}?"
    return tuple(form.format(thing) for thing in compared_in(question))


def also_asked(question: str, language: Language) -> tuple[str, ...]:
    """Return the questions that a search has to ask besides: what is compared, and in which steps a thing is done."""
    if asks_how(question):
        steps = "In welke stappen? {}" if language == "nl" else "In which steps? {}"
        return (steps.format(question),)
    return definitions_asked(question, language)
