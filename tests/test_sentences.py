import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_long, split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Een zin. Nog een zin.", ["Een zin.", "Nog een zin."]),
        ("Denk aan o.a. Saxion en Fontys. Klaar.", ["Denk aan o.a. Saxion en Fontys.", "Klaar."]),
        ("See e.g. Windesheim. Done.", ["See e.g. Windesheim.", "Done."]),
        ("Dr. C. Oudshoorn kwam. Hij ging.", ["Dr. C. Oudshoorn kwam.", "Hij ging."]),
        ("Het kostte 850.000 euro. Dat is veel.", ["Het kostte 850.000 euro.", "Dat is veel."]),
        ("1. Kies een focus. 2. Zoek partners.", ["1. Kies een focus.", "2. Zoek partners."]),
        ("Wat kost dat? Niets! Echt.", ["Wat kost dat?", "Niets!", "Echt."]),
        ("Ze zei: “Het kan.” Daarna ging ze.", ["Ze zei: “Het kan.”", "Daarna ging ze."]),
        ("Zie nlaic.com voor meer. Of bel.", ["Zie nlaic.com voor meer.", "Of bel."]),
        ("It was 2.5 million. In 2021 it grew.", ["It was 2.5 million.", "In 2021 it grew."]),
        (
            'Er kwam "AI nu. Meer en sneller". Dat was in 2018.',
            ['Er kwam "AI nu. Meer en sneller".', "Dat was in 2018."],
        ),
        ("Dat is nodig.³ Daarna volgt meer.", ["Dat is nodig.³", "Daarna volgt meer."]),
        ("zonder hoofdletter. en verder", ["zonder hoofdletter. en verder"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_nothing_but_white_space_has_no_sentence() -> None:
    assert split(" \n ") == []


@given(st.text(alphabet="aB. !?\n“”1)", max_size=60))
def test_no_character_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())


def test_a_long_sentence_breaks_after_a_clause() -> None:
    text = "aaaa bbbb cccc; dddd eeee ffff"
    assert [text[a:b] for a, b in split_long(text, 0, len(text), lambda s: len(s) <= 20)] == [
        "aaaa bbbb cccc;",
        "dddd eeee ffff",
    ]


@given(st.text(alphabet="ab ;,", min_size=1, max_size=80), st.integers(1, 12))
def test_every_stretch_of_a_long_sentence_fits(text: str, limit: int) -> None:
    parts = [text[a:b] for a, b in split_long(text, 0, len(text), lambda s: len(s) <= limit)]
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
