"""Which passages of an index are relevant to a case: its quotes are found, and passages over them count.

A quote that a document says more than once makes every passage that says it relevant. Two figures
are kept apart. By the passages of the quoted document alone, each relevant passage is one thing to
find. With twins, the quote's whole section in the other language is as good as the quoted passage,
and both together are one thing to find.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import InputError
from assistant.index import Index
from assistant.types import Chunk
from evals.cases import Case, Gold

PassageKey = tuple[str, int]
"""Document and start: no two passages share both."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Where a quote stands in the canonical text of its document."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is relevant to one case. Both mappings name, for each relevant passage, the one thing that it finds."""

    gold: tuple[tuple[GoldSpan, ...], ...]
    """For each quote the places that hold it; for a cross-lingual case the twin's section is among them."""
    strict: Mapping[PassageKey, str]
    """Passages of the quoted documents alone; with their twins' where the case is cross-lingual."""
    any_twin: Mapping[PassageKey, str]
    """Passages of the quoted documents and of their twins."""

    @property
    def total(self) -> int:
        """Number of things to find, as the case counts."""
        return len(set(self.strict.values()))


def passage_key(chunk: Chunk) -> PassageKey:
    """Return what tells a passage from all others."""
    return chunk.document, chunk.start


def judge(cases: Sequence[Case], index: Index) -> dict[str, Judgement]:
    """Return the judgement of each case by its id.

    Raises InputError where a quote does not stand in its document, naming case, document and the
    nearest text.
    """
    judgements: dict[str, Judgement] = {}
    faults: list[str] = []
    for case in cases:
        try:
            judgements[case.id] = _judge(case, index)
        except InputError as fault:
            faults.append(str(fault))
    if faults:
        others = f" The same goes for {len(faults) - 1} more cases." if len(faults) > 1 else ""
        raise InputError(faults[0] + others)
    return judgements


def gains(chunks: Iterable[Chunk], relevant: Mapping[PassageKey, str]) -> list[bool]:
    """Tell of each passage of a ranking whether it is the first to find something that is relevant."""
    found: set[str] = set()
    flags = []
    for chunk in chunks:
        name = relevant.get(passage_key(chunk))
        flags.append(name is not None and name not in found)
        found |= {name} if name is not None else set()
    return flags


def _judge(case: Case, index: Index) -> Judgement:
    """Judge one case."""
    gold: list[tuple[GoldSpan, ...]] = []
    own: dict[PassageKey, str] = {}
    any_twin: dict[PassageKey, str] = {}
    for quote in case.relevant:
        places = tuple(_spans(case, quote, index))
        chunks = _over(case, quote, places, index)
        twins = [twin for chunk in chunks for twin in _twins(chunk, index)]
        own |= {passage_key(chunk): f"{chunk.document}:{chunk.start}" for chunk in chunks}
        any_twin |= {passage_key(chunk): _section(chunk, index) for chunk in (*chunks, *twins)}
        if "cross_lingual" in case.tags:
            places += tuple(GoldSpan(twin.document, twin.start, twin.end) for twin in twins)
        gold.append(places)
    return Judgement(tuple(gold), any_twin if "cross_lingual" in case.tags else own, any_twin)


def _spans(case: Case, gold: Gold, index: Index) -> Iterator[GoldSpan]:
    """Yield where a quote stands, all places."""
    if gold.document not in index.documents:
        raise InputError(f"Case {case.id}: {_no_document(gold.document, index)}")
    text = index.text(gold.document)
    start = text.find(gold.quote)
    if start < 0:
        raise InputError(f"Case {case.id}: {_no_quote(gold, text, index)}")
    while start >= 0:
        yield GoldSpan(gold.document, start, start + len(gold.quote))
        start = text.find(gold.quote, start + 1)


def _over(case: Case, gold: Gold, spans: Sequence[GoldSpan], index: Index) -> list[Chunk]:
    """Return the passages over a quote."""
    chunks = [index.chunk(row) for row in index.rows(gold.document)]
    found = [one for one in chunks if any(span.start < one.end and one.start < span.end for span in spans)]
    if not found:
        raise InputError(
            f"Case {case.id}: the quote {gold.quote!r} stands in {gold.document}, but in none of its passages, as a "
            "heading does not; quote a sentence."
        )
    return found


def _twins(chunk: Chunk, index: Index) -> Iterator[Chunk]:
    """Yield the passages of the same section in the document's twin."""
    twin = index.documents[chunk.document].twin
    for row in index.rows(twin) if twin else ():
        other = index.chunk(row)
        if other.section == chunk.section:
            yield other


def _section(chunk: Chunk, index: Index) -> str:
    """Return a name for a passage's section that its document and the twin share."""
    names = (chunk.document, index.documents[chunk.document].twin or chunk.document)
    return f"{min(names)}#{chunk.section}"


def _no_document(document: str, index: Index) -> str:
    """Say that a document is missing."""
    near = difflib.get_close_matches(document, index.documents, n=1, cutoff=0)
    hint = f"; the nearest name is {near[0]}" if near else ""
    return f"the index has no document {document!r}{hint}. Correct the name, or ingest the corpus of the cases."


def _no_quote(gold: Gold, text: str, index: Index) -> str:
    """Say that a quote does not stand in its document, with the nearest text."""
    lines = [line for line in text.split("\n") if line.strip()]
    nearest = difflib.get_close_matches(gold.quote, lines, n=1, cutoff=0)
    elsewhere = next((name for name in index.documents if gold.quote in index.text(name)), None)
    hint = f"; {elsewhere} has it" if elsewhere else f"; the nearest text is {nearest[0]!r}" if nearest else ""
    return f"{gold.document} does not hold the words {gold.quote!r}{hint}. Quote the document's words exactly."
