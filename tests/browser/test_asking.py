"""A conversation while it goes on: streaming, stopping, asking again, changing the last question, and trouble."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from scripted import SENTENCES, Site
from visit import Visit

from assistant.ui.texts import texts_in

# Gradio keeps statistics with an option that pandas is about to drop; the server runs in this process.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
NL, EN = texts_in("nl"), texts_in("en")
FIRST, SECOND = SENTENCES[0].text, SENTENCES[1].text


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def address(site: Site) -> str:
    return site.address


def field(page: Page) -> Locator:
    return page.locator("#question textarea")


def begin(page: Page, question: str) -> None:
    field(page).fill(question)
    page.keyboard.press("Enter")


def questions(page: Page) -> list[str]:
    return page.locator("#conversation .question").all_inner_texts()


def finished(page: Page, number: int) -> Locator:
    return page.locator(f"#conversation .exchange[data-exchange='{number}']")


def test_an_answer_is_written_sentence_by_sentence_and_can_be_stopped_and_asked_again(visit: Visit, site: Site) -> None:
    page, question = visit.page, "Wat kostte de pilot?"
    begin(page, question)
    current = page.locator("#current .exchange")
    expect(current.locator(".status")).to_have_text(NL("chat.searching"))
    expect(field(page)).to_have_value("")
    site.assistant.let_go(question)
    expect(current.locator(".status")).to_have_text(NL("chat.reading"))
    site.assistant.let_go(question)
    expect(current.locator(".answer")).to_contain_text(FIRST)
    expect(current.locator(".status")).to_have_text(NL("chat.writing"))
    expect(page.locator("#announcement")).to_have_text(FIRST)
    page.keyboard.press("Escape")
    stopped = finished(page, 1)
    expect(stopped.locator(".verdict")).to_have_text(NL("chat.status_stopped"))
    expect(stopped).to_contain_text(FIRST)
    expect(stopped).to_contain_text(NL("chat.stopped_halfway"))
    expect(current).to_have_count(0)
    expect(page.locator("#stop")).to_be_hidden()
    site.assistant.let_go(question, 20)
    page.get_by_role("button", name=NL("chat.retry")).click()
    expect(finished(page, 1).locator(".verdict")).to_have_text(NL("chat.status_found"))
    expect(finished(page, 1)).to_contain_text(SECOND)
    assert questions(page) == [question] and not visit.complaints


def test_a_second_question_waits_in_the_field_until_the_first_is_answered(visit: Visit, site: Site) -> None:
    page, question = visit.page, "Wie betaalde de pilot?"
    begin(page, question)
    expect(page.locator("#current .exchange")).to_be_visible()
    begin(page, "Snel: en waarom?")
    expect(page.locator("#busy")).to_have_text(NL("chat.busy"))
    page.locator("#ask").click()
    page.keyboard.press("ArrowUp")
    expect(field(page)).to_have_value("Snel: en waarom?")
    site.assistant.let_go(question, 9)
    expect(finished(page, 1).locator(".verdict")).to_be_visible()
    expect(page.locator("#busy")).to_be_hidden()
    field(page).press("Enter")
    expect(finished(page, 2).locator(".verdict")).to_be_visible()
    assert questions(page) == [question, "Snel: en waarom?"]
    assert site.assistant.heard[-2:] == [(question, 0), ("Snel: en waarom?", 2)]


def test_the_last_question_can_be_changed_and_its_answer_makes_way(visit: Visit, site: Site) -> None:
    page = visit.page
    for number, question in enumerate(["Snel: een?", "Snel: twee?"], start=1):
        begin(page, question)
        expect(finished(page, number).locator(".verdict")).to_be_visible()
    field(page).press("ArrowUp")
    editing = page.locator("#editing")
    expect(editing).to_contain_text(NL("chat.editing"))
    expect(field(page)).to_have_value("Snel: twee?")
    expect(field(page)).to_have_attribute("aria-describedby", "editing-words")
    page.keyboard.press("Escape")
    expect(editing).to_be_hidden()
    expect(field(page)).to_have_value("")
    assert questions(page) == ["Snel: een?", "Snel: twee?"]
    field(page).fill("half getypt")
    page.get_by_role("button", name=NL("chat.edit")).click()
    expect(field(page)).to_be_focused()
    page.locator("#language label", has_text="English").click()
    expect(editing).to_be_visible()
    page.locator("#language label", has_text="Nederlands").click()
    expect(editing).to_contain_text(NL("chat.editing"))
    field(page).fill("")
    field(page).press("Enter")
    expect(page.locator("#notice")).to_have_text(NL("chat.empty"))
    expect(editing).to_be_visible()
    field(page).fill("Snel: drie?")
    page.locator("#ask").click()
    expect(page.locator("#conversation .question").last).to_have_text("Snel: drie?")
    expect(finished(page, 2).locator(".verdict")).to_be_visible()
    expect(editing).to_be_hidden()
    expect(field(page)).to_have_value("half getypt")
    assert questions(page) == ["Snel: een?", "Snel: drie?"] and site.assistant.heard[-1] == ("Snel: drie?", 2)
    assert not visit.complaints


def test_a_reader_who_comes_while_the_assistant_loads_is_told_so(visit: Visit, site: Site) -> None:
    site.assistant.loaded.clear()
    begin(visit.page, "Snel: is daar iemand?")
    expect(visit.page.locator("#current .status")).to_have_text(NL("chat.loading"))
    site.assistant.loaded.set()
    expect(finished(visit.page, 1).locator(".verdict")).to_have_text(NL("chat.status_found"))


def test_a_conversation_goes_on_after_the_server_was_started_anew(visit: Visit, site: Site) -> None:
    page = visit.page
    begin(page, "Snel: een?")
    expect(finished(page, 1).locator(".verdict")).to_be_visible()
    site.stop()
    site.start()
    begin(page, "Snel: twee?")
    expect(finished(page, 2).locator(".verdict")).to_be_visible()
    assert questions(page) == ["Snel: een?", "Snel: twee?"] and site.assistant.heard[-1] == ("Snel: twee?", 2)
    site.stop()
    site.start()
    page.locator("#language label", has_text="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(finished(page, 2).locator(".verdict")).to_be_visible()
    question = "Duurt dit lang?"
    begin(page, question)
    expect(page.locator("#current .exchange")).to_be_visible()
    site.stop()
    expect(page.locator("#kept-notice")).to_have_text(EN("page.lost"))
    site.start()
    # The page is opened anew once the server is back: the question that was cut off stands in the field.
    expect(field(page)).to_have_value(question, timeout=20_000)
    expect(finished(page, 2).locator(".verdict")).to_be_visible()
