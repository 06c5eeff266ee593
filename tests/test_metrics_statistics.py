import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Interval, bootstrap_interval, holm, mcnemar_exact, paired_bootstrap, wilson_interval

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=12)
P_VALUES = st.lists(st.floats(0, 1), max_size=8)


def interval(found: Interval | None) -> tuple[float, float]:
    assert found is not None
    return found.low, found.high


def test_a_bootstrap_that_can_be_written_out() -> None:
    # Two draws from (0, 1) have the mean 0, 1/2 or 1 with chance 1/4, 1/2 and 1/4. Below the mean of 1/2, with ties for
    # half, lies 1/2: z0 = 0. The jackknife is symmetric: a = 0. So the ends are the quantiles at 2.5% and 97.5%.
    assert interval(bootstrap_interval([0, 1], seed=1)) == (0, 1)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_bootstrap_interval_equals_that_of_scipy(level: float) -> None:
    values = np.random.default_rng(4).exponential(size=40)
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=5000, method="BCa", rng=5, confidence_level=level
    ).confidence_interval
    # With one seed scipy 1.17 draws the same samples; another version may not, and would come within 0.03.
    found = interval(bootstrap_interval(list(values), seed=5, resamples=5000, level=level))
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_the_bootstrap_interval_covers_a_known_mean_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    samples = generator.beta(0.5, 1.5, size=(400, 40))  # mean 0.5 / (0.5 + 1.5) = 0.25, skewed as scores are
    covered = 0
    for seed, values in enumerate(samples):
        low, high = interval(bootstrap_interval(list(values), seed, resamples=1000))
        covered += low <= 0.25 <= high
    # The share of 400 has a standard error of 0.011, and a bootstrap of 40 skewed values falls a little short of 95%.
    assert 0.91 <= covered / 400 <= 0.97


def test_too_few_values_have_no_interval_and_equal_ones_have_no_width() -> None:
    assert bootstrap_interval([], seed=1) is None
    assert bootstrap_interval([0.5], seed=1) is None
    assert bootstrap_interval([0.5, 0.6], seed=1, clusters=["a", "a"]) is None
    assert interval(bootstrap_interval([0.1] * 7, seed=1)) == pytest.approx((0.1, 0.1))


@given(SHARES, st.integers(0, 5))
def test_a_seed_decides_and_the_interval_stays_within_the_values(values: list[float], seed: int) -> None:
    found = interval(bootstrap_interval(values, seed, resamples=200))
    assert found == interval(bootstrap_interval(values, seed, resamples=200))
    assert min(values) - 1e-9 <= found[0] <= found[1] <= max(values) + 1e-9


@given(SHARES, st.integers(0, 5))
def test_asking_every_question_twice_does_not_narrow_an_interval_over_clusters(values: list[float], seed: int) -> None:
    names = [str(number) for number in range(len(values))]
    once = interval(bootstrap_interval(values, seed, resamples=200))
    assert interval(bootstrap_interval(values * 2, seed, 200, clusters=names * 2)) == pytest.approx(once)


def test_an_interval_that_takes_twins_for_independent_is_too_narrow() -> None:
    values = list(np.random.default_rng(3).random(30))
    names = [str(number) for number in range(30)]
    low, high = interval(bootstrap_interval(values * 2, seed=1, clusters=names * 2))
    narrow_low, narrow_high = interval(bootstrap_interval(values * 2, seed=1))
    # Twice the values, all seeming independent: narrower by the square root of 2.
    assert (high - low) / (narrow_high - narrow_low) == pytest.approx(2**0.5, rel=0.05)


def test_clusters_of_unlike_size_weigh_each_value_the_same() -> None:
    found = paired_bootstrap([1, 1, 0, 0], [0, 0, 0, 1], seed=1, clusters=["a", "a", "b", "c"])
    # Differences 1, 1, 0, -1: mean 1/4, whatever they belong to.
    assert found is not None
    assert (found.difference, found.n) == (0.25, 4)


def test_a_paired_bootstrap_that_can_be_written_out() -> None:
    # All six questions gain 0.1. Shifted to mean 0 nothing is left to vary, so the bootstrap alone would be certain;
    # six signs alike have a chance of 2 / 2^6 = 0.03125.
    found = paired_bootstrap([0.6] * 6, [0.5] * 6, seed=1)
    assert found is not None
    assert found.difference == pytest.approx(0.1)
    assert interval(found.interval) == pytest.approx((0.1, 0.1))
    assert found.p == 0.03125
    single = paired_bootstrap([1], [0], seed=1)
    assert single is not None
    assert (single.p, single.interval) == (1.0, None)


def test_two_systems_that_are_alike_differ_by_nothing() -> None:
    found = paired_bootstrap([0.2, 0.4, 0.9], [0.2, 0.4, 0.9], seed=1)
    assert found is not None
    assert (found.difference, found.p) == (0, 1)
    assert paired_bootstrap([], [], seed=1) is None


def test_the_paired_bootstrap_comes_near_the_paired_t_test_on_many_normal_differences() -> None:
    generator = np.random.default_rng(8)
    a, b = generator.normal(0.2, 1, 80), generator.normal(0, 1, 80)
    found = paired_bootstrap(list(a), list(b), seed=2)
    assert found is not None
    assert found.p == pytest.approx(scipy.stats.ttest_rel(a, b).pvalue, abs=0.02)
    mirrored = paired_bootstrap(list(b), list(a), seed=2)
    assert mirrored is not None
    assert (mirrored.difference, mirrored.p) == pytest.approx((-found.difference, found.p))


def test_the_paired_bootstrap_rejects_what_is_equal_about_as_often_as_it_may() -> None:
    generator = np.random.default_rng(21)
    rejected = 0
    for seed in range(400):
        a, b = generator.random((2, 30))
        found = paired_bootstrap(list(a), list(b), seed, resamples=500)
        assert found is not None
        rejected += found.p <= 0.05
    assert 0.02 <= rejected / 400 <= 0.085


def test_mcnemar_by_hand() -> None:
    # b = 1, c = 7: 2 (C(8,0) + C(8,1)) / 2^8 = 18 / 256.
    assert mcnemar_exact(1, 7) == mcnemar_exact(7, 1) == 18 / 256
    assert mcnemar_exact(0, 0) == mcnemar_exact(3, 3) == 1


@given(st.integers(0, 400), st.integers(0, 400))
def test_mcnemar_equals_the_binomial_test_of_scipy(b: int, c: int) -> None:
    theirs = scipy.stats.binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    assert mcnemar_exact(b, c) == pytest.approx(theirs, rel=1e-9)


def test_the_wilson_interval_by_hand() -> None:
    # 5 of 10, z = 1.959964, z^2 = 3.841459: centre 0.5 + 3.841459/20 = 0.692073,
    # reach 1.959964 sqrt(0.25/10 + 3.841459/400) = 0.364592, both over 1 + 0.3841459: 0.236594 and 0.763406.
    assert interval(wilson_interval(5, 10)) == pytest.approx((0.236594, 0.763406), abs=1e-5)
    assert wilson_interval(0, 0) is None


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_wilson_interval_equals_that_of_scipy(successes: int, failures: int, level: float) -> None:
    if successes + failures == 0:
        return
    test = scipy.stats.binomtest(successes, successes + failures)
    theirs = test.proportion_ci(level, method="wilson")
    found = interval(wilson_interval(successes, successes + failures, level))
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0 <= found[0] <= successes / (successes + failures) <= found[1] <= 1


def test_holm_by_hand() -> None:
    # Sorted: 0.005 x 4 = 0.02; 0.01 x 3 = 0.03; 0.03 x 2 = 0.06; 0.04 x 1 = 0.04, lifted to the 0.06 before it.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


@given(P_VALUES)
def test_holm_lies_between_the_p_value_and_bonferroni_and_keeps_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for p, one in zip(p_values, adjusted, strict=True):
        assert p <= one <= min(1.0, p * len(p_values)) or one == p
    ordered = sorted(zip(p_values, adjusted, strict=True))
    assert [one for _, one in ordered] == sorted(adjusted)


@given(P_VALUES, st.sampled_from([0.01, 0.05, 0.2]))
def test_holm_rejects_what_its_step_down_procedure_rejects(p_values: list[float], alpha: float) -> None:
    rejected = 0
    for tested, p in enumerate(sorted(p_values)):
        if p * (len(p_values) - tested) > alpha:
            break
        rejected += 1
    assert sum(one <= alpha for one in holm(p_values)) == rejected


@pytest.mark.parametrize(
    "call",
    [
        lambda: paired_bootstrap([1], [1, 2], seed=1),
        lambda: bootstrap_interval([float("nan"), 1], seed=1),
        lambda: bootstrap_interval([1, 2], seed=1, resamples=0),
        lambda: bootstrap_interval([1, 2], seed=1, level=1),
        lambda: bootstrap_interval([1, 2], seed=1, clusters=["a"]),
        lambda: mcnemar_exact(-1, 2),
        lambda: wilson_interval(3, 2),
        lambda: holm([0.5, 1.5]),
    ],
)
def test_what_cannot_be_computed_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError):
        call()
