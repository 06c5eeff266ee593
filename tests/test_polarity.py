import pytest

from assistant.polarity import lacking_parts, markers_in, says_what_lacks


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


@pytest.mark.parametrize(
    "text",
    [
        "De looptijd is in deze verzameling niet opgenomen.",
        "The duration is not recorded in this collection.",
        "Geen gelezen bron noemt een bedrag.",
        "No source that was read names an amount.",
        "Hoe partners kiezen, legt de folder niet uit.",
        "The item gives no end date.",
        "Of the page only the beginning was read; the costs are therefore not known.",
        "Whether the scheme is open cannot be said from the texts read.",
    ],
)
def test_a_gap_is_told_in_many_ways(text: str) -> None:
    assert says_what_lacks(text)


@pytest.mark.parametrize(
    "text",
    [
        "De gids ordent wat de bronnen noemen en is geen stappenplan.",
        "Het bureau geeft het adres alleen voor offertes, niet voor subsidie.",
        "Het netwerk noemde zes scholen; welke school welk thema heeft, staat niet in het bericht.",
        "Name: a call | Total: 850,000 euros | Deadline: not in this collection",
        "The project started in five regions, but the leaflet does not list them.",
    ],
)
def test_a_sentence_that_says_something_first_does_not_only_say_what_lacks(text: str) -> None:
    assert not says_what_lacks(text)


def test_the_part_that_says_what_lacks_is_found_with_the_name_of_its_row() -> None:
    assert lacking_parts("Het netwerk noemde zes scholen; het jaar staat niet in het bericht.") == [
        "het jaar staat niet in het bericht."
    ]
    assert lacking_parts("Name: a call | Total: 5 euros | Deadline: not in this collection") == [
        "Name: a call Deadline: not in this collection"
    ]


def test_a_sentence_may_only_say_what_a_source_lacks() -> None:
    assert says_what_lacks("De prijs staat niet in de folder.")
    assert not says_what_lacks("De prijs is 5 euro.")
