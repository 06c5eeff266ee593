"""A quote among the words around it."""

from assistant.types import Citation
from assistant.ui.excerpts import excerpt

LONG = "Dit is een zin van gewone lengte die niets bijzonders zegt. " * 12


def cite(text: str, quote: str, shift: int = 0) -> Citation:
    start = text.index(quote) + shift
    return Citation(
        1, "d.md", "Titel", None, None, None, quote, start, start + len(quote), "0" * 64, 0.5, "nl"
    )  # fmt: skip


def test_a_long_paragraph_is_all_that_is_shown() -> None:
    text = f"Ervoor.\n\nDe pilot kostte 850.000 euro. Dat geld kwam uit twee bronnen, {'a' * 100}.\n\nErna."
    shown = excerpt(cite(text, "De pilot kostte 850.000 euro."), text)
    assert (shown.before, shown.quote) == ("", "De pilot kostte 850.000 euro.")
    assert shown.after.endswith("aaa.") and "Erna" not in shown.after


def test_a_short_paragraph_is_shown_with_its_neighbours() -> None:
    text = "Geld\n\nDe pilot kostte 850.000 euro.\n\nDaarna kwam er niets."
    shown = excerpt(cite(text, "De pilot kostte 850.000 euro."), text)
    assert shown.before == "Geld\n\n" and shown.after == "\n\nDaarna kwam er niets."


def test_a_neighbour_that_does_not_fit_is_left_out_as_a_whole() -> None:
    text = f"{LONG}\n\nGeld\n\nDe pilot kostte 850.000 euro.\n\nDaarna niets.\n\n{LONG}"
    shown = excerpt(cite(text, "De pilot kostte 850.000 euro."), text)
    assert (shown.before, shown.after) == ("Geld\n\n", "\n\nDaarna niets.")


def test_what_is_cut_is_cut_between_words_and_says_so() -> None:
    text = f"{LONG}De pilot kostte 850.000 euro. {LONG}"
    shown = excerpt(cite(text, "De pilot kostte 850.000 euro."), text)
    assert shown.before.startswith("… ") and shown.after.endswith(" …")
    words = set(text.split())
    assert set(shown.before.removeprefix("… ").split()) <= words
    assert set(shown.after.removesuffix(" …").split()) <= words


def test_the_parts_put_together_stand_in_the_text() -> None:
    text = f"{LONG}\n\nDe pilot kostte 850.000 euro.\n\n{LONG}"
    shown = excerpt(cite(text, "De pilot kostte 850.000 euro."), text)
    assert shown.before.removeprefix("… ") + shown.quote + shown.after.removesuffix(" …") in text


def test_a_quote_that_stands_elsewhere_is_not_located() -> None:
    text = "De pilot kostte 850.000 euro."
    shown = excerpt(cite(text, "850.000 euro", shift=-3), text)
    assert not shown.located and (shown.before, shown.after) == ("", "")


def test_a_quote_of_a_document_that_is_gone_is_not_located() -> None:
    assert not excerpt(cite("850.000 euro", "850.000 euro"), None).located
