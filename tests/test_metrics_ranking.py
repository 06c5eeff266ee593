import random
from math import log2

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import hit, ndcg_at_k, recall_at_k, reciprocal_rank

CUTS = (1, 3, 5, 10)
GAINS = st.lists(st.integers(0, 3), max_size=12)


def test_the_reciprocal_rank_and_hit_take_ids_or_judgements() -> None:
    # c is the first relevant one, at rank 3: 1/3, and no hit among the first two.
    assert reciprocal_rank(["a", "b", "c", "d"], {"c", "d"}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank([False, False, True, True], {True}, 10) == pytest.approx(1 / 3)
    assert (hit([False, False, True], {True}, 2), hit([False, False, True], {True}, 3)) == (0.0, 1.0)


def test_recall_counts_all_that_is_relevant_below() -> None:
    # 2 of 4 are among the first three; the third is at rank 5; one is not found.
    gains = [1, 0, 1, 0, 1]
    assert recall_at_k(gains, 4, 3) == 2 / 4
    assert recall_at_k(gains, 4, 5) == recall_at_k(gains, 4, 100) == 3 / 4


def test_ndcg_with_equal_gains() -> None:
    # Ranks 2 and 3 of three relevant passages, k = 3.
    # DCG = 1/log2(3) + 1/log2(4) = 0.630930 + 0.5 = 1.130930; ideal = 1 + 0.630930 + 0.5 = 2.130930.
    assert ndcg_at_k([0, 1, 1], 3, 3) == pytest.approx(1.130930 / 2.130930, abs=1e-6)


def test_ndcg_with_graded_gains() -> None:
    # DCG = 2/log2(3) + 1/log2(4) = 1.261860 + 0.5 = 1.761860; ideal = 2 + 1/log2(3) = 2.630930.
    assert ndcg_at_k([0, 2, 1], [1, 2, 0], 10) == pytest.approx(1.761860 / 2.630930, abs=1e-6)


def test_more_relevant_passages_than_k_can_still_be_ranked_perfectly() -> None:
    assert ndcg_at_k([1, 1], 5, 2) == 1.0
    assert recall_at_k([1, 1], 5, 2) == 2 / 5


def test_an_empty_list_finds_nothing_and_nothing_relevant_is_no_measurement() -> None:
    assert (recall_at_k([], 2, 5), ndcg_at_k([], 2, 5)) == (0.0, 0.0)
    assert (reciprocal_rank([], {"a"}, 5), hit([], {"a"}, 5)) == (0.0, 0.0)
    assert recall_at_k([0, 0], 0, 5) is None
    assert ndcg_at_k([0, 0], 0, 5) is None
    assert ndcg_at_k([0, 0], [0, 0], 5) is None


def test_judgements_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="3 relevant passages are ranked, and only 2"):
        recall_at_k([1, 1, 1], 2, 1)
    with pytest.raises(ValueError, match="gain"):
        ndcg_at_k([2, 1], 2, 1)
    with pytest.raises(ValueError, match="not after 0"):
        hit(["a"], {"a"}, 0)


def made_up(seed: int) -> tuple[dict[str, int], dict[str, float]]:
    """Return judgements with grades -1 to 3 and a run with tied scores, unjudged passages, and often too few."""
    chance = random.Random(seed)
    ids = [f"d{number:02}" for number in range(30)]
    judged = {one: chance.choice([-1, 0, 0, 1, 1, 2, 3]) for one in chance.sample(ids, chance.randint(1, 20))}
    found = chance.sample(ids, chance.choice([1, 2, 4, 8, 15, 30]))
    return judged, {one: float(chance.randint(0, 6)) for one in found}


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "graded"])
def test_every_metric_equals_trec_eval_on_random_runs(binary: bool) -> None:
    cuts = ",".join(map(str, CUTS))
    measures = {f"ndcg_cut.{cuts}", f"recall.{cuts}", f"success.{cuts}", "recip_rank"}
    compared = 0
    for seed in range(300):
        judged, scores = made_up(seed)
        if binary:
            judged = {one: int(gain > 0) for one, gain in judged.items()}
        # trec_eval breaks ties by id, the last one first.
        ranked = sorted(scores, key=lambda one: (scores[one], one), reverse=True)
        theirs = pytrec_eval.RelevanceEvaluator({"q": judged}, measures).evaluate({"q": scores})["q"]
        relevant = {one for one, gain in judged.items() if gain > 0}
        gains = [judged.get(one, 0) for one in ranked]
        if not relevant:
            assert ndcg_at_k(gains, 0, 5) is None
            assert recall_at_k(gains, 0, 5) is None
            continue
        for k in CUTS:
            of_all = len(relevant) if binary else list(judged.values())
            assert ndcg_at_k(gains, of_all, k) == pytest.approx(theirs[f"ndcg_cut_{k}"], abs=1e-9)
            assert recall_at_k(gains, len(relevant), k) == pytest.approx(theirs[f"recall_{k}"])
            assert hit(ranked, relevant, k) == theirs[f"success_{k}"]
        assert reciprocal_rank(ranked, relevant, 100) == pytest.approx(theirs["recip_rank"])
        compared += 1
    assert compared > 250


@given(GAINS, st.lists(st.integers(1, 3), max_size=5), st.integers(1, 15))
def test_ndcg_and_recall_lie_between_0_and_1(gains: list[int], missed: list[int], k: int) -> None:
    ndcg, recall = ndcg_at_k(gains, gains + missed, k), recall_at_k(gains, sum(g > 0 for g in gains) + len(missed), k)
    if ndcg is None or recall is None:
        assert ndcg is recall is None
    else:
        assert 0 <= ndcg <= 1 + 1e-12
        assert 0 <= recall <= 1


@given(GAINS.filter(any), st.integers(1, 15))
def test_the_best_order_has_an_ndcg_of_1(gains: list[int], k: int) -> None:
    assert ndcg_at_k(sorted(gains, reverse=True), gains, k) == pytest.approx(1)


@given(GAINS.filter(any), st.integers(1, 14))
def test_a_longer_list_never_lowers_recall_hit_or_reciprocal_rank(gains: list[int], k: int) -> None:
    flags, relevant = [gain > 0 for gain in gains], sum(gain > 0 for gain in gains)
    recalls = recall_at_k(gains, relevant, k), recall_at_k(gains, relevant, k + 1)
    assert recalls[0] is not None
    assert recalls[1] is not None
    assert recalls[0] <= recalls[1]
    assert hit(flags, {True}, k) <= hit(flags, {True}, k + 1)
    assert reciprocal_rank(flags, {True}, k) <= reciprocal_rank(flags, {True}, k + 1)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12).filter(any), st.data())
def test_moving_a_better_passage_up_never_lowers_ndcg(gains: list[int], data: st.DataObject) -> None:
    upper = data.draw(st.integers(0, len(gains) - 2))
    swapped = list(gains)
    swapped[upper : upper + 2] = sorted(gains[upper : upper + 2], reverse=True)
    before, after = ndcg_at_k(gains, gains, 5), ndcg_at_k(swapped, gains, 5)
    assert before is not None
    assert after is not None
    assert after >= before - 1e-12


def test_the_discount_is_one_over_the_logarithm_of_the_rank_plus_one() -> None:
    for rank in range(1, 8):
        assert ndcg_at_k([0] * (rank - 1) + [1], 1, 10) == pytest.approx(1 / log2(rank + 1))
