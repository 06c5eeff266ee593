import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cleaning import clean, repair_characters
from assistant.cleaning_rules import read_rules
from assistant.errors import SettingsError
from assistant.loaders import load
from assistant.settings import LoaderSettings
from assistant.types import Block, Document, Page


def document(*texts: str | Block, **fields: object) -> Document:
    blocks = tuple(text if isinstance(text, Block) else Block(text) for text in texts)
    made = Document("a.txt", "Titel", "nl", (Page(blocks),), "0" * 64)
    return replace(made, **fields)  # type: ignore[arg-type]


def cleaned(*texts: str | Block) -> list[str]:
    return [block.text for page in clean(document(*texts)).pages for block in page.blocks]


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("Auﬂage eﬀect ﬁnancieel aﬃx ruﬄe", "Auflage effect financieel affix ruffle"),
        ("aﬅ laﬆ ĳs", "ast last ijs"),
        ("\uf001nancieel", "financieel"),
        ("InformaƟe en soŌware", "Informatie en software"),
        ("Ōsaka", "Ōsaka"),
        ("850\xa0000 euro", "850 000 euro"),
        ("on\u200bzicht\u2060baar\ufeff", "onzichtbaar"),
        ("links\u202erechts\u2066", "linksrechts"),
        ("tekst\U000e0049\U000e0067", "tekst"),
        ("nul\x00punt\x07", "nulpunt"),
        ("half\ud800", "half"),
        ("regen\xadboog", "regenboog"),
        ("regen\xad\nboog", "regenboog"),
        ("geïnteresseerd", "geïnteresseerd"),
        ("a\tb", "a b"),
    ],
)
def test_characters_are_repaired(damaged: str, repaired: str) -> None:
    assert cleaned(damaged) == [repaired]


@pytest.mark.parametrize("text", ["€ 25.000¹ per jaar", "200 m² vloer", "H₂O", "½ jaar", "№ 5", "x³ + y²"])
def test_raised_and_lowered_figures_never_join_a_number(text: str) -> None:
    assert cleaned(text) == [text]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("opleidings-\ncapaciteit", "opleidingscapaciteit"),
        ("de commu-\nnities samen", "de communities samen"),
        ("Schwarz-\nWeiß", "Schwarz-Weiß"),
        ("EU-\nsubsidie", "EU-subsidie"),
        ("AI-\ntalent", "AI-talent"),
        ("Noord-\nBrabant", "Noord-Brabant"),
        ("onderzoeks-\nen onderwijsinstellingen", "onderzoeks- en onderwijsinstellingen"),
        ("onderzoeks- en onderwijs", "onderzoeks- en onderwijs"),
        ("short- and\nlong-\nand mid-term", "short- and long- and mid-term"),
        ("2023-\n2024", "2023-2024"),
        ("e-\nmail", "e-mail"),
        ("zee-\neend", "zee-eend"),
        ("state-of-the-\nart", "state-of-the-art"),
        ("niet-\nbindend", "niet-bindend"),
        ("een zin -\nmet streepje", "een zin - met streepje"),
        ("https://nlaic.com/\nnieuws/pilot verder", "https://nlaic.com/nieuws/pilot verder"),
    ],
)
def test_a_word_broken_at_a_lines_end_is_made_whole(broken: str, whole: str) -> None:
    assert cleaned(broken) == [whole]


def test_the_form_that_occurs_elsewhere_decides_about_a_hyphen() -> None:
    assert (
        cleaned("lange termijn en co-\ncreatie", "Door co-creatie ontstaat draagvlak.")[0]
        == "lange termijn en co-creatie"
    )
    assert cleaned("goed zee-\neend", "Een zeeeend bestaat niet.")[0] == "goed zeeeend"
    assert cleaned("de boek-\nen staan hier", "Alle boeken staan hier.")[0] == "de boeken staan hier"


def test_a_word_that_runs_over_a_page_stands_whole_on_the_first() -> None:
    pages = (
        Page((Block("Een nieuwe regen-"),), number=1),
        Page((Block("boog aan de hemel.", continues=True), Block("Slot.")), number=2),
    )
    result = clean(document(pages=pages))
    assert [[block.text for block in page.blocks] for page in result.pages] == [
        ["Een nieuwe regenboog"],
        ["aan de hemel.", "Slot."],
    ]
    assert result.pages[1].blocks[0].continues


def test_lines_become_running_text_and_structure_stays() -> None:
    made = clean(
        document(
            Block("Een kop\nover twee regels", "heading", 2),
            Block("  een   item \n verder ", "item", 2, sources=("sia-1",)),
            Block("\u200b \x00"),
        )
    )
    assert made.pages[0].blocks == (
        Block("Een kop over twee regels", "heading", 2),
        Block("een item verder", "item", 2, sources=("sia-1",)),
    )


def test_marks_of_footnotes_stand_at_their_word() -> None:
    assert cleaned("een reactie ⁶ gestuurd ¹⁷ . Daarna") == ["een reactie⁶ gestuurd¹⁷. Daarna"]


def test_a_document_whose_title_cannot_be_seen_is_called_by_its_first_words() -> None:
    assert clean(document("De pilot kostte geld.", title="\ufeff \u200b")).title == "De pilot kostte geld."
    assert clean(document(title="\u200b", id="notulen.md")).title == "notulen.md"


def test_pages_without_blocks_disappear_unless_they_have_a_problem() -> None:
    pages = (Page((), number=1), Page((), number=2, quality=0.0, problem="Scan."), Page((Block("x"),), number=3))
    assert [page.number for page in clean(document(pages=pages)).pages] == [2, 3]


@given(st.text())
def test_no_text_keeps_characters_that_cannot_be_seen(text: str) -> None:
    result = " ".join(cleaned(text))
    assert not re.search("[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\ud800-\udfff]", result)
    assert "".join(cleaned(result)) == "".join(cleaned(" ".join(cleaned(result))))


@given(st.text())
def test_repairing_characters_twice_changes_nothing(text: str) -> None:
    assert repair_characters(repair_characters(text)) == repair_characters(text)


def test_the_rule_for_one_leaflet_does_not_touch_other_texts() -> None:
    text = "Al in 2021 begon de pilot. Al-Jazeera meldde het; Als het kan, Alleen dan."
    assert cleaned(text) == [text]


@pytest.fixture(scope="module")
def leaflet(shared: Path) -> Document:
    path = next((shared / "originals").glob("001_*.txt"))
    return clean(load(path, path.name, LoaderSettings()))


def texts(made: Document) -> list[str]:
    return [block.text for page in made.pages for block in page.blocks]


def test_the_leaflet_says_ai_where_the_scan_says_al(leaflet: Document) -> None:
    whole = "\n".join(texts(leaflet))
    assert leaflet.title == "Learning Communities for AI"
    assert not re.search(r"\bAl\b", whole)
    assert len(re.findall(r"\bal\b", whole)) == 4
    assert "ICAI-labs" in texts(leaflet)
    for repaired in ("AI-talent groeit", "AI-affiniteit", "AI-activiteiten", "Artificiële", "geïnvesteerd", "o.a."):
        assert repaired in whole
    assert not re.search(r"Watis|Eris|Hettempo|Hetfundamentis|deslag|zoalsde|Minorsen|iér|toepassings- g|¢|®", whole)


def test_the_leaflet_is_read_along_its_columns(leaflet: Document) -> None:
    found = texts(leaflet)
    assert any("grote groep gebruik van gemaakt kan worden." in text for text in found)
    headings = [block.text for page in leaflet.pages for block in page.blocks if block.kind == "heading"]
    assert found.index("Aan de slag") < found.index("Verder bouwen op bestaande kennis en initiatieven")
    assert found[found.index("Aan de slag") + 1].startswith("In 2022 willen we")
    assert found[found.index("Samenwerken in de regio en een kickstart") + 1].startswith("Regionaal bestaan er al")
    assert found[found.index("Literatuurlijst") + 1].startswith("1. Opgave AI")
    assert headings.count("Wat doen ze?") == 1


def test_the_leaflet_keeps_each_address_once_and_whole(leaflet: Document) -> None:
    whole = " ".join(texts(leaflet))
    assert "Docs%20bij%20berichten/Fasemodel%20update%202020.pdf" in whole
    for address in ("td.org/insights", "wijzijnkatapult.nl/meerwaarde", "regieorgaan-sia.nl/nieuwsoverzicht"):
        assert whole.count(address) == 1


def test_the_leaflet_with_other_line_breaks_keeps_its_order_and_is_still_repaired(shared: Path, tmp_path: Path) -> None:
    original = next((shared / "originals").glob("001_*.txt")).read_text(encoding="utf-8")
    path = tmp_path / "leaflet.txt"
    path.write_text(" ".join(original.split()), encoding="utf-8")
    whole = "\n".join(texts(clean(load(path, path.name, LoaderSettings()))))
    assert "AI-affiniteit" in whole
    assert not re.search(r"\bAl\b", whole)


def test_the_leaflets_lists_are_items(leaflet: Document) -> None:
    blocks = [block for page in leaflet.pages for block in page.blocks]
    start = next(n for n, block in enumerate(blocks) if block.text == "Learning Communities for Applied AI")
    six = blocks[start + 1 : start + 7]
    assert [block.kind for block in six] == ["item"] * 6
    assert six[5].text.startswith("6 AI Engineering")
    assert blocks[start + 7].kind == "heading"


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ("contains: []", "contains"),
        ("contains: [x]\nreplacements: [{wrong: '(', right: ''}]", "wrong"),
        ("contains: [x]\nspelling: yes", "spelling"),
        (
            f"contains: [x]\nlayout:\n  letters_sha256: '{'0' * 64}'\n"
            "  pieces: [{paragraph: 1-3}, {paragraph: 3-4}]",
            "line 3",
        ),
        ("contains: [x", "rules.yaml"),
    ],
)
def test_a_rule_file_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, rules: str, fault: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(rules, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(fault)):
        read_rules(path)
