import pytest

from assistant.question import Asked, holds, what_is_asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Waarom kreeg het fonds maar de helft?", Asked.REASON),
        ("How come nobody signed up?", Asked.REASON),
        ("Om welke reden verviel de regeling?", Asked.REASON),
        ("Welk percentage van de scholen deed mee?", Asked.PERCENTAGE),
        ("What share of the budget was spent?", Asked.PERCENTAGE),
        ("In welke stad zit het instituut?", Asked.PLACE),
        ("Where was the meeting held?", Asked.PLACE),
        ("Waar ging het overleg over?", Asked.OTHER),
        ("Waar vind ik de website van het netwerk?", Asked.ADDRESS),
        ("Mag een bedrijf ook meedoen?", Asked.YES_NO),
        ("Is there a fee?", Asked.YES_NO),
        ("Is het bedrag bekend?", Asked.AMOUNT),
        ("Hoeveel scholen deden mee?", Asked.COUNT),
        ("Wie is Anna de Boer?", Asked.MEANING),
        ("Who are Anna de Boer and Jan Smit?", Asked.MEANING),
        ("Wie is de voorzitter van de NL AIC?", Asked.PERSON),
        ("Who is Anna's successor?", Asked.PERSON),
        ("Wat is de startdatum van het project?", Asked.DATE),
        ("What was the first day of the project?", Asked.DATE),
        ("How much time does it take?", Asked.COUNT),
        ("Hoe lang duurt het project?", Asked.COUNT),
        ("Wat is het salaris van een lector?", Asked.AMOUNT),
        ("Wat is het telefoonnummer van het bureau?", Asked.ADDRESS),
    ],
)
def test_a_question_is_classified_by_what_would_answer_it(question: str, asked: Asked) -> None:
    assert what_is_asked(question) is asked


@pytest.mark.parametrize(
    ("asked", "text", "held"),
    [
        (Asked.REASON, "De regeling verviel omdat het geld op was.", True),
        (Asked.REASON, "De regeling verviel in mei.", False),
        (Asked.REASON, "It was closed due to a lack of money.", True),
        (Asked.PERCENTAGE, "Twee derde van de scholen deed mee.", True),
        (Asked.PERCENTAGE, "Er deden 12 scholen mee.", False),
        (Asked.PLACE, "De bijeenkomst was in Zwolle.", True),
        (Asked.PLACE, "De bijeenkomst was druk.", False),
        (Asked.YES_NO, "Ja, dat mag.", False),
        (Asked.AMOUNT, "De cursus is gratis.", True),
        (Asked.AMOUNT, "Participants pay, as far as is known, nothing for it.", True),
        (Asked.AMOUNT, "Everyone is free to join.", False),
        (Asked.ADDRESS, "Bel 038 469 99 11.", True),
    ],
)
def test_a_text_holds_a_thing_of_a_kind_that_has_a_form(asked: Asked, text: str, held: bool) -> None:
    assert holds(asked, text) is held
