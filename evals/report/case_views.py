"""Cases as the page shows them: the failed ones whole, pair by pair, and the passed ones as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.types import Turn
from evals.cases import LANGUAGES, Case, Gold
from evals.metrics import expected_outcome, outcome
from evals.report.failures import FAULT_KINDS, MEANING, Fault
from evals.report.metric_guide import STAGE_NAMES
from evals.report.plots import LANGUAGE_NAMES
from evals.report.runs import Run, plural
from evals.report.tables import NOTHING, Cell, Table, make_table, number
from evals.results import STAGES, CaseResult, CitedSpan, RankedPassage

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CitedView:
    """A citation of an answer."""

    marker: int
    span: CitedSpan
    gold: bool
    """Whether it is of a gold document and shares words with a quote from it."""


@dataclass(frozen=True, slots=True)
class GoldView:
    """A gold quote."""

    gold: Gold
    cited: bool


@dataclass(frozen=True, slots=True)
class StageView:
    """What a stage found."""

    name: str
    summary: str
    first: tuple[RankedPassage, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with all that came of it."""

    anchor: str
    case: Case
    result: CaseResult
    language: str
    faults: tuple[Fault, ...]
    outcome: str
    """"failed", "passed" or "not asked"."""
    expected: str
    given: str
    history: tuple[Turn, ...]
    citations: tuple[CitedView, ...]
    gold: tuple[GoldView, ...]
    stages: tuple[StageView, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """The Dutch and the English form of a question."""

    name: str
    views: tuple[CaseView, ...]
    summary: str
    """Which of them failed, and how."""


@dataclass(frozen=True, slots=True)
class SliceView:
    """The failed cases of one kind of question."""

    name: str
    anchor: str
    summary: str
    pairs: tuple[PairView, ...]


def failed_slices(run: Run, order: Sequence[str]) -> tuple[SliceView, ...]:
    """Return all failed cases by kind, in a given order of tags, each with the other language of its pair."""
    kinds: dict[str, list[list[CaseResult]]] = {}
    for members in _failed_pairs(run):
        kinds.setdefault(_kind(members[0]), []).append(members)
    ranked = sorted(kinds, key=lambda kind: (order.index(kind) if kind in order else len(order), kind))
    anchors = shown_cases(run)
    return tuple(
        _slice(run, kind, place, [_pair(run, members, anchors) for members in kinds[kind]])
        for place, kind in enumerate(ranked, start=1)
    )


def shown_cases(run: Run) -> dict[str, str]:
    """Return the anchors of the cases that are shown whole: those of every pair in which one failed."""
    shown = {one.case for members in _failed_pairs(run) for one in members}
    return {one.case: f"case-{place}" for place, one in enumerate(run.results, start=1) if one.case in shown}


def fault_table(run: Run) -> Table:
    """Return how many cases have each fault, by language."""
    counts = Counter(
        (one.language, kind) for one in run.failed for kind in {fault.kind for fault in run.faults[one.case] or ()}
    )
    failed = Counter(one.language for one in run.failed)
    rows: list[tuple[str | Cell, ...]] = []
    for kind in FAULT_KINDS:
        each = [counts[language, kind] for language in LANGUAGES]
        rows.append((Cell(kind.capitalize(), MEANING[kind]), *map(str, each), str(sum(each))))
    rows.append(("Any fault", *(str(failed[one]) for one in LANGUAGES), str(len(run.failed))))
    columns = ("Fault", *(LANGUAGE_NAMES[one] for one in LANGUAGES), "Both")
    return make_table("Failed cases by fault; a case can have several", columns, rows)


def passed_table(run: Run) -> Table:
    """Return the cases without a fault, one row each."""
    rows: list[tuple[str | Cell, ...]] = []
    for one in sorted(run.passed, key=lambda result: (_kind(result), result.pair, result.language != "nl")):
        case = run.cases[one.case]
        rows.append(
            (
                Cell(one.case, case.question),
                Cell(_kind(one).replace("_", " ")),
                Cell(_given(one)),
                number(one.metrics.get("nugget_recall")),
                number(one.metrics.get("gold_citation_recall")),
                number(one.confidence),
                number(one.milliseconds, 0),
            )
        )
    columns = ("Case and question", "Kind", "Outcome", "Nugget recall", "Gold cited", "Confidence", "ms")
    return make_table(f"Cases without a fault ({len(rows)})", columns, rows)


def _failed_pairs(run: Run) -> list[list[CaseResult]]:
    """Return the cases of each pair in which one failed, in the order of the run."""
    pairs: dict[str, list[CaseResult]] = {}
    for result in run.results:
        pairs.setdefault(result.pair, []).append(result)
    return [members for members in pairs.values() if any(run.faults[one.case] for one in members)]


def _kind(result: CaseResult) -> str:
    """Return the first tag of a case, which is its kind."""
    return result.tags[0] if result.tags else "untagged"


def _slice(run: Run, kind: str, place: int, pairs: Sequence[PairView]) -> SliceView:
    """Return the failed cases of one kind."""
    members = [one for one in run.results if _kind(one) == kind]
    faults = [run.faults[one.case] or () for one in members]
    counts = Counter(name for found in faults for name in {fault.kind for fault in found})
    most = ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    failed = sum(bool(found) for found in faults)
    summary = f"{failed} of {plural(len(members), 'case')} failed: {most}"
    return SliceView(kind.replace("_", " "), f"failed-{place}", summary, tuple(pairs))


def _pair(run: Run, members: Sequence[CaseResult], anchors: Mapping[str, str]) -> PairView:
    """Return both languages of a question."""
    views = [_view(run, one, anchors[one.case]) for one in sorted(members, key=lambda one: one.language != "nl")]
    said = [f"{view.language}: {', '.join(_kinds(view)) or view.outcome}" for view in views]
    return PairView(members[0].pair, tuple(views), " · ".join(said))


def _kinds(view: CaseView) -> list[str]:
    """Return the kinds of a case's faults, each once."""
    return list(dict.fromkeys(fault.kind for fault in view.faults))


def _view(run: Run, result: CaseResult, anchor: str) -> CaseView:
    """Return one case."""
    case, faults = run.cases[result.case], run.faults[result.case]
    expected = expected_outcome(case.answerable, case.reason)
    return CaseView(
        anchor,
        case,
        result,
        LANGUAGE_NAMES[result.language],
        faults or (),
        "not asked" if faults is None else "failed" if faults else "passed",
        expected.replace("_", " "),
        _given(result),
        case.history,
        tuple(
            CitedView(marker, span, any(_same(span, gold) for gold in case.relevant))
            for marker, span in enumerate(result.citations, start=1)
        ),
        tuple(GoldView(gold, any(_same(span, gold) for span in result.citations)) for gold in case.relevant),
        tuple(_stages(result)),
    )


def _given(result: CaseResult) -> str:
    """Return what came, in words."""
    if result.error is not None:
        return "exception"
    if result.status is None:
        return NOTHING
    given = outcome(result.status, result.reason).replace("_", " ")
    return given if given == result.status else f"{result.status}: {given}" if result.reason else result.status


def _same(span: CitedSpan, gold: Gold) -> bool:
    """Tell whether a citation and a gold quote of the same document hold each other's words."""
    return span.document == gold.document and (span.quote in gold.quote or gold.quote in span.quote)


def _stages(result: CaseResult) -> Iterator[StageView]:
    """Yield what each stage found, in the order in which they work."""
    for stage in STAGES:
        ranking = result.rankings.get(stage)
        if ranking is None:
            continue
        ranks = [rank for rank, passage in enumerate(ranking, start=1) if passage.relevant]
        if not result.relevant_total:
            said = f"{plural(len(ranking), 'passage')}; the case has nothing to find"
        elif ranks:
            said = f"relevant at rank {', '.join(map(str, ranks))} ({len(ranks)} of {result.relevant_total} found)"
        else:
            said = f"nothing relevant in {plural(len(ranking), 'passage')} (0 of {result.relevant_total} found)"
        yield StageView(STAGE_NAMES[stage], said, ranking[:_SHOWN], bool(ranks))
