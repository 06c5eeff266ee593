"""The sources of the answers: where each quote stands, and its words marked among those around them."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from assistant.types import Citation
from assistant.ui.document_links import passage_address
from assistant.ui.exchange import Exchange, ShownSource
from assistant.ui.markup import escape, lang, place, published_source
from assistant.ui.panels.blocks import html_block
from assistant.ui.texts import Texts


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
    """Return one source: closed it says where and how the quote begins, open it shows the words."""
    citation = source.citation
    where = escape(place(texts, citation.heading, citation.page, citation.page_label))
    where = f'<span class="place"{lang(citation.language)}>{where}</span>' if where else ""
    return (
        f'<details class="source" id="{source_id(exchange, citation.marker)}"><summary>'
        f'<span class="number">{citation.marker}</span><span class="heading">'
        f'<span class="title"{lang(citation.language)}>{escape(citation.title)}</span>{where}'
        f'<span class="snippet"{lang(citation.language)}>{escape(citation.quote)}</span></span></summary>'
        f'<div class="source-body">{_language_label(exchange, citation, texts)}{_quote(source, texts)}'
        f"{_published(citation, texts)}{_links(exchange, citation, texts)}</div></details>"
    )


def _language_label(exchange: Exchange, citation: Citation, texts: Texts) -> str:
    """Return a label for a quote in another language than the question; nothing for one in the same."""
    if exchange.answer is not None and exchange.answer.language == citation.language:
        return ""
    return f'<p class="label">{texts(f"sources.quote_in_{citation.language}")}</p>'


def _quote(source: ShownSource, texts: Texts) -> str:
    """Return the passage with exactly the quoted words marked; unmarked if they were not found there."""
    shown, language = source.excerpt, lang(source.citation.language)
    if not shown.located:
        note = f'<p class="hint">{texts("sources.not_located")}</p>'
        return f"<blockquote{language}>{escape(shown.quote)}</blockquote>{note}"
    return (
        f"<blockquote{language}>{escape(shown.before)}<mark>{escape(shown.quote)}</mark>"
        f"{escape(shown.after)}</blockquote>"
    )


def _published(citation: Citation, texts: Texts) -> str:
    """Return the published sources behind the passage."""
    if not citation.sources:
        return ""
    key = "sources.published_one" if len(citation.sources) == 1 else "sources.published_many"
    rows = "".join(published_source(texts, source) for source in citation.sources)
    return f'<h4>{texts(key)}</h4><ul class="published">{rows}</ul>'


def _links(exchange: Exchange, citation: Citation, texts: Texts) -> str:
    """Return the way to the whole document and the way back to the answer."""
    address = escape(passage_address(citation, texts.language))
    return (
        f'<p class="links"><a href="{address}" target="_blank" rel="noopener">'
        f"{texts('sources.whole_document')}"
        f'<span class="visually-hidden"> ({texts("sources.new_tab")})</span></a>'
        f'<a class="back" href="#{marker_id(exchange, citation.marker)}">{texts("sources.back")}</a></p>'
    )


def build_sources(texts: Texts) -> gr.HTML:
    """Build the panel."""
    with gr.Column(elem_id="sources-column", min_width=280):
        return html_block(render_sources((), texts), "sources")
