import json
from pathlib import Path

import pytest

from assistant.language import detect_language, document_language

DUTCH = [
    "en die van Fontys?",
    "wat kost de pilot",
    "Welke zes communities?",
    "Learning Communities definitie",
    "Wie is Myrna van de Water?",
    "WAT IS HET BUDGET?",
    "subsidie",
    "tools voor starters",
    "hoezo?",
    "Is AI gevaarlijk?",
    "De Haagse Hogeschool doet mee?",
    "AI-hubs regio's",
]
ENGLISH = [
    "Who is Erik Fledderus?",
    "Who is Myrna van de Water?",
    "who is myrna van de water",
    "and Saxion?",
    "and De Haagse Hogeschool?",
    "learning communities definition",
    "definition of a learning community",
    "WHAT IS THE BUDGET?",
    "funding",
    "tools for starters",
    "why?",
    "Is AI dangerous?",
]


@pytest.mark.parametrize("question", DUTCH)
def test_a_short_dutch_question_is_dutch_whatever_the_default(question: str) -> None:
    assert detect_language(question, default="en") == "nl"


@pytest.mark.parametrize("question", ENGLISH)
def test_a_short_english_question_is_english_whatever_the_default(question: str) -> None:
    assert detect_language(question, default="nl") == "en"


@pytest.mark.parametrize(
    "term", ["PRIO?", "Saxion", "NL AIC", "in 2023?", "pilot budget?", "Learning Communities", "", "?!"]
)
@pytest.mark.parametrize("default", ["nl", "en"])
def test_a_term_that_both_languages_have_takes_the_default(term: str, default: str) -> None:
    assert detect_language(term, default=default) == default  # type: ignore[arg-type]


def test_at_most_one_in_a_hundred_of_other_peoples_questions_is_taken_wrongly(shared: Path) -> None:
    path = shared / "data/tldr_nl_en/questions.jsonl"
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = [case["question"] for case in cases if detect_language(case["question"]) != case["lang"]]
    assert len(wrong) <= 0.01 * len(cases), wrong


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("De zes hogescholen onderzochten welke ondersteuning nodig is om de communities te laten slagen.", "nl"),
        ("The six universities studied which support is needed to make the communities succeed.", "en"),
        ("Le conseil a décidé de renforcer la politique de la ville, en raison de la situation sociale.", "und"),
        ("Die Bundesregierung hat in der vergangenen Woche beschlossen, dass die Mittel erhöht werden.", "und"),
        ("Det er en god dag i dag, men de andre børn har ikke været i skole, fordi de er syge.", "und"),
        ("El programa tiene como objetivo la formación de los profesionales de la salud.", "und"),
        ("1 2 3 4", "und"),
        ("", "und"),
    ],
)
def test_a_document_is_dutch_english_or_undetermined(text: str, language: str) -> None:
    assert document_language(text) == language


def test_all_originals_have_the_language_that_their_register_gives(shared: Path) -> None:
    expected = {"000": "nl", "001": "nl", "002": "en", "003": "nl", "004": "nl"}
    for path in sorted((shared / "originals").glob("*.txt")):
        assert document_language(path.read_text(encoding="utf-8")) == expected[path.name[:3]], path.name
