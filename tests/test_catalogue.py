"""The catalogue of a generation, over a real index of a small corpus."""

from collections.abc import Iterator

import pytest
from fakes import FakeEmbedder
from small_corpus import make_corpus

from assistant.catalogue import Catalogue, Selection, catalogue_of, choices, headings_with, select
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import load_settings

ALONE = """---
title: Één verslag uit Fryslân
kind: report
language: nl
updated: 2021-05-01
---

Dit verslag staat op zichzelf en heeft geen bron.
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("catalogue")
    corpus = make_corpus(folder / "corpus")
    (corpus / "alone.nl.md").write_text(ALONE, encoding="utf-8")
    ingest([corpus], load_settings({"index": {"directory": folder / "index"}}), embedder=FakeEmbedder())
    with Index.open(folder / "index") as index:
        yield catalogue_of(index)


def titles(catalogue: Catalogue, **chosen: str) -> list[str]:
    return [entry.version("nl").row.title for entry in select(catalogue, Selection(**chosen))]  # type: ignore[arg-type]


def test_a_document_and_its_twin_are_one_entry(catalogue: Catalogue) -> None:
    assert (len(catalogue.entries), catalogue.documents) == (3, 5)
    assert titles(catalogue) == ["Begrippen", "De financiering van de pilot", "Één verslag uit Fryslân"]


def test_a_reader_finds_words_of_titles_headings_and_publishers_in_either_language(catalogue: Catalogue) -> None:
    assert titles(catalogue, words="FRYSLAN een") == ["Één verslag uit Fryslân"]
    assert titles(catalogue, words="lead applicant") == ["Begrippen"]
    assert titles(catalogue, words="regieorgaan funding") == ["De financiering van de pilot"]
    assert titles(catalogue, words="regieorgaan zwolle") == []
    assert titles(catalogue, words="?!") == titles(catalogue)


def test_filters_narrow_down_together(catalogue: Catalogue) -> None:
    assert titles(catalogue, publisher="NL AIC", kind="funding") == ["De financiering van de pilot"]
    assert titles(catalogue, year="2020") == ["Begrippen", "De financiering van de pilot"]
    assert titles(catalogue, language="en") == ["Begrippen", "De financiering van de pilot"]
    assert titles(catalogue, kind="funding", year="2021") == []


def test_a_choice_says_how_many_documents_it_leaves(catalogue: Catalogue) -> None:
    chosen = Selection(kind="funding", publisher="NL AIC")
    assert choices(catalogue, chosen, "kind") == {"funding": 1, "glossary": 1}
    assert choices(catalogue, chosen, "publisher") == {"NL AIC": 1, "Regieorgaan SIA": 1}


def test_the_newest_source_decides_the_order_by_date(catalogue: Catalogue) -> None:
    found = select(catalogue, Selection(order="date"))
    assert [entry.date for entry in found] == ["2023-12-20", "2023-12-20", "2021-05-01"]
    assert [source.id for source in found[0].sources] == ["nlaic-2023", "sia-2020"]


def test_headings_say_where_a_word_stands_that_the_title_does_not_hold(catalogue: Catalogue) -> None:
    version = select(catalogue, Selection(kind="funding"))[0].version("nl")
    assert headings_with(version, "leidde pilot") == ["Wie leidde de pilot?"]
    assert headings_with(version, "financiering") == []
