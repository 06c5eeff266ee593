"""The reader's own conversations: kept in this browser alone, opened again, and gone when the reader says so."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from scripted import NAME, ROW, SENTENCES, Site
from visit import Visit

from assistant.ui.texts import texts_in

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
NL, EN = texts_in("nl"), texts_in("en")
HOSTILE = "Snel: <img src=x onerror=window.obeyed=1>?"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    return site.address


def finished(page: Page, number: int) -> Locator:
    return page.locator(f"#conversation .exchange[data-exchange='{number}'] .verdict")


def ask(page: Page, question: str, number: int) -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(finished(page, number)).to_be_visible()


def history(page: Page) -> Locator:
    """Open the list."""
    page.locator("[data-history]").click()
    expect(page.locator("#history")).to_be_visible()
    return page.locator("#history .conversations li")


def kept(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return found


def records(page: Page) -> list[dict[str, object]]:
    return [json.loads(value) for key, value in kept(page).items() if key.startswith("lc-conversation:")]


def test_conversations_are_listed_newest_first_opened_again_and_go_on(visit: Visit, site: Site) -> None:
    page = visit.page
    ask(page, HOSTILE, 1)
    ask(page, "Snel: twee?", 2)
    page.locator("#question textarea").fill("nog niet gevraagd")
    page.reload()
    expect(finished(page, 2)).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("nog niet gevraagd")
    expect(page.locator("#examples")).to_be_hidden()
    page.locator("#clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    page.reload()
    expect(page.locator("#examples")).to_be_visible()
    ask(page, "Snel: drie?", 1)
    rows = history(page)
    expect(rows.locator(".title")).to_have_text(["Snel: drie?", HOSTILE])
    expect(rows.locator(".now").first).to_be_visible()
    expect(rows.locator(".now").last).to_be_hidden()
    assert not page.locator("#history img").count() and page.evaluate("window.obeyed") is None
    rows.locator("button.open").last.click()
    expect(page.locator("#history")).to_be_hidden()
    expect(finished(page, 2)).to_be_visible()
    assert page.locator("#conversation").evaluate("one => one === document.activeElement")
    page.locator("a.marker").first.click()
    expect(page.locator("details.source[open] mark")).to_have_text(SENTENCES[0].text)
    ask(page, "Snel: vier?", 3)
    assert site.assistant.heard[-1] == ("Snel: vier?", 4)
    expect(history(page).locator(".title")).to_have_text([HOSTILE, "Snel: drie?"])
    assert sorted(len(one["conversation"]["exchanges"]) for one in records(page)) == [1, 3]  # type: ignore[index, call-overload]
    assert not visit.complaints


def test_what_became_of_the_sources_is_said_when_a_conversation_is_opened_again(visit: Visit, site: Site) -> None:
    page = visit.page
    ask(page, "Snel: een?", 1)
    site.assistant.documents = {"other.md": ROW.__class__(**{**_fields(), "id": "other.md", "sha256": "sha-2"})}
    try:
        page.reload()
        expect(page.locator(".note.changed")).to_contain_text("bronnen 1, 2")
        assert SENTENCES[0].text in visit.answer()
        page.locator("a.marker").first.click()
        expect(page.locator("details.source[open]")).to_contain_text(NL("sources.state_withdrawn"))
        assert not page.locator("#sources mark").count()
    finally:
        site.assistant.documents = {NAME: ROW}


def _fields() -> dict[str, object]:
    return {name: getattr(ROW, name) for name in ROW.__dataclass_fields__}


def test_conversations_are_deleted_one_by_one_or_all_after_a_question(visit: Visit) -> None:
    page = visit.page
    for question in ("Snel: een?", "Snel: twee?", "Snel: drie?"):
        ask(page, question, 1)
        if question != "Snel: drie?":
            page.locator("#clear").click()
            expect(page.locator(".exchange")).to_have_count(0)
    rows = history(page)
    rows.nth(1).get_by_role("button", name=f"{NL('history.delete')} Snel: twee?").click()
    expect(rows.locator(".title")).to_have_text(["Snel: drie?", "Snel: een?"])
    assert page.evaluate("document.activeElement.matches('#history [data-delete]')")
    page.get_by_role("button", name=NL("history.delete_all"), exact=True).click()
    expect(page.get_by_role("button", name=NL("history.cancel"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name=NL("history.delete_all"), exact=True).click()
    page.get_by_role("button", name=NL("history.delete_all_now")).click()
    expect(rows).to_have_count(0)
    expect(page.locator("#history .empty")).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(0)
    assert not kept(page)
    page.keyboard.press("Escape")
    expect(page.locator("#history")).to_be_hidden()
    page.reload()
    expect(page.locator("#examples")).to_be_visible()


def test_who_wants_nothing_kept_has_a_conversation_in_this_tab_alone(visit: Visit) -> None:
    page = visit.page
    ask(page, "Snel: een?", 1)
    history(page)
    page.get_by_label(NL("history.keep_nothing"), exact=True).check()
    expect(page.locator("#history .conversations li")).to_have_count(0)
    page.locator("#history [data-close]").click()
    ask(page, "Snel: twee?", 2)
    assert not records(page)
    page.reload()
    expect(finished(page, 2)).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#examples")).to_be_visible()
    history(other)
    expect(other.get_by_label(NL("history.keep_nothing"), exact=True)).to_be_checked()
    expect(other.locator("#history .conversations li")).to_have_count(0)
    assert "Snel" not in json.dumps(kept(other))


def test_what_is_kept_has_bounds_and_what_is_spoilt_or_does_not_fit_is_told(visit: Visit) -> None:
    page = visit.page
    page.evaluate(
        """() => { for (let n = 10; n < 70; n++) localStorage.setItem(`lc-conversation:/:old-${n}`, JSON.stringify(
             { title: `Oud ${n}`, updated: `2020-01-01T00:00:${n}`, conversation: { exchanges: [{ question: "x" }] } }
           )); }"""
    )
    ask(page, "Snel: nieuw?", 1)
    assert len(records(page)) == 50
    page.evaluate("localStorage.setItem('lc-conversation:/:old-69', 'kapot')")
    rows = history(page)
    expect(rows).to_have_count(50)
    expect(rows.locator(".title").first).to_have_text("Snel: nieuw?")
    for place in (1, 49):
        # One that is no conversation, and one that cannot be read at all.
        rows.locator("button.open").nth(place).click()
        expect(page.locator("#history .problem")).to_have_text(NL("history.damaged"))
    assert kept(page)["lc-conversation:/:old-69"] == "kapot" and page.locator(".exchange").count() == 1
    page.keyboard.press("Escape")
    page.evaluate(
        """() => { for (let size = 2 ** 22; size > 16; size >>= 1)
             try { for (let n = 0; ; n++) localStorage.setItem(`other-${size}-${n}`, "x".repeat(size)); } catch {} }"""
    )
    ask(page, "Snel: past dit?", 2)
    expect(page.locator("#kept-notice")).to_have_text(NL("history.made_room"))
    page.evaluate(
        "Object.keys(localStorage).filter(key => key.includes('old-')).forEach(key => localStorage.removeItem(key))"
    )
    page.evaluate(
        """() => { for (let size = 2 ** 16; size >= 1; size >>= 1)
             try { for (let n = 0; ; n++) localStorage.setItem(`more-${size}-${n}`, "x".repeat(size)); } catch {} }"""
    )
    for number in range(3, 9):
        ask(page, f"Snel: en dit ({number})?", number)
    expect(page.locator("#kept-notice")).to_have_text(NL("history.full"))
    page.reload()
    expect(finished(page, 8)).to_be_visible()


def test_a_browser_that_keeps_nothing_still_has_a_conversation(visit: Visit) -> None:
    page = visit.page
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    page.reload()
    page.locator("#introduction:not([data-opening])").wait_for()
    ask(page, "Snel: een?", 1)
    expect(page.locator("#kept-notice")).to_have_text(NL("history.unavailable"))
    ask(page, "Snel: twee?", 2)
    history(page)
    expect(page.locator("#history .empty")).to_be_visible()


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}])
def test_the_list_fits_a_phone_and_every_target_can_be_hit(visit: Visit) -> None:
    page = visit.page
    ask(page, "Snel: " + "een heel lange vraag zonder einde " * 9 + "?", 1)
    history(page)
    box = page.locator("#history").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("#history button, #history label, #ways .way, .tools button")]
             .map(one => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect()])
             .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("context_options", [{"locale": "en-US"}])
def test_a_conversation_that_comes_back_speaks_the_language_of_the_page(visit: Visit) -> None:
    page = visit.page
    ask(page, "Snel: one?", 1)
    page.reload()
    expect(finished(page, 1)).to_have_text(EN("chat.status_found"))
    expect(page.locator("#source-list h2")).to_have_text(EN("sources.title"))
    rows = history(page)
    expect(rows.first.locator(".now")).to_contain_text(EN("history.now"))
    expect(rows.first.locator("[data-delete]")).to_contain_text(EN("history.delete"))
