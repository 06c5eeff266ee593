"""A conversation on its way to the reader's own browser, and back.

The browser keeps it, never the server. What comes back may be of years ago or meant to harm: it has to be a transcript,
within bounds, and each of its citations is held against the documents of today.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import InputError
from assistant.exports import conversation_in
from assistant.presenter import to_dict
from assistant.receipts import Receipt, ReceiptState, unsupported
from assistant.types import Answer, Citation
from assistant.ui.backend import Backend
from assistant.ui.exchange import Exchange, answered, shown_sources
from assistant.ui.markup import escape

MOST_CHARS = 1_500_000
MOST_EXCHANGES = 200
MOST_CITATIONS = 1_000
"""Of a whole conversation; holding a citation against the documents costs milliseconds."""


def to_be_kept(exchanges: Sequence[Exchange]) -> str:
    """Return the last answer for the browser, and after how many it comes; "" where there is no answer."""
    answers = answered(exchanges)
    if not answers or exchanges[-1].answer is None:
        return ""
    return _output({"place": len(answers) - 1, "exchange": to_dict(answers[-1])})


def nothing_to_keep() -> str:
    """Return that a new conversation has begun."""
    return _output({"place": 0, "exchange": None})


def open_kept(text: str, backend: Backend, max_question_chars: int) -> tuple[Exchange, ...]:
    """Return the exchanges of a kept conversation, with what has become of their sources.

    Raises InputError where it is damaged or too large.
    """
    if len(text) > MOST_CHARS:
        raise InputError("The conversation is too large to open.")
    answers = conversation_in(text, "the conversation").answers
    citations = sum(len(one.citations) + len(one.nearest) for one in answers)
    if len(answers) > MOST_EXCHANGES or citations > MOST_CITATIONS:
        raise InputError("The conversation is too large to open.")
    if any(len(one.question) > max_question_chars for one in answers):
        raise InputError("A question of the conversation is too long.")
    _check_characters(answers)
    return tuple(_exchange(number, answer, backend) for number, answer in enumerate(answers, start=1))


def _check_characters(answers: Sequence[Answer]) -> None:
    """Raise InputError where a text holds half of a surrogate pair, which cannot be sent to any browser."""
    try:
        json.dumps([to_dict(one) for one in answers], ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InputError("The conversation holds characters that do not exist.") from error


def _exchange(number: int, answer: Answer, backend: Backend) -> Exchange:
    """Return one exchange, its citations where they stand today."""
    if not answer.citations:
        shown = shown_sources(answer, backend.canonical_text, backend.document)
        return Exchange(number, answer.question, answer, shown)
    found = [_found(citation, backend) for citation in answer.citations]
    altered = unsupported(answer.sentences, answer.citations)
    answer = replace(
        answer,
        sentences=tuple(replace(one, verified=False) if one in altered else one for one in answer.sentences),
        citations=tuple(citation for citation, _ in found),
    )
    shown = shown_sources(answer, backend.canonical_text, backend.document)
    sources = tuple(replace(one, state=state) for one, (_, state) in zip(shown, found, strict=True))
    return Exchange(number, answer.question, answer, sources)


def _found(citation: Citation, backend: Backend) -> tuple[Citation, ReceiptState]:
    """Return a citation with what has become of it; one that still holds moves to where it stands now."""
    receipt = Receipt(
        citation.document, citation.quote, citation.start, citation.end, citation.sha256,
        citation.quote_sha256 or None, citation.index or None,
    )  # fmt: skip
    checked = backend.recheck(receipt)
    if checked.state == "true" and checked.document is not None:
        start, end = checked.start or 0, checked.end or 0
        citation = replace(citation, document=checked.document, start=start, end=end)
    return citation, checked.state


def _output(content: object) -> str:
    """Return values for the script of the page; the time tells it two that are alike apart."""
    text = json.dumps(content, ensure_ascii=False, default=str)
    return f'<output data-stamp="{time.time_ns()}" hidden>{escape(text)}</output>'
