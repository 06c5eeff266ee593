"""An answer as plain text, to be pasted anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.exports.views import ExchangeView, SourceView, exchange_view
from assistant.exports.words import PageLanguage, Words, words_in
from assistant.presenter import answer_text
from assistant.types import Answer


def answer_as_text(answer: Answer, language: PageLanguage) -> str:
    """Return a question, its answer and the sources below it as plain text."""
    words, view = words_in(language), exchange_view(answer, language)
    parts = [f"{words.question}: {answer.question}", view.status, answer_text(answer), *_unread(view, words)]
    parts += _sources(view.sources, words.sources)
    parts += _sources(view.nearest, f"{words.nearest}. {words.nearest_remark}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _unread(view: ExchangeView, words: Words) -> Iterator[str]:
    """Yield the pages that could not be read."""
    if view.unread:
        yield "\n".join([words.unread, *(f"- {line}" for line in view.unread)])


def _sources(sources: Sequence[SourceView], title: str) -> Iterator[str]:
    """Yield the sources below their title, each a paragraph of its own."""
    if sources:
        yield title
    for one in sources:
        mark = "-" if one.marker is None else f"[{one.marker}]"
        place = f" · {one.place}" if one.place else ""
        lines = [f"{mark} {one.title}{place}", f"“{one.quote}”" + (f" ({one.remark})" if one.remark else "")]
        lines += [
            f"{each.details}: {each.title}" + (f", {each.address}" if each.address else "") for each in one.published
        ]
        yield "\n    ".join(line.replace("\n", "\n    ") for line in lines)
