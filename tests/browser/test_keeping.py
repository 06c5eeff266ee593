"""A reader takes an answer along: on the clipboard, as a link, and as files that are read back."""

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import ARGUMENTS, CHROMIUM, ROOT
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from visit import Visit

from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

NL, EN = texts_in("nl"), texts_in("en")
MONEY = "Hoeveel geld was er in totaal voor het pilotprogramma?"
WHO = "En wie betaalde dat?"
PLAIN = "assistent.test"
"""A name without a safe connection, where a browser has no asynchronous clipboard."""
CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read();
  const texts = await Promise.all(item.types.map(async (type) => [type, await (await item.getType(type)).text()]));
  return Object.fromEntries(texts);
}"""


@pytest.fixture
def context_options() -> dict[str, object]:
    return {"permissions": ["clipboard-read", "clipboard-write"]}


def said(page: Page, exchange: int) -> Any:
    return expect(page.locator(f"#conversation [data-exchange='{exchange}'] .kept-said"))


def saved(page: Page, form: str) -> tuple[str, bytes]:
    """Save the conversation and return the name and the content of the file."""
    with page.expect_download() as download:
        page.locator(f"[data-export={form}]").press("Enter")
    name = download.value.suggested_filename
    expect(page.locator("#keep .kept-said")).to_have_text(NL("keeping.saved", name=name))
    return name, Path(download.value.path()).read_bytes()


def wait_for_answer(page: Page, number: int) -> None:
    page.locator(f"#conversation .exchange[data-exchange='{number}'] .verdict").wait_for()


def test_a_conversation_is_copied_saved_and_linked_and_its_link_asks_it_again(
    visit: Visit, browser: Browser, index: Path, tmp_path: Path
) -> None:
    page = visit.page
    expect(page.locator("#keep")).to_be_hidden()
    visit.ask(MONEY)
    visit.ask(WHO)

    second = page.locator("#conversation [data-exchange='2']")
    copy = second.get_by_role("button", name=NL("keeping.copy"))
    copy.focus()
    page.keyboard.press("Enter")
    said(page, 2).to_have_text(NL("keeping.copied"))
    said(page, 2).to_have_attribute("role", "status")
    expect(copy).to_be_focused()
    held = page.evaluate(CLIPBOARD)
    assert held["text/plain"].startswith(f"Vraag: {WHO}")
    assert "SIA" in held["text/plain"] and "Bronnen\n\n[1]" in held["text/plain"]
    assert "<li>" in held["text/html"] and 'href="https://nlaic.com/' in held["text/html"]
    page.locator("[data-exchange='1'] [data-keep=markdown]").first.click()
    said(page, 1).to_have_text(NL("keeping.copied"))
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"## {MONEY}\n\n")
    second.get_by_role("button", name=NL("keeping.link")).click()
    said(page, 2).to_have_text(NL("keeping.link_copied"))
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(page.url.split("#")[0]) and link.count("q=") == 2

    menu = page.locator("#keep summary")
    menu.press("Enter")
    name, content = saved(page, "json")
    file = tmp_path / name
    file.write_bytes(content)
    command = [sys.executable, "-m", "assistant", "verify", str(file), "--index", str(index), "--json"]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    found = json.loads(checked.stdout)
    assert checked.returncode == 0 and found["holds"] and len(found["answers"]) == 2
    name, content = saved(page, "pdf")
    text = " ".join("".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages).split())
    assert name.endswith(".pdf") and all(part in text for part in (MONEY, WHO, "850.000 euro", "Bronnen"))
    name, content = saved(page, "markdown")
    assert name.endswith(".md") and f"## 2. {WHO}" in content.decode()
    page.keyboard.press("Escape")
    expect(page.locator("#keep .menu-body")).to_be_hidden()
    expect(menu).to_be_focused()
    assert visit.complaints == []

    opens_in_a_fresh_browser(browser, link)


def opens_in_a_fresh_browser(browser: Browser, link: str) -> None:
    """Check what somebody else sees who opens a link, whatever language their browser has."""
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script("navigator.share = (given) => ((window.shared = given), Promise.resolve())")
    page.goto(link)
    wait_for_answer(page, 2)
    assert page.locator("#conversation .question").all_inner_texts() == [MONEY, WHO]
    notes = page.locator("#conversation .linked")
    expect(notes.first).to_have_text(NL("keeping.linked_before"))
    expect(notes.last).to_have_text(NL("keeping.linked_same"))
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert "q=" not in page.url
    page.locator("[data-exchange='2'] [data-keep=share]").click()
    shared = page.evaluate("window.shared")
    assert shared["url"] == link and shared["text"] == WHO
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # A link of another answer, opened where there is a conversation already.
    page.evaluate("link => { location.hash = link }", f"#q={MONEY.replace(' ', '%20')}&lang=en&answer=0123456789abcdef")
    expect(notes).to_have_text(EN("keeping.linked_differs"))
    assert page.locator("#conversation .question").all_inner_texts() == [MONEY]
    page.reload()
    wait_for_answer(page, 1)
    assert page.locator("#conversation .question").all_inner_texts() == [MONEY], "it goes on, and does not ask again"

    page.goto(f"{link.split('#')[0]}?q={'a' * 3000}")
    expect(page.locator("#notice")).to_contain_text(EN("keeping.link_refused"))
    expect(page.locator("#conversation .question")).to_have_count(0)
    hostile = "#q=%3Cimg%20src%3Dx%20onerror%3Dwindow.obeyed%3D1%3E%20wat%3F&lang=%22%3E%3Cscript%3E&answer=%3Cb%3E"
    page.goto("about:blank")
    page.goto(link.split("#")[0] + hostile)
    expect(page.locator(".exchange .question")).to_have_text("<img src=x onerror=window.obeyed=1> wat?")
    wait_for_answer(page, 1)
    assert page.evaluate("window.obeyed") is None
    context.close()


def test_copying_also_works_without_a_safe_connection_and_where_it_is_refused(browser: Browser, address: str) -> None:
    rules = f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"
    with browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, rules]) as plain:
        context = plain.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(address.replace("127.0.0.1", PLAIN))
        page.locator("#introduction:not([data-opening])").wait_for()
        assert page.evaluate("!window.isSecureContext && !navigator.clipboard")
        visit = Visit(page)
        visit.ask(MONEY)
        copy = page.locator("[data-exchange='1'] [data-keep=copy]").first
        copy.click()
        said(page, 1).to_have_text(NL("keeping.copied"))
        field = page.locator("#question textarea")
        field.press("Control+v")
        expect(field).to_have_value(re.compile(r"850\.000 euro[^§]*Bronnen"))
        field.fill("")
        page.locator("[data-keep=link]").first.click()
        said(page, 1).to_have_text(NL("keeping.link_copied"))
        field.press("Control+v")
        expect(field).to_have_value(re.compile(r"^http://assistent\.test:\d+/#q=Hoeveel%20"))

        page.evaluate("document.execCommand = () => false")
        copy.click()
        said(page, 1).to_have_text(NL("keeping.not_copied"))
        by_hand = page.get_by_label(NL("keeping.by_hand"))
        expect(by_hand).to_be_focused()
        assert "850.000 euro" in by_hand.input_value()
        assert by_hand.evaluate("field => field.selectionEnd - field.selectionStart === field.value.length")
