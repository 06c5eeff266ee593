"""What the panels make of answers, above all of hostile ones."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest

from assistant.types import Answer, Citation, Language, Sentence, Source, Turn, UnreadPage
from assistant.ui.document_links import document_of, passage_address, public_id
from assistant.ui.exchange import Exchange, shown_sources, to_turns
from assistant.ui.markup import is_web_address
from assistant.ui.panels.answers import render_current, render_outcome
from assistant.ui.panels.conversation import render_conversation
from assistant.ui.panels.sources import render_sources
from assistant.ui.texts import texts_in

NL, EN = texts_in("nl"), texts_in("en")
TEXT = "De pilot kostte 850.000 euro. Het geld kwam uit twee potten."
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</mark></blockquote><svg onload=alert(1)>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} `",
    "[klik](javascript:alert(1)) ![x](https://example.org/x.png)",
    '<a href="javascript:alert(1)">x</a><style>body{display:none}</style>',
    "\x00<b>\u202e&lt;script&gt;",
]
SOURCE = Source("s1", "Resultaten pilot", "NL AIC", "2023-12-20", "nl", "A", "https://example.org/a?b=1&c=2")


class Tags(HTMLParser):
    """Collect the tags and attributes of a page, and whether they nest as they should."""

    VOID = frozenset({"br", "img", "link", "meta", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def find(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]


def assert_harmless(page: str) -> Tags:
    tags = Tags(page)
    for tag, attributes in tags.tags:
        assert tag not in {"script", "img", "svg", "style", "iframe", "object", "b"}, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert not (name in ("href", "src") and (value or "").lower().startswith("javascript")), value
    return tags


def citation(marker: int = 1, **changes: object) -> Citation:
    quote = "De pilot kostte 850.000 euro."
    values: dict[str, object] = {
        "marker": marker, "document": "funding/pilot.nl.md", "title": "De pilot", "heading": "Geld", "page": None,
        "page_label": None, "quote": quote, "start": 0, "end": len(quote), "sha256": "0" * 64, "score": 0.9,
        "language": "nl", "sources": (SOURCE,), **changes,
    }  # fmt: skip
    return Citation(**values)  # type: ignore[arg-type]


def answered(
    *sentences: Sentence, citations: Sequence[Citation] = (), language: Language = "nl", text: str = TEXT
) -> Exchange:
    answer = Answer("Wat kostte de pilot?", language, "", "answered", sentences, tuple(citations))
    return Exchange(1, answer.question, answer, shown_sources(answer, lambda _: text))


def refused(**changes: object) -> Exchange:
    answer = Answer("Wat is het weer?", "nl", "", "refused", message="Dat staat er niet.", **changes)  # type: ignore[arg-type]
    return Exchange(1, answer.question, answer, shown_sources(answer, lambda _: TEXT))


# answers


def test_a_number_in_the_answer_points_at_its_source() -> None:
    one = answered(Sentence("De pilot kostte 850.000 euro.", (1,), "nl"), citations=[citation()])
    link = Tags(render_conversation([one], NL)).find("a", class_="marker")[0]
    assert link["href"] == "#source-1-1" and link["aria-label"] == "Bron 1"
    assert Tags(render_sources([one], NL)).find("details", id="source-1-1")


def test_the_same_number_twice_has_one_id_to_come_back_to() -> None:
    one = answered(Sentence("A.", (1,), "nl"), Sentence("B.", (1,), "nl"), citations=[citation()])
    links = Tags(render_conversation([one], NL)).find("a", class_="marker")
    assert [link.get("id") for link in links] == ["marker-1-1", None]


def test_items_become_a_list_between_paragraphs() -> None:
    one = answered(
        Sentence("Vooraf:", (), "nl"),
        Sentence("een", (1,), "nl", kind="item"),
        Sentence("twee", (1,), "nl", kind="table"),
        Sentence("Achteraf.", (), "nl"),
        citations=[citation()],
    )
    _, _, sentences = render_outcome(one, NL).partition("</p>")
    assert [tag for tag, _ in Tags(sentences).tags] == ["p", "span", "ul", *["li", "span", "a"] * 2, "p", "span"]


def test_a_sentence_in_another_language_carries_its_language_and_a_remark() -> None:
    one = answered(Sentence("The pilot.", (1,), "en"), citations=[citation(language="en")])
    page = render_conversation([one], NL)
    assert Tags(page).find("span", lang="en") and NL("chat.other_language") in page


def test_an_unfinished_answer_has_no_links_yet_and_says_what_is_being_done() -> None:
    page = render_current(Exchange(3, "Vraag?"), [Sentence("Een zin.", (1,), "nl")], "chat.writing", EN)
    tags = assert_harmless(page)
    assert not tags.find("a") and "[1]" in tags.text and EN("chat.writing") in tags.text


def test_a_failure_is_one_plain_sentence() -> None:
    page = render_conversation([Exchange(1, "Vraag?", failure="chat.failed")], NL)
    assert NL("chat.failed") in page and not Tags(page).find("a")


# refusals


def test_a_refusal_lists_the_closest_passages_as_no_answer() -> None:
    one = refused(nearest=(citation(), citation(2, language="en", title="The pilot")))
    tags = Tags(render_conversation([one], NL))
    assert "Dat staat er niet." in tags.text and NL("chat.nearest") in tags.text
    assert [link["href"] for link in tags.find("a", class_="nearest")] == ["#source-1-1", "#source-1-2"]
    assert not tags.find("a", class_="marker")
    assert NL("sources.nearest_title") in render_sources([one], NL)


def test_a_refusal_names_the_pages_that_could_not_be_read() -> None:
    page = UnreadPage("r.pdf", "Rapport", 6, "iv", "de pagina is een foto")
    text = Tags(render_conversation([refused(unread_pages=(page,))], NL)).text
    assert "Rapport, p. iv (pagina 6 van het bestand): de pagina is een foto" in text


# sources


def test_exactly_the_quoted_words_are_marked() -> None:
    one = answered(Sentence("De pilot.", (1,), "nl"), citations=[citation()])
    page = render_sources([one], NL)
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["De pilot kostte 850.000 euro."]
    assert "Het geld kwam uit twee potten." in page


def test_nothing_is_marked_when_the_text_has_changed() -> None:
    one = answered(Sentence("De pilot.", (1,), "nl"), citations=[citation()], text="Een heel andere tekst.")
    page = render_sources([one], NL)
    assert "<mark>" not in page and NL("sources.not_located") in page


def test_a_source_says_who_published_it_when_and_where() -> None:
    one = answered(Sentence("De pilot.", (1,), "nl"), citations=[citation(page=6, page_label="iv")])
    tags = Tags(render_sources([one], NL))
    for words in ("De pilot", "Geld · p. iv (pagina 6 van het bestand)", "NL AIC, 20 december 2023"):
        assert words in tags.text
    link = tags.find("a", href="https://example.org/a?b=1&c=2")[0]
    assert link["target"] == "_blank" and "noopener" in (link["rel"] or "")


@pytest.mark.parametrize(
    ("question", "quote", "label"),
    [("nl", "en", "Citaat in het Engels"), ("en", "nl", "Citaat in het Nederlands"), ("nl", "nl", None)],
)
def test_a_quote_in_another_language_than_the_question_is_labelled(
    question: Language, quote: Language, label: str | None
) -> None:
    one = answered(Sentence("A.", (1,), question), citations=[citation(language=quote)], language=question)
    labels = Tags(render_sources([one], NL)).find("p", class_="label")
    assert bool(labels) == bool(label) and (label is None or label in render_sources([one], NL))


def test_only_the_sources_of_the_last_answer_are_shown_at_first() -> None:
    first = answered(Sentence("A.", (1,), "nl"), citations=[citation()])
    second = Exchange(2, first.question, first.answer, first.sources)
    groups = Tags(render_sources([first, second, Exchange(3, "Mislukt?")], NL)).find("section")
    assert [("hidden" in group) for group in groups] == [True, False]


@pytest.mark.parametrize(
    ("url", "is_shown_as_link"),
    [
        ("https://example.org", True),
        ("http://example.org/a", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, is_shown_as_link: bool) -> None:
    assert is_web_address(url) == is_shown_as_link


# hostile text, wherever it comes from


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_and_never_obeyed(hostile: str) -> None:
    source = Source(hostile, hostile, hostile, hostile, hostile, "D", f"javascript:{hostile}")
    bad = citation(
        title=hostile, heading=hostile, page=1, page_label=hostile, document=hostile, quote=hostile,
        start=0, end=len(hostile), sources=(source,),
    )  # fmt: skip
    answer = Answer(
        hostile, "nl", hostile, "partial", (Sentence(hostile, (1,), "nl"),), (bad,), (bad,),
        (UnreadPage(hostile, hostile, 1, hostile, hostile),), message=hostile,
    )  # fmt: skip
    one = Exchange(1, hostile, answer, shown_sources(answer, lambda _: hostile + hostile))
    for texts in (NL, EN):
        for page in (render_conversation([one], texts), render_sources([one], texts)):
            assert hostile.replace("\x00", "�") in assert_harmless(page).text
        assert_harmless(render_current(one, answer.sentences, "chat.writing", texts))


# addresses of documents


@pytest.mark.parametrize("document", ["a.md", "map/b c.nl.md", "../../etc/passwd", "é/ü?#&.pdf", *HOSTILE[:3]])
def test_a_document_has_an_opaque_id_in_addresses(document: str) -> None:
    public = public_id(document)
    assert re.fullmatch(r"[\w-]+", public) and document_of(public) == document


@pytest.mark.parametrize("public", ["", "a", "!!", "../../etc/passwd", "é", "_w", "%00"])
def test_an_id_that_means_nothing_names_no_document(public: str) -> None:
    assert document_of(public) in (None, "")


def test_the_address_of_a_passage_changes_with_its_words() -> None:
    one, other = citation(), citation(quote="De pilot kostte 950.000 euro.")
    assert passage_address(one, "nl") != passage_address(other, "nl")


# what the assistant is told of the conversation


def test_history_says_which_answers_were_refusals_and_leaves_failures_out() -> None:
    exchanges = [
        answered(Sentence("De pilot kostte 850.000 euro.", (1,), "nl"), citations=[citation()]),
        Exchange(2, "Mislukt?", failure="chat.failed"),
        refused(),
    ]
    assert to_turns(exchanges) == (
        Turn("user", "Wat kostte de pilot?"),
        Turn("assistant", "De pilot kostte 850.000 euro. [1]"),
        Turn("user", "Wat is het weer?"),
        Turn("assistant", "Dat staat er niet.", refused=True),
    )
