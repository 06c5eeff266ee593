"""The two lines that `python -m evals add` writes: a case made from an answer, and its draft in the other language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.feedback.cases import CaseGroup, CaseLanguage, Verdict, case_language, each_once, proposed_case
from evals.transcripts import Transcript

DRAFT = "draft"
"""Key of a line that is no case yet; `read_cases` knows no such key, so it names the line until it is done."""
_LANGUAGE_NAMES: Mapping[CaseLanguage, str] = {"nl": "Dutch", "en": "English"}


def proposed_pair(
    transcript: Transcript, verdict: Verdict, group: CaseGroup, twins: Mapping[str, str | None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the case in the language of the question, and the draft of its form in the other.

    `twins` names the twin of each cited document, None where it has none.
    """
    case = proposed_case(transcript.answer, transcript.history, verdict, group)
    other: CaseLanguage = "nl" if case_language(transcript.answer) == "en" else "en"
    begin = f"{verdict.todo} " if verdict.todo else ""
    draft = {
        DRAFT: f"{begin}Put question, history, quotes and nuggets into {_LANGUAGE_NAMES[other]}, "
        "then take this key out.",
        **case,
        "id": f"{case['pair']}-{other}",
        "language": other,
        "relevant": [
            {"document": twins.get(one.document) or one.document, "quote": one.quote} for one in each_once(verdict.gold)
        ],
    }
    return ({DRAFT: f"{verdict.todo} Then take this key out.", **case} if verdict.todo else case), draft
