"""The check of a model's sentences against the passages that it read, with the bundled embedder."""

import pytest
from builders import chunk, hit

from assistant.answerers.numbered import numbered
from assistant.embedder import BundledE5
from assistant.pipeline.grounding import Grounding
from assistant.settings import LlmSettings

PILOT = chunk(
    "De proeftuin in Deventer kostte in totaal 420.000 euro, schreef de provincie op 3 mei 2021.",
    "Het waterschap betaalde 30 procent van de proeftuin.",
    "De gemeente Deventer betaalde de rest van de proeftuin.",
)
RULES = chunk(
    "Een coördinator dient namens alle deelnemers het plan in.",
    "Winkels mogen meedoen als zij zelf uren of geld inbrengen.",
    "Een leerkring heeft een vaste begeleider nodig.",
    document="rules.nl.md",
    headings=("Meedoen",),
)
ENGLISH = chunk(
    "A coordinator submits the plan on behalf of all participants.",
    "Shops may take part if they contribute hours or money themselves.",
    document="rules.en.md",
    language="en",
    headings=("Taking part",),
)


@pytest.fixture(scope="module")
def embedder() -> BundledE5:
    return BundledE5()


@pytest.fixture(scope="module")
def dutch(embedder: BundledE5) -> Grounding:
    return Grounding(numbered([hit(PILOT, 0.9, 0.8, 0.8), hit(RULES, 0.8, 0.8, 0.8)], LlmSettings()), embedder)


@pytest.fixture(scope="module")
def english(embedder: BundledE5) -> Grounding:
    return Grounding(numbered([hit(ENGLISH, 0.9, 0.8)], LlmSettings()), embedder)


@pytest.mark.parametrize(
    "sentence",
    [
        "De proeftuin kostte 420.000 euro.",
        "Het waterschap betaalde 30 procent en de gemeente Deventer de rest.",
        "Winkels kunnen meedoen wanneer ze uren of geld inbrengen.",
        "Er is een vaste begeleider nodig voor een leerkring.",
    ],
)
def test_a_sentence_in_other_words_passes(dutch: Grounding, sentence: str) -> None:
    assert dutch.ground(sentence, "nl", ()).quotes


@pytest.mark.parametrize(
    "sentence",
    [
        "De proeftuin was een groot succes voor alle deelnemers.",
        "Winkels krijgen hun uren vergoed door de overheid.",
        "De begeleider wordt betaald door de school.",
        "Het waterschap betaalde de begeleider van de proeftuin.",
        "Een leerkring begint met een workshop over ethiek.",
    ],
)
def test_an_invented_sentence_without_a_figure_does_not_pass(dutch: Grounding, sentence: str) -> None:
    assert not dutch.ground(sentence, "nl", (1, 2)).quotes


def test_a_changed_amount_is_a_fault_of_the_lock(dutch: Grounding) -> None:
    ground = dutch.ground("De proeftuin kostte 240.000 euro.", "nl", (1,))
    assert not ground.quotes
    assert [fault.kind for fault in ground.faults] == ["figure"]


def test_only_the_sentences_that_hold_it_are_quoted(dutch: Grounding) -> None:
    quotes = dutch.ground("De proeftuin kostte 420.000 euro.", "nl", (1, 2)).quotes
    assert [quote.text for quote in quotes] == [
        "De proeftuin in Deventer kostte in totaal 420.000 euro, schreef de provincie op 3 mei 2021."
    ]


def test_a_sentence_from_two_sentences_quotes_both(dutch: Grounding) -> None:
    quotes = dutch.ground("Het waterschap betaalde 30 procent en de gemeente Deventer de rest.", "nl", (1,)).quotes
    assert len(quotes) == 2


def test_a_wrong_or_missing_number_is_put_right(dutch: Grounding) -> None:
    for markers in ((1,), (7,), ()):
        quotes = dutch.ground("Een leerkring heeft een vaste begeleider nodig.", "nl", markers).quotes
        assert [quote.chunk.document for quote in quotes] == ["rules.nl.md"]


def test_a_translation_passes_and_an_invention_about_an_english_passage_does_not(english: Grounding) -> None:
    assert english.ground("Een coördinator dient het plan in namens alle deelnemers.", "nl", (1,)).quotes
    assert not english.ground("Winkels krijgen hun uren vergoed.", "nl", (1,)).quotes
    assert not english.ground("Een coördinator heeft ervaring met grote plannen.", "nl", (1,)).quotes


def test_without_an_embedder_only_shared_words_count() -> None:
    alone = Grounding(numbered([hit(RULES, 0.8, 0.8, 0.8)], LlmSettings()), None)
    assert alone.ground("Een leerkring heeft een vaste begeleider nodig.", "nl", (1,)).quotes
    assert not alone.ground("Een leerkring zoekt samen naar nieuwe wegen.", "nl", (1,)).quotes


@pytest.mark.parametrize(
    "sentence",
    [
        "De gemeente Deventer betaalde 30 procent.",
        "Het waterschap betaalde 420.000 euro.",
        "Winkels in Deventer mogen meedoen.",
        "Het waterschap betaalde alles.",
    ],
)
def test_two_facts_cannot_be_mixed_into_a_third(dutch: Grounding, sentence: str) -> None:
    assert not dutch.ground(sentence, "nl", (1, 2)).quotes


def test_a_list_may_be_summed_up() -> None:
    partners = chunk(
        "De leerkring heeft drie partners:",
        ("Saxion in Enschede", "item"),
        ("de gemeente Deventer", "item"),
        ("het waterschap Vechtstromen", "item"),
    )
    ground = Grounding(numbered([hit(partners, 0.9, 0.8, 0.8, 0.8)], LlmSettings()), None)
    text = "De partners zijn Saxion, de gemeente Deventer en het waterschap Vechtstromen."
    assert len(ground.ground(text, "nl", (1,)).quotes) == 4
    assert not ground.ground("De partners zijn Saxion, de gemeente Deventer en Fontys.", "nl", (1,)).quotes
