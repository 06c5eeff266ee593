from dataclasses import dataclass
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Language
from evals.metrics import (
    ANSWERED,
    CitedSentence,
    Score,
    answer_language,
    answer_type_agreement,
    citation_precision,
    citation_recall,
    discordant,
    expected_outcome,
    forbidden,
    gold_citation_precision,
    gold_citation_recall,
    groundedness,
    language_agreement,
    nugget_recall,
    outcome,
    parity_pairs,
    refusal_outcomes,
    supported,
)

WORDS = st.lists(st.sampled_from(["pilot", "school", "docent", "bedrijf", "groep", "lokaal"]), min_size=1, max_size=6)
NUMBERS = st.frozensets(st.integers(101, 106), min_size=1)


@dataclass(frozen=True)
class Place:
    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    verified: bool | None


def test_nugget_recall_by_hand() -> None:
    # Said: the amount (by its second spelling) and the name; not said: the year. 2 of 3.
    text = "De Kickstart kostte 850 duizend euro [1], zegt Anna de Vries. [2]"
    assert nugget_recall(text, [["900.000", "850 duizend"], ["Anna de Vries"], ["2023"]], "nl") == 2 / 3
    assert nugget_recall("", [["2023"]], "nl") == 0
    assert nugget_recall(text, [], "nl") is None


@pytest.mark.parametrize(
    ("text", "sought", "language"),
    [
        ("Dat kostte 850.000 euro.", "850 duizend euro", "nl"),
        ("Dat kostte € 850.000.", "850 duizend", "nl"),
        ("Het kost **850.000** euro", "850.000", "nl"),
        ("It cost 850,000 euros.", "EUR 850,000", "en"),
        ("It cost €0.85 million.", "850,000 euros", "en"),
        ("Er waren vijftig deelnemers.", "50 deelnemers", "nl"),
        ("Twaalf maanden lang", "1 jaar", "nl"),
        ("De looptijd is 2 jaar.", "2", "nl"),
        ("Op 15 maart 2022 begon het.", "maart 2022", "nl"),
        ("Op 2022-03-15 begon het.", "15 maart 2022", "nl"),
        ("50% van de docenten", "50 procent", "nl"),
        ("De DOCENT  –\u00a0zegt men –", "docent - zegt", "nl"),
        ("Het heet “de ‘pilot’”.", "\"de 'pilot'\"", "nl"),
        ("Learning Communities", "learning communities", "en"),
    ],
)
def test_a_nugget_is_found_however_it_is_written(text: str, sought: str, language: Language) -> None:
    assert nugget_recall(text, [[sought]], language) == 1


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("Er zijn twee pilots.", "pilot"),
        ("Dat kostte 850.000 euro.", "850"),
        ("Dat kostte 850 duizend euro.", "850 euro"),
        ("Er is 50 miljoen euro.", "50"),
        ("Er is 1,5 miljoen euro.", "5 miljoen"),
        ("Dat staat in de bron [3].", "3"),
        ("Op 15 maart 2022 begon het.", "15 maart 2023"),
        ("50 scholen en veel deelnemers", "50 deelnemers"),
        ("Iets", ""),
    ],
)
def test_a_nugget_is_not_found_in_part_of_a_word_or_number(text: str, sought: str) -> None:
    assert nugget_recall(text, [[sought]], "nl") == 0


def test_a_sentence_in_the_other_language_is_read_in_its_own() -> None:
    text = "De bron zegt het zo. The participants have met on the 3rd of May 2023 in twelve groups."
    assert nugget_recall(text, [["3 mei 2023"], ["12"]], "nl") == 1


@settings(deadline=None)  # the language model is loaded once, in half a second
@given(WORDS, WORDS, st.lists(WORDS, min_size=1, max_size=4))
def test_more_text_never_says_fewer_nuggets(text: list[str], more: list[str], nuggets: list[list[str]]) -> None:
    must_say = [[" ".join(nugget)] for nugget in nuggets]
    shorter = nugget_recall(" ".join(text), must_say, "nl")
    longer = nugget_recall(" ".join([*text, *more]), must_say, "nl")
    assert shorter is not None
    assert longer is not None
    assert 0 <= shorter <= longer <= 1


@settings(deadline=None)
@given(WORDS, st.sampled_from(["  ", "\n", "\u00a0", "\t "]))
def test_case_and_spaces_make_no_difference(words: list[str], space: str) -> None:
    assert nugget_recall(f"“{space.join(words).upper()}”", [[" ".join(words)]], "nl") == 1
    assert nugget_recall(" ".join(words), [[space.join(words).title()]], "nl") == 1


def test_what_must_not_be_said_is_named() -> None:
    text = "De pilot kostte 900 duizend euro en duurde een jaar."
    assert forbidden(text, ["900.000 euro", "twee jaar", "PILOT"], "nl") == ("900.000 euro", "PILOT")
    assert forbidden(text, ["900.000"]) == ("900.000",)
    assert forbidden(text, []) == ()


def test_groundedness_is_a_share_of_what_was_checked() -> None:
    # Three were checked, two of them hold.
    assert groundedness([Sentence(True), Sentence(None), Sentence(False), Sentence(True)]) == 2 / 3
    assert groundedness([Sentence(None)]) is None
    assert groundedness([]) is None


def test_the_language_of_an_answer() -> None:
    assert answer_language("Dat staat in de documenten.") == "nl"
    assert language_agreement("That is in the documents.", "en") == 1
    assert language_agreement("That is in the documents.", "nl") == 0
    assert answer_language("Katapult") is answer_language("") is None
    assert language_agreement("2023", "en") is None


def test_the_type_of_an_answer_is_looked_at_where_the_gold_answer_has_it() -> None:
    money = [["850.000 euro"]]
    assert answer_type_agreement("Dat was 900.000 euro.", "amount", money, "nl") == 1
    assert answer_type_agreement("Dat was veel geld.", "amount", money, "nl") == 0
    assert answer_type_agreement("It was in May 2023, they say.", "date", [["mei 2023"]], "nl") == 1
    assert answer_type_agreement("Bel Jan van der Berg.", "person", [["Anna de Vries"]], "nl") == 1
    assert answer_type_agreement("Bel de projectleider.", "person", [["Anna de Vries"]], "nl") == 0
    assert answer_type_agreement("Dat is niet bekend.", "amount", [["niet bekend"]], "nl") is None
    assert answer_type_agreement("Dat was veel geld.", "list", money, "nl") is None
    assert answer_type_agreement("", "amount", money, "nl") is None


COST = "De pilot kostte in totaal 850.000 euro."


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        (COST, [COST], True),
        ("- De PILOT kostte  in totaal 850.000 euro [1]", [f"Zo ging het. {COST} Klaar."], True),
        ("De pilot kostte 850 duizend euro.", [COST], True),  # the figure by value, both content words
        ("De pilot kostte 900 duizend euro.", [COST], False),
        ("De pilot kostte veel.", ["De tuin kostte veel."], False),  # 1 of 2 content words
        ("De pilot kostte niet 850.000 euro.", [COST], False),
        (
            "De pilot slaagde.",
            ["De pilot slaagde niet."],
            False,
        ),  # a verbatim stretch that stops before "niet"
        ("Slaagde de pilot.", ["De pilot slaagde niet."], False),  # all words, but the negation is lost
        ("De pilot was geen succes.", ["Een succes was de pilot niet."], True),
        ("Geslaagd is de pilot.", ["Er was geen geld, maar de pilot is wel geslaagd."], True),
        ("ICT was een thema van de oproep.", ["Zorg was een thema van de lange oproep."], False),  # the name is missing
        ("Ja.", [COST], False),
        (COST, [], False),
    ],
)
def test_support_is_verbatim_or_by_figures_words_and_negation(text: str, quotes: list[str], expected: bool) -> None:
    assert supported(text, quotes, "nl") is expected


def test_support_across_languages_can_only_be_refuted_by_figures() -> None:
    assert supported("The pilot cost 900,000 euros.", [COST], "en") is False
    assert supported("The pilot cost 850,000 euros.", [COST], "en") is None
    assert supported(COST, [COST], "en") is True


def test_two_quotes_can_support_together_what_neither_does_alone() -> None:
    sentence = "De pilot begon in 2021 en eindigde in 2023."
    first, second = "De pilot begon in 2021.", "De pilot eindigde in 2023."
    assert supported(sentence, [first, second], "nl") is True
    assert supported(sentence, [first], "nl") is supported(sentence, [second], "nl") is False


def test_citation_recall_and_precision_by_hand() -> None:
    sentences = [
        CitedSentence(COST, (COST, "De tuin is groen."), "nl"),  # supported; the second citation is not needed
        CitedSentence("De pilot begon in 2021.", ("De tuin is groen.",), "nl"),  # not supported
        CitedSentence("De groep telde 12 mensen.", (), "nl"),  # without a citation
        CitedSentence("De groep telde 12 mensen.", ("De groep telde 12 mensen.", None), "nl"),  # an unknown marker
    ]
    # Recall: 1 of 4 sentences. Precision: 1 of 2 + 1 + 0 + 2 = 5 citations.
    assert citation_recall(sentences) == 1 / 4
    assert citation_precision(sentences) == 1 / 5


def test_a_refusal_has_neither_and_an_answer_without_citations_has_no_precision() -> None:
    assert citation_recall([]) is citation_precision([]) is None
    uncited = [CitedSentence(COST, (), "nl")]
    assert (citation_recall(uncited), citation_precision(uncited)) == (0, None)


def test_what_cannot_be_decided_is_left_out() -> None:
    foreign = CitedSentence("The pilot cost 850,000 euros.", (COST,), "en")
    beside = CitedSentence(COST, (COST, "The pilot cost 850,000 euros in all."), "nl")
    assert (citation_recall([foreign]), citation_precision([foreign])) == (None, None)
    assert (citation_recall([foreign, beside]), citation_precision([foreign, beside])) == (1, 1)


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.lists(NUMBERS, max_size=4)), min_size=1, max_size=4))
def test_recall_and_precision_are_those_of_alce_where_support_is_known(
    answer: list[tuple[frozenset[int], list[frozenset[int]]]],
) -> None:
    def said(numbers: frozenset[int]) -> str:
        return "Lokalen: " + ", ".join(f"lokaal {number}" for number in sorted(numbers)) + "."

    supporting, needed, cited = 0, 0, 0
    for numbers, quotes in answer:
        whole = numbers <= frozenset(chain(*quotes)) and bool(quotes)
        supporting += whole
        cited += len(quotes)
        for place, quote in enumerate(quotes):
            others = frozenset(chain(*quotes[:place], *quotes[place + 1 :]))
            needed += whole and (numbers <= quote or not numbers <= others)
    sentences = [CitedSentence(said(one), tuple(map(said, quotes)), "nl") for one, quotes in answer]
    assert citation_recall(sentences) == supporting / len(answer)
    assert citation_precision(sentences) == (needed / cited if cited else None)


def test_gold_citations_by_hand() -> None:
    gold = [Place("a.md", 10, 20), Place("a.md", 50, 60), Place("b.md", 0, 5)]
    cited = [Place("a.md", 19, 55), Place("b.md", 5, 9)]
    # The first citation touches both spans of a.md; the second begins where the one of b.md ends. 1 of 2, and 2 of 3.
    assert gold_citation_precision(cited, gold) == 1 / 2
    assert gold_citation_recall(cited, gold) == 2 / 3
    assert (gold_citation_precision([], gold), gold_citation_recall([], gold)) == (None, 0)
    assert gold_citation_recall([], gold, refused=True) is None
    assert gold_citation_precision(cited, []) is gold_citation_recall(cited, []) is None
    assert gold_citation_precision([Place("c.md", 10, 20)], gold) == 0


def test_the_outcomes_of_refusing_by_hand() -> None:
    found = refusal_outcomes(
        [
            (ANSWERED, ANSWERED),
            (ANSWERED, "nothing_found"),
            ("nothing_found", "nothing_found"),
            ("nothing_found", "insufficient"),
            ("out_of_scope", ANSWERED),
        ]
    )
    assert found.confusion["nothing_found", "insufficient"] == 1
    assert sum(found.confusion.values()) == 5
    # Given nothing_found: 2, once rightly; expected: 2, once given.
    nothing = found.reasons["nothing_found"]
    assert (nothing.precision, nothing.recall) == (Score(1 / 2, 2), Score(1 / 2, 2))
    # insufficient was never expected and out_of_scope never given: no value, and n says why.
    assert found.reasons["insufficient"].recall == Score(None, 0)
    assert found.reasons["insufficient"].precision == Score(0, 1)
    assert found.reasons["out_of_scope"].precision == Score(None, 0)
    # Refused at all: 3, of which 2 had to be; 3 had to be, of which 2 were.
    assert (found.refused.precision, found.refused.recall) == (Score(2 / 3, 3), Score(2 / 3, 3))
    assert refusal_outcomes([]).refused.precision == Score(None, 0)


def test_an_outcome_is_a_reason_or_an_answer() -> None:
    assert outcome("answered", None) == outcome("partial", "insufficient") == ANSWERED
    assert outcome("clarify", "unclear_question") == expected_outcome(False, "unclear_question") == "unclear_question"
    assert outcome("refused", None) == expected_outcome(False, None) == "refused"
    assert expected_outcome(True, "conflicting") == ANSWERED


@given(st.lists(st.tuples(*[st.sampled_from([ANSWERED, "nothing_found", "insufficient"])] * 2)))
def test_shares_of_outcomes_stay_within_bounds_and_all_cases_are_counted(outcomes: list[tuple[str, str]]) -> None:
    found = refusal_outcomes(outcomes)
    assert sum(found.confusion.values()) == len(outcomes)
    for one in (*found.reasons.values(), found.refused):
        for score in (one.precision, one.recall):
            assert (score.value is None) == (score.n == 0)
            assert score.value is None or 0 <= score.value <= 1


def test_pairs_hold_both_languages_or_nothing() -> None:
    values: list[tuple[str, Language, float | None]] = [
        ("p1", "en", 0.5),
        ("p1", "nl", 1.0),
        ("p2", "nl", 1.0),
        ("p3", "nl", None),
        ("p3", "en", 1.0),
    ]
    pairs = parity_pairs(values)
    assert {name: (one.nl, one.en) for name, one in pairs.items()} == {"p1": (1.0, 0.5)}
    with pytest.raises(ValueError, match="p1 has two values in en"):
        parity_pairs([("p1", "en", 1.0), ("p1", "en", None)])


def test_discordant_pairs_are_counted_for_each_language() -> None:
    succeeded = {"a": (1, 1), "b": (1, 0), "c": (1, 0), "d": (0, 1), "e": (0, 0)}
    values: list[tuple[str, Language, float | None]] = []
    for name, (dutch, english) in succeeded.items():
        values += [(name, "nl", dutch), (name, "en", english)]
    assert discordant(parity_pairs(values).values()) == (2, 1)
    with pytest.raises(ValueError, match="0 or 1"):
        discordant(parity_pairs([("a", "nl", 0.5), ("a", "en", 1)]).values())
