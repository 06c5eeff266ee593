from builders import chunk

from assistant.citations import Library, Numbering, cite
from assistant.receipts import quote_hash
from assistant.types import Chunk, Quote, Source

SOURCES = {"s1": Source("s1", "Resultaten", "NL AIC", "2023-12-20", "nl", "A", "https://example.org")}


def cited(*quotes: Quote) -> tuple[list[tuple[int, ...]], list[str]]:
    texts: dict[str, Chunk] = {quote.chunk.document: quote.chunk for quote in quotes}
    sentences, citations = cite(
        quotes, Library(lambda name: texts[name].text, lambda name: f"sha of {name}", SOURCES, "gen-000007")
    )
    for citation in citations:
        assert texts[citation.document].text[citation.start : citation.end] == citation.quote
        assert citation.sha256 == f"sha of {citation.document}"
        assert citation.sources == (SOURCES["s1"],)
        assert (citation.index, citation.quote_sha256) == ("gen-000007", quote_hash(citation.quote))
    return [one.citations for one in sentences], [one.quote for one in citations]


def quotes(made: Chunk) -> list[Quote]:
    return [Quote(made, span, 1.0) for span in made.sentences]


def test_sentences_are_numbered_in_the_order_of_the_answer() -> None:
    first, second = quotes(chunk("Eerste zin.", "Tweede zin."))
    assert cited(second, first) == ([(1,), (2,)], ["Tweede zin.", "Eerste zin."])


def test_the_same_stretch_keeps_one_number() -> None:
    (one,) = quotes(chunk("Een zin."))
    assert cited(one, one) == ([(1,), (1,)], ["Een zin."])


def test_the_items_of_a_list_share_one_citation() -> None:
    made = chunk("Er zijn er twee:", ("een", "item"), ("twee", "item"))
    assert cited(*quotes(made)) == ([(1,), (2,), (2,)], ["Er zijn er twee:", "een\ntwee"])


def test_a_source_that_the_register_does_not_know_is_not_made_up() -> None:
    (quote,) = quotes(chunk("Een zin."))
    _, (citation,) = cite([quote], Library(lambda _: quote.chunk.text, lambda _: "sha", {}, "gen-000001"))
    assert citation.sources == ()


def test_sentences_that_appear_one_by_one_share_the_numbers_of_their_quotes() -> None:
    made = chunk("Eerste zin.", "Tweede zin.")
    first, second = quotes(made)
    numbering = Numbering(Library(lambda _: made.text, lambda _: "sha", SOURCES, "gen-000001"))
    assert numbering.sentence("The second.", "en", [second]).citations == (1,)
    assert numbering.sentence("Both.", "en", [first, second]).citations == (1, 2)
    assert [one.quote for one in numbering.citations] == ["Tweede zin.", "Eerste zin."]
