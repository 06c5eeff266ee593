"""What can be asked next, and what can be asked at all, done for real."""

import pytest
from playwright.sync_api import expect
from visit import Visit

from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

NL, EN = texts_in("nl"), texts_in("en")


def test_a_suggested_question_is_asked_and_answered(visit: Visit) -> None:
    page = visit.page
    visit.ask("Wie betaalde de pilot?")
    suggestions = page.locator("#conversation .suggestions .suggestion")
    expect(suggestions.first).to_be_visible()
    assert suggestions.count() <= 3
    question = suggestions.first.inner_text()
    suggestions.first.focus()
    page.keyboard.press("Enter")
    visit.wait_for_outcome(2)
    last = page.locator("#conversation .exchange").last
    expect(last.locator(".question")).to_have_text(question)
    expect(last.locator("a.marker").first).to_be_visible()
    # Only the last answer leads on, and never back to what was asked.
    expect(page.locator("#conversation .suggestions")).to_have_count(1)
    assert question not in page.locator("#conversation .suggestion").all_inner_texts()
    assert page.evaluate("document.activeElement !== document.body")
    assert not visit.complaints


def test_who_asks_what_can_be_asked_finds_the_overview_with_the_keyboard(visit: Visit) -> None:
    page = visit.page
    visit.ask("Wat kun je?")
    entrance = page.locator("#conversation .suggestions [data-overview]")
    entrance.focus()
    page.keyboard.press("Enter")
    window = page.locator("#overview-window")
    expect(window.locator(".kind").first).to_be_visible()
    expect(window.locator("dt", has_text=NL("overview.newest"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(entrance).to_be_focused()


def test_the_overview_names_the_documents_and_asks_questions_on_a_phone(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#language label", has_text="English").click()
    expect(page.locator("h1")).to_have_text(EN("page.title"))
    page.locator("#overview .overview-entrance [data-overview]").click()
    window = page.locator("#overview-window")
    expect(window.locator("h2")).to_have_text(EN("overview.title"))
    expect(window.locator(".kind").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert window.evaluate("window => window.scrollWidth <= window.clientWidth"), "the window scrolls sideways"
    window.locator(".kind summary").first.click()
    title = window.locator(".kind ul.titles a").first
    assert (title.get_attribute("href") or "").startswith("documents/")
    with page.context.expect_page() as opened:
        title.click()
    expect(opened.value.locator("h1")).to_have_text(title.inner_text())
    # Nothing that a document holds becomes part of the page.
    assert not window.locator("img, script, svg").count() and page.evaluate("window.obeyed") is None
    question = window.locator(".kind .suggestion").first
    asked = question.inner_text()
    question.click()
    expect(window).to_be_hidden()
    visit.wait_for_outcome(1)
    expect(page.locator("#conversation .exchange .question")).to_have_text(asked)
    expect(page.locator("#conversation a.marker").first).to_be_visible()
    assert not visit.complaints
