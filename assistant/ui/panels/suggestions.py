"""Questions that can be asked next: each is known to be answered."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.question.small_talk import small_talk
from assistant.types import Answer
from assistant.ui.actions import AskingHandler, Moment
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape, lang
from assistant.ui.page_blocks import Page
from assistant.ui.panels.blocks import Updates
from assistant.ui.panels.chat import render_notice
from assistant.ui.texts import Texts


def render_suggestions(exchange: Exchange, texts: Texts) -> str:
    """Return buttons that ask a next question, and the way to the overview for who asks what can be asked."""
    answer = exchange.answer
    if answer is None:
        return ""
    buttons = "".join(f"<li>{render_question(question, answer.language)}</li>" for question in exchange.suggestions)
    overview = f'<li><button type="button" class="way" data-overview>{texts("overview.open_all")}</button></li>'
    rows = buttons + (overview if _is_lost(answer) else "")
    if not rows:
        return ""
    title = f"suggestions-{exchange.number}"
    return (
        f'<section class="suggestions" aria-labelledby="{title}"><h4 id="{title}">{texts(_title_key(answer))}</h4>'
        f"<ul>{rows}</ul></section>"
    )


def render_question(question: str, language: str) -> str:
    """Return a button that asks a question, in the language that the question is in."""
    spoken = lang("nl" if language == "nl" else "en")
    asked = escape(question)
    details = f'data-ask="suggested" data-question="{asked}"'
    return f'<button type="button" class="suggestion" {details}{spoken}>{asked}</button>'


def asking(page: Page) -> dict[str, AskingHandler]:
    """Return what the buttons ask, by name."""
    # Imported here: what asks a question also draws the conversation, which draws these buttons.
    from assistant.ui.questions import conversation_updates, objection_to

    def suggested(moment: Moment) -> Iterator[Updates]:
        question = str(moment.details.get("question", ""))
        if objection := objection_to(question, page.settings.chat, moment.texts):
            yield {page.chat.notice: render_notice(objection)}
            return
        yield from conversation_updates(page, question.strip(), moment.exchanges, moment.texts, moment.given)

    return {"suggested": suggested}


def _is_lost(answer: Answer) -> bool:
    """Tell whether a reader does not know what can be asked."""
    talk = small_talk(answer.question) if not answer.sentences else None
    return answer.reason in ("out_of_scope", "unclear_question") or (talk is not None and talk[0] != "farewell")


def _title_key(answer: Answer) -> str:
    """Return the key of the words above the questions."""
    if answer.status in ("refused", "partial", "clarify"):
        return "suggestions.instead"
    return "suggestions.next" if answer.sentences else "suggestions.begin"
