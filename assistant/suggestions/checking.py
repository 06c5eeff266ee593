"""Whether the assistant answers a question that it might suggest, from the passage that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.polarity import lacking_parts
from assistant.suggestions.candidates import Candidate
from assistant.types import ORIGINAL, Answer, Citation

Ask = Callable[[str], Answer]
Place = tuple[str, int]
"""Document and offset of a quote."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of asking a candidate."""

    is_answered: bool
    """Whether it was answered, from the passage that it was made from."""
    confidence: float = 0.0
    cited: tuple[Place, ...] = ()
    """What the answer quotes."""


NOT_ANSWERED = Checked(False)


def check(candidate: Candidate, answer: Answer, kind_of: Callable[[str], str]) -> Checked:
    """Judge the answer to a candidate: its first quote, published originals aside, has to be of the passage.

    `kind_of` tells the kind of a document. A passage that is only among the quotes further on is what the
    assistant found besides; then the question is about something else than the passage.
    """
    if answer.status != "answered" or answer.withheld or answer.language != candidate.language:
        return NOT_ANSWERED
    # "Yes, that is in the documents", "The sources differ": right or not, it is more than was looked at here.
    if answer.message or not answer.sentences:
        return NOT_ANSWERED
    if not candidate.is_gap and lacking_parts(answer.sentences[0].text):
        return NOT_ANSWERED
    own = candidate.document
    of_corpus = [one for one in answer.citations if one.document == own or kind_of(one.document) != ORIGINAL]
    if not of_corpus or not _holds(candidate, of_corpus[0]):
        return NOT_ANSWERED
    # "What do the documents say about X?" is answered by what they say of X, not by what is a little like it.
    elsewhere = sum(one.document != own for one in of_corpus)
    if candidate.origin in ("topic", "definition") and elsewhere * 2 > len(of_corpus):
        return NOT_ANSWERED
    cited = tuple(dict.fromkeys((one.document, one.start) for one in answer.citations))
    return Checked(True, answer.confidence or 0.0, cited)


def _holds(candidate: Candidate, citation: Citation) -> bool:
    """Tell whether a quote is of the passage that a candidate was made from."""
    return citation.document == candidate.document and citation.start < candidate.end and citation.end > candidate.start
