"""Where an original and the corpus hold the same, the original goes first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import chunk, hit

from assistant.citations import Library, cite
from assistant.embedder import Background, Embedder, load_embedder
from assistant.index import Index
from assistant.originals_first import Counterparts, ahead
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.types import ORIGINAL, Chunk, Hit, Quote

SPREAD = 0.03


def original(*sentences: str, document: str = "originals/s1.html") -> Chunk:
    return replace(chunk(*sentences, document=document), kind=ORIGINAL)


# ranking


def order(*hits: Hit) -> list[str]:
    return [one.chunk.document for one in ahead(hits, SPREAD)]


def test_an_original_about_as_good_goes_before_the_passage_that_names_it() -> None:
    found = ahead([hit(chunk("a"), 0.90, score=5), hit(original("b"), 0.89, score=3)], SPREAD)
    assert [(one.chunk.kind, one.score) for one in found] == [(ORIGINAL, 5), ("programme", 5)]


def test_an_original_that_is_worse_or_names_another_source_stays_where_it_is() -> None:
    better = hit(chunk("a"), 0.90)
    assert order(better, hit(original("b"), 0.87))[0] == "programme/pilot.nl.md"
    other = original("b")
    other = replace(other, sentences=tuple(replace(span, sources=("s2",)) for span in other.sentences))
    assert order(better, hit(other, 0.90))[0] == "programme/pilot.nl.md"


def test_without_an_original_the_hits_stay_as_they_are() -> None:
    hits = [hit(chunk("a"), 0.8), hit(chunk("b"), 0.9), hit(chunk("c"), 0.7)]
    assert ahead(hits, SPREAD) == hits


# quoting

CORPUS = """---
title: De pilot
language: nl
---

## Geld

De pilot Learning Communities kostte in totaal 850.000 euro, meldde de NL AIC op 20 december 2023.[^bron]

De pilot Learning Communities kostte in totaal 800.000 euro.[^bron]

De verdeling van de 850.000 euro over de hogescholen staat niet in het bericht.[^bron]

Het pilotprogramma werd niet door Windesheim gecoördineerd.[^bron]

Het pilotprogramma werd door hogeschool Windesheim gecoördineerd.[^bron]

Het totale bedrag voor het pilotprogramma was 850.000 euro.[^ander]

De zon scheen die dag uitbundig boven Utrecht.[^bron]

In het pilotprogramma werkten 20 hogescholen samen.[^bron]

In het pilotprogramma werkten zes hogescholen samen, schreef de NL AIC in december 2023.[^bron]
"""
ORIGINAL_TEXT = """---
title: Resultaten
kind: original
language: nl
sources: [bron]
---

Hogescholen onderzochten hoe zij een uitdaging kunnen oppakken.

Het totale bedrag voor het pilotprogramma bedroeg 850.000 euro.

Windesheim coördineerde het pilotprogramma.

In het pilotprogramma werkten 6 hogescholen samen.
"""
REGISTER = """
{0}: {{title: Resultaten, publisher: NL AIC, date: 2023-12-20, language: nl, authority: A}}
ander: {{title: Ander, publisher: X, date: undated, language: nl, authority: B}}
"""


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(load_settings().embedder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("originals")
    for name, text in (
        ("corpus.md", CORPUS), ("original.md", ORIGINAL_TEXT), ("sources.yaml", REGISTER.format("bron")),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    settings = load_settings({"index": {"directory": folder / "index"}})
    ingest([folder / "corpus.md", folder / "original.md"], settings, embedder=embedder)
    with Index.open(settings.index.directory) as opened:
        yield opened


def quotes(index: Index, document: str) -> list[Quote]:
    chunks = [index.chunk(row) for row in index.rows(document)]
    return [Quote(one, span, 1.0) for one in chunks for span in one.sentences]


def joined(index: Index, embedder: Embedder, *stated: Quote, found: str = "corpus.md") -> list[Quote]:
    hits = [hit(index.chunk(row), *[0.8] * len(index.chunk(row).sentences), row=row) for row in index.rows(found)]
    background = Background(*index.manifest.extra["background"])
    counterparts = Counterparts(index, background, lambda: embedder.encode_query("Hoeveel geld was er voor de pilot?"))
    return counterparts.joined(stated, hits, "nl")


@pytest.mark.parametrize(
    ("position", "counterpart"),
    [
        (0, "Het totale bedrag voor het pilotprogramma bedroeg 850.000 euro."),
        (1, None),
        (2, None),
        (3, None),
        (4, "Windesheim coördineerde het pilotprogramma."),
        (5, None),
        (6, None),
        (7, None),
        (8, "In het pilotprogramma werkten 6 hogescholen samen."),
    ],
    ids=[
        "the same figure",
        "another figure",
        "only a lack",
        "a denial",
        "the same words",
        "another source",
        "else",
        "a figure that is also in the date",
        "a number in words and a date of publication",
    ],
)
def test_a_sentence_of_the_corpus_finds_the_one_that_says_the_same(
    index: Index, embedder: Embedder, position: int, counterpart: str | None
) -> None:
    (one,) = joined(index, embedder, quotes(index, "corpus.md")[position])
    assert (one.counterpart.text if one.counterpart else None) == counterpart


def test_a_sentence_of_an_original_finds_its_counterpart_among_the_hits(index: Index, embedder: Embedder) -> None:
    stated = quotes(index, "original.md")[1]
    (one,) = joined(index, embedder, stated)
    assert one.counterpart and one.counterpart.text.startswith("De pilot Learning Communities kostte in totaal 850")
    (alone,) = joined(index, embedder, stated, found="original.md")
    assert alone.counterpart is None


def test_what_is_cited_beside_another_is_not_quoted_again(index: Index, embedder: Embedder) -> None:
    first, second = quotes(index, "corpus.md")[0], quotes(index, "original.md")[1]
    for pair in ((first, second), (second, first)):
        (kept,) = joined(index, embedder, *pair)
        assert kept.text == pair[0].text and kept.counterpart


# numbering


def numbered(*stated: Quote) -> tuple[list[tuple[int, ...]], list[str]]:
    chunks = {one.chunk.document: one.chunk for quote in stated for one in (quote, quote.counterpart) if one}
    sentences, citations = cite(stated, Library(lambda name: chunks[name].text, lambda _: "sha", {}, "gen-000001"))
    return [one.citations for one in sentences], [one.document for one in citations]


def of(made: Chunk, beside: Chunk | None = None) -> list[Quote]:
    others: list[Quote | None] = [*of(beside)] if beside else [None] * len(made.sentences)
    return [Quote(made, span, 1.0, other) for span, other in zip(made.sentences, others, strict=True)]


def test_of_two_counterparts_the_original_has_the_lower_number_whichever_is_quoted() -> None:
    corpus, published = chunk("Zin."), original("Zelfde zin.")
    for stated in (of(corpus, published), of(published, corpus)):
        assert numbered(*stated) == ([(1, 2)], [published.document, corpus.document])


def test_an_original_that_is_quoted_later_still_has_the_lower_number() -> None:
    corpus, published = chunk("Zin."), original("Iets anders.")
    assert numbered(*of(corpus), *of(published)) == ([(2,), (1,)], [published.document, corpus.document])


def test_items_of_a_list_share_a_citation_on_both_sides() -> None:
    corpus = chunk("Twee:", ("een", "item"), ("twee", "item"))
    published = original("Twee:", ("een", "item"), ("twee", "item"))
    assert numbered(*of(corpus, published)) == (
        [(1, 3), (2, 4), (2, 4)],
        [published.document, published.document, corpus.document, corpus.document],
    )
