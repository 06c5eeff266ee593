"""`python -m evals.fit_answerability`: fit the judgement whether the passages found hold the answer.

Needs an index of corpus/ (--index), the cases, and evals/answerability/fit.jsonl. Sets that somebody
else made are taken from a folder (--sets); those that are not there are skipped. Their indexes, and
small ones that are made of both, are kept (--cache), so the second time takes minutes. Half of their
questions is fitted on; the other half, and evals/answerability/test.jsonl, are for
`python -m evals answerability`.

Printed are figures by cross-validation: twins, and a question with and without its passages, are
always on the same side.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answerability.model import COEFFICIENTS, Logistic, sigmoid
from assistant.answerability.signals import measure
from assistant.commands.common import DONE, Parser, guarded, write
from assistant.embedder import load_embedder
from assistant.settings import load_settings
from evals.answerability.probes import Probe
from evals.answerability.regression import Recipe, fit, plain
from evals.answerability.small import of_corpus, of_passages
from evals.answerability.sources import CORPUS, FOLDER, is_for_fitting, labelled, own_probes, set_probes, whole_set
from evals.cases import read_cases
from evals.external_refusal import auroc

SMALL_SETS = ("clapnq", "pdf_kamervragen")
"""Of which small indexes are made."""
SETS = ("clapnq", "mtrag_un", "tldr_nl_en", "wetten_nl")
_FOLDS = 8
_LEFT_OUT_OWN, _LEFT_OUT_SETS = 0.1, 0.5
"""Weight of a question without its passages, against 1: in the corpus another document often says the same."""
_FALLING = (
    "open_",
    "far_",
    "lacking_",
    "name_lacking_",
    "figure_lacking_",
    "noun_lacking",
    "role_lacking",
    "side_lacking",
    "year_clash",
    "unknown",
    "rank_of_",
)
"""Beginnings of the signals that speak against an answer; all others speak for one."""
_SUBJECT = ("near_rest", "near_passages", "near_headings", "near_sentence", "unknown", "covered_all", "covered_best")
_DETAIL = (
    "near_sentence",
    "near_passage",
    "near_heading",
    "covered_best",
    "covered_all",
    "term_match",
    "lead_sentence",
)
_PENALTY = {"headed": 60.0, "loose": 60.0, "few": 30.0, "on_subject": 10.0, "detail_only": 10.0}
_SHARES = frozenset({"below_heading", "small"})
"""Signals that say how much each regression counts."""
_RELATIVE = frozenset({"score_top", "score_lead"})
"""Signals that depend on how many candidates there are."""
_REFUSED, _HEDGED = 0.05, 0.2
"""Share of the answerable questions on the corpus that may be refused, and share that may get a "not sure"."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question as the fit sees it."""

    probe: Probe
    signals: Mapping[str, float]
    weight: float = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write the coefficients; returns 0, or 2 where something that is needed is not there."""
    parser = Parser(prog="python -m evals.fit_answerability", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--index", type=Path, default=Path("index"), help="index of corpus/ (default: index)")
    parser.add_argument("--sets", type=Path, help=f"folder with the sets {', '.join(SETS)}")
    parser.add_argument("--cache", type=Path, default=Path(".cache/answerability"), help="where their indexes are kept")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="file of coefficients")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Ask all questions, fit, report and write."""
    settings = load_settings()
    embedder = load_embedder(settings.embedder)
    own: list[Probe] = []
    for name, cases in (("cases", list(read_cases(Path("evals/cases")))), ("fit", labelled(FOLDER / "fit.jsonl"))):
        own += own_probes(cases, arguments.index, embedder, settings, name)
    few = of_corpus(
        list(read_cases(Path("evals/cases"))), CORPUS, arguments.index, arguments.cache / "small", embedder, settings
    )
    others: list[Probe] = []
    for name in SETS:
        if arguments.sets is None or not (arguments.sets / name / "questions.jsonl").is_file():
            write(f"{name}: not there, so not fitted on; name the folder that holds it with --sets.")
            continue
        write(f"{name}: asking.")
        found = set_probes(arguments.sets / name, arguments.cache, embedder, settings)
        others += [probe for probe in found if is_for_fitting(probe)]
    for name in SMALL_SETS:
        if arguments.sets is not None and (arguments.sets / name / "questions.jsonl").is_file():
            found = of_passages(whole_set(arguments.sets / name), arguments.cache / "small", embedder, settings)
            few += [probe for probe in found if is_for_fitting(probe)]
    model = fitted_on(own, others, few)
    arguments.out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    write(f"Written to {arguments.out}.")
    return DONE


def fitted_on(own: Sequence[Probe], others: Sequence[Probe], few: Sequence[Probe]) -> dict[str, Any]:
    """Return all coefficients as plain values, and print what cross-validation says of them."""
    headed = balanced(_examples(own, _LEFT_OUT_OWN))
    loose = balanced(_examples(others, _LEFT_OUT_SETS)) or headed
    small = balanced(_examples(few, _LEFT_OUT_SETS)) or loose
    model: dict[str, Any] = {}
    for name, examples, omitted in (
        ("loose", loose, _SHARES),
        ("few", small, _RELATIVE | {"small"}),
        ("headed", headed, _SHARES),
    ):
        signals = tuple(one for one in headed[0].signals if one not in omitted)
        against = frozenset(one for one in signals if one.startswith(_FALLING))
        recipe = Recipe(signals, _PENALTY[name], frozenset(signals) - against - _SHARES, against)
        model[name] = plain(_fit(recipe, examples, _answerable))
        probabilities = cross_validated(recipe, examples)
        _report(name, examples, probabilities)
    asked = [pair for pair in zip(headed, probabilities, strict=True) if _counts_for_bands(pair[0].probe)]
    model |= thresholds([p for one, p in asked if one.probe.answerable])
    _report_curve(asked)
    refusals = [one for one in headed if one.probe.reason not in (None, "unclear_question")]
    answered = [one for one in headed if one.probe.answerable]
    model["on_subject"] = plain(_fit(Recipe(_SUBJECT, _PENALTY["on_subject"]), [*refusals, *answered], _is_on_subject))
    on_subject = [one for one in refusals if _is_on_subject(one)]
    model["detail_only"] = plain(_fit(Recipe(_DETAIL, _PENALTY["detail_only"]), on_subject, _lacks_a_detail))
    return model


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Weigh examples so that each source counts the same, and both labels within it; the mean weight becomes 1."""
    totals: defaultdict[tuple[str, bool], float] = defaultdict(float)
    for one in examples:
        totals[_share_of(one), one.probe.answerable] += one.weight
    factor = len(examples) / max(1, len(totals))
    return [
        Example(one.probe, one.signals, one.weight * factor / totals[_share_of(one), one.probe.answerable])
        for one in examples
    ]


def _share_of(one: Example) -> str:
    """Return the name under which a source is weighed; the two files on the corpus are one."""
    return "corpus" if one.probe.source in ("cases", "fit") else one.probe.source


def cross_validated(recipe: Recipe, examples: Sequence[Example]) -> list[float]:
    """Return the probability of each example from a fit that has seen nothing of its group."""
    groups = sorted({one.probe.group for one in examples})
    order = np.random.default_rng(0).permutation(len(groups))
    fold = {groups[at]: number % _FOLDS for number, at in enumerate(order)}
    fits = [
        _fit(recipe, [one for one in examples if fold[one.probe.group] != number], _answerable)
        for number in range(_FOLDS)
    ]
    return [sigmoid(fits[fold[one.probe.group]].logit(one.signals)) for one in examples]


def thresholds(answerable: Sequence[float]) -> dict[str, float]:
    """Return the probabilities from which on a question is answered in part, and in full.

    They are those below which the given share of the answerable questions lies, judged by fits that have not seen them.
    """
    partial, answered = np.quantile(answerable, [_REFUSED, _REFUSED + _HEDGED])
    return {"partial": round(float(partial), 3), "answered": round(float(answered), 3)}


def _counts_for_bands(probe: Probe) -> bool:
    """Tell whether somebody wrote a question as it is, and it is clear enough to be judged by its passages."""
    return probe.kind == "asked" and probe.reason != "unclear_question"


def _report_curve(asked: Sequence[tuple[Example, float]]) -> None:
    """Print what refusing below each probability would mean."""
    write("below     answerable  unanswerable  of the refusals, with both kinds as frequent, right")
    yes = np.array([p for one, p in asked if one.probe.answerable])
    no = np.array([p for one, p in asked if not one.probe.answerable])
    for limit in np.arange(0.1, 0.75, 0.05):
        wrong, right = float((yes < limit).mean()), float((no < limit).mean())
        write(f"{limit:5.2f}  {wrong:11.3f}  {right:12.3f}  {right / max(1e-9, right + wrong):.3f}")


def _examples(probes: Sequence[Probe], left_out: float) -> list[Example]:
    """Measure the signals of all questions for which something was found."""
    return [
        Example(
            probe,
            measure(probe.query, probe.hits, probe.quotes, probe.knowledge),
            1.0 if probe.kind == "asked" else left_out,
        )
        for probe in probes
        if probe.hits
    ]


def _fit(recipe: Recipe, examples: Sequence[Example], label: Callable[[Example], bool]) -> Logistic:
    """Fit a regression to one label, both values of which count the same."""
    labels = [label(one) for one in examples]
    total = {
        value: sum(one.weight for one, own in zip(examples, labels, strict=True) if own is value)
        for value in (True, False)
    }
    weights = [one.weight / total[own] for one, own in zip(examples, labels, strict=True)]
    return fit(recipe, [one.signals for one in examples], labels, weights)


def _answerable(one: Example) -> bool:
    """Label of the probability."""
    return one.probe.answerable


def _is_on_subject(one: Example) -> bool:
    """Label of a question about the subject of the documents."""
    return one.probe.reason != "out_of_scope"


def _lacks_a_detail(one: Example) -> bool:
    """Label of a question on something that the documents do speak of."""
    return one.probe.reason == "insufficient"


def _report(name: str, examples: Sequence[Example], probabilities: Sequence[float]) -> None:
    """Print AUROC per source and kind."""
    for source in sorted({one.probe.source for one in examples}):
        rows = [pair for pair in zip(examples, probabilities, strict=True) if pair[0].probe.source == source]
        yes = [p for one, p in rows if one.probe.answerable]
        for kind in ("asked", "left out"):
            no = [p for one, p in rows if not one.probe.answerable and one.probe.kind == kind]
            area = auroc(yes, no)
            if area is not None:
                write(f"{name:7} {source:11} {kind:9} AUROC {area:.3f} ({len(yes)} answerable, {len(no)} not)")


if __name__ == "__main__":
    sys.exit(main())
