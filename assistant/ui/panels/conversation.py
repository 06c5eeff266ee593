"""A conversation as a whole: each question with its answer, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.ui.exchange import Exchange
from assistant.ui.panels.answers import in_frame, render_outcome
from assistant.ui.panels.feedback import render_feedback
from assistant.ui.panels.keeping import render_tools
from assistant.ui.panels.linked import render_linked
from assistant.ui.panels.suggestions import render_suggestions
from assistant.ui.texts import Texts


def render_conversation(
    exchanges: Sequence[Exchange],
    texts: Texts,
    given: Mapping[int, Any] | None = None,
    *,
    asks_feedback: bool = True,
) -> str:
    """Return all finished exchanges, oldest first; `given` is what the reader said of each, by its number."""
    last = exchanges[-1] if exchanges else None
    parts: list[str] = []
    for place, one in enumerate(exchanges):
        said = render_feedback(one, (given or {}).get(one.number), texts) if asks_feedback else ""
        tools = render_tools(one, exchanges[:place], texts)
        shown = render_linked(one, texts) + render_outcome(one, texts) + _below(one, texts, tools, said, one is last)
        parts.append(in_frame(one, shown, texts))
    return "".join(parts)


def _below(exchange: Exchange, texts: Texts, tools: str, feedback: str, is_last: bool) -> str:
    """Return what can be done with an answer; only the last question can be asked again."""
    if is_last:
        tools += _again(texts)
    bar = f'<div class="tools">{tools}</div>' if tools else ""
    if exchange.answer is None:
        return bar
    return bar + feedback + (render_suggestions(exchange, texts) if is_last else "")


def _again(texts: Texts) -> str:
    """Return the buttons that ask the last question again, as it is or in other words."""
    return (
        f'<button type="button" class="tool" data-edit>{texts("chat.edit")}</button>'
        f'<button type="button" class="tool" data-ask="retry">{texts("chat.retry")}</button>'
    )
