"""A reader on the page."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

CONTRAST = """() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const background = (element) => {
    for (; element; element = element.parentElement) {
      const color = numbers(getComputedStyle(element).backgroundColor);
      if (color.length === 3 || color[3] > 0.99) return color;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(background(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return low;
}"""
"""Returns the texts of a page whose contrast with what is behind them is below 4.5 to 1."""


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
