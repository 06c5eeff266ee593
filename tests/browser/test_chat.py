"""What readers do on the page, done for real."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from visit import Visit

from assistant.ui.texts import texts_in

NL, EN = texts_in("nl"), texts_in("en")
MONEY = "Hoeveel geld was er in totaal voor het pilotprogramma?"
NONSENSE = "Hoe laat vertrekt de laatste bus naar Zierikzee?"


def language_choice(page: Page, name: str) -> None:
    page.locator("#language label", has_text=name).click()


def test_a_dutch_question_gets_an_answer_whose_source_opens_at_the_cited_words(visit: Visit) -> None:
    visit.ask(MONEY)
    assert "850.000" in visit.answer()
    expect(visit.page.locator("a.marker").first).to_have_text("[1]")
    visit.marker_after("850.000").click()
    source = visit.page.locator("details.source[open]")
    expect(source).to_have_count(1)
    expect(source.locator("mark")).to_contain_text("850.000")
    expect(source.locator("mark")).to_be_in_viewport()
    published = source.locator("ul.published a").first
    assert "noopener" in (published.get_attribute("rel") or "") and published.get_attribute("target") == "_blank"


def test_the_whole_document_opens_at_the_passage(visit: Visit) -> None:
    visit.ask(MONEY)
    visit.marker_after("850.000").click()
    with visit.page.context.expect_page() as opened:
        visit.page.get_by_role("link", name=NL("sources.whole_document")).click()
    document = opened.value
    expect(document.locator("mark#passage")).to_contain_text("850.000")
    expect(document.locator("mark#passage")).to_be_in_viewport()
    assert document.evaluate("self.origin") == "null", "the document must have no origin of ours"


def test_an_english_question_is_answered_in_english_on_a_dutch_page(visit: Visit) -> None:
    visit.ask("How much money was there in total for the pilot programme?")
    assert re.search(r"850[.,]000", visit.answer())
    assert visit.page.locator(".answer span[lang=en]").count()
    expect(visit.page.locator("#ask")).to_have_text(NL("chat.ask"))


def test_a_follow_up_is_understood_from_the_conversation(visit: Visit) -> None:
    visit.ask("Wie was penvoerder van het pilotprogramma?")
    assert "Windesheim" in visit.answer()
    visit.ask("En wie was programmamanager?")
    assert "Myrna van de Water" in visit.answer()
    assert visit.page.locator(".exchange").count() == 2


def test_each_new_answer_scrolls_into_view(visit: Visit) -> None:
    for question in (MONEY, "Met welke stappen begin je een learning community?", NONSENSE):
        visit.ask(question)
        expect(visit.page.locator(".exchange .question").last).to_be_in_viewport()
        composer = visit.page.locator("#composer").bounding_box()
        answer = visit.page.locator(".exchange .answer").last.bounding_box()
        assert composer and answer and answer["y"] < composer["y"] - 40


def test_a_question_that_the_documents_do_not_answer_is_refused_with_what_came_closest(visit: Visit) -> None:
    visit.ask(NONSENSE)
    assert not visit.page.locator("a.marker").count()
    nearest = visit.page.locator("a.nearest").first
    expect(visit.page.locator(".exchange h4").first).to_have_text(NL("chat.nearest"))
    nearest.click()
    expect(visit.page.locator("details.source[open] blockquote")).to_be_visible()
    expect(visit.page.locator("#source-list h3")).to_have_text(NL("sources.nearest_title"))


def test_the_language_switch_changes_the_page_and_keeps_the_conversation(visit: Visit) -> None:
    visit.ask(MONEY)
    visit.page.locator("a.marker").first.click()
    language_choice(visit.page, "English")
    expect(visit.page.locator("h1")).to_have_text(EN("page.title"))
    expect(visit.page).to_have_title(EN("page.title"))
    assert visit.page.locator("html").get_attribute("lang") == "en"
    assert "850.000" in visit.answer()
    expect(visit.page.locator("details.source[open] mark")).to_be_visible()
    page_text = visit.page.locator("gradio-app").evaluate("page => page.outerHTML")
    for key in NL.keys - EN.keys | {key for key in NL.keys if NL.value(key) != EN.value(key)}:
        value = NL.value(key)
        for words in value if isinstance(value, tuple) else (value,):
            assert len(words) < 12 or words not in page_text, f"{key} is still in Dutch"


def test_a_new_conversation_begins_empty(visit: Visit) -> None:
    visit.ask(MONEY)
    expect(visit.page.locator("#examples")).to_be_hidden()
    visit.page.locator("#clear").click()
    expect(visit.page.locator(".exchange")).to_have_count(0)
    expect(visit.page.locator(".source")).to_have_count(0)
    expect(visit.page.locator("#examples")).to_be_visible()
    expect(visit.page.locator("#question textarea")).to_be_focused()


def test_every_example_is_answered(visit: Visit) -> None:
    examples = visit.page.locator("button.example")
    for position in range(examples.count()):
        question = examples.nth(position).inner_text()
        examples.nth(position).click()
        visit.wait_for_outcome(1)
        expect(visit.page.locator(".exchange .question")).to_have_text(question)
        assert visit.page.locator("a.marker").count(), f"not answered: {question}"
        visit.page.locator("#clear").click()
        expect(visit.page.locator(".exchange")).to_have_count(0)


def test_what_cannot_be_asked_gets_a_hint_and_stays_in_the_field(visit: Visit) -> None:
    field = visit.page.locator("#question textarea")
    field.fill("   ")
    visit.page.locator("#ask").click()
    expect(visit.page.locator("#notice")).to_have_text(NL("chat.empty"))
    field.fill("x" * 2001)
    visit.page.locator("#ask").click()
    expect(visit.page.locator("#notice")).to_have_text(NL("chat.too_long", length=2001, limit=2000))
    expect(field).to_have_value("x" * 2001)


def test_hostile_questions_and_documents_are_shown_and_never_obeyed(visit: Visit) -> None:
    order = "window.obeyed=1"
    hostile = f"<img src=x onerror={order}><script>{order}</script> ${{{order}}} {{{{{order}}}}}"
    visit.ask(hostile)
    expect(visit.page.locator(".exchange .question").first).to_have_text(hostile)
    visit.ask("Hoeveel stappen heeft de Zwanenburgse methode?")
    link = visit.page.locator(".exchange").last.locator("a.marker, a.nearest").first
    link.click()
    expect(visit.page.locator("details.source[open] .title")).to_contain_text("<img src=x onerror=window.obeyed=1>")
    assert visit.page.evaluate("window.obeyed") is None
    assert not visit.page.locator("#columns img, #columns script, #columns svg[onload]").count()
    assert not visit.complaints


def test_nothing_is_fetched_from_another_host(visit: Visit, address: str) -> None:
    visit.ask(MONEY)
    visit.page.locator("a.marker").first.click()
    language_choice(visit.page, "English")
    expect(visit.page.locator("h1")).to_have_text(EN("page.title"))
    own = urlsplit(address).netloc
    outside = [url for url in visit.requests if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != own]
    assert visit.requests and not outside
    assert not visit.complaints


def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    page = visit.page
    page.locator(".skip-link").focus()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(MONEY)
    page.keyboard.press("Enter")
    visit.wait_for_outcome(1)
    expect(page.locator("#question textarea")).to_be_focused()
    # Back over what can be done with the answer, to its last number.
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.marker')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("details.source[open] summary")).to_be_focused()
    expect(page.locator("details.source[open] mark")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('a.marker')")


def test_a_screen_reader_hears_the_answer_and_finds_the_parts(visit: Visit) -> None:
    visit.ask(MONEY)
    announcement = visit.page.locator("#announcement")
    expect(announcement).to_have_attribute("aria-live", "polite")
    expect(announcement).to_contain_text(NL("chat.status_found"))
    expect(announcement).to_contain_text("850.000")
    expect(visit.page.get_by_role("main")).to_have_count(1)
    expect(visit.page.get_by_role("region", name=NL("chat.region"))).to_be_visible()
    expect(visit.page.get_by_role("complementary", name=NL("sources.title"))).to_be_visible()
    expect(visit.page.get_by_role("radiogroup", name=NL("page.language_label"))).to_be_visible()
    expect(visit.page.get_by_role("textbox", name=NL("chat.question_label"))).to_be_visible()
    expect(visit.page.get_by_role("link", name=NL("chat.source_number", number=1)).first).to_be_visible()


def test_trouble_of_the_server_is_told_in_plain_words(visit: Visit) -> None:
    refusal = {"status": 503, "json": {"detail": "Queue is full. Max size is 64 and size is 64."}}
    visit.page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(**refusal))  # type: ignore[arg-type]
    visit.page.locator("#question textarea").fill(MONEY)
    visit.page.keyboard.press("Enter")
    toast = visit.page.get_by_test_id("toast-body")
    expect(toast).to_contain_text(NL("page.trouble"))
    expect(toast).not_to_contain_text("Queue")
    expect(visit.page.locator("#question textarea")).to_have_value(MONEY)


@pytest.mark.parametrize(
    ("context_options", "expected"),
    [({"locale": "nl-BE"}, "nl"), ({"locale": "de-DE"}, "en")],
)
def test_the_page_opens_in_the_language_of_the_browser(visit: Visit, expected: str) -> None:
    expect(visit.page.locator("h1")).to_have_text((EN if expected == "en" else NL)("page.title"))
    expect(visit.page.locator("html")).to_have_attribute("lang", expected)


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}}])
def test_on_a_phone_the_sources_stand_below_the_answer_and_nothing_sticks_out(visit: Visit) -> None:
    visit.ask(MONEY)
    answer = visit.page.locator(".exchange .answer").bounding_box()
    visit.page.locator("a.marker").first.click()
    sources = visit.page.locator("#source-list").bounding_box()
    assert answer and sources and sources["y"] + visit.page.evaluate("scrollY") > answer["y"] + answer["height"]
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
