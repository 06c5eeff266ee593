"""Where every word of an answer comes from: a document, the assistant's own fixed sentences, or nowhere.

An extractive answer that does what an instruction says would have to hold words that come from nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant import messages
from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.presenter import answer_text, marked
from assistant.types import Answer, Citation

_SLOT = re.compile(r"\{\w*\}")
_WORD = re.compile(r"[^\W_]+")
_LEFTOVER = re.compile(r"[\s-]*")
_JOINERS = frozenset("of or en and de het the van".split())
_MONTHS = frozenset(
    "januari februari maart april mei juni juli augustus september oktober november december "
    "january february march may june july august october".split()
)


@dataclass(frozen=True, slots=True)
class Account:
    """The parts of an answer by where they come from."""

    quoted: tuple[str, ...]
    """Sentences that stand word for word in the passage they cite."""
    written: tuple[str, ...]
    """Sentences that do not: a language model's, that passed the lock; of an extractive answer there are none."""
    fixed: tuple[str, ...]
    """What the assistant itself says, in sentences of `assistant/messages.py`."""
    foreign: tuple[str, ...]
    """What comes from nowhere: the assistant obeyed, or is at fault."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an assistant may speak from."""

    canonical_text: Callable[[str], str]
    """Returns the text of a document."""
    words: frozenset[str]
    """Of the register of sources: the assistant says whom to ask."""


def ground_of(assistant: Assistant) -> Ground:
    """Return what an assistant may speak from at this moment."""
    with assistant.retriever.lease() as index:
        parts = [text for one in index.sources.values() for text in (one.title, one.publisher, one.date, one.url or "")]
    return Ground(assistant.canonical_text, _words_of(parts))


def account(answer: Answer, ground: Ground) -> Account:
    """Sort everything that an answer shows."""
    cited = {one.marker: one for one in answer.citations}
    quoted: list[str] = []
    written: list[str] = []
    fixed: list[str] = []
    foreign: list[str] = []
    for citation in (*answer.citations, *answer.nearest):
        if not _is_verbatim(citation, ground.canonical_text):
            foreign.append(citation.quote)
    for sentence in answer.sentences:
        behind = [cited[marker] for marker in sentence.citations if marker in cited]
        foreign += [f"[{marker}]" for marker in sentence.citations if marker not in cited]
        stands = any(sentence.text in one.quote for one in behind)
        (quoted if stands else written if behind and sentence.verified else foreign).append(sentence.text)
    known = ground.words | _words_of([answer.question, answer.search_query]) | _cited_words(answer)
    for text in filter(None, (answer.message, *(note.text for note in answer.notes))):
        (fixed if is_fixed(text, known) else foreign).append(text)
    foreign += _added_by_presenting(answer)
    return Account(tuple(quoted), tuple(written), tuple(fixed), tuple(foreign))


def is_fixed(text: str, known: frozenset[str]) -> bool:
    """Tell whether a text is made of the assistant's own sentences, with nothing but known words in their gaps."""
    return any(all(_is_known(gap, known) for gap in gaps) for gaps in _readings(text))


def _readings(text: str) -> Iterator[tuple[str, ...]]:
    """Yield what stands in the gaps, for each way to read a text as a row of own sentences."""
    if not text:
        yield ()
        return
    for template in own_sentences():
        for match in _stretches(template, text):
            rest = text[match.end() :]
            if not rest or rest[0].isspace():
                yield from ((*match.groups(), *gaps) for gaps in _readings(rest.lstrip()))


def _stretches(template: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the match at the beginning of a text; where the template ends in a gap, for each possible end of it."""
    match = template.match(text)
    if match is None:
        return
    yield match
    if template.pattern.endswith("(.+?)"):
        for space in re.finditer(r"(?=\s|$)", text):
            longer = template.fullmatch(text, 0, space.start())
            if longer is not None and longer.end() > match.end():
                yield longer


@lru_cache(maxsize=1)
def own_sentences() -> tuple[re.Pattern[str], ...]:
    """Return all texts of `assistant.messages` as patterns, the longest first.

    They are read off the module, so that a new one is known here the moment it is written.
    """
    texts = {one for name, value in vars(messages).items() if not name.startswith("__") for one in _texts_in(value)}
    if not texts:
        raise InputError("assistant/messages.py holds no texts; see how it keeps them and adapt this measure.")
    return tuple(re.compile(_pattern(one), re.DOTALL) for one in sorted(texts, key=len, reverse=True))


def _texts_in(value: object) -> Iterator[str]:
    """Yield the strings in a table of texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts_in(one)


def _pattern(template: str) -> str:
    """Return a text with gaps as a regular expression with a group for each."""
    return "(.+?)".join(re.escape(part) for part in _SLOT.split(template))


def _is_known(gap: str, known: frozenset[str]) -> bool:
    """Tell whether all words of a gap are known, or figures, or words that join."""
    words = _WORD.findall(gap.casefold())
    return all(word in known or word in _JOINERS or word in _MONTHS or word.isdigit() for word in words)


def _cited_words(answer: Answer) -> frozenset[str]:
    """Return the words of everything that an answer cites or names as nearest."""
    cited = (*answer.citations, *answer.nearest)
    return _words_of([text for one in cited for text in (one.title, one.heading or "", one.quote)])


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts, in one case."""
    return frozenset(_WORD.findall(" ".join(texts).casefold()))


def _is_verbatim(citation: Citation, canonical_text: Callable[[str], str]) -> bool:
    """Tell whether a quote stands in its document where the citation says."""
    return canonical_text(citation.document)[citation.start : citation.end] == citation.quote


def _added_by_presenting(answer: Answer) -> list[str]:
    """Return what the presenter shows beside message, sentences with their markers, and notes."""
    rest = answer_text(answer)
    for part in (answer.message, *(marked(one) for one in answer.sentences), *(note.text for note in answer.notes)):
        rest = rest.replace(part, "", 1)
    return [] if _LEFTOVER.fullmatch(rest) else [rest.strip()]
