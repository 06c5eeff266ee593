from collections.abc import Mapping
from typing import Any

import pytest

from evals.results import CaseResult, RunInfo
from evals.summary import MetricRow, errors, latency, metric_names, parity, summarise, weakest
from evals.summary_text import aligned, summary_lines

INFO = RunInfo("x", "2024-01-01", "1", "3.11", "Linux", {}, {}, {}, "c", "q", "extractive", "extractive", 1.0, 2.0)


def result(pair: str, language: Any, metrics: Mapping[str, float | None], **changes: Any) -> CaseResult:
    """Return the result of one case of staff about an amount."""
    fields: dict[str, Any] = {"group": "staff", "tags": ("amount",), "answerable": True, "milliseconds": 10.0}
    return CaseResult(f"{pair}-{language}", pair, language, metrics=metrics, **(fields | changes))


def pairs(name: str, dutch: list[float], english: list[float], **changes: Any) -> list[CaseResult]:
    """Return results of one metric for pairs."""
    return [
        result(f"{changes.get('group', 'p')}{n}", language, {name: value}, **changes)
        for n, both in enumerate(zip(dutch, english, strict=True))
        for language, value in zip(("nl", "en"), both, strict=True)
    ]


def row(rows: tuple[MetricRow, ...], metric: str, part: str = "all", language: str = "all") -> MetricRow:
    (found,) = [one for one in rows if (one.metric, one.slice, one.language) == (metric, part, language)]
    return found


def test_a_metric_is_averaged_by_language_and_over_both() -> None:
    rows = summarise(pairs("nugget_recall", [1.0, 0.5], [0.0, 0.5]))
    values = {language: row(rows, "nugget_recall", language=language).value for language in ("nl", "en", "all")}
    assert values == {"nl": 0.75, "en": 0.25, "all": 0.5}
    assert [row(rows, "nugget_recall", language=language).n for language in ("nl", "en", "all")] == [2, 2, 4]


def test_a_metric_that_does_not_apply_has_no_value_and_is_not_zero() -> None:
    rows = summarise([result("a", "nl", {"refused": None}), result("a", "en", {"refused": 1.0})])
    assert row(rows, "refused", language="nl") == MetricRow("refused", "all", "nl", None, None, None, 0)
    assert (row(rows, "refused").value, row(rows, "refused").n) == (1.0, 1)


def test_an_exception_is_in_no_figure_and_counted() -> None:
    broken = result("b", "nl", {}, error="RuntimeError: x", milliseconds=None)
    rows = summarise([*pairs("nugget_recall", [1.0], [1.0]), broken])
    assert row(rows, "nugget_recall").value == 1.0
    assert errors([broken]) == (("b-nl", "RuntimeError: x"),)
    assert latency([broken]) is None


def test_shares_within_a_language_have_wilsons_interval() -> None:
    found = row(summarise(pairs("hit@5", [1.0] * 8 + [0.0] * 2, [1.0] * 10)), "hit@5", language="nl")
    assert (found.low, found.high) == (pytest.approx(0.490, abs=1e-3), pytest.approx(0.943, abs=1e-3))


def test_over_both_languages_pairs_are_what_is_independent() -> None:
    alike = row(summarise(pairs("hit@5", [1.0, 0.0] * 10, [1.0, 0.0] * 10)), "hit@5")
    mixed = row(summarise(pairs("hit@5", [1.0, 0.0] * 10, [0.0, 1.0] * 10)), "hit@5")
    assert alike.high is not None and alike.low is not None and alike.high - alike.low > 0.3
    # Where one language always makes up for the other, pairs do not vary at all.
    assert mixed.high == mixed.low == 0.5


def test_success_in_every_case_does_not_make_certain() -> None:
    found = row(summarise(pairs("hit@5", [1.0] * 10, [1.0] * 10)), "hit@5")
    assert found.low == pytest.approx(0.722, abs=1e-3) and found.high == 1.0


def test_one_pair_has_no_interval() -> None:
    found = row(summarise(pairs("nugget_recall", [1.0], [0.5])), "nugget_recall")
    assert (found.value, found.low, found.high) == (0.75, None, None)


def test_tags_groups_and_stages_are_slices() -> None:
    results = pairs("mrr@10", [1.0], [1.0]) + pairs(
        "dense:mrr@10", [0.5], [0.5], group="newcomer", tags=("date", "typo")
    )
    rows = summarise(results)
    assert {one.slice for one in rows if one.metric == "mrr@10"} == {
        "all", "stage:dense", "tag:amount", "tag:date", "tag:typo", "group:newcomer", "group:staff",
    }  # fmt: skip
    assert row(rows, "mrr@10", "stage:dense").value == 0.5
    assert row(rows, "mrr@10", "tag:date").value is None


def test_the_same_results_have_the_same_intervals() -> None:
    results = pairs("nugget_recall", [0.1, 0.9, 0.4, 0.7], [0.2, 0.8, 0.5, 0.3])
    assert summarise(results) == summarise(results)
    assert parity(results) == parity(results)


def test_parity_of_shares_is_mcnemars() -> None:
    (found,) = parity(pairs("hit@5", [1.0] * 8 + [0.0] * 2, [0.0] * 8 + [1.0] + [0.0]))
    # 8 against 1 discordant pairs: 2 * (1 + 9) / 2^9.
    assert (found.test, found.n, found.p) == ("mcnemar", 10, pytest.approx(20 / 512))
    assert found.difference == pytest.approx(0.7)


def test_parity_of_the_rest_is_bootstrapped_and_adjusted() -> None:
    results = pairs("nugget_recall", [0.9] * 20, [0.1] * 20)
    both = [
        result(one.pair, one.language, {**one.metrics, "mrr@10": 0.5, "dense:mrr@10": 0.5, "refused": None})
        for one in results
    ]
    found = {one.metric: one for one in parity(both)}
    assert set(found) == {"nugget_recall", "mrr@10"}
    assert found["nugget_recall"].p < 0.01 and found["nugget_recall"].p_holm == pytest.approx(
        2 * found["nugget_recall"].p
    )
    assert (found["mrr@10"].difference, found["mrr@10"].p) == (0.0, 1.0)


def test_the_weakest_slices_are_each_named_once_worst_first() -> None:
    results = [
        *pairs("nugget_recall", [1.0] * 10, [1.0] * 10),
        *pairs("nugget_recall", [0.0, 0.5], [0.0, 0.5], group="newcomer", tags=("typo", "date")),
        *pairs("nugget_recall", [0.0], [0.0], group="evaluator", tags=("list",)),
    ]
    found = weakest(summarise(results))
    # Two cases tell too little: "list" and "evaluator" are left out.
    assert [one.row.slice for one in found] == ["tag:date", "tag:typo", "group:newcomer"]
    assert found[0].shortfall == pytest.approx(21 / 26 - 0.25)


def test_latency_is_median_and_95th_percentile() -> None:
    found = latency([result(str(n), "nl", {}, milliseconds=float(n)) for n in range(1, 101)])
    assert found is not None and (found.median, found.p95, found.n) == (50.5, pytest.approx(95.05), 100)


def test_metrics_keep_the_order_in_which_they_occur() -> None:
    assert metric_names([result("a", "nl", {"b": 1.0, "a": 1.0}), result("a", "en", {"c": None})]) == ("b", "a", "c")


def test_the_text_shows_what_does_not_apply_as_a_dash() -> None:
    results = [
        *pairs("nugget_recall", [1.0, 0.5], [1.0, 1.0]),
        result("u", "nl", {"groundedness": None, "dense:recall@10": 0.25, "dense:hit@1": 0.0}),
        result("b", "nl", {}, error="RuntimeError: x", milliseconds=None),
    ]
    lines = list(summary_lines(INFO, results))
    assert lines[0].split() == ["metric", "nl", "95%", "n", "en", "95%", "n", "all", "95%", "n"]
    (groundedness,) = [line for line in lines if line.startswith("groundedness")]
    assert groundedness.split() == ["groundedness", "-", "-", "0", "-", "-", "0", "-", "-", "0"]
    assert any(line.startswith("dense: recall@10  0.250") for line in lines)
    assert not any("dense: hit@1" in line for line in lines)
    assert "errors: 1 of 6 cases ended in an exception and are in no figure" in lines
    assert lines[-1] == "  b-nl: RuntimeError: x"


def test_a_run_in_which_every_case_failed_can_be_summed_up() -> None:
    lines = list(summary_lines(INFO, [result("b", "nl", {}, error="E: x", milliseconds=None)]))
    assert lines[0].startswith("metric") and "errors: 1 of 1" in "\n".join(lines)


def test_columns_are_aligned() -> None:
    assert list(aligned([["a", "b"], ["long", "c"]])) == ["a     b", "long  c"]
