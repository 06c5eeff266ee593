"""The corpus page in Chromium: a reader looks around, staff add a document and take it away again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, Page, expect
from program import serving
from small_corpus import make_corpus
from visit import Visit

from assistant.embedder import load_embedder
from assistant.pipeline import ingest
from assistant.settings import load_settings
from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

NL, EN = texts_in("nl"), texts_in("en")
PASSWORD = "een-goed-wachtwoord"
QUESTION = "Hoeveel euro kreeg de werkgroep Vollenhove van de provincie?"
MINUTES = (
    "Notulen van de werkgroep Vollenhove",
    "De werkgroep Vollenhove kreeg op 3 maart 2025 een bedrag van 41.250 euro van de provincie Overijssel.",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a small corpus with a password for staff, in a process of its own: this test changes its index."""
    root = tmp_path_factory.mktemp("corpus-page")
    corpus = make_corpus(root / "corpus")
    settings = load_settings({"index": {"directory": root / "index"}})
    ingest([corpus], settings, embedder=load_embedder(settings.embedder))
    environment = {
        "ASSISTANT_ACCESS__STAFF_PASSWORD": PASSWORD,
        "ASSISTANT_CORPUS_ADMIN__PATHS": f'["{corpus}"]',
        "ASSISTANT_CORPUS_ADMIN__DIRECTORY": str(root / "documents"),
        "ASSISTANT_FETCH__DIRECTORY": str(root / "originals"),
        "ASSISTANT_FEEDBACK__ENABLED": "false",
    }
    with serving(root / "index", environment) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open the browser of a Dutch reader; whatever a page complains about fails the test."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


def pdf(*paragraphs: str) -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=12)
    for paragraph in paragraphs:
        made.multi_cell(0, 8, f"{paragraph}\n\n", new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/corpus/staff")
    page.get_by_label(NL("access.password")).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("a.onwards").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NL("corpus.staff.title"))


@contextmanager
def asked(browser: Browser, site: str) -> Iterator[Visit]:
    """Ask as a reader who was never here before."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(site)
    page.locator("#introduction:not([data-opening])").wait_for()
    visit = Visit(page)
    visit.ask(QUESTION)
    yield visit
    context.close()


def test_a_reader_searches_filters_and_reads(page: Page, site: str) -> None:
    page.goto(f"{site}/corpus")
    expect(page.locator(".entries > li")).to_have_count(2)
    page.get_by_role("searchbox", name=NL("corpus.search_label")).fill("Fledderus leidde")
    page.keyboard.press("Enter")
    expect(page.locator("#documents")).to_contain_text(NL("corpus.nothing"))
    page.get_by_role("searchbox").fill("leidde")
    page.keyboard.press("Enter")
    expect(page.locator(".headings")).to_contain_text("Wie leidde de pilot?")
    page.get_by_role("link", name=NL("corpus.clear")).click()
    page.get_by_role("link", name=re.compile(f"^{NL('document.kind.glossary')}")).click()
    expect(page.locator(".entries h3")).to_have_text("Begrippen")
    page.locator("details.published summary").click()
    expect(page.locator(".published a")).to_have_attribute("href", "https://example.org/resultaten")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("h1")).to_have_text(EN("corpus.title"))
    expect(page.locator(".entries h3")).to_have_text("Terms")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".entries h3 a").click()
    expect(page.locator("h1")).to_have_text("Terms")


def test_staff_add_a_document_that_is_then_cited_and_take_it_away(browser: Browser, page: Page, site: str) -> None:
    sign_in(page, site)
    page.get_by_label(NL("corpus.staff.add_label")).set_input_files(
        [
            {"name": "notulen.pdf", "mimeType": "application/pdf", "buffer": pdf(*MINUTES)},
            {"name": "stuk.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 stuk"},
        ]
    )
    page.get_by_role("button", name=NL("corpus.staff.add")).click()
    expect(page.locator(".said")).to_contain_text(NL("corpus.staff.said.added", name="notulen.pdf"))
    page.get_by_role("button", name=NL("corpus.staff.start")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    # The page follows by itself until the end.
    expect(page.locator(".result h3")).to_have_text(NL("corpus.staff.done_title"), timeout=60_000)
    expect(page.locator(".result")).to_contain_text("stuk.pdf")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280

    with asked(browser, site) as visit:
        assert "41.250" in visit.answer()
        visit.marker_after("41.250").click()
        expect(visit.page.locator("details.source[open]")).to_contain_text("Vollenhove")

    page.get_by_role("link", name=NL("corpus.staff.remove_named", name="notulen.pdf")).click()
    page.get_by_role("button", name=NL("corpus.staff.remove_yes")).click()
    expect(page.locator(".said")).to_contain_text(NL("corpus.staff.said.removed", name="notulen.pdf"))
    page.get_by_role("link", name=NL("corpus.staff.back", before="gen-000001")).click()
    expect(page.get_by_role("main")).to_contain_text("notulen.pdf")
    page.get_by_role("button", name=NL("corpus.staff.back_yes")).click()
    expect(page.locator(".said")).to_contain_text("gen-000001")
    with asked(browser, site) as visit:
        assert "41.250" not in visit.answer()
