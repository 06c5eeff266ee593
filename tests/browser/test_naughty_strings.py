"""Strings that break input handling, on every way in: asked, as titles, as file names, through the API, and kept.

Of the 517 strings of the Big List of Naughty Strings one of each category is tried, and of the largest categories a
few; ALL_NAUGHTY_STRINGS=1 tries all of them, which takes some minutes.
"""

import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from program import serving
from visit import Visit

from assistant.embedder import load_embedder
from assistant.pipeline import ingest
from assistant.presenter import to_dict
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Sentence
from assistant.ui.texts import texts_in

pytestmark = pytest.mark.slow

T = TypeVar("T")
EVERY_ONE = bool(os.environ.get("ALL_NAUGHTY_STRINGS"))
NL = texts_in("nl")
PASSWORD = "een-goed-wachtwoord"
ONE_IN = 60
"""Of a large category, one in so many is tried."""
SLOW_ONE_IN = 6
"""Of those, one in so many is typed, and its document opened; all go the other ways."""
AT_ONCE = 90
"""Below what a kept conversation and a form of documents may hold."""

# What a string could have left behind that a click or a moment later would do something.
LIVE = """() => [...document.querySelectorAll("body *")].filter((one) => one.closest("main, dialog, .said")
    && ([...one.attributes].some(({ name }) => name.startsWith("on"))
      || /^\\s*(javascript|data|vbscript):/i.test(one.getAttribute("href") ?? one.getAttribute("src") ?? "")
      || one.matches("script, iframe, object, embed, base, meta, link, form[action^='http'], [style*='url(']")))
  .map((one) => one.outerHTML.slice(0, 150))"""


@dataclass(frozen=True, slots=True)
class Site:
    """The page over documents that are called like the strings."""

    address: str
    root: Path
    strings: list[str]


@pytest.fixture(scope="module")
def strings(shared: Path) -> list[str]:
    """Return the strings to try."""
    text = (shared / "data" / "naughty_strings" / "strings.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    if EVERY_ONE:
        return [row["string"] for row in rows]
    by_category = groupby(sorted(rows, key=lambda row: row["category"]), key=lambda row: row["category"])
    return [row["string"] for _, members in by_category for row in list(members)[::ONE_IN]]


@pytest.fixture(scope="module")
def site(strings: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve documents with the strings as titles and headings, in a process of its own."""
    root = tmp_path_factory.mktemp("naughty")
    corpus = root / "corpus"
    corpus.mkdir()
    for number, string in enumerate(strings):
        (corpus / f"{number:03}.md").write_bytes(document(number, string).encode())
    settings = load_settings({"index": {"directory": root / "index"}})
    ingest([corpus], settings, embedder=load_embedder(settings.embedder))
    environment = {
        "ASSISTANT_ACCESS__STAFF_PASSWORD": PASSWORD,
        "ASSISTANT_CORPUS_ADMIN__PATHS": f'["{corpus}"]',
        "ASSISTANT_CORPUS_ADMIN__DIRECTORY": str(root / "documents"),
        "ASSISTANT_FEEDBACK__ENABLED": "false",
    }
    with serving(root / "index", environment) as address:
        yield Site(address, root, strings)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """Open a browser in which nothing may run, open, ask elsewhere or be complained about."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    obeyed: list[str] = []
    own = urlsplit(site.address).netloc
    context.on("dialog", lambda dialog: (obeyed.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    context.on("console", lambda said: obeyed.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: obeyed.append(str(error.error)))
    context.on(
        "request",
        lambda request: (
            obeyed.append(request.url) if urlsplit(request.url).netloc != own and "//" in request.url[:9] else None
        ),
    )
    page = context.new_page()
    context.on("page", lambda other: obeyed.append(f"a window: {other.url}"))
    yield page
    context.close()
    assert obeyed == []


def document(number: int, string: str) -> str:
    """Return a document that is called like a string, and has it as a heading, word for word."""
    title = yaml.safe_dump({"title": string})
    # Control characters make a file binary, which is refused; in a title YAML has names for them.
    plain = "".join(one for one in string if unicodedata.category(one) != "Cc")
    heading = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", plain)
    body = f"Werkgroep {number} kreeg in 2024 {number + 9000} euro."
    return f"---\n{title}language: nl\n---\n\n## {heading}\n\n{body}\n"


def parts(members: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (members[start : start + size] for start in range(0, len(members), size))


def some(members: Sequence[T]) -> Sequence[T]:
    return members if EVERY_ONE else members[::SLOW_ONE_IN]


def seen(text: str) -> str:
    """Return what can be seen of a text: without what has no shape, and with every space alike."""
    shaped = (
        " " if unicodedata.category(one) in ("Zs", "Zl", "Zp") or one in "\t\n\v\f\r\x85" else one
        for one in unicodedata.normalize("NFKC", text)
        if unicodedata.category(one) not in ("Cf", "Cs", "Cn") and not 0xFE00 <= ord(one) <= 0xFE0F and one != "\u034f"
        if unicodedata.category(one) != "Cc" or one in "\t\n\v\f\r\x85"
    )
    return " ".join("".join(shaped).split())


def is_title(shown: str, strings: Sequence[str]) -> bool:
    """Tell whether a title is that of one of the documents: a string, shortened where it is long, or other words."""
    words, is_cut = seen(shown.removesuffix("…")), shown.endswith("…")
    return any(seen(one) == seen(shown) or (is_cut and seen(one).startswith(words)) for one in strings) or bool(
        re.fullmatch(r"Werkgroep \d+ kreeg in 2024 \d+ euro\.", shown)
    )


def as_html_keeps_it(text: str) -> str:
    return text.replace("\x00", "�").replace("\r\n", "\n").replace("\r", "\n")


def opened(page: Page, site: Site) -> Visit:
    page.goto(site.address)
    page.locator("#conversation[tabindex]").wait_for(state="attached")
    page.locator("#introduction:not([data-opening])").wait_for()
    return Visit(page)


def test_every_string_can_be_asked_and_is_shown_as_it_was_typed(page: Page, site: Site) -> None:
    visit = opened(page, site)
    field = page.locator("#question textarea")
    for asked in parts(some(site.strings), 60):
        number = 0
        for string in asked:
            if not string.strip():
                field.fill(string)
                field.press("Enter")
                expect(page.locator("#notice")).to_have_text(NL("chat.empty"))
                expect(field).to_have_value(as_html_keeps_it(string))
                continue
            number += 1
            field.fill(string)
            field.press("Enter")
            visit.wait_for_outcome(number)
            exchange = page.locator(f"#conversation .exchange[data-exchange='{number}']")
            assert exchange.locator(".question").text_content() == as_html_keeps_it(string.strip()), repr(string)
            assert not exchange.locator(".failure").count(), repr(string)
            assert field.input_value() == ""
        for title in page.locator("details.source .title").all_text_contents():
            assert is_title(title, site.strings)
        assert page.evaluate(LIVE) == []
        page.locator("#clear").click()
        expect(page.locator(".exchange")).to_have_count(0)


def test_a_conversation_of_strings_comes_back_from_the_browser(page: Page, site: Site) -> None:
    opened(page, site)
    for batch in parts([one for one in site.strings if one.strip()], AT_ONCE):
        page.evaluate(
            """([key, record]) => {
              localStorage.setItem(key + record.id, JSON.stringify(record));
              sessionStorage.setItem("lc-current:/", JSON.stringify({ id: record.id }));
            }""",
            ["lc-conversation:/:", kept(batch)],
        )
        page.reload()
        expect(page.locator("#conversation .exchange")).to_have_count(len(batch))
        wanted = [as_html_keeps_it(one) for one in batch]
        for shown in (".question", "[data-sentence]"):
            assert page.locator(f"#conversation {shown}").all_text_contents() == wanted
        for shown in (".title", ".place", ".snippet", "blockquote"):
            assert page.locator(f"#source-list {shown}").all_text_contents() == wanted
        page.locator("[data-history]").click()
        assert page.locator("#history .title").first.text_content() == wanted[0]
        assert page.evaluate(LIVE) == []
        page.keyboard.press("Escape")


def kept(strings: Sequence[str]) -> dict[str, object]:
    """Return a conversation as the browser keeps it, with each string wherever a text stands."""
    answers = [
        Answer(
            one, "nl", one, "answered", (Sentence(one, (1,), "und"),),
            (Citation(1, one, one, one, None, None, one, 0, len(one), "sha-1", 0.9, "nl"),), index="gen-000001",
        )
        for one in strings
    ]  # fmt: skip
    format_ = {"format": "learning-communities-assistant/conversation", "version": 1, "index": "gen-000001"}
    conversation = {**format_, "created": "2026-01-01T00:00:00Z", "exchanges": [to_dict(one) for one in answers]}
    return {"id": "1", "title": strings[0], "updated": "2026-01-01T00:00:00Z", "conversation": conversation}


def test_titles_stand_unharmed_on_the_corpus_page_and_above_their_documents(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/corpus")
    links: list[tuple[str, str]] = []
    while True:
        for link in page.locator(".entries h3 a").all():
            links.append((link.text_content() or "", link.get_attribute("href") or ""))
        assert page.evaluate(LIVE) == []
        onwards = page.locator(".pages a[rel=next]")
        if not onwards.count():
            break
        page.goto(f"{site.address}/corpus{onwards.get_attribute('href')}")
    # A title without anything to see is none; the document is then called by its first words.
    assert len(links) == len(site.strings)
    assert all(title.strip() and is_title(title, site.strings) for title, _ in links)
    wanted = Counter(seen(one) for one in site.strings if seen(one) and len(one) < 100)
    assert not wanted - Counter(seen(title) for title, _ in links)
    for title, address in some(links):
        response = page.goto(f"{site.address}/{address}")
        assert response is not None and response.ok
        assert page.locator("h1").text_content() == title
        assert title.endswith("…") or seen(title) in seen(page.locator("main").text_content() or "")


def test_file_names_become_safe_or_are_refused_in_a_sentence(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/sign-in?next=/corpus/staff")
    page.get_by_label(NL("access.password")).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("a.onwards").click()
    before = files_in(site.root)
    sentences: list[str] = []
    for batch in parts(list(enumerate(site.strings)), AT_ONCE):
        page.get_by_label(NL("corpus.staff.add_label")).set_input_files(
            [{"name": f"{name}.md", "mimeType": "text/markdown", "buffer": b"Tekst %d." % n} for n, name in batch]
        )
        page.get_by_role("button", name=NL("corpus.staff.add"), exact=True).click()
        told = page.locator(".said p").all_text_contents()
        renamed = NL("corpus.staff.said.renamed", given="|", name="|").split("|")[0]
        outcomes = [one for one in told if not one.startswith(renamed)]
        assert len(outcomes) == len(batch)
        sentences += outcomes
        assert page.evaluate(LIVE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    made = files_in(site.root) - before
    assert all(path.parent == site.root / "documents" for path in made)
    assert all(re.fullmatch(r"[^\s.~-][\w .,()+&'’@=-]*\.md", path.name) for path in made)
    assert len(made) == sum(NL("corpus.staff.said.added", name=path.name) in sentences for path in made)


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "index" not in path.parts}


def test_every_string_is_answered_through_the_api(site: Site) -> None:
    with httpx.Client(base_url=site.address, timeout=60) as client:
        for string in site.strings:
            response = client.post("/gradio_api/run/ask", json={"data": [string, []]})
            if not string.strip():
                assert "question must be a text" in response.json()["error"]
                continue
            assert response.status_code == 200, repr(string)
            (answer,) = response.json()["data"]
            assert answer["question"].strip() == string.strip()
            assert answer["status"] in ("answered", "partial", "refused", "clarify")
