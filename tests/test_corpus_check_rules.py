from datetime import date
from pathlib import Path

import pytest

from assistant.corpus_check.addresses import check_addresses
from assistant.corpus_check.documents import PlacedDocument, read_corpus
from assistant.corpus_check.duplicates import check_duplicates, resemblance, shingles
from assistant.corpus_check.findings import Finding
from assistant.corpus_check.front_matter import check_front_matter
from assistant.corpus_check.openings import dangling_opening
from assistant.corpus_check.references import check_references
from assistant.corpus_check.wording import check_wording
from assistant.types import Language

FRONT = "---\ntitle: De pilot\nkind: funding\nlanguage: nl\nupdated: 2024-01-31\n---\n"
TODAY = date(2024, 6, 1)


def read(folder: Path, body: str, name: str = "a.nl.md", front: str = FRONT) -> PlacedDocument:
    (folder / name).write_text(front + body, encoding="utf-8")
    return next(one for one in read_corpus(folder).documents if one.file == name)


def places(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(one.line, one.rule) for one in findings]


# blocks


def test_blocks_have_the_line_on_which_they_begin(tmp_path: Path) -> None:
    body = "\n## Kop\n\nEen alinea\nop twee regels.\n\n- Een item\n  - Nog een\n\n"
    body += "| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n"
    blocks = read(tmp_path, body).blocks
    assert [(one.kind, one.line) for one in blocks] == [
        ("heading", 8), ("paragraph", 10), ("item", 13), ("item", 14), ("table", 18), ("paragraph", 20),
    ]  # fmt: skip


def test_cells_stand_without_the_names_of_their_columns(tmp_path: Path) -> None:
    [row] = read(tmp_path, "| Jaar | Bedrag |\n|---|---|\n| 2022 | 5 euro.[^a] |\n").blocks
    assert row.parts == ["2022", "5 euro."]


def test_an_item_stands_without_its_number(tmp_path: Path) -> None:
    [item] = read(tmp_path, "1. Kies een doel.[^a]\n").blocks
    assert item.sentences == ["Kies een doel."]


def test_the_markdown_of_the_reports_is_read_too(tmp_path: Path) -> None:
    (tmp_path / ".reports").mkdir()
    (tmp_path / ".reports" / "r.nl.md").write_text(FRONT + "Tekst.\n")
    (tmp_path / ".hidden.nl.md").write_text("x")
    assert [one.file for one in read_corpus(tmp_path).documents] == [".reports/r.nl.md"]


# front matter


def front(
    folder: Path, fields: str, body: str = "Dit is de tekst van het document over de pilot.\n"
) -> list[tuple[int, str]]:
    document = read(folder, body, front=f"---\n{fields}\n---\n")
    return [(one.line, one.message) for one in check_front_matter(document, TODAY)]


GOOD = "title: De pilot\nkind: funding\nlanguage: nl\nupdated: 2024-01-31"


@pytest.mark.parametrize(
    "fields",
    [
        GOOD,
        GOOD + "\nvalid_from: 2022\nvalid_to: 2022-12-31",
        GOOD + "\nvalid_from: 2022-05\nvalid_to: 2022",
        GOOD.replace("2024-01-31", "2024-06-01"),
        GOOD + "\nowner: iemand",
    ],
)
def test_good_front_matter(tmp_path: Path, fields: str) -> None:
    assert front(tmp_path, fields) == []


@pytest.mark.parametrize(
    ("fields", "line", "says"),
    [
        (GOOD.replace("title: De pilot\n", ""), 1, "title is missing; add one"),
        (GOOD.replace("kind: funding\n", ""), 1, "kind is missing; add one of programme,"),
        (GOOD.replace("language: nl\n", ""), 1, "language is missing; add nl or en"),
        (GOOD.replace("\nupdated: 2024-01-31", ""), 1, "updated is missing"),
        (GOOD.replace("funding", "money"), 3, 'kind cannot be "money"'),
        (GOOD.replace("language: nl", "language: en"), 4, 'language is "en" and the name says .nl.'),
        (GOOD.replace("language: nl", "language: fr"), 4, 'language cannot be "fr"'),
        (GOOD.replace("2024-01-31", "2024-02-30"), 5, 'updated cannot be "2024-02-30"'),
        (GOOD.replace("2024-01-31", "2024-01"), 5, 'updated "2024-01" is not a whole day'),
        (GOOD.replace("2024-01-31", "2024-06-02"), 5, "updated 2024-06-02 is in the future"),
        (GOOD + "\nvalid_from: 2023\nvalid_to: 2022-12", 7, "valid_to 2022-12 is before valid_from 2023"),
    ],
)
def test_front_matter_that_is_wrong(tmp_path: Path, fields: str, line: int, says: str) -> None:
    [(found, message)] = front(tmp_path, fields)
    assert found == line and says in message


def test_a_text_in_the_other_language_is_found(tmp_path: Path) -> None:
    english = "\nThe programme was financed by the kick-start budget of the coalition and by others.\n"
    [(line, message)] = front(tmp_path, GOOD, english)
    assert line == 8 and "the text is English and the name says .nl." in message


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("Geen velden.\n", 1, "there is no front matter"),
        ("---\ntitle: [a\n---\nTekst.\n", 3, "not valid YAML"),
        ("---\nZomaar tekst\n---\nTekst.\n", 1, "there is no front matter"),
    ],
)
def test_front_matter_that_cannot_be_read_is_one_finding(tmp_path: Path, text: str, line: int, says: str) -> None:
    (tmp_path / "a.nl.md").write_text(text)
    [finding] = read_corpus(tmp_path).findings
    assert finding.line == line and finding.rule == "front-matter" and says in finding.message


# references


@pytest.mark.parametrize(
    "body",
    [
        "Een zin.[^a]\n",
        "Een zin. Nog een zin.[^a][^b]\n",
        "Een zin.[^a] [^b]\n",
        "Een zin:[^a]\n\n- Een item.[^b]\n- Nog een.[^a]\n",
        "| a | b |\n|---|---|\n| c | d[^a] |\n",
        "## Een kop\n\nMet *nadruk*.[^a]\n",
    ],
)
def test_good_references(tmp_path: Path, body: str) -> None:
    assert list(check_references(read(tmp_path, body), {"a", "b"})) == []


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("Een zin.\n", 7, "the paragraph has no source"),
        ("Een zin:[^a]\n\n- Een item.\n", 9, "the list item has no source"),
        ("| a | b |\n|---|---|\n| c | d |\n", 9, "the table row has no source"),
        ("```\ncode\n```\n", 7, "the paragraph has no source"),
        ("Een zin[^a].\n", 7, "reference [^a] stands within the paragraph"),
        ("Een zin.[^a] Nog een zin.[^b]\n", 7, "reference [^a] stands within the paragraph"),
        ("| a | b |\n|---|---|\n| c[^a] | d[^b] |\n", 9, "move it to the last cell"),
        ("Een zin.\n\n[^a]\n", 7, "reference [^a] stands alone below the paragraph"),
        ("## Kop[^a]\n\nEen zin.[^b]\n", 7, "the heading has reference [^a]"),
        ("Een zin.[^c]\n", 7, 'source "c" is not in sources.yaml'),
        ("Een zin.[^a]\n\n[^d]: Een eigen voetnoot.\n", 9, "footnote [^d] is defined here"),
    ],
)
def test_references_that_are_wrong(tmp_path: Path, body: str, line: int, says: str) -> None:
    [finding] = check_references(read(tmp_path, body), {"a", "b"})
    assert (finding.line, finding.rule) == (line, "source") and says in finding.message


def test_without_a_register_no_id_is_unknown(tmp_path: Path) -> None:
    assert list(check_references(read(tmp_path, "Een zin.[^c]\n"), None)) == []


# addresses


@pytest.mark.parametrize(
    "text",
    [
        "Zie [de site](https://nlaic.com/nieuws) en [mail](mailto:a@b.nl).",
        "Zie [de andere](b.nl.md#kop) en [boven](#kop).",
        "Zie https://nlaic.com, of https://a.nl/b_(c), of (https://a.nl/).",
        "Het adres is https://nlaic.com.",
        "Mail naar tenderdesk@dialogic.nl. Of bel.",
        "Zie <https://nlaic.com/a?b=c&d=%20e>.",
        "De prijs [onbekend] staat er niet (nog niet).",
    ],
)
def test_good_addresses(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.nl.md").write_text(FRONT)
    assert list(check_addresses(read(tmp_path, text), tmp_path)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Zie [](https://nlaic.com).", "has no text"),
        ("Zie [de site](ftp://nlaic.com).", "is neither http, https nor mailto"),
        ("Zie [de site](https://nlaic).", "has no host"),
        ("Zie [de site](https://a.nl:poort/).", "cannot be read"),
        ("Zie [de site](https://a.nl/(b).", "is a broken link"),
        ("Zie [de site](https://a.nl met spatie).", "is a broken link"),
        ("Zie [de andere](weg.nl.md).", "weg.nl.md"),
        ("Mail [ons](mailto:a@b).", "no e-mail address"),
        ("Zie https:// nlaic.com hier.", "has no host"),
        ("Zie https://nlaic hier.", "has no host"),
        ("Zie https://nlaic.com/a) hier.", "unbalanced brackets"),
        ("Zie https://nlaic.com/.., hier.", "stray punctuation"),
        ("Mail naar a@dialogic hier.", "no e-mail address"),
    ],
)
def test_addresses_that_are_wrong(tmp_path: Path, text: str, says: str) -> None:
    findings = list(check_addresses(read(tmp_path, text), tmp_path))
    assert findings and all((one.line, one.rule) == (7, "link") for one in findings)
    assert says in findings[0].message


def test_an_address_on_a_later_line_of_a_paragraph_is_named_there(tmp_path: Path) -> None:
    [finding] = check_addresses(read(tmp_path, "Een regel.\nZie https://nlaic hier.\n"), tmp_path)
    assert finding.line == 8


# wording


def test_a_sentence_may_have_thirty_words(tmp_path: Path) -> None:
    thirty = " ".join(["woord"] * 29) + " slot.[^a]\n"
    assert list(check_wording(read(tmp_path, f"{thirty}\n## {'kop ' * 40}\n"))) == []
    [finding] = check_wording(read(tmp_path, f"Kort. Extra {thirty}"))
    assert (finding.line, finding.rule) == (7, "long-sentence") and "has 31 words" in finding.message


def test_words_are_counted_per_cell_and_marks_do_not_count(tmp_path: Path) -> None:
    cell = " ".join(["woord"] * 20)
    assert list(check_wording(read(tmp_path, f"| a | b |\n|---|---|\n| {cell} | {cell} |\n"))) == []
    assert list(check_wording(read(tmp_path, "woord – " * 30 + "\n"))) == []


def test_items_may_not_open_with_a_dangling_word_and_headings_may(tmp_path: Path) -> None:
    body = "## Wie is dat?\n\n## Dit is een kop\n\n- Dit is een item.[^a]\n\nEen zin. Hij was klaar.[^a]\n"
    assert places(list(check_wording(read(tmp_path, body)))) == [(11, "dangling"), (13, "dangling")]


@pytest.mark.parametrize(
    ("sentence", "language", "opening"),
    [
        ("Dit programma liep tot 2023.", "nl", "Dit"),
        ("Deze zes hogescholen deden mee.", "nl", "Deze"),
        ("Die kosten waren hoog.", "nl", "Die"),
        ("Dat is veel.", "nl", "Dat"),
        ("Dat bedrag is hoog.", "nl", "Dat"),
        ("Hij was voorzitter.", "nl", "Hij"),
        ("Ze begonnen in 2021.", "nl", "Ze"),
        ("Er waren zes pilots.", "nl", "Er"),
        ("Ook Saxion deed mee.", "nl", "Ook"),
        ("Daarnaast kwam er geld.", "nl", "Daarnaast"),
        ("Hierbij hielp SIA.", "nl", "Hierbij"),
        ("Het is een pilot.", "nl", "Het"),
        ("Het kostte 5 euro.", "nl", "Het"),
        ("Toen begon de pilot.", "nl", "Toen"),
        ("Maar de pilot ging door.", "nl", "Maar"),
        ("This programme ran until 2023.", "en", "This"),
        ("These six took part.", "en", "These"),
        ("It cost 5 euros.", "en", "It"),
        ("They began in 2021.", "en", "They"),
        ("That was a lot.", "en", "That"),
        ("That amount was high.", "en", "That"),
        ("There were six pilots.", "en", "There"),
        ("Also Saxion took part.", "en", "Also"),
        ("Both organisations paid.", "en", "Both"),
        ("However, the pilot went on.", "en", "However"),
        ("The latter was chair.", "en", "The latter"),
        ("In addition, SIA paid.", "en", "In addition"),
        # what looks like it and is not
        ("Dat de pilot slaagde, meldde de NL AIC.", "nl", None),
        ("Dat Windesheim is gekozen, staat vast.", "nl", None),
        ("Dat hogescholen zijn begonnen, is bekend.", "nl", None),
        ("Het ministerie betaalde.", "nl", None),
        ("Het was-lab van Saxion ging open.", "nl", None),
        ("Toen de pilot begon, waren er zes hogescholen.", "nl", None),
        ("Zij-instromers doen mee.", "nl", None),
        ("Zo'n 100 mensen deden mee.", "nl", None),
        ("Of de pilot slaagde, is niet bekend.", "nl", None),
        ("Erik Fledderus was voorzitter.", "nl", None),
        ("Dieren doen niet mee.", "nl", None),
        ("“Dit is mooi”, zei Doekle Terpstra.", "nl", None),
        ("Both NWO and SIA paid.", "en", None),
        ("Those who want to join can write.", "en", None),
        ("Besides NWO, SIA paid.", "en", None),
        ("That the pilot succeeded is known.", "en", None),
        ("IT companies took part.", "en", None),
        ("Further training is needed.", "en", None),
        ("Theresa led the pilot.", "en", None),
        ("So far six have joined.", "en", None),
        ("In addition to SIA, NWO paid.", "en", None),
        ("However large the pilot, it ends.", "en", None),
    ],
)
def test_dangling_openings(sentence: str, language: Language, opening: str | None) -> None:
    assert dangling_opening(sentence, language) == opening


# duplicates


def test_resemblance_is_the_share_of_common_shingles() -> None:
    one, other = shingles(["een twee drie vier vijf zes"]), shingles(["een twee drie vier vijf zeven"])
    assert (len(one), len(other), resemblance(one, other)) == (2, 2, 1 / 3)
    assert resemblance(one, one) == 1.0 and resemblance(one, frozenset()) == 0.0
    assert resemblance(frozenset(), frozenset()) == 0.0


def test_a_sentence_that_stands_twice_is_found_with_both_places(tmp_path: Path) -> None:
    first = read(tmp_path, "De pilot kostte 850.000 euro in totaal.[^a]\n\nIets anders over de pilot.[^a]\n", "a.nl.md")
    second = read(
        tmp_path, "Een inleiding met andere woorden.[^a]\n\nDe pilot kostte 850.000 euro, in totaal![^a]\n", "b.nl.md"
    )
    [finding] = check_duplicates([second, first])
    assert (finding.file, finding.line, finding.rule) == ("b.nl.md", 9, "same-sentence")
    assert "stands in a.nl.md:7 too" in finding.message


def test_documents_of_two_languages_and_short_sentences_are_no_duplicates(tmp_path: Path) -> None:
    body = "De pilot kostte 850.000 euro in totaal.[^a]\n"
    documents = [
        read(tmp_path, body, "a.nl.md"),
        read(tmp_path, body, "a.en.md"),
        read(tmp_path, "Ja.[^a]\n", "b.nl.md"),
    ]
    assert (
        list(check_duplicates([*documents, read(tmp_path, "Ja.[^a]\n\nMeer over iets heel anders.[^a]\n", "c.nl.md")]))
        == []
    )


def test_near_duplicates_are_found_and_documents_on_one_subject_are_not(tmp_path: Path) -> None:
    sentences = [
        f"Hogeschool nummer {n} deed in het jaar {2000 + n} mee aan de pilot met {n} docenten.[^a]" for n in range(9)
    ]
    one = read(tmp_path, "\n\n".join(sentences), "a.nl.md")
    like = read(tmp_path, "\n\n".join([*sentences[:7], "Een heel andere slotzin over geld en tijd.[^a]"]), "b.nl.md")
    other = read(tmp_path, "Windesheim leidde de pilot met zes hogescholen en de NL AIC betaalde mee.[^a]\n", "c.nl.md")
    found = [one for one in check_duplicates([one, like, other]) if one.rule == "near-duplicate"]
    assert [(finding.file, finding.line) for finding in found] == [("b.nl.md", 1)]
    assert "a.nl.md" in found[0].message
