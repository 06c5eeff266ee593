"""`python -m evals.fit_answers --index DIR [--write]`: fit how much each feature of a sentence counts.

A conditional logit (softmax) over all sentences of the passages found for a question: its target is
spread evenly over the sentences that overlap a gold quote. Maximum likelihood by Newton's method with
an L2 penalty on standardised features (McFadden 1974; as a ranking loss ListNet, Cao et al. 2007). A
weight whose sign is known beforehand may become 0, but not cross it. Printed for cross-validation by
pair, so that a question and its translation are never on both sides.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from assistant.answerers.features import FEATURES, Candidate, candidates
from assistant.answerers.lists import is_table, list_of
from assistant.answerers.weights import PATH
from assistant.answerers.wording import announces
from assistant.commands.common import DONE, guarded, write
from assistant.conversation import to_search_query
from assistant.embedder import Background
from assistant.index import Index
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.types import Quote
from evals import metrics
from evals.cases import Case, parse_case, read_cases
from evals.jsonl import lines_of
from evals.relevance import GoldSpan, judge

_HERE = Path(__file__).parent
_SETS = (_HERE / "cases", _HERE / "answerability" / "fit.jsonl")
_PENALTY = 3.0
_FOLDS = 5
_LEAST_SPREAD = 0.1
"""What hardly varies would otherwise hardly be held down by the penalty."""
_SEED = 0
_STEPS = 30
_HARMFUL = frozenset(
    {
        "lacks_name",
        "lacks_number",
        "lacks_kind",
        "about_another",
        "gives_address",
        "announces",
        "opens_table",
        "fragment",
        "remarks",
        "report",
    }
    | {"table_for_list"}
)
_OF_EITHER_SIGN = frozenset({"table", "length", "negates", "says_what_lacks", "opens_list"})
_FIXED = {
    "remarks": -1.2,
    "report": -0.6,
    "announces": -2.0,
    "gives_address": -1.0,
    "defines": 2.0,
    "opens_list_asked_for": 1.5,
    "in_list_for_procedure": 1.5,
    "in_steps_for_procedure": 3.0,
}
"""Weights that the cases cannot tell: they ask each document in turn, so a report that looks back on what others state
is gold as often as they are, and hardly any asks how to do something. For a reader, the sentence that states a thing
comes before one that remarks on it, and steps before what is said of them."""
_SIGNS = np.array([0 if name in _OF_EITHER_SIGN else -1 if name in _HARMFUL else 1 for name in FEATURES])

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Example:
    """A question with the sentences found for it."""

    case: Case
    values: Values
    """Shape (sentences, features)."""
    gold: Values
    """1 for a sentence that overlaps a gold quote, else 0."""
    texts: tuple[str, ...]


def main() -> int:
    """Print the figures of cross-validation and the weights; with --write, put them in place."""
    return guarded(_run)


def _run() -> int:
    """Fit on both sets."""
    parser = argparse.ArgumentParser(description="fit how much each feature of a sentence counts")
    parser.add_argument("--index", type=Path, required=True, help="index of the corpus of the cases")
    parser.add_argument("--write", action="store_true", help="replace the weights that the assistant uses")
    arguments = parser.parse_args()
    cases = [case for source in _SETS if source.exists() for case in _cases(source) if case.answerable]
    examples = list(_examples(arguments.index, cases))
    write(f"{len(examples)} questions, {sum(len(one.gold) for one in examples)} sentences")
    figures = _cross_validated(examples)
    for name, value in figures.items():
        write(f"{name:28s} {value:.3f}")
    weights = dict(zip(FEATURES, _fit(examples).round(3).tolist(), strict=True))
    for name, weight in weights.items():
        write(f"  {name:26s} {weight:+.3f}")
    if arguments.write:
        provenance = {
            "made_by": "python -m evals.fit_answers --write",
            "method": "conditional logit over the sentences found for a question; see evals/fit_answers.py",
            "cases": [str(source.relative_to(_HERE.parent)) for source in _SETS if source.exists()],
            "questions": len(examples),
            "cross_validated": {name: round(value, 3) for name, value in figures.items()},
        }
        PATH.write_text(json.dumps({**provenance, "weights": weights}, indent=2) + "\n", encoding="utf-8")
        write(f"written: {PATH}")
    return DONE


def _cases(source: Path) -> Sequence[Case]:
    """Read a folder of cases, or one file of them."""
    if source.is_dir():
        return read_cases(source)
    return [parse_case(line, place) for line, place in lines_of(source)]


def _examples(directory: Path, cases: Sequence[Case]) -> Iterator[_Example]:
    """Search for each case and compute the features of what is found."""
    settings = load_settings({"index": {"directory": directory}})
    with closing(Assistant.open(settings)) as assistant, assistant.retriever.lease() as index:
        judgements = judge(cases, index)
        spread = Background(*index.manifest.extra["background"]).spread
        for case in cases:
            query = to_search_query(case.question, case.history)
            hits = assistant.retriever.search(query, index=index, prefer_language=True)
            found = candidates(query, hits, index.lexical.rarity, spread)
            places = [place for places in judgements[case.id].gold for place in places]
            listed = [_brought(one, index) for one in found]
            gold = np.array([float(any(_overlap(place, one) for place in places for one in group)) for group in listed])
            values = np.array([one.values for one in found])
            yield _Example(case, values, gold, tuple("\n".join(one.text for one in group) for group in listed))


def _brought(candidate: Candidate, index: Index) -> list[Quote]:
    """Return a sentence with what an answer brings along with it: a sentence that opens a list stands for all of it."""
    quotes = [candidate.quote]
    if announces(candidate.quote.text):
        brought = list_of(
            candidate.quote, candidate.hit, lambda row: index.chunk(row) if 0 <= row < index.size else None
        )
        quotes = quotes if is_table(brought) else brought
    return quotes


def _overlap(place: GoldSpan, quote: Quote) -> bool:
    """Tell whether a sentence overlaps a gold quote."""
    same = place.document == quote.chunk.document
    return same and place.start < quote.span.end and quote.span.start < place.end


def _fit(examples: Sequence[_Example]) -> Values:
    """Return the weights of the features."""
    scale = np.concatenate([one.values for one in examples]).std(axis=0)
    scale[scale < 1e-6] = 1.0
    scale = np.maximum(scale, _LEAST_SPREAD)
    known = [(one.values / scale, one.gold / one.gold.sum()) for one in examples if one.gold.any()]
    weights = np.array([_FIXED.get(name, 0.0) for name in FEATURES]) * scale
    fitted = np.array([name not in _FIXED for name in FEATURES])
    for _ in range(_STEPS):
        gradient, curvature = -_PENALTY * weights, _PENALTY * np.eye(len(weights))
        for values, target in known:
            scores = values @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ values
            gradient += values.T @ (target - chances)
            curvature += (values * chances[:, None]).T @ values - np.outer(mean, mean)
        # A weight at the border that would cross it stays where it is.
        free = fitted & ~((weights == 0) & (_SIGNS != 0) & (gradient * _SIGNS < 0))
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        weights = np.where((_SIGNS != 0) & ((weights + step) * _SIGNS < 0), 0.0, weights + step)
    return np.asarray(weights / scale)


def _cross_validated(examples: Sequence[_Example]) -> dict[str, float]:
    """Return how often the first sentence is gold, and the nugget recall of the first one to three sentences."""
    pairs = sorted({one.case.pair for one in examples})
    np.random.default_rng(_SEED).shuffle(pairs)
    fold = {pair: number % _FOLDS for number, pair in enumerate(pairs)}
    found: dict[str, list[float]] = {}
    for number in range(_FOLDS):
        weights = _fit([one for one in examples if fold[one.case.pair] != number])
        for one in examples:
            if fold[one.case.pair] == number:
                for name, value in _measured(one, weights):
                    found.setdefault(name, []).append(value)
    return {name: fmean(values) for name, values in found.items()}


def _measured(example: _Example, weights: Values) -> Iterator[tuple[str, float]]:
    """Yield the figures of one question that was not fitted on."""
    order = np.argsort(-(example.values @ weights), kind="stable")
    if example.gold.any():
        yield "first sentence is gold", float(example.gold[order[0]])
    for count in (1, 2, 3):
        said = "\n".join(example.texts[at] for at in order[:count])
        recall = metrics.nugget_recall(said, example.case.must_say, example.case.language)
        if recall is not None:
            yield f"nugget recall of {count}", recall


if __name__ == "__main__":
    sys.exit(main())
