"""What a run may lose beside the accepted one before the gate fails, and why so much.

Three rules hold for each gated metric, because each is blind where another sees:

- Significance: a one-sided paired test of the drop, adjusted for the number of gated metrics (Holm).
  It sees a small loss in many cases, such as every ranking a little worse. It cannot see few cases:
  where k cases turn from right to wrong and none back, p is about 1 / 2^k, and with a dozen metrics
  it takes eight or nine of them.
- The drop of the mean, in all cases of the metric: sees what few cases lose.
- The number of lost cases (see `paired.LOST`), whatever others gained: ten answers that turned wrong
  are not made good by ten others that turned right.

An index that is made in another way than the baseline's (another embedder, chunker or stemmer) has to
be accepted knowingly, whatever the metrics say: a fault there can stay hidden behind the other leg.

Nothing is allowed of what the product promises never to do: a new forbidden statement, a new answer
with a wrong number, a new exception, a case or a metric that is no longer measured, or a gap between
Dutch and English that holds after Holm and that the baseline did not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evals.metrics import holm
from evals.paired import PairedRow, common, compare_metrics
from evals.results import CaseResult
from evals.summary import ParityRow, metric_names, parity

_NAMED = 20
_ROUNDING = 1e-9
_NUMBER_KINDS = ("amount", "date")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one metric may lose."""

    drop: float
    """Of the mean over all cases to which the metric applies."""
    lost: int
    """Cases that may turn from right to wrong, or lose half of a graded metric."""
    reason: str


@dataclass(frozen=True, slots=True)
class GateRules:
    """All limits of the gate, for some 240 to 400 cases in pairs, of which one in six has no answer."""

    level: float = 0.05
    """One-sided chance of failing a run that is no worse, over all gated metrics together. The assistant gives the
    same answers every time, so a run without a change never fails by chance."""
    parity_level: float = 0.05
    """Two-sided, after Holm, for a gap between the languages."""
    allowances: Mapping[str, Allowance] = field(
        default_factory=lambda: {
            "answered": Allowance(0.03, 5, "a needless refusal costs the reader time, and misleads nobody"),
            "refused": Allowance(0.05, 2, "an answer where the documents hold none breaks the promise to say so"),
            "refusal_reason": Allowance(0.10, 4, "a wrong reason for a right refusal sends the reader astray a little"),
            "nugget_recall": Allowance(0.02, 5, "what a good answer says; some cases turn on the wording of a nugget"),
            "citation_recall": Allowance(0.01, 2, "sentences that their citation does not support break a promise"),
            "citation_precision": Allowance(0.02, 5, "a citation too many is checked in a moment"),
            "gold_citation_recall": Allowance(0.03, 7, "another sentence may say the same as the gold one"),
            "groundedness": Allowance(0.01, 2, "sentences that the verifier does not find break a promise"),
            "language": Allowance(0.01, 2, "an answer in the other language is no answer to many readers"),
            "hit@5": Allowance(0.02, 5, "what is not among the first passages cannot be answered from"),
            "recall@10": Allowance(0.02, 7, "answers from several documents need all of them"),
            "ndcg@10": Allowance(0.02, 9, "the order moves with every change of the retriever"),
        }
    )


RULES = GateRules()


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for which a run fails."""

    what: str
    """The metric and what is wrong with it."""
    cases: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one line."""
        if not self.cases:
            return self.what
        more = f" and {len(self.cases) - _NAMED} more" if len(self.cases) > _NAMED else ""
        return f"{self.what}: {', '.join(self.cases[:_NAMED])}{more}"


def check(baseline: Sequence[CaseResult], results: Sequence[CaseResult], rules: GateRules = RULES) -> list[Finding]:
    """Return all reasons for which a run fails beside the baseline; none where it passes.

    Metrics are compared over the cases with the same id; what is never allowed counts in new cases too.
    """
    return [
        *_never(baseline, results),
        *_unmeasured(baseline, results, rules),
        *_drops(baseline, results, rules),
        *_gaps(baseline, results, rules),
    ]


def differently_made(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Finding]:
    """Return a finding for each part of the identity in which the indexes of two runs differ."""
    old, new = before.get("identity", {}), after.get("identity", {})
    return [
        Finding(f"the index is made in another way: {name} was {old.get(name)}, is {new.get(name)}; --update if meant")
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _never(baseline: Sequence[CaseResult], results: Sequence[CaseResult]) -> Iterator[Finding]:
    """Yield what is not allowed once."""
    before = {one.case: one for one in baseline}
    for what, applies in (
        ("new exception", _failed),
        ("new forbidden statement", _says_forbidden),
        ("new answer with a wrong number", _has_wrong_number),
    ):
        cases = [one.case for one in results if applies(one) and not (one.case in before and applies(before[one.case]))]
        if cases:
            yield Finding(what, tuple(cases))


def _failed(result: CaseResult) -> bool:
    """Tell whether an exception took the place of an answer."""
    return result.error is not None


def _says_forbidden(result: CaseResult) -> bool:
    """Tell whether an answer says what it must not."""
    return result.metrics.get("nothing_forbidden") == 0


def _has_wrong_number(result: CaseResult) -> bool:
    """Tell whether an answer to a question for an amount or a date names some, and nothing of what it has to say."""
    asks = bool(result.tags) and result.tags[0] in _NUMBER_KINDS
    return asks and result.metrics.get("type") == 1 and result.metrics.get("nugget_recall") == 0


def _unmeasured(baseline: Sequence[CaseResult], results: Sequence[CaseResult], rules: GateRules) -> Iterator[Finding]:
    """Yield cases that the run lacks, and metrics that no case of it has a value for."""
    present = {one.case for one in results}
    missing = tuple(one.case for one in baseline if one.case not in present)
    if missing:
        yield Finding("cases of the baseline that were not run", missing)
    measured, were_measured = _with_value(results), _with_value(baseline)
    for name in rules.allowances:
        if name in were_measured and name not in measured:
            yield Finding(f"{name}: the baseline has values for it, the run has none")


def _with_value(results: Sequence[CaseResult]) -> set[str]:
    """Return the metrics that some case has a value for."""
    return {name for name in metric_names(results) if any(one.metrics.get(name) is not None for one in results)}


def _drops(baseline: Sequence[CaseResult], results: Sequence[CaseResult], rules: GateRules) -> Iterator[Finding]:
    """Yield the gated metrics that fell too far."""
    rows = compare_metrics(common(baseline, results), list(rules.allowances), "all")
    adjusted = holm([row.p / 2 if row.difference < 0 else 1 - row.p / 2 for row in rows])
    for row, p in zip(rows, adjusted, strict=True):
        faults = _faults(row, p, rules)
        if faults:
            told = f"{row.metric}: {row.before:.3f} → {row.after:.3f} over {row.n} cases; {'; '.join(faults)}; worse in"
            yield Finding(told, row.fell)


def _faults(row: PairedRow, p: float, rules: GateRules) -> list[str]:
    """Say which of the three rules a metric breaks; p is one-sided and adjusted."""
    allowance = rules.allowances[row.metric]
    faults = []
    if p < rules.level:
        faults.append(f"a significant drop (one-sided p {p:.3f} after Holm)")
    if -row.difference > allowance.drop + _ROUNDING:
        faults.append(f"a drop of {-row.difference:.3f} where {allowance.drop:.3f} is allowed")
    if len(row.lost) > allowance.lost:
        faults.append(f"{len(row.lost)} cases lost where {allowance.lost} are allowed")
    return faults


def _gaps(baseline: Sequence[CaseResult], results: Sequence[CaseResult], rules: GateRules) -> Iterator[Finding]:
    """Yield the gated metrics on which one language now lies behind and did not before."""
    before = {row.metric: _behind(row, rules) for row in parity(baseline)}
    for row in parity(results):
        behind = _behind(row, rules)
        if row.metric in rules.allowances and behind and behind != before.get(row.metric):
            told = f"{row.metric}: {behind} lies behind by {abs(row.difference):.3f} over {row.n} pairs"
            told += f" (p {row.p_holm:.3f} after Holm), and did not in the baseline"
            yield Finding(told, _pairs_behind(results, row))


def _behind(row: ParityRow, rules: GateRules) -> str | None:
    """Return the language that significantly lies behind; None where neither does."""
    if row.p_holm >= rules.parity_level or row.difference == 0:
        return None
    return "Dutch" if row.difference < 0 else "English"


def _pairs_behind(results: Sequence[CaseResult], row: ParityRow) -> tuple[str, ...]:
    """Return the cases that score lower than the same question in the other language."""
    low = "nl" if row.difference < 0 else "en"
    other = {one.pair: one.metrics.get(row.metric) for one in results if one.language != low}
    found = []
    for one in results:
        value, twin = one.metrics.get(row.metric), other.get(one.pair)
        if one.language == low and value is not None and twin is not None and value < twin:
            found.append(one.case)
    return tuple(found)
