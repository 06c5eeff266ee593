"""A run with its cases, what is wrong with each answer, and its metrics by name, slice and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import InputError
from evals.cases import Case, cases_fingerprint
from evals.metrics import holm
from evals.report.failures import Fault, find_faults
from evals.report.metric_guide import PASSED
from evals.results import CaseResult, RunInfo, read_run
from evals.summary import EVERYTHING, MetricRow, ParityRow, parity, summarise

_STAGE = "stage:"
_COUNTED_LIKE = "answered"
"""A metric that is 0 or 1; cases without a fault are summarised as it is."""


@dataclass(frozen=True, slots=True)
class Run:
    """A file of results, with the cases that it is about."""

    info: RunInfo
    results: tuple[CaseResult, ...]
    cases: Mapping[str, Case]
    faults: Mapping[str, tuple[Fault, ...] | None]
    """By case; None where no answer was asked for."""
    cases_changed: bool
    """Whether the cases are others than when the run was made."""

    @property
    def asked(self) -> tuple[CaseResult, ...]:
        """Results of cases that got an answer or a refusal."""
        return tuple(one for one in self.results if one.error is None and self.faults[one.case] is not None)

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """Results with a fault, exceptions among them."""
        return tuple(one for one in self.results if self.faults[one.case])

    @property
    def passed(self) -> tuple[CaseResult, ...]:
        """Results of answers without a fault."""
        return tuple(one for one in self.results if self.faults[one.case] == ())

    @property
    def errors(self) -> int:
        """Number of cases that ended in an exception."""
        return sum(one.error is not None for one in self.results)


@dataclass(frozen=True, slots=True)
class Measures:
    """The metrics of a run."""

    rows: Mapping[tuple[str, str, str], MetricRow]
    """By name, with its stage before it, slice and language."""
    parity: tuple[ParityRow, ...]

    def get(self, name: str, part: str = EVERYTHING, language: str = "all") -> MetricRow | None:
        """Return one metric; None where no case of the slice has it, not even without a value."""
        return self.rows.get((name, part, language))

    @property
    def names(self) -> list[str]:
        """Names of all metrics, in no particular order."""
        return list(dict.fromkeys(name for name, part, _ in self.rows if part == EVERYTHING))

    @property
    def slices(self) -> list[str]:
        """Tags and groups, as "tag:NAME" and "group:NAME"."""
        return [part for part in dict.fromkeys(part for _, part, _ in self.rows) if part != EVERYTHING]


def load_run(path: Path, cases: Sequence[Case]) -> Run:
    """Read a run and judge its answers by the cases. Raises InputError for a file that is no run, or of other cases."""
    info, results = read_run(path)
    known = {case.id: case for case in cases}
    unknown = [one.case for one in results if one.case not in known]
    if unknown:
        raise InputError(
            f"{path} is about the case {unknown[0]}{_more(len(unknown) - 1)} that the folder of cases does not hold: "
            "name the folder that the run was made with (--cases)."
        )
    own = {one.case: known[one.case] for one in results}
    prints = {cases_fingerprint(cases), cases_fingerprint(list(own.values()))}
    faults = {one.case: find_faults(known[one.case], one) for one in results}
    return Run(info, results, own, faults, info.cases_fingerprint not in prints)


def measure(run: Run) -> Measures:
    """Summarise a run, with the share of cases without a fault as one metric more."""
    counted = [replace(one, metrics={_COUNTED_LIKE: float(not run.faults[one.case])}) for one in run.asked]
    rows = [*(replace(row, metric=PASSED) for row in summarise(counted)), *summarise(run.results)]
    apart = [*(replace(row, metric=PASSED) for row in parity(counted)), *parity(run.results)]
    adjusted = holm([row.p for row in apart])
    return Measures(
        {_key(row): row for row in rows},
        tuple(replace(row, p_holm=p) for row, p in zip(apart, adjusted, strict=True)),
    )


def slice_name(part: str) -> str:
    """Return a slice as readers see it."""
    return part.partition(":")[2].replace("_", " ")


def plural(count: int, singular: str, ending: str = "s") -> str:
    """Return a count with its noun."""
    return f"{count} {singular}{'' if count == 1 else ending}"


def listed(parts: Iterable[str]) -> str:
    """Return words as an enumeration."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _key(row: MetricRow) -> tuple[str, str, str]:
    """Return where a row is looked up; a stage belongs to the name, as it does in the results."""
    if row.slice.startswith(_STAGE):
        return f"{row.slice.removeprefix(_STAGE)}:{row.metric}", EVERYTHING, row.language
    return row.metric, row.slice, row.language


def _more(count: int) -> str:
    """Return how many more there are."""
    return f" (and {count} more)" if count else ""
