"""The page as it is served to others: below a path of a reverse proxy, to more readers than can be answered at once."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from live import live
from playwright.sync_api import Browser, Page, expect
from proxy import proxied

from assistant.pipeline import Assistant
from assistant.settings import load_settings

pytestmark = pytest.mark.slow

QUESTION = "Hoeveel geld was er voor de pilot?"
ROOT_PATH = "/hulp/assistent"


@dataclass
class Slow:
    """The real assistant, whose answers wait until they are let go."""

    assistant: Assistant
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.assistant, name)

    def stream(self, *arguments: Any) -> Iterator[Any]:
        assert self.go.acquire(timeout=30)
        yield from self.assistant.stream(*arguments)


@pytest.fixture
def slow(index: Path) -> Iterator[Slow]:
    assistant = Assistant.open(load_settings({"index": {"directory": index}}))
    yield Slow(assistant)
    assistant.close()


@pytest.fixture
def address(slow: Slow, index: Path) -> Iterator[str]:
    settings = load_settings(
        {
            "index": {"directory": index},
            "chat": {"concurrency": 1, "queue_size": 2},
            "serve": {"root_path": ROOT_PATH, "trusted_proxies": ["127.0.0.1"], "questions_per_minute": 6},
        }
    )
    with live(lambda: slow, settings) as (port, _), proxied(port, ROOT_PATH) as shown:  # type: ignore[arg-type,return-value]
        yield f"{shown}/"


def opened(browser: Browser, address: str, language: str, complaints: list[str]) -> Page:
    page = browser.new_context(locale=language).new_page()
    page.set_default_timeout(15_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(address) else complaints.append(f"asked {one.url}"))
    page.on("response", lambda one: complaints.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    page.goto(address)
    page.locator("#introduction:not([data-opening])").wait_for()
    return page


def ask(page: Page) -> None:
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")


def test_readers_see_their_place_in_line_below_a_path_of_a_proxy(browser: Browser, address: str, slow: Slow) -> None:
    complaints: list[str] = []
    first, second, third, fourth = (opened(browser, address, one, complaints) for one in ("nl", "nl", "en", "nl"))
    ask(first)
    expect(first.locator("#current .question")).to_have_text(QUESTION)
    ask(second)
    expect(second.locator("#current .status")).to_have_text("Je bent nummer 1 in de rij.")
    ask(third)
    expect(third.locator("#current .status")).to_have_text("You are number 2 in line.")
    expect(third.locator("#announcement")).to_have_text("You are number 2 in line.")
    ask(fourth)
    expect(fourth.locator("#conversation .failure")).to_contain_text("Het is nu erg druk")

    # Who stops makes room; who asks again stands at the end.
    second.locator("#stop").click()
    expect(third.locator("#current .status")).to_have_text("You are number 1 in line.")
    ask(second)
    expect(second.locator("#current .status")).to_have_text("Je bent nummer 2 in de rij.")

    for page in (first, third, second):
        slow.go.release()
        page.locator("#conversation a.marker").first.wait_for()
        expect(page.locator(".exchange .answer").last).to_contain_text("850")

    # Documents, and other programs, work there too.
    document = third.locator("#source-list a[href*='documents/']").first.evaluate("link => link.href")
    assert document.startswith(f"{address}documents/") and "850" in httpx.get(document).text
    found = httpx.post(f"{address}gradio_api/run/search", json={"data": ["pilot", 1]})
    assert found.status_code == 200 and len(found.json()["data"][0]["hits"]) == 1

    # Six questions were taken from this address, as the proxy gives it: the next one is too many.
    ask(first)
    slow.go.release()
    first.locator("#conversation .exchange[data-exchange='2'] :is(a.marker, .failure)").first.wait_for()
    ask(first)
    expect(first.locator("#conversation .exchange .failure").last).to_contain_text("Wacht een minuut")
    assert first.locator("[data-testid='toast-body']").count() == 0
    assert not complaints
