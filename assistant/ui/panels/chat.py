"""The conversation: questions, answers with numbered citations, and the field to ask in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from assistant.presenter import in_list
from assistant.types import Answer, Citation, Sentence, UnreadPage
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape, lang, page_name, place
from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.panels.sources import marker_id, source_id
from assistant.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class ChatPanel:
    """The blocks of the chat."""

    conversation: gr.HTML
    current: gr.HTML
    announcement: gr.HTML
    notice: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    clear: gr.Button


def render_conversation(exchanges: Sequence[Exchange], texts: Texts) -> str:
    """Return all finished exchanges, oldest first."""
    return "".join(_exchange(exchange, texts, _outcome(exchange, texts)) for exchange in exchanges)


def render_current(exchange: Exchange, sentences: Sequence[Sentence], status: str, texts: Texts) -> str:
    """Return the exchange that is being answered: what there is so far, and what is being done."""
    progress = f'<p class="status">{texts(status)}</p>'
    return _exchange(exchange, texts, _sentences(exchange, sentences, texts, with_links=False) + progress)


def render_notice(text: str) -> str:
    """Return a remark about the question field."""
    return f'<p class="notice">{text}</p>' if text else ""


def _exchange(exchange: Exchange, texts: Texts, outcome: str) -> str:
    """Return a question with what came of it."""
    return (
        f'<article class="exchange" data-exchange="{exchange.number}">'
        f'<h2 class="visually-hidden">{texts("chat.you_asked")}</h2>'
        f'<p class="question">{escape(exchange.question)}</p>'
        f'<h3 class="visually-hidden">{texts("chat.answer")}</h3>'
        f'<div class="answer">{outcome}</div></article>'
    )


def _outcome(exchange: Exchange, texts: Texts) -> str:
    """Return the answer, the refusal or the failure of an exchange."""
    answer = exchange.answer
    if answer is None:
        return f'<p class="failure">{texts(exchange.failure or "chat.failed")}</p>'
    kind = "message" if answer.sentences or answer.status == "answered" else "message refusal"
    message = f'<p class="{kind}"{lang(answer.language)}>{escape(answer.message)}</p>' if answer.message else ""
    return (
        message
        + _sentences(exchange, answer.sentences, texts, with_links=True)
        + _other_language_note(answer, texts)
        + "".join(f'<p class="hint"{lang(answer.language)}>{escape(note.text)}</p>' for note in answer.notes)
        + _nearest(exchange, answer.nearest, texts)
        + _unread_pages(answer.unread_pages, texts)
    )


def _sentences(exchange: Exchange, sentences: Sequence[Sentence], texts: Texts, *, with_links: bool) -> str:
    """Return sentences as paragraphs and lists, each with its numbered citations."""
    parts: list[str] = []
    open_tag = ""
    seen: set[int] = set()
    for sentence, is_item in zip(sentences, in_list(sentences), strict=True):
        tag = "ul" if is_item else "p"
        if tag != open_tag:
            parts.append((f"</{open_tag}>" if open_tag else "") + f"<{tag}>")
            open_tag = tag
        markers = "".join(_marker(exchange, one, seen, texts, with_links) for one in sentence.citations)
        words = f"<span{lang(sentence.language)}>{escape(sentence.text)}</span>{markers}"
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


def _other_language_note(answer: Answer, texts: Texts) -> str:
    """Return a remark when a sentence is in another language than the question."""
    if all(sentence.language in (answer.language, "und") for sentence in answer.sentences):
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
    rows = "".join(
        "<li>"
        + escape(
            texts(
                "chat.unread_page",
                title=page.title,
                page=page_name(texts, page.page, page.label),
                problem=page.problem,
            )
        )
        + "</li>"
        for page in pages
    )
    return f"<h4>{texts('chat.unread_pages')}</h4><ul>{rows}</ul>"


def build_chat(texts: Texts) -> ChatPanel:
    """Build the conversation and the field below it."""
    conversation = html_block("", "conversation")
    current = html_block("", "current")
    # Only this block is a live region: announcing the conversation would read all of it again.
    announcement = html_block("", "announcement")
    with gr.Column(elem_id="composer"):
        notice = html_block("", "notice")
        with gr.Row(elem_id="composer-row"):
            question = gr.Textbox(
                label=texts("chat.question_label"),
                placeholder=texts("chat.question_placeholder"),
                lines=1,
                max_lines=6,
                elem_id="question",
                scale=1,
            )
            ask = gr.Button(texts("chat.ask"), variant="primary", elem_id="ask", scale=0, min_width=96)
            stop = gr.Button(texts("chat.stop"), elem_id="stop", visible=False, scale=0, min_width=96)
        clear = gr.Button(texts("chat.clear"), elem_id="clear", visible=False, scale=0)
    return ChatPanel(conversation, current, announcement, notice, question, ask, stop, clear)


def chat_updates(panel: ChatPanel, exchanges: Sequence[Exchange], texts: Texts) -> Updates:
    """Return what changes when the page speaks another language."""
    return {
        panel.conversation: render_conversation(exchanges, texts),
        panel.announcement: "",
        panel.notice: "",
        panel.question: gr.update(label=texts("chat.question_label"), placeholder=texts("chat.question_placeholder")),
        panel.ask: gr.update(value=texts("chat.ask")),
        panel.stop: gr.update(value=texts("chat.stop")),
        panel.clear: gr.update(value=texts("chat.clear")),
    }
