import json
from pathlib import Path

import pytest
from fpdf import FPDF
from small_corpus import FILES, PILOT_NL, make_corpus, replace_in

from assistant.commands.ingest import main
from assistant.corpus_check import CheckReport, check
from assistant.errors import InputError
from assistant.settings import Settings

SETTINGS = Settings()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make_corpus(tmp_path / "corpus")


def found(report: CheckReport) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.rule) for one in report.findings]


def test_a_good_corpus_has_no_findings(corpus: Path) -> None:
    report = check(corpus, SETTINGS)
    assert report.findings == ()
    assert (report.counts.documents, report.counts.twin_pairs, report.counts.terms) == (4, 2, 4)
    assert (report.counts.sources_used, report.counts.sources, report.unused_sources) == (2, 3, ("unused-2019",))


NL, EN = "pilot/pilot.nl.md", "pilot/pilot.en.md"
FAULTS = [
    # file, old, new, rule, file of the finding, words of the message
    (EN, "850,000", "580,000", "figure", EN, "“850.000 euro” of pilot/pilot.nl.md:12"),
    (NL, "1,5 miljoen", "1,6 miljoen", "figure", EN, "“1,6 miljoen euro”"),
    (EN, "20 December", "21 December", "figure", EN, "here stands “21 December 2023”"),
    (NL, "65 procent", "56 procent", "figure", EN, "“56 procent”"),
    (EN, "2 pm", "3 pm", "figure", EN, "“14.00 uur”"),
    (NL, "zes hogescholen", "vijf hogescholen", "figure", EN, "“vijf”"),
    (EN, "Erik Fledderus", "Erik de Vries", "name", EN, "“Fledderus”"),
    (EN, "Windesheim", "Saxion", "name", NL, "“Saxion”"),
    (NL, "Zwolle", "Almere", "name", EN, "“Almere”"),
    (NL, "om 14.00 uur op de eerste dag.[^nlaic-2023]", "om 14.00 uur op de eerste dag.",
     "source", NL, "the paragraph has no source"),
    (NL, "2.000 euro[^sia-2020]", "2.000 euro[^sia-2021]", "source", NL, '"sia-2021"'),
    ("terms.nl.md", "Een penvoerder vraagt namens", "Die vraagt namens", "dangling", "terms.nl.md", "“Die”"),
    (NL, "(../terms.nl.md)", "(../termen.nl.md)", "link", NL, "../termen.nl.md"),
    (EN, "kind: funding\n", "", "front-matter", EN, "kind is missing"),
    ("terms.en.md", "A lead applicant asks", "A lead applicant " + "very " * 30 + "often asks",
     "long-sentence", "terms.en.md", "the limit is 30"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "rule", "where", "says"), FAULTS, ids=lambda value: str(value)[:30])
def test_each_fault_is_found_on_its_line(
    corpus: Path, file: str, old: str, new: str, rule: str, where: str, says: str
) -> None:
    line = replace_in(corpus, file, old, new)
    [finding] = [one for one in check(corpus, SETTINGS).findings if one.rule == rule and says in one.message]
    assert (finding.file, finding.line) == (where, 1 if rule == "front-matter" else line)


def test_many_faults_at_once_are_all_found(corpus: Path) -> None:
    expected = set()
    for file, old, new, rule, where, _ in FAULTS:
        if rule not in ("figure", "name", "front-matter") or old in ("850,000", "Zwolle", "65 procent"):
            expected.add((where, replace_in(corpus, file, old, new), rule))
    (corpus / "copy.nl.md").write_text(PILOT_NL, encoding="utf-8")
    (corpus / "terms.en.md").rename(corpus / "other.en.md")
    report = found(check(corpus, SETTINGS))
    expected = {(file.replace("terms.en", "other.en"), line, rule) for file, line, rule in expected}
    assert expected <= set(report)
    assert ("copy.nl.md", 1, "twin") in report and ("terms.nl.md", 1, "twin") in report
    assert ("pilot/pilot.nl.md", 1, "near-duplicate") in report
    assert report == sorted(report)


def test_a_missing_twin_is_found(corpus: Path) -> None:
    (corpus / "terms.en.md").unlink()
    replace_in(corpus, "pilot/pilot.en.md", "in [the glossary](../terms.en.md)", "elsewhere")
    replace_in(corpus, "pilot/pilot.nl.md", "in [de begrippenlijst](../terms.nl.md)", "elders")
    assert found(check(corpus, SETTINGS)) == [("terms.nl.md", 1, "twin")]


def test_a_copied_document_is_found_once(corpus: Path) -> None:
    for language in ("nl", "en"):
        (corpus / f"words.{language}.md").write_text(FILES[f"terms.{language}.md"], encoding="utf-8")
    report = check(corpus, SETTINGS)
    assert [one for one in found(report) if one[2] == "near-duplicate"] == [
        ("words.en.md", 1, "near-duplicate"),
        ("words.nl.md", 1, "near-duplicate"),
    ]
    assert "stands in terms.en.md:10 too" in next(one.message for one in report.findings if one.rule == "same-sentence")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("notes.md", "the name is not NAME.nl.md"),
        ("photo.png", "the name is not NAME.nl.md"),
        ("empty.nl.md", "there is no front matter"),
    ],
)
def test_other_files_are_findings(corpus: Path, name: str, says: str) -> None:
    (corpus / name).write_text("", encoding="utf-8")
    assert any(one.file == name and says in one.message for one in check(corpus, SETTINGS).findings)


def test_a_register_that_does_not_load_is_one_finding_with_its_line(corpus: Path) -> None:
    line = replace_in(corpus, "sources.yaml", "sia-2020:\n  title: Netwerk werkt\n", "sia-2020:\n")
    [finding] = check(corpus, SETTINGS).findings
    assert (finding.file, finding.line, finding.rule) == ("sources.yaml", line, "register")
    assert "sia-2020" in finding.message


def test_what_is_no_corpus_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is not a folder"):
        check(tmp_path / "absent", SETTINGS)
    with pytest.raises(InputError, match=r"is not a corpus: it has no sources\.yaml"):
        check(tmp_path, SETTINGS)


def pdf(path: Path, *lines: str) -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    for line in lines:
        made.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    path.parent.mkdir(exist_ok=True)
    made.output(str(path))


METADATA = "title: {title}\nkind: report\nlanguage: {language}\nupdated: 2024-01-31\nsources: [nlaic-2023]\n"
DUTCH_REPORT = ("Het rapport over de pilot", "De pilot van de zes hogescholen kostte in totaal 850.000 euro in 2022.")
ENGLISH_REPORT = (
    "The report about the pilot",
    "The pilot of the six universities cost 850,000 euros in total in 2022.",
)


def reports(corpus: Path) -> Path:
    folder = corpus / "reports"
    pdf(folder / "pilot.nl.pdf", *DUTCH_REPORT)
    pdf(folder / "pilot.en.pdf", *ENGLISH_REPORT)
    for language, title in (("nl", DUTCH_REPORT[0]), ("en", ENGLISH_REPORT[0])):
        (folder / f"pilot.{language}.yaml").write_text(METADATA.format(title=title, language=language))
    return folder


def test_reports_that_are_twins_have_no_findings(corpus: Path) -> None:
    reports(corpus)
    report = check(corpus, SETTINGS)
    assert report.findings == ()
    assert (report.counts.pdf_pages, report.counts.twin_pairs, report.counts.documents) == (2, 3, 6)


def test_faults_of_reports_are_found(corpus: Path) -> None:
    folder = reports(corpus)
    pdf(folder / "pilot.en.pdf", ENGLISH_REPORT[0], ENGLISH_REPORT[1].replace("850,000", "580,000"))
    replace_in(corpus, "reports/pilot.en.yaml", "nlaic-2023", "nlaic-2022")
    replace_in(corpus, "reports/pilot.nl.yaml", "sources: [nlaic-2023]\n", "")
    assert found(check(corpus, SETTINGS)) == [
        ("reports/pilot.en.pdf", 1, "figure"),
        ("reports/pilot.en.yaml", 5, "source"),
        ("reports/pilot.nl.pdf", 1, "figure"),
        ("reports/pilot.nl.yaml", 1, "front-matter"),
    ]


def test_a_report_needs_its_metadata_and_its_twin(corpus: Path) -> None:
    folder = reports(corpus)
    (folder / "pilot.nl.yaml").unlink()
    for name in ("pilot.en.pdf", "pilot.en.yaml"):
        (folder / name).unlink()
    assert found(check(corpus, SETTINGS)) == [("reports/pilot.nl.pdf", 1, "file"), ("reports/pilot.nl.pdf", 1, "twin")]


def test_a_pdf_that_cannot_be_read_is_a_finding(corpus: Path) -> None:
    (reports(corpus) / "pilot.en.pdf").write_bytes(b"no pdf")
    [finding] = check(corpus, SETTINGS).findings
    assert (finding.file, finding.rule) == ("reports/pilot.en.pdf", "file")


def test_the_command_prints_lines_and_a_summary(corpus: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--check", str(corpus)]) == 0
    assert capfdbinary.readouterr().out.decode().splitlines() == [
        "4 documents (2 pairs of twins, 0 PDF pages), 24 sentences, 4 terms, 2 of 3 sources used: no findings."
    ]
    replace_in(corpus, "terms.nl.md", "Een penvoerder vraagt", "Die vraagt")
    assert main(["--check", str(corpus)]) == 1
    first, last = capfdbinary.readouterr().out.decode().splitlines()
    assert first.startswith("terms.nl.md:14: dangling: the sentence “Die vraagt")
    assert last.endswith(": 1 finding.")


def test_the_command_gives_the_report_as_json(corpus: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    replace_in(corpus, "terms.nl.md", "Een penvoerder vraagt", "Die vraagt")
    assert main(["--check", "--json", str(corpus)]) == 1
    content = json.loads(capfdbinary.readouterr().out)
    assert content["corpus"] == str(corpus) and content["counts"]["documents"] == 4
    [finding] = content["findings"]
    assert (finding["file"], finding["line"], finding["rule"]) == ("terms.nl.md", 14, "dangling")


def test_the_command_names_the_corpus_where_there_are_several(
    corpus: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    other = make_corpus(tmp_path / "other")
    (other / "terms.en.md").unlink()
    assert main(["--check", str(corpus), str(other)]) == 1
    assert f"{other}/terms.nl.md:1: twin: " in capfdbinary.readouterr().out.decode()


def test_the_command_cannot_run_without_a_corpus(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--check", str(tmp_path)]) == 2
    assert "is not a corpus" in capfd.readouterr().err


def test_the_check_writes_nothing(corpus: Path) -> None:
    reports(corpus)
    before = {path: path.stat().st_mtime_ns for path in corpus.rglob("*")}
    check(corpus, SETTINGS)
    assert {path: path.stat().st_mtime_ns for path in corpus.rglob("*")} == before
