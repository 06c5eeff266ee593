"""The panel with which an evaluator scores an answer, and what of the answer can be scored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.feedback import MESSAGE, SCORES, Assessment, Expected, Mark, total
from assistant.feedback.entries import Target
from assistant.types import Answer
from assistant.ui.exchange import Exchange
from assistant.ui.markup import escape
from assistant.ui.texts import Texts

MAX_NAME_CHARS = 100
_EXPECTED: tuple[tuple[Expected | None, str], ...] = (
    (None, "evaluator.expected_same"),
    ("answer", "evaluator.expected_answer"),
    ("refusal", "evaluator.expected_refusal"),
)
_SCORE_NAMES = ("good", "improvable", "wrong")
_KEYS = (("j", "↓", "next"), ("k", "↑", "previous"), ("1", "", "good"), ("2", "", "improvable"), ("3", "", "wrong"),
         ("u", "", "undo"), ("?", "", "keys"))  # fmt: skip


def scorable(answer: Answer) -> Iterator[tuple[Target, int]]:
    """Yield what can be scored, in the order of reading: each sentence with the citations that come with it."""
    if answer.message:
        yield "sentence", MESSAGE
    seen: set[int] = set()
    for number, sentence in enumerate(answer.sentences, start=1):
        yield "sentence", number
        for marker in sentence.citations:
            if marker not in seen:
                seen.add(marker)
                yield "citation", marker
    for one in (*answer.citations, *answer.nearest):
        if one.marker not in seen:
            seen.add(one.marker)
            yield "citation", one.marker


def opened(exchange: Exchange, found: Assessment | None, texts: Texts, *, can_add: bool) -> dict[str, Any]:
    """Return the panel of an answer with what it is about, for the script."""
    answer = exchange.answer
    marks = found.marks if found else ()
    return {
        "html": _panel(exchange, found, texts, can_add=can_add),
        "items": [_item(answer, target, number, texts) for target, number in scorable(answer)] if answer else [],
        "marks": {f"{one.target}-{one.number}": one.score for one in marks},
        "for_evals": found.for_evals if found else False,
        "total": total_in_words(answer, marks, texts),
    }


def _item(answer: Answer, target: str, number: int, texts: Texts) -> dict[str, Any]:
    """Return one thing to score, as people read it."""
    if target == "citation":
        cited = next(one for one in (*answer.citations, *answer.nearest) if one.marker == number)
        label, words, language = (
            texts("evaluator.citation", number=number, title=cited.title),
            cited.quote,
            cited.language,
        )
    elif number == MESSAGE:
        label, words, language = texts("evaluator.message"), answer.message, answer.language
    else:
        sentence = answer.sentences[number - 1]
        label = texts("evaluator.sentence", number=number, count=len(answer.sentences))
        words, language = sentence.text, sentence.language
    return {"target": target, "number": number, "label": label, "words": words, "language": language}


def total_in_words(answer: Answer | None, marks: tuple[Mark, ...], texts: Texts) -> str:
    """Return the running total in words, with how much of the answer it is about."""
    every = list(scorable(answer)) if answer else []
    counts = {
        f"{target}s{suffix}": sum(one == target for one in members)
        for target in SCORES
        for suffix, members in (("", [mark.target for mark in marks]), ("_all", [one for one, _ in every]))
    }
    scored = texts("evaluator.scored", **counts)
    score = total(marks)
    if score is None:
        return f"{texts('evaluator.no_total')} {scored}"
    written = f"{score:g}"
    return (
        f"{texts('evaluator.total', total=written.replace('.', ',') if texts.language == 'nl' else written)} {scored}"
    )


def _panel(exchange: Exchange, found: Assessment | None, texts: Texts, *, can_add: bool) -> str:
    """Return the panel with which an answer is scored."""
    scores = "".join(
        f'<button type="button" class="choice score {name}" data-score="{place}" aria-pressed="false">'
        f'<kbd aria-hidden="true">{place + 1}</kbd> {texts(f"evaluator.{name}")} <span class="points"></span></button>'
        for place, name in enumerate(_SCORE_NAMES)
    )
    return (
        f'<section class="scoring" tabindex="0" role="group" aria-label="{texts("evaluator.panel")}">'
        '<p class="scoring-item" role="status" aria-atomic="false"><strong class="which"></strong> '
        '<span class="words"></span> <span class="own-score visually-hidden"></span></p>'
        f'<div class="scoring-row" role="group" aria-label="{texts("evaluator.score")}">{scores}</div>'
        f'<div class="scoring-row">{_button("step", "-1", texts("evaluator.previous"))}'
        f"{_button('step', '1', texts('evaluator.next'))}{_button('undo', '', texts('evaluator.undo'))}"
        f'<button type="button" class="choice" data-keys aria-expanded="false">{texts("evaluator.keys")}</button></div>'
        f'{_key_list(texts)}<p class="scoring-totals"><span class="scoring-total"></span> '
        f'<span class="scoring-said" role="status" data-no-score="{texts("evaluator.no_score")}"></span></p>'
        f"{_correction(exchange.number, found, texts)}{_for_evals(texts, can_add=can_add)}</section>"
    )


def _key_list(texts: Texts) -> str:
    """Return what the keys do."""
    rows = "".join(
        f"<div><dt>{' '.join(f'<kbd>{key}</kbd>' for key in (one, other) if key)}</dt>"
        f"<dd>{texts(f'evaluator.{what}')}</dd></div>"
        for one, other, what in _KEYS
    )
    return f'<div class="keys" hidden><p>{texts("evaluator.keys_when")}</p><dl>{rows}</dl></div>'


def _correction(number: int, found: Assessment | None, texts: Texts) -> str:
    """Return the fields for what the answer should have been."""
    expected = found.expected if found else None
    choices = "".join(
        f'<label><input type="radio" name="expected-{number}" value="{one or ""}"'
        f"{' checked' if one == expected else ''}> {texts(label)}</label>"
        for one, label in _EXPECTED
    )
    is_open = " open" if found and (found.expected or found.right_answer) else ""
    return (
        f'<details class="correction"{is_open}><summary>{texts("evaluator.correction")}</summary>'
        f"<fieldset><legend>{texts('evaluator.expected')}</legend>{choices}</fieldset>"
        f'<label for="right-{number}">{texts("evaluator.right_answer")}</label>'
        f'<textarea id="right-{number}" rows="3" data-right>{escape(found.right_answer if found else "")}</textarea>'
        f'<label for="name-{number}">{texts("evaluator.name")}</label>'
        f'<input type="text" id="name-{number}" data-name maxlength="{MAX_NAME_CHARS}" autocomplete="off"'
        f' value="{escape(found.evaluator if found else "")}"></details>'
    )


def _for_evals(texts: Texts, *, can_add: bool) -> str:
    """Return the way into the eval set: a case at once, or a proposal where its files are elsewhere."""
    if can_add:
        return f'{_button("add", "", texts("evaluator.add"))}<div class="case-place"></div>'
    return (
        f'<button type="button" class="choice" data-propose aria-pressed="false">{texts("evaluator.propose")}</button>'
    )


def _button(kind: str, value: str, label: str) -> str:
    """Return a plain button."""
    return f'<button type="button" class="choice" data-{kind}="{value}">{label}</button>'
