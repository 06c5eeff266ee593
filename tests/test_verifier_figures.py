"""Figures in other words, and figures that were exchanged: what the verifier lets pass, and what it stops."""

import pytest

from assistant.types import Language
from assistant.verifier import Passage, check

GRANTS = Passage(
    "De regeling had een budget van 4.212.900 euro. Van de 30 aanvragen werden er 12 toegekend en 18 afgewezen. "
    "De subsidies liepen uiteen van 80.000 tot 210.000 euro. Een kwart van de aanvragers kwam uit Drenthe.",
    "nl",
)
PILOT = Passage(
    "Phase 1 of the pilot lasted two years and three months and cost €90,000; phase 2 cost €140,000. "
    "The number of members rose from 20 in 2018 to 65 in 2022. Kampen supplied 14 trainers and Hoorn nine. "
    "The final session is on Thursday 8 May 2025 at noon.",
    "en",
)


def stops(sentence: str, language: Language, passage: Passage) -> bool:
    """Tell whether a sentence is stopped for a figure."""
    return any(fault.kind == "figure" for fault in check(sentence, language, [passage]))


@pytest.mark.parametrize(
    ("sentence", "language", "passage"),
    [
        ("The scheme's budget was more than 4.2 million euros.", "en", GRANTS),
        ("De grootste subsidie was 210.000 euro.", "nl", GRANTS),
        ("Twelve of the thirty applications were granted.", "en", GRANTS),
        ("Eén op de vier aanvragers kwam uit Drenthe.", "nl", GRANTS),
        ("25 percent of the applicants came from Drenthe.", "en", GRANTS),
        ("The first phase lasted 27 months.", "en", PILOT),
        ("Fase 2 kostte 140.000 euro en fase 1 90.000 euro.", "nl", PILOT),
        ("In 2022 waren er 65 leden, tegen 20 in 2018.", "nl", PILOT),
        ("Hoorn supplied 9 trainers and Kampen 14.", "en", PILOT),
        ("De slotbijeenkomst is op 8 mei 2025 om 12.00 uur.", "nl", PILOT),
    ],
)
def test_a_figure_may_be_written_another_way(sentence: str, language: Language, passage: Passage) -> None:
    assert not stops(sentence, language, passage)


@pytest.mark.parametrize(
    ("sentence", "language", "passage"),
    [
        ("The scheme's budget was more than 4.9 million euros.", "en", GRANTS),
        ("The scheme's budget was 4.2 million euros.", "en", GRANTS),
        ("Van de aanvragen werden er 18 toegekend.", "nl", GRANTS),
        ("Twelve applications were rejected.", "en", GRANTS),
        ("Eén op de drie aanvragers kwam uit Drenthe.", "nl", GRANTS),
        ("De kleinste subsidie was 210.000 euro.", "nl", GRANTS),
        ("Fase 2 kostte 90.000 euro.", "nl", PILOT),
        ("In 2018 waren er 65 leden.", "nl", PILOT),
        ("Hoorn supplied 14 trainers and Kampen nine.", "en", PILOT),
        ("De slotbijeenkomst is op vrijdag 8 mei 2025.", "nl", PILOT),
    ],
)
def test_a_figure_of_something_else_is_stopped(sentence: str, language: Language, passage: Passage) -> None:
    assert stops(sentence, language, passage)


def test_a_small_number_may_count_the_names_that_a_passage_lists() -> None:
    passage = Passage("Het convenant is getekend door Assen, Emmen, Meppel en Hoogeveen.", "nl")

    assert not stops("Vier gemeenten tekenden het convenant: Assen, Emmen, Meppel en Hoogeveen.", "nl", passage)
    assert stops("Vijf gemeenten tekenden het convenant.", "nl", passage)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Een rapport verschijnt voor de goedkeuring.", "nl"),
        ("Even if they have no mentor, trainees get a place.", "en"),
        ("The club is not only for members.", "en"),
    ],
)
def test_a_turned_condition_is_stopped_across_languages(sentence: str, language: Language) -> None:
    passage = Passage(
        "Het rapport verschijnt na de goedkeuring. Leden betalen geen contributie. Stagiairs krijgen alleen een plaats "
        "als zij een mentor hebben. De club is alleen toegankelijk voor leden.",
        "nl",
    )

    assert check(sentence, language, [passage])
