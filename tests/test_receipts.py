"""Citations of an earlier day, held against documents as they are today."""

from dataclasses import replace

import pytest

from assistant.index_rows import DocumentRow
from assistant.receipts import Receipt, quote_hash, recheck

TEXT = "De pilot kostte 850.000 euro.\nDe deadline was 7 mei 2019.\nDe pilot kostte 850.000 euro.\n"
QUOTE = "De deadline was 7 mei 2019."


def row(name: str = "pilot.nl.md", sha256: str = "sha-1") -> DocumentRow:
    return DocumentRow(name, "De pilot", "funding", "nl", sha256, None, None, None, (), (), 0, 1, "1.txt", "t")


def receipt(quote: str = QUOTE, start: int | None = None) -> Receipt:
    at = TEXT.index(quote) if start is None else start
    return Receipt("pilot.nl.md", quote, at, at + len(quote), "sha-1", quote_hash(quote), "gen-000001")


def test_a_quote_that_stands_where_it_stood_is_still_true() -> None:
    found = recheck(receipt(), {"pilot.nl.md": row()}, lambda _: TEXT)
    assert (found.state, found.untouched) == ("true", True)
    assert TEXT[found.start : found.end] == QUOTE


def test_a_quote_that_moved_is_still_true_though_the_document_changed() -> None:
    moved = "Een nieuwe inleiding.\n" + TEXT
    found = recheck(receipt(), {"pilot.nl.md": row(sha256="sha-2")}, lambda _: moved)
    assert (found.state, found.untouched) == ("true", False)
    assert moved[found.start : found.end] == QUOTE


def test_of_two_places_the_nearest_counts() -> None:
    quote = "De pilot kostte 850.000 euro."
    found = recheck(receipt(quote, TEXT.rindex(quote) + 3), {"pilot.nl.md": row()}, lambda _: TEXT)
    assert found.start == TEXT.rindex(quote)


def test_one_changed_digit_is_a_changed_text_and_the_new_sentence_is_shown() -> None:
    changed = TEXT.replace("7 mei 2019", "9 mei 2019")
    found = recheck(receipt(), {"pilot.nl.md": row(sha256="sha-2")}, lambda _: changed)
    assert (found.state, found.now) == ("changed", "De deadline was 9 mei 2019.")


def test_what_resembles_nothing_is_not_given_a_successor() -> None:
    found = recheck(receipt(), {"pilot.nl.md": row(sha256="sha-2")}, lambda _: "Iets heel anders over paarden.\n")
    assert (found.state, found.now) == ("changed", None)


def test_a_document_that_is_gone_is_withdrawn() -> None:
    assert recheck(receipt(), {"andere.md": row("andere.md", "sha-9")}, lambda _: TEXT).state == "withdrawn"


def test_the_same_file_under_another_name_is_found() -> None:
    found = recheck(receipt(), {"nieuw.nl.md": row("nieuw.nl.md")}, lambda _: TEXT)
    assert (found.state, found.document) == ("true", "nieuw.nl.md")


@pytest.mark.parametrize("field", ["quote", "quote_sha256"])
def test_a_receipt_that_was_altered_proves_nothing(field: str) -> None:
    altered = replace(receipt(), **{field: "De deadline was 17 mei 2019."})
    assert recheck(altered, {"pilot.nl.md": row()}, lambda _: TEXT).state == "damaged"


def test_a_receipt_without_hash_is_checked_by_its_words() -> None:
    assert recheck(replace(receipt(), quote_sha256=None), {"pilot.nl.md": row()}, lambda _: TEXT).state == "true"
