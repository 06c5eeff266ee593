"""The reply of a chat model, read sentence by sentence while it comes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.answerers.streaming import ModelFailure
from assistant.language import detect_language, document_language
from assistant.lexical import words
from assistant.sentences import split_sentences
from assistant.types import Language

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE)
_UNOPENED_THOUGHT = re.compile(r"^.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:<[a-z/]{0,10}|\s*[\[【(][^\]】)\n]{0,24})$", re.IGNORECASE)
_NUMBERS = r"(?:passages?\s*|bron\s*|source\s*|\^|#)?\d{1,2}"
_MARKER = re.compile(rf"\s*[\[【]\s*({_NUMBERS}(?:\s*(?:,|;|and|en)\s*{_NUMBERS})*)\s*[\]】]", re.IGNORECASE)
_MARKER_AFTER_STOP = re.compile(rf"([.!?…]+[\"'”’»)]*)((?:{_MARKER.pattern})+)", re.IGNORECASE)
_SPOKEN_MARKER = re.compile(
    r"^(?:(?:volgens|in|uit|according to|from|as stated in)\s+(?:de\s+|the\s+)?)?passages?\s+(\d{1,2})\s*"
    r"(?:staat dat|says that|states that|zegt dat|meldt dat)?\s*[,:]?\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–—]|\d{1,2}[.)]|#{1,6})\s+")
_LABEL = re.compile(r"^\s*(?:antwoord|answer|assistant)\s*:\s*", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|`+|\\[()\[\]]")
_SPACE_BEFORE_MARK = re.compile(r"\s+([.,;:!?])")
_ENDS = re.compile(r"[.!?…:][\"'”’»)]*$")
_SENTINEL = re.compile(r"NOT[\s_-]*IN[\s_-]*(?:THE[\s_-]*)?PASSAGES?", re.IGNORECASE)
_NO = re.compile(r"\b(?:niet|geen|not|no|none|nothing|niets|cannot)\b|n['’]t\b", re.IGNORECASE)
_ABOUT_ITS_MATERIAL = re.compile(
    r"\b(?:passages?|context|(?:provided|given) (?:text|information|documents?)|(?:gegeven|verstrekte|aangeleverde) "
    r"(?:tekst\w*|informatie|document\w*))\b",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:i (?:cannot|can['’]t|am unable|don['’]t know|do not know|['’]m sorry|am sorry)|i['’]m (?:sorry|unable)|"
    r"as an ai|language model|ik (?:kan|weet) (?:\w+ ){0,3}niet|het spijt me|als (?:een )?(?:ai|taalmodel)|sorry,)",
    re.IGNORECASE,
)
_NO_PROSE = re.compile(r"^\s*[{\[]|[{}]|\"\s*:\s*[\[{\"]|</?[a-z]|<\|", re.IGNORECASE)
_ECHO = re.compile(
    r"\bpassages?\s*\(?\d|\bn=[\"“]|^\s*(?:vraag|question|user|system|human|gebruiker)\s*:|"
    r"\b(?:instructions?|instructies?|prompt)\b.{0,40}\b(?:above|below|hierboven|hieronder|system)\b",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 700
_LONGEST_REPLY = 20_000
_FEWEST_CHARACTERS = 2
"""Of a token, on average: a shorter reply has not reached its limit, so its last sentence is whole."""
_LOOP = 3
"""A run of this many words, this many times in one sentence, is a loop."""
_FEW_WORDS = 4
_MANY_WORDS = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence of a reply."""

    text: str
    markers: tuple[int, ...]
    """Numbers of passages, as the model wrote them; they may name none."""
    declines: bool = False
    """Whether it says that the passages do not hold the answer, or that the model does not answer."""


def drafts(pieces: Iterable[str], max_tokens: int) -> Iterator[Draft]:
    """Yield the sentences of a reply of at most `max_tokens` as soon as each is whole.

    Raises ModelFailure for a reply without end or without a sentence to it; passes on that of `pieces`.
    """
    reply = ""
    taken = 0
    for piece in pieces:
        reply += piece
        if len(reply) > _LONGEST_REPLY:
            raise ModelFailure("garbage")
        sentences, rest = _whole_sentences(_visible(reply))
        yield from (draft for one in sentences[taken:] if (draft := _draft(one)))
        taken = max(taken, len(sentences))
        if len(rest) > _LONGEST_SENTENCE:
            raise ModelFailure("garbage")
    sentences, rest = _whole_sentences(_visible(reply, ended=True))
    yield from (draft for one in sentences[taken:] if (draft := _draft(one)))
    may_be_cut = len(reply) > max_tokens * _FEWEST_CHARACTERS
    if not may_be_cut or _ENDS.search(rest) or _MARKER.search(rest) or _SENTINEL.search(rest):
        yield from (draft for draft in (_draft(rest),) if draft)


def is_readable(text: str, language: Language) -> bool:
    """Tell whether a sentence is prose in the language that was asked in, and not a piece of the prompt."""
    if _has_broken_characters(text) or _NO_PROSE.search(text) or _ECHO.search(text) or is_loop(text):
        return False
    count = len(words(text))
    if count < _FEW_WORDS:
        return True
    if detect_language(text, default=language) != ("nl" if language == "nl" else "en"):
        return False
    return count < _MANY_WORDS or document_language(text) in (language, "nl" if language == "nl" else "en")


def is_loop(text: str) -> bool:
    """Tell whether a sentence says the same words over and over."""
    said = words(text)
    runs = [tuple(said[at : at + _LOOP]) for at in range(len(said) - _LOOP + 1)]
    return any(runs.count(run) >= _LOOP for run in set(runs))


def _visible(reply: str, ended: bool = False) -> str:
    """Return a reply without thoughts and, while it runs, without what may still become a tag or a marker."""
    text = _UNOPENED_THOUGHT.sub("", _THOUGHT.sub("", reply))
    if not ended:
        text = _UNFINISHED.sub("", text)
    return _MARKER_AFTER_STOP.sub(lambda match: f"{match[2]}{match[1]}", text)


def _whole_sentences(text: str) -> tuple[list[str], str]:
    """Return the sentences that are followed by another, and the last one."""
    spans = list(split_sentences(text))
    sentences = [text[start:end] for start, end in spans]
    return (sentences[:-1], sentences[-1]) if sentences else ([], "")


def _draft(sentence: str) -> Draft | None:
    """Read one sentence: its words, its markers, and whether it declines."""
    plain = _LABEL.sub("", _BULLET.sub("", _MARKUP.sub("", sentence)))
    markers = [int(number) for match in _MARKER.finditer(plain) for number in re.findall(r"\d{1,2}", match[1])]
    text = _SPACE_BEFORE_MARK.sub(r"\1", _MARKER.sub("", plain)).strip()
    if _SENTINEL.search(text):
        return Draft(text, (), declines=True)
    if spoken := _SPOKEN_MARKER.match(text):
        markers.append(int(spoken[1]))
        text = text[spoken.end() :]
        text = text[:1].upper() + text[1:]
    if not any(map(str.isalnum, text)):
        return None
    declines = bool(_ABOUT_ITSELF.search(text)) or bool(_ABOUT_ITS_MATERIAL.search(text) and _NO.search(text))
    ended = text if _ENDS.search(text) else f"{text}."
    return Draft(ended, tuple(dict.fromkeys(markers)), declines)


def _has_broken_characters(text: str) -> bool:
    """Tell whether a text holds what no keyboard writes: a decoding gone wrong, or hidden characters."""
    return any(one == "�" or unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") for one in text)
