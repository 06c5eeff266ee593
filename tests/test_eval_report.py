import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from eval_runs import HOSTILE, described, hostile, hostile_info, made_cases, made_info, made_results, write_made

from evals.__main__ import main
from evals.cases import Case, Gold
from evals.report.failures import find_faults
from evals.report.page import render
from evals.report.plots import Dots, dot_plot
from evals.report.runs import load_run, measure
from evals.report.tables import estimate, number, p_value, signed
from evals.report.verdict import verdicts
from evals.results import CaseResult, CitedSpan, RankedPassage, SentenceResult, write_run
from evals.summary import MetricRow

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, and the text within each id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append((tag, found.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for _, id in self.open:
            self.texts.setdefault(id or "", []).append(data)

    def text(self, id: str) -> str:
        return " ".join(" ".join(self.texts.get(id, [])).split())

    def attributes(self, name: str) -> list[str]:
        return [found[name] or "" for _, found in self.elements if name in found]


def page_of(folder: Path, cases: Sequence[Case], *runs: Sequence[CaseResult]) -> Page:
    return Page(html_of(folder, cases, *runs))


def html_of(folder: Path, cases: Sequence[Case], *runs: Sequence[CaseResult]) -> str:
    paths = [write_made(folder, cases, results, f"run-{place}")[1] for place, results in enumerate(runs)]
    return render([load_run(path, cases) for path in paths])


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return made_cases(48)


@pytest.fixture(scope="module")
def results(cases: list[Case]) -> list[CaseResult]:
    made = made_results(cases, seed=3)
    return [CaseResult(**{**described(made[0]), "error": "TimeoutError: <b>60 s</b>"}), *made[1:]]


@pytest.fixture(scope="module")
def html(cases: list[Case], results: list[CaseResult], tmp_path_factory: pytest.TempPathFactory) -> str:
    return html_of(tmp_path_factory.mktemp("report"), cases, results)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_hostile_text_is_shown_and_never_obeyed(tmp_path: Path, cases: list[Case]) -> None:
    made_up, found = hostile(cases[:24])
    path = tmp_path / "run.jsonl"
    write_run(path, hostile_info(made_up), found)
    shown = Page(render([load_run(path, made_up)] * 2))
    assert not {"script", "img", "iframe", "link", "object", "base", "form"} & {tag for tag, _ in shown.elements}
    assert not [name for _, found in shown.elements for name in found if name.startswith("on")]
    text = shown.text("failed")
    for evil in HOSTILE:
        assert " ".join(evil.split()) in text


def test_the_page_asks_nothing_of_anybody(html: str, page: Page) -> None:
    assert not page.attributes("src") and not page.attributes("style")
    assert all(link.startswith("#") for link in page.attributes("href"))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None and "url(" not in style[1] and "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(found["content"] for tag, found in page.elements if found.get("http-equiv"))
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_links_lead_somewhere_and_no_name_is_given_twice(page: Page) -> None:
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.attributes("href")} <= set(ids)


def test_tables_have_captions_and_their_headings_a_scope(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption") > 8
    assert all("scope" in found for tag, found in page.elements if tag == "th")
    plots = [found for tag, found in page.elements if tag == "svg" and found.get("role") == "img"]
    assert len(plots) == 7 and all(found["aria-label"] for found in plots)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_the_same_runs_make_the_same_page(
    cases: list[Case], results: list[CaseResult], html: str, tmp_path: Path
) -> None:
    assert html_of(tmp_path, cases, results) == html


def test_a_metric_that_applies_to_nothing_is_a_dash_and_zero_is_a_zero() -> None:
    nothing = estimate(MetricRow("groundedness", "all", "nl", None, None, None, 0), strip=True)
    zero = estimate(MetricRow("refused", "all", "nl", 0.0, 0.0, 0.3, 9), strip=True)
    assert (nothing.text, nothing.detail, nothing.strip) == ("–", "n\xa00", "")
    assert zero.text == "0.00" and zero.detail.endswith("n\xa09") and zero.strip
    assert estimate(None).text == "–"


def test_a_dash_stands_on_the_page_for_what_was_not_measured(page: Page) -> None:
    assert "Groundedness groundedness – n 0 – n 0 – n 0" in page.text("summary")


def test_a_plot_has_no_dot_for_what_was_not_measured() -> None:
    rows = [MetricRow("refused", "tag:list", one, None, None, None, 0) for one in ("nl", "en")]
    drawn = dot_plot("x", [Dots("list", tuple(rows))])
    assert "circle" not in drawn and "applies to no case" in drawn


def test_numbers_keep_their_sign_and_small_p_values_are_no_zeros() -> None:
    assert (number(-0.5), signed(0.254), signed(-0.004), signed(None)) == ("−0.50", "+0.25", "0", "–")
    assert (p_value(0.0001), p_value(0.0456), p_value(None)) == ("<\xa00.001", "0.046", "–")


def test_every_failed_case_is_shown_whole_and_no_other_pair(cases: list[Case], tmp_path: Path) -> None:
    run = load_run(write_made(tmp_path, cases, made_results(cases, seed=5))[1], cases)
    shown = Page(render([run]))
    failed, passed = shown.text("failed"), shown.text("passed")
    pairs = {one.pair for one in run.failed}
    assert pairs and run.passed
    for one in run.results:
        assert (one.case in failed) == (one.pair in pairs)
        assert (one.case in passed) == (one in run.passed)
    for one in run.failed:
        case = run.cases[one.case]
        assert all(words in failed for words in (case.question, one.text, one.error or ""))
        assert all(gold.quote in failed for gold in case.relevant)
        assert all(cited.quote in failed for cited in one.citations)
        assert all(turn.content in failed for turn in case.history)
        assert all(fault.detail in failed for fault in run.faults[one.case] or ())


def test_both_languages_of_a_failed_pair_stand_beside_each_other(page: Page, cases: list[Case]) -> None:
    text = page.text("failed")
    assert text.index(cases[0].id) < text.index(cases[1].id) and "TimeoutError: <b>60 s</b>" in text


def test_exceptions_are_counted_apart_and_in_no_value(
    cases: list[Case], results: list[CaseResult], tmp_path: Path
) -> None:
    run = load_run(write_made(tmp_path, cases, results)[1], cases)
    row = measure(run).get("passed")
    assert run.errors >= 1 and row is not None and row.n == len(results) - run.errors


GOLD = Gold("funding/a.nl.md", "De pilot kostte 850.000 euro.")
CASE = Case(
    "a-nl", "a", "nl", "staff", "Hoeveel kostte de pilot?", True, ("amount",), (), None, (GOLD,),
    (("850.000", "850 duizend"), ("pilot",)), ("gratis",),
)  # fmt: skip
REFUSE = replace(CASE, answerable=False, reason="out_of_scope", relevant=(), must_say=())


def answer(text: str = GOLD.quote, quote: str = GOLD.quote, **changes: object) -> CaseResult:
    made = CaseResult(
        "a-nl", "a", "nl", "staff", ("amount",), True, status="answered", text=f"{text} [1]",
        sentences=(SentenceResult(text, (1,), None, "nl"),), citations=(CitedSpan(GOLD.document, 0, 29, quote),),
        metrics={"gold_citation_precision": 1.0},
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def refusal(reason: str = "nothing_found") -> CaseResult:
    return answer(status="refused", reason=reason, text="Dat weet ik niet.", sentences=(), citations=(), metrics={})


ELSEWHERE = {"gold_citation_precision": 0.0}
TWIN = {"fused": (RankedPassage(GOLD.document, 20, 90, True),)}


@pytest.mark.parametrize(
    ("case", "result", "kinds"),
    [
        (CASE, answer(), []),
        (CASE, answer(status=None, text="", sentences=(), citations=()), None),
        (CASE, answer(status=None, error="ValueError: no"), ["error"]),
        (CASE, refusal(), ["wrong status"]),
        (REFUSE, refusal("out_of_scope"), []),
        (REFUSE, refusal("nothing_found"), []),
        (REFUSE, answer(), ["wrong status"]),
        (REFUSE, answer("De pilot was gratis."), ["wrong status", "forbidden statement"]),
        (CASE, answer("De pilot kostte geld.", "De pilot kostte geld."), ["missing nugget"]),
        (CASE, answer(f"{GOLD.quote} Gratis!", f"{GOLD.quote} Gratis!"), ["forbidden statement"]),
        (CASE, answer(quote="Iets heel anders."), ["wrong citation"]),
        (CASE, answer(citations=()), ["wrong citation"]),
        (CASE, answer(metrics=ELSEWHERE), ["wrong citation"]),
        (CASE, answer(metrics=ELSEWHERE, rankings=TWIN), []),
    ],
)
def test_a_case_fails_with_each_fault_and_with_no_other(
    case: Case, result: CaseResult, kinds: list[str] | None
) -> None:
    found = find_faults(case, result)
    assert (None if found is None else [fault.kind for fault in found]) == kinds


def test_several_runs_stand_side_by_side_with_their_distance_from_the_first(
    cases: list[Case], results: list[CaseResult], tmp_path: Path
) -> None:
    worse = [refusal_of(one) for one in results]
    shown = page_of(tmp_path, cases, results, results, worse)
    text = shown.text("runs")
    assert "Metric run-0 run-1 run-2" in text
    assert re.search(
        r"passed 0\.\d\d \S+ · n 47 (0\.\d\d) 0 · p 1\.000 · n 47 0\.\d\d −0\.\d\d · p < 0\.001 · n 47", text
    )
    assert "Cases that came out differently" in text


def refusal_of(result: CaseResult) -> CaseResult:
    if result.error:
        return result
    return replace(
        result, status="refused", reason="nothing_found", text="Nee.", sentences=(), citations=(), metrics={}
    )


def test_runs_over_another_corpus_are_told_apart(cases: list[Case], results: list[CaseResult], tmp_path: Path) -> None:
    first = write_made(tmp_path, cases, results, "first")[1]
    write_run(tmp_path / "other.jsonl", replace(made_info(cases, "other"), corpus_fingerprint="d" * 64), results)
    html = render([load_run(path, cases) for path in (first, tmp_path / "other.jsonl")])
    assert "other was made over another corpus than first." in html


def test_cases_that_have_changed_since_are_named(cases: list[Case], results: list[CaseResult], tmp_path: Path) -> None:
    path = write_made(tmp_path, cases, results)[1]
    changed = [replace(cases[0], question="Iets anders?"), *cases[1:]]
    assert load_run(path, changed).cases_changed and not load_run(path, cases).cases_changed
    assert "The cases have been changed since this run" in render([load_run(path, changed)])


def test_a_part_of_the_cases_is_no_change(cases: list[Case], results: list[CaseResult], tmp_path: Path) -> None:
    path = write_made(tmp_path, cases[:10], results[:10])[1]
    assert not load_run(path, cases).cases_changed


def retrieval_only(result: CaseResult) -> CaseResult:
    ranked = {name: value for name, value in result.metrics.items() if "@" in name}
    return replace(
        result, status=None, reason=None, text="", sentences=(), citations=(), metrics=ranked, confidence=None
    )


def test_a_run_without_answers_has_rankings_and_no_failed_cases(
    cases: list[Case], results: list[CaseResult], tmp_path: Path
) -> None:
    shown = page_of(tmp_path, cases, [retrieval_only(one) for one in results if one.error is None])
    assert "No answers were asked for" in shown.text("failed") and "Recall@k by stage" in shown.text("plots")
    assert "Cases without a fault" not in shown.text("summary")


@pytest.mark.parametrize("size", [0, 2])
def test_runs_without_any_value_are_shown(size: int, cases: list[Case], tmp_path: Path) -> None:
    failed = [replace(CaseResult(**described(case)), error="OSError: gone") for case in cases[:size]]
    shown = page_of(tmp_path, cases, failed)
    assert ("OSError: gone" in shown.text("failed")) == bool(size)


def test_the_three_sentences_follow_from_the_numbers(cases: list[Case], tmp_path: Path) -> None:
    results = [
        replace(one, metrics={"answered": float(one.language == "nl"), "nugget_recall": 1.0})
        for one in made_results(cases, 4)
    ]
    results = [replace(one, error=None) for one in results]
    run = load_run(write_made(tmp_path, cases, results)[1], cases)
    good, poor, languages = (one.sentence for one in verdicts(run, measure(run)))
    assert good == "Clearly good: “Nugget recall” 1.00 (1.00\u2060–\u20601.00)."
    assert poor.startswith("Clearly poor: “Answered when answerable” 0.50")
    assert "“Answered when answerable” (1.00 better in Dutch, p < 0.001)" in languages.replace("\xa0", " ")


def test_the_command_writes_the_page_beside_the_run(
    cases: list[Case], results: list[CaseResult], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder, path = write_made(tmp_path, cases, results)
    assert main(["report", str(path), "--cases", str(folder)]) == 0
    said = capfdbinary.readouterr().out.decode()
    assert said.startswith(f"report: {path.with_suffix('.html')} (1 run, ") and "of 48" in said
    assert path.with_suffix(".html").read_text(encoding="utf-8").startswith("<!doctype html>")


def broken(folder: Path, path: Path) -> list[tuple[list[str], str]]:
    foreign, cut = folder / "foreign.jsonl", folder / "cut.jsonl"
    foreign.write_text('{"a": 1}\n', encoding="utf-8")
    cut.write_text("\n".join(path.read_text(encoding="utf-8").split("\n")[:5]), encoding="utf-8")
    return [
        ([str(foreign)], "line 1"),
        ([str(cut)], "line 5: the file ends after 4 of 48 cases"),
        ([str(folder / "absent.jsonl")], "cannot be read"),
        ([str(path), "--cases", str(folder / "cases" / "empty")], "There are no cases"),
        ([str(path), "--out", str(path)], "take the place of the run"),
        ([str(path), "--out", str(path / "x.html")], "cannot be written"),
    ]


@pytest.mark.parametrize("which", range(6))
def test_what_cannot_be_reported_is_one_sentence_and_exit_code_2(
    which: int, cases: list[Case], results: list[CaseResult], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, path = write_made(tmp_path, cases, results)
    arguments, said = broken(tmp_path, path)[which]
    assert main(["report", "--cases", str(folder), *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_a_run_of_other_cases_is_refused(
    cases: list[Case], results: list[CaseResult], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_made(tmp_path / "a", cases, results)[1]
    folder = write_made(tmp_path / "b", cases[:40], results[:40])[0]
    assert main(["report", str(path), "--cases", str(folder)]) == 2
    assert f"is about the case {cases[40].id} (and 7 more)" in capsys.readouterr().err


def test_a_run_of_240_cases_stays_below_3_megabytes(tmp_path: Path) -> None:
    many = made_cases(240)
    assert len(html_of(tmp_path, many, made_results(many, skill=0.3)).encode()) < 3_000_000
