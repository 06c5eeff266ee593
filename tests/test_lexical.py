from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.lexical import LexicalIndex, terms, words

TEXTS = [
    "De pilot kostte in totaal 850.000 euro",
    "The pilot cost 850,000 euros in total",
    "Subsidies voor hogescholen en instellingen",
    "Grants for universities and institutions",
]
LANGUAGES = ["nl", "en", "nl", "en"]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS, LANGUAGES)  # type: ignore[arg-type]


def best_row(index: LexicalIndex, question: str, asked_in: str, language: str) -> int | None:
    part = next(one for one in index.search(question, asked_in) if one.language == language)  # type: ignore[arg-type]
    return int(part.rows[part.scores.argmax()]) if part.scores.any() else None


def test_an_amount_is_one_word_in_both_notations() -> None:
    assert "850000" in words("850.000 euro") and "850000" in words("€850,000")


def test_a_decimal_is_not_taken_for_a_thousand() -> None:
    assert words("1,5 miljoen") == ["1", "5", "miljoen"]


def test_accents_do_not_hide_a_word() -> None:
    assert words("financiële regio's") == ["financiele", "regio", "s"]


def test_dutch_plurals_meet_in_the_dutch_stemmer() -> None:
    assert terms("documenten instellingen", "nl") == terms("document instelling", "nl")


def test_function_words_of_the_question_are_dropped_in_the_other_language_too() -> None:
    assert terms("die pilot", "en", asked_in="nl") == ["pilot"]


def test_a_question_finds_the_passage_of_its_own_language(index: LexicalIndex) -> None:
    assert best_row(index, "subsidie voor een instelling", "nl", "nl") == 2
    assert best_row(index, "grant for an institution", "en", "en") == 3


def test_a_number_crosses_the_languages(index: LexicalIndex) -> None:
    assert best_row(index, "waar staat 850.000?", "nl", "en") == 1


def test_a_passage_with_every_term_scores_no_more_than_the_ceiling(index: LexicalIndex) -> None:
    for part in index.search("pilot kostte totaal 850.000 euro", "nl"):
        assert 0 <= part.scores.max() <= part.ceiling


def test_unknown_words_score_nothing_but_raise_the_ceiling(index: LexicalIndex) -> None:
    (part, *_) = index.search("kwantumverstrengeling", "nl")
    assert not part.scores.any() and part.ceiling > 0


def test_a_saved_index_answers_the_same(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    for one, other in zip(index.search("pilot euro", "nl"), loaded.search("pilot euro", "nl"), strict=True):
        assert one.language == other.language and one.ceiling == other.ceiling
        np.testing.assert_array_equal(one.scores, other.scores)


def test_passages_without_words_make_no_index() -> None:
    assert LexicalIndex.build(["…", ""], ["nl", "en"]).search("pilot", "nl") == ()


def test_threads_do_not_disturb_each_others_stems() -> None:
    text = " ".join(["documenten instellingen hogescholen subsidies onderzoekers"] * 200)
    expected = terms(text, "nl")
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: terms(text, "nl"), range(64)))
