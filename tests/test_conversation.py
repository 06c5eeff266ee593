import pytest

from assistant.conversation import to_search_query
from assistant.types import Turn

PILOT_NL = [Turn("user", "Hoeveel kostte de pilot?"), Turn("assistant", "De pilot kostte 850.000 euro. [1]")]
PRIO_EN = [
    Turn("user", "Who chairs PRIO?"),
    Turn("assistant", "Erik Fledderus chairs the lectorenplatform PRIO. [1]"),
]


def test_a_first_question_is_searched_as_it_is() -> None:
    query = to_search_query("Wat is een learning community?")
    assert (query.text, query.language, query.follow_up) == ("Wat is een learning community?", "nl", False)


@pytest.mark.parametrize(
    "question", ["En wie betaalde dat?", "waar vind ik dat?", "wie betaalde het?", "en wanneer?", "waarom?"]
)
def test_a_dutch_follow_up_takes_over_the_subject(question: str) -> None:
    query = to_search_query(question, PILOT_NL)
    assert query.follow_up and "pilot" in query.text and query.question == question


@pytest.mark.parametrize("question", ["And who paid for it?", "how much of that?", "where can I find that?", "why?"])
def test_an_english_follow_up_takes_over_the_subject(question: str) -> None:
    history = [Turn("user", "How much did the pilot cost?"), Turn("assistant", "The pilot cost 850,000 euros. [1]")]
    query = to_search_query(question, history)
    assert query.follow_up and "pilot" in query.text and query.language == "en"


def test_another_name_takes_the_place_of_the_name_before() -> None:
    history = [Turn("user", "Welk thema heeft de community van Avans?"), Turn("assistant", "Avans werkt aan … [1]")]
    query = to_search_query("en die van Fontys?", history)
    assert "Fontys" in query.text and "thema" in query.text and "Avans" not in query.text


def test_a_pronoun_for_a_person_takes_the_name_from_the_reply() -> None:
    assert "Erik Fledderus" in to_search_query("Where does he work?", PRIO_EN).text


def test_a_new_subject_is_left_alone() -> None:
    query = to_search_query("Wanneer startte het Netwerk Learning Communities?", PILOT_NL)
    assert not query.follow_up and "pilot" not in query.text


@pytest.mark.parametrize("question", ["Wat is een lectoraat?", "Wie is Doekle Terpstra?", "What does KEM mean?"])
def test_a_short_question_for_a_meaning_is_left_alone(question: str) -> None:
    assert to_search_query(question, PILOT_NL).text == question


def test_a_follow_up_that_goes_back_reaches_over_the_question_in_between() -> None:
    history = [*PILOT_NL, Turn("user", "Wat is een ELSA Lab?"), Turn("assistant", "Een ELSA Lab is … [1]")]
    assert "pilot" in to_search_query("Terug naar de eerste: wie betaalde dat?", history).text
    assert "pilot" not in to_search_query("en waar vind ik die?", history).text


def test_a_refused_question_does_not_colour_the_next() -> None:
    history = [*PILOT_NL, Turn("user", "En het weer morgen?"), Turn("assistant", "Dat staat niet …", refused=True)]
    query = to_search_query("en wie betaalde dat?", history)
    assert "weer" not in query.text and "pilot" in query.text


def test_a_change_of_language_keeps_the_subject_and_answers_in_the_new_language() -> None:
    query = to_search_query("and who paid for that?", PILOT_NL)
    assert query.language == "en" and "pilot" in query.text


def test_follow_ups_build_on_each_other() -> None:
    history = [*PILOT_NL, Turn("user", "en wie betaalde dat?"), Turn("assistant", "Het ministerie van EZK. [1]")]
    assert "pilot" in to_search_query("en wanneer?", history).text


def test_a_correction_is_searched_without_its_opening() -> None:
    query = to_search_query("nee, ik bedoel het Netwerk Learning Communities", PILOT_NL)
    assert query.follow_up and "bedoel" not in query.text and "Netwerk" in query.text
