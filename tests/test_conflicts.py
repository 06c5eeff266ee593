from dataclasses import replace

import pytest
from builders import chunk, hit

from assistant.conflicts import Conflict, conflicting
from assistant.types import Hit, Language, Quote, SearchQuery, Source

SOURCES = {
    "port": Source("port", "Jaarverslag", "Havenbedrijf", "2022-12", "nl", "B"),
    "city": Source("city", "Nieuws", "Gemeente", "2024-06-27", "nl", "A"),
    "club": Source("club", "Over ons", "Zeilclub", "undated", "nl", "A"),
    "paper": Source("paper", "Bericht", "Dagblad", "2019-11", "nl", "C"),
}


def said(sentence: str, *sources: str, language: Language = "nl", similarity: float = 0.9) -> Hit:
    made = chunk(sentence, document=f"{'-'.join(sources)}.{language}.md", language=language, headings=())
    spans = tuple(replace(span, sources=sources) for span in made.sentences)
    return hit(replace(made, title="De haven", sentences=spans), similarity)


def compare(question: str, *hits: Hit, language: Language = "nl") -> Conflict | None:
    answer = [Quote(hits[0].chunk, hits[0].chunk.sentences[0], hits[0].score)]
    return conflicting(SearchQuery(question, question, language), hits, answer, SOURCES)


def test_two_sources_that_count_the_same_differently_are_shown_with_publisher_and_date() -> None:
    found = compare(
        "Hoeveel ligplaatsen heeft de haven?",
        said("Het Havenbedrijf telt 22 ligplaatsen in de haven.", "port"),
        said("De haven heeft 25 ligplaatsen, meldde de gemeente op 27 juni 2024.", "city"),
    )
    assert found is not None
    assert found.message == "De bronnen verschillen: 25 (Gemeente, 27 juni 2024) en 22 (Havenbedrijf, december 2022)."
    assert [quote.span.sources for quote in found.quotes] == [("city",), ("port",)]


def test_the_order_is_authority_then_the_newest_and_undated_last() -> None:
    found = compare(
        "How many berths does the harbour have?",
        said("The harbour has 20 berths.", "paper", language="en"),
        said("The harbour has 21 berths.", "club", language="en"),
        said("The harbour has 22 berths.", "port", language="en"),
        said("The harbour has 25 berths.", "city", language="en"),
        language="en",
    )
    assert found is not None
    assert found.message == (
        "The sources differ: 25 (Gemeente, 27 June 2024), 21 (Zeilclub, undated), 22 (Havenbedrijf, December 2022) "
        "and 20 (Dagblad, November 2019)."
    )


def test_the_words_that_make_a_figure_less_exact_stay_with_it() -> None:
    found = compare(
        "Hoeveel leden heeft de zeilclub?",
        said("De bronnen verschillen over het aantal leden van de zeilclub: 400 of 500.", "city", "port"),
        said("De zeilclub heeft bijna 500 leden.", "city"),
        said("Er zijn meer dan 400 leden bij de zeilclub.", "port"),
    )
    assert found is not None
    assert "bijna 500 (Gemeente" in found.message and "meer dan 400 (Havenbedrijf" in found.message
    assert found.quotes[0].text.startswith("De bronnen verschillen")


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Hoeveel subsidie kreeg de haven?", "De haven kreeg 2,6 miljoen euro.", "De haven kreeg 2.628.467 euro."),
        (
            "Hoeveel subsidie kreeg de haven?",
            "De haven kreeg 2 miljoen euro.",
            "De haven kreeg maximaal 3 miljoen euro.",
        ),
        ("Hoeveel subsidie kreeg de haven?", "De haven kreeg 2 miljoen euro.", "De haven vroeg 3 miljoen euro aan."),
        (
            "Hoeveel subsidie kreeg de haven?",
            "De haven kreeg 2 miljoen euro.",
            "Zuidland kreeg via de haven 3 miljoen euro.",
        ),
        (
            "Hoeveel bezoekers had de haven?",
            "De haven had in 2021 500 bezoekers.",
            "De haven had in 2023 900 bezoekers.",
        ),
        ("Hoeveel bezoekers had de haven?", "De haven had 500 bezoekers.", "De haven had 12 ligplaatsen."),
        (
            "Hoeveel bezoekers had de haven?",
            "De haven had 500 bezoekers.",
            "Hoeveel bezoekers de haven had, is niet bekend.",
        ),
        ("Hoeveel kostte de kade?", "De kade kostte 4.000 euro.", "De kade kostte per meter 200 euro."),
        ("Wanneer opende de haven?", "De haven is in 2015 geopend.", "In 2018 bezocht de minister de haven."),
    ],
)
def test_figures_that_can_both_hold_are_no_conflict(question: str, one: str, other: str) -> None:
    assert compare(question, said(one, "port"), said(other, "city")) is None


def test_one_source_that_stands_behind_both_figures_does_not_differ_from_itself() -> None:
    found = compare(
        "Hoeveel ligplaatsen heeft de haven?",
        said("De haven heeft 22 ligplaatsen.", "port", "city"),
        said("De haven heeft 25 ligplaatsen.", "city"),
    )
    assert found is None


@pytest.mark.parametrize("question", ["Wie beheert de haven?", "Waarom is de haven diep?", "Wat is een ligplaats?"])
def test_a_question_for_something_other_than_a_figure_has_no_conflict(question: str) -> None:
    hits = said("De haven heeft 22 ligplaatsen.", "port"), said("De haven heeft 25 ligplaatsen.", "city")
    assert compare(question, *hits) is None


def test_a_choice_between_figures_asks_for_a_figure() -> None:
    hits = said("De haven heeft 22 ligplaatsen.", "port"), said("De haven heeft 25 ligplaatsen.", "city")
    assert compare("Heeft de haven 22 of 25 ligplaatsen?", *hits) is not None


def test_the_answer_to_the_other_half_of_a_compound_question_stays() -> None:
    depth = said("Mira Oosting is havenmeester van de haven.", "club")
    berths = said("De haven heeft 22 ligplaatsen.", "port"), said("De haven heeft 25 ligplaatsen.", "city")
    question = "Wie is de havenmeester en hoeveel ligplaatsen heeft de haven?"
    answer = [Quote(one.chunk, one.chunk.sentences[0], 5.0) for one in (depth, berths[0])]
    found = conflicting(SearchQuery(question, question, "nl"), [depth, *berths], answer, SOURCES)
    assert found is not None
    assert "havenmeester" in found.quotes[-1].text
