from dataclasses import replace
from datetime import date

import pytest
from builders import chunk

from assistant.index_rows import DocumentRow
from assistant.messages import date_in_words
from assistant.question.moment import asks_about_now, asks_to_apply
from assistant.timeliness import aged
from assistant.types import Language, Quote, SearchQuery, Source

TODAY = date(2026, 11, 21)
SOURCES = {
    "old": Source("old", "Nieuws", "Gemeente", "2023-12-20", "nl", "A"),
    "older": Source("older", "Nieuws", "Gemeente", "2021-05", "nl", "A"),
    "recent": Source("recent", "Nieuws", "Gemeente", "2026-11-10", "nl", "A"),
    "undated": Source("undated", "Over ons", "Zeilclub", "undated", "nl", "A"),
}


def quote(sentence: str, *sources: str, language: Language = "nl") -> Quote:
    made = chunk(sentence, document="haven.md", language=language)
    return Quote(made, replace(made.sentences[0], sources=sources), 5.0)


def document(*, valid_to: str | None = None, updated: str | None = None) -> dict[str, DocumentRow]:
    row = DocumentRow("haven.md", "De haven", "funding", "nl", "", updated, None, valid_to, (), (), 0, 1, "", "")
    return {row.id: row}


def note(
    question: str, *quotes: Quote, language: Language = "nl", documents: dict[str, DocumentRow] | None = None
) -> str | None:
    return aged(SearchQuery(question, question, language), quotes, SOURCES, documents or document(), TODAY)


def test_a_question_about_now_is_told_of_when_the_source_is() -> None:
    found = note("Hoeveel ligplaatsen heeft de haven op dit moment?", quote("De haven heeft 22 ligplaatsen.", "old"))
    assert found == "Deze gegevens komen uit een bron van 20 december 2023; kijk bij de bron of dit nog klopt."
    english = quote("The harbour has 22 berths.", "old", language="en")
    assert note("How many berths are there now?", english, language="en") == (
        "This comes from a source of 20 December 2023; check with the source whether it still holds."
    )


def test_of_several_sources_the_newest_counts() -> None:
    quotes = quote("De haven heeft 22 ligplaatsen.", "older"), quote("De haven heeft 25 ligplaatsen.", "old")
    found = note("Hoeveel ligplaatsen zijn er nu?", *quotes)
    assert found is not None and "nieuwste" in found and "20 december 2023" in found
    assert note("Hoeveel ligplaatsen zijn er nu?", *quotes, quote("De haven heeft 26 ligplaatsen.", "recent")) is None


def test_a_source_without_a_date_is_not_taken_for_today() -> None:
    found = note("Wie is momenteel de havenmeester?", quote("Mira Oosting is havenmeester.", "undated"))
    assert found is not None and "geen datum" in found


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel ligplaatsen heeft de haven?",
        "Wat kost een ligplaats?",
        "Wie is de voorzitter van de zeilclub?",
        "Who is the chair of the sailing club?",
    ],
)
def test_what_changes_gets_a_note_when_the_source_is_older_than_a_year(question: str) -> None:
    language: Language = "en" if question.startswith("Who") else "nl"
    sentence = "De haven heeft 22 ligplaatsen van 900 euro en Mira Oosting als voorzitter."
    assert note(question, quote(sentence, "old"), language=language)
    assert note(question, quote(sentence, "recent"), language=language) is None


@pytest.mark.parametrize(
    "question",
    [
        "Wat is een ligplaats?",
        "Hoeveel kostte de kade?",
        "Wanneer begon de veerdienst?",
        "Hoe begin ik een zeilclub?",
        "How much did the quay cost?",
        "What does harbour master mean?",
    ],
)
def test_timeless_matters_and_history_get_no_note(question: str) -> None:
    sentence = quote("De kade van 900 euro met 22 ligplaatsen is van 2019.", "old")
    assert note(question, sentence, language="en" if question[:3] in ("How", "Wha") else "nl") is None


def test_a_count_that_says_of_when_it_is_needs_no_note_unless_now_is_asked() -> None:
    sentence = quote("Op 20 december 2023 telde de haven 22 ligplaatsen.", "old")
    assert note("Hoeveel ligplaatsen zijn er?", sentence) is None
    assert note("Hoeveel ligplaatsen zijn er nu?", sentence)


def test_a_deadline_that_has_passed_is_named() -> None:
    sentence = quote("De aanvraagtermijn van de oproep sloot op 16 mei 2023.", "older")
    assert note("Kan ik nog subsidie aanvragen?", sentence) == "De termijn sloot op 16 mei 2023."
    english = quote("The deadline of the call was 16 May 2023.", "older", language="en")
    assert (
        note("How do I apply for the call?", english, language="en") == "The deadline was 16 May 2023 and has passed."
    )


def test_a_deadline_to_come_has_not_passed() -> None:
    quotes = (
        quote("De vorige oproep sloot op 16 mei 2023.", "recent"),
        quote("De oproep sluit op 1 maart 2027.", "recent"),
    )
    assert note("Wanneer kan ik aanvragen?", *quotes) is None


def test_the_date_on_which_a_source_appeared_is_no_deadline() -> None:
    sentence = quote("Wie wil, kan zich aanmelden, meldde de gemeente op 20 december 2023.", "old")
    found = note("Kan ik me nog aanmelden?", sentence)
    assert found is not None and "termijn" not in found


def test_the_document_says_until_when_it_holds_where_the_sentence_does_not() -> None:
    sentence = quote("Een vereniging kan 5.000 euro aanvragen.", "recent")
    ended = document(valid_to="2023-05")
    assert note("Hoe vraag ik dat aan?", sentence, documents=ended) == "De termijn sloot in mei 2023."
    assert note("Hoe vraag ik dat aan?", sentence, documents=document(valid_to="2027-01")) is None


def test_asking_when_a_term_was_gets_no_reminder_that_it_passed() -> None:
    sentence = quote("De aanvraagtermijn van de oproep sloot op 16 mei 2023.", "older")
    assert note("Wanneer sloot de oproep van 2023?", sentence) is None


def test_what_one_can_get_from_a_scheme_that_has_closed_says_so() -> None:
    sentence = quote("Een vereniging kan 5.000 euro krijgen.", "recent")
    ended = document(valid_to="2023-05-16")
    assert note("Hoeveel kunnen wij per plan krijgen?", sentence, documents=ended) == "De termijn sloot op 16 mei 2023."


def test_what_someone_tells_before_the_question_does_not_make_it_about_now() -> None:
    assert not asks_about_now("Wij zijn nu twee jaar bezig. Wat is een ligplaats?")


def test_without_sources_the_date_of_the_document_counts() -> None:
    found = note("Wat kost het nu?", quote("Een ligplaats kost 900 euro."), documents=document(updated="2020-02-01"))
    assert found is not None and "1 februari 2020" in found


@pytest.mark.parametrize(
    "question",
    ["Is de regeling nog open?", "Bestaat de zeilclub nog?", "Wat geldt tegenwoordig?", "Is it still open?",
     "What is the latest count?", "Which round is open this year?", "Wat is de huidige stand?"],
)  # fmt: skip
def test_words_for_now_are_understood(question: str) -> None:
    assert asks_about_now(question)


@pytest.mark.parametrize(
    "question",
    ["Wat was de stand in 2021?", "Heb je nog meer voorbeelden?", "What did the pilot know?", "Wat is nuttig?"],
)
def test_other_questions_are_not_about_now(question: str) -> None:
    assert not asks_about_now(question)


def test_a_question_about_who_applied_is_not_one_to_apply() -> None:
    assert asks_to_apply("Hoe kan ik aanvragen?") and asks_to_apply("Can we still apply?")
    assert not asks_to_apply("Who applied in 2021?") and not asks_to_apply("Wie werd toegelaten?")


def test_dates_are_written_as_people_write_them() -> None:
    assert date_in_words("2023-05-06", "nl") == "6 mei 2023"
    assert date_in_words("2023-05", "en") == "May 2023"
    assert date_in_words("2018", "nl") == "2018"
    assert date_in_words("undated", "nl") == ""
