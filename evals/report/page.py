"""Everything together as one page."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evals.report.case_views import SliceView, failed_slices, fault_table, passed_table, shown_cases
from evals.report.comparison import comparison_table, disagreement_table, foreign_runs
from evals.report.curves import figures
from evals.report.metric_guide import PASSED, Metric, describe, ordered
from evals.report.plots import LANGUAGE_NAMES, LANGUAGES, Figure
from evals.report.runs import Measures, Run, measure, plural
from evals.report.slices import parity_table, refusal_tables, slice_table, summary_table, weakest_first
from evals.report.tables import Table, estimate, interval
from evals.report.verdict import RULES, Verdict, verdicts
from evals.summary import MetricRow, latency

_TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is read first."""

    label: str
    value: str
    detail: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RunCard:
    """What has to be known of a run."""

    name: str
    facts: tuple[tuple[str, str], ...]
    settings: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the template fills in; tables and figures are complete, only their form is the template's."""

    title: str
    cards: tuple[RunCard, ...]
    tiles: tuple[Tile, ...]
    verdicts: tuple[Verdict, ...]
    rules: str
    summary: Table
    figures: tuple[Figure, ...]
    slices: tuple[Table, ...]
    parity: Table
    refusals: tuple[Table, ...]
    comparison: Table | None
    disagreement: Table | None
    warnings: tuple[str, ...]
    faults: Table
    failed: tuple[SliceView, ...]
    failed_count: int
    passed: Table
    guide: tuple[tuple[str, tuple[Metric, ...]], ...]
    asked: bool


def render(runs: Sequence[Run]) -> str:
    """Return the report on the first run, with the others beside it, as one HTML file that needs nothing else."""
    style = files(__package__).joinpath(_TEMPLATES, "style.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader(__package__, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        page=_page(runs),
        style=Markup(style),
        policy=_policy(style),
    )


def _policy(style: str) -> str:
    """Return a content security policy that forbids everything but this style, known by its hash."""
    digest = b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _page(runs: Sequence[Run]) -> Page:
    """Return what the page holds."""
    run, measured = runs[0], [measure(one) for one in runs]
    measures = measured[0]
    several = len(runs) > 1
    names = ordered(name for one in measured for name in one.names)
    guide = groupby((describe(name) for name in names), key=lambda metric: metric.group)
    tags = [part.removeprefix("tag:") for part in weakest_first(measures, "tag:")]
    disagreement = disagreement_table(runs, shown_cases(run)) if several else None
    return Page(
        title=run.info.name,
        cards=tuple(_card(one) for one in runs),
        tiles=_tiles(run, measures),
        verdicts=verdicts(run, measures),
        rules=RULES,
        summary=summary_table(measures),
        figures=figures(run, measures),
        slices=(
            slice_table(measures, "tag:", "By tag: kind of question and what is special about it, weakest first"),
            slice_table(measures, "group:", "By group of askers, weakest first"),
        ),
        parity=parity_table(measures),
        refusals=refusal_tables(run),
        comparison=comparison_table(runs, measured) if several else None,
        disagreement=disagreement if disagreement and disagreement.rows else None,
        warnings=foreign_runs(runs),
        faults=fault_table(run),
        failed=failed_slices(run, tags),
        failed_count=len(run.failed),
        passed=passed_table(run),
        guide=tuple((group, tuple(members)) for group, members in guide),
        asked=bool(run.asked) or run.errors > 0,
    )


def _card(run: Run) -> RunCard:
    """Return what has to be known of a run."""
    info = run.info
    facts = (
        ("Made", info.created.replace("T", " ").partition(".")[0].removesuffix("+00:00").removesuffix("Z") + " UTC"),
        ("Assistant", info.version),
        ("Variant", info.variant),
        ("Answerer", info.answerer or "none: retrieval only"),
        ("Cases", f"{len(run.results)}, {plural(run.errors, 'exception')}"),
        ("Cases' fingerprint", info.cases_fingerprint[:12]),
        ("Corpus' fingerprint", info.corpus_fingerprint[:12]),
        ("Took", f"{info.seconds:.1f} s, at most {info.peak_memory_mb:.0f} MB"),
        ("On", f"Python {info.python}, {info.platform}"),
    )
    said = {"settings": info.settings, "index": info.index, "packages": info.packages}
    warnings = (
        ("The cases have been changed since this run: questions and gold below are today's.",)
        if run.cases_changed
        else ()
    )
    return RunCard(info.name, facts, json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True), warnings)


def _tiles(run: Run, measures: Measures) -> tuple[Tile, ...]:
    """Return the figures that are read first."""
    tiles = []
    if run.asked:
        row = measures.get(PASSED)
        tiles.append(Tile("cases without a fault", f"{len(run.passed)} of {len(run.asked)}", _short(row), "lead"))
        for language in LANGUAGES:
            row = measures.get(PASSED, language=language)
            tiles.append(
                Tile(f"without a fault, {LANGUAGE_NAMES[language]}", estimate(row).text, estimate(row).detail, language)
            )
    else:
        row = measures.get("hit@5")
        tiles.append(Tile("Hit@5, retrieval only", estimate(row).text, estimate(row).detail, "lead"))
    kind = "poor" if run.errors else ""
    tiles.append(Tile("exceptions", str(run.errors), "left out of every value", kind))
    spread = latency(run.results)
    if spread:
        tiles.append(Tile("median time", f"{spread.median:.0f} ms", f"95th percentile {spread.p95:.0f} ms"))
    return tuple(tiles)


def _short(row: MetricRow | None) -> str:
    """Return a share and its interval; the count stands above it."""
    cell = estimate(row)
    return f"{cell.text} ({interval(row.low, row.high)})" if row else cell.text
