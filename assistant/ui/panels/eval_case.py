"""Add an answer to the eval set: a case with its gold filled in, corrected by the evaluator before it is written."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import InputError
from assistant.feedback import Assessment, mask, mask_all
from assistant.feedback.case_files import add_to_file, cases_file
from assistant.feedback.cases import (
    CASE_GROUPS,
    FROM_PAGE,
    REASONS,
    as_scored,
    case_fault,
    corrected_tags,
    proposed_case,
)
from assistant.presenter import to_dict
from assistant.settings import FeedbackSettings
from assistant.transcripts import KeptAnswer
from assistant.types import Turn
from assistant.ui.backend import OpenBackend
from assistant.ui.markup import escape
from assistant.ui.texts import Texts

_log = logging.getLogger(__name__)
_SPELLINGS = " | "
_MAX_CHARS = 10_000
_MAX_ROWS = 50


class EvalCases:
    """Makes cases of answers and writes them to the file of the settings."""

    def __init__(self, settings: FeedbackSettings, open_backend: OpenBackend) -> None:
        """Take the settings, and the documents in which gold has to stand."""
        self._file = cases_file(settings)
        self._open_backend = open_backend

    @property
    def can_add(self) -> bool:
        """Whether there is a file to add to."""
        return self._file is not None

    def form(self, judged: Assessment, texts: Texts, number: int) -> str:
        """Return the proposed case as a form."""
        case = proposal(judged)
        # An empty row for gold that the answer did not cite.
        gold = [*case["relevant"], {"document": "", "quote": ""}]
        rows = "".join(_gold(place, one, texts, number) for place, one in enumerate(gold, start=1))
        answerable = "yes" if case["answerable"] else "no"
        title = texts("evaluator.case_title")
        return (
            f'<form class="case-form" aria-label="{title}"><h4>{title}</h4>'
            f'<p class="hint">{texts("evaluator.case_hint")}</p>'
            + _area("question", case["question"], texts, number, rows=2)
            + _radios("group", CASE_GROUPS, case["group"], texts)
            + _radios("answerable", ("yes", "no"), answerable, texts)
            + f'<div class="of-refusal">{_radios("reason", REASONS, case["reason"] or "nothing_found", texts)}</div>'
            + f'<div class="of-answer">{rows}'
            + _area("must_say", _lines(case["must_say"]), texts, number, rows=3)
            + "</div>"
            + _area("must_not_say", "", texts, number, rows=2)
            + f'<div class="scoring-row"><button type="submit" class="choice">{texts("evaluator.write")}</button>'
            f'<button type="button" class="choice plain" data-cancel>{texts("evaluator.cancel")}</button></div></form>'
        )

    def write(self, judged: Assessment, details: Mapping[str, Any], texts: Texts) -> tuple[dict[str, str], bool]:
        """Write the case as corrected; returns what to say, and whether it stands in the file now."""
        if self._file is None:
            return {"problem": texts("evaluator.case_failed")}, False
        if judged.answer.language == "und":
            return {"problem": texts("evaluator.fault_language")}, False
        case = _corrected(proposal(judged), details)
        fault = case_fault(case, self._texts(case["relevant"]))
        if fault is not None:
            code, words = fault
            return {"problem": texts(f"evaluator.fault_{code}", words=_short(words))}, False
        try:
            added = add_to_file(self._file, [case])
        except InputError:
            # The sentence of the error names a path of this machine.
            _log.exception("a case could not be written")
            return {"problem": texts("evaluator.case_failed")}, False
        key = "evaluator.case_known" if added.known else "evaluator.case_added"
        return {"said": texts(key, file=added.path.name, line=added.line)}, True

    def _texts(self, gold: Sequence[Mapping[str, str]]) -> dict[str, str]:
        """Return the texts of the documents that the index holds."""
        backend = self._open_backend()
        found: dict[str, str] = {}
        for document in {one["document"] for one in gold}:
            try:
                found[document] = backend.canonical_text(document)
            except (InputError, KeyError):
                continue
        return found


def proposal(judged: Assessment) -> dict[str, Any]:
    """Return the case that an assessment makes of its answer, with personal data masked in what people wrote."""
    kept = to_dict(judged.answer)
    # Sentences and quotes are the documents' own words, and gold has to be verbatim.
    masked = {name: mask(kept[name]) for name in ("question", "search_query")}
    answer = KeptAnswer.model_validate({**kept, **masked})
    history = [Turn(one.role, mask(one.content), one.refused) for one in judged.history]
    verdict = as_scored(answer, judged.marks, judged.expected)
    return proposed_case(answer, history, verdict, "newcomer", FROM_PAGE)


def _corrected(case: Mapping[str, Any], details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case with what the evaluator made of it; what the browser leaves out stays as it was."""

    def one(name: str) -> str:
        return next(iter(_strings(details.get(name))), "")

    answerable = one("answerable") == "yes"
    gold = zip(_strings(details.get("document")), _strings(details.get("quote")), strict=False)
    reason = next((known for known in REASONS if known == one("reason")), REASONS[0])
    relevant = [{"document": name, "quote": quote} for name, quote in gold if answerable and name and quote]
    named = [one["document"] for one in relevant]
    changes = {
        "question": one("question"),
        "group": one("group") if one("group") in CASE_GROUPS else case["group"],
        "answerable": answerable,
        "reason": None if answerable else reason,
        # Gold is verbatim text of a document; it is not masked.
        "relevant": relevant,
        "must_say": [_spellings(line) for line in one("must_say").splitlines() if answerable and line.strip(" |")],
        "must_not_say": [line.strip() for line in one("must_not_say").splitlines() if line.strip()],
        "tags": corrected_tags(case["tags"], answerable=answerable, reason=reason, gold=named),
    }
    masked = mask_all({name: changes[name] for name in ("question", "must_not_say")})
    return {**case, **changes, **masked}


def _strings(value: Any) -> list[str]:
    """Return what a field of the form holds, within bounds; CRLF is how forms write a new line."""
    given = value if isinstance(value, list) else []
    return [str(one).replace("\r\n", "\n").strip()[:_MAX_CHARS] for one in given[:_MAX_ROWS]]


def _spellings(line: str) -> list[str]:
    """Return the spellings of one nugget."""
    return [one.strip() for one in line.split(_SPELLINGS.strip()) if one.strip()]


def _lines(nuggets: Sequence[Sequence[str]]) -> str:
    """Return nuggets as lines of a field."""
    return "\n".join(_SPELLINGS.join(one) for one in nuggets)


def _gold(place: int, gold: Mapping[str, str], texts: Texts, number: int) -> str:
    """Return the fields for one piece of gold."""
    name = f"case-{number}-document-{place}"
    return (
        f"<fieldset><legend>{texts('evaluator.gold', number=place)}</legend>"
        f'<label for="{name}">{texts("evaluator.field_document")}</label>'
        f'<input type="text" id="{name}" name="document" autocomplete="off" value="{escape(gold["document"])}">'
        f"{_area('quote', gold['quote'], texts, number, rows=2, place=place)}</fieldset>"
    )


def _area(name: str, value: str, texts: Texts, number: int, *, rows: int, place: int = 0) -> str:
    """Return a field of several lines with its label."""
    own = f"case-{number}-{name}-{place}"
    # A browser drops the first line break of a field, so one goes before the value.
    return (
        f'<label for="{own}">{texts(f"evaluator.field_{name}")}</label>'
        f'<textarea id="{own}" name="{name}" rows="{rows}">\n{escape(value)}</textarea>'
    )


def _radios(name: str, values: Sequence[str], chosen: str, texts: Texts) -> str:
    """Return a choice of one."""
    choices = "".join(
        f'<label><input type="radio" name="{name}" value="{one}"{" checked" if one == chosen else ""}>'
        f" {texts(f'evaluator.{name}_{one}')}</label>"
        for one in values
    )
    return f"<fieldset><legend>{texts(f'evaluator.field_{name}')}</legend>{choices}</fieldset>"


def _short(text: str) -> str:
    """Return the beginning of a text."""
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
