import json
import os
import re
import signal
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from assistant.cleaning import clean
from assistant.errors import FileRefused
from assistant.loaders import load
from assistant.loaders.pdf_process import PdfProcess, shared_process
from assistant.loaders.pdf_quality import quality
from assistant.settings import LoaderSettings
from assistant.types import Document

PROSE = (
    "De zes hogescholen onderzochten in de pilot welke ondersteuning een community nodig heeft om te slagen. "
    "Daarvoor werkten docenten, studenten en bedrijven een jaar lang samen aan vragen uit de praktijk. "
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(path: Path, **limits: float) -> Document:
    return load(path, path.name, LoaderSettings(**limits))


def texts(document: Document) -> list[str]:
    return [block.text for page in clean(document).pages for block in page.blocks]


def booklet(pages: list[list[tuple[str, int, str]]], header: str = "") -> FPDF:
    """Return a PDF; each page is a list of (style, size, text)."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    for number, parts in enumerate(pages, start=1):
        pdf.add_page()
        if header:
            pdf.set_font("Helvetica", "", 8)
            pdf.text(20, 10, header)
            pdf.text(100, 290, f"{number}")
        pdf.set_y(30)
        for style, size, text in parts:
            pdf.set_font("Helvetica", style, size)
            pdf.multi_cell(0, size * 0.45, text, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(4)
    return pdf


def saved(pdf: FPDF, path: Path) -> Path:
    path.write_bytes(bytes(pdf.output()))
    return path


def simple(folder: Path, text: str = PROSE) -> Path:
    return saved(booklet([[("", 11, text)]]), folder / "a.pdf")


def raw_pdf(content: bytes, resources: bytes = b"<</Font<</F1 5 0 R>>>>") -> bytes:
    """Return a PDF of one page with this content stream, compressed."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources" + resources + b">>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + (
        b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    )  # fmt: skip


def test_headings_paragraphs_and_items_are_told_apart(folder: Path) -> None:
    pages = [[("B", 20, "De pilot"), ("B", 14, "1. Doel"), ("", 11, PROSE), ("", 11, "- Saxion\n- Fontys")]]
    document = clean(read(saved(booklet(pages), folder / "a.pdf")))
    assert document.title == "De pilot"
    assert [(block.text, block.kind, block.level) for block in document.pages[0].blocks] == [
        ("1. Doel", "heading", 2),
        (PROSE.strip(), "paragraph", 0),
        ("Saxion", "item", 1),
        ("Fontys", "item", 1),
    ]
    assert (document.pages[0].number, document.pages[0].label, document.pages[0].quality) == (1, None, 1.0)


def test_running_heads_and_page_numbers_are_left_out(folder: Path) -> None:
    sentences = ["De eerste bladzijde gaat over geld.", "De tweede noemt de partners.", "De derde kijkt vooruit."]
    pages = [[("", 11, sentence)] for sentence in sentences]
    found = texts(read(saved(booklet(pages, header="Jaarverslag 2023"), folder / "a.pdf")))
    assert found == sentences


def test_a_text_that_is_alike_on_every_page_is_not_a_running_head(folder: Path) -> None:
    pages = [[("", 11, f"Aardappel {number}")] for number in range(3)]
    pdf = booklet([])
    for (_, _, text), *_ in pages:
        pdf.add_page()
        pdf.set_font("Helvetica", "", 11)
        pdf.text(20, 10, text)
    assert texts(read(saved(pdf, folder / "a.pdf"))) == ["Aardappel 0", "Aardappel 1", "Aardappel 2"]


def test_a_sentence_over_two_pages_continues(folder: Path) -> None:
    pages = [[("", 11, PROSE + "Zij werkten")], [("", 11, "samen tot het einde van het jaar."), ("", 11, PROSE)]]
    document = read(saved(booklet(pages), folder / "a.pdf"))
    assert document.pages[1].blocks[0].continues
    assert not document.pages[1].blocks[1].continues


def test_rows_of_a_table_are_not_run_together_into_one_sentence(folder: Path) -> None:
    pdf = booklet([[("", 11, PROSE)]])
    pdf.set_font("Helvetica", "", 9)
    rows = [
        "Technische installatiesector 2,5 miljoen euro 7 mei 2019",
        "Innovatieversneller 750.000 euro",
        "Transities",
    ]
    for row in rows:
        pdf.cell(0, 5, row, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    pdf.multi_cell(0, 5, PROSE, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(folder / "a.pdf"))
    blocks = read(folder / "a.pdf").pages[0].blocks
    assert [block.text for block in blocks if block.kind == "table"] == rows
    assert [block.kind for block in blocks] == ["paragraph", "table", "table", "table", "paragraph"]


def test_passages_and_pages_have_the_sources_that_the_file_beside_gives_them(folder: Path) -> None:
    pages = [[("", 11, "De pilot kostte 850.000 euro."), ("", 11, PROSE)], [("", 11, PROSE)]]
    booklet(pages).output(str(folder / "a.pdf"))
    (folder / "a.yaml").write_text(
        'sources: [z]\npage_sources:\n  1: [a, b]\npassage_sources:\n  "De pilot kostte": [a]\n', encoding="utf-8"
    )
    document = read(folder / "a.pdf")
    assert [[block.sources for block in page.blocks] for page in document.pages] == [[("a",), ("a", "b")], [()]]
    assert document.sources == ("z",)


def test_labels_of_pages_are_those_of_the_file(folder: Path) -> None:
    writer = PdfWriter(clone_from=saved(booklet([[("", 11, PROSE)]] * 4), folder / "plain.pdf"))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 3, style=PageLabelStyle.DECIMAL)
    writer.write(folder / "a.pdf")
    document = read(folder / "a.pdf")
    assert [(page.number, page.label) for page in document.pages] == [(1, "i"), (2, "ii"), (3, "1"), (4, "2")]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_an_owners_password_opens_and_a_users_password_is_asked_for(folder: Path, algorithm: str) -> None:
    for user, name in (("", "owner.pdf"), ("geheim", "user.pdf")):
        writer = PdfWriter(clone_from=simple(folder))
        writer.encrypt(user_password=user, owner_password="baas", algorithm=algorithm)
        writer.write(folder / name)
    assert texts(read(folder / "owner.pdf")) == [PROSE.strip()]
    with pytest.raises(FileRefused, match="password"):
        read(folder / "user.pdf")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"hello world", "not a PDF"),
        (b"\0" * 100, "is empty"),
        (b"%PDF-1.7\n1 0 obj\n<</Type", "damaged or incomplete"),
        (raw_pdf(b""), "no text on any page"),
        (raw_pdf(b"BT /F1 9 Tf (x) Tj ET").replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0"), "no pages"),
        (
            raw_pdf(b"").replace(b"trailer<<", b"trailer<</Encrypt<</Filter/Foo/V 1>>/ID[<00><00>]"),
            "encrypted in a way",
        ),
    ],
)
def test_each_fault_has_its_own_sentence(folder: Path, data: bytes, says: str) -> None:
    path = folder / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(FileRefused, match=says):
        read(path)


def test_a_file_without_its_end_is_still_read(folder: Path) -> None:
    path = folder / "a.pdf"
    path.write_bytes(raw_pdf(b"BT /F1 12 Tf 50 700 Td (Een zin over de pilot.) Tj ET").split(b"startxref")[0])
    assert texts(read(path)) == ["Een zin over de pilot."]


def scan(folder: Path, pages: int = 1, text_on: int = 0) -> Path:
    Image.new("RGB", (60, 80), "grey").save(folder / "scan.png")
    pdf = FPDF()
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.image(str(folder / "scan.png"), x=10, y=10, w=180)
        if number == text_on:
            pdf.set_font("Helvetica", "", 11)
            pdf.text(20, 20, "Een zin over de pilot.")
    return saved(pdf, folder / "a.pdf")


def test_a_scan_is_refused_with_the_way_out(folder: Path) -> None:
    with pytest.raises(FileRefused, match=r"scan: .* OCR first .*ocrmypdf"):
        read(scan(folder, pages=2))


def test_a_page_that_is_a_picture_is_named_and_the_others_are_read(folder: Path) -> None:
    document = read(scan(folder, pages=2, text_on=2))
    assert document.pages[0].problem is not None
    assert document.pages[0].quality == 0.0
    assert [block.text for block in document.pages[1].blocks] == ["Een zin over de pilot."]


def test_a_page_of_garbled_letters_is_named_and_not_read(folder: Path) -> None:
    shifted = "".join(chr(ord(letter) + 3) if letter.isalpha() else letter for letter in PROSE).encode("latin-1")
    path = folder / "a.pdf"
    path.write_bytes(raw_pdf(b"BT /F1 12 Tf 50 700 Td (" + shifted + b") Tj ET"))
    with pytest.raises(FileRefused, match="not readable"):
        read(path)
    assert read(path, min_page_quality=0.0).pages[0].quality < 0.5


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (PROSE, 0.99, 1.0),
        ("Het bedrag: € 850.000 (2021-2023); zie § 3.2, NWO/SIA.", 0.95, 1.0),
        ("\ufffd\ufffd\ufffd\ufffd ab", 0.0, 0.5),
        ("\ue001\ue002\ue003\ue004\ue005", 0.0, 0.1),
        ("(cid:12)(cid:44)(cid:3)", 0.0, 0.1),
        ("xkcdq zzzt hjklm wrtpf qwrtp", 0.0, 0.2),
        ("", 0.0, 0.0),
    ],
)
def test_quality_is_the_share_that_reads_as_language(text: str, low: float, high: float) -> None:
    assert low <= quality(text) <= high


def test_raised_figures_do_not_join_a_number(folder: Path) -> None:
    pdf = booklet([])
    pdf.add_page()
    pdf.set_font("Helvetica", "", 12)
    pdf.write(6, "Het bedrag was 25.000")
    pdf.char_vpos = "SUP"
    pdf.write(6, "1")
    pdf.char_vpos = "LINE"
    pdf.write(6, " euro per jaar.")
    assert texts(read(saved(pdf, folder / "a.pdf"))) == ["Het bedrag was 25.000¹ euro per jaar."]


def test_figures_raised_within_one_font_do_not_join_a_number_either(folder: Path) -> None:
    path = folder / "a.pdf"
    path.write_bytes(
        raw_pdf(
            b"BT /F1 1 Tf 12 0 0 12 50 700 Tm (Het was 25.000) Tj "
            b"6 0 0 6 133 704 Tm (1) Tj 12 0 0 12 140 700 Tm (euro.) Tj ET"
        )
    )
    assert texts(read(path)) == ["Het was 25.000¹ euro."]


@pytest.mark.parametrize(
    "hidden",
    [
        b"1 1 1 rg BT /F1 12 Tf 50 600 Td (VERBORGEN) Tj ET",
        b"1 g BT /F1 12 Tf 50 600 Td [(VER) (BORGEN)] TJ ET",
        b"BT /F1 0.2 Tf 50 600 Td (VERBORGEN) Tj ET",
        b"BT /F1 12 Tf 50 6000 Td (VERBORGEN) Tj ET",
    ],
)
def test_text_that_nobody_sees_is_not_read(folder: Path, hidden: bytes) -> None:
    path = folder / "a.pdf"
    path.write_bytes(raw_pdf(b"BT /F1 12 Tf 50 700 Td (Een zin over de pilot.) Tj ET q " + hidden + b" Q"))
    assert texts(read(path)) == ["Een zin over de pilot."]


@pytest.mark.parametrize(
    "shown",
    [
        b"0.1 0.1 0.4 rg 0 550 600 100 re f 1 1 1 rg BT /F1 12 Tf 50 600 Td (Wit op blauw.) Tj ET",
        b"BT 3 Tr /F1 12 Tf 50 600 Td (Laag van OCR.) Tj ET",
    ],
)
def test_white_on_dark_and_the_layer_of_an_ocr_program_are_read(folder: Path, shown: bytes) -> None:
    path = folder / "a.pdf"
    path.write_bytes(raw_pdf(shown))
    assert len(texts(read(path))) == 1


def test_the_title_comes_from_the_file_beside_then_the_metadata_then_the_text(folder: Path) -> None:
    pdf = booklet([[("B", 18, "Kop van de tekst"), ("", 11, PROSE)]])
    assert read(saved(pdf, folder / "a.pdf")).title == "Kop van de tekst"
    for bad in ("Microsoft Word - x.doc", "Untitled", "rapport_v3.docx", "None"):
        pdf = booklet([[("B", 18, "Kop van de tekst"), ("", 11, PROSE)]])
        pdf.set_title(bad)
        assert read(saved(pdf, folder / "a.pdf")).title == "Kop van de tekst"
    pdf = booklet([[("B", 18, "Kop van de tekst"), ("", 11, PROSE)]])
    pdf.set_title("Titel in de gegevens")
    plain = read(saved(pdf, folder / "a.pdf"))
    assert plain.title == "Titel in de gegevens"
    (folder / "a.yaml").write_text("title: Titel ernaast\nkind: report\nlanguage: en\n", encoding="utf-8")
    beside = read(folder / "a.pdf")
    assert (beside.title, beside.kind, beside.language) == ("Titel ernaast", "report", "en")
    assert beside.sha256 != plain.sha256


def test_a_file_beside_that_cannot_be_used_is_named_with_its_line(folder: Path) -> None:
    path = simple(folder)
    (folder / "a.yaml").write_text("title: x\nlanguage: fr\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"Line 2 of the file a\.yaml: language"):
        read(path)


def test_text_of_metadata_and_scripts_never_becomes_content(folder: Path) -> None:
    writer = PdfWriter(clone_from=simple(folder))
    writer.add_metadata({"/Subject": "IGNORE", "/Keywords": "IGNORE"})
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("IGNORE()")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.write(folder / "b.pdf")
    assert texts(read(folder / "b.pdf")) == [PROSE.strip()]


def test_too_many_pages_are_refused_with_both_numbers(folder: Path) -> None:
    path = saved(booklet([[("", 11, PROSE)]] * 3), folder / "a.pdf")
    with pytest.raises(FileRefused, match="has 3 pages and the limit is 2"):
        read(path, pdf_pages=2)


def test_a_file_that_takes_too_long_costs_itself_only(folder: Path) -> None:
    good = simple(folder)
    read(good)
    bomb = folder / "bomb.pdf"
    bomb.write_bytes(raw_pdf(b"BT /F1 12 Tf 50 700 Td " + b"(a) Tj " * 600_000 + b"ET"))
    begun = time.monotonic()
    with pytest.raises(FileRefused, match=r"not read within 0\.5 seconds"):
        read(bomb, pdf_seconds=0.5)
    assert time.monotonic() - begun < 5
    assert texts(read(good)) == [PROSE.strip()]


def test_a_file_that_eats_memory_costs_itself_only(folder: Path) -> None:
    bomb = folder / "bomb.pdf"
    bomb.write_bytes(raw_pdf(b" " * 49_000_000))
    with pytest.raises(FileRefused, match="more than the allowed 256 MB"):
        read(bomb, pdf_memory_mb=256)
    assert texts(read(simple(folder))) == [PROSE.strip()]


def test_a_file_that_unpacks_without_end_is_refused(folder: Path) -> None:
    bomb = folder / "bomb.pdf"
    bomb.write_bytes(raw_pdf(b"\0" * 80_000_000))
    with pytest.raises(FileRefused, match="unpacks to far more"):
        read(bomb)


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_process_that_dies_is_started_anew(folder: Path) -> None:
    path = simple(folder)
    process = PdfProcess()
    try:
        assert "pages" in process.read(path, LoaderSettings())
        child = process._child
        assert child is not None
        os.kill(child.pid, signal.SIGSTOP)
        os.kill(child.pid, signal.SIGKILL)
        replies = [process.read(path, LoaderSettings()) for _ in range(2)]
        assert replies[0].get("refused") in (None, "crash")
        assert "pages" in replies[1]
    finally:
        process.close()


def test_the_process_inherits_no_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "geheim")
    process = PdfProcess()
    try:
        process.read(simple(folder), LoaderSettings())
        assert process._child is not None
        environment = Path(f"/proc/{process._child.pid}/environ")
        if not environment.exists():
            pytest.skip("needs /proc")
        assert b"geheim" not in environment.read_bytes()
    finally:
        process.close()


def test_one_process_serves_many_files(folder: Path) -> None:
    path = simple(folder)
    read(path)
    child = shared_process()._child
    for _ in range(3):
        read(path)
    assert shared_process()._child is child


WORD = re.compile(r"\w+")
FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def test_the_words_of_parliamentary_papers_are_those_that_another_reader_finds(shared: Path) -> None:
    source = shared / "data/pdf_kamervragen"
    expected: dict[tuple[str, int], str] = {}
    for line in (source / "passages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        name, page = row["id"].rsplit("#", 1)
        expected[name, int(page)] = row["text"]
    found = total = ours = 0
    for path in sorted((source / "files").glob("*.pdf")):
        document = clean(read(path))
        for page in document.pages:
            mine = " ".join([document.title, *(block.text for block in page.blocks)]).translate(FIGURES)
            reference = Counter(WORD.findall(re.sub(r"-\n", "", expected[path.name, page.number or 0])))
            words = Counter(WORD.findall(mine))
            found += sum((reference & words).values())
            total += sum(reference.values())
            ours += sum(words.values())
    assert found >= 0.97 * total
    assert found >= 0.97 * ours


def test_strange_pdfs_of_other_projects_are_taken_or_named(shared: Path) -> None:
    source = shared / "data/pdf_robustness"
    wrong = []
    for line in (source / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        try:
            clean(read(source / "files" / row["file"]))
            outcome = "taken"
        except FileRefused as refusal:
            outcome = str(refusal)
        if (row["kind"] == "text" and outcome != "taken") or (row["kind"] == "password" and "password" not in outcome):
            wrong.append((row["file"], outcome))
    assert wrong == []


def test_a_scan_that_went_through_ocr_is_read(shared: Path) -> None:
    path = shared / "data/pdf_robustness/files/pypdf__Seige_of_Vicksburg_Sample_OCR.pdf"
    assert len(PdfReader(path).pages) == len(read(path).pages)
    assert sum(map(len, texts(read(path)))) > 500
