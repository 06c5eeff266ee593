"""A question with its answer: what it is, its sentences with numbered citations, and what came closest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.presenter import in_list
from assistant.types import Answer, Citation, Language, Sentence, UnreadPage
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape, lang, page_name, place
from assistant.ui.panels.sources import marker_id, source_id
from assistant.ui.panels.status import render_changes, render_message, render_notes, render_status
from assistant.ui.texts import Texts

_IN_LANGUAGE: dict[Language, str] = {"nl": "chat.quote_in_nl", "en": "chat.quote_in_en"}
_DATES_TOLD = 2
_OWN_NUMBER = re.compile(r"[0-9]{1,2}[.)] ")


def render_current(exchange: Exchange, sentences: Sequence[Sentence], status: str, texts: Texts) -> str:
    """Return the exchange that is being answered: what there is so far, and what is being done."""
    progress = f'<p class="status">{texts(status)}</p>'
    return in_frame(exchange, _sentences(exchange, sentences, texts, with_links=False) + progress, texts)


def in_frame(exchange: Exchange, outcome: str, texts: Texts) -> str:
    """Return a question with what came of it."""
    return (
        f'<article class="exchange" data-exchange="{exchange.number}">'
        f'<h2 class="visually-hidden">{texts("chat.you_asked")}</h2>'
        f'<p class="question">{escape(exchange.question)}</p>'
        f'<h3 class="visually-hidden">{texts("chat.answer")}</h3>'
        f'<div class="answer">{outcome}</div></article>'
    )


def render_outcome(exchange: Exchange, texts: Texts) -> str:
    """Return the answer, the refusal or the failure of an exchange."""
    answer = exchange.answer
    status = render_status(exchange, texts)
    if answer is None:
        key = exchange.failure or "chat.failed"
        if exchange.sentences:
            key = "chat.stopped_halfway"
        written = _sentences(exchange, exchange.sentences, texts, with_links=False)
        return f'{status}{written}<p class="failure">{texts(key)}</p>'
    return (
        status
        + render_changes(exchange, texts)
        + render_message(answer, texts)
        + _sentences(exchange, answer.sentences, texts, with_links=True)
        + _other_language_note(answer, texts)
        + render_notes(answer, texts)
        + _nearest(exchange, answer.nearest, texts)
        + _unread_pages(answer.unread_pages, texts)
    )


def _sentences(exchange: Exchange, sentences: Sequence[Sentence], texts: Texts, *, with_links: bool) -> str:
    """Return sentences as paragraphs and lists, each with its numbered citations."""
    parts: list[str] = []
    open_tag = ""
    seen: set[int] = set()
    dates = _dates(exchange.answer)
    for number, (sentence, is_item) in enumerate(zip(sentences, in_list(sentences), strict=True), start=1):
        tag = "ul" if is_item else "p"
        if tag != open_tag:
            numbered = ' class="numbered"' if tag == "ul" and _OWN_NUMBER.match(sentence.text) else ""
            parts.append((f"</{open_tag}>" if open_tag else "") + f"<{tag}{numbered}>")
            open_tag = tag
        markers = "".join(_marker(exchange, one, seen, texts, with_links) for one in sentence.citations)
        words = f'<span data-sentence="{number}"{lang(sentence.language)}>{escape(sentence.text)}</span>{markers}'
        words += _language_label(exchange, sentence, texts) + _dated(sentence, dates, texts)
        parts.append(f"<li>{words}</li>" if tag == "ul" else f"{words} ")
    return "".join(parts) + (f"</{open_tag}>" if open_tag else "")


def _marker(exchange: Exchange, marker: int, seen: set[int], texts: Texts, with_links: bool) -> str:
    """Return a numbered citation; the first of each number carries the id to come back to."""
    if not with_links:
        return f'&nbsp;<span class="marker">[{marker}]</span>'
    own_id = "" if marker in seen else f' id="{marker_id(exchange, marker)}"'
    seen.add(marker)
    return (
        f'&nbsp;<a class="marker"{own_id} href="#{source_id(exchange, marker)}"'
        f' aria-label="{texts("chat.source_number", number=marker)}">[{marker}]</a>'
    )


def _language_label(exchange: Exchange, sentence: Sentence, texts: Texts) -> str:
    """Return a label beside a sentence in another language than the question; "" beside the others."""
    answer = exchange.answer
    if answer is None or not _is_foreign(sentence, answer):
        return ""
    return f'&nbsp;<span class="aside">{texts(_IN_LANGUAGE[sentence.language])}</span>'


def _is_foreign(sentence: Sentence, answer: Answer) -> bool:
    """Tell whether a sentence is in another language than the question."""
    return sentence.language not in (answer.language, "und")


def _dates(answer: Answer | None) -> Mapping[int, Sequence[str]]:
    """Return the dates of the published sources by marker, for an answer that may have aged."""
    if answer is None or not any(note.kind == "aged" for note in answer.notes):
        return {}
    # Where sources differ, each value comes with its date already.
    if answer.reason == "conflicting":
        return {}
    return {one.marker: [source.date for source in one.sources] for one in answer.citations}


def _dated(sentence: Sentence, dates: Mapping[int, Sequence[str]], texts: Texts) -> str:
    """Return of when the sources of a sentence are, where that matters."""
    own = dict.fromkeys(date for marker in sentence.citations for date in dates.get(marker, ()))
    if not own:
        return ""
    known = sorted(date for date in own if texts.date(date) != texts("place.undated"))[-_DATES_TOLD:]
    told = " / ".join(escape(texts.date(date)) for date in known)
    words = texts("chat.source_of", date=told) if told else texts("chat.source_undated")
    return f'&nbsp;<span class="aside">{words}</span>'


def _other_language_note(answer: Answer, texts: Texts) -> str:
    """Return why a sentence is in another language than the question."""
    if not any(_is_foreign(sentence, answer) for sentence in answer.sentences):
        return ""
    return f'<p class="hint">{texts("chat.other_language")}</p>'


def _nearest(exchange: Exchange, nearest: Sequence[Citation], texts: Texts) -> str:
    """Return the passages that came closest to a refused question, each to be opened."""
    if not nearest:
        return ""
    rows = "".join(
        f'<li><a class="nearest" id="{marker_id(exchange, one.marker)}"'
        f' href="#{source_id(exchange, one.marker)}"{lang(one.language)}>{escape(one.title)}</a>'
        f'<span class="place"{lang(one.language)}>'
        f"{escape(place(texts, one.heading, one.page, one.page_label))}</span></li>"
        for one in nearest
    )
    return f'<h4>{texts("chat.nearest")}</h4><ol class="nearest-list">{rows}</ol>'


def _unread_pages(pages: Sequence[UnreadPage], texts: Texts) -> str:
    """Return the pages that could not be read, where the answer may stand."""
    if not pages:
        return ""
    return f"<h4>{texts('chat.unread_pages')}</h4><ul>{''.join(_unread_rows(pages, texts))}</ul>"


def _unread_rows(pages: Sequence[UnreadPage], texts: Texts) -> Iterator[str]:
    """Yield a row for each page."""
    for page in pages:
        name = page_name(texts, page.page, page.label)
        row = texts("chat.unread_page", title=page.title, page=name, problem=page.problem)
        yield f"<li>{escape(row)}</li>"
