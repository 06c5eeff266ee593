"""Whether an answer helped its reader, and why: said in one click, changed by the next, taken back at any time."""

from __future__ import annotations

from typing import Any

from assistant.feedback import HELPFUL_REASONS, UNHELPFUL_REASONS, Rating
from assistant.ui.actions import Handler, Moment, Outcome
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape
from assistant.ui.opinions import Keeper, Opinion, answer_key, opinion_of, turns_before, with_opinion
from assistant.ui.page_blocks import Page
from assistant.ui.panels import evaluator
from assistant.ui.texts import Texts

_SIDES = {"yes": HELPFUL_REASONS, "no": UNHELPFUL_REASONS}


def render_feedback(exchange: Exchange, given: Any, texts: Texts) -> str:
    """Return the buttons to rate an answer; `given` is what the reader said of it before, or None."""
    if exchange.answer is None:
        return ""
    rating = given.about(exchange).rating if isinstance(given, Opinion) else None
    name = f"feedback-{exchange.number}"
    side = "" if rating is None else "yes" if rating.helpful else "no"
    choices = "".join(_button("rate", one, texts(f"feedback.{one}"), one == side) for one in _SIDES)
    reasons = "".join(_reasons(one, rating, one == side, texts) for one in _SIDES)
    return (
        f"{evaluator.render_place(exchange)}"
        # No part of the page with a name of its own: there is one below every answer.
        f'<div class="feedback" data-exchange="{exchange.number}" data-key="{answer_key(exchange)}">'
        f'<div class="feedback-row" role="group" aria-labelledby="{name}">'
        f'<p class="feedback-ask" id="{name}">{texts("feedback.ask")}</p>{choices}</div>{reasons}'
        f"{_comment(exchange.number, rating, texts)}"
        '<p class="feedback-said" role="status"></p></div>'
    )


def handlers(page: Page) -> dict[str, Handler]:
    """Return what the buttons do, by name; nothing where feedback is off."""
    settings = page.settings.feedback
    if not settings.enabled:
        return {}
    keeper = Keeper(settings)
    limit = settings.max_comment_chars

    def rate(moment: Moment) -> Outcome:
        exchange = moment.exchange()
        if exchange is None or exchange.answer is None:
            return Outcome({"problem": moment.texts("feedback.gone")})
        rating = _rating(exchange, moment)
        if rating is not None and len(rating.comment) > limit:
            told = moment.texts("feedback.too_long", length=len(rating.comment), limit=limit)
            return Outcome({"problem": told})
        opinion, kept = keeper.rate(opinion_of(exchange, moment), rating)
        reply = {"said": moment.texts(_said(rating))} if kept else {"problem": moment.texts("feedback.not_kept")}
        return Outcome(reply, given=with_opinion(moment, exchange, opinion))

    return {"rate": rate, **evaluator.handlers(page, keeper)}


def _rating(exchange: Exchange, moment: Moment) -> Rating | None:
    """Return what the browser says that the reader chose; None for what was taken back."""
    side, wanted = moment.details.get("side"), moment.details.get("reasons")
    if exchange.answer is None or not isinstance(side, str) or side not in _SIDES:
        return None
    chosen = wanted if isinstance(wanted, list) else []
    reasons = tuple(reason for reason in _SIDES[side] if reason in chosen)
    comment = moment.details.get("comment")
    return Rating(
        exchange.answer,
        side == "yes",
        reasons,
        comment.strip() if isinstance(comment, str) else "",
        turns_before(exchange, moment),
    )


def _said(rating: Rating | None) -> str:
    """Return the key of what the reader hears."""
    if rating is None:
        return "feedback.taken_back"
    return "feedback.thanks_more" if rating.reasons or rating.comment else "feedback.thanks"


def _reasons(side: str, rating: Rating | None, is_shown: bool, texts: Texts) -> str:
    """Return the reasons of one side as buttons."""
    chosen = rating.reasons if rating is not None and is_shown else ()
    buttons = "".join(_button("reason", one, texts(f"feedback.{side}_{one}"), one in chosen) for one in _SIDES[side])
    label, hidden = texts(f"feedback.why_{side}"), "" if is_shown else " hidden"
    return (
        f'<div class="feedback-row" data-side="{side}" role="group" aria-label="{label}"{hidden}>'
        f'<p class="feedback-ask" aria-hidden="true">{label}</p>{buttons}</div>'
    )


def _comment(number: int, rating: Rating | None, texts: Texts) -> str:
    """Return the field for a comment, and the button that takes everything back."""
    comment = rating.comment if rating else ""
    return (
        f'<div class="feedback-more"{" hidden" if rating is None else ""}>'
        f"<details{' open' if comment else ''}><summary>{texts('feedback.comment')}</summary>"
        f'<label for="comment-{number}">{texts("feedback.comment_label")}</label>'
        f'<p class="hint" id="comment-hint-{number}">{texts("feedback.comment_hint")}</p>'
        # A browser drops the first line break of a field, so one goes before the value.
        f'<textarea id="comment-{number}" rows="2" aria-describedby="comment-hint-{number}">'
        f"\n{escape(comment)}</textarea>"
        f'<button type="button" class="choice" data-send>{texts("feedback.send")}</button></details>'
        f'<button type="button" class="choice plain" data-take-back>{texts("feedback.take_back")}</button></div>'
    )


def _button(kind: str, value: str, label: str, is_pressed: bool) -> str:
    """Return a button that stays pressed."""
    pressed = "true" if is_pressed else "false"
    return f'<button type="button" class="choice" data-{kind}="{value}" aria-pressed="{pressed}">{label}</button>'
