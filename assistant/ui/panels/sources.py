"""The sources of the answers: where each quote stands, and its words marked among those around them."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from assistant.types import Citation
from assistant.ui.document_links import file_address, passage_address, picture_address
from assistant.ui.exchange import Exchange, ShownSource
from assistant.ui.markup import escape, lang, place, published_source
from assistant.ui.panels.blocks import html_block
from assistant.ui.texts import Texts

_MARKED = ("all", "beginning", "none")
"""How much of a quote is marked on a picture of its page, as the route of the picture says it."""


def source_id(exchange: Exchange, marker: int) -> str:
    """Return the id of a source on the page; markers in the answer point at it."""
    return f"source-{exchange.number}-{marker}"


def marker_id(exchange: Exchange, marker: int) -> str:
    """Return the id of the first marker in the answer that points at a source."""
    return f"marker-{exchange.number}-{marker}"


def render_sources(exchanges: Sequence[Exchange], texts: Texts) -> str:
    """Return the sources of every answer; page.js shows those of one answer at a time."""
    answered = [exchange for exchange in exchanges if exchange.answer is not None]
    last = answered[-1].number if answered else None
    groups = "".join(_group(exchange, texts, hidden=exchange.number != last) for exchange in answered)
    body = groups or f'<p class="hint">{texts("sources.empty")}</p>'
    return f'<div id="source-list"><h2>{texts("sources.title")}</h2>{body}</div>'


def _group(exchange: Exchange, texts: Texts, *, hidden: bool) -> str:
    """Return the sources of one answer."""
    answer = exchange.answer
    is_nearest = answer is not None and not answer.citations and bool(answer.nearest)
    title = f"<h3>{texts('sources.nearest_title')}</h3>" if is_nearest else ""
    cards = "".join(_card(exchange, source, texts) for source in exchange.sources)
    body = cards or f'<p class="hint">{texts("sources.none")}</p>'
    return (
        f'<section class="source-group" data-exchange="{exchange.number}"{" hidden" if hidden else ""}>'
        f'<p class="for-question"><span>{texts("sources.for_question")}</span> {escape(exchange.question)}</p>'
        f"{title}{body}</section>"
    )


def _card(exchange: Exchange, source: ShownSource, texts: Texts) -> str:
    """Return one source: closed it says where and from when, and how the quote begins; open it shows the words."""
    citation = source.citation
    where = escape(place(texts, citation.heading, citation.page, citation.page_label))
    where = f'<span class="place"{lang(citation.language)}>{where}</span>' if where else ""
    return (
        f'<details class="source" id="{source_id(exchange, citation.marker)}"><summary>'
        f'<span class="number">{citation.marker}</span><span class="heading">'
        f'<span class="title"{lang(citation.language)}>{escape(citation.title)}</span>{where}{_origin(source, texts)}'
        f'<span class="snippet"{lang(citation.language)}>{escape(citation.quote)}</span></span></summary>'
        f'<div class="source-body">{_language_label(exchange, citation, texts)}{_quote(source, texts)}'
        f"{_picture(source, texts)}{_published(exchange, citation, texts)}{_links(exchange, source, texts)}"
        "</div></details>"
    )


def _origin(source: ShownSource, texts: Texts) -> str:
    """Return when what the passage says was published, and by whom; when a document without sources was updated."""
    published = source.citation.sources
    if published:
        first = published[0]
        # The date first: where the line is too long, its end is cut off.
        words = " · ".join(part for part in (texts.date(first.date), first.publisher) if part)
        if len(published) > 1:
            words = texts("sources.origin_more", origin=words, count=len(published) - 1)
    elif source.updated:
        words = texts("document.updated", date=texts.date(source.updated))
    else:
        return ""
    return f'<span class="origin">{escape(words)}</span>'


def _language_label(exchange: Exchange, citation: Citation, texts: Texts) -> str:
    """Return a label for a quote in another language than the question; nothing for one in the same."""
    if exchange.answer is not None and exchange.answer.language == citation.language:
        return ""
    return f'<p class="label">{texts(f"sources.quote_in_{citation.language}")}</p>'


def _quote(source: ShownSource, texts: Texts) -> str:
    """Return the passage with exactly the quoted words marked; unmarked if they were not found there."""
    shown, language = source.excerpt, lang(source.citation.language)
    if not _holds(source):
        key = "sources.not_located" if source.state == "true" else f"sources.state_{source.state}"
        return f'<blockquote{language}>{escape(shown.quote)}</blockquote><p class="hint">{texts(key)}</p>'
    return (
        f"<blockquote{language}>{escape(shown.before)}<mark>{escape(shown.quote)}</mark>"
        f"{escape(shown.after)}</blockquote>"
    )


def _holds(source: ShownSource) -> bool:
    """Tell whether the quote still stands in the document, word for word."""
    return source.excerpt.located and source.state == "true"


def _picture(source: ShownSource, texts: Texts) -> str:
    """Return the place for a picture of the page; sources.js fetches it when the source is opened."""
    citation = source.citation
    if not (source.has_file and _holds(source)):
        return ""
    parts = {"number": citation.page, "title": citation.title, "quote": citation.quote}
    words = {
        **{name: texts(f"sources.picture_{name}", **parts) for name in ("loading", "failed")},
        **{f"caption-{name}": texts(f"sources.picture_{name}", **parts) for name in _MARKED},
        **{f"alt-{name}": texts(f"sources.alt_{name}", **parts) for name in _MARKED},
        "enlarge": texts("sources.enlarge"),
        "large-title": texts("sources.large_title", **parts),
        "close": texts("sources.close"),
    }
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in words.items())
    address = escape(picture_address(citation))
    return f'<figure class="page-picture" data-address="{address}"{data}><figcaption></figcaption></figure>'


def _published(exchange: Exchange, citation: Citation, texts: Texts) -> str:
    """Return the published sources behind the passage."""
    if not citation.sources:
        return ""
    key = "sources.published_one" if len(citation.sources) == 1 else "sources.published_many"
    rows = "".join(published_source(texts, source, with_authority=True) for source in citation.sources)
    name = f"published-{exchange.number}-{citation.marker}"
    return f'<p class="subtitle" id="{name}">{texts(key)}</p><ul class="published" aria-labelledby="{name}">{rows}</ul>'


def _links(exchange: Exchange, source: ShownSource, texts: Texts) -> str:
    """Return the ways to the file and the whole document, as far as they are there, and the way back to the answer."""
    citation = source.citation
    links = []
    if source.has_file and _holds(source):
        file = file_address(citation.document, citation.page)
        links.append((file, texts("document.file_on_page", number=citation.page)))
    if source.state != "withdrawn":
        links.append((passage_address(citation, texts.language), texts("sources.whole_document")))
    new_tab = f'<span class="visually-hidden"> ({texts("sources.new_tab")})</span>'
    ways = "".join(
        f'<a href="{escape(address)}" target="_blank" rel="noopener">{words}{new_tab}</a>' for address, words in links
    )
    back = f'<a class="back" href="#{marker_id(exchange, citation.marker)}">{texts("sources.back")}</a>'
    return f'<p class="links">{ways}{back}</p>'


def build_sources(texts: Texts) -> gr.HTML:
    """Build the panel."""
    with gr.Column(elem_id="sources-column", min_width=280):
        return html_block(render_sources((), texts), "sources")
