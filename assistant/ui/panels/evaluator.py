"""The evaluator mode: each sentence and each citation is scored where it stands, by keyboard, mouse or touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from assistant.feedback import EXPECTED, SCORES, Assessment, Mark
from assistant.types import Answer
from assistant.ui.access import Role, roles_of
from assistant.ui.actions import Handler, Moment, Outcome
from assistant.ui.exchange import Exchange
from assistant.ui.opinions import Keeper, answer_key, opinion_of, turns_before, with_opinion
from assistant.ui.page_blocks import Page
from assistant.ui.panels.eval_case import EvalCases
from assistant.ui.panels.scoring import MAX_NAME_CHARS, opened, scorable, total_in_words
from assistant.ui.texts import Texts

_ROLE: Role = "evaluator"


def render_place(exchange: Exchange) -> str:
    """Return the place below an answer where evaluator.js puts the scores."""
    return f'<div class="scoring-place" data-exchange="{exchange.number}" data-key="{answer_key(exchange)}"></div>'


def render_switch(roles: frozenset[Role], texts: Texts) -> str:
    """Return the button that turns the evaluator mode on and off; nothing for who is no evaluator."""
    if _ROLE not in roles:
        return ""
    return (
        f'<button type="button" class="evaluator-switch" data-evaluator aria-pressed="false">'
        f"{texts('evaluator.switch')}</button>"
    )


def handlers(page: Page, keeper: Keeper) -> dict[str, Handler]:
    """Return what an evaluator can do, by name; anybody else hears that signing in comes first."""
    settings = page.settings.feedback
    cases = EvalCases(settings, page.open_backend)

    def scoring(moment: Moment, exchange: Exchange) -> Outcome:
        assessment = opinion_of(exchange, moment).assessment
        return Outcome(opened(exchange, assessment, moment.texts, can_add=cases.can_add))

    def assess(moment: Moment, exchange: Exchange) -> Outcome:
        assessment = _assessment(exchange, moment)
        if len(assessment.right_answer) > settings.max_comment_chars:
            length, limit = len(assessment.right_answer), settings.max_comment_chars
            return Outcome({"problem": moment.texts("evaluator.too_long", length=length, limit=limit)})
        return _kept(moment, exchange, assessment, keeper)

    def draft(moment: Moment, exchange: Exchange) -> Outcome:
        return Outcome({"html": cases.form(_judged(exchange, moment), moment.texts, exchange.number)})

    def write(moment: Moment, exchange: Exchange) -> Outcome:
        judged = _judged(exchange, moment)
        reply, is_written = cases.write(judged, moment.details, moment.texts)
        if not is_written:
            return Outcome(reply)
        kept = _kept(moment, exchange, replace(judged, for_evals=True), keeper)
        return replace(kept, reply={**kept.reply, **reply})

    own: dict[str, Callable[[Moment, Exchange], Outcome]] = {"scoring": scoring, "assess": assess}
    if cases.can_add:
        own |= {"case-draft": draft, "case-write": write}
    return {name: _for_evaluators(handler) for name, handler in own.items()}


def _for_evaluators(handler: Callable[[Moment, Exchange], Outcome]) -> Handler:
    """Return a handler that asks who it is, and for an answer that there is."""

    def checked(moment: Moment) -> Outcome:
        if _ROLE not in roles_of(moment.request):
            return Outcome({"problem": moment.texts("evaluator.signed_out")})
        exchange = moment.exchange()
        if exchange is None or exchange.answer is None:
            return Outcome({"problem": moment.texts("feedback.gone")})
        return handler(moment, exchange)

    return checked


def _kept(moment: Moment, exchange: Exchange, assessment: Assessment, keeper: Keeper) -> Outcome:
    """Keep an assessment and say so, with the total; one that says nothing (any more) is taken away."""
    says = (assessment.marks, assessment.right_answer, assessment.expected, assessment.for_evals)
    opinion, kept = keeper.assess(opinion_of(exchange, moment), assessment if any(says) else None)
    told = {"said": moment.texts("evaluator.kept")} if kept else {"problem": moment.texts("evaluator.not_kept")}
    reply = {"total": total_in_words(exchange.answer, assessment.marks, moment.texts), **told}
    return Outcome(reply, given=with_opinion(moment, exchange, opinion))


def _judged(exchange: Exchange, moment: Moment) -> Assessment:
    """Return what the evaluator found of an answer until now."""
    found = opinion_of(exchange, moment).assessment
    return found or _assessment(exchange, replace(moment, details={}))


def _assessment(exchange: Exchange, moment: Moment) -> Assessment:
    """Return what the browser says that the evaluator found."""
    if exchange.answer is None:
        raise ValueError("there is no answer to assess")
    details = moment.details
    expected = details.get("expected")
    return Assessment(
        exchange.answer,
        tuple(_marks(exchange.answer, details.get("marks"))),
        evaluator=_text(details.get("evaluator"))[:MAX_NAME_CHARS],
        history=turns_before(exchange, moment),
        for_evals=details.get("for_evals") is True,
        right_answer=_text(details.get("right_answer")),
        expected=next((one for one in EXPECTED if one == expected), None),
    )


def _marks(answer: Answer, given: Any) -> Iterator[Mark]:
    """Yield the scores that are possible for an answer."""
    scores = given if isinstance(given, Mapping) else {}
    for target, number in scorable(answer):
        score = scores.get(f"{target}-{number}")
        if score in SCORES[target]:
            yield Mark(target, number, score)


def _text(value: Any) -> str:
    """Return what the browser sends as text; nothing where it is none."""
    return value.strip() if isinstance(value, str) else ""
