from pathlib import Path
from typing import Any

import pytest

from assistant.errors import InputError
from assistant.types import Answer, Citation, Sentence
from evals.cases import Case, Gold
from evals.relevance import GoldSpan, Judgement
from evals.results import CaseResult, RunInfo, read_run, write_run
from evals.scoring import Measured, ranking_metrics, score
from tests.builders import chunk


def a_case(question: str, **changes: Any) -> Case:
    """Return a case about the money of the pilot."""
    gold = (Gold("programme/pilot.nl.md", "De pilot kostte 850.000 euro."),)
    fields: dict[str, Any] = {"must_say": (("850.000",),), "relevant": gold, "answerable": True, "tags": ("amount",)}
    return Case(id="a-nl", pair="a", language="nl", group="staff", question=question, **(fields | changes))


def test_ranking_metrics_follow_their_formulas() -> None:
    values = ranking_metrics([False, True, False, True], 3)
    assert values["hit@1"] == 0.0 and values["hit@5"] == 1.0 and values["mrr@10"] == 0.5
    assert values["recall@5"] == pytest.approx(2 / 3)
    # DCG 1/log2(3) + 1/log2(5); ideal 1 + 1/log2(3) + 1/2.
    assert values["ndcg@10"] == pytest.approx((0.63093 + 0.43068) / (1 + 0.63093 + 0.5), abs=1e-4)


def test_ranking_metrics_do_not_apply_where_nothing_is_relevant() -> None:
    assert set(ranking_metrics([False], 0).values()) == {None}


PASSAGE = chunk("De pilot kostte 850.000 euro.", "Hij begon in 2022.")
GOLD = Judgement(
    ((GoldSpan(PASSAGE.document, 0, 29),),), {(PASSAGE.document, 0): "one"}, {(PASSAGE.document, 0): "one"}
)


def answered(text: str, quote: str, start: int) -> Answer:
    """Return an answer of one sentence with one citation."""
    citation = Citation(
        1, PASSAGE.document, "De pilot", None, None, None, quote, start, start + len(quote), "", 1.0, "nl"
    )  # fmt: skip
    return Answer("?", "nl", "?", "answered", (Sentence(text, (1,), "nl"),), (citation,), confidence=0.9)


def scored(case: Case, answer: Answer | None) -> CaseResult:
    return score(case, GOLD, Measured({"fused": [PASSAGE], "context": [PASSAGE]}, answer, 12.0))


def test_a_right_answer_scores_on_what_it_says_and_cites() -> None:
    right = answered("De pilot kostte 850.000 euro.", "De pilot kostte 850.000 euro.", 0)
    result = scored(a_case("?", must_not_say=("85.000",)), right)
    for name in ("answered", "nugget_recall", "nothing_forbidden", "citation_recall", "citation_precision",
                 "gold_citation_recall", "gold_citation_precision", "language", "type"):  # fmt: skip
        assert result.metrics[name] == 1.0, name
    for name in ("refused", "refusal_reason", "groundedness"):
        assert result.metrics[name] is None, name
    assert (result.confidence, result.answer_language, result.milliseconds) == (0.9, "nl", 12.0)


def test_a_wrong_answer_loses_where_it_is_wrong() -> None:
    wrong = answered("De pilot kostte 85.000 euro.", "Hij begon in 2022.", 30)
    values = scored(a_case("?", must_not_say=("85.000",)), wrong).metrics
    for name in ("nugget_recall", "nothing_forbidden", "citation_recall", "gold_citation_recall"):
        assert values[name] == 0.0, name


def test_a_refusal_of_what_can_be_answered_says_nothing() -> None:
    refusal = Answer("?", "nl", "?", "refused", reason="nothing_found", message="Dat staat niet in de documenten.")
    result = scored(a_case("?"), refusal)
    assert (result.metrics["answered"], result.metrics["nugget_recall"]) == (0.0, 0.0)
    assert result.metrics["gold_citation_recall"] is result.metrics["citation_recall"] is None
    assert (result.text, result.answer_language) == ("Dat staat niet in de documenten.", None)


@pytest.mark.parametrize(("expected", "right"), [("nothing_found", 1.0), ("out_of_scope", 0.0)])
def test_a_refusal_is_right_and_for_a_reason(expected: Any, right: float) -> None:
    refusal = Answer("?", "nl", "?", "refused", reason="nothing_found")
    values = scored(a_case("?", answerable=False, reason=expected, relevant=(), must_say=()), refusal).metrics
    assert (values["refused"], values["refusal_reason"], values["answered"]) == (1.0, right, None)


INFO = RunInfo("x", "2024-01-01", "1", "3.11", "Linux", {}, {}, {}, "c", "q", "extractive", "extractive", 1.0, 2.0)


def test_results_survive_being_written(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    result = scored(a_case("?"), answered("Ja\u2028nee.", "Hij begon in 2022.", 30))
    write_run(path, INFO, [result])
    assert read_run(path) == (INFO, (result,))
    assert [one.name for one in tmp_path.iterdir()] == ["x.jsonl"]


def test_a_truncated_or_foreign_file_is_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    result = scored(a_case("?"), None)
    write_run(path, INFO, [result, result])
    whole = path.read_text(encoding="utf-8")
    for content, line in ((whole[:-20], 3), (whole.rsplit("\n", 2)[0], 2), ('{"id": 1}\n', 1), ("", 1)):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=rf"x\.jsonl, line {line}: "):
            read_run(path)


def test_results_that_cannot_be_written_or_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write_run(tmp_path / "file" / "x.jsonl", INFO, [])
    with pytest.raises(InputError, match="cannot be read"):
        read_run(tmp_path / "nowhere.jsonl")
