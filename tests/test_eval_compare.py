import json
from pathlib import Path
from typing import Any

import pytest
from eval_builders import changed, info, pairs, result, run_file

from evals.__main__ import main
from evals.case_changes import case_changes
from evals.compare import compare
from evals.paired import common, compare_metrics
from evals.results import CitedSpan

GOOD = {"answered": 1.0, "nugget_recall": 1.0, "mrr@10": 0.5, "dense:mrr@10": 0.5, "groundedness": None}


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["compare", *(str(one) for one in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("name", "option"),
    [("corpus_fingerprint", "--allow-different-corpus"), ("cases_fingerprint", "--allow-different-cases")],
)
def test_runs_that_differ_in_more_than_the_assistant_are_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, option: str
) -> None:
    one = run_file(tmp_path / "one.jsonl", pairs(3, GOOD))
    two = run_file(tmp_path / "two.jsonl", pairs(2, GOOD), **{name: "another"})
    code, out, err = told(capsys, one, two)
    assert code == 2 and out == "" and option in err and err.count("\n") == 1
    code, out, _ = told(capsys, one, two, option)
    assert code == 0 and "differ" in out and "4 cases in common, of 6 in A and 4 in B" in out


def test_runs_without_a_case_in_common_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = run_file(tmp_path / "one.jsonl", [result(1)])
    two = run_file(tmp_path / "two.jsonl", [result(2)])
    assert told(capsys, one, two)[0] == 2


def test_a_difference_has_its_interval_test_and_cases() -> None:
    before = pairs(30, GOOD)
    lost = [f"q{number}-nl" for number in range(8)]
    after = changed(before, lost, nugget_recall=0.0, answered=0.0)
    rows = {(row.metric, row.language): row for row in compare((info(), before), (info(), after)).rows}
    dutch = rows["answered", "nl"]
    assert dutch.test == "mcnemar" and dutch.p == pytest.approx(2 / 2**8)
    assert dutch.fell == dutch.lost == tuple(lost) and dutch.n == 30
    assert dutch.interval is not None and dutch.interval.high < 0
    both = rows["answered", "all"]
    assert both.test == "bootstrap" and both.n == 60 and both.difference == pytest.approx(-8 / 60)
    assert rows["answered", "en"].difference == 0 and rows["answered", "en"].p == 1
    assert rows["nugget_recall", "nl"].test == "bootstrap"


def test_p_is_adjusted_for_the_metrics_of_one_language() -> None:
    before = pairs(20, GOOD)
    after = changed(before, [f"q{number}-en" for number in range(6)], answered=0.0)
    rows = compare_metrics(common(before, after), ["answered", "nugget_recall", "mrr@10"], "en")
    adjusted = {row.metric: row.p_holm for row in rows}
    assert adjusted["answered"] == pytest.approx(3 * 2 / 2**6) and adjusted["mrr@10"] == 1


def test_metrics_that_do_not_apply_and_exceptions_are_no_values() -> None:
    before = pairs(4, GOOD)
    after = changed(before, ["q0-nl"], nugget_recall=None)
    after[2] = result(1, "nl", {}, status=None, error="ValueError: no")
    found = compare((info(), before), (info(), after))
    rows = {(row.metric, row.language): row for row in found.rows}
    assert rows["nugget_recall", "nl"].n == 2 and rows["nugget_recall", "all"].n == 6
    assert ("groundedness", "all") not in rows and found.errors == (0, 1)


def test_metrics_of_single_stages_are_shown_on_demand() -> None:
    runs = (info(), pairs(3, GOOD))
    assert "dense:mrr@10" not in {row.metric for row in compare(runs, runs).rows}
    assert "dense:mrr@10" in {row.metric for row in compare(runs, runs, every=True).rows}


@pytest.mark.parametrize(
    ("before", "after", "direction", "words"),
    [
        (
            {},
            {"status": "refused", "reason": "nothing_found", "metrics": {"answered": 0.0}},
            "worse",
            "status: answered",
        ),
        ({"metrics": {"nugget_recall": 0.5}}, {"metrics": {"nugget_recall": 1.0}}, "better", "0.50 → 1.00"),
        (
            {"metrics": {"nothing_forbidden": 1.0, "nugget_recall": 0.0}},
            {"metrics": {"nothing_forbidden": 0.0, "nugget_recall": 1.0}},
            "worse",
            "nothing_forbidden: 1.00 → 0.00",
        ),
        ({}, {"status": None, "error": "ValueError: no"}, "worse", "exception: none → ValueError: no"),
        ({"status": None, "error": "ValueError: no"}, {}, "better", "exception: ValueError: no → none"),
        ({}, {"citations": (CitedSpan("other.md", 0, 3, "Zo."),)}, "same score", "now cites other.md: “Zo.”"),
        ({}, {"text": "Anders. [1]"}, "same score", "other words"),
    ],
)
def test_a_case_is_better_or_worse_by_the_gravest_metric_that_differs(
    before: dict[str, Any], after: dict[str, Any], direction: str, words: str
) -> None:
    base = {"metrics": {"answered": 1.0}}
    (found,) = case_changes([(result(1, **{**base, **before}), result(1, **{**base, **after}))])
    assert found.direction == direction and any(words in one for one in found.changes)


def test_a_case_with_the_same_answer_is_not_named() -> None:
    assert case_changes([(result(1, milliseconds=5.0), result(1, milliseconds=9.0))]) == ()


def test_the_text_names_cases_with_question_and_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    lines = [
        {"id": f"q0-{language}", "pair": "q0", "language": language, "group": "staff", "question": question,
         "answerable": False, "reason": "nothing_found", "tags": ["near_miss"]}
        for language, question in (("nl", "Hoe duur?"), ("en", "How dear?"))
    ]  # fmt: skip
    (cases / "one.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    one = run_file(tmp_path / "one.jsonl", pairs(3, GOOD))
    two = run_file(tmp_path / "two.jsonl", changed(pairs(3, GOOD), ["q0-en"], nugget_recall=0.5))
    code, out, _ = told(capsys, one, two, "--cases", cases)
    assert code == 0 and "worse: 1\n  q0-en  How dear?\n      nugget_recall: 1.00 → 0.50\n" in out
    names = ("both languages", "Dutch", "English")
    heads = [line.split("  ")[0] for line in out.splitlines() if line.startswith(names)]
    assert heads == list(names)
    assert "unchanged: answered 1.000, nugget_recall 1.000, mrr@10 0.500" in out


def test_settings_and_packages_that_differ_are_named() -> None:
    one = info(settings={"answerer": {"min_evidence": 3.6, "max_sentences": 4}}, packages={"numpy": "2.0"})
    two = info(settings={"answerer": {"min_evidence": 5.2, "max_sentences": 4}}, packages={"numpy": "2.1"})
    results = pairs(2, GOOD)
    assert compare((one, results), (two, results)).notes == ("answerer.min_evidence: 3.6 → 5.2", "numpy: 2.0 → 2.1")


def test_json_holds_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = run_file(tmp_path / "one.jsonl", pairs(3, GOOD))
    two = run_file(tmp_path / "two.jsonl", changed(pairs(3, GOOD), ["q0-en"], nugget_recall=0.5))
    found = json.loads(told(capsys, one, two, "--json", "--cases", tmp_path / "none")[1])
    assert found["changes"] == [
        {"case": "q0-en", "direction": "worse", "changes": ["nugget_recall: 1.00 → 0.50"], "question": None}
    ]
    english = next(row for row in found["metrics"] if (row["metric"], row["language"]) == ("nugget_recall", "en"))
    assert english["difference"] == pytest.approx(-1 / 6) and english["fell"] == ["q0-en"] and english["n"] == 3


def test_a_foreign_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text('{"run": 1}\n', encoding="utf-8")
    code, _, err = told(capsys, foreign, foreign)
    assert code == 2 and "foreign.jsonl, line 1" in err
