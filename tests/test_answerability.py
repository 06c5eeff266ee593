import json

import pytest
from builders import chunk, hit

from assistant.answerability import Knowledge, judge
from assistant.answerability.missing import missing_words
from assistant.answerability.model import Logistic, Model, fitted
from assistant.answerability.signals import measure
from assistant.answerability.slots import FILLED, OPEN, PERHAPS, slot_of
from assistant.answerability.terms import edit_distance, forms_of, question_terms
from assistant.embedder import Background
from assistant.question import Asked
from assistant.types import Hit, Language, Quote, SearchQuery

BACKGROUND = Background(0.75, 0.03)
RAREST = 5.0
COMMON = {"communities": 0.2, "communit": 0.2, "learning": 0.2, "learn": 0.2, "pilot": 1.0, "docent": 3.0}
UNKNOWN = ("fontys", "podcast", "2027", "dokent")


def rarity(term: str, language: Language) -> float:
    if term == "\0" or term.startswith(UNKNOWN):
        return RAREST
    return COMMON.get(term, 4.0)


KNOWLEDGE = Knowledge(rarity, BACKGROUND, 1000)


def asking(question: str, language: Language = "nl", *, follow_up: bool = False) -> SearchQuery:
    return SearchQuery(question, question, language, follow_up)


def quote(text: str, language: Language = "nl") -> Quote:
    made = chunk(text, language=language)
    return Quote(made, made.sentences[0], 1.0)


def filled(question: str, text: str, language: Language = "nl") -> float:
    query = asking(question, language)
    return slot_of(query, question_terms(query, KNOWLEDGE), KNOWLEDGE).filled(quote(text, language))


@pytest.mark.parametrize(
    ("question", "text", "language", "expected"),
    [
        ("Hoeveel docenten deden mee?", "Aan het netwerk deden 8.000 docenten mee.", "nl", FILLED),
        ("Hoeveel docenten deden mee?", "Het netwerk telde 300 bedrijven.", "nl", OPEN),
        (
            "Hoeveel docenten deden mee?",
            "Van docenten hoorden 300 bedrijven dat het kan, zei het netwerk.",
            "nl",
            FILLED,
        ),
        ("Hoeveel docenten deden mee in 2021?", "In 2019 deden 40 docenten mee.", "nl", OPEN),
        ("Hoeveel docenten deden mee in 2021?", "In 2021 deden 40 docenten mee.", "nl", FILLED),
        ("Hoeveel mensen deden mee?", "Er waren 300 deelnemers.", "nl", FILLED),
        ("Hoeveel kwam er uit Europa?", "Het netwerk kreeg 3 miljoen euro.", "nl", FILLED),
        ("Wat kost de cursus?", "Deelnemers betalen niets.", "nl", FILLED),
        ("What does the course cost?", "The course is free of charge.", "en", FILLED),
        ("What does the course cost?", "Feel free to join the course.", "en", OPEN),
        ("Wat kost deelname?", "De folder noemt de kosten van deelname niet.", "nl", FILLED),
        ("Wat kost deelname?", "De folder noemt de naam van de zaal niet.", "nl", OPEN),
        ("Hoeveel leden heeft de bond?", "De namen van leden van de bond staan niet in het bericht.", "nl", OPEN),
        ("Wat is het telefoonnummer van Anna?", "Mail Anna op anna@voorbeeld.nl.", "nl", OPEN),
        ("What is the phone number of Anna?", "Call Anna on 038 469 99 11.", "en", FILLED),
        ("Waar is het feest?", "Het feest is in december in het SIA-bericht genoemd.", "nl", PERHAPS),
        ("Where was the meeting?", "The meeting is named in the Regieorgaan item.", "en", PERHAPS),
        ("How many teachers took part?", "Some teachers took part.", "en", OPEN),
        ("Hoeveel kostte de pilot?", "De pilot kostte 850.000 euro.", "nl", FILLED),
        ("Waarom kostte de pilot 850.000 euro?", "De pilot kostte 850.000 euro.", "nl", OPEN),
        ("Why was the call closed?", "The call was closed because the money had run out.", "en", FILLED),
        ("Wanneer begon de pilot?", "De pilot begon in maart 2021.", "nl", FILLED),
        ("Wanneer begon de pilot?", "De pilot is begonnen, meldde het netwerk op 3 mei 2022.", "nl", PERHAPS),
        ("Welk percentage haalde de eindstreep?", "Van de deelnemers haalde 40 procent de eindstreep.", "nl", FILLED),
        ("Welk percentage haalde de eindstreep?", "Er waren 40 deelnemers.", "nl", OPEN),
        ("Who succeeded Anna Jansen?", "Anna Jansen led the group.", "en", OPEN),
        ("Who succeeded Anna Jansen?", "Since May the group is led by Bert de Vries.", "en", FILLED),
        ("Welke vijf principes noemt het rapport?", "Het rapport bevat vijf principes en een bijlage.", "nl", OPEN),
        ("Welke drie thema's zijn er?", "De thema's zijn zorg, energie en landbouw.", "nl", FILLED),
        ("In welke stad was de bijeenkomst?", "De bijeenkomst was in Zwolle.", "nl", FILLED),
        ("In welke stad was de bijeenkomst?", "De bijeenkomst trok 130 mensen.", "nl", OPEN),
    ],
)
def test_a_sentence_fills_what_is_asked_only_with_something_new_of_that_kind(
    question: str, text: str, language: Language, expected: float
) -> None:
    assert filled(question, text, language) == expected


@pytest.mark.parametrize(
    ("word", "vocabulary"),
    [
        ("subsidie", {"kickstartsubsidie"}),  # closes a compound
        ("learningcommunities", {"learningcommun"}),
        ("Dokenten", {"docent"}),  # a typing error in a word that no document holds
    ],
)
def test_a_word_is_found_in_a_compound_and_with_a_typing_error(word: str, vocabulary: set[str]) -> None:
    term = question_terms(asking(f"Wat over {word}?"), KNOWLEDGE)[0]
    assert forms_of(term, vocabulary, "nl") == frozenset(vocabulary)


def test_a_number_has_no_typing_errors() -> None:
    term = question_terms(asking("Wat gebeurt er in 2027?"), KNOWLEDGE)[-1]
    assert not forms_of(term, {"2021"}, "nl")


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("abc", "abc", 0), ("abdc", "abcd", 1), ("", "ab", 2), ("kat", "zak", 2)]
)
def test_swapped_neighbours_are_one_step(one: str, other: str, steps: int) -> None:
    assert edit_distance(one, other) == steps


def test_words_that_only_shape_a_question_are_no_terms() -> None:
    found = question_terms(asking("Kun je mij eigenlijk precies vertellen wie de pilot betaalde?"), KNOWLEDGE)
    assert [term.written for term in found] == ["pilot", "betaalde"]


@pytest.mark.parametrize("question", ["?", "En wat dan?", "Hoeveel?", "2023?", "Klopt dat wel?", "And the other one?"])
def test_a_question_that_names_nothing_is_unclear(question: str) -> None:
    language: Language = "en" if question.startswith("And") else "nl"
    made = judge(asking(question, language), [hit(chunk("De pilot kostte geld."), 0.9)], [], KNOWLEDGE)
    assert (made.band, made.reason, made.probability) == ("refused", "unclear_question", 0.0)


def test_without_passages_nothing_is_found() -> None:
    made = judge(asking("Hoeveel kostte de pilot?"), [], [], KNOWLEDGE)
    assert (made.band, made.reason) == ("refused", "nothing_found")


def test_missing_are_the_names_that_no_passage_holds_as_the_question_writes_them() -> None:
    query = asking("Hoeveel docenten van Fontys deden mee aan de pilot?")
    hits = [hit(chunk("Aan de pilot deden docenten van Windesheim mee."), 0.9)]
    assert missing_words(query, hits, question_terms(query, KNOWLEDGE)) == ("Fontys",)


def test_nothing_is_called_missing_where_all_passages_are_in_the_other_language() -> None:
    query = asking("Is er een podcast over de pilot?")
    hits = [hit(chunk("There was a pilot.", language="en"), 0.9)]
    assert missing_words(query, hits, question_terms(query, KNOWLEDGE)) == ()


def test_signals_do_not_depend_on_the_band_that_an_embedder_uses() -> None:
    query, made = asking("Hoeveel kostte de pilot?"), chunk("De pilot kostte geld.", "Er was een feest.")
    wide = Knowledge(rarity, Background(0.2, 0.1), 1000)
    near = measure(query, [hit(made, 0.87, 0.78)], [], KNOWLEDGE)
    same = measure(query, [hit(made, 0.6, 0.3)], [], wide)
    assert near["near_sentence"] == pytest.approx(same["near_sentence"])
    assert near["near_sentence"] == pytest.approx(4.0)


def test_every_signal_of_the_model_is_measured() -> None:
    signals = measure(asking("Hoeveel kostte de pilot?"), [hit(chunk("De pilot kostte geld."), 0.9)], [], KNOWLEDGE)
    for part in (fitted().headed, fitted().loose, fitted().few, fitted().on_subject, fitted().detail_only):
        assert part.scales.keys() <= signals.keys()
        assert part.weights.keys() == part.scales.keys()


def test_the_thresholds_make_three_bands() -> None:
    assert 0 < fitted().partial <= fitted().answered < 1


def on(signal: str, weight: float) -> Logistic:
    return Logistic(0.0, {signal: (0.0, 1.0)}, {signal: weight})


def model(probability_rises_with: str) -> Model:
    yes = Logistic(5.0, {}, {})
    judged = on(probability_rises_with, 1.0)
    return Model(judged, judged, judged, yes, yes, 0.4, 0.6)


@pytest.mark.parametrize(
    ("similarity", "band", "reason"),
    [(0.9, "answered", None), (0.75, "partial", "insufficient"), (0.6, "refused", "insufficient")],
)
def test_bands_follow_from_the_probability(similarity: float, band: str, reason: str | None) -> None:
    made = judge(
        asking("Hoeveel kostte de pilot?"),
        [hit(chunk("De pilot kostte geld."), similarity)],
        [],
        KNOWLEDGE,
        model("near_sentence"),
    )
    assert (made.band, made.reason) == (band, reason)


def test_one_extreme_signal_cannot_outweigh_all_others() -> None:
    part = on("x", 1.0)
    assert part.logit({"x": 1000.0}) == part.logit({"x": 4.0})


def test_loose_passages_are_judged_by_their_own_weights() -> None:
    yes = Logistic(5.0, {}, {})
    made = Model(Logistic(2.0, {}, {}), Logistic(-2.0, {}, {}), yes, yes, yes, 0.4, 0.6)
    assert made.probability({"below_heading": 1.0, "small": 0.0}) > 0.8
    assert made.probability({"below_heading": 0.5, "small": 0.0}) == pytest.approx(0.5)
    assert made.probability({"below_heading": 0.0, "small": 0.0}) < 0.2
    assert made.probability({"below_heading": 0.0, "small": 1.0}) > 0.9


def test_the_answer_that_says_that_something_is_unknown_counts_as_such() -> None:
    lack = chunk("Het bedrag staat niet in het bericht.")
    hits: list[Hit] = [hit(lack, 0.9)]
    assert measure(asking("Welk bedrag was het?"), hits, [], KNOWLEDGE)["told_to_lack"] == 1.0
    assert measure(asking("Welke zaal was het?"), hits, [], KNOWLEDGE)["told_to_lack"] == 0.0


def test_an_index_of_a_few_documents_is_small() -> None:
    assert [Knowledge(rarity, BACKGROUND, size).small for size in (1, 60, 300, 100_000)] == [1.0, 1.0, 0.0, 0.0]
    assert 0 < Knowledge(rarity, BACKGROUND, 120).small < 1


@pytest.mark.parametrize(
    ("question", "language"),
    [("What is the Fasemodel?", "nl"), ("Wat is het Fasemodel?", "en"), ("En wat doet het Fasemodel?", "en")],
)
def test_function_words_of_the_other_language_are_no_terms(question: str, language: Language) -> None:
    assert [term.written for term in question_terms(asking(question, language), KNOWLEDGE)] == ["Fasemodel"]


def test_words_for_the_same_thing_stand_for_each_other_in_both_languages() -> None:
    term = question_terms(asking("Wanneer was de aanvang?"), KNOWLEDGE)[0]
    assert forms_of(term, {"start", "feest"}, "nl") == frozenset({"start"})
    assert forms_of(term, {"began", "feast"}, "en") == frozenset({"began"})


def test_a_name_without_capitals_asks_who_that_is() -> None:
    query = asking("wie is anna de boer")
    asked = question_terms(query, KNOWLEDGE)
    assert slot_of(query, asked, KNOWLEDGE, ["Directeur is Anna de Boer."]).asked is Asked.MEANING
    query = asking("wie is voorzitter van de bond")
    asked = question_terms(query, KNOWLEDGE)
    assert slot_of(query, asked, KNOWLEDGE, ["Anna de Boer is voorzitter van de bond."]).asked is Asked.PERSON


def test_a_comparison_needs_both_sides() -> None:
    query = asking("Wat is het verschil tussen Katapult en Dialogic?")
    one, both = chunk("Katapult is een netwerk."), chunk("Katapult is een netwerk, Dialogic een bureau.")
    assert measure(query, [hit(one, 0.9)], [], KNOWLEDGE)["side_lacking"] == 1.0
    assert measure(query, [hit(both, 0.9)], [], KNOWLEDGE)["side_lacking"] == 0.0


def test_the_coefficients_are_plain_json() -> None:
    from assistant.answerability.model import COEFFICIENTS

    assert set(json.loads(COEFFICIENTS.read_text(encoding="utf-8"))) == {
        "headed", "loose", "few", "on_subject", "detail_only", "partial", "answered",
    }  # fmt: skip
