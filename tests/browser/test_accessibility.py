"""Accessibility of every page and state, as axe-core and our own checks see it (WCAG 2.2, levels A and AA)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe import Finding, findings, moving, never_reached, own_findings, tab_through
from conftest import STAFF_PASSWORD
from playwright.sync_api import Browser, Page, expect
from scripted import SENTENCES, Site
from visit import Visit

from assistant.ui.panels.examples import GROUPS
from assistant.ui.texts import Texts, texts_in

# Gradio keeps statistics with an option that pandas is about to drop; one server runs in this process.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
NL, EN = texts_in("nl"), texts_in("en")
MONEY = {
    "nl": "Hoeveel geld was er in totaal voor het pilotprogramma?",
    "en": "How much money was there in total for the pilot programme?",
}
ABOUT_A_REPORT = {
    "nl": "Noemen Avans en de NL AIC dezelfde gever van het geld voor de pilot?",
    "en": "Do Avans and the NL AIC name the same giver of the money for the pilot?",
}
# What is added to the region, as a screen reader gets it.
HEAR = """() => {
  window.heard = [];
  const added = (changes) => changes.flatMap((one) => [...one.addedNodes]).map((one) => one.textContent);
  new MutationObserver((changes) => heard.push(...added(changes))).observe(
    document.getElementById("announcement"), { childList: true });
}"""
HALF_KNOWN = "Did the pilot run from 2020 to 2024?"
UNKNOWN = {"nl": "Hoe laat vertrekt de laatste bus naar Zierikzee?", "en": "When does the last bus to Zierikzee leave?"}

TOP = [
    f"a {NL('page.skip_to_question')}", f"button {NL('history.open')}", f"a {NL('page.corpus')}", "input Nederlands",
]  # fmt: skip
FIELD = [f"textarea {NL('chat.question_label')}", f"button {NL('chat.ask')}"]
END = [f"a {NL('access.sign_in')}"]
ON_START = [
    *TOP,
    *FIELD,
    *(f"button {question}" for group in GROUPS for question in NL.list(f"examples.{group}.questions")),
    f"button {NL('overview.open')}",
    *END,
]
"""In which order Tab goes: what is at the top, the field to ask in, what it could be filled with, the rest."""
ON_ANSWER = [
    *TOP,
    f"a {NL('chat.source_number', number=1)}",
    *(f"button {NL(key)}" for key in ("keeping.copy", "keeping.copy_markdown", "keeping.link")),
    *(f"button {NL(key)}" for key in ("chat.edit", "chat.retry", "feedback.yes", "feedback.no")),
    *["button suggestion"] * 3,
    *FIELD,
    f"button {NL('chat.clear')}",
    f"summary {NL('keeping.menu')}",
    "summary source",
    "a published",
    f"a {NL('sources.whole_document')} ({NL('sources.new_tab')})",
    f"a {NL('sources.back')}",
    *END,
]
"""The answer, what can be done with it, the field, and then the source that is open."""


@dataclass
class Walk:
    """A reader who goes through the pages in one size, colour scheme and language, and what was found there."""

    page: Page
    texts: Texts
    found: list[Finding] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.texts.language

    @property
    def visit(self) -> Visit:
        return Visit(self.page)

    def look(self, state: str) -> None:
        """Note what axe-core and our own checks find in this state; also with larger text, and on a narrower screen."""
        page, size = self.page, self.page.viewport_size
        assert page.locator("html").get_attribute("lang") == self.language, state
        self.found += findings(page, state) + own_findings(page, state)
        self.found += [Finding(state, "moves", "serious", one, "") for one in moving(page)]
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        self.found += own_findings(page, f"{state}, text of 200 %")
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 320, "height": 640})
        self.found += own_findings(page, f"{state}, 320 px")
        page.set_viewport_size(size or {"width": 1280, "height": 900})


@pytest.fixture(params=[(1280, "light", "nl"), (390, "dark", "en")], ids=["1280-light-nl", "390-dark-en"])
def walk(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Walk]:
    width, scheme, language = request.param
    context = browser.new_context(
        locale=language,
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        reduced_motion="reduce",
        # The pages of documents run no script at all, and so not axe-core either.
        bypass_csp=True,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    yield Walk(page, texts_in(language))
    context.close()


def open_chat(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#conversation[tabindex]").wait_for(state="attached")
    # On a phone it takes no room once there is a conversation.
    page.locator("#introduction:not([data-opening])").wait_for(state="attached")


def test_no_page_and_no_state_breaks_a_rule(walk: Walk, address: str) -> None:
    open_chat(walk.page, address)
    look_at_the_start(walk)
    look_at_answers(walk)
    look_at_other_pages(walk, address)
    look_at_the_evaluator(walk, address)
    assert not walk.found, "\n".join(["", *dict.fromkeys(map(str, walk.found))])


def look_at_the_start(walk: Walk) -> None:
    page = walk.page
    walk.look("start")
    page.locator("#overview [data-overview]").first.click()
    page.locator("#overview-window .kind summary").first.click()
    walk.look("overview")
    page.keyboard.press("Escape")


def look_at_answers(walk: Walk) -> None:
    page, visit = walk.page, walk.visit
    visit.ask(MONEY[walk.language])
    page.locator("a.marker").first.click()
    expect(page.locator("details.source[open] mark")).to_be_visible()
    walk.look("answer with a source")
    page.locator("[data-rate=no]").click()
    expect(page.locator(".feedback-said")).not_to_be_empty()
    page.locator(".feedback-more summary").click()
    walk.look("feedback")
    # Other tests count what is kept.
    page.locator("[data-take-back]").click()
    expect(page.locator(".feedback-said")).to_have_text(walk.texts("feedback.taken_back"))
    visit.ask(ABOUT_A_REPORT[walk.language])
    source = page.locator("details.source:has(.page-picture)").first
    source.locator("summary").click()
    expect(source.locator("img")).to_be_visible()
    walk.look("answer with a page of a PDF")
    visit.ask(HALF_KNOWN)
    last = page.locator(".exchange").last
    expect(last.locator(".verdict.partial")).to_be_visible()
    assert set(last.locator("[data-sentence]").evaluate_all("all => all.map((one) => one.lang)")) == {"en"}
    walk.look("partial answer, in English")
    visit.ask(UNKNOWN[walk.language])
    page.locator("a.nearest").first.click()
    walk.look("refusal")
    page.locator("[data-edit]").click()
    walk.look("editing")
    page.keyboard.press("Escape")
    page.locator("[data-history]").click()
    walk.look("history")
    page.keyboard.press("Escape")


def look_at_other_pages(walk: Walk, address: str) -> None:
    page = walk.page
    page.goto(f"{address}/corpus")
    page.locator("details.published summary").first.click()
    walk.look("corpus")
    page.locator(".entries h3 a").nth(1).click()
    page.locator("main p").first.wait_for()
    walk.look("document")
    page.goto(f"{address}/sign-in")
    walk.look("sign-in")
    for password, state in (("mis", "sign-in failed"), (STAFF_PASSWORD, "signed in")):
        page.locator("input[type=password]").fill(password)
        page.keyboard.press("Enter")
        page.locator(".trouble" if password == "mis" else ".signed-in").wait_for()
        walk.look(state)
    page.goto(f"{address}/corpus/staff")
    walk.look("corpus for staff")


def look_at_the_evaluator(walk: Walk, address: str) -> None:
    page = walk.page
    open_chat(page, address)
    page.locator("#conversation .exchange").last.wait_for()
    page.locator("#clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    walk.visit.ask(MONEY[walk.language])
    page.locator("[data-evaluator]").click()
    page.locator(".scoring").focus()
    page.keyboard.press("?")
    expect(page.locator(".scoring .keys")).to_be_visible()
    page.locator(".correction summary").click()
    page.locator("[data-add]").click()
    expect(page.locator(".case-form")).to_be_visible()
    walk.look("evaluator")


def test_the_keyboard_reaches_everything_in_order_and_is_seen_everywhere(visit: Visit) -> None:
    page = visit.page
    start = list(tab_through(page))
    assert never_reached(page) == []
    assert [one.name for one in start] == ON_START
    visit.ask(MONEY["nl"])
    expect(page.locator(".suggestion").nth(2)).to_be_visible()
    page.locator("a.marker").first.click()
    expect(page.locator("details.source[open] mark")).to_be_visible()
    page.locator(".skip-link").focus()
    page.keyboard.press("Shift+Tab")
    answer = list(tab_through(page))
    assert never_reached(page) == []
    assert [one.name for one in answer] == ON_ANSWER
    assert not [one for one in (*start, *answer) if one.outline < 2 or not one.in_view or one.covered]
    # Backwards too nothing holds the focus.
    page.locator("#foot a").focus()
    for _ in answer[1:]:
        page.keyboard.press("Shift+Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    # The choice of language is one stop, within which the arrows go.
    page.locator("#language input:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#language input").nth(1)).to_be_focused()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()


def test_a_screen_reader_hears_each_sentence_once_and_nothing_moves_for_who_wants_calm(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(15_000)
    page = context.new_page()
    open_chat(page, site.address)
    page.evaluate(HEAR)
    for question in ("Wat kostte de pilot?", "Wie betaalde de pilot?"):
        page.locator("#question textarea").fill(question)
        page.keyboard.press("Enter")
        expect(page.locator("#announcement")).to_have_text(NL("chat.searching"))
        assert any("lc-breathe" in one for one in moving(page)), "a sign of life, which has to be calm on request"
        page.emulate_media(reduced_motion="reduce")
        assert moving(page) == []
        page.emulate_media(reduced_motion="no-preference")
        for _ in range(3):
            site.assistant.let_go(question)
            page.wait_for_timeout(100)
        site.assistant.let_go(question, 9)
        expect(page.locator("#announcement")).to_contain_text(NL("chat.answer_ready"))
        expect(page.locator("#announcement [lang=nl]").first).to_have_text(SENTENCES[0].text)
        heard = page.evaluate("heard.splice(0)")
        done = [one for one in heard if one in (NL("chat.searching"), NL("chat.reading"))]
        said = [one for one in heard if one not in done]
        assert len(done) == len(set(done))
        assert said == [
            *(one.text for one in SENTENCES),
            f"{NL('chat.answer_ready')} {NL('chat.status_found')}.",
        ]
    region = page.locator("#announcement")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region).to_have_attribute("aria-atomic", "false")
    assert page.locator("main [aria-live]").count() == 0
    context.close()
