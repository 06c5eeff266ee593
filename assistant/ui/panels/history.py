"""The reader's own conversations: the browser keeps them and lists them; the server only opens one again."""

from __future__ import annotations

import logging

import gradio as gr

from assistant.errors import InputError
from assistant.ui.actions import Handler, Moment, Outcome
from assistant.ui.exchange import Exchange
from assistant.ui.kept import open_kept
from assistant.ui.page_blocks import Page
from assistant.ui.panels.blocks import Updates, html_block
from assistant.ui.panels.sources import render_sources
from assistant.ui.texts import Texts

_log = logging.getLogger(__name__)
_SAID_BY_SCRIPT = {
    "full": "history.full",
    "made-room": "history.made_room",
    "unavailable": "history.unavailable",
    "missing": "history.missing",
    "busy": "history.busy",
}
"""What the script may have to say; it finds the words here in the language of the page."""


def render_history(texts: Texts) -> str:
    """Return the window with the list, which history.js fills."""
    words = "".join(f' data-{name}="{texts(key)}"' for name, key in _SAID_BY_SCRIPT.items())
    return (
        f'<dialog id="history" aria-labelledby="history-title"{words}><div class="top">'
        f'<h2 id="history-title">{texts("history.title")}</h2>'
        f'<button type="button" class="tool" data-close>{texts("history.close")}</button></div>'
        f'<p class="problem" role="alert" hidden></p><p class="empty">{texts("history.empty")}</p>'
        f'<ol class="conversations"></ol><ol class="pattern" hidden>{_row(texts)}</ol>'
        f'<div class="all" hidden><button type="button" class="tool" data-delete-all>{texts("history.delete_all")}'
        f'</button></div><div class="confirm" role="group" aria-labelledby="history-sure" hidden>'
        f'<p id="history-sure">{texts("history.sure")}</p>'
        f'<button type="button" class="tool danger" data-delete-all-now>{texts("history.delete_all_now")}</button>'
        f'<button type="button" class="tool" data-keep-all>{texts("history.cancel")}</button></div>'
        f'<section class="where"><h3>{texts("history.where_title")}</h3><p>{texts("history.where")}</p>'
        f'<label><input type="checkbox" data-off> <span>{texts("history.keep_nothing")}</span></label>'
        f'<p class="hint">{texts("history.keep_nothing_explained")}</p></section></dialog>'
    )


def _row(texts: Texts) -> str:
    """Return one conversation of the list, still without its title and date."""
    return (
        f'<li><button type="button" class="open"><span class="title"></span><span class="details"><time></time>'
        f'<span class="now" hidden> · {texts("history.now")}</span></span></button>'
        f'<button type="button" class="tool" data-delete>{texts("history.delete")}'
        f'<span class="visually-hidden"></span></button></li>'
    )


def build_history(texts: Texts) -> gr.HTML:
    """Build the window."""
    return html_block(render_history(texts), "history-block")


def history_updates(panel: gr.HTML, texts: Texts) -> Updates:
    """Return what changes when the page speaks another language."""
    return {panel: render_history(texts)}


def handlers(page: Page) -> dict[str, Handler]:
    """Return what the script asks of the server."""

    def restore(moment: Moment) -> Outcome:
        kept, limit = moment.details.get("conversation"), page.settings.chat.max_question_chars
        try:
            exchanges = open_kept(kept if isinstance(kept, str) else "", page.open_backend(), limit)
        except InputError as error:
            _log.info("a kept conversation could not be opened: %s", error)
            return Outcome({"problem": moment.texts("history.damaged")})
        return Outcome({"restored": len(exchanges)}, _shown(page, exchanges, moment.texts), exchanges, {})

    return {"restore": restore}


def _shown(page: Page, exchanges: tuple[Exchange, ...], texts: Texts) -> Updates:
    """Return what changes when a conversation is opened again."""
    return {
        page.chat.conversation: page.render(exchanges, texts, {}),
        page.chat.current: "",
        page.chat.announcement: "",
        page.chat.notice: "",
        page.chat.stop: gr.update(visible=False),
        page.chat.clear: gr.update(visible=True),
        page.examples.container: gr.update(visible=False),
        page.sources: render_sources(exchanges, texts),
    }
