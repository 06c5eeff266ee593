from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from eval_builders import changed, pairs, result, run_file

from evals.__main__ import main
from evals.gate_rules import RULES, check
from evals.results import CaseResult, read_run

GOOD = {"answered": 1.0, "nugget_recall": 1.0, "citation_recall": 1.0, "ndcg@10": 0.8, "nothing_forbidden": 1.0}


def gate(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str], str]:
    code = main(["gate", *(str(one) for one in arguments)])
    captured = capsys.readouterr()
    return code, captured.out.splitlines(), captured.err


def named(count: int, language: str = "nl", first: int = 0) -> list[str]:
    return [f"q{number}-{language}" for number in range(first, first + count)]


def findings(baseline: Sequence[CaseResult], results: Sequence[CaseResult]) -> list[str]:
    return [str(finding) for finding in check(baseline, results)]


def test_a_run_passes_against_itself_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = run_file(tmp_path / "baseline.jsonl", pairs(20, GOOD))
    code, lines, _ = gate(capsys, baseline, "--baseline", baseline)
    assert code == 0 and len(lines) == 1 and lines[0].startswith("passed")


def test_an_index_that_is_made_in_another_way_is_not_accepted_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [{"identity": {"chunker": "2", "lexical": name}} for name in ("dutch", "english")]
    baseline = run_file(tmp_path / "baseline.jsonl", pairs(20, GOOD), index=made[0])
    run = run_file(tmp_path / "run.jsonl", pairs(20, GOOD), index=made[1])
    code, lines, _ = gate(capsys, run, "--baseline", baseline)
    assert code == 1 and len(lines) == 1 and "lexical was dutch, is english" in lines[0]


@pytest.mark.parametrize("metric", sorted(RULES.allowances))
def test_ten_cases_from_right_to_wrong_fail_even_where_as_many_turn_right(metric: str) -> None:
    before = changed(pairs(120, {metric: 1.0}), named(10, "en", 50), **{metric: 0.0})
    after = changed(changed(before, named(10, "en", 50), **{metric: 1.0}), named(10), **{metric: 0.0})
    (found,) = [one for one in findings(before, after) if one.startswith(f"{metric}:") and "cases lost" in one]
    assert "10 cases lost" in found and "q0-nl" in found and "significant" not in found


def test_few_cases_within_the_allowance_pass() -> None:
    before = pairs(120, GOOD)
    assert findings(before, changed(before, named(3), nugget_recall=0.5)) == []


def test_a_drop_of_the_mean_beyond_the_allowance_fails_with_its_cases() -> None:
    before = pairs(120, GOOD)
    found = findings(before, changed(before, named(5), nugget_recall=0.0))
    assert len(found) == 1 and "a drop of 0.021 where 0.020 is allowed" in found[0] and "q4-nl" in found[0]


def test_a_small_loss_in_many_cases_is_significant_although_each_is_small() -> None:
    before = pairs(120, GOOD)
    found = findings(before, changed(before, [*named(60), *named(60, "en", 60)], **{"ndcg@10": 0.79}))
    assert len(found) == 1 and "significant drop" in found[0] and "is allowed" not in found[0]


def test_the_test_sees_nine_lost_cases_among_all_metrics_and_not_four() -> None:
    before = pairs(120, dict.fromkeys(RULES.allowances, 1.0))
    assert any("significant" in one for one in findings(before, changed(before, named(9), answered=0.0)))
    assert not any("significant" in one for one in findings(before, changed(before, named(4), answered=0.0)))


def test_a_gain_never_fails() -> None:
    before = pairs(120, {**GOOD, "nugget_recall": 0.2})
    after = changed(before, [one.case for one in before], nugget_recall=1.0)
    assert findings(before, after) == []


def test_one_new_forbidden_statement_fails_and_an_old_one_does_not() -> None:
    before = changed(pairs(60, GOOD), named(1), nothing_forbidden=0.0)
    assert findings(before, before) == []
    assert findings(before, changed(before, named(1, "en"), nothing_forbidden=0.0)) == [
        "new forbidden statement: q0-en"
    ]


def test_one_new_wrong_number_fails() -> None:
    right = {"type": 1.0, "nugget_recall": 1.0}
    before = [*pairs(60, GOOD), result(99, "nl", right, tags=("amount",))]
    wrong = [*before[:-1], replace(before[-1], metrics={"type": 1.0, "nugget_recall": 0.0})]
    silent = [*before[:-1], replace(before[-1], metrics={"type": None, "nugget_recall": 0.0}, status="refused")]
    assert "new answer with a wrong number: q99-nl" in findings(before, wrong)
    assert not any("wrong number" in one for one in findings(before, silent))
    assert not any("wrong number" in one for one in findings(wrong, wrong))


def test_one_new_exception_fails_also_in_a_new_case() -> None:
    before = pairs(60, GOOD)
    after = [*before, result(99, "nl", {}, status=None, error="ValueError: no")]
    assert findings(before, after) == ["new exception: q99-nl"]


def test_cases_and_metrics_that_are_no_longer_measured_fail() -> None:
    before = pairs(10, GOOD)
    after = changed(before[:-1], [one.case for one in before], citation_recall=None)
    assert findings(before, after) == [
        "cases of the baseline that were not run: q9-en",
        "citation_recall: the baseline has values for it, the run has none",
    ]


def test_a_gap_between_the_languages_fails_unless_the_baseline_had_it() -> None:
    flat = pairs(120, {**GOOD, "ndcg@10": 0.7})
    # Dutch rises and English stays: no metric drops, and yet a gap is new.
    gap = changed(flat, named(20), **{"ndcg@10": 0.9})
    (found,) = findings(flat, gap)
    assert found.startswith("ndcg@10: English lies behind by 0.033 over 120 pairs") and "q0-en" in found
    assert findings(gap, gap) == []


def test_each_finding_is_one_line_and_the_exit_code_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = run_file(tmp_path / "baseline.jsonl", pairs(60, GOOD))
    worse = changed(pairs(60, GOOD), named(30), nugget_recall=0.0, nothing_forbidden=0.0)
    code, lines, _ = gate(capsys, run_file(tmp_path / "new.jsonl", worse), "--baseline", baseline)
    assert code == 1 and all(line.startswith("FAILED ") for line in lines)
    assert any("new forbidden statement" in line and "and 10 more" in line for line in lines)


def test_without_a_baseline_the_way_out_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = gate(capsys, run_file(tmp_path / "new.jsonl", pairs(2, GOOD)), "--baseline", tmp_path / "no.jsonl")
    assert code == 2 and "--update" in err


@pytest.mark.parametrize(
    ("changes", "words"), [({"answerer": None}, "retrieval only"), ({"variant": "dense"}, "variant")]
)
def test_a_run_that_measures_something_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str | None], words: str
) -> None:
    baseline = run_file(tmp_path / "baseline.jsonl", pairs(2, GOOD))
    code, _, err = gate(capsys, run_file(tmp_path / "new.jsonl", pairs(2, GOOD), **changes), "--baseline", baseline)
    assert code == 2 and words in err


def test_update_says_what_changed_and_keeps_no_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline = tmp_path / "baseline.jsonl"
    first = run_file(tmp_path / "first.jsonl", pairs(10, GOOD))
    code, lines, _ = gate(capsys, first, "--baseline", baseline, "--update")
    assert code == 0 and "is new: first, 20 cases" in lines[0]
    second = run_file(tmp_path / "second.jsonl", changed(pairs(11, GOOD), named(5), nugget_recall=0.0))
    assert gate(capsys, second, "--baseline", baseline)[0] == 1
    code, lines, _ = gate(capsys, second, "--baseline", baseline, "--update")
    assert code == 0 and len(lines) == 1
    assert "first → second; 0 cases better, 5 worse, 2 new, 0 gone; nugget_recall 1.000 → 0.750" in lines[0]
    assert all(one.milliseconds is None and not one.rankings for one in read_run(baseline)[1])
    assert gate(capsys, second, "--baseline", baseline)[0] == 0


def test_a_run_with_an_exception_is_not_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = run_file(tmp_path / "broken.jsonl", [result(1, error="ValueError: no", status=None)])
    code, _, err = gate(capsys, broken, "--baseline", tmp_path / "baseline.jsonl", "--update")
    assert code == 2 and "q1-nl" in err and not (tmp_path / "baseline.jsonl").exists()
