"""A source beside the answer: when it is from, what it is worth, and what became of it since."""

import re
from dataclasses import replace

import pytest

from assistant.index_rows import DocumentRow, PageRow
from assistant.receipts import ReceiptState
from assistant.types import Answer, Citation, Sentence, Source
from assistant.ui.exchange import Exchange, shown_sources
from assistant.ui.panels.sources import render_sources
from assistant.ui.texts import texts_in

NL, EN = texts_in("nl"), texts_in("en")
QUOTE = "De pilot kostte 850.000 euro."
TEXT = f"{QUOTE} Meer is er niet over bekend."
RESULTS = Source("a", "Resultaten", "NL AIC", "2023-12-20", "nl", "A", "https://example.org/a")
PRESS = Source("b", "Bericht", "De krant", "2024-01", "nl", "C", "https://example.org/b")
REPORT = Citation(
    1, "reports/pilot.pdf", "Rapport", "Geld", 3, "iii", QUOTE, 0, len(QUOTE), "0" * 64, 0.9, "nl", (RESULTS, PRESS)
)  # fmt: skip


def row(file_sha256: str | None, updated: str | None = None) -> DocumentRow:
    pages = (PageRow(3, "iii", 1.0, None),)
    return DocumentRow(
        REPORT.document, "Rapport", "report", "nl", "0" * 64, updated, None, None, (), pages, 0, 1, "1.txt", "t",
        file_sha256=file_sha256,
    )  # fmt: skip


def shown(
    citation: Citation = REPORT, file: str | None = "f" * 64, text: str = TEXT, state: ReceiptState = "true"
) -> str:
    """Return the panel for an answer with one citation."""
    answer = Answer("Wat kostte de pilot?", "nl", "", "answered", (Sentence(QUOTE, (1,), "nl"),), (citation,))
    sources = shown_sources(answer, lambda _: text, lambda _: row(file, "2026-11-21"))
    return render_sources(
        [Exchange(1, answer.question, answer, tuple(replace(one, state=state) for one in sources))], NL
    )


def summary(page: str) -> str:
    found = re.search(r"<summary>(.*?)</summary>", page)
    assert found
    return found[1]


def test_a_closed_source_says_from_when_it_is_with_the_date_first() -> None:
    assert '<span class="origin">20 december 2023 · NL AIC en 1 andere</span>' in summary(shown())
    own = shown(replace(REPORT, sources=()))
    assert "Bijgewerkt op 21 november 2026" in summary(own)


def test_an_open_source_says_what_each_publisher_is_to_the_programme() -> None:
    page = shown()
    assert NL("sources.authority_A") in page and NL("sources.authority_C") in page
    assert NL("sources.authority_B") not in page


def test_a_source_in_a_pdf_offers_its_page_and_its_file() -> None:
    page = shown()
    assert 'class="page-picture"' in page and "/page/3.png?start=0" in page
    assert "/file#page=3" in page and NL("document.file_on_page", number=3) in page
    for name in ("all", "beginning", "none"):
        assert f"data-alt-{name}=" in page and f"data-caption-{name}=" in page
    assert not re.search(r'(?:href|data-address)="/', page), "no address begins at the root of the host"


@pytest.mark.parametrize(
    "page",
    [
        shown(file=None),
        shown(replace(REPORT, page=None, page_label=None)),
        shown(text="Er staat nu iets heel anders, en de zin is weg."),
        shown(state="changed"),
        shown(state="withdrawn"),
        shown(state="damaged"),
    ],
    ids=["not kept", "no pages", "words gone", "changed", "withdrawn", "damaged"],
)
def test_nothing_is_offered_of_a_file_that_may_not_be_what_was_cited(page: str) -> None:
    assert "page-picture" not in page and "/file" not in page


@pytest.mark.parametrize("state", ["changed", "withdrawn", "damaged"])
def test_a_citation_that_no_longer_holds_is_not_marked_and_says_why(state: ReceiptState) -> None:
    page = shown(state=state)
    assert "<mark>" not in page and QUOTE in page and NL(f"sources.state_{state}") in page
    assert (NL("sources.whole_document") in page) == (state != "withdrawn")
