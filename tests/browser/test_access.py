"""Signing in and out in a real browser, with the whole site behind the password of readers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from program import serving
from visit import CONTRAST, Visit

from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

PASSWORDS = {"USER": "lezer", "PASSWORD": "lezen-mag-hier", "STAFF_PASSWORD": "beheren-mag-hier"}
NL, EN = texts_in("nl"), texts_in("en")


@pytest.fixture(scope="module")
def guarded(index: Path) -> Iterator[str]:
    """Serve the page behind passwords, and stop it afterwards."""
    with serving(index, {f"ASSISTANT_ACCESS__{name}": value for name, value in PASSWORDS.items()}) as address:
        yield f"{address}/"


def test_a_reader_signs_in_asks_and_signs_out_and_staff_hears_who_they_are(browser: Browser, guarded: str) -> None:
    context = browser.new_context(locale="nl-NL", viewport={"width": 390, "height": 844}, color_scheme="dark")
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page())
    page = visit.page
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))

    page.goto(guarded)
    expect(page).to_have_title(f"{NL('access.title')} · {NL('page.title')}")
    expect(page.get_by_label(NL("access.name"))).to_be_focused()
    looks_right(page)
    assert visit.complaints == []

    type_in(page, "lezer", "verkeerd")
    expect(page.get_by_role("alert")).to_have_text(NL("access.wrong_with_name"))
    expect(page.get_by_label(NL("access.password"))).to_be_focused()
    looks_right(page)
    # A browser notes every 403 of a page as an error.
    assert len(visit.complaints) == 1 and "403" in visit.complaints.pop()

    page.get_by_label(NL("access.name")).focus()
    type_in(page, "lezer", PASSWORDS["PASSWORD"])
    page.locator("#introduction:not([data-opening])").wait_for(state="attached")
    visit.ask("Hoeveel geld was er voor de pilot?")
    assert "850.000" in visit.answer() and visit.complaints == []

    page.get_by_role("link", name=NL("access.as_reader")).click()
    expect(page.get_by_role("status")).to_contain_text(NL("access.reader_may"))
    page.get_by_role("link", name="English").click()
    page.get_by_label(EN("access.password")).fill(PASSWORDS["STAFF_PASSWORD"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(EN("access.as_staff"))
    looks_right(page)
    page.get_by_role("link", name=EN("access.onwards")).click()
    page.locator("#introduction:not([data-opening])").wait_for(state="attached")

    page.go_back()
    page.get_by_role("button", name=EN("access.sign_out")).click()
    expect(page.get_by_role("status")).to_have_count(0)
    page.goto(guarded)
    assert "/sign-in" in page.url and visit.complaints == []
    context.close()


def type_in(page: Page, name: str, password: str) -> None:
    """Fill in the form with the keyboard alone, beginning in its first field."""
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


SMALL = """[...document.querySelectorAll("a, button, input")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""


def looks_right(page: Page) -> None:
    """Check what every state of the page has to hold to: contrast, width, and targets that a finger hits."""
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []
