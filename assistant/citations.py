"""Number the quotes behind an answer: one number for each stretch of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.types import ORIGINAL, Citation, Quote, Sentence, Source


def cite(
    quotes: Sequence[Quote],
    text_of: Callable[[str], str],
    sha256_of: Callable[[str], str],
    sources: Mapping[str, Source],
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Turn quotes, in the order of the answer, into sentences and their numbered citations.

    The same stretch of a document keeps one number. Items of one list that follow each other share
    a citation, which quotes the list from its first to its last item. A quote and its counterpart are
    both cited; a published original has a lower number than every stretch that refers to it.
    `text_of` and `sha256_of` give the canonical text and the hash of a document.
    """
    runs = list(_runs(quotes))
    beside = [list(_runs([quote.counterpart for quote in run if quote.counterpart])) for run in runs]
    cited: dict[tuple[str, int, int], list[Quote]] = {}
    for run, others in zip(runs, beside, strict=True):
        for stretch in (*others, run):
            cited.setdefault(_place(stretch), stretch)
    stretches = _originals_first(list(cited.values()))
    markers = {_place(one): marker for marker, one in enumerate(stretches, start=1)}
    citations = tuple(
        _citation(one, text_of, sha256_of, sources, marker) for marker, one in enumerate(stretches, start=1)
    )
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
