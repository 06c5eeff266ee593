"""The PDFs that documents were read from: kept with the generation, so that what was cited can be opened."""

import hashlib
import json
from pathlib import Path

import pytest
from builders import SOURCES
from fakes import FakeEmbedder
from fpdf import FPDF

from assistant.errors import IndexDamaged
from assistant.index import Index
from assistant.index_writer import GenerationWriter
from assistant.manifest import generations, rollback
from assistant.pipeline import ingest
from assistant.settings import Settings, load_settings
from assistant.types import Document, IngestReport, Page

EMBEDDER = FakeEmbedder()


def write_pdf(path: Path, text: str) -> str:
    """Write a PDF of one page; return the hash of its bytes."""
    document = FPDF()
    document.set_font("Helvetica", size=12)
    document.add_page()
    document.multi_cell(0, 7, text)
    document.output(str(path))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "pilot.nl.md").write_text("---\ntitle: De pilot\nlanguage: nl\n---\n\nDe pilot kostte 850.000 euro.\n")
    write_pdf(folder / "report.pdf", "De evaluatie van de pilot verscheen op 20 december 2023 in Den Haag.")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"index": {"directory": tmp_path / "index"}})


def take(corpus: Path, settings: Settings) -> IngestReport:
    return ingest([corpus], settings, embedder=EMBEDDER)


def opened(settings: Settings) -> Index:
    return Index.open(settings.index.directory)


def bytes_of(index: Index, document: str) -> bytes | None:
    file = index.open_file(document)
    if file is None:
        return None
    with file:
        return file.read()


def test_the_bytes_of_a_pdf_are_kept_and_of_no_other_format(corpus: Path, settings: Settings) -> None:
    take(corpus, settings)
    before = (corpus / "report.pdf").read_bytes()
    write_pdf(corpus / "report.pdf", "Een heel ander stuk, dat na het antwoord in de plaats is gekomen.")
    with opened(settings) as index:
        assert bytes_of(index, "report.pdf") == before
        assert index.open_file("pilot.nl.md") is None and index.file("pilot.nl.md") is None
        kept = [name for name in index.manifest.files if name.startswith("files/")]
        assert kept == [f"files/{hashlib.sha256(before).hexdigest()}"]
    (corpus / "report.pdf").unlink()
    with opened(settings) as index:
        assert bytes_of(index, "report.pdf") == before


def test_metadata_beside_a_pdf_changes_the_document_but_not_its_file(corpus: Path, settings: Settings) -> None:
    (corpus / "report.yaml").write_text("title: Evaluatie\nlanguage: nl\n", encoding="utf-8")
    take(corpus, settings)
    with opened(settings) as index:
        row = index.documents["report.pdf"]
        assert row.file_sha256 == hashlib.sha256((corpus / "report.pdf").read_bytes()).hexdigest() != row.sha256
        assert bytes_of(index, "report.pdf") == (corpus / "report.pdf").read_bytes()


def test_an_unchanged_file_is_shared_with_the_generation_before(corpus: Path, settings: Settings) -> None:
    take(corpus, settings)
    (corpus / "more.nl.md").write_text("---\ntitle: Meer\nlanguage: nl\n---\n\nNog een zin over de pilot.\n")
    report = take(corpus, settings)
    assert report.unchanged == 2
    first, second = (settings.index.directory / name / "files" for name in generations(settings.index.directory))
    (one,), (other,) = first.iterdir(), second.iterdir()
    assert one.samefile(other)
    rollback(settings.index.directory)
    with opened(settings) as index:
        assert bytes_of(index, "report.pdf") == (corpus / "report.pdf").read_bytes()


def test_the_file_of_a_document_that_vanished_goes_with_it(corpus: Path, settings: Settings) -> None:
    take(corpus, settings)
    (corpus / "report.pdf").unlink()
    take(corpus, settings)
    with opened(settings) as index:
        assert not any(name.startswith("files/") for name in index.manifest.files)


def test_a_file_that_is_missing_or_altered_is_damage(corpus: Path, settings: Settings) -> None:
    take(corpus, settings)
    with opened(settings) as index:
        file = index.file("report.pdf")
        assert file is not None
        content = bytearray(file.read_bytes())
        content[-20] ^= 1
        file.write_bytes(content)
        with pytest.raises(IndexDamaged, match="was changed"):
            index.open_file("report.pdf")
    file.unlink()
    with pytest.raises(IndexDamaged, match="is missing"):
        opened(settings)


def test_a_file_that_changes_while_it_is_read_is_not_kept_and_is_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    sha256 = write_pdf(path, "Zo stond het er toen het werd gelezen.")
    settings = load_settings({"index": {"directory": tmp_path / "index"}})
    page = Page((), number=1)
    document = Document("report.pdf", "Rapport", "nl", (page,), sha256, file_sha256=sha256)
    write_pdf(path, "En dit kwam ervoor in de plaats.")
    empty = EMBEDDER.encode_passages([])
    with GenerationWriter(settings.index.directory, {}, settings.index) as writer:
        writer.add(document, "", (), empty, empty, empty, path)
        writer.commit({})
    with opened(settings) as index:
        assert index.open_file("report.pdf") is None and index.lacks_file("report.pdf")


def test_an_index_from_before_files_were_kept_opens_and_gets_them_at_the_next_run(
    corpus: Path, settings: Settings
) -> None:
    name = take(corpus, settings).generation
    folder = settings.index.directory / name
    rows = [json.loads(line) for line in (folder / "documents.jsonl").read_text().splitlines()]
    for row in rows:
        del row["file_sha256"]
    (folder / "documents.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = {one: size for one, size in manifest["files"].items() if not one.startswith("files/")}
    manifest["files"]["documents.jsonl"] = (folder / "documents.jsonl").stat().st_size
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for file in (folder / "files").iterdir():
        file.unlink()
    with opened(settings) as index:
        assert index.open_file("report.pdf") is None
    report = take(corpus, settings)
    assert (report.written, report.changed, report.unchanged) == (True, ("report.pdf",), 1)
    with opened(settings) as index:
        assert bytes_of(index, "report.pdf") == (corpus / "report.pdf").read_bytes()
    assert not take(corpus, settings).written
