"""The places of the conversation on the page, and the field to ask in."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.panels.keeping import render_menu
from assistant.ui.texts import Texts


@dataclass(frozen=True, slots=True)
class ChatPanel:
    """The blocks of the chat."""

    conversation: gr.HTML
    current: gr.HTML
    announcement: gr.HTML
    notice: gr.HTML
    hints: gr.HTML
    footnote: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    clear: gr.Button
    keep: gr.HTML


def render_notice(text: str) -> str:
    """Return a remark about the question field."""
    return f'<p class="notice">{text}</p>' if text else ""


def render_hints(texts: Texts) -> str:
    """Return what composer.js shows above the field when it is needed."""
    return (
        f'<p class="notice" id="busy" role="alert" hidden>{texts("chat.busy")}</p>'
        '<p class="notice soft" id="kept-notice" role="status" hidden></p>'
        f'<div id="editing" hidden><p id="editing-words">{texts("chat.editing")}</p>'
        f'<button type="button" class="tool" data-cancel-edit>{texts("chat.cancel_edit")}</button></div>'
    )


def render_footnote(texts: Texts) -> str:
    """Return the reminder below the field."""
    return f'<p class="footnote">{texts("chat.footnote")}</p>'


def build_chat(texts: Texts) -> ChatPanel:
    """Build the conversation and the field below it."""
    conversation = html_block("", "conversation")
    current = html_block("", "current")
    # announce.js tells screen readers what is new in it: announcing the conversation would read all of it again.
    announcement = html_block("", "announced")
    with gr.Column(elem_id="composer"):
        notice = html_block("", "notice")
        hints = html_block(render_hints(texts), "composer-hints")
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
        with gr.Row(elem_id="composer-foot"):
            clear = gr.Button(texts("chat.clear"), elem_id="clear", visible=False, scale=0, min_width=96)
            keep = html_block(render_menu(texts), "keep")
            footnote = html_block(render_footnote(texts))
    return ChatPanel(conversation, current, announcement, notice, hints, footnote, question, ask, stop, clear, keep)


def chat_updates(panel: ChatPanel, texts: Texts) -> Updates:
    """Return what changes when the page speaks another language."""
    return {
        panel.announcement: "",
        panel.notice: "",
        panel.hints: render_hints(texts),
        panel.footnote: render_footnote(texts),
        panel.question: gr.update(label=texts("chat.question_label"), placeholder=texts("chat.question_placeholder")),
        panel.ask: gr.update(value=texts("chat.ask")),
        panel.stop: gr.update(value=texts("chat.stop")),
        panel.clear: gr.update(value=texts("chat.clear")),
        panel.keep: render_menu(texts),
    }
