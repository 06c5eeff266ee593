from pathlib import Path

import pytest

from assistant.corpus_check.documents import read_corpus
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.twin_figures import check_figures
from assistant.corpus_check.twin_names import check_names, vocabularies
from assistant.corpus_check.twins import check_structure, pair
from assistant.names import Vocabulary, missing_names, names_in
from assistant.types import Language

FRONT = "---\ntitle: {title}\nkind: {kind}\nlanguage: {language}\nupdated: 2024-01-31\n---\n"


def compare(folder: Path, dutch: str, english: str, kind: str = "funding") -> list[Finding]:
    """Return all findings on two texts as twins; the first line of each stands on line 7."""
    (folder / "a.nl.md").write_text(FRONT.format(title="De pilot", kind="funding", language="nl") + dutch)
    (folder / "a.en.md").write_text(FRONT.format(title="The pilot", kind=kind, language="en") + english)
    documents = read_corpus(folder).documents
    [twins], _ = pair(documents)
    return [*check_structure(twins), *check_figures(twins), *check_names(twins, vocabularies(documents))]


GOOD = [
    ("De pilot kostte 850.000 euro.", "The pilot cost 850,000 euros."),
    ("Zes hogescholen deden mee.", "Six universities of applied sciences took part."),
    ("Eén van de zes, of een van de zes.", "One of the six."),
    ("De ene werkgroep en de andere werkgroep.", "One working group and the other working group."),
    ("Beide twee partners betaalden.", "Both partners paid."),
    ("Het bericht noemt eerst bijna 100 deelnemers.", "The item first names almost 100 participants."),
    ("In eerste instantie betaalde SIA.", "Initially SIA paid."),
    ("Op 24 januari 2024 om 14.00 uur in Den Haag.", "At 2 pm on 24 January 2024 in The Hague."),
    ("Het ministerie van Economische Zaken en Klimaat (EZK) betaalde.",
     "The Ministry of Economic Affairs and Climate Policy (EZK) paid."),
    ("De Nederlandse AI Coalitie en het Nationaal Groeifonds.",
     "The Netherlands AI Coalition and the National Growth Fund."),
    ("Het Groeifondsvoorstel GroenvermogenNL.", "The Growth Fund proposal GroenvermogenNL."),
    ("De Universiteit Twente en de Hogeschool van Amsterdam.",
     "The University of Twente and the Amsterdam University of Applied Sciences."),
    ("De folder noemt de werkgroep Kennisbasis.", "The leaflet names the working group Kennisbasis (Knowledge Base)."),
    ("Het Netwerk Learning Communities begon.",
     "The Learning Communities Network (Netwerk Learning Communities) began."),
    ("Nieuws van de Topsectoren.", "News from the top sectors."),
    ("Publieke Diensten is een community.", "Publieke Diensten (Public Services) is a community."),
    ("Volgens Dialogic is de Nederlandstalige pagina oud.", "According to Dialogic, the Dutch page is old."),
    ("Het mkb werkt met pps aan NWO-calls.", "SMEs work in PPPs on NWO calls."),
    ("Het PRIO-evenement en de MOOI-regeling.", "The PRIO event and the MOOI scheme."),
    ("Mail naar a@nlaic.com of zie https://nlaic.com/.", "Mail a@nlaic.com, or see https://nlaic.com."),
    ("AIC4NL en T01 zijn codes.", "AIC4NL and T01 are codes."),
    ("De eerste van 1,05 miljard euro, dus 16 procent.", "The first of 1.05 billion euros, thus 16%."),
    ("Van 2020-2023 kwam er 5-15 miljoen.", "In 2020-2023 there came 5 to 15 million."),
    ("Het boekje Tien stappen is kort.", "The booklet Ten Steps is short."),
    ("Drie jaar na de start in de jaren negentig.", "36 months after the start in the 1990s."),
    ("Op maandag kwam de minister.", "On Monday the minister came."),
    ("Tussen 400.000 en 500.000 euro.", "Between EUR 400,000 and EUR 500,000."),
]  # fmt: skip


@pytest.mark.parametrize(("dutch", "english"), GOOD, ids=lambda text: text[:30])
def test_good_twins_have_no_findings(tmp_path: Path, dutch: str, english: str) -> None:
    assert compare(tmp_path, dutch, english) == []


BAD = [
    ("De pilot kostte 850.000 euro.", "The pilot cost 580,000 euros.", "figure", "“850.000 euro” of a.nl.md:7"),
    ("De pilot kostte 850.000 euro.", "The pilot cost 850,000 dollars.", "figure", "“850,000 dollars”"),
    ("Het kostte 5 miljoen euro.", "It cost 5 billion euros.", "figure", "here stands “5 billion euros”"),
    ("Zes hogescholen.", "Seven universities.", "figure", "“Zes”"),
    ("De pilot duurde drie jaar.", "The pilot took three months.", "figure", "“drie jaar”"),
    ("Op 20 december 2023.", "On 12 December 2023.", "figure", "“20 december 2023”"),
    ("Een deel van 16 procent.", "A part of 61 percent.", "figure", "“16 procent”"),
    ("De tweede call.", "The third call.", "figure", "“tweede”"),
    ("De call van 2021.", "The call.", "figure", "“2021” of a.nl.md:7 is not in this block; correct one"),
    ("De call van Saxion.", "The call.", "name", "“Saxion” of a.nl.md:7"),
    ("Erik Fledderus sprak.", "In 2023 spoke Erik Fledders.", "name", "“Fledders”"),
    ("De folder van de NL AIC.", "The leaflet of NWO.", "name", "“NWO” of a.en.md:7"),
    ("Het ministerie van Defensie betaalde.", "The Ministry of Economic Affairs paid.", "name", "“Defensie”"),
    ("Mail naar a@nlaic.com.", "Mail b@nlaic.com.", "link", "a@nlaic.com"),
    ("Zie https://nlaic.com/a.", "See https://nlaic.com/b.", "link", "https://nlaic.com/a"),
]  # fmt: skip


@pytest.mark.parametrize(("dutch", "english", "rule", "says"), BAD, ids=lambda text: text[:30])
def test_twins_that_differ_are_found(tmp_path: Path, dutch: str, english: str, rule: str, says: str) -> None:
    findings = compare(tmp_path, dutch, english)
    assert all(one.line == 7 for one in findings)
    assert any(one.rule == rule and says in one.message for one in findings)


def test_a_name_in_the_heading_counts_for_the_block_below(tmp_path: Path) -> None:
    dutch = "## Wie is Erik Fledderus?\n\nErik Fledderus was voorzitter van PRIO.\n"
    english = "## Who is Erik Fledderus?\n\nThe chair of PRIO.\n"
    assert compare(tmp_path, dutch, english) == []


def test_headings_are_compared_too(tmp_path: Path) -> None:
    [finding] = compare(tmp_path, "## Wat gebeurde er in 2021?\n\nTekst.\n", "## What happened in 2022?\n\nText.\n")
    assert (finding.file, finding.line, finding.rule) == ("a.en.md", 7, "figure")


@pytest.mark.parametrize(
    ("dutch", "english", "file", "line", "says"),
    [
        ("## A\n\nx.\n\n## B\n\ny.\n", "## A\n\nx.\n", "a.en.md", 7, "from a.nl.md:11 on (1 here, 2 in a.nl.md)"),
        ("## A\n\nx.\n", "## A\n\nx.\n\n## B\n\ny.\n", "a.en.md", 11, "(2 here, 1 in a.nl.md)"),
        ("## A\n\nx.\n", "### A\n\nx.\n", "a.en.md", 7, "of the same levels"),
        ("## A\n\nx.\n\n- i\n", "## A\n\nx.\n\ni\n", "a.en.md", 11, "the paragraph is a list item in the Dutch twin"),
        ("## A\n\nx.\n\ny.\n", "## A\n\nx.\n", "a.en.md", 7, "a paragraph of the Dutch twin is missing (a.nl.md:11)"),
        ("## A\n\nx.\n", "## A\n\nx.\n\ny.\n", "a.en.md", 11, "the paragraph is not in the Dutch twin"),
        ("## A\n\nx.[^s]\n", "## A\n\nx.\n", "a.en.md", 7, 'source "s" of a.nl.md:7 is not named in this section'),
        ("## A\n\nx.\n", "## A\n\nx.[^s]\n", "a.nl.md", 7, 'source "s" of a.en.md:7'),
    ],
)
def test_another_structure_is_found(tmp_path: Path, dutch: str, english: str, file: str, line: int, says: str) -> None:
    [finding] = compare(tmp_path, dutch, english)
    assert (finding.file, finding.line, finding.rule) == (file, line, "twin") and says in finding.message


def test_a_section_that_is_missing_in_the_middle_gives_one_finding(tmp_path: Path) -> None:
    parts = [f"## Kop\n\nDe pilot kostte {n} euro.[^s{n}]\n\n" for n in range(10, 16)]
    findings = compare(tmp_path, "".join(parts), "".join(parts[:2] + parts[3:]).replace("euro", "euros"))
    assert [(one.line, one.rule) for one in findings] == [(15, "twin")]


def test_another_kind_is_found(tmp_path: Path) -> None:
    [finding] = compare(tmp_path, "x.\n", "x.\n", kind="guide")
    assert (finding.line, finding.rule) == (3, "twin") and 'kind is "guide"' in finding.message


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Volgens Doekle Terpstra van Techniek Nederland.", "nl", ["Doekle", "Terpstra", "Techniek", "Nederland"]),
        ("Windesheim leidde de pilot.", "nl", ["Windesheim"]),
        ("De pilot begon.", "nl", []),
        ("NWO-calls en de AI-hub", "nl", ["NWO", "AI"]),
        ("In December the Dutch minister came.", "en", []),
        ("Zie https://NL.com/AIC.", "nl", []),
        ("R&D at TNO", "en", ["R&D", "TNO"]),
    ],
)
def test_names_are_capitals_inside_a_sentence_and_abbreviations(
    text: str, language: Language, expected: list[str]
) -> None:
    words = Vocabulary()
    words.add("bij Windesheim en de pilot begon")
    assert [text[start:end] for start, end in names_in(text, language, words)] == expected


def test_words_side_by_side_are_one_name() -> None:
    assert missing_names("met Erik Fledderus en Sven Maltha", "nl", Vocabulary(), "with nobody") == [
        "Erik Fledderus",
        "Sven Maltha",
    ]


def test_a_wrong_name_before_an_abbreviation_is_not_excused_by_it() -> None:
    english = "the Belgian AI Coalition (NL AIC)"
    assert missing_names(english, "en", Vocabulary(), "de Nederlandse AI Coalitie (NL AIC)") == ["Belgian"]
