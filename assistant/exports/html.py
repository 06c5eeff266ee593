"""An answer as HTML for the clipboard: text editors and mail programs keep its layout and its links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from assistant.exports.views import ExchangeView, PublishedView, SentenceView, SourceView, exchange_view
from assistant.exports.words import PageLanguage, Words, words_in
from assistant.types import Answer, Language


def answer_as_html(answer: Answer, language: PageLanguage) -> str:
    """Return a question, its answer and the sources below it as a fragment of HTML.

    It carries no style of its own, so that it takes on that of the document it is pasted into.
    """
    words, view = words_in(language), exchange_view(answer, language)
    asked = f"<p><strong>{words.question}: {_text(answer.question)}</strong></p>"
    return asked + "".join([*_answer(view), *_below(view, words)])


def _answer(view: ExchangeView) -> Iterator[str]:
    """Yield what was answered."""
    if view.status:
        yield f"<p><em>{_text(view.status)}</em></p>"
    if view.message:
        yield f"<p>{_spoken(view.message, view.language)}</p>"
    for part in view.parts:
        if part.listed:
            yield "<ul>" + "".join(f"<li>{_sentence(one)}</li>" for one in part.sentences) + "</ul>"
        else:
            yield f"<p>{' '.join(_sentence(one) for one in part.sentences)}</p>"
    for note in view.notes:
        yield f"<p>{_spoken(note, view.language)}</p>"


def _below(view: ExchangeView, words: Words) -> Iterator[str]:
    """Yield what stands below the answer."""
    if view.unread:
        yield f"<p><strong>{words.unread}</strong></p><ul>"
        yield "".join(f"<li>{_text(line)}</li>" for line in view.unread) + "</ul>"
    if view.sources:
        yield f"<p><strong>{words.sources}</strong></p>"
        yield from _sources(view.sources)
    if view.nearest:
        yield f"<p><strong>{words.nearest}</strong></p><p>{words.nearest_remark}</p>"
        yield from _sources(view.nearest)


def _sentence(sentence: SentenceView) -> str:
    """Return a sentence with the numbers of its sources."""
    return _spoken(sentence.text, sentence.language) + "".join(f" [{marker}]" for marker in sentence.markers)


def _sources(sources: Sequence[SourceView]) -> Iterator[str]:
    """Yield the quotes, each with where it stands and who published it."""
    for one in sources:
        mark = "" if one.marker is None else f"[{one.marker}] "
        place = f" · {_text(one.place)}" if one.place else ""
        remark = f" ({_text(one.remark)})" if one.remark else ""
        yield f"<p>{mark}<strong>{_text(one.title)}</strong>{place}<br>“{_spoken(one.quote, one.language)}”{remark}</p>"
        if one.published:
            yield "<ul>" + "".join(f"<li>{_published(each)}</li>" for each in one.published) + "</ul>"


def _published(source: PublishedView) -> str:
    """Return a published source, with its address as a link where it may be one."""
    title = _text(source.title)
    if source.link is not None:
        title = f'<a href="{escape(source.link)}">{title}</a>'
    elif source.address and source.address != source.title:
        title += f", {_text(source.address)}"
    return f"{_text(source.details)}: {title}"


def _spoken(text: str, language: Language) -> str:
    """Return a text with its language, so that a spelling checker leaves a quote alone."""
    return _text(text) if language == "und" else f'<span lang="{escape(language)}">{_text(text)}</span>'


def _text(text: str) -> str:
    """Return a text as HTML that shows it and does nothing else; its lines stay lines."""
    return "<br>".join(escape(line) for line in text.replace("\x00", "�").splitlines())
