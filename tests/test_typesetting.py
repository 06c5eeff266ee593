import io
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from assistant.commands.reports import main
from assistant.errors import InputError
from assistant.loaders import load, load_sources
from assistant.loaders.sources import REPORT_SOURCES
from assistant.settings import LoaderSettings
from assistant.typesetting import typeset

CORPUS = Path(__file__).parent.parent / "corpus"
REGISTER = """
a:
  title: Resultaten
  publisher: NL AIC
  date: 2023-12-20
  language: nl
  url: https://example.org/resultaten
  authority: A
b:
  title: Folder
  publisher: Regieorgaan SIA
  date: undated
  language: nl
  authority: A
"""
REPORT = """---
title: De pilot "in cijfers"
kind: report
language: nl
updated: 2026-11-21
---

## Hoeveel geld was er?

De pilot kostte 850.000 euro: #1 van $5, *echt*, [zie hier](https://example.org).[^a]

1. Eerst kwam de folder.[^b]
2. Daarna kwam het bericht.[^a]

| Oproep | Bedrag |
| --- | --- |
| Kickstart @2021 | 850.000 euro[^a] |
| Vervolg_2022 | niet bekend[^b] |
| Laatste | geen[^b] |

## Wie betaalde?

De regeling werd uitgevoerd door één partij.[^b]
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / REPORT_SOURCES).mkdir()
    (tmp_path / "sources.yaml").write_text(REGISTER, encoding="utf-8")
    (tmp_path / REPORT_SOURCES / "pilot.nl.md").write_text(REPORT, encoding="utf-8")
    return tmp_path


def test_what_the_report_says_is_what_the_pdf_says_with_each_passages_own_sources(corpus: Path) -> None:
    assert main([str(corpus)]) == 0
    document = load(corpus / "reports" / "pilot.nl.pdf", "reports/pilot.nl.pdf", LoaderSettings())
    assert (document.title, document.kind, document.language, document.updated) == (
        'De pilot "in cijfers"', "report", "nl", "2026-11-21",
    )  # fmt: skip
    found = {" ".join(block.text.split()): block.sources for page in document.pages for block in page.blocks}
    assert found["De pilot kostte 850.000 euro: #1 van $5, echt, zie hier."] == ("a",)
    assert found["1. Eerst kwam de folder."] == ("b",)
    assert found["2. Daarna kwam het bericht."] == ("a",)
    assert found["Kickstart @2021 850.000 euro"] == ("a",)
    assert found["Vervolg_2022 niet bekend"] == ("b",)
    assert found["De regeling werd uitgevoerd door één partij."] == ("b",)
    assert not any(text.startswith(("Bronnen:", "Bijgewerkt op", "NL AIC: Resultaten")) for text in found)


def test_pages_are_numbered_and_headings_can_be_jumped_to(corpus: Path) -> None:
    pdf = typeset(corpus / REPORT_SOURCES / "pilot.nl.md", load_sources(corpus)).pdf
    reader = PdfReader(io.BytesIO(pdf))
    shown = " ".join(reader.pages[0].extract_text().split())
    assert "1 van 1" in shown
    assert "Bronnen: NL AIC, 20 december 2023; Regieorgaan SIA, geen datum." in shown
    assert [entry["/Title"] for entry in reader.outline] == ["Hoeveel geld was er?", "Wie betaalde?", "Bronnen"]


def test_a_source_that_is_not_in_the_register_is_named(corpus: Path) -> None:
    path = corpus / REPORT_SOURCES / "pilot.nl.md"
    path.write_text(REPORT.replace("[^b]", "[^nobody]"), encoding="utf-8")
    with pytest.raises(InputError, match=r"pilot\.nl\.md: source nobody is not in the register"):
        typeset(path, load_sources(corpus))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("updated: 2026-11-21\n", "", "needs a title, a language and the day"),
        ("updated: 2026-11-21", "updated: 2026-11", "needs a title, a language and the day"),
        ("## Wie betaalde?", "> een citaat", "no place for a blockquote"),
    ],
)
def test_a_report_that_cannot_be_typeset_is_named_and_nothing_is_replaced(
    corpus: Path, old: str, new: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(corpus)])
    before = (corpus / "reports" / "pilot.nl.pdf").read_bytes()
    (corpus / REPORT_SOURCES / "pilot.nl.md").write_text(REPORT.replace(old, new), encoding="utf-8")
    capsys.readouterr()
    assert main([str(corpus)]) == 2
    assert says in capsys.readouterr().err
    assert (corpus / "reports" / "pilot.nl.pdf").read_bytes() == before


@pytest.mark.parametrize("path", sorted((CORPUS / REPORT_SOURCES).glob("*.md")), ids=lambda path: path.stem)
def test_the_pdfs_in_the_corpus_are_those_that_the_typesetter_makes_of_their_sources(path: Path) -> None:
    made = typeset(path, load_sources(CORPUS))
    assert (CORPUS / "reports" / f"{path.stem}.pdf").read_bytes() == made.pdf, "run `make reports`"
    assert (CORPUS / "reports" / f"{path.stem}.yaml").read_text(encoding="utf-8") == made.metadata


@pytest.mark.parametrize("path", sorted((CORPUS / "reports").glob("*.pdf")), ids=lambda path: path.stem)
def test_every_passage_that_has_sources_is_found_back_in_the_pdf(path: Path) -> None:
    beginnings = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))["passage_sources"]
    document = load(path, path.name, LoaderSettings())
    blocks = [" ".join(block.text.split()) for page in document.pages for block in page.blocks]
    assert [start for start in beginnings if not any(block.startswith(start) for block in blocks)] == []
