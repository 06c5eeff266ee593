"""`python -m evals.fit_lock`: fit the weights with which the verifier adds up what speaks against a sentence.

Whoever writes pairs has ways of their own of putting things, so the fit is judged on writers that it has not seen:
each file, or part of one, with ids that begin alike is one writer. Printed for each writer, and for thresholds over
all of them: the share of changed sentences that is stopped, and of honest ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.common import DONE, Parser, guarded, write
from assistant.verifier import Passage
from assistant.verifier.check import CERTAIN, gather
from assistant.verifier.signals import FALLING
from assistant.verifier.weights import WEIGHTS, Weights
from evals.answerability.regression import Recipe, fit, plain
from evals.lock.pairs import Pair, read_pairs

DEV_PAIRS = Path(__file__).parent / "lock" / "dev.jsonl"
_PENALTY = 20.0
_RULES_FROM = frozenset({"dev", "dev2"})
"""Writers from whose pairs the rules were made: there these look better than they are."""
_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


@dataclass(frozen=True, slots=True)
class Example:
    """A pair as the fit sees it."""

    writer: str
    changed: bool
    certain: bool
    """Whether a rule that needs no weighing stops it."""
    signals: Mapping[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write the weights; returns 0, or 2 where a file cannot be used."""
    parser = Parser(prog="python -m evals.fit_lock", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=Path, nargs="+", default=[DEV_PAIRS], help="files of judged pairs")
    parser.add_argument("--threshold", type=float, default=0.5, help="from where on to stop (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file of weights")
    return guarded(lambda: _run(parser.parse_args(argv)))


def _run(arguments: argparse.Namespace) -> int:
    """Measure, cross-validate, fit and write."""
    examples = [example(pair) for pair in read_pairs(arguments.pairs)]
    _report(examples, cross_validated(examples))
    model = plain_weights(examples, arguments.threshold)
    arguments.out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    write(f"Written to {arguments.out}.")
    return DONE


def example(pair: Pair) -> Example:
    """Measure a pair."""
    measured = gather(pair.sentence, pair.language, [Passage(one.text, one.language) for one in pair.passages])
    return Example(
        writer=pair.id.rpartition("-")[0],
        changed=pair.verdict == "changed",
        certain=any(one.signal in CERTAIN for one in measured.evidence),
        signals=measured.signals,
    )


def plain_weights(examples: Sequence[Example], threshold: float) -> dict[str, object]:
    """Fit to the examples about which no rule is certain, and return the weights as plain values."""
    signals = tuple(examples[0].signals)
    open_ones = [one for one in examples if not one.certain]
    recipe = Recipe(signals, _PENALTY, frozenset(signals) - FALLING, FALLING)
    fitted = fit(
        recipe,
        [one.signals for one in open_ones],
        [one.changed for one in open_ones],
        [1.0] * len(open_ones),
    )
    return {**plain(fitted), "threshold": threshold}


def cross_validated(examples: Sequence[Example]) -> list[float]:
    """Return the probability of each example from a fit that has seen nothing of its writer."""
    found = [0.0] * len(examples)
    for writer in sorted({one.writer for one in examples}):
        others = [one for one in examples if one.writer != writer]
        weights = weights_of(plain_weights(others or examples, 0.5))
        for number, one in enumerate(examples):
            if one.writer == writer:
                found[number] = 1.0 if one.certain else weights.probability(one.signals)
    return found


def weights_of(raw: Mapping[str, object]) -> Weights:
    """Make a model of plain values."""
    return Weights(**raw)  # type: ignore[arg-type]


def _report(examples: Sequence[Example], probabilities: Sequence[float]) -> None:
    """Print recall and false alarms, by threshold and writer."""
    writers = sorted({one.writer for one in examples})
    write("from      " + "".join(f"{name:>16}" for name in (*writers, "not in rules")))
    for limit in _THRESHOLDS:
        parts = []
        for name in (*writers, None):
            rows = [
                (one.changed, probability >= limit)
                for one, probability in zip(examples, probabilities, strict=True)
                if one.writer == name or (name is None and one.writer not in _RULES_FROM)
            ]
            parts.append(f"{_share(rows, True):.3f} / {_share(rows, False):.3f}".rjust(16))
        write(f"{limit:4.2f}      " + "".join(parts))


def _share(rows: Sequence[tuple[bool, bool]], changed: bool) -> float:
    """Return the share that is stopped, of the changed sentences or of the honest ones."""
    stopped = [stopped for one, stopped in rows if one is changed]
    return sum(stopped) / len(stopped) if stopped else float("nan")


if __name__ == "__main__":
    sys.exit(main())
