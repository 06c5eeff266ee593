"""The folder of own documents: nothing is lost, and nothing is written or removed outside it."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.collection import SUFFIXES, NotAdded, OwnDocuments, paths_to_read, safe_name
from assistant.errors import FileRefused
from assistant.loaders import load
from assistant.settings import CorpusAdminSettings, LoaderSettings


@pytest.fixture
def own(tmp_path: Path) -> OwnDocuments:
    return OwnDocuments(tmp_path / "documents", 1000)


def add(own: OwnDocuments, name: str, content: bytes = b"Tekst.", replace: bool = False) -> tuple[str, str]:
    added = own.add(name, io.BytesIO(content), replace=replace)
    return added.name, added.outcome


def files(own: OwnDocuments) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in own.directory.iterdir()} if own.directory.exists() else {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("verslag 2024.PDF", "verslag 2024.pdf"),
        ("C:\\Users\\an\\Notulen (3).docx", "Notulen (3).docx"),
        ("../../etc/cron.d/x.md", "x.md"),
        ("pilot.nl.md", "pilot.nl.md"),
        ("Één café.txt", "Één café.txt"),
        (".verborgen.md", "verborgen.md"),
        ("~$open.docx", "open.docx"),
        ("con.txt", "document-con.txt"),
        ("a<b>|c?.html", "a-b-c.html"),
        ("x" * 500 + ".md", "x" * 120 + ".md"),
        ("...", "document"),
        ("😍.md", "document.md"),
        (".md", "document.md"),
    ],
)
def test_names_stay_readable_and_become_harmless(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@given(st.text(max_size=300))
def test_no_name_leads_out_of_the_folder_or_is_too_long(name: str) -> None:
    safe = safe_name(name + ".md")
    assert safe and "/" not in safe and "\\" not in safe and not safe.startswith((".", "~"))
    assert safe.isprintable() and len(safe.encode("utf-8")) < 200 and safe_name(safe) == safe


def test_an_added_document_is_listed_and_read_with_the_corpus(own: OwnDocuments, tmp_path: Path) -> None:
    settings = CorpusAdminSettings(paths=(tmp_path / "corpus",), directory=own.directory)
    assert paths_to_read(settings) == [tmp_path / "corpus"] and not list(own)
    assert add(own, "verslag.md") == ("verslag.md", "added")
    assert [(one.name, one.size) for one in own] == [("verslag.md", 6)]
    assert paths_to_read(settings) == [tmp_path / "corpus", own.directory]


def test_another_document_is_replaced_only_by_who_says_so(own: OwnDocuments) -> None:
    add(own, "Verslag.md", b"Eerst.")
    assert add(own, "Verslag.md", b"Eerst.") == ("Verslag.md", "same")
    # The other spelling would be the same file on some systems.
    for name in ("Verslag.md", "VERSLAG.md"):
        with pytest.raises(NotAdded) as refused:
            add(own, name, b"Later.")
        assert refused.value.fault == "taken" and files(own) == {"Verslag.md": b"Eerst."}
    assert add(own, "verslag.md", b"Later.", replace=True) == ("Verslag.md", "replaced")
    assert files(own) == {"Verslag.md": b"Later."}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("programma.exe", b"MZ", "suffix"),
        ("sources.yaml", b"a: b", "suffix"),
        ("zonder", b"x", "suffix"),
        ("leeg.md", b"", "empty"),
        ("groot.md", b"x" * 1001, "too_large"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing_behind(own: OwnDocuments, name: str, content: bytes, fault: str) -> None:
    with pytest.raises(NotAdded) as refused:
        add(own, name, content)
    assert refused.value.fault == fault and not files(own)


def test_every_type_that_can_be_added_is_one_that_ingest_knows(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        path = tmp_path / f"x{suffix}"
        path.write_bytes(b"\x00")
        with pytest.raises(FileRefused) as refused:
            load(path, path.name, LoaderSettings())
        assert "known are" not in str(refused.value)


def test_only_a_document_of_the_folder_is_removed(own: OwnDocuments, tmp_path: Path) -> None:
    outside = tmp_path / "geheim.md"
    outside.write_text("Blijft.", encoding="utf-8")
    add(own, "weg.pdf")
    (own.directory / "weg.yaml").write_text("title: Weg", encoding="utf-8")
    for name in ("../geheim.md", str(outside), "niets.md", "", "weg.yaml", "."):
        with pytest.raises(NotAdded):
            own.remove(name)
    own.remove("weg.pdf")
    assert outside.exists() and not files(own)
