"""The cases of the eval suite against the corpus as it stands."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from assistant.chunker import chunk
from assistant.cleaning import clean
from assistant.figures import figures_in
from assistant.loaders import load
from assistant.settings import ChunkerSettings, LoaderSettings
from evals.cases import FROM_PAGE, TAGS, Case, read_cases

ROOT = Path(__file__).parent.parent
CASES = read_cases(ROOT / "evals" / "cases")
PAIRS = defaultdict(list)
for case in CASES:
    PAIRS[case.pair].append(case)


@cache
def canonical_text(document: str) -> str:
    read = clean(load(ROOT / "corpus" / document, document, LoaderSettings()))
    return chunk(read, lambda text: len(text) // 4, ChunkerSettings()).text


def language_free(document: str) -> str:
    return re.sub(r"\.(nl|en)\.(md|pdf)$", r".\2", document)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_quote_stands_in_its_document(case: Case) -> None:
    for gold in case.relevant:
        assert gold.quote in canonical_text(gold.document), f"{gold.document}: {gold.quote}"


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_both_languages_of_a_pair_mean_the_same(pair: str) -> None:
    if len(PAIRS[pair]) == 1:
        pytest.skip("the other language of what was added on the page is still to be written")
    dutch, english = sorted(PAIRS[pair], key=lambda case: case.language, reverse=True)
    gold = [Counter(language_free(one.document) for one in case.relevant) for case in (dutch, english)]
    assert gold[0] == gold[1]
    assert len(dutch.must_say) == len(english.must_say)
    assert len(dutch.history) == len(english.history)
    for nugget, other in zip(dutch.must_say, english.must_say, strict=True):
        values = [
            {figure.key for text in texts for figure in figures_in(text, language) if figure.sure}
            for texts, language in ((nugget, dutch.language), (other, english.language))
        ]
        assert not all(values) or values[0] & values[1], f"{nugget} and {other} are not the same figure"


@pytest.mark.parametrize(
    ("what", "least", "count"),
    [
        ("cases", 240, len),
        ("conversations", 30, lambda cases: sum(bool(case.history) for case in cases)),
        ("unanswerable cases", 40, lambda cases: sum(not case.answerable for case in cases)),
    ],
)
def test_there_are_enough(what: str, least: int, count: Callable[[tuple[Case, ...]], int]) -> None:
    assert count(CASES) >= least, what


def test_every_kind_of_question_and_every_group_is_asked() -> None:
    assert Counter(case.tags[0] for case in CASES).keys() == set(TAGS) - {FROM_PAGE}
    assert {case.group for case in CASES} == {"newcomer", "staff", "evaluator"}


def test_no_question_is_asked_twice() -> None:
    asked = Counter((case.question.casefold(), case.history) for case in CASES)
    assert [question for question, times in asked.items() if times > 1] == []
