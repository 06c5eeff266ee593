"""Sentences beside the passages they cite: what holds is shown, what was changed is not."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences
from assistant.types import FaultKind, Language
from assistant.verifier import Passage, check

CORPUS = Path(__file__).parent.parent / "corpus"
GRANT_NL = (
    "De gemeente Zutphen verleent ten hoogste 40.000 euro per werkplaats. Een werkplaats komt in aanmerking mits zij "
    "ten minste zes leden heeft. Reiskosten worden niet vergoed. Aanvragen kan tot en met 14 maart 2025. "
    "Voorzitter Hanna Dekkers kreeg in 2023 bijna 100 aanmeldingen; secretaris Joris Blok kreeg er 35."
)
GRANT_EN = (
    "The city of Ghent awards at most 40,000 euros per workshop. A workshop is eligible provided that it has at least "
    "six members. Travel costs are not reimbursed. Applications are open until 14 March 2025. In 2023 chair Hanna "
    "Dekkers received almost 100 registrations; Joris Blok received 35."
)
TALE_NL = (
    "Museum Kranenburgh opende in 2019 een atelier. Het atelier kostte 1,5 miljoen euro. De raad besloot dat het "
    "museum uitsluitend scholen mag ontvangen, tenzij de burgemeester anders bepaalt. De directie moet elk jaar "
    "verslag doen. De opbouw leidde Femke Smit, de inrichting deed Bas Verhoeven."
)


def kinds(sentence: str, language: Language, *passages: tuple[str, Language]) -> set[FaultKind]:
    return {fault.kind for fault in check(sentence, language, [Passage(*one) for one in passages])}


HOLDS: list[tuple[str, Language, str, Language]] = [
    # another order, fewer words, another way of writing a figure
    ("Per werkplaats is er maximaal 40 duizend euro.", "nl", GRANT_NL, "nl"),
    ("Tot en met 14-03-2025 kunt u aanvragen.", "nl", GRANT_NL, "nl"),
    ("Reiskosten krijgt u niet vergoed.", "nl", GRANT_NL, "nl"),
    ("Alleen als een werkplaats minstens zes leden heeft, komt zij in aanmerking.", "nl", GRANT_NL, "nl"),
    ("In 2023 kreeg Hanna Dekkers bijna honderd aanmeldingen.", "nl", GRANT_NL, "nl"),
    ("Dekkers is voorzitter.", "nl", GRANT_NL, "nl"),
    ("Het atelier van het museum kostte € 1.500.000,-.", "nl", TALE_NL, "nl"),
    ("Femke Smit leidde de opbouw.", "nl", TALE_NL, "nl"),
    ("Each workshop gets up to €40k from the city of Ghent.", "en", GRANT_EN, "en"),
    ("The application period runs until March 14, 2025.", "en", GRANT_EN, "en"),
    ("A workshop needs a minimum of 6 members to be eligible.", "en", GRANT_EN, "en"),
    ("There is no reimbursement of travel costs.", "en", GRANT_EN, "en"),
    # across the languages
    ("Travel costs are not reimbursed.", "en", GRANT_NL, "nl"),
    ("Applications are open until 14 March 2025.", "en", GRANT_NL, "nl"),
    ("Een werkplaats komt in aanmerking mits zij ten minste zes leden heeft.", "nl", GRANT_EN, "en"),
    ("In 2023 kreeg Hanna Dekkers bijna 100 aanmeldingen.", "nl", GRANT_EN, "en"),
    # names that the table knows in both languages
    ("EZK betaalde de cursus.", "nl", "The Ministry of Economic Affairs and Climate Policy paid for the course.", "en"),
    ("The UT leads the project.", "en", "De Universiteit Twente leidt het project.", "nl"),
]

CHANGED: list[tuple[FaultKind, str, Language, str, Language]] = [
    ("figure", "De gemeente Zutphen verleent ten hoogste 45.000 euro per werkplaats.", "nl", GRANT_NL, "nl"),
    ("figure", "De gemeente Zutphen verleent 40.000 euro per werkplaats.", "nl", GRANT_NL, "nl"),
    ("figure", "De gemeente Zutphen verleent ten minste 40.000 euro per werkplaats.", "nl", GRANT_NL, "nl"),
    ("figure", "Het atelier kostte 1,5 miljard euro.", "nl", TALE_NL, "nl"),
    ("figure", "Aanvragen kan vanaf 14 maart 2025.", "nl", GRANT_NL, "nl"),
    ("figure", "Aanvragen kan tot en met 14 mei 2025.", "nl", GRANT_NL, "nl"),
    ("figure", "Museum Kranenburgh opende in maart 2019 een atelier.", "nl", TALE_NL, "nl"),
    ("figure", "Hanna Dekkers kreeg in 2023 100 aanmeldingen.", "nl", GRANT_NL, "nl"),
    ("figure", "Hanna Dekkers kreeg in 2023 ruim 100 aanmeldingen.", "nl", GRANT_NL, "nl"),
    ("figure", "In 2023 Hanna Dekkers received 35 registrations.", "en", GRANT_EN, "en"),
    ("name", "De gemeente Lochem verleent ten hoogste 40.000 euro per werkplaats.", "nl", GRANT_NL, "nl"),
    ("name", "In 2023 kreeg Hanna Blok bijna 100 aanmeldingen.", "nl", GRANT_NL, "nl"),
    ("name", "De inrichting deed Femke Smit.", "nl", TALE_NL, "nl"),
    ("polarity", "Reiskosten worden vergoed.", "nl", GRANT_NL, "nl"),
    ("polarity", "Travel costs are reimbursed.", "en", GRANT_EN, "en"),
    ("polarity", "Museum Kranenburgh opende in 2019 geen atelier.", "nl", TALE_NL, "nl"),
    ("condition", "Een werkplaats komt in aanmerking.", "nl", GRANT_NL, "nl"),
    ("condition", "Het museum mag scholen ontvangen, als de burgemeester anders bepaalt.", "nl", TALE_NL, "nl"),
    ("condition", "De directie mag elk jaar verslag doen.", "nl", TALE_NL, "nl"),
    # across the languages
    ("figure", "Applications are open until 15 March 2025.", "en", GRANT_NL, "nl"),
    ("figure", "Een werkplaats heeft ten minste zeven leden.", "nl", GRANT_EN, "en"),
    ("polarity", "Travel costs are reimbursed.", "en", GRANT_NL, "nl"),
    ("polarity", "Reiskosten worden vergoed.", "nl", GRANT_EN, "en"),
    ("name", "In 2023 kreeg Wim Dekkers bijna 100 aanmeldingen.", "nl", GRANT_EN, "en"),
]


@pytest.mark.parametrize(("sentence", "language", "text", "other"), HOLDS)
def test_a_paraphrase_holds(sentence: str, language: Language, text: str, other: Language) -> None:
    assert kinds(sentence, language, (text, other)) == set()


@pytest.mark.parametrize(("kind", "sentence", "language", "text", "other"), CHANGED)
def test_one_changed_fact_is_found(
    kind: FaultKind, sentence: str, language: Language, text: str, other: Language
) -> None:
    assert kind in kinds(sentence, language, (text, other))


def test_a_negation_in_another_sentence_neither_condemns_nor_excuses() -> None:
    passage = "De cursus is gratis. De lunch is niet inbegrepen. De zaal is open."
    assert kinds("De zaal is open.", "nl", (passage, "nl")) == set()
    assert "polarity" in kinds("De zaal is niet open.", "nl", (passage, "nl"))
    assert "polarity" in kinds("De lunch is inbegrepen.", "nl", (passage, "nl"))


def test_figures_of_two_parties_must_not_be_swapped() -> None:
    passage = ("Waalwijk kreeg 52 laptops en Dongen kreeg 71 laptops.", "nl")
    assert kinds("Dongen kreeg 71 laptops.", "nl", passage) == set()
    assert "figure" in kinds("Waalwijk kreeg 71 laptops en Dongen kreeg 52 laptops.", "nl", passage)


def test_what_two_passages_say_may_be_joined() -> None:
    first, second = ("Het lab telt 14 onderzoekers.", "nl"), ("Het lab begon op 3 mei 2021.", "nl")
    assert kinds("Het lab begon op 3 mei 2021 en telt 14 onderzoekers.", "nl", first, second) == set()
    assert "figure" in kinds("Het lab begon op 3 mei 2021 en telt 14 onderzoekers.", "nl", second)


def test_an_address_must_stand_in_the_passage() -> None:
    passage = ("Aanmelden kan via loket@voorbeeld.nl of https://www.voorbeeld.nl/aanmelden.", "nl")
    assert kinds("Meld u aan via loket@voorbeeld.nl.", "nl", passage) == set()
    assert kinds("Meld u aan via balie@voorbeeld.nl.", "nl", passage) == {"address"}


def test_a_plan_is_no_fact() -> None:
    passage = ("De provincie wil in 2027 een tweede werkplaats openen.", "nl")
    assert kinds("De provincie wil in 2027 een tweede werkplaats openen in de stad.", "nl", passage) == set()
    assert "condition" in kinds("De provincie opende in 2027 een tweede werkplaats.", "nl", passage)


ANSWERS_NL = (
    "De aanvraag van Ateliers Veenhof is afgewezen. Bloemers deed een tweede verzoek en kreeg 90.000 euro, samen met "
    "Hofstra. Lidmaatschap is verplicht voor nieuwe makers en vrijwillig voor de anderen. Lunch wordt betaald, "
    "parkeren niet. De bijeenkomst was eerst gepland voor 3 april 2024 en werd verzet naar 8 mei 2024."
)
ANSWERS_EN = (
    "The museum bought 14 small and 23 large easels. The board discussed a new wing but took no decision. Kranenburg "
    "handles the tickets; the posters come from Dekker. Sharing the recordings with others is forbidden. Visitor "
    "numbers rose from 310 in 2021 to 480 in 2023. Materials above 250 euros require a receipt."
)
OTHER_WORDS: list[tuple[str, Language, str, Language]] = [
    ("Ateliers Veenhof kreeg de subsidie niet.", "nl", ANSWERS_NL, "nl"),
    ("Voor nieuwe makers is lidmaatschap een plicht.", "nl", ANSWERS_NL, "nl"),
    ("Parkeren wordt niet betaald.", "nl", ANSWERS_NL, "nl"),
    ("De bijeenkomst werd verzet naar 8 mei 2024.", "nl", ANSWERS_NL, "nl"),
    ("The number of visitors went up from 310 to 480.", "en", ANSWERS_EN, "en"),
    ("The recordings may not be shared with others.", "en", ANSWERS_EN, "en"),
    ("The museum bought 23 large easels.", "en", ANSWERS_EN, "en"),
    ("De opnamen delen met anderen is verboden.", "nl", ANSWERS_EN, "en"),
]
TURNED: list[tuple[FaultKind, str, Language, str, Language]] = [
    ("polarity", "De aanvraag van Ateliers Veenhof is gehonoreerd.", "nl", ANSWERS_NL, "nl"),
    ("polarity", "Parkeren wordt betaald.", "nl", ANSWERS_NL, "nl"),
    ("figure", "De bijeenkomst werd verzet naar 3 april 2024.", "nl", ANSWERS_NL, "nl"),
    ("figure", "The museum bought 23 small and 14 large easels.", "en", ANSWERS_EN, "en"),
    ("figure", "Visitor numbers rose from 480 to 310.", "en", ANSWERS_EN, "en"),
    ("polarity", "The board decided to build a new wing.", "en", ANSWERS_EN, "en"),
    ("name", "Dekker handles the tickets.", "en", ANSWERS_EN, "en"),
    ("polarity", "Sharing the recordings with others is allowed.", "en", ANSWERS_EN, "en"),
    ("condition", "All materials require a receipt.", "en", ANSWERS_EN, "en"),
]


@pytest.mark.parametrize(("sentence", "language", "text", "other"), OTHER_WORDS)
def test_a_negation_may_be_said_in_another_word(sentence: str, language: Language, text: str, other: Language) -> None:
    assert kinds(sentence, language, (text, other)) == set()


@pytest.mark.parametrize(("kind", "sentence", "language", "text", "other"), TURNED)
def test_what_denies_divides_or_limits_is_held_to(
    kind: FaultKind, sentence: str, language: Language, text: str, other: Language
) -> None:
    assert kind in kinds(sentence, language, (text, other))


def test_a_total_is_not_the_amount_of_each() -> None:
    passage = ("Each studio gets 6,000 euros, 18,000 euros in total.", "en")
    assert kinds("Each studio gets 6,000 euros.", "en", passage) == set()
    assert "figure" in kinds("Each studio gets 18,000 euros.", "en", passage)
    assert "figure" in kinds("The studios get 6,000 euros in total.", "en", passage)


def test_what_is_said_of_one_party_is_not_said_of_another() -> None:
    passage = ("Stichting Zeewind betaalt de docenten, de deelnemende winkels betalen het materiaal.", "nl")
    assert kinds("De deelnemende winkels betalen het materiaal.", "nl", passage) == set()
    assert "name" in kinds("De deelnemende winkels betalen de docenten.", "nl", passage)


def test_a_preposition_is_no_limit_of_a_figure() -> None:
    passage = ("Het verslag gaat over drie ateliers en verwijst naar twee boeken.", "nl")
    assert kinds("The report is about three studios and refers to two books.", "en", passage) == set()


def test_without_passages_no_figure_holds() -> None:
    assert check("De subsidie is 5.000 euro.", "nl", []) != ()


def test_the_words_of_a_fault_are_those_of_the_sentence_or_what_it_leaves_out() -> None:
    (fault,) = check("Het atelier kostte 2 miljoen euro.", "nl", [Passage(TALE_NL, "nl")])
    assert fault.words == "2 miljoen euro"
    (fault,) = check("Reiskosten worden vergoed.", "nl", [Passage("Reiskosten worden niet vergoed.", "nl")])
    assert fault.words == "niet"


def test_every_sentence_of_the_corpus_holds_in_its_own_paragraph() -> None:
    failing = []
    for path in sorted(CORPUS.rglob("*.md")):
        language: Language = "nl" if ".nl." in path.name else "en"
        body = re.sub(r"\[\^[^\]]+\]", "", path.read_text(encoding="utf-8").split("\n---\n", 1)[-1])
        for paragraph in filter(None, body.split("\n")):
            for start, end in split_sentences(paragraph):
                if check(paragraph[start:end], language, [Passage(paragraph, language)]):
                    failing.append(paragraph[start:end])
    assert failing == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_checked(sentence: str, passage: str) -> None:
    check(sentence, "nl", [Passage(passage, "en")])
    assert check(passage, "en", [Passage(passage, "en")]) == ()
