"""Checking an answer: the page that a quote stands on, and the file it comes from."""

import pytest
from playwright.sync_api import expect
from visit import Visit

from assistant.ui.texts import texts_in

NL, EN = texts_in("nl"), texts_in("en")
ABOUT_A_REPORT = "Noemen Avans en de NL AIC dezelfde gever van het geld voor de pilot?"


@pytest.mark.parametrize("context_options", [{"viewport": {"width": 390, "height": 844}}], ids=["phone"])
def test_a_quote_from_a_pdf_is_marked_on_a_picture_of_its_page(visit: Visit) -> None:
    page = visit.page
    visit.ask(ABOUT_A_REPORT)
    source = page.locator("details.source:has(.page-picture)").first
    expect(source.locator(".origin")).to_contain_text("20")
    assert not any("/page/" in url for url in visit.requests if ".png" in url), (
        "nothing is drawn before it is asked for"
    )
    source.locator("summary").click()
    picture = source.locator(".page-picture img")
    expect(picture).to_be_visible()
    quote = source.locator("mark").inner_text()
    assert quote in (picture.get_attribute("alt") or "")
    number = int(
        page.evaluate(
            "(figure) => figure.dataset.address.match(/page\\/(\\d+)/)[1]", source.locator("figure").element_handle()
        )
    )
    expect(source.locator("figcaption")).to_have_text(NL("sources.picture_all", number=number))
    expect(source.locator(".published .details").nth(1)).to_have_text(NL("sources.authority_B"))
    file = source.get_by_role("link", name=NL("document.file_on_page", number=number))
    address = file.get_attribute("href") or ""
    assert address.startswith("documents/") and address.endswith(f"#page={number}")
    kept = page.request.get(f"{page.url.partition('?')[0]}{address.partition('#')[0]}")
    assert kept.headers["content-type"] == "application/pdf" and kept.body().startswith(b"%PDF")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out on a phone"
    # Large: the focus goes in, Escape closes, the focus comes back.
    button = source.locator(".page-picture button")
    button.press("Enter")
    large = page.get_by_role("dialog")
    expect(large.get_by_role("button", name=NL("sources.close"))).to_be_focused()
    expect(large.locator("img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(button).to_be_focused()
    # In the other language the source opens again, with its page.
    page.locator("#language label", has_text="English").click()
    expect(page.locator("details.source[open] figcaption")).to_have_text(EN("sources.picture_all", number=number))
    # The document itself, the file it was read from, and its twin at the same place.
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=EN("sources.whole_document")).first.click()
    document = opened.value
    expect(document.locator("mark")).to_have_text(quote)
    expect(document.get_by_role("link", name=EN("document.file_on_page", number=number))).to_be_visible()
    document.get_by_role("link", name=EN("document.twin_en")).click()
    expect(document.locator("main[lang=en]")).to_be_visible()
    assert not visit.complaints
