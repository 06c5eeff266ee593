"""Documents on our own routes: their text, their file, and pictures of their pages."""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import SOURCES
from fakes import FakeEmbedder
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fpdf import FPDF
from PIL import Image

from assistant.index import Index
from assistant.pipeline import Assistant, ingest
from assistant.pipeline.identity import index_identity
from assistant.pipeline.live_index import LiveIndex
from assistant.settings import load_settings
from assistant.types import Citation
from assistant.ui.document_links import (
    document_address,
    file_address,
    passage_address,
    picture_address,
    public_id,
)
from assistant.ui.routes import document_routes
from assistant.ui.security import SecurityHeaders

REPORT = "reports/Eind rapport (2).pdf"
SENTENCES = ("De evaluatie van de pilot verscheen in december.", "De pilot kostte volgens de evaluatie 850.000 euro.")
TWIN = """---
title: {title}
language: {language}
---

## {heading}

{first}

{second}
"""
EMBEDDER = FakeEmbedder()


@dataclass
class Served:
    client: TestClient
    assistant: Assistant
    corpus: Path

    def citation(self, page: int | None = 2) -> Citation:
        """Return a citation of the second sentence of the report."""
        text = self.assistant.canonical_text(REPORT)
        start = text.index(SENTENCES[1])
        end = start + len(SENTENCES[1])
        sha256 = self.assistant.document(REPORT).sha256
        return Citation(1, REPORT, "Rapport", None, page, None, SENTENCES[1], start, end, sha256, 0.9, "nl")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("documents")
    corpus = folder / "corpus"
    (corpus / "reports").mkdir(parents=True)
    (corpus / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    document = FPDF()
    document.set_font("Helvetica", size=12)
    for sentence in SENTENCES:
        document.add_page()
        document.multi_cell(
            0, 7, f"Dit is een bladzijde uit het rapport over de pilot. {sentence} En zo gaat het door."
        )
    document.output(str(corpus / REPORT))
    for language, words in {
        "nl": ("De pilot", "Geld", "Vooraf een zin.", "De pilot kostte 850.000 euro."),
        "en": ("The pilot", "Money", "First a sentence that is a good deal longer.", "The pilot cost 850,000 euros."),
    }.items():
        title, heading, first, second = words
        text = TWIN.format(title=title, language=language, heading=heading, first=first, second=second)
        (corpus / f"pilot.{language}.md").write_text(text, encoding="utf-8")
    settings = load_settings({"index": {"directory": folder / "index"}, "pictures": {"width": 600}})
    ingest([corpus], settings, embedder=EMBEDDER)
    identity = index_identity(EMBEDDER, settings)
    assistant = Assistant(settings, EMBEDDER, LiveIndex(lambda: Index.open(settings.index.directory, identity)))
    application = FastAPI()
    application.include_router(document_routes(lambda: assistant))
    application.add_middleware(SecurityHeaders)
    with TestClient(application) as client:
        yield Served(client, assistant, corpus)
    assistant.close()


# the file


def test_the_file_that_was_read_is_opened_whatever_became_of_it_since(served: Served) -> None:
    path = served.corpus / REPORT
    before = path.read_bytes()
    path.write_bytes(b"%PDF-1.4 something else")
    try:
        response = served.client.get(file_address(REPORT, 2))
    finally:
        path.write_bytes(before)
    assert (response.status_code, response.content) == (200, before)
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-length"] == str(len(before))
    assert response.headers["content-disposition"] == 'inline; filename="Eind-rapport-2.pdf"'
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def test_the_address_of_a_file_shows_no_path_and_opens_the_physical_page() -> None:
    address = file_address("reports/a b.pdf", 7)
    assert address == f"documents/{public_id('reports/a b.pdf')}/file#page=7"
    assert not address.startswith("/") and "reports" not in address


@pytest.mark.parametrize("document", ["pilot.nl.md", "sources.yaml", "../index/CURRENT", "/etc/passwd", "gone.pdf"])
def test_only_pdfs_of_the_index_have_a_file(served: Served, document: str) -> None:
    response = served.client.get(file_address(document))
    assert response.status_code == 404 and "sandbox" in response.headers["content-security-policy"]
    assert 'href="../../page/document.css"' in response.text


# the picture of a page


def test_a_picture_of_the_page_says_that_the_quote_is_marked(served: Served) -> None:
    response = served.client.get(picture_address(served.citation()))
    assert (response.status_code, response.headers["content-type"]) == (200, "image/png")
    assert response.headers["quote-marked"] == "all" and 0 < float(response.headers["quote-top"]) < 0.3
    assert "sandbox" in response.headers["content-security-policy"]
    plain = served.client.get(f"documents/{public_id(REPORT)}/page/2.png")
    assert plain.headers["quote-marked"] == "none" and plain.content != response.content
    assert Image.open(io.BytesIO(plain.content)).width == 600


def test_a_quote_that_stands_on_another_page_or_has_other_words_is_not_marked(served: Served) -> None:
    for other in (
        replace(served.citation(), page=1),
        replace(served.citation(), quote=SENTENCES[1].replace("850", "950")),
        replace(served.citation(), start=served.citation().start - 1, end=served.citation().end - 1),
    ):
        response = served.client.get(picture_address(other))
        assert (response.status_code, response.headers["quote-marked"]) == (200, "none")


@pytest.mark.parametrize("page", ["0", "3", "99999999999", "9" * 40, "-1", "x", "%C2%B2", "1e3"])
def test_a_page_that_is_not_there_has_no_picture(served: Served, page: str) -> None:
    response = served.client.get(f"documents/{public_id(REPORT)}/page/{page}.png")
    assert response.status_code == 404 and "pdfium" not in response.text


@pytest.mark.parametrize("document", ["pilot.nl.md", "gone.pdf", "/etc/passwd"])
def test_only_pdfs_have_pictures(served: Served, document: str) -> None:
    assert served.client.get(f"documents/{public_id(document)}/page/1.png").status_code == 404


# the text


def test_a_document_links_to_its_file_on_the_page_of_the_passage(served: Served) -> None:
    page = served.client.get(passage_address(served.citation(), "nl")).text
    assert re.findall(r'<mark id="passage">(.*?)</mark>', page) == [SENTENCES[1]]
    assert f'href="../{file_address(REPORT, 2)}">Open het PDF-bestand op pagina 2</a>' in page
    whole = served.client.get(document_address(REPORT, "en")).text
    assert f'href="../{file_address(REPORT)}">Open the PDF file</a>' in whole
    assert "/file" not in served.client.get(document_address("pilot.nl.md", "nl")).text


def test_the_link_to_the_other_language_leads_to_the_same_place(served: Served) -> None:
    text, twin = (served.assistant.canonical_text(f"pilot.{language}.md") for language in ("nl", "en"))
    quote = "De pilot kostte 850.000 euro."
    start = text.index(quote)
    sha256 = hashlib.sha256(b"").hexdigest()
    citation = Citation(1, "pilot.nl.md", "", None, None, None, quote, start, start + len(quote), sha256, 0.9, "nl")
    page = served.client.get(passage_address(citation, "nl")).text
    place = twin.index("The pilot cost")
    assert f'href="../{document_address("pilot.en.md", "nl")}#at-{place}"' in page
    other = served.client.get(document_address("pilot.en.md", "nl")).text
    assert f'id="at-{place}"' in other


def test_no_address_on_a_document_begins_at_the_root_of_the_host(served: Served) -> None:
    for address in (
        document_address(REPORT, "nl"),
        document_address("pilot.nl.md", "nl"),
        document_address("gone", "nl"),
    ):
        links = re.findall(r'(?:href|src)="([^"]*)"', served.client.get(address).text)
        assert links and not any(link.startswith("/") for link in links)
