"""Fusion, languages and twins, on a real index of a few small documents."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.embedder import Embedder, load_embedder
from assistant.near_words import NearWords
from assistant.pipeline import Assistant, ingest
from assistant.retriever import HybridRetriever, best, standardize
from assistant.settings import RetrieverSettings, Settings, load_settings
from assistant.types import Hit, SearchQuery

TWINS = {
    "geld.nl.md": "## Geld\n\nDe pilot kostte 850.000 euro.\n\n## Mensen\n\nMyrna van de Water leidde de pilot.",
    "geld.en.md": "## Money\n\nThe pilot cost 850,000 euros.\n\n## People\n\nMyrna van de Water led the pilot.",
    "tuin.nl.md": "## Tuin\n\nIn de tuin staan tulpen, rozen en zonnebloemen.",
    "kitchen.en.md": "## Kitchen\n\nThe soup needs salt, pepper and a spoon of cream.",
}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(load_settings().embedder)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("retriever")
    (folder / "in").mkdir()
    for name, text in TWINS.items():
        language = name.split(".")[1]
        head = f"---\ntitle: {name}\nlanguage: {language}\n---\n\n"
        (folder / "in" / name).write_text(head + text + "\n", encoding="utf-8")
    settings: Settings = load_settings({"index": {"directory": folder / "index"}})
    ingest([folder / "in"], settings, embedder=embedder)
    opened = Assistant.open(settings)
    yield opened
    opened.close()


def query(text: str, language: str = "nl") -> SearchQuery:
    return SearchQuery(text, text, language)  # type: ignore[arg-type]


def with_options(assistant: Assistant, **changes: object) -> HybridRetriever:
    options = RetrieverSettings(**changes)  # type: ignore[arg-type]
    return assistant.retriever.model_copy(update={"options": options})


@pytest.mark.parametrize("mode", ["dense", "lexical", "fused"])
def test_each_leg_finds_the_passage_and_says_which_leg_it_was(assistant: Assistant, mode: str) -> None:
    hits = with_options(assistant, mode=mode).search(query("Hoeveel euro kostte de pilot?"))
    assert hits[0].chunk.document == "geld.nl.md" and hits[0].stage == mode
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_question_finds_what_only_the_other_language_holds(assistant: Assistant) -> None:
    assert assistant.retriever.search(query("Wat moet er in de soep?"))[0].chunk.document == "kitchen.en.md"
    assert (
        assistant.retriever.search(query("Which flowers grow in the garden?", "en"))[0].chunk.document == "tuin.nl.md"
    )


def test_a_twin_in_the_language_of_the_question_takes_the_place_of_the_other(assistant: Assistant) -> None:
    hits = assistant.retriever.search(query("Who led the pilot?", "en"), prefer_language=True)
    documents = [hit.chunk.document for hit in hits]
    assert "geld.nl.md" not in documents and len({hit.row for hit in hits}) == len(hits)
    assert (hits[0].chunk.document, hits[0].chunk.heading) == ("geld.en.md", "People")


def test_passages_in_another_language_do_not_change_the_order_of_ones_own(assistant: Assistant) -> None:
    hits = assistant.retriever.search(query("de pilot kostte euro tuin"))
    own = [hit.row for hit in hits if hit.chunk.language == "nl"]
    assert len(own) == 3
    for handicap in (-20.0, 20.0):
        moved = with_options(assistant, handicap_other_language=handicap).search(query("de pilot kostte euro tuin"))
        assert [hit.row for hit in moved if hit.chunk.language == "nl"] == own
        assert (moved[0].chunk.language == "en") == (handicap > 0)


def test_every_hit_tells_how_near_its_heading_and_each_sentence_is(assistant: Assistant, embedder: Embedder) -> None:
    vector = embedder.encode_query("Wie leidde de pilot?")
    for hit in assistant.retriever.search(query("Wie leidde de pilot?")):
        texts = [hit.chunk.text[s.start - hit.chunk.start : s.end - hit.chunk.start] for s in hit.chunk.sentences]
        np.testing.assert_allclose(hit.sentence_similarities, embedder.encode_passages(texts) @ vector, atol=2e-3)
        assert -1 <= hit.heading_similarity <= 1 and 0 <= hit.coverage <= 1


@pytest.mark.parametrize(("text", "k"), [("", 5), ("   ", 5), ("pilot", 0)])
def test_nothing_asked_finds_nothing(assistant: Assistant, text: str, k: int) -> None:
    assert assistant.retriever.search(query(text), k) == []


def test_more_hits_than_passages_are_not_made_up(assistant: Assistant) -> None:
    assert len(assistant.retriever.search(query("pilot"), 500)) == 6


def test_a_reranker_has_the_last_word_over_more_passages_than_are_asked_for(assistant: Assistant) -> None:
    seen: list[int] = []

    def backwards(question: str, hits: Sequence[Hit]) -> list[Hit]:
        seen.append(len(hits))
        return [replace(hit, stage="reranked") for hit in reversed(hits)]

    reranking = assistant.retriever.model_copy(update={"rerank": backwards})
    plain = assistant.retriever.search(query("pilot"), 6)
    hits = reranking.search(query("pilot"), 2)
    assert seen == [6] and [hit.row for hit in hits] == [hit.row for hit in plain[::-1]][:2]


@pytest.mark.parametrize("asked", ["zonebloemen", "zonnebleomen", "zonnebloementuin"])
def test_a_slip_of_the_pen_and_a_compound_are_found_by_their_words(assistant: Assistant, asked: str) -> None:
    assert with_options(assistant, mode="lexical").search(query(asked))[0].chunk.document == "tuin.nl.md"


def test_near_words_say_nothing_about_what_the_passages_hold(assistant: Assistant) -> None:
    assert max(hit.coverage for hit in assistant.retriever.search(query("zonebloemen"))) == 0


@pytest.mark.parametrize("word", ["tulpen", "12345", "tulp", "vliegtuig"])
def test_known_words_numbers_and_words_near_to_nothing_stay_as_they_are(word: str) -> None:
    assert NearWords(["tulpen", "rozen", "12346", "tulpe"]).find(word) == ()


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40), st.integers(1, 50))
def test_best_is_a_stable_sort_cut_off(scores: list[float], k: int) -> None:
    expected = sorted(range(len(scores)), key=lambda n: -scores[n])[:k]
    found = best(np.array(scores, dtype=np.float32), k)
    assert [scores[n] for n in found] == [scores[n] for n in expected]


def test_equal_scores_stand_at_the_mean() -> None:
    scores = np.full(4, 0.8, dtype=np.float32)
    np.testing.assert_allclose(standardize(scores, scores), 0, atol=0.1)
