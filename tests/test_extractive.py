import json

import pytest
from builders import chunk, hit

from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.answerers.features import FEATURES
from assistant.answerers.weights import PATH
from assistant.polarity import says_what_lacks
from assistant.question import Asked, asks_how, compared_in, definitions_asked, parts_of, what_is_asked
from assistant.settings import AnswererSettings
from assistant.types import Hit, SearchQuery


def choose(question: str, *hits: Hit, max_sentences: int = 4) -> list[str]:
    chunks = {one.row: one.chunk for one in hits}
    answerer = ExtractiveAnswerer(
        AnswererSettings(max_sentences=max_sentences), lambda term, language: 1.0, chunks.get, spread=0.03
    )
    return [quote.text for quote in answerer.choose(SearchQuery(question, question, "nl"), hits)]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Hoeveel geld was er voor de pilot?", Asked.AMOUNT),
        ("How much did the pilot cost?", Asked.AMOUNT),
        ("Hoeveel hogescholen deden mee?", Asked.COUNT),
        ("When did the network start?", Asked.DATE),
        ("Tot hoe laat kon je indienen?", Asked.DATE),
        ("Until what time could one apply?", Asked.DATE),
        ("Wie is voorzitter van PRIO?", Asked.PERSON),
        ("Wie doen er mee?", Asked.LIST),
        ("Who takes part in a learning community?", Asked.LIST),
        ("Hoe begin ik een learning community?", Asked.LIST),
        ("How do I start one?", Asked.LIST),
        ("What is the e-mail address of Dialogic?", Asked.ADDRESS),
        ("Welke communities zijn er?", Asked.LIST),
        ("Wat is een lectoraat?", Asked.MEANING),
        ("Vertel iets over AiNed", Asked.OTHER),
    ],
)
def test_a_question_is_classified_by_what_would_answer_it(question: str, asked: Asked) -> None:
    assert what_is_asked(question) is asked


def test_the_answer_is_verbatim_and_the_best_sentence_comes_first() -> None:
    passage = chunk("De pilot was van 2021 tot 2023.", "De pilot kostte 850.000 euro.")
    assert choose("Hoeveel kostte de pilot?", hit(passage, 0.86, 0.87))[0] == "De pilot kostte 850.000 euro."


def test_a_sentence_with_an_amount_answers_a_question_for_an_amount() -> None:
    passage = chunk("Het ministerie betaalde de pilot.", "Voor de pilot was 850.000 euro beschikbaar.")
    assert choose("Hoeveel geld was er voor de pilot?", hit(passage, 0.865, 0.86))[0].startswith("Voor de pilot was")


def test_no_more_sentences_than_the_setting_allows() -> None:
    passages = [hit(chunk(f"Zin over onderwerp{n} pilot.", document=f"{n}.md"), 0.87) for n in range(6)]
    assert len(choose("pilot", *passages, max_sentences=2)) == 2


def test_the_same_sentence_in_two_documents_is_said_once() -> None:
    one = chunk("De pilot kostte 850.000 euro.", document="a.md")
    other = chunk("De pilot kostte 850.000 euro!", document="b.md")
    assert len(choose("Wat kostte de pilot?", hit(one, 0.9), hit(other, 0.9))) == 1


def test_a_sentence_with_another_amount_is_no_repetition() -> None:
    passage = chunk(
        "Het maximum per voorstel was 750.000 euro in de ronde van 2023.",
        "Het minimum per voorstel was 600.000 euro in de ronde van 2023.",
    )
    assert len(choose("Hoeveel kon je per voorstel krijgen in de ronde van 2023?", hit(passage, 0.88, 0.88))) == 2


def test_a_list_comes_whole_and_in_order_behind_the_sentence_that_opens_it() -> None:
    passage = chunk(
        "Deze drie partijen doen mee:", ("Hogescholen", "item"), ("Bedrijven", "item"), ("Overheden", "item"), "Slot."
    )
    answer = choose("Welke partijen doen mee?", hit(passage, 0.88, 0.8, 0.81, 0.8, 0.7))
    assert answer == ["Deze drie partijen doen mee:", "Hogescholen", "Bedrijven", "Overheden"]


def test_an_item_brings_its_list_when_a_list_is_asked_for() -> None:
    passage = chunk("Deze partijen doen mee:", ("Hogescholen", "item"), ("Bedrijven", "item"))
    answer = choose("Welke partijen doen mee?", hit(passage, 0.80, 0.90, 0.8))
    assert answer == ["Deze partijen doen mee:", "Hogescholen", "Bedrijven"]


def test_a_follow_up_is_answered_for_what_it_asks_itself_not_for_what_was_asked_before() -> None:
    passage = chunk("De pilot kostte 850.000 euro.", "Het ministerie betaalde het grootste deel.")
    answerer = ExtractiveAnswerer(AnswererSettings(), lambda term, language: 1.0, lambda row: passage, spread=0.03)
    query = SearchQuery("Wie betaalde dat?", "Wie betaalde dat? Hoeveel kostte de pilot?", "nl", follow_up=True)
    assert answerer.choose(query, [hit(passage, 0.86, 0.86)])[0].text.startswith("Het ministerie betaalde")


def test_without_passages_there_is_no_answer() -> None:
    assert choose("Wat kostte de pilot?") == []


@pytest.mark.parametrize(
    ("sentence", "lacks"),
    [
        ("Hoeveel Windesheim kreeg, staat niet in het bericht.", True),
        ("The news item does not say which part SIA paid.", True),
        ("Het nieuwsbericht laat vier dingen open:", True),
        ("The news item leaves four things open:", True),
        ("De pilot kostte 850.000 euro.", False),
        ("Het doel is niet gehaald.", False),
        ("Windesheim is not one of the six.", False),
    ],
)
def test_a_sentence_that_only_says_what_lacks_is_told_from_one_that_denies(sentence: str, lacks: bool) -> None:
    assert says_what_lacks(sentence) is lacks


def test_what_lacks_stands_behind_what_is_known() -> None:
    passage = chunk("Hoeveel Windesheim kreeg, staat niet in het bericht.", "De pilot kostte 850.000 euro.")
    assert choose("Hoeveel geld was er voor de pilot?", hit(passage, 0.88, 0.87))[0] == "De pilot kostte 850.000 euro."


def test_each_part_of_a_question_gets_its_sentence() -> None:
    money = chunk("Het ministerie betaalde de pilot.", "De pilot was een groot succes voor iedereen.", document="a.md")
    lead = chunk("Windesheim voerde de pilot uit.", document="b.md", headings=("Uitvoering",))
    answer = choose("Wie betaalde de pilot en wie voerde hem uit?", hit(money, 0.88, 0.85), hit(lead, 0.84, row=5))
    assert {"Het ministerie betaalde de pilot.", "Windesheim voerde de pilot uit."} <= set(answer)


def test_a_comparison_speaks_of_both_things() -> None:
    one = chunk("Een fieldlab test techniek.", document="a.md", headings=("Fieldlab",))
    again = chunk("Een fieldlab staat vaak bij een bedrijf.", document="c.md", headings=("Fieldlab",))
    other = chunk("Een skillslab traint mensen.", document="b.md", headings=("Skillslab",))
    hits = (hit(one, 0.9, row=0), hit(again, 0.89, row=4), hit(other, 0.78, score=1.0, row=8))
    answer = choose("Wat is het verschil tussen een fieldlab en een skillslab?", *hits)
    assert "Een skillslab traint mensen." in answer[:2]


def test_the_row_that_answers_is_quoted_and_not_the_whole_table() -> None:
    rows = [(f"Regeling: Ronde {n} | Totaal: {n} miljoen euro", "table") for n in range(1, 12)]
    passage = chunk("De tabel noemt alle regelingen:", *rows)
    answer = choose("Hoeveel geld was er in ronde 7?", hit(passage, 0.9, *([0.86] * 11)))
    assert answer[0].startswith("Regeling: Ronde 7") and len(answer) <= 4
    assert "De tabel noemt alle regelingen:" not in answer


def test_a_sentence_that_announces_nothing_is_no_answer() -> None:
    passage = chunk("De partijen in de pilot zijn:", "De pilot had zes partijen.")
    assert choose("Hoeveel partijen had de pilot?", hit(passage, 0.9, 0.86)) == ["De pilot had zes partijen."]


def test_the_date_of_a_source_is_not_the_date_that_is_asked_for() -> None:
    passage = chunk(
        "De pilot leverde lesmateriaal op, meldde de NL AIC op 20 december 2023.", "De pilot begon in maart 2021."
    )
    answer = choose("Wanneer begon de pilot met lesmateriaal?", hit(passage, 0.87, 0.87))
    assert answer[0] == "De pilot begon in maart 2021."


def test_a_figure_that_the_question_states_does_not_answer_it() -> None:
    passage = chunk("De pilot van 850.000 euro liep goed.", "Avans kreeg 150.000 euro van de pilot.")
    answer = choose("Hoeveel kreeg Avans van de 850.000 euro voor de pilot?", hit(passage, 0.87, 0.87))
    assert answer[0] == "Avans kreeg 150.000 euro van de pilot."


def test_the_sentence_about_the_one_who_is_asked_about_comes_before_one_about_another() -> None:
    saxion = chunk("Saxion kreeg 90.000 euro.", document="a.md", headings=("Saxion",))
    avans = chunk("Avans kreeg 150.000 euro.", document="b.md", headings=("Avans",))
    answer = choose("Hoeveel geld kreeg Avans?", hit(saxion, 0.87, row=0), hit(avans, 0.86, row=4))
    assert answer[0] == "Avans kreeg 150.000 euro."


def test_what_was_asked_comes_alone_where_nothing_else_is_near() -> None:
    passage = chunk("De pilot kostte 850.000 euro.", "In de kantine hangt een schilderij.", "Buiten staan bomen.")
    assert choose("Wat kostte de pilot?", hit(passage, 0.9, 0.75, 0.75)) == ["De pilot kostte 850.000 euro."]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Wie betaalde de pilot?", ("Wie betaalde de pilot?",)),
        ("Wie betaalde het en hoeveel was het?", ("Wie betaalde het", "hoeveel was het?")),
        ("We start in May. Who can join? And what does it cost?", ("Who can join?", "And what does it cost?")),
        ("Which cities and companies take part?", ("Which cities and companies take part?",)),
        ("Until when, and with whom, does it run?", ("Until when", "with whom, does it run?")),
    ],
)
def test_a_question_is_split_where_another_one_begins(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Wat is het verschil tussen een fieldlab en een skillslab?", ("een fieldlab", "een skillslab")),
        ("How do Avans and Fontys differ?", ("Avans", "Fontys")),
        ("Compare the round of 2021 with that of 2023.", ("the round of 2021", "that of 2023")),
        ("Wie werkten samen, Avans en Fontys?", ()),
    ],
)
def test_the_two_things_compared_are_read_off(question: str, things: tuple[str, ...]) -> None:
    assert compared_in(question) == things


def test_there_is_one_weight_for_each_feature() -> None:
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    assert set(stored["weights"]) == set(FEATURES) and stored["made_by"]


def test_how_to_do_something_is_answered_by_the_steps_whole_and_in_order() -> None:
    talk = chunk("Wie een moestuin begint, mag zelf het initiatief nemen.", document="a.md", headings=("Moestuin",))
    steps = chunk(
        "Een moestuin begin je in drie stappen:",
        ("1. Kies een plek.", "item"),
        ("2. Spit de grond om.", "item"),
        ("3. Zaai in april.", "item"),
        document="b.md",
        headings=("In welke stappen begin ik?",),
    )
    answer = choose("Hoe begin ik een moestuin?", hit(talk, 0.90, row=0), hit(steps, 0.86, 0.85, 0.85, 0.85, row=4))
    assert answer[:4] == [
        "Een moestuin begin je in drie stappen:",
        "1. Kies een plek.",
        "2. Spit de grond om.",
        "3. Zaai in april.",
    ]


def test_the_sentence_that_states_an_amount_comes_before_one_that_reckons_with_it() -> None:
    passage = chunk(
        "Vier keer het bedrag van Zuyd zou 400.000 euro zijn, en dat is meer dan het totaal.",
        "Zuyd kreeg 100.000 euro voor het lab, meldde Zuyd in mei 2020.",
    )
    assert choose("Hoeveel kreeg Zuyd?", hit(passage, 0.88, 0.87)) == [
        "Zuyd kreeg 100.000 euro voor het lab, meldde Zuyd in mei 2020."
    ]


def test_who_is_answered_by_the_list_of_all_and_not_by_one_of_them() -> None:
    one = chunk("Stichting Maas betaalde een deel van het feest.", document="a.md", headings=("Feest",))
    both = chunk(
        "Twee fondsen betaalden samen het feest:",
        ("Stichting Maas betaalde de zaal.", "item"),
        ("Stichting Waal betaalde de muziek.", "item"),
        document="b.md",
        headings=("Wie betaalde het feest?",),
    )
    answer = choose("Wie betaalde het feest?", hit(one, 0.88, row=0), hit(both, 0.87, 0.86, 0.86, row=4))
    assert answer[:3] == [
        "Twee fondsen betaalden samen het feest:",
        "Stichting Maas betaalde de zaal.",
        "Stichting Waal betaalde de muziek.",
    ]


def test_a_second_definition_from_another_document_is_left_out() -> None:
    one = chunk("Orion is een platform van onderzoekers.", document="a.md", headings=("Wat is Orion?",))
    other = chunk("Orion is het overkoepelende netwerk voor onderzoek.", document="b.md", headings=("Orion",))
    assert len(choose("Wat doet Orion?", hit(one, 0.9, row=0), hit(other, 0.89, row=4))) == 1


def test_a_further_sentence_with_the_same_amount_is_left_out() -> None:
    one = chunk("De proef kostte 850.000 euro.", document="a.md", headings=("De proef",))
    other = chunk("Voor de hele proef was 850.000 euro toegekend.", document="b.md", headings=("De proef",))
    assert len(choose("Hoeveel kostte de proef?", hit(one, 0.9, row=0), hit(other, 0.89, row=4))) == 1


def test_a_comparison_without_an_aspect_says_what_each_thing_is() -> None:
    money = chunk("Orion noemt 5 miljoen euro en Vega noemt 2 miljoen euro.", document="a.md", headings=("Geld",))
    one = chunk("Orion is een platform van onderzoekers.", document="b.md", headings=("Wat is Orion?",))
    other = chunk("Vega is een vereniging van bedrijven.", document="c.md", headings=("Wat is Vega?",))
    hits = (hit(money, 0.9, row=0), hit(one, 0.86, row=4), hit(other, 0.85, row=8))
    assert choose("Wat is het verschil tussen Orion en Vega?", *hits) == [
        "Orion is een platform van onderzoekers.",
        "Vega is een vereniging van bedrijven.",
    ]


@pytest.mark.parametrize(
    ("question", "how"),
    [
        ("Hoe begin ik een moestuin?", True),
        ("How do I get started?", True),
        ("How can we evaluate it?", True),
        ("Welke stappen zet ik?", True),
        ("Wat moet ik eerst doen?", True),
        ("Hoeveel kreeg Avans?", False),
        ("Hoe weet ik of een call gesloten is?", False),
        ("How many are there?", False),
        ("Wat is een stap?", False),
    ],
)
def test_a_question_for_a_procedure_is_told_from_others(question: str, how: bool) -> None:
    assert asks_how(question) is how


@pytest.mark.parametrize(
    ("question", "definitions"),
    [
        ("Wat is het verschil tussen Orion en Vega?", ("Wat is Orion?", "Wat is Vega?")),
        ("Wat is het verschil in budget tussen Orion en Vega?", ()),
        ("Wat is Orion?", ()),
    ],
)
def test_a_comparison_asks_for_definitions_unless_it_names_an_aspect(
    question: str, definitions: tuple[str, ...]
) -> None:
    assert definitions_asked(question, "nl") == definitions
