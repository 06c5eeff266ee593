"""What a reader can take along: an answer with its sources, a link to it, or the whole conversation as a file."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.errors import InputError
from assistant.exports import (
    Conversation,
    answer_as_html,
    answer_as_markdown,
    answer_as_text,
    answer_link,
    conversation_as_json,
    conversation_as_markdown,
    conversation_as_pdf,
    conversation_of,
    file_name,
)
from assistant.types import Answer, Note
from assistant.ui.actions import Handler, Moment, Outcome
from assistant.ui.exchange import Exchange, answered
from assistant.ui.markup import escape
from assistant.ui.panels.status import changes_in_words
from assistant.ui.texts import Texts

if TYPE_CHECKING:
    from assistant.ui.page_blocks import Page

_log = logging.getLogger(__name__)
_FORMS: Final[dict[str, tuple[str, str, str]]] = {
    "pdf": ("keeping.pdf", "pdf", "application/pdf"),
    "markdown": ("keeping.markdown", "md", "text/markdown"),
    "json": ("keeping.json", "json", "application/json"),
}
"""The key of its label, the ending of the file and its media type, by the name of the form."""
_SAID_BY_SCRIPT: Final = {
    "copied": "keeping.copied",
    "link-copied": "keeping.link_copied",
    "not-copied": "keeping.not_copied",
    "by-hand": "keeping.by_hand",
}


def render_tools(exchange: Exchange, before: Sequence[Exchange], texts: Texts) -> str:
    """Return the buttons below an answer; no link where none would lead to it."""
    if exchange.answer is None:
        return ""
    link = answer_link(exchange.answer, answered(before), texts.language)
    buttons = [_button("copy", texts("keeping.copy")), _button("markdown", texts("keeping.copy_markdown"))]
    if link is not None:
        # keeping.js shows the last one where the browser can share.
        told = f' data-link="{escape(link)}"'
        buttons += [_button("link", texts("keeping.link"), told), _button("share", texts("keeping.share"), told)]
    data = "".join(f' data-{name}="{texts(key)}"' for name, key in _SAID_BY_SCRIPT.items())
    return "".join(buttons) + f'<p class="kept-said" role="status"{data}></p>'


def _button(kind: str, label: str, data: str = "") -> str:
    """Return a button that keeping.js listens to."""
    return f'<button type="button" class="tool" data-keep="{kind}"{data}>{label}</button>'


def render_menu(texts: Texts) -> str:
    """Return the menu that saves the whole conversation; keeping.css shows it once there is an answer."""
    rows = "".join(
        f'<li><button type="button" class="tool" data-export="{form}">{texts(label)}</button></li>'
        for form, (label, _, _) in _FORMS.items()
    )
    return (
        f'<details class="menu"><summary>{texts("keeping.menu")}</summary>'
        f'<div class="menu-body"><ul>{rows}</ul><p class="kept-said" role="status"></p></div></details>'
    )


def handlers(page: Page) -> dict[str, Handler]:
    """Return what the buttons do, by name; nothing is kept on the server."""
    return {"copy": _copy, "export": _export}


def _copy(moment: Moment) -> Outcome:
    """Return an answer with its sources in each form that the clipboard may hold."""
    exchange = moment.exchange()
    if exchange is None or exchange.answer is None:
        return Outcome({"problem": moment.texts("keeping.gone")})
    answer, language = _as_of_today(exchange, exchange.answer, moment.texts), moment.texts.language
    return Outcome(
        {
            "text": answer_as_text(answer, language),
            "html": answer_as_html(answer, language),
            "markdown": answer_as_markdown(answer, language),
        }
    )


def _export(moment: Moment) -> Outcome:
    """Return the conversation as a file."""
    texts, form = moment.texts, str(moment.details.get("form", ""))
    if form not in _FORMS:
        return Outcome({"problem": texts("page.trouble")})
    _, ending, kind = _FORMS[form]
    # For programs, an answer is what it was; they hold it against the documents themselves.
    answers = answered(moment.exchanges) if form == "json" else _told(moment.exchanges, texts)
    if not answers:
        return Outcome({"problem": texts("keeping.nothing")})
    conversation = conversation_of(answers)
    try:
        content = _written(conversation, form, texts)
    except InputError:
        _log.exception("a conversation could not be made into a file")
        return Outcome({"problem": texts("keeping.no_pdf")})
    name = file_name(conversation, ending, texts.language)
    return Outcome(
        {
            "name": name,
            "type": kind,
            "base64": b64encode(content).decode(),
            "said": texts("keeping.saved", name=name),
        }
    )


def _written(conversation: Conversation, form: str, texts: Texts) -> bytes:
    """Return what stands in the file. Raises InputError where the typesetter refuses."""
    writers: Mapping[str, Callable[[], bytes]] = {
        "pdf": lambda: conversation_as_pdf(conversation, texts.language),
        "markdown": lambda: conversation_as_markdown(conversation, texts.language).encode("utf-8", "replace"),
        "json": lambda: conversation_as_json(conversation).encode(),
    }
    return writers[form]()


def _told(exchanges: Sequence[Exchange], texts: Texts) -> tuple[Answer, ...]:
    """Return the answers of a conversation as people are to read them."""
    return tuple(_as_of_today(one, one.answer, texts) for one in exchanges if one.answer is not None)


def _as_of_today(exchange: Exchange, answer: Answer, texts: Texts) -> Answer:
    """Return an answer with what has become of its sources: who reads it elsewhere does not see that on the page."""
    changes = changes_in_words(exchange, texts)
    return replace(answer, notes=(*answer.notes, Note("aged", changes))) if changes else answer
