"""What axe-core finds on a page, and what it cannot judge: sizes, movement, headings and the way of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# In a modal dialog the keyboard stays within it.
_REACHABLE = """
const visible = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
const scope = document.querySelector("dialog:modal") ?? document;
const selector = "a[href], button, input, textarea, select, summary, [tabindex]";
const reachable = [...scope.querySelectorAll(selector)].filter((one) =>
  visible(one) && !one.disabled && one.tabIndex >= 0 && !one.closest("[inert]"));
"""

_SMALL = (
    """() => {"""
    + _REACHABLE
    + """
  // A choice with a label around it is as large as its label (WCAG 2.5.8 counts what can be pressed).
  const area = (one) => ((one.matches("[type=radio], [type=checkbox]") && one.closest("label")) || one);
  const inline = (one) => one.matches("a") && getComputedStyle(one).display === "inline" &&
    [...one.parentElement.childNodes].some((other) => other.nodeType === 3 && other.textContent.trim());
  return reachable.filter((one) => !inline(one)).map((one) => [one, area(one).getBoundingClientRect()])
    .filter(([one, box]) => Math.min(Math.round(box.width), Math.round(box.height)) < 24
      && !one.matches("#introduction .skip-link, .skip-link, [tabindex='0']:not(a, button, input, textarea, summary)"))
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
}"""
)

_HEADINGS = """() => {
  const shown = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.checkVisibility());
  const levels = shown.map((one) => Number(one.localName[1]));
  const first = levels.filter((level) => level === 1).length;
  return shown.filter((one, place) => place && levels[place] > levels[place - 1] + 1)
    .map((one) => `${one.localName} ${one.textContent.trim()}`)
    .concat(first === 1 ? [] : [`${first} headings of level 1`]);
}"""

_MOVING = """() => document.getAnimations().filter((one) => one.playState === "running"
  && one.effect?.getComputedTiming().endTime > 0)
  .map((one) => `${one.animationName ?? one.transitionProperty} on ${one.effect.target?.outerHTML.slice(0, 80)}`)"""

# The dialog that is open on top, or the page: what leaves its right edge makes a reader scroll sideways.
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).position !== "absolute")
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} px wide`)"""

_FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const seen = [one, one.closest("label")].filter(Boolean);
  const outlines = seen.map((each) => getComputedStyle(each))
    .map((style) => style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth));
  const box = seen.at(-1).getBoundingClientRect();
  const at = one.getBoundingClientRect();
  const hit = document.elementFromPoint(at.left + Math.min(at.width, 40) / 2, at.top + Math.min(at.height, 40) / 2);
  const words = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || "";
  // Words of documents change with them; their place says enough.
  const kind = ["suggestion", "source", "published"].find((name) => one.closest(`.${name}`) && one.matches(
    `button.${name}, .${name} > summary, ul.${name} a`));
  one.dataset.tabStop ??= String(document.querySelectorAll("[data-tab-stop]").length);
  return {
    stop: one.dataset.tabStop,
    name: `${one.localName} ${kind ?? words.trim().replace(/\\s+/g, " ")}`,
    outline: Math.max(...outlines),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: Boolean(hit && !one.contains(hit) && !hit.contains(one) && !hit.closest("label")?.contains(one)),
  };
}"""

_REACHABLE_NAMES = (
    "() => {"
    + _REACHABLE
    + """
  // Of radio buttons with one name the keyboard stops at one.
  const one = (radio) => radio.checked || !document.querySelector(`[name="${CSS.escape(radio.name)}"]:checked`);
  return reachable.filter((each) => !each.matches("[type=radio]") || one(each))
    .filter((each) => each.dataset.tabStop === undefined).map((each) => each.outerHTML.slice(0, 120));
}"""
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One element that breaks one rule in one state of the page."""

    state: str
    rule: str
    impact: str
    selector: str
    html: str

    def __str__(self) -> str:
        return f"{self.impact:8} {self.rule:28} {self.state}: {self.selector}\n{' ' * 10}{self.html}"


@dataclass(frozen=True, slots=True)
class Stop:
    """An element that the Tab key stops at."""

    name: str
    outline: float
    """Width in CSS pixels of what shows the focus."""
    in_view: bool
    covered: bool


def findings(page: Page, state: str) -> list[Finding]:
    """Run axe-core over a page; what Gradio or we leave undecided (`incomplete`) is not among the findings."""
    # Into the page by the debugger, which its content security policy does not bind.
    page.evaluate(f"window.axe || (() => {{ {AXE_SCRIPT} }})()")
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        Finding(state, broken["id"], node["impact"] or "minor", " ".join(map(str, node["target"])), node["html"][:160])
        for broken in result["violations"]
        for node in broken["nodes"]
    ]


def own_findings(page: Page, state: str) -> list[Finding]:
    """Check what axe-core does not: targets of 24 by 24 CSS pixels, headings in order, nothing sticking out."""
    checks = {"target-of-24-px": _SMALL, "headings-in-order": _HEADINGS, "sideways-scrolling": _TOO_WIDE}
    return [
        Finding(state, rule, "serious", found, "") for rule, script in checks.items() for found in page.evaluate(script)
    ]


def moving(page: Page) -> list[str]:
    """Return the animations and transitions that are running."""
    found: list[str] = page.evaluate(_MOVING)
    return found


def tab_through(page: Page, most: int = 150) -> Iterator[Stop]:
    """Press Tab from where the focus is until it leaves the page or comes back to where it began."""
    page.evaluate("document.querySelectorAll('[data-tab-stop]').forEach((one) => delete one.dataset.tabStop)")
    seen: set[str] = set()
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        if found is None or found["stop"] in seen:
            return
        seen.add(found["stop"])
        yield Stop(found["name"], found["outline"], found["inView"], found["covered"])
    raise AssertionError(f"after {most} times Tab the page has not ended")


def never_reached(page: Page) -> list[str]:
    """Return the controls that `tab_through`, just before, did not stop at."""
    found: list[str] = page.evaluate(_REACHABLE_NAMES)
    return found
