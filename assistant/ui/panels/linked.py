"""A link to an answer, opened: its questions are asked anew, and the page says whether the answer is still the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.exports import AnswerLink, read_answer_link
from assistant.ui.actions import AskingHandler, Moment
from assistant.ui.exchange import Exchange
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import render_notice
from assistant.ui.texts import Texts

if TYPE_CHECKING:
    from assistant.ui.page_blocks import Page

_DIFFERS = ("keeping.linked_differs", "keeping.linked_documents")


def render_linked(exchange: Exchange, texts: Texts) -> str:
    """Return what an answer is to the link that it was asked by; "" where a reader asked it."""
    if not exchange.linked:
        return ""
    kind = "note changed" if exchange.linked in _DIFFERS else "note"
    sign = '<span class="sign" aria-hidden="true"></span>'
    return f'<p class="{kind} linked" role="note">{sign}<span>{texts(exchange.linked)}</span></p>'


def asking(page: Page) -> dict[str, AskingHandler]:
    """Return what opening a link asks, by name."""
    # Imported here: what asks a question also draws the conversation, which draws what is above.
    from assistant.ui.questions import objection_to

    def linked(moment: Moment) -> Iterator[Updates]:
        texts, address = moment.texts, moment.details.get("link")
        link = read_answer_link(address, texts.language) if isinstance(address, str) else None
        if link is None or any(objection_to(one, page.settings.chat, texts) for one in link.questions):
            yield {page.chat.notice: render_notice(texts("keeping.link_refused"))}
            return
        yield from _followed(page, link, texts)

    return {"linked": linked}


def _followed(page: Page, link: AnswerLink, texts: Texts) -> Iterator[Updates]:
    """Yield what changes while the questions of a link are asked, one after the other, in a new conversation."""
    from assistant.ui.questions import announced, conversation_updates

    exchanges: tuple[Exchange, ...] = ()
    for place, question in enumerate(link.questions):
        for updates in conversation_updates(page, question, exchanges, texts):
            # What stands in the field is the reader's own.
            updates.pop(page.chat.question, None)
            if page.kept in updates:
                exchanges = _marked(updates[page.exchanges], link, is_last=place == len(link.questions) - 1)
                updates[page.exchanges] = exchanges
                updates[page.chat.conversation] = page.render(exchanges, texts, {})
                if exchanges[-1].linked:
                    updates[page.chat.announcement] += announced(texts(exchanges[-1].linked))
            # A link takes one turn: a second one would wait for the first to end.
            yield updates if place == 0 else dict(updates)
        if exchanges[-1].answer is None:
            if len(link.questions) > 1:
                yield {page.chat.notice: render_notice(texts("keeping.link_unfinished"))}
            return


def _marked(exchanges: tuple[Exchange, ...], link: AnswerLink, *, is_last: bool) -> tuple[Exchange, ...]:
    """Return the exchanges, the last of them with what it is to the link."""
    *before, last = exchanges
    return (*before, replace(last, linked=_relation(last, link) if is_last else "keeping.linked_before"))


def _relation(exchange: Exchange, link: AnswerLink) -> str:
    """Return the key of the words that compare an answer with that of the link; "" where there is none."""
    if exchange.answer is None:
        return ""
    same = link.leads_to(exchange.answer)
    if same is None:
        return "keeping.linked_unknown"
    if same:
        return "keeping.linked_same"
    is_newer = bool(link.index) and link.index != exchange.answer.index
    return "keeping.linked_documents" if is_newer else "keeping.linked_differs"
