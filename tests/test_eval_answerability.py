import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_corpus import make_corpus

from assistant.embedder import Embedder, load_embedder
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import Settings, load_settings
from assistant.types import Judgement
from evals.answerability.probes import Probe, Prober, of_cases, of_set
from evals.answerability.regression import Recipe, fit, plain
from evals.answerability.scores import Judged, lines, ranking_auroc
from evals.answerability.sources import is_for_fitting, labelled
from evals.cases import Case, Gold
from evals.datasets import Passage
from evals.external_set import QuestionSet, SetQuestion
from evals.fit_answerability import Example, balanced, cross_validated, thresholds

ASKED = Case(
    id="a-nl", pair="a", language="nl", group="staff", question="Hoeveel kostte de pilot?", answerable=True,
    tags=("amount",), relevant=(Gold("pilot/pilot.nl.md", "De pilot kostte 850.000 euro"),),
    must_say=(("850.000",),),
)  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(load_settings().embedder)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Settings:
    root = tmp_path_factory.mktemp("answerability")
    made = load_settings({"index": {"directory": root / "index"}})
    ingest([make_corpus(root / "corpus")], made, embedder=embedder)
    return made


@pytest.fixture
def prober(settings: Settings, embedder: Embedder) -> Iterator[Prober]:
    with Index.open(settings.index.directory) as index:
        yield Prober(index, embedder, settings)


def test_a_question_without_its_passages_finds_neither_them_nor_their_twins(prober: Prober) -> None:
    asked, left_out = of_cases([ASKED], prober, "cases", left_out=True)
    assert asked.answerable and any("850.000" in hit.chunk.text for hit in asked.hits)
    assert not left_out.answerable and left_out.hits
    assert not any("850" in hit.chunk.text for hit in left_out.hits)
    assert not any("850" in quote.text for quote in left_out.quotes)
    assert asked.group == left_out.group


def test_a_set_of_somebody_else_is_asked_with_and_without_its_passages(settings: Settings, embedder: Embedder) -> None:
    passages = [
        Passage("p1", "Pilot", "De pilot kostte 850.000 euro.", "nl"),
        Passage("p2", "Pilot", "De pilot kostte 850.000 euro.", "nl"),
        Passage("p3", "Feest", "Het feest was in Zwolle.", "nl"),
    ]
    asked = SetQuestion("q1", "Hoeveel kostte de pilot?", "nl", frozenset({"p1"}), True)
    found = QuestionSet("set", tuple(passages), (asked,))
    directory = settings.index.directory.parent / "set-index"
    own = settings.model_copy(update={"index": settings.index.model_copy(update={"directory": directory})})
    found.write(directory.parent / "set-files")
    ingest([directory.parent / "set-files"], own, embedder=embedder)
    with Index.open(directory) as index:
        whole, left_out = of_set(found, Prober(index, embedder, own))
    assert whole.answerable and not left_out.answerable
    assert [hit.chunk.title for hit in left_out.hits] == ["Feest"], "a passage with the same text goes too"


def test_the_judgement_of_a_probe_is_a_probability(prober: Prober) -> None:
    (probe,) = of_cases([ASKED], prober, "cases", left_out=False)
    rows = [
        Judged(probe, Judgement(0.9, "answered")),
        Judged(replace(probe, answerable=False), Judgement(0.1, "refused")),
    ]
    assert ranking_auroc(rows) == 1.0
    text = "\n".join(lines("some questions", rows))
    assert "some questions: 1 answerable, 1 without an answer" in text
    assert "refusal precision 1.000 (1/1)  recall 1.000 (1/1)  wrongly refused 0.000 (0/1)" in text


def test_halves_are_dealt_by_question_so_that_both_forms_of_one_are_on_the_same_side(prober: Prober) -> None:
    (probe,) = of_cases([ASKED], prober, "cases", left_out=False)
    many = [replace(probe, group=f"set/{number}") for number in range(200)]
    share = np.mean([is_for_fitting(one) for one in many])
    assert 0.35 < share < 0.65
    assert is_for_fitting(replace(many[0], kind="left out")) is is_for_fitting(many[0])


def test_a_regression_finds_the_signal_that_decides() -> None:
    random = np.random.default_rng(1)
    signal, noise = random.normal(5, 2, 400), random.normal(0, 1, 400)
    labels = [bool(one) for one in signal + random.normal(0, 1, 400) > 5]
    examples = [{"signal": float(one), "noise": float(two)} for one, two in zip(signal, noise, strict=True)]
    found = fit(Recipe(("signal", "noise")), examples, labels, [1.0] * 400)
    assert found.weights["signal"] > 5 * abs(found.weights["noise"])
    assert found.logit({"signal": 9.0, "noise": 0.0}) > 2 > -2 > found.logit({"signal": 1.0, "noise": 0.0})


def test_a_signal_cannot_count_against_its_meaning() -> None:
    random = np.random.default_rng(2)
    examples = [{"near": float(a), "covered": float(b)} for a, b in random.normal(0, 1, (400, 2))]
    labels = [one["near"] - one["covered"] > 0 for one in examples]
    free = fit(Recipe(("near", "covered")), examples, labels, [1.0] * 400)
    held = fit(Recipe(("near", "covered"), rising=frozenset({"near", "covered"})), examples, labels, [1.0] * 400)
    assert free.weights["covered"] < 0 == held.weights["covered"] < held.weights["near"]
    assert json.loads(json.dumps(plain(held)))["weights"]["covered"] == 0


def test_labels_count_the_same_within_a_source_however_many_there_are(prober: Prober) -> None:
    (probe,) = of_cases([ASKED], prober, "cases", left_out=False)
    no = replace(probe, answerable=False)
    weighed = balanced([Example(probe, {}), Example(probe, {}), Example(probe, {}), Example(no, {})])
    assert sum(one.weight for one in weighed[:3]) == pytest.approx(weighed[3].weight)


def probes_on_a_line(probe: Probe, count: int) -> list[Example]:
    return [
        Example(replace(probe, group=str(number), answerable=number >= count / 2), {"x": float(number)})
        for number in range(count)
    ]


def test_cross_validation_never_judges_a_question_by_itself(prober: Prober) -> None:
    (probe,) = of_cases([ASKED], prober, "cases", left_out=False)
    examples = probes_on_a_line(probe, 40)
    probabilities = cross_validated(Recipe(("x",)), examples)
    assert [p > 0.5 for p in probabilities[:15] + probabilities[-15:]] == [False] * 15 + [True] * 15
    noise = [
        Example(replace(one.probe, answerable=number % 2 == 0), one.signals) for number, one in enumerate(examples)
    ]
    assert max(cross_validated(Recipe(("x",)), noise)) < 0.75


def test_few_answerable_questions_are_refused_and_some_are_hedged() -> None:
    found = thresholds([number / 100 for number in range(101)])
    assert found == {"partial": 0.05, "answered": 0.25}


def test_labelled_questions_are_cases(tmp_path: Path) -> None:
    row = {
        "id": "x-nl", "pair": "x", "language": "nl", "group": "staff", "question": "Wie?", "history": [],
        "answerable": False, "reason": "unclear_question", "relevant": [], "must_say": [], "must_not_say": [],
        "tags": ["near_miss"],
    }  # fmt: skip
    (tmp_path / "some.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert labelled(tmp_path / "some.jsonl")[0].reason == "unclear_question"
