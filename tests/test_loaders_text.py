from pathlib import Path

import pytest

from assistant.errors import FileRefused
from assistant.loaders import load
from assistant.settings import LoaderSettings
from assistant.types import Block, Document

PROSE = "De zes hogescholen onderzochten in de pilot welke ondersteuning een community nodig heeft."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str | bytes, name: str = "a.txt") -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, name, LoaderSettings())


def blocks(folder: Path, text: str | bytes, name: str = "a.txt") -> tuple[Block, ...]:
    return read(folder, text, name).pages[0].blocks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_of_a_text_is_found(folder: Path, encoding: str) -> None:
    text = f"Financiële steun\n\n{PROSE} Het bedrag was € 850.000 – in één keer.\n"
    made = read(folder, text.encode(encoding))
    assert made.title == "Financiële steun"
    assert made.pages[0].blocks[0].text.endswith("€ 850.000 – in één keer.")


def test_a_short_first_line_is_the_title_and_not_repeated(folder: Path) -> None:
    made = read(folder, f"Resultaten pilot\n\n{PROSE}\n")
    assert (made.title, made.pages[0].blocks) == ("Resultaten pilot", (Block(PROSE),))


def test_a_first_line_that_runs_on_is_no_title(folder: Path) -> None:
    made = read(folder, f"De toepassing van AI\n\nop dit moment verandert veel. {PROSE}\n")
    assert made.pages[0].blocks[0].text == "De toepassing van AI"


def test_paragraphs_keep_their_lines_for_cleaning(folder: Path) -> None:
    assert blocks(folder, f"Titel\n\n{PROSE}\nEn nog een regel\n\nSlot van de tekst.")[0].text.count("\n") == 1


def test_a_line_that_announces_prose_or_a_list_is_a_heading(folder: Path) -> None:
    found = blocks(folder, f"Titel\n\nWie doen er mee?\n\n- een\n* twee\n• drie\n¢ vier\n\nFinanciering\n\n{PROSE}\n")
    assert [(block.text, block.kind) for block in found] == [
        ("Wie doen er mee?", "heading"),
        ("een", "item"),
        ("twee", "item"),
        ("drie", "item"),
        ("vier", "item"),
        ("Financiering", "heading"),
        (PROSE, "paragraph"),
    ]


def test_dates_names_and_closing_lines_are_no_headings(folder: Path) -> None:
    found = blocks(folder, f"Titel\n\n1 december 2020\n\n{PROSE}\n\nBram Hendrawan\n\nProgrammamanager\n\nDelen via:\n")
    assert {block.kind for block in found} == {"paragraph"}


def test_items_run_over_lines_and_numbers_stay(folder: Path) -> None:
    found = blocks(folder, "Titel\n\n1. Kies een thema\nmet elkaar\n2. Zoek partners\n\n  - dieper\n")
    assert found == (
        Block("1. Kies een thema\nmet elkaar", "item", 1),
        Block("2. Zoek partners", "item", 1),
        Block("dieper", "item", 2),
    )


def test_paragraphs_without_blank_lines_between_are_told_apart_by_their_length(folder: Path) -> None:
    long = " ".join([PROSE] * 3)
    assert blocks(folder, f"Titel\n\n{long}\n{long}\n") == (Block(long), Block(long))


def test_control_characters_never_come_through(folder: Path) -> None:
    made = read(folder, f"Ti\x07tel\n\n{PROSE}\x0cNog een zin\x1b.\n{'x' * 2000}")
    whole = made.title + "".join(block.text for block in made.pages[0].blocks)
    assert not {character for character in whole if ord(character) < 32 and character != "\n"}


HTML = f"""<!doctype html><html lang="nl"><head><title>Pilot | Site</title>
<meta property="article:published_time" content="2023-12-20"><style>.weg {{ display: none }}</style></head><body>
<nav><a href="/">Menu</a></nav><main><article><h1>Resultaten pilot</h1><p>{PROSE} Zie de
<a href="https://nlaic.com/x">pagina</a>.</p>
<p style="display: none">VERBORGEN</p><p class="weg">VERBORGEN</p><p style="font-size:0">VERBORGEN</p>
<p style="color:#fff;background-color:white">VERBORGEN</p><div hidden>VERBORGEN</div>
<p style="position:absolute;left:-9999px">VERBORGEN</p><!-- VERBORGEN --><script>VERBORGEN()</script>
<h2>Deelnemers</h2><ul><li>Saxion<ul><li>Enschede</li></ul></li><li>Fontys</li></ul>
<table><tr><th>Naam</th><th>Bedrag</th></tr><tr><td>A</td><td>€ 1.000</td></tr></table>
<ol><li>een</li><li>twee</li></ol><p style="color: white; background: #003366">Op blauw staat dit wel te lezen.</p>
</article></main><footer>Cookies</footer></body></html>"""


def test_the_main_content_of_a_page_is_read_with_its_structure(folder: Path) -> None:
    made = read(folder, HTML, "a.html")
    assert (made.title, made.updated, made.language) == ("Resultaten pilot", "2023-12-20", "nl")
    assert [(block.text, block.kind, block.level) for block in made.pages[0].blocks] == [
        (f"{PROSE} Zie de pagina (https://nlaic.com/x).", "paragraph", 0),
        ("Deelnemers", "heading", 2),
        ("Saxion", "item", 1),
        ("Enschede", "item", 2),
        ("Fontys", "item", 1),
        ("Naam: A | Bedrag: € 1.000", "table", 0),
        ("1. een", "item", 1),
        ("2. twee", "item", 1),
        ("Op blauw staat dit wel te lezen.", "paragraph", 0),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_declared_encoding_of_a_page_counts(folder: Path, encoding: str) -> None:
    head = f'<head><meta charset="{encoding}"><title>Pilot</title></head>'
    text = f"<html>{head}<body><p>Financiële steun. {PROSE}</p></body></html>"
    assert "Financiële steun" in blocks(folder, text.encode(encoding), "a.htm")[0].text


def test_a_short_page_keeps_heading_and_list_apart(folder: Path) -> None:
    found = blocks(folder, "<html><body><h2>Kop</h2><p>Kort stukje.</p><ul><li>punt</li></ul></body></html>", "a.html")
    assert [block.text for block in found] == ["Kop", "Kort stukje.", "punt"]


def test_a_page_without_text_is_refused(folder: Path) -> None:
    with pytest.raises(FileRefused, match="no readable text"):
        read(folder, "<html><body><script>x()</script></body></html>", "a.html")
