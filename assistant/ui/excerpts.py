"""Cut a quote with its surroundings out of a document's canonical text."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Citation

_SURROUNDING_CHARS = 240
_PARAGRAPH_BREAK = "\n\n"
_ENOUGH_CHARS = 120
"""A paragraph that holds this much besides the quote needs no neighbours to be understood."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote between the words around it; located is False when the text no longer holds it there."""

    before: str
    quote: str
    after: str
    located: bool = True


def excerpt(citation: Citation, canonical_text: str | None) -> Excerpt:
    """Return the surroundings of a quote: its paragraph, or some more where that is short.

    Marking the wrong words is worse than marking none: a quote that does not stand exactly where the
    citation says it stands comes back without surroundings.
    """
    start, end = citation.start, citation.end
    if canonical_text is None or not citation.quote or canonical_text[start:end] != citation.quote:
        return Excerpt("", citation.quote, "", located=False)
    before = canonical_text[max(0, start - _SURROUNDING_CHARS) : start]
    after = canonical_text[end : end + _SURROUNDING_CHARS]
    own_before = before.rpartition(_PARAGRAPH_BREAK)[2]
    own_after = after.partition(_PARAGRAPH_BREAK)[0]
    if len(own_before) + len(own_after) >= _ENOUGH_CHARS:
        before, after = own_before, own_after
    return Excerpt(_begun(before, canonical_text, start), citation.quote, _ended(after, canonical_text, end))


def _begun(before: str, text: str, quote_start: int) -> str:
    """Return the words before a quote without a paragraph that was cut; an ellipsis stands for cut words."""
    first = quote_start - len(before)
    if first == 0 or text[:first].endswith(_PARAGRAPH_BREAK):
        return before
    if _PARAGRAPH_BREAK in before:
        return before.partition(_PARAGRAPH_BREAK)[2]
    return "… " + before[_first_space(before) :].lstrip()


def _ended(after: str, text: str, quote_end: int) -> str:
    """Return the words after a quote without a paragraph that was cut; an ellipsis stands for cut words."""
    last = quote_end + len(after)
    if last == len(text) or text[last:].startswith(_PARAGRAPH_BREAK):
        return after
    if _PARAGRAPH_BREAK in after:
        return after.rpartition(_PARAGRAPH_BREAK)[0]
    return after[: len(after) - _first_space(after[::-1])].rstrip() + " …"


def _first_space(text: str) -> int:
    """Return the position of the first white space; 0 when there is none."""
    return next((position for position, letter in enumerate(text) if letter.isspace()), 0)
