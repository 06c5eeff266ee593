import pytest
from builders import chunk, hit

from assistant.answerers.extractive import ExtractiveAnswerer
from assistant.polarity import says_what_lacks
from assistant.question import Asked, what_is_asked
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
