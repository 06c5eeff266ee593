from dataclasses import replace

import pytest
from builders import chunk, hit

from assistant.premises import examine
from assistant.question.premises import claim_of
from assistant.types import Hit, Language, Quote, SearchQuery, Source

SOURCES = {"s1": Source("s1", "Terugblik", "Stichting Haven", "2024-03-05", "nl", "A")}


def passage(*sentences: str, language: Language = "nl") -> Hit:
    made = replace(chunk(*sentences, document=f"haven.{language}.md", language=language), title="De haven", headings=())
    return hit(made, *(0.9 - 0.01 * n for n in range(len(sentences))))


def verdict(question: str, *sentences: str, language: Language = "nl") -> tuple[str | None, str]:
    """Return the verdict, and the first sentence that goes with it."""
    found = passage(*sentences, language=language)
    quotes = [Quote(found.chunk, found.chunk.sentences[0], found.score)]
    premise = examine(SearchQuery(question, question, language), [found], quotes, SOURCES)
    return (premise.verdict, premise.quotes[0].text) if premise else (None, "")


HARBOUR = "De renovatie van de haven kostte 4,2 miljoen euro, meldde Stichting Haven op 5 maart 2024."
HARBOUR_EN = "The renovation of the harbour cost 4.2 million euros, Stichting Haven reported on 5 March 2024."


@pytest.mark.parametrize(
    ("question", "language", "sentence"),
    [
        ("Klopt het dat de renovatie van de haven 9 miljoen euro kostte?", "nl", HARBOUR),
        ("Mijn buurman beweert dat de renovatie van de haven 9 miljoen kostte. Klopt dat?", "nl", HARBOUR),
        ("Did the renovation of the harbour cost 9 million euros?", "en", HARBOUR_EN),
        ("The renovation of the harbour cost 9 million euros, didn't it?", "en", HARBOUR_EN),
        ("Waaraan is de 9 miljoen euro van de renovatie van de haven besteed?", "nl", HARBOUR),
        ("De veerdienst begon toch in 2011?", "nl", "De veerdienst is in 2015 gestart."),
        ("Was the ferry service launched in 2011?", "en", "The ferry service began in 2015."),
        ("Heeft het plan vijf fasen?", "nl", "Het plan kent drie duidelijke fasen: start, bouw en beheer."),
        ("Leidde Jansma de werkgroep veerdienst?", "nl", "De werkgroep veerdienst werd geleid door Mira Oosting."),
        ("Did Jansma lead the ferry group?", "en", "Mira Oosting of Delta College led the ferry group."),
        ("Moet elke vereniging een statuut hebben?", "nl", "Niet elke vereniging hoeft een statuut te hebben."),
    ],
)
def test_a_sentence_that_states_otherwise_contradicts(question: str, language: Language, sentence: str) -> None:
    assert verdict(question, sentence, language=language) == ("contradicted", sentence)


@pytest.mark.parametrize(
    ("question", "language", "sentence"),
    [
        ("Kostte de renovatie van de haven 4,2 miljoen euro?", "nl", HARBOUR),
        ("Is it true that the renovation of the harbour cost 4.2 million euros?", "en", HARBOUR_EN),
        ("De veerdienst begon toch in 2015?", "nl", "De veerdienst is op 3 mei 2015 gestart."),
        ("Is Delta College co-applicant of Vaarwel?", "en", "Delta College is a co-applicant of the study Vaarwel."),
    ],
)
def test_one_sentence_that_states_all_of_it_confirms(question: str, language: Language, sentence: str) -> None:
    assert verdict(question, "De kade is lang.", sentence, language=language) == ("confirmed", sentence)


@pytest.mark.parametrize(
    ("question", "language", "sentence"),
    [
        # another party, another part, a limit, a plan: none of them is what was claimed, or another amount for it
        ("Kreeg Delta College 9.000 euro?", "nl", "Zuidland kreeg 4.000 euro voor de kade, net als anderen."),
        (
            "Kostte de renovatie van de haven 9 miljoen euro?",
            "nl",
            "De renovatie van de haven kost maximaal 4 miljoen.",
        ),
        ("Did the harbour renovation cost 4 million?", "en", "The harbour renovation would cost 4 million euros."),
        ("Betaalde Zuidland het grootste deel?", "nl", "De gemeente betaalde het grootste deel en Zuidland de rest."),
        ("Ontving de gemeente 4 miljoen euro?", "nl", "De gemeente betaalde 4 miljoen euro aan de aannemer."),
        (
            "Was de deadline van de oproep van 2023 op 16 mei 2023?",
            "nl",
            "De deadline van de oproep van 2021 was 1 mei 2021.",
        ),
        ("Is de vereniging verplicht om lid te zijn van de havenraad?", "nl", "De vereniging is lid van de havenraad."),
        ("Is de kade mooi?", "nl", "De kade is 300 meter lang."),
    ],
)
def test_what_is_about_something_else_neither_confirms_nor_contradicts(
    question: str, language: Language, sentence: str
) -> None:
    assert verdict(question, sentence, language=language)[0] == "unsupported"


def test_an_amount_that_another_sentence_does_state_is_not_contradicted() -> None:
    found = verdict(
        "Waaraan is de 9 miljoen euro van de haven besteed?",
        "De haven kreeg 4 miljoen euro.",
        "Later kreeg de haven 9 miljoen euro van het Rijk.",
    )
    assert found[0] is None


@pytest.mark.parametrize(
    ("question", "language", "sentence"),
    [
        ("Is the harbour report about the ferry service?", "en", "The ferry service cites the harbour report."),
        ("Gaat het havenrapport over de veerdienst?", "nl", "De veerdienst noemt het havenrapport in een brief."),
    ],
)
def test_standing_beside_a_subject_does_not_make_a_text_about_it(
    question: str, language: Language, sentence: str
) -> None:
    assert verdict(question, sentence, language=language)[0] != "confirmed"


def test_a_text_that_says_what_it_is_about_confirms_it() -> None:
    sentence = "The harbour report is about the ferry service."
    assert verdict("Is the harbour report about the ferry service?", sentence, language="en")[0] == "confirmed"


def test_that_something_was_done_does_not_confirm_that_it_may_be_done() -> None:
    assert verdict("Mag Zuidland meedoen aan de veerdienst?", "In 2023 deed Zuidland mee aan de veerdienst.")[0] is None


@pytest.mark.parametrize(
    ("question", "sentence", "language"),
    [
        ("Zuidland doet toch niet mee aan de veerdienst?", "Ook Zuidland doet mee aan de veerdienst.", "nl"),
        ("Is it true that the ferry was never launched?", "The ferry was launched in 2015.", "en"),
    ],
)
def test_a_claim_that_says_no_is_contradicted_by_a_sentence_that_says_so(
    question: str, sentence: str, language: Language
) -> None:
    assert verdict(question, sentence, language=language)[0] == "contradicted"


def test_a_figure_that_a_sentence_denies_is_contradicted_by_it() -> None:
    sentence = "Reken voor de haven met 276 miljoen euro en niet met 376 miljoen euro."
    sentence_en = "For the harbour, use 276 million euros and not 376 million euros."
    assert verdict("Did the harbour get 376 million euros?", sentence_en, language="en")[0] == "contradicted"
    assert verdict("Kreeg de haven 376 miljoen euro?", sentence)[0] != "confirmed"


def test_the_date_of_publication_is_no_answer_to_when_something_began() -> None:
    sentence = "De veerdienst is gestart, meldde Stichting Haven op 5 maart 2024."
    assert verdict("Begon de veerdienst in 2011?", sentence)[0] == "unsupported"
    assert verdict("Begon de veerdienst in 2024?", sentence)[0] == "unsupported"


@pytest.mark.parametrize(
    "question",
    [
        "Wat kostte de renovatie van de haven?",
        "Kun je uitleggen wat een veerdienst is?",
        "Could you tell me who led the ferry group?",
        "Was de deadline 14 of 15 september?",
        "Is het plan van Zuidland of van Delta College?",
        "Mag ik als vereniging meedoen?",
        "Is there a ferry?",
    ],
)
def test_a_wish_for_information_gets_no_verdict(question: str) -> None:
    assert verdict(question, "De veerdienst vaart op zondag.")[0] is None


def test_a_question_beside_the_claim_leaves_the_answer_to_that_question() -> None:
    question = "De haven kreeg vast subsidie. Op welke website staat dat?"
    assert verdict(question, "De haven is diep.")[0] is None


def test_passages_in_another_language_are_not_judged() -> None:
    found = passage(HARBOUR)
    query = SearchQuery("Did the harbour cost 9 million?", "Did the harbour cost 9 million?", "en")
    assert examine(query, [found], [], SOURCES) is None


def test_nothing_found_is_no_verdict() -> None:
    assert examine(SearchQuery("Is dat zo?", "Is dat zo?", "nl"), [], [], SOURCES) is None


@pytest.mark.parametrize(
    ("question", "language", "claim"),
    [
        ("Klopt het dat de haven diep is?", "nl", "de haven diep is"),
        ("Ik las ergens dat de haven diep is. Klopt dat?", "nl", "de haven diep is"),
        ("The harbour is deep, isn't it?", "en", "The harbour is deep"),
        ("Can you confirm that the harbour is deep?", "en", "the harbour is deep"),
    ],
)
def test_the_claim_is_what_follows_the_words_that_only_ask(question: str, language: Language, claim: str) -> None:
    found = claim_of(question, language)
    assert found is not None
    assert (found.form, found.text.strip(" .,?")) == ("check", claim)
