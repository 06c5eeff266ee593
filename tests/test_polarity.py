import pytest

from assistant.polarity import markers_in, says_what_lacks


def shown(text: str) -> list[str]:
    return [f"{one.kind} {text[one.start : one.end]}" for one in markers_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De zaal is niet open.", ["negation niet"]),
        ("Niemand betaalt, tenzij de raad anders besluit.", ["negation Niemand", "unless tenzij"]),
        ("Alleen scholen doen mee.", ["only Alleen"]),
        ("Het kan alleen als de raad instemt.", ["may kan", "provided alleen als"]),
        ("Wie meedoet, moet betalen.", ["must moet"]),
        ("De prijs is onbekend.", ["denial onbekend"]),
        ("De gemeente is van plan te bouwen.", ["plan van plan"]),
        ("It doesn't open unless it rains.", ["negation doesn't", "unless unless"]),
        ("Costs are paid provided that the board agrees.", ["provided provided that"]),
        ("It is no longer on offer.", ["negation no longer"]),
        ("They must report.", ["must must"]),
        ("The price is missing.", ["denial missing"]),
    ],
)
def test_markers_are_found_in_both_languages(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", ["Niet meer dan 5 euro.", "No more than 5 euros.", "Not later than 5 May."])
def test_a_negation_that_limits_a_figure_turns_nothing(text: str) -> None:
    assert not any(one.kind == "negation" for one in markers_in(text))


def test_a_word_that_only_begins_like_a_marker_is_none() -> None:
    assert shown("Ongeveer nietjes, notities en alleenstaanden.") == []


def test_a_sentence_may_only_say_what_a_source_lacks() -> None:
    assert says_what_lacks("De prijs staat niet in de folder.")
    assert not says_what_lacks("De prijs is 5 euro.")
