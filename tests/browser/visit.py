"""A reader on the page."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page


@dataclass
class Visit:
    """A page in a browser of its own, with what it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Ask a question with the keyboard and wait for the outcome."""
        number = self.page.locator(".exchange").count() + 1
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")
        self.wait_for_outcome(number)

    def wait_for_outcome(self, number: int) -> None:
        outcome = ":is(a.marker, .message, .failure)"
        self.page.locator(f"#conversation .exchange[data-exchange='{number}'] {outcome}").first.wait_for()

    def marker_after(self, words: str) -> Locator:
        """Return the first citation of the first sentence that holds some words."""
        sentence = self.page.locator(".exchange .answer span", has_text=words).first
        return sentence.locator("xpath=following-sibling::a[1]")

    def answer(self) -> str:
        """Return the words of the last answer."""
        return self.page.locator(".exchange .answer").last.inner_text()
