from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.figures import Figure, agrees, figures_in
from assistant.types import Language

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def shown(text: str, language: Language) -> list[str]:
    """Return the figures as short texts: kind, value, unit, and a question mark where they are not sure."""
    return [
        f"{one.kind} {one.value}{' ' + one.unit if one.unit else ''}{'' if one.sure else '?'}"
        for one in figures_in(text, language)
    ]


def keys(text: str, language: Language) -> set[tuple[str, Decimal | str, str]]:
    return {one.key for one in figures_in(text, language) if one.sure}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # amounts
        ("850.000 euro", ["amount 850000 EUR"]),
        ("850.000", ["number 850000"]),
        ("€ 850.000,-", ["amount 850000 EUR"]),
        ("€ 850.000,00", ["amount 850000 EUR"]),
        ("2,5 miljoen euro", ["amount 2500000 EUR"]),
        ("€ 1,05 miljard", ["amount 1050000000 EUR"]),
        ("3 biljoen euro", ["amount 3000000000000 EUR"]),
        ("1 miljoen", ["number 1000000"]),
        ("850 duizend", ["number 850000"]),
        ("EUR 600,000", ["amount 600000 EUR"]),
        ("600,000 euro", ["amount 600000 EUR"]),
        ("€850k en € 2,5 mln en 3 mld", ["amount 850000 EUR", "amount 2500000 EUR", "number 3000000000"]),
        ("M€ 2,5 en 40 k€", ["amount 2500000 EUR", "amount 40000 EUR"]),
        ("een miljoen euro", ["amount 1000000 EUR"]),
        ("een half miljoen euro en anderhalf miljard", ["amount 500000 EUR", "number 1500000000"]),
        ("tweehonderdvijftigduizend euro", ["amount 250000 EUR"]),
        ("1.050.000 euro", ["amount 1050000 EUR"]),
        ("€ 2 tegen $ 3 en £ 4", ["amount 2 EUR", "amount 3 USD", "amount 4 GBP"]),
        ("een euro", ["amount 1 EUR"]),
        # ranges: unit and multiplier hold for both ends
        ("400.000 tot 500.000 euro", ["amount 400000 EUR", "amount 500000 EUR"]),
        ("tussen 400.000 en 500.000 euro", ["amount 400000 EUR", "amount 500000 EUR"]),
        ("tussen de 400.000 en 500.000 euro", ["amount 400000 EUR", "amount 500000 EUR"]),
        ("€ 400.000 tot € 500.000", ["amount 400000 EUR", "amount 500000 EUR"]),
        ("€ 30.000 tot 40.000", ["amount 30000 EUR", "amount 40000 EUR"]),
        ("5-15 miljoen", ["number 5000000", "number 15000000"]),
        ("€ 5 tot 15 miljoen", ["amount 5000000 EUR", "amount 15000000 EUR"]),
        ("276 of 376 miljoen euro", ["amount 276000000 EUR", "amount 376000000 EUR"]),
        ("500.000 tot 1 miljoen euro", ["amount 500000 EUR", "amount 1000000 EUR"]),
        ("twee tot drie miljoen", ["number 2000000", "number 3000000"]),
        ("2020-2023", ["year 2020", "year 2023"]),
        ("2000 tot 3000 euro", ["amount 2000 EUR", "amount 3000 EUR"]),
        ("6 en 8 procent", ["number 6", "percentage 8"]),
        ("10 tot 20 procent", ["percentage 10", "percentage 20"]),
        ("twee tot vier jaar", ["period 24 month", "period 48 month"]),
        # percentages
        ("16 procent, 16%, 16 % en zestien procent", ["percentage 16"] * 4),
        ("1,6 procent, een procent", ["percentage 1.6", "percentage 1"]),
        ("3 procentpunt meer", ["percentage 3 point"]),
        # shapes of digits
        ("1.234,56", ["number 1234.56"]),
        ("1,234", ["number 1.234"]),
        ("12,5", ["number 12.5"]),
        ("1.000.000", ["number 1000000"]),
        ("0,125", ["number 0.125"]),
        ("2.5", ["number 2.5"]),
        ("12\u00a0000 mensen en 12 000 mensen", ["number 12000", "number 12000"]),
        ("-5 graden en 2½ dag", ["number -5", "period 2.5 day"]),
        ("de stappen 1,2,3", ["number 1", "number 2", "number 3"]),
        # words
        ("zes hogescholen", ["number 6"]),
        ("vijfentwintig, tweeëntwintig, honderdtwee", ["number 25", "number 22", "number 102"]),
        ("vijftienhonderd en tweeduizend drieëntwintig", ["number 1500", "number 2023"]),
        ("de helft, driekwart en een kwart", ["number 0.5", "number 0.75", "number 0.25"]),
        ("een factor vijf", ["number 5"]),
        ("een van de zes", ["number 6"]),
        ("één van de zes", ["number 1", "number 6"]),
        ("viertal, tweemaal, driedelig, drievoudig", ["number 4", "number 2", "number 3", "number 3"]),
        ("tweetalig en eenmalig", []),
        ("acht het nodig", []),
        ("acht hogescholen", ["number 8"]),
        ("het boekje Tien stappen", ["number 10?"]),
        ("Tien stappen", ["number 10"]),
        ("tientallen mensen, honderden, tienduizenden", ["magnitude 10", "magnitude 100", "magnitude 10000"]),
        ("enkele honderden en een paar duizend", ["magnitude 100", "magnitude 1000"]),
        ("tientallen miljoenen", ["magnitude 10000000"]),
        # ordinals
        ("de eerste, tweede en 3e", ["ordinal 1?", "ordinal 2", "ordinal 3"]),
        ("eerst bijna 100 deelnemers", ["ordinal 1?", "number 100"]),
        ("de tweede helft van 2023", ["ordinal 2", "year 2023"]),
        ("de eenentwintigste en de 21ste eeuw", ["ordinal 21", "ordinal 21"]),
        ("tweederde", ["number 2", "ordinal 3"]),
        # dates
        ("20 december 2023", ["date 2023-12-20"]),
        ("20-12-2023 en 2023-12-20", ["date 2023-12-20", "date 2023-12-20"]),
        ("maart 2022", ["date 2022-03"]),
        ("9 april en in mei", ["date --04-09", "date --05"]),
        ("9 en 10 april 2024", ["date 2024-04-09", "date 2024-04-10"]),
        ("9 april tot 12 mei 2024", ["date 2024-04-09", "date 2024-05-12"]),
        ("20 december tot 5 januari 2024", ["date 2023-12-20", "date 2024-01-05"]),
        ("van maart tot en met juni 2024", ["date 2024-03", "date 2024-06"]),
        ("in mei 10 hogescholen", ["date --05", "number 10"]),
        ("2022/2023, 2022/23 en 2022-'23", ["year 2022", "year 2023"] * 3),
        ("de jaren negentig, de jaren '90 en de jaren '20", ["decade 1990s", "decade 1990s", "decade 2020s"]),
        ("de jaren 2020 tot en met 2023", ["year 2020", "year 2023"]),
        # times and periods
        ("om 14.00 uur, 14:00 en om 9 uur", ["time 14:00", "time 14:00", "time 09:00"]),
        ("van 14.00 tot 16.30 uur", ["time 14:00", "time 16:30"]),
        ("10 uur per week", ["period 600 minute"]),
        ("van 2 tot 4 uur per week", ["period 120 minute", "period 240 minute"]),
        ("anderhalf jaar, 18 maanden, een half jaar", ["period 18 month", "period 18 month", "period 6 month"]),
        ("vierjarig, 4-jarige, driedaagse", ["period 48 month", "period 48 month", "period 3 day"]),
        ("één jaar en een jaar", ["period 12 month"]),
        # codes, names and addresses are no figures
        ("AIC4NL, T01, E5, A1, COVID-19, GPT-4 en 5G", []),
        ("Key Enabling 4.0 en Industrie 4.0", []),
        ("https://a.nl/2023/12 en info2@b3.nl en www.c4.nl", []),
        ("versie 1.2.3 en doi 10.1000/182", []),
        ("088-469 99 11 en +31 (0)88 469 6001", ["phone 0884699911", "phone 0884696001"]),
    ],
)
def test_dutch_figures(text: str, expected: list[str]) -> None:
    assert shown(text, "nl") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("850,000 euros and €850,000", ["amount 850000 EUR", "amount 850000 EUR"]),
        ("EUR 600,000", ["amount 600000 EUR"]),
        ("850.000 euros", ["amount 850000 EUR"]),
        ("2.5 million euros", ["amount 2500000 EUR"]),
        ("1.05 billion euros", ["amount 1050000000 EUR"]),
        ("3 trillion", ["number 3000000000000"]),
        ("€2.5m, €2.5M, €2bn and £3k", ["amount 2500000 EUR"] * 2 + ["amount 2000000000 EUR", "amount 3000 GBP"]),
        ("5 m and a 4K screen", ["number 5"]),
        ("a million euros, half a million, one million", ["amount 1000000 EUR", "number 500000", "number 1000000"]),
        ("two hundred and fifty thousand euros", ["amount 250000 EUR"]),
        ("between 400,000 and 500,000 euros", ["amount 400000 EUR", "amount 500000 EUR"]),
        ("5-15 million", ["number 5000000", "number 15000000"]),
        ("€40 million to 36 projects", ["amount 40000000 EUR", "number 36"]),
        ("40 million euros to 36 projects", ["amount 40000000 EUR", "number 36"]),
        ("16 percent, 16 per cent, 16% and sixteen percent", ["percentage 16"] * 4),
        ("3 percentage points", ["percentage 3 point"]),
        ("20 December 2023, 20 Dec. 2023, December 20, 2023", ["date 2023-12-20"] * 3),
        ("the 9th of April", ["date --04-09"]),
        ("April 9-12, 2024", ["date 2024-04-09", "date 2024-04-12"]),
        ("In May six universities may join", ["date --05", "number 6"]),
        ("March 2022", ["date 2022-03"]),
        ("the nineties, the '90s and the 1990s", ["decade 1990s"] * 3),
        ("at 2 pm, 2 p.m., 14:00 and 10 o'clock", ["time 14:00", "time 14:00", "time 14:00", "time 10:00"]),
        ("from 2 to 4 pm, 12 am", ["time 14:00", "time 16:00", "time 00:00"]),
        ("twenty-five, a hundred, one hundred and two", ["number 25", "number 100", "number 102"]),
        ("three hundred and five hundred", ["number 300", "number 500"]),
        ("one of the six; the one theme group", ["number 1?", "number 6", "number 1?"]),
        ("one percent", ["percentage 1"]),
        ("twice, threefold, a factor of five", ["number 2", "number 3", "number 5"]),
        ("dozens, hundreds of thousands, several hundred", ["magnitude 10", "magnitude 100000", "magnitude 100"]),
        ("the first, second and twenty-first", ["ordinal 1?", "ordinal 2", "ordinal 21"]),
        ("30 seconds, 3 per second", ["number 30", "number 3"]),
        ("two thirds", ["number 2", "ordinal 3"]),
        ("the second half of 2023, half of it", ["ordinal 2", "year 2023", "number 0.5"]),
        ("three quarters of them, a quarter of them", ["number 0.75", "number 0.25"]),
        ("a four-year programme of 18 months", ["period 48 month", "period 18 month"]),
        ("half an hour, one and a half years", ["period 30 minute", "period 18 month"]),
        ("AIC4NL, Industry 4.0, COVID-19, 3D", []),
        ("growth of 4.0 percent", ["percentage 4"]),
        ("the booklet Ten steps", ["number 10?"]),
    ],
)
def test_english_figures(text: str, expected: list[str]) -> None:
    assert shown(text, "en") == expected


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("De pilot kostte 850.000 euro.", "The pilot cost 850,000 euros."),
        ("Zes hogescholen deden mee.", "Six universities took part; 6 of them."),
        ("bijna 1,05 miljard euro", "almost EUR 1.05 billion"),
        ("op 24 januari 2024 om 14.00 uur", "at 2 pm on January 24, 2024"),
        ("tientallen bedrijven", "dozens of companies"),
        ("drie jaar, dus 36 maanden", "three years"),
        ("de helft van vijfentwintig", "half of twenty-five"),
        ("in de tweede helft van de jaren negentig", "in the second half of the 1990s"),
        ("van 2020 tot en met 2023", "from 2020 up to and including 2023"),
    ],
)
def test_texts_that_say_the_same_have_the_same_figures(dutch: str, english: str) -> None:
    assert keys(dutch, "nl") == keys(english, "en") != set()


def test_offsets_point_at_what_is_written() -> None:
    text = "Tussen 400.000 en 500.000 euro, meldde NWO (https://nwo.nl/2022) op 1 december 2020."
    found = figures_in(text, "nl")
    assert [text[one.start : one.end] for one in found] == ["400.000", "500.000 euro", "1 december 2020"]


def test_a_year_is_a_number_too() -> None:
    year, number = figures_in("2000 deelnemers", "nl")[0], figures_in("2,000 participants", "en")[0]
    assert year.kind == "year" and number.kind == "number" and agrees(year, number)


def test_an_amount_agrees_with_its_number_but_not_with_a_percentage() -> None:
    amount, number = Figure("amount", Decimal(5), 0, 1, "EUR"), Figure("number", Decimal(5), 0, 1)
    assert agrees(amount, number) and agrees(number, amount)
    assert not agrees(number, Figure("percentage", Decimal(5), 0, 1))
    assert not agrees(amount, Figure("amount", Decimal(5), 0, 1, "USD"))


@given(st.integers(1, 10**12))
def test_whole_amounts_are_the_same_in_both_notations(euros: int) -> None:
    english = f"{euros:,} euros"
    dutch = f"{euros:,} euro".replace(",", ".")
    assert keys(dutch, "nl") == keys(english, "en") == {("amount", Decimal(euros), "EUR")}


@given(st.decimals(0, 10**9, places=2))
def test_amounts_with_cents_are_the_same_in_both_notations(euros: Decimal) -> None:
    english = f"€{euros:,.2f}"
    dutch = "€ " + f"{euros:,.2f}".translate(str.maketrans(",.", ".,"))
    assert keys(dutch, "nl") == keys(english, "en") == {("amount", euros, "EUR")}


@given(
    st.decimals(1, 999, places=1),
    st.sampled_from(
        [("duizend", "thousand", 3), ("miljoen", "million", 6), ("miljard", "billion", 9), ("mln", "m", 6)]
    ),
)
def test_multiplied_amounts_are_the_same_in_both_languages(number: Decimal, words: tuple[str, str, int]) -> None:
    dutch, english, power = words
    expected = {("amount", number.scaleb(power), "EUR")}
    assert keys(f"€ {number} {dutch}".replace(".", ","), "nl") == expected
    assert keys(f"€{number} {english}" if len(english) > 1 else f"€{number}{english}", "en") == expected


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_dates_are_the_same_in_all_notations(day: date) -> None:
    dutch, english = MONTHS["nl"][day.month - 1], MONTHS["en"][day.month - 1]
    for text in (f"{day.day} {dutch} {day.year}", f"{day:%d-%m-%Y}", day.isoformat()):
        assert keys(f"op {text}.", "nl") == {("date", day.isoformat(), "")}
    for text in (
        f"{day.day} {english} {day.year}",
        f"{english} {day.day}, {day.year}",
        f"{english[:3]} {day.day}, {day.year}",
    ):
        assert keys(f"on {text}.", "en") == {("date", day.isoformat(), "")}


@given(st.integers(0, 23), st.integers(0, 59))
def test_times_are_the_same_in_all_notations(hour: int, minute: int) -> None:
    half = "am" if hour < 12 else "pm"
    expected = {("time", f"{hour:02d}:{minute:02d}", "")}
    assert keys(f"om {hour}.{minute:02d} uur", "nl") == expected
    assert keys(f"at {hour % 12 or 12}:{minute:02d} {half}", "en") == expected


@given(st.text(max_size=80), st.sampled_from(["nl", "en"]))
def test_any_text_gives_figures_that_stand_in_it_side_by_side(text: str, language: Language) -> None:
    found = figures_in(text, language)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(
    st.lists(
        st.sampled_from("6 850.000 2,5 € euro miljoen tot en mei 2023 één half % uur - / ( . om jaar".split()),
        max_size=9,
    )
)
def test_odd_rows_of_words_give_figures_that_stand_side_by_side(words: list[str]) -> None:
    text = " ".join(words)
    found = figures_in(text, "nl")
    assert all(one.end <= other.start for one, other in pairwise(found))
