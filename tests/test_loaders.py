import hashlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.cleaning import clean
from assistant.errors import FileRefused, InputError
from assistant.loaders import load, loader_version, source_files
from assistant.settings import LoaderSettings
from assistant.types import Document

SUFFIXES = [".md", ".markdown", ".txt", ".html", ".htm", ".docx", ".pdf", ".doc", ".xlsx", ""]
STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"---\n", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0"]


def read(path: Path, **limits: float) -> Document:
    return load(path, path.name, LoaderSettings(**limits))


@given(
    start=st.sampled_from(STARTS),
    data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))),
    suffix=st.sampled_from(SUFFIXES),
)
@example(b"", b"", ".txt")
@example(b"%PDF-1.7\n", b"trailer<</Root 1 0 R>>", ".pdf")
@example(b"---\n", b"title: [\n---\n", ".md")
@example(b"", b"> " * 3000 + b"x", ".md")
@example(b"", b"<div>" * 5000 + b"tekst", ".html")
@example(b"", b"- " * 3000 + b"x", ".md")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_document_or_one_sentence(tmp_path: Path, start: bytes, data: bytes, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(start + data)
    try:
        document = clean(read(path))
    except FileRefused as refusal:
        assert re.fullmatch(r"[^\n]{20,400}\.", str(refusal)), refusal
    else:
        assert document.title
        text = "".join(block.text for page in document.pages for block in page.blocks)
        assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", text + document.title)


def test_the_id_and_the_digest_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    path = tmp_path / "map" / "a.txt"
    data = b"Titel van de tekst\n\nEen zin over de pilot.\n"
    path.write_bytes(data)
    document = load(path, "map/a.txt", LoaderSettings())
    assert document.id == "map/a.txt"
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert (document.title, document.kind, document.language) == ("Titel van de tekst", "document", "nl")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"x", r"type \.xlsx .* known are \.pdf"),
        ("Makefile", b"x", "no suffix"),
        ("a.doc", b"x", r"\.docx"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n ", "no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        ("a.md", b"%PDF-1.4 x", "PDF"),
        ("a.txt", bytes(range(32)) * 20, "binary"),
    ],
)
def test_a_file_that_cannot_be_taken_says_what_helps(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FileRefused, match=says):
        read(path)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(FileRefused, match=r"3 MB and the limit is 2 MB"):
        read(path, max_file_mb=2)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="file"):
        read(tmp_path / "gone.txt")


def test_a_folder_is_walked_in_order_without_hidden_files_and_registers(tmp_path: Path) -> None:
    for name in ["b.md", "a/z.txt", "a/README.md", ".git/x.md", ".hidden.md", "sources.yaml", "~$lock.docx", "odd.xyz"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    for name in ["report.pdf", "report.yaml", "loose.yaml"]:
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = list(source_files(tmp_path))
    assert [one for _, one in found] == ["a/README.md", "a/z.txt", "b.md", "loose.yaml", "odd.xyz", "report.pdf"]
    assert all(path == tmp_path / one for path, one in found)


def test_a_single_file_is_its_own_root(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("x", encoding="utf-8")
    assert list(source_files(path)) == [(path, "a.md")]


def test_a_root_that_does_not_exist_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere does not exist"):
        list(source_files(tmp_path / "nowhere"))


def test_links_out_of_the_root_are_refused_and_links_inside_are_read(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "secret.txt").write_text("Een geheim dat buiten de map staat.", encoding="utf-8")
    (root / "real.txt").write_text("Een zin die binnen de map staat.", encoding="utf-8")
    (root / "in.txt").symlink_to(root / "real.txt")
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "outdir").symlink_to(outside, target_is_directory=True)
    (root / "broken.txt").symlink_to(root / "gone.txt")
    results = {}
    for path, name in source_files(root):
        try:
            results[name] = load(path, name, LoaderSettings()).title
        except FileRefused as refusal:
            results[name] = str(refusal)
    assert set(results) == {"in.txt", "out.txt", "outdir", "real.txt", "broken.txt"}
    assert results["in.txt"] == results["real.txt"]
    assert "leads out" in results["out.txt"]
    assert "leads out" in results["outdir"]
    assert "file" in results["broken.txt"]


@pytest.mark.skipif(os.name != "posix", reason="other systems allow no such names")
def test_a_name_that_is_no_utf8_still_gives_an_id_that_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text("Een zin over koffie.", encoding="utf-8")
    (found,) = source_files(tmp_path)
    assert found[1].encode("utf-8")
    assert load(*found, LoaderSettings()).id == found[1]


def test_the_version_names_the_rules_too() -> None:
    assert re.fullmatch(r"\d+-[0-9a-f]{12}", loader_version())
    assert loader_version() == loader_version()


def test_all_originals_are_taken_with_title_and_language(shared: Path) -> None:
    titles = {}
    for path, name in source_files(shared / "originals"):
        if name.endswith(".txt"):
            document = clean(load(path, name, LoaderSettings()))
            titles[name[:3]] = (document.title, document.language)
    assert titles == {
        "000": ("Resultaten pilotprogramma Learning communities rond AI", "nl"),
        "001": ("Learning Communities for AI", "nl"),
        "002": ("Learning communities", "en"),
        "003": ("Learning communities", "nl"),
        "004": ("Netwerk Learning Communities werkt", "nl"),
    }
