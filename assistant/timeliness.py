"""Of when an answer is: a note where it may have aged, or where a deadline has passed.

A note is given only where time matters: the question asks about now, or it asks in the present tense for something that
changes (who holds a role, how many there are, what one can get and until when). History with its dates in the sentence
and definitions need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from assistant import messages
from assistant.figures import Figure
from assistant.index_rows import DocumentRow
from assistant.polarity import says_what_lacks
from assistant.premises.statements import of_kind, own_figures, read
from assistant.question import Asked, holds, what_is_asked
from assistant.question.moment import asks_about_now, asks_about_past, asks_to_apply
from assistant.types import Quote, SearchQuery, Source

_OLD = timedelta(days=365)
_OLD_FOR_NOW = timedelta(days=31)
_UNDATED = "undated"
_AGES = frozenset({Asked.COUNT, Asked.AMOUNT, Asked.PERCENTAGE, Asked.PERSON})
_DEADLINE = re.compile(
    r"\b(deadline\w*|sloot|sluit\w*|sloten|gesloten|uiterlijk|tot en met|t/m|indien\w*|ingediend|aanmeld\w*|"
    r"aanvraagtermijn\w*|"
    r"aanvragen|inschrijv\w*|closed|closes?|closing|until|no later than|submit\w*|submission\w*|register|apply|"
    r"application period\w*)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(voorzitter|directeur|leid\w*|hoofd|contactpersoon|aanspreekpunt|co[oö]rdin\w*|penvoerder|lector|programmamanager|"
    r"chair\w*|director|leads?|head|contact|coordinat\w*|in charge|manager|runs)\b",
    re.IGNORECASE,
)


def aged(
    query: SearchQuery,
    quotes: Sequence[Quote],
    sources: Mapping[str, Source],
    documents: Mapping[str, DocumentRow],
    today: date,
) -> str | None:
    """Return a note on the date of what an answer cites, in the language of the question; None where none is needed."""
    if not quotes:
        return None
    question, now = query.question, asks_about_now(query.question)
    applying = asks_to_apply(question)
    if applying:
        passed = _passed_deadline(quotes, sources, documents, today)
        if passed:
            return messages.closed(passed, query.language)
    if not now and not applying and not _ages(question):
        return None
    telling = [quote for quote in quotes if holds(what_is_asked(question), quote.text)] or list(quotes[:1])
    dates = [_date(quote, sources, documents) for quote in telling]
    newest = max(dates, key=_order)
    if not _is_old(newest, today, _OLD_FOR_NOW if now else _OLD) or not (now or applying or newest != _UNDATED):
        return None
    dated = all(_says_when(quote, of) for quote, of in zip(telling, dates, strict=True))
    # Who holds a role is read as who holds it today, whatever date stands beside it.
    if dated and not now and what_is_asked(question) is not Asked.PERSON:
        return None
    return messages.aged(newest, query.language, several=len(set(dates)) > 1)


def _ages(question: str) -> bool:
    """Tell whether a question asks, in the present tense, for something that changes."""
    asked = what_is_asked(question)
    if asks_about_past(question) or asked not in _AGES:
        return False
    return asked is not Asked.PERSON or bool(_ROLE.search(question))


def _passed_deadline(
    quotes: Sequence[Quote],
    sources: Mapping[str, Source],
    documents: Mapping[str, DocumentRow],
    today: date,
) -> str | None:
    """Return the first deadline that is cited, or else that of the document, if every one has passed."""
    stated = [moment for quote in quotes for moment in _deadlines(quote, sources)]
    if not stated:
        # A later sentence may be about something else; the first one answers.
        row = documents.get(quotes[0].chunk.document)
        stated = [row.valid_to] if row and row.valid_to else []
    return stated[0] if stated and all(_last_day(moment) < today for moment in stated) else None


def _deadlines(quote: Quote, sources: Mapping[str, Source]) -> Iterator[str]:
    """Yield the days, months and years in a sentence about a deadline."""
    if not _DEADLINE.search(quote.text) or says_what_lacks(quote.text):
        return
    found: list[Figure] = of_kind(own_figures(quote, sources), "moment")
    days = [one for one in found if one.kind == "date" and str(one.value)[:1].isdigit()]
    yield from (str(one.value) for one in days)


def _date(quote: Quote, sources: Mapping[str, Source], documents: Mapping[str, DocumentRow]) -> str:
    """Return the ISO date of the newest source behind a quote; without sources, when its document was updated."""
    ids = [*quote.span.sources, *(quote.counterpart.span.sources if quote.counterpart else ())]
    dates = [sources[one].date for one in ids if one in sources]
    if not dates:
        row = documents.get(quote.chunk.document)
        dates = [row.updated] if row and row.updated else []
    return max(dates, default=_UNDATED, key=_order)


def _order(moment: str) -> str:
    """Return a key that puts what has no date before everything else."""
    return moment if moment[:1].isdigit() else ""


def _is_old(moment: str, today: date, age: timedelta) -> bool:
    """Tell whether the last day that a date can mean is longer ago than this; what has no date may be old."""
    return not moment[:1].isdigit() or today - _last_day(moment) > age


def _last_day(moment: str) -> date:
    """Return the last day of an ISO date, month or year."""
    parts = [int(part) for part in moment.split("-")]
    if len(parts) == 3:
        return date(*parts)
    year, month = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 12)
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _says_when(quote: Quote, published: str) -> bool:
    """Tell whether a sentence itself says of when it is."""
    moments = of_kind(read(quote.text, quote.chunk.language).figures, "moment")
    return any(published == _UNDATED or str(one.value)[:4] == published[:4] for one in moments)
