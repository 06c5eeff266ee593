"""The real page: app.py in its own process over a part of the real corpus, driven in Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Request, expect, sync_playwright
from program import serving
from visit import Visit

from assistant.pipeline import ingest
from assistant.settings import load_settings

expect.set_options(timeout=15_000)
ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
"""Chromium's own sandbox does not start for root or in most containers."""

EVALUATOR_PASSWORD = "alleen om te testen"
STAFF_PASSWORD = "alleen om te beheren"
WHOLE_CORPUS = bool(os.environ.get("WHOLE_CORPUS"))
"""Set it to ask the page about all of corpus/, not a part: the first time that takes minutes."""
PARTS = ("pilot", "communities", "reports")
HOSTILE = """---
title: <img src=x onerror=window.obeyed=1> Zwanenburgse handleiding
language: nl
---

## <svg onload=window.obeyed=1>

De Zwanenburgse methode heeft <script>window.obeyed=1</script> zeven stappen </mark><img src=x onerror=window.obeyed=1>.
"""


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """Read a part of the real corpus, and one document that means ill, into an index.

    The whole would take minutes on a machine that has not read it before. The index is kept between
    runs: reading a corpus again that has not changed takes no time.
    """
    corpus = tmp_path_factory.mktemp("browser") / "corpus"
    for part in [""] if WHOLE_CORPUS else PARTS:
        shutil.copytree(ROOT / "corpus" / part, corpus / part)
    shutil.copy(ROOT / "corpus" / "sources.yaml", corpus)
    (corpus / "hostile.nl.md").write_text(HOSTILE, encoding="utf-8")
    name = "browser-index-whole" if WHOLE_CORPUS else "browser-index"
    folder = Path(pytestconfig.cache.mkdir(name)) if pytestconfig.cache else corpus.parent / "index"
    ingest([corpus], load_settings({"index": {"directory": folder}}))
    return folder


@pytest.fixture(scope="session")
def feedback_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder where the page keeps feedback.db and from-page.jsonl."""
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="session")
def address(index: Path, feedback_folder: Path) -> Iterator[str]:
    """Serve the page on a free port, and stop it afterwards."""
    settings = {
        "ASSISTANT_FEEDBACK__DATABASE": f"sqlite:///{feedback_folder / 'feedback.db'}",
        "ASSISTANT_FEEDBACK__CASES_FILE": str(feedback_folder / "from-page.jsonl"),
        "ASSISTANT_ACCESS__EVALUATOR_PASSWORD": EVALUATOR_PASSWORD,
        "ASSISTANT_ACCESS__STAFF_PASSWORD": STAFF_PASSWORD,
        "ASSISTANT_CORPUS_ADMIN__DIRECTORY": str(feedback_folder / "documents"),
    }
    with serving(index, settings) as address:
        yield address


# Not for the whole session: while it is open, Playwright keeps an event loop running in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None and os.environ.get("CI", "").lower() != "true":
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context_options() -> dict[str, object]:
    return {}


@pytest.fixture
def visit(browser: Browser, address: str, context_options: dict[str, object]) -> Iterator[Visit]:
    """Open the page as a Dutch reader does."""
    options = {"locale": "nl-NL", "viewport": {"width": 1280, "height": 900}, **context_options}
    context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page())

    def note(request: Request) -> None:
        visit.requests.append(request.url)

    context.on("request", note)
    visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.goto(address)
    visit.page.locator("#question textarea").wait_for()
    # page.js sets the roles and the language, and only then is the page as readers get it.
    visit.page.locator("#conversation[tabindex]").wait_for(state="attached")
    visit.page.locator("#introduction:not([data-opening])").wait_for()
    yield visit
    context.close()
