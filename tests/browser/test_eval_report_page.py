"""The report of the evals as a browser shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from eval_runs import hostile, hostile_info, made_cases, made_results, write_made
from playwright.sync_api import Browser, expect
from visit import CONTRAST, Visit

from evals.report.page import render
from evals.report.runs import load_run
from evals.results import write_run

pytestmark = pytest.mark.slow

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HIDDEN = "[...document.querySelectorAll('.case .question')].filter((one) => !one.checkVisibility()).length"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report on two runs."""
    folder, cases = tmp_path_factory.mktemp("made"), made_cases(96)
    paths = [write_made(folder, cases, made_results(cases, seed), f"run-{seed}")[1] for seed in (1, 2)]
    return written(folder, render([load_run(path, cases) for path in paths]))


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report on a run whose texts mean ill."""
    folder = tmp_path_factory.mktemp("ill")
    cases, results = hostile(made_cases(24))
    write_run(folder / "run.jsonl", hostile_info(cases), results)
    return written(folder, render([load_run(folder / "run.jsonl", cases)] * 2))


def written(folder: Path, html: str) -> Path:
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["wide-light", "narrow-dark"])
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    visit = Visit(context.new_page())
    context.on("request", lambda asked: visit.requests.append(asked.url))
    visit.page.on("console", lambda said: visit.complaints.append(said.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    context.close()


def test_hostile_text_does_nothing_and_stays_within_the_page(reader: Visit, ill: Path) -> None:
    reader.page.goto(ill.as_uri())
    reader.page.evaluate(OPEN_ALL)
    assert reader.page.evaluate("window.obeyed") is None
    assert reader.requests == [ill.as_uri()] and reader.complaints == []
    assert reader.page.evaluate(OVERFLOW) == 0


def test_everything_can_be_read_and_nothing_scrolls_sideways(reader: Visit, made: Path) -> None:
    reader.page.goto(made.as_uri())
    assert reader.page.evaluate(OVERFLOW) == 0
    reader.page.evaluate(OPEN_ALL)
    assert reader.page.evaluate(OVERFLOW) == 0
    assert reader.page.evaluate(CONTRAST) == []
    assert reader.complaints == []


def test_closed_cases_are_printed(reader: Visit, made: Path) -> None:
    reader.page.goto(made.as_uri())
    assert reader.page.evaluate(HIDDEN) > 0
    reader.page.emulate_media(media="print")
    assert reader.page.evaluate(HIDDEN) == 0


def test_a_link_to_a_case_opens_what_it_stands_in_without_a_script(browser: Browser, made: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(made.as_uri())
    page.locator("#runs details > summary").click()
    link = page.locator("#runs a[href^='#case-']").first
    case = page.locator(link.get_attribute("href") or "")
    expect(case).to_be_hidden()
    link.click()
    expect(case).to_be_visible()
    context.close()
