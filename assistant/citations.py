"""Number the quotes behind an answer: one number for each stretch of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.types import Citation, Quote, Sentence, Source


def cite(
    quotes: Sequence[Quote],
    text_of: Callable[[str], str],
    sha256_of: Callable[[str], str],
    sources: Mapping[str, Source],
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Turn quotes, in the order of the answer, into sentences and their numbered citations.

    The same stretch of a document keeps one number. Items of one list that follow each other share
    a citation, which quotes the list from its first to its last item. `text_of` and `sha256_of`
    give the canonical text and the hash of a document.
    """
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for group in _runs(quotes):
        citation = _citation(group, text_of, sha256_of, sources, len(citations) + 1)
        known = next((one for one in citations if _same_place(one, citation)), None)
        if known is None:
            citations.append(citation)
            known = citation
        sentences += [
            Sentence(quote.text, (known.marker,), quote.chunk.language, kind=quote.span.kind) for quote in group
        ]
    return tuple(sentences), tuple(citations)


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


def _same_place(one: Citation, other: Citation) -> bool:
    """Tell whether two citations quote the same stretch."""
    return (one.document, one.start, one.end) == (other.document, other.start, other.end)


def _citation(
    run: Sequence[Quote],
    text_of: Callable[[str], str],
    sha256_of: Callable[[str], str],
    sources: Mapping[str, Source],
    marker: int,
) -> Citation:
    """Make the citation of quotes that stand next to each other."""
    first, chunk = run[0], run[0].chunk
    start, end = first.span.start, run[-1].span.end
    ids = dict.fromkeys(source for quote in run for source in quote.span.sources)
    return Citation(
        marker=marker,
        document=chunk.document,
        title=chunk.title,
        heading=chunk.heading,
        page=chunk.page,
        page_label=chunk.page_label,
        quote=text_of(chunk.document)[start:end],
        start=start,
        end=end,
        sha256=sha256_of(chunk.document),
        score=first.score,
        language=chunk.language,
        sources=tuple(sources[one] for one in ids if one in sources),
    )
