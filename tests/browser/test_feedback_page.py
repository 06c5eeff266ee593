"""A reader says whether an answer helped, with the keyboard, in one click, and in the other language."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from visit import Visit

from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

NL, EN = texts_in("nl"), texts_in("en")
MONEY = "Hoeveel geld was er in totaal voor het pilotprogramma?"


def ratings(folder: Path) -> list[dict[str, Any]]:
    """Return the ratings that are kept, as the table has them."""
    with closing(sqlite3.connect(folder / "feedback.db")) as connection:
        rows = connection.execute(
            "SELECT helpful, reasons, comment, question FROM feedback_entries WHERE kind = 'rating'"
        ).fetchall()
    return [
        {"helpful": bool(helpful), "reasons": json.loads(reasons), "comment": comment, "question": question}
        for helpful, reasons, comment, question in rows
    ]


def said(page: Page) -> Any:
    return expect(page.locator(".feedback-said").first)


def test_a_rating_is_given_changed_shown_again_and_taken_back(visit: Visit, feedback_folder: Path) -> None:
    page = visit.page
    visit.ask(MONEY)
    panel = page.locator(".feedback")
    page.locator(".exchange").first.evaluate("exchange => (exchange.isTheSame = true)")
    panel.get_by_role("button", name=NL("feedback.no"), exact=True).focus()
    page.keyboard.press("Enter")
    said(page).to_have_text(NL("feedback.thanks"))
    # Nothing was drawn anew: the keyboard is where it was, and the answer is still the same element.
    assert page.evaluate("document.activeElement.dataset.rate") == "no"
    assert page.locator(".exchange").first.evaluate("exchange => exchange.isTheSame")
    (kept,) = ratings(feedback_folder)
    assert kept == {"helpful": False, "reasons": [], "comment": "", "question": MONEY}

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    said(page).to_have_text(NL("feedback.thanks_more"))
    panel.locator("summary").click()
    panel.locator("textarea").fill("Mail jan@voorbeeld.nl")
    panel.locator("[data-reason=outdated]").click()
    page.wait_for_function("document.querySelectorAll('.feedback-said')[0].textContent")
    (kept,) = ratings(feedback_folder)
    assert kept["reasons"] == ["incorrect", "outdated"] and kept["comment"] == "", "only typed is not sent"

    # The next answer writes the conversation anew, and another language every word of it.
    visit.ask("Wie was penvoerder van het pilotprogramma?")
    first = page.locator(".feedback").first
    expect(first.locator("textarea")).to_have_value("Mail jan@voorbeeld.nl")
    first.locator("[data-send]").click()
    said(page).to_have_text(NL("feedback.thanks_more"))
    assert ratings(feedback_folder)[0]["comment"] == "Mail [e-mail]"
    page.locator("#language label", has_text="English").click()
    expect(first.locator(".feedback-ask").first).to_have_text(EN("feedback.ask"))
    expect(first.locator("[data-rate=no]")).to_have_attribute("aria-pressed", "true")
    expect(first.locator("[data-reason=outdated]")).to_have_attribute("aria-pressed", "true")
    expect(first.locator("[data-reason=outdated]")).to_have_text(EN("feedback.no_outdated"))
    expect(page.locator(".feedback").nth(1).locator("[aria-pressed=true]")).to_have_count(0)

    first.locator("[data-take-back]").click()
    said(page).to_have_text(EN("feedback.taken_back"))
    assert ratings(feedback_folder) == []
    assert page.evaluate("document.activeElement.dataset.rate") == "yes", "the keyboard does not start at the top again"
    small = page.locator(".feedback button:visible").evaluate_all(
        "buttons => buttons.filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 24).length"
    )
    assert small == 0
    assert visit.complaints == []
