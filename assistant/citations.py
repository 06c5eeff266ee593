"""Number the quotes behind an answer: one number for each stretch of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.receipts import quote_hash
from assistant.types import ORIGINAL, Citation, Language, Quote, Sentence, Source


@dataclass(frozen=True, slots=True)
class Library:
    """What citations are made from."""

    text_of: Callable[[str], str]
    """Canonical text by document id."""
    sha256_of: Callable[[str], str]
    """Hash of the document that was ingested, by document id."""
    sources: Mapping[str, Source]
    generation: str
    """Name of the generation of the index."""


class Numbering:
    """Number citations one sentence after the other, for an answer that appears while it is written."""

    def __init__(self, library: Library) -> None:
        """Begin with no citations."""
        self._library = library
        self._citations: dict[tuple[str, int, int], Citation] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._citations.values())

    def sentence(self, text: str, language: Language, quotes: Sequence[Quote]) -> Sentence:
        """Return a sentence with the numbers of the quotes that support it; the same stretch keeps its number."""
        markers = []
        for run in _runs(quotes):
            place = _place(run)
            if place not in self._citations:
                self._citations[place] = _citation(run, self._library, len(self._citations) + 1)
            markers.append(self._citations[place].marker)
        return Sentence(text, tuple(sorted(set(markers))), language)


def cite(quotes: Sequence[Quote], library: Library) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Turn quotes, in the order of the answer, into sentences and their numbered citations.

    The same stretch of a document keeps one number. Items of one list that follow each other share
    a citation, which quotes the list from its first to its last item. A quote and its counterpart are
    both cited; a published original has a lower number than every stretch that refers to it.
    """
    runs = list(_runs(quotes))
    beside = [list(_runs([quote.counterpart for quote in run if quote.counterpart])) for run in runs]
    cited: dict[tuple[str, int, int], list[Quote]] = {}
    for run, others in zip(runs, beside, strict=True):
        for stretch in (*others, run):
            cited.setdefault(_place(stretch), stretch)
    stretches = _originals_first(list(cited.values()))
    markers = {_place(one): marker for marker, one in enumerate(stretches, start=1)}
    citations = tuple(_citation(one, library, marker) for marker, one in enumerate(stretches, start=1))
    sentences: list[Sentence] = []
    for run, others in zip(runs, beside, strict=True):
        of_quote = {id(quote): markers[_place(other)] for other in others for quote in other}
        for quote in run:
            numbers = {markers[_place(run)], *([of_quote[id(quote.counterpart)]] if quote.counterpart else [])}
            sentences.append(Sentence(quote.text, tuple(sorted(numbers)), quote.chunk.language, kind=quote.span.kind))
    return tuple(sentences), citations


def _place(run: Sequence[Quote]) -> tuple[str, int, int]:
    """Return the stretch that quotes next to each other take up."""
    return run[0].chunk.document, run[0].span.start, run[-1].span.end


def _originals_first(stretches: Sequence[list[Quote]]) -> list[list[Quote]]:
    """Return the stretches in their order, but originals before the first that refers to them."""
    ordered: list[list[Quote]] = []
    for run in stretches:
        named = _sources(run) if run[0].chunk.kind != ORIGINAL else frozenset()
        originals = [one for one in stretches if one[0].chunk.kind == ORIGINAL and named & _sources(one)]
        ordered += [one for one in [*originals, run] if one not in ordered]
    return ordered


def _sources(run: Sequence[Quote]) -> frozenset[str]:
    """Return the ids of the sources of all quotes."""
    return frozenset(source for quote in run for source in quote.span.sources)


def _runs(quotes: Sequence[Quote]) -> Iterable[list[Quote]]:
    """Yield quotes one by one, but the items of one list together."""
    run: list[Quote] = []
    for quote in quotes:
        if run and not (quote.span.kind == "item" and _follows(run[-1], quote)):
            yield run
            run = []
        run.append(quote)
    if run:
        yield run


def _follows(before: Quote, quote: Quote) -> bool:
    """Tell whether a quote is the next item of the list that the one before it stands in."""
    return (
        before.chunk.document == quote.chunk.document
        and before.chunk.page == quote.chunk.page
        and before.span.kind == "item"
        and 0 <= quote.span.block - before.span.block <= 1
        and before.span.end <= quote.span.start
    )


def _citation(run: Sequence[Quote], library: Library, marker: int) -> Citation:
    """Make the citation of quotes that stand next to each other."""
    first, chunk = run[0], run[0].chunk
    start, end = first.span.start, run[-1].span.end
    quote = library.text_of(chunk.document)[start:end]
    ids = dict.fromkeys(source for quote in run for source in quote.span.sources)
    return Citation(
        marker=marker,
        document=chunk.document,
        title=chunk.title,
        heading=chunk.heading,
        page=chunk.page,
        page_label=chunk.page_label,
        quote=quote,
        start=start,
        end=end,
        sha256=library.sha256_of(chunk.document),
        score=first.score,
        language=chunk.language,
        sources=tuple(library.sources[one] for one in ids if one in library.sources),
        quote_sha256=quote_hash(quote),
        index=library.generation,
    )
