"""Pictures of pages: exactly the quoted words are marked, or none; and a hostile file costs itself only."""

import base64
import hashlib
import io
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from fpdf import FPDF
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from assistant.chunker import chunk
from assistant.cleaning import clean
from assistant.errors import PicturesBusy, PictureUnavailable
from assistant.loaders import load
from assistant.loaders.pdf_process import PdfProcess
from assistant.pictures import worker
from assistant.pictures.drawing import PageFile, PagePictures, Wanted
from assistant.pictures.locate import locate
from assistant.pictures.marks import Box, boxes_of_lines
from assistant.settings import ChunkerSettings, LoaderSettings, PictureSettings

REPORTS = Path(__file__).parent.parent / "corpus" / "reports"


def found(page: str, quote: str, before: str = "", after: str = "", following: str = "") -> str | None:
    """Return the words of a page that a quote was found in; the part on this page only."""
    place = locate(page, quote, before, after, following)
    return None if place is None else page[place.positions.start : place.positions.stop]


# finding the words


@pytest.mark.parametrize(
    ("page", "quote"),
    [
        ("De ﬁnanciële afspraken zijn klaar.", "De financiële afspraken zijn klaar."),
        ("Elke aan\x02vraag kost geld.", "Elke aanvraag kost geld."),
        ("Elke aan-\r\nvraag kost geld.", "Elke aanvraag kost geld."),
        ("Een EU-\r\nsubsidie van € 25.000 1\r\nper jaar.", "Een EU-subsidie van € 25.000¹ per jaar."),
        ("Hij zei: “Het kan niet.”", 'Hij zei: "Het kan niet."'),
        ("Het beleid is cre\u0301atief\u00adloos genoemd.", "Het beleid is créatiefloos genoemd."),
        ("• eerste punt\r\n• tweede punt van de lijst", "tweede punt van de lijst"),
        ("Kolom een\tKolom twee\r\n2021\t150.000 euro voor de pilot", "2021 150.000 euro voor de pilot"),
    ],
)
def test_words_are_found_however_the_page_breaks_them(page: str, quote: str) -> None:
    before = page.partition(quote[:6])[0]
    assert locate(page, quote, before) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "De pilot kostte 950.000 euro in totaal.",
        "De pilot kostte niet 850.000 euro in totaal.",
        "De pilot kostte 850.000 euro totaal.",
        "De pilot kostte 850.000 euro in totaal. En daarna niets.",
        "pilot kostte 850.000 euro in totaa",
        "e pilot kostte 850.000 euro in totaal.",
        "50.000 euro in totaal. Dat was het.",
        "",
        " - ",
    ],
)
def test_one_word_that_is_not_there_means_that_nothing_is_found(quote: str) -> None:
    page = "Vooraf. De pilot kostte 850.000 euro in totaal. Dat was het."
    assert locate(page, quote) is None
    assert found(page, "De pilot kostte 850.000 euro in totaal.") == "De pilot kostte 850.000 euro in totaal."


def test_the_surroundings_decide_between_equal_words() -> None:
    same = "Het bedrag is nog niet bekend."
    page = f"Voor Utrecht geldt dit. {same} Dat komt in mei. Voor Zwolle geldt dat. {same} Dat komt in juni."
    first = locate(page, same, "Voor Utrecht geldt dit. ", " Dat komt in mei.")
    second = locate(page, same, "Voor Zwolle geldt dat. ", " Dat komt in juni.")
    assert first is not None and first.positions.start == page.index(same)
    assert second is not None and second.positions.start == page.rindex(same)


def test_equal_words_in_equal_surroundings_are_not_told_apart_by_guessing() -> None:
    row = "Utrecht 150.000 euro toegekend\r\n"
    assert locate(row * 3, "Utrecht 150.000 euro toegekend") is None
    assert locate(row * 3, "Utrecht 150.000 euro toegekend", "iets anders", "en nog iets") is None


def test_a_few_letters_need_their_surroundings() -> None:
    page = "Is er subsidie in 2024 en daarna?\r\nJa.\r\nEn daarvoor?\r\nNee."
    assert found(page, "Ja.", "Is er subsidie in 2024 en daarna?\n\n") == "Ja."
    assert locate(page, "Ja.", "Is er een wachtlijst voor de pilot?\n\n") is None


def test_a_quote_may_go_on_on_the_next_page() -> None:
    page = "Eerst iets over de regeling. De aanvraag sluit op\r\nVoettekst 3 van 9"
    following = "Rapport 2024\r\n1 maart 2024 om twaalf uur. Daarna niet meer."
    quote = "De aanvraag sluit op 1 maart 2024 om twaalf uur."
    place = locate(page, quote, "Eerst iets over de regeling. ", " Daarna niet meer.", following)
    assert place is not None and place.goes_on
    assert page[place.positions.start : place.positions.stop] == "De aanvraag sluit op"
    assert locate(page, quote.replace("1 maart", "2 maart"), "Eerst iets over de regeling. ", "", following) is None
    assert locate(page + "x" * 500, quote, "Eerst iets over de regeling. ", "", following) is None


def test_a_quote_that_stands_whole_on_the_next_page_does_not_begin_on_this_one() -> None:
    page = "Eerst iets over de regeling. De tweede ronde\r\nVoettekst 3 van 9"
    quote = "De tweede ronde sluit op 1 maart 2024 om twaalf uur."
    assert locate(page, quote, "Eerst iets over de regeling. ", "", f"Rapport 2024\r\n{quote}") is None


def test_boxes_follow_the_lines_and_leave_the_room_between_columns() -> None:
    line = [Box(x, 100, x + 5, 108) for x in range(0, 50, 5)]
    comma = Box(50, 98, 52, 101)
    next_column = [Box(x, 100, x + 5, 108) for x in range(120, 150, 5)]
    next_line = [Box(x, 88, x + 5, 96) for x in range(0, 20, 5)]
    assert boxes_of_lines([*line, comma, *next_column, *next_line]) == [
        Box(0, 98, 52, 108), Box(120, 100, 150, 108), Box(0, 88, 20, 96),
    ]  # fmt: skip


# marking them


def pdf(path: Path, draw: Callable[[FPDF], object], **options: Any) -> Path:
    """Write a PDF of one page or more."""
    document = FPDF(**options)
    document.set_font("Helvetica", size=12)
    document.add_page()
    draw(document)
    document.output(str(path))
    return path


def request(path: Path, quote: str, page: int = 1, before: str = "", after: str = "") -> dict[str, Any]:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return {
        "path": str(path), "sha256": sha256, "page": page, "quote": quote, "before": before, "after": after,
        "width": 1000, "pixels": 4_000_000,
    }  # fmt: skip


def image(reply: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(reply["png"]))).convert("RGB")


def marked_words(path: Path, quote: str, page: int = 1, before: str = "", after: str = "") -> str:
    """Return the letters that are coloured on the picture, read by their places in the file itself."""
    with_mark = worker.answer(request(path, quote, page, before, after))
    plain = worker.answer(request(path, "", page))
    coloured = (
        ImageChops.difference(image(with_mark), image(plain)).convert("L").point(lambda value: 255 * (value > 20))
    )
    letters = ""
    document = PdfDocument(path)
    sheet = document[page - 1]
    text_page = sheet.get_textpage()
    scale = coloured.width / sheet.get_width()
    for position in range(text_page.count_chars()):
        left, bottom, right, top = (value * scale for value in text_page.get_charbox(position))
        # A pixel more on either side: of a thin letter, nearly all is black, which no colour changes.
        sides = (round(left) - 1, round(coloured.height - top), round(right) + 2, round(coloured.height - bottom))
        area = coloured.crop(sides)
        share = sum(1 for value in area.tobytes() if value) / max(1, area.width * area.height)
        letters += text_page.get_text_range(position, 1) if share > 0.3 else ""
    document.close()
    return "".join(letters.split())


def test_exactly_the_quoted_words_are_coloured(tmp_path: Path) -> None:
    text = (
        "Vooraf staat hier een zin over de regeling en wie die uitvoert. De pilot kostte in totaal 850.000 euro, "
        "verdeeld over zes hogescholen in het hele land. Daarna komt er nog een zin over de volgende ronde."
    )
    path = pdf(tmp_path / "a.pdf", lambda document: document.multi_cell(120, 7, text))
    quote = "De pilot kostte in totaal 850.000 euro, verdeeld over zes hogescholen in het hele land."
    assert marked_words(path, quote) == "".join(quote.split())
    assert marked_words(path, quote.replace("850", "950")) == ""


def test_words_in_columns_are_coloured_in_their_own_column_only(tmp_path: Path) -> None:
    left = "De aanvraag sluit op 1 maart 2024 voor alle hogescholen die meedoen aan de pilot."
    right = "Het bedrag per aanvraag is 150.000 euro en wordt in twee delen uitbetaald."

    def draw(document: FPDF) -> None:
        document.multi_cell(80, 7, left)
        document.set_xy(110, 10)
        document.multi_cell(80, 7, right)

    path = pdf(tmp_path / "columns.pdf", draw)
    assert marked_words(path, left) == "".join(left.split())
    assert marked_words(path, right) == "".join(right.split())


def test_a_turned_page_is_marked_where_it_is_shown(tmp_path: Path) -> None:
    quote = "Deze brede tabel staat dwars op de pagina en heeft veel kolommen."

    path = pdf(tmp_path / "plain.pdf", lambda document: document.cell(0, 8, quote))
    turned = PdfDocument(path)
    turned[0].set_rotation(90)
    turned.save(tmp_path / "turned.pdf")
    turned.close()
    reply = worker.answer(request(tmp_path / "turned.pdf", quote))
    plain = worker.answer(request(tmp_path / "turned.pdf", ""))
    assert reply["marked"] and image(reply).width > image(reply).height * 0.9
    box = ImageChops.difference(image(reply), image(plain)).getbbox()
    assert box is not None and box[3] - box[1] > 5 * (box[2] - box[0]), "the mark runs down, as the line does"


def test_the_beginning_is_marked_where_the_rest_is_on_the_next_page(tmp_path: Path) -> None:
    def draw(document: FPDF) -> None:
        document.multi_cell(150, 7, "Dit rapport gaat over de regeling. De tweede ronde van de regeling opent")
        document.add_page()
        document.multi_cell(150, 7, "op 1 september 2024 voor alle hogescholen. Meer staat er niet.")

    path = pdf(tmp_path / "two.pdf", draw)
    quote = "De tweede ronde van de regeling opent op 1 september 2024 voor alle hogescholen."
    reply = worker.answer(request(path, quote, before="Dit rapport gaat over de regeling. "))
    assert (reply["marked"], reply["goes_on"]) == (True, True)
    assert marked_words(path, quote) == "Detweederondevanderegelingopent"


def test_words_under_other_words_are_not_marked(tmp_path: Path) -> None:
    quote = "Deze zin ligt onder een andere zin op de pagina."

    def draw(document: FPDF) -> None:
        document.text(20, 40, quote)
        document.text(30, 40, "CONCEPT VERTROUWELIJK CONCEPT")

    reply = worker.answer(request(pdf(tmp_path / "over.pdf", draw), quote))
    assert "png" in reply and not reply["marked"]


# keeping and refusing


def page_file(path: Path, page: int = 1) -> PageFile:
    return PageFile(path, hashlib.sha256(path.read_bytes()).hexdigest(), page)


@pytest.fixture
def process() -> Any:
    made = PdfProcess("assistant.pictures.worker")
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return pdf(tmp_path / "a.pdf", lambda document: document.cell(0, 8, "De pilot kostte 850.000 euro in totaal."))


def test_a_picture_is_drawn_once_and_kept_within_bounds(path: Path, process: PdfProcess) -> None:
    pictures = PagePictures(PictureSettings(width=400, cache_mb=0.05), process)
    wanted = Wanted("De pilot kostte 850.000 euro in totaal.")
    first = pictures.picture(page_file(path), wanted)
    assert first.marked and first.png.startswith(b"\x89PNG") and 0 < (first.top or 0) < 0.2
    assert pictures.picture(page_file(path), wanted) is first
    assert not pictures.picture(page_file(path), Wanted("De pilot kostte 950.000 euro in totaal.")).marked
    for number in range(40):
        pictures.picture(page_file(path), Wanted(f"Zin {number} staat hier niet."))
    assert pictures.picture(page_file(path), wanted) is not first


def test_a_file_that_changed_is_not_shown(path: Path, process: PdfProcess) -> None:
    pictures = PagePictures(PictureSettings(), process)
    with pytest.raises(PictureUnavailable, match="changed"):
        pictures.picture(PageFile(path, "0" * 64, 1))


@pytest.mark.parametrize(("page", "reason"), [(0, "no_page"), (2, "no_page"), (10**9, "no_page")])
def test_a_page_that_is_not_there_is_refused(path: Path, process: PdfProcess, page: int, reason: str) -> None:
    with pytest.raises(PictureUnavailable, match=reason):
        PagePictures(PictureSettings(), process).picture(page_file(path, page))


def test_a_page_as_large_as_a_street_has_few_pixels(tmp_path: Path, process: PdfProcess) -> None:
    large = pdf(tmp_path / "large.pdf", lambda document: document.cell(0, 8, "Groot"), format=(4_000, 4_500))
    made = PagePictures(PictureSettings(width=5000, max_pixels=200_000), process).picture(page_file(large))
    width, height = Image.open(io.BytesIO(made.png)).size
    assert width * height <= 205_000


def test_a_file_that_takes_too_long_is_stopped_and_not_tried_again_at_once(path: Path, process: PdfProcess) -> None:
    settings = PictureSettings(seconds=0.001)
    # Once the process runs, a file has its own seconds only.
    process.answer(request(path, ""), 60, settings.memory_mb)
    pictures = PagePictures(settings, process)
    for _ in range(3):
        with pytest.raises(PictureUnavailable, match="time"):
            pictures.picture(page_file(path))
    assert PagePictures(PictureSettings(), process).picture(page_file(path)), "the next file gets a new process"


def test_no_more_wait_than_may(path: Path, process: PdfProcess) -> None:
    pictures = PagePictures(PictureSettings(waiting=1, width=1000), process)
    refused: list[Exception] = []

    def ask(number: int) -> None:
        try:
            pictures.picture(page_file(path), Wanted(f"Zin {number} staat hier niet."))
        except PicturesBusy as error:
            refused.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(refused) <= 7
    assert pictures.picture(page_file(path)), "afterwards there is room again"


def test_strangers_files_are_drawn_or_refused(shared: Path, process: PdfProcess) -> None:
    files = sorted((shared / "data" / "pdf_robustness" / "files").glob("*.pdf"))[::4]
    pictures = PagePictures(PictureSettings(), process)
    drawn = 0
    for file in files:
        try:
            picture = pictures.picture(page_file(file), Wanted("Deze zin staat in geen van de bestanden."))
        except PictureUnavailable as error:
            assert any(reason in str(error) for reason in ("broken", "size", "no_page"))
            continue
        assert not picture.marked
        drawn += 1
    assert drawn > len(files) / 2


@pytest.mark.parametrize("name", ["funding-since-2019.nl.pdf", "pilot-in-review.en.pdf"])
def test_every_sentence_of_a_report_is_marked_and_nothing_else(name: str) -> None:
    path = REPORTS / name
    chunked = chunk(clean(load(path, name, LoaderSettings())), FakeEmbedder().count_tokens, ChunkerSettings())
    document = PdfDocument(path)
    for passage in chunked.chunks:
        page = document[(passage.page or 0) - 1]
        text_page = page.get_textpage()
        for span in passage.sentences:
            wanted = Wanted.from_text(chunked.text, span.start, span.end)
            _, marks = worker.place_and_marks(page, None, wanted.quote, wanted.before, wanted.after)
            under = "".join(text_page.get_text_bounded(*(box.left, box.bottom, box.right, box.top)) for box in marks)
            assert letters_of(under) == letters_of(wanted.quote), wanted.quote
    document.close()


def letters_of(text: str) -> str:
    """Return what no reader of PDFs disagrees about."""
    return re.sub(r"[\W_\u00b9\u00b2\u00b3\u2070-\u2079]+", "", text)
