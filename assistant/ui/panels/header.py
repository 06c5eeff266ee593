"""The top of the page: what the assistant is, what it is not, and the language switch."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.texts import LANGUAGE_NAMES, InterfaceLanguage, Texts


@dataclass(frozen=True, slots=True)
class HeaderPanel:
    """The blocks of the header."""

    introduction: gr.HTML
    ways: gr.HTML
    language: gr.Radio


def render_introduction(texts: Texts, *, is_opening: bool = False) -> str:
    """Return the name and the promise of the assistant.

    The data attributes give page.js the words for what Gradio offers no place for: the document's title
    and language, the names of the parts of the page, and what to say when Gradio reports trouble. While
    the page is opening, its language is not known yet, and page.css keeps the words hidden.
    """
    words = {
        "language": texts.language,
        "title": texts("page.title"),
        "trouble-title": texts("page.trouble_title"),
        "trouble": texts("page.trouble"),
        "lost": texts("page.lost"),
        "back-title": texts("page.back_title"),
        "back": texts("page.back"),
        "close": texts("page.close"),
        "switch": texts("page.language_label"),
        "conversation": texts("chat.region"),
        "sources": texts("sources.title"),
    }
    data = "".join(f' data-{name}="{text}"' for name, text in words.items())
    return (
        f'<div id="introduction"{" data-opening" if is_opening else ""}{data}>'
        f'<a class="skip-link" href="#question">{texts("page.skip_to_question")}</a>'
        f"<h1>{texts('page.title')}</h1>"
        f"<p>{texts('page.what_it_is')}</p>"
        f'<p class="caution">{texts("page.what_it_is_not")}</p></div>'
    )


def render_ways(texts: Texts) -> str:
    """Return the ways to the reader's earlier conversations and to the documents."""
    return (
        f'<nav aria-label="{texts("page.ways")}"><button type="button" class="way" data-history>'
        f"{texts('history.open')}</button>"
        f'<a class="way" href="corpus?lang={texts.language}">{texts("page.corpus")}</a></nav>'
    )


def build_header(texts: Texts) -> HeaderPanel:
    """Build the header."""
    choices = [(name, language) for language, name in LANGUAGE_NAMES.items()]
    with gr.Row(elem_id="header"):
        introduction = html_block(render_introduction(texts, is_opening=True), "introduction-block")
        ways = html_block(render_ways(texts), "ways")
        # A radio and not a dropdown: screen readers cannot use Gradio's dropdown.
        language = gr.Radio(
            choices,
            value=texts.language,
            label=texts("page.language_label"),
            elem_id="language",
            container=False,
        )
    return HeaderPanel(introduction, ways, language)


def header_updates(panel: HeaderPanel, texts: Texts, language: InterfaceLanguage) -> Updates:
    """Return what changes when the page speaks another language."""
    return {
        panel.introduction: render_introduction(texts),
        panel.ways: render_ways(texts),
        panel.language: gr.update(label=texts("page.language_label"), value=language),
    }
