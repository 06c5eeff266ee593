"""An evaluator scores an answer where it stands, with the keyboard, and makes a test question of it."""

import re
from pathlib import Path

import pytest
from conftest import EVALUATOR_PASSWORD
from playwright.sync_api import Page, expect
from visit import Visit

from assistant.ui.texts import texts_in
from evals.cases import read_cases

pytestmark = pytest.mark.slow

NL = texts_in("nl")
MONEY = "Hoeveel geld was er in totaal voor het pilotprogramma?"


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def sign_in(visit: Visit) -> None:
    page = visit.page
    start = page.url
    page.goto(f"{start}sign-in")
    page.locator("input[type=password]").fill(EVALUATOR_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(start)
    page.locator("[data-evaluator]").wait_for()


def test_a_reader_sees_no_evaluator_mode(visit: Visit) -> None:
    visit.page.evaluate("localStorage.setItem('lc-evaluator', 'on')")
    visit.page.reload()
    visit.ask(MONEY)
    expect(visit.page.locator("[data-evaluator]")).to_have_count(0)
    expect(visit.page.locator(".scoring")).to_have_count(0)


def test_an_answer_is_scored_by_keyboard_and_becomes_a_test_question(visit: Visit, feedback_folder: Path) -> None:
    page = visit.page
    sign_in(visit)
    visit.ask(MONEY)
    page.locator("[data-evaluator]").click()
    panel = page.locator(".scoring")
    expect(panel.locator(".which")).to_contain_text("Zin 1 van")
    sentence, marker = page.locator("[data-sentence='1']"), page.locator("a.marker").first
    source = page.locator("details.source[open] mark")

    # Outside the panel the keys do nothing (WCAG 2.1.4), nor in a text field within it.
    page.locator("[data-evaluator]").focus()
    press(page, "1j2")
    panel.locator(".correction summary").click()
    panel.locator("[data-right]").fill("")
    panel.locator("[data-right]").press_sequentially("1j3u?")
    page.keyboard.press("Escape")
    expect(page.locator("[data-scored]")).to_have_count(0)
    expect(panel.locator("[data-right]")).to_have_value("1j3u?")
    expect(panel).to_be_focused()

    press(page, "1")
    expect(sentence).to_have_attribute("data-scored", "100")
    expect(sentence).to_have_class(re.compile("is-current"))
    press(page, "j")
    expect(source).to_contain_text("850.000")
    expect(source).to_be_in_viewport()
    expect(panel).to_be_focused()
    press(page, "3")
    expect(marker).to_have_attribute("data-scored", "0")
    press(page, "u")
    expect(marker).not_to_have_attribute("data-scored", "0")
    page.keyboard.press("ArrowUp")
    expect(sentence).to_have_class(re.compile("is-current"))
    page.keyboard.press("ArrowDown")
    press(page, "1")
    expect(panel.locator(".scoring-total")).to_contain_text("Totaal 100 van 100")
    press(page, "?")
    expect(panel.locator(".keys")).to_be_visible()

    # Mouse and touch: choose a sentence where it stands, then its score.
    sentence.click()
    panel.locator("[data-score='1']").click()
    expect(sentence).to_have_attribute("data-scored", "80")
    panel.locator("[data-score='0']").click()

    # Scores and mode outlive the next answer; the mode outlives the page too.
    visit.ask("Hoe laat vertrekt de laatste bus naar Zierikzee?")
    expect(page.locator(".scoring")).to_have_count(2)
    expect(sentence).to_have_attribute("data-scored", "100")

    first = page.locator(".scoring").first
    first.locator("[data-add]").click()
    form = first.locator(".case-form")
    expect(form.locator("[name=question]")).to_have_value(MONEY)
    expect(form.locator("[name=quote]").first).to_have_value(re.compile("850.000"))
    expect(form.locator("[name=must_say]")).to_have_value(re.compile("850.000"))
    form.locator("[name=group][value=staff]").check()
    form.locator("[name=must_say]").fill("850.000 | 850 duizend")
    form.locator("[name=quote]").first.fill("De pilot kostte 9 euro.")
    form.locator("[type=submit]").click()
    expect(first.locator(".scoring-said")).to_contain_text("9 euro")
    form.locator("[data-cancel]").click()
    first.locator("[data-add]").click()
    form.locator("[name=must_say]").fill("850.000 | 850 duizend")
    form.locator("[type=submit]").click()
    expect(first.locator(".scoring-said")).to_contain_text("from-page.jsonl")
    (case,) = read_cases(feedback_folder / "from-page.jsonl")
    assert case.question == MONEY and case.relevant and case.must_say == (("850.000", "850 duizend"),)
    assert case.tags[-1] == "from-page"

    page.reload()
    expect(page.locator("[data-evaluator]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-evaluator]").click()
    expect(page.locator(".scoring")).to_have_count(0)
    expect(page.locator("[data-scored]")).to_have_count(0)
    assert visit.complaints == []
