"""Whether an earlier citation still holds: what was cited, held against the documents as they are now.

A receipt is what a citation says of itself: document and its hash, page, offsets, the quote and its hash, and the
generation of the index that it was made from. It is checked against the live index, so a conversation of years ago can
be checked without the index of that day.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from assistant.index_rows import DocumentRow
from assistant.sentences import split_sentences
from assistant.types import Language
from assistant.verifier import Passage, check

ReceiptState = Literal["true", "changed", "withdrawn", "damaged"]
_LEAST_ALIKE = 0.5
"""Share of characters in common below which a sentence is not shown as what has become of a quote."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a citation said of itself when the answer was given."""

    document: str
    quote: str
    start: int
    end: int
    sha256: str
    """Of the document."""
    quote_sha256: str | None = None
    """None in an answer that was kept before quotes had a hash."""
    generation: str | None = None


@dataclass(frozen=True, slots=True)
class Recheck:
    """What has become of a citation."""

    state: ReceiptState
    """"true": the quote stands in the document word for word; "changed": it does not any more; "withdrawn": the
    document is gone; "damaged": the receipt itself was altered, so it proves nothing."""
    document: str | None = None
    """Where the quote stands now; another name where the same file was renamed."""
    start: int | None = None
    end: int | None = None
    untouched: bool = False
    """Whether the whole document is byte for byte what it was."""
    now: str | None = None
    """What the document says now in the place of a changed quote, where something resembles it."""


def quote_hash(quote: str) -> str:
    """Return the SHA-256 of a quote's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()


def recheck(receipt: Receipt, documents: Mapping[str, DocumentRow], text_of: Callable[[str], str]) -> Recheck:
    """Hold a receipt against the documents of the live index; `text_of` gives a canonical text by document id."""
    if receipt.quote_sha256 is not None and quote_hash(receipt.quote) != receipt.quote_sha256:
        return Recheck("damaged")
    row = documents.get(receipt.document) or _renamed(receipt, documents.values())
    if row is None:
        return Recheck("withdrawn")
    text, untouched = text_of(row.id), row.sha256 == receipt.sha256
    start = _place(text, receipt)
    if start is None:
        return Recheck("changed", row.id, untouched=untouched, now=_nearest(text, receipt.quote))
    return Recheck("true", row.id, start, start + len(receipt.quote), untouched)


def _renamed(receipt: Receipt, documents: Iterable[DocumentRow]) -> DocumentRow | None:
    """Return the document that holds the very same bytes under another name."""
    return next((row for row in documents if row.sha256 == receipt.sha256), None)


def _place(text: str, receipt: Receipt) -> int | None:
    """Return where the quote stands: where it stood, or else the place nearest to that; None where it is gone."""
    if text[receipt.start : receipt.end] == receipt.quote:
        return receipt.start
    found: list[int] = []
    at = text.find(receipt.quote)
    while at >= 0:
        found.append(at)
        at = text.find(receipt.quote, at + 1)
    return min(found, key=lambda start: abs(start - receipt.start)) if found else None


def _nearest(text: str, quote: str) -> str | None:
    """Return the sentence of a text that is most like a quote; None where none is much alike."""
    best, most = None, _LEAST_ALIKE
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    for start, end in split_sentences(text):
        matcher.set_seq1(text[start:end])
        # The two bounds are cheap, and rule out nearly every sentence of a long document.
        if matcher.real_quick_ratio() > most and matcher.quick_ratio() > most and matcher.ratio() > most:
            best, most = text[start:end], matcher.ratio()
    return best


class _Said(Protocol):
    """A sentence of an answer that was kept."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> Language: ...
    @property
    def citations(self) -> tuple[int, ...]: ...


class _Cited(Protocol):
    """A citation of an answer that was kept."""

    @property
    def marker(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def language(self) -> Language: ...


_AnySaid = TypeVar("_AnySaid", bound=_Said)


def unsupported(sentences: Sequence[_AnySaid], citations: Sequence[_Cited]) -> tuple[_AnySaid, ...]:
    """Return the sentences that say something which their own quotes do not hold.

    The answer was altered after it was given, or was wrong.
    """
    quotes = {one.marker: Passage(one.quote, one.language) for one in citations}
    return tuple(
        one
        for one in sentences
        if check(one.text, one.language, [quotes[marker] for marker in one.citations if marker in quotes])
    )
