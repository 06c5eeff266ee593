"""Answers and conversations as Markdown in which only the layout is markup, never what a document or a person wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.exports.conversation import Conversation
from assistant.exports.views import ExchangeView, SentenceView, SourceView, exchange_view, saved_line
from assistant.exports.words import PageLanguage, Words, words_in
from assistant.types import Answer

_LINE_END = re.compile(r"\r\n|\r|\n")
# What means something in CommonMark or in GitHub's dialect wherever it stands.
_MARKUP = re.compile(r"[\\`*_\[\]<>&#|~$@^{}]")
# A bare address becomes a link in many a reader.
_BARE_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_LINE_START = re.compile(r"^(?P<number>[0-9]{0,9})(?P<mark>[-+=:.)])")


def answer_as_markdown(answer: Answer, language: PageLanguage) -> str:
    """Return one question with its answer and its sources."""
    return "\n\n".join(_exchange(exchange_view(answer, language), words_in(language), "##", "")) + "\n"


def conversation_as_markdown(conversation: Conversation, language: PageLanguage) -> str:
    """Return a whole conversation, with when it was saved above it."""
    words = words_in(language)
    parts = [f"# {words.title}", _escaped(saved_line(conversation, language)), words.caution]
    for number, answer in enumerate(conversation.answers, start=1):
        parts += _exchange(exchange_view(answer, language), words, "##", f"{number}. ")
    return "\n\n".join(parts) + "\n"


def _exchange(view: ExchangeView, words: Words, level: str, number: str) -> Iterator[str]:
    """Yield the blocks of a question and its answer."""
    yield f"{level} {number}{_escaped(view.title)}"
    yield from _given(_escaped(view.question))
    yield from (f"**{status}**" for status in _given(view.status))
    yield from _given(_escaped(view.message))
    for part in view.parts:
        items = [_sentence(one) for one in part.sentences]
        yield "\n".join(f"- {_inside(item, '  ')}" for item in items) if part.listed else " ".join(items)
    yield from (_escaped(note) for note in view.notes)
    if view.unread:
        yield f"{level}# {words.unread}"
        yield "\n".join(f"- {_inside(_escaped(line), '  ')}" for line in view.unread)
    if view.sources:
        yield f"{level}# {words.sources}"
        yield from _sources(view.sources)
    if view.nearest:
        yield f"{level}# {words.nearest}"
        yield words.nearest_remark
        yield from _sources(view.nearest)


def _given(text: str) -> Iterator[str]:
    """Yield a text unless it is empty."""
    if text:
        yield text


def _sentence(sentence: SentenceView) -> str:
    """Return a sentence with the numbers of its sources."""
    return _escaped(sentence.text) + "".join(f" \\[{marker}\\]" for marker in sentence.markers)


def _sources(sources: Sequence[SourceView]) -> Iterator[str]:
    """Yield the quotes, each with where it stands."""
    for one in sources:
        mark = "" if one.marker is None else f"\\[{one.marker}\\] "
        place = f" · {_escaped(one.place)}" if one.place else ""
        yield f"{mark}{_strong(one.title)}{place}"
        yield "> " + _inside(_escaped(one.quote), "> ")
        yield from (f"({remark})" for remark in _given(one.remark))
        if one.published:
            yield "\n".join(
                f"- {_escaped(each.details)}: {_escaped(each.title)}" + _address(each.address, each.link)
                for each in one.published
            )


def _strong(text: str) -> str:
    """Return a text in bold, where emphasis can close: not behind white space, and not around nothing."""
    escaped = _escaped(text)
    return f"**{escaped}**" if escaped else ""


def _address(address: str, link: str | None) -> str:
    """Return an address as a link where it may be one."""
    if link is None:
        return f", {_escaped(address)}" if address else ""
    # Neither angle bracket nor backslash may stand in an address as it is (RFC 3986).
    return f", <{link.replace('<', '%3C').replace('>', '%3E').replace(chr(92), '%5C')}>"


def _inside(block: str, margin: str) -> str:
    """Return a block as the content of a list item or a quotation."""
    return block.replace("\n", f"\n{margin}")


def _escaped(text: str) -> str:
    """Return a text of which nothing is markup; its lines stay lines."""
    lines = [_escaped_line(line) for line in _LINE_END.split(text.replace("\x00", "�"))]
    filled = [line for line in lines if line]
    return "\\\n".join(filled)


def _escaped_line(line: str) -> str:
    """Return one line; white space at its ends would be an indented block or a line break."""
    line = _BARE_ADDRESS.sub(r"\\\g<0>", _MARKUP.sub(r"\\\g<0>", line.strip()))
    return _LINE_START.sub(r"\g<number>\\\g<mark>", line)
