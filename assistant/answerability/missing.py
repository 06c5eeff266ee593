"""Which words of a question nothing that was found speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answerability.terms import Term, holds_term, stems_of
from assistant.types import Hit, SearchQuery

_MOST = 3


def missing_words(query: SearchQuery, hits: Sequence[Hit], asked: Sequence[Term]) -> tuple[str, ...]:
    """Return the names and years of a question that no passage found holds, as it writes them.

    A common word may stand there in other words, and in another language a passage says all in other words; neither
    is called missing.
    """
    texts = [(hit.chunk.language, _stems(hit)) for hit in hits]
    if all(language != query.language for language, _ in texts):
        return ()
    missing = [term for term in asked if not any(holds_term(term, stems, language) for language, stems in texts)]
    return tuple(term.written for term in missing if term.name)[:_MOST]


def _stems(hit: Hit) -> frozenset[str]:
    """Return the stems of a passage with all that stands above it."""
    chunk = hit.chunk
    return stems_of(" ".join([chunk.title, *chunk.headings, chunk.text]), chunk.language)
