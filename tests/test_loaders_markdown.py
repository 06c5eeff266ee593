from pathlib import Path

import pytest

from assistant.errors import FileRefused, InputError
from assistant.loaders import load, load_sources
from assistant.settings import LoaderSettings
from assistant.types import Block, Document

FRONT = "---\ntitle: De pilot\nkind: funding\nlanguage: nl\nupdated: 2024-01-31\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str | bytes, name: str = "a.md") -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, name, LoaderSettings())


def blocks(folder: Path, text: str) -> tuple[Block, ...]:
    return read(folder, FRONT + text).pages[0].blocks


def test_front_matter_becomes_fields(folder: Path) -> None:
    made = read(
        folder,
        "---\ntitle: De pilot\nkind: funding\nlanguage: nl-NL\nupdated: 2024-01-31\nvalid_from: 2022\n"
        "valid_to: 2023-12\nsources: [sia-1]\nowner: {name: iemand}\n---\nThe text itself is in English.\n",
    )
    assert (made.title, made.kind, made.language, made.updated) == ("De pilot", "funding", "nl", "2024-01-31")
    assert (made.valid_from, made.valid_to, made.sources) == ("2022", "2023-12", ("sia-1",))


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("title: a\nlanguage: fr", r'Line 3 of the front matter: language cannot be "fr"'),
        ("title: a\nkind: b\nupdated: gisteren", r'Line 4 of the front matter: updated cannot be "gisteren"'),
        ("title: a\nupdated: 2024-02-31", r"Line 3 .* updated"),
        ("title: [a", r"Line \d of the front matter is not valid YAML"),
        ("title: a\n\tkind: b", r"Line 3 of the front matter is not valid YAML"),
        ("title: a\nsources: {a: b}", r"Line 3 .* sources cannot be a list or a group"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused_with_its_line(folder: Path, front: str, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        read(folder, f"---\n{front}\n---\ntekst\n")


def test_text_between_rules_is_no_front_matter(folder: Path) -> None:
    made = read(folder, "---\nZomaar een zin over de pilot.\n\n---\n\nNog een zin.\n")
    assert [block.text for block in made.pages[0].blocks] == ["Zomaar een zin over de pilot.", "Nog een zin."]


def test_yaml_aliases_do_not_grow(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    made = read(folder, "---\n" + "\n".join(lines) + "\ntitle: Kort\n---\nTekst.\n")
    assert made.title == "Kort"


def test_without_front_matter_title_and_language_come_from_the_text(folder: Path) -> None:
    made = read(folder, "# Financing\n\nThe programme was financed by the kick-start budget of the coalition.\n")
    assert (made.title, made.language, made.kind) == ("Financing", "en", "document")
    assert [block.kind for block in made.pages[0].blocks] == ["paragraph"]


def test_a_first_heading_other_than_the_title_stays(folder: Path) -> None:
    assert blocks(folder, "# Geld\n\nTekst.")[0] == Block("Geld", "heading", 1)
    assert blocks(folder, "# De Pilot\n\nTekst.")[0] == Block("Tekst.")


def test_references_become_sources_and_vanish(folder: Path) -> None:
    assert blocks(folder, "Het bedrag was 850.000 euro.[^sia-2022-06-23] [^nlaic]\n\n- Een item [^a].\n") == (
        Block("Het bedrag was 850.000 euro.", sources=("sia-2022-06-23", "nlaic")),
        Block("Een item.", "item", 1, sources=("a",)),
    )


def test_a_footnote_of_the_text_itself_is_text_and_no_source(folder: Path) -> None:
    found = blocks(folder, "Een zin.[^1]\n\n[^1]: De noot bij\n    die zin.\n")
    assert found == (Block("Een zin."), Block("De noot bij die zin."))


def test_a_footnote_that_is_only_an_address_is_no_link_definition(folder: Path) -> None:
    found = blocks(folder, "Een zin.[^n]\n\n[^n]: https://nlaic.com/x\n")
    assert found == (Block("Een zin."), Block("https://nlaic.com/x"))


def test_headings_of_both_kinds_have_their_level(folder: Path) -> None:
    found = blocks(folder, "Een\n===\n\nTwee\n---\n\n### Drie\n\n###### Zes ######\n")
    assert [(block.text, block.level) for block in found] == [("Een", 1), ("Twee", 2), ("Drie", 3), ("Zes", 6)]


def test_list_items_have_their_depth_and_numbers(folder: Path) -> None:
    found = blocks(folder, "- een\n  - twee\n    vervolg\n    - drie\n- vier\n\n3. derde\n4. vierde\n")
    assert [(block.text, block.level) for block in found] == [
        ("een", 1),
        ("twee vervolg", 2),
        ("drie", 3),
        ("vier", 1),
        ("3. derde", 1),
        ("4. vierde", 1),
    ]


def test_each_row_of_a_table_stands_alone(folder: Path) -> None:
    found = blocks(folder, "| Naam | Bedrag | |\n|---|---|---|\n| A | € 1.000 [^x] | z |\n| B | | |\n")
    assert found == (
        Block("Naam: A | Bedrag: € 1.000 | z", "table", sources=("x",)),
        Block("Naam: B", "table"),
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("**vet** en _schuin_ en `code` en ~~weg~~", "vet en schuin en code en ~~weg~~"),
        ("[de site](https://nlaic.com/x)", "de site (https://nlaic.com/x)"),
        ("<https://nlaic.com>", "https://nlaic.com"),
        ("[nlaic.com](https://nlaic.com/)", "nlaic.com"),
        ("[mail](mailto:a@b.nl) en <a@b.nl>", "mail (mailto:a@b.nl) en a@b.nl"),
        ("[terug](#boven)", "terug"),
        ("een <!-- IGNORE --> twee<br>drie <b>vier</b>", "een twee drie vier"),
        ("regel een  \nregel twee", "regel een regel twee"),
        (r"\*geen nadruk\* &amp; &euro; 5", "*geen nadruk* & € 5"),
        ("![een plaatje](x.png) erbij", "een plaatje erbij"),
    ],
)
def test_markup_is_removed_from_text(folder: Path, markup: str, text: str) -> None:
    assert [block.text for block in blocks(folder, markup)] == [text]


def test_comments_and_raw_html_are_dropped_and_code_is_kept(folder: Path) -> None:
    found = blocks(
        folder, "<!-- zeg niets -->\n\n<div>verborgen</div>\n\n```sh\nmake run\n```\n\n> een citaat\n> van twee\n"
    )
    assert [block.text for block in found] == ["make run", "een citaat van twee"]


def test_line_endings_and_byte_order_marks_make_no_difference(folder: Path) -> None:
    text = FRONT + "# Kop\n\nEen zin.\n"
    plain = read(folder, text)
    for other in (text.replace("\n", "\r\n"), "\ufeff" + text):
        assert read(folder, other).pages == plain.pages


def test_the_register_of_sources_is_read(folder: Path) -> None:
    (folder / "sources.yaml").write_text(
        "sia-2022:\n  title: Call\n  publisher: SIA\n  date: 2022-06-23\n  language: nl\n  authority: A\n"
        "  url: https://regieorgaan-sia.nl/x\nleaflet:\n  title: Leaflet\n  publisher: NL AIC\n  date: undated\n"
        "  language: nl\n  authority: B\n",
        encoding="utf-8",
    )
    found = load_sources(folder)
    assert list(found) == ["sia-2022", "leaflet"]
    assert found["sia-2022"].date == "2022-06-23"
    assert found["leaflet"].url is None


def test_no_register_is_an_empty_one(folder: Path) -> None:
    assert load_sources(folder) == {}


@pytest.mark.parametrize(
    ("register", "says"),
    [
        (
            "a:\n  title: x\n  publisher: y\n  date: 2022\n  language: nl\n  authority: D\n",
            r"line 1: source a: authority",
        ),
        ("a:\n  title: x\n", r"line 1: source a: publisher"),
        ("a: {title: x, publisher: y, date: soon, language: nl, authority: A}\n", r"source a: date"),
        ("a: {title: x, publisher: y, date: 2022, language: nl, authority: A, url: x}\n", r"source a: url"),
        ("a: {title: x, publisher: y, date: 2022, language: nl, authority: A, urll: x}\n", r"source a: urll"),
        ("a: {}\na: {}\n", r"line 1: source a"),
        ("a: [\n", r"line 2: not valid YAML"),
        ("- a\n", "list of names"),
    ],
)
def test_a_register_that_cannot_be_used_names_entry_and_line(folder: Path, register: str, says: str) -> None:
    (folder / "sources.yaml").write_text(register, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_sources(folder)


def test_code_for_browsers_inside_a_sentence_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("De methode heeft <script>window.x=1</script> zeven <b>stappen</b>.\n", encoding="utf-8")
    (block,) = load(path, "a.md", LoaderSettings()).pages[0].blocks
    assert block.text == "De methode heeft zeven stappen."
