"""Personal data is masked in both languages; what only looks like it stays."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feedback.ibans import is_iban
from assistant.feedback.masking import is_bsn, mask, mask_all

CORPUS = Path(__file__).parent.parent / "corpus"
DIGITS = st.sampled_from("0123456789")


def bsn_of(first_eight: str) -> str | None:
    """Return a valid number that begins with these digits; None where the last one would need two."""
    last = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), first_eight, strict=True)) % 11
    return None if last == 10 or not first_eight.strip("0") else f"{first_eight}{last}"


def iban_of(country: str, rest: str) -> str:
    """Return a valid number: check digits make the whole 1 modulo 97."""
    value = int("".join(str(int(one, 36)) for one in f"{rest}{country}00"))
    return f"{country}{98 - value % 97:02}{rest}"


BSNS = st.text(DIGITS, min_size=8, max_size=8).map(bsn_of).filter(bool)
IBANS = st.one_of(
    st.tuples(st.sampled_from(["ABNA", "INGB", "RABO"]), st.text(DIGITS, min_size=10, max_size=10)).map(
        lambda parts: iban_of("NL", "".join(parts))
    ),
    st.text(DIGITS, min_size=18, max_size=18).map(lambda rest: iban_of("DE", rest)),
    st.text(DIGITS, min_size=12, max_size=12).map(lambda rest: iban_of("BE", rest)),
)
AROUND = st.sampled_from(["{}", "Mijn nummer is {}.", "({})", "call {}, please", "nr:{}", "{}\nGroeten", "“{}”", "{}?"])


@pytest.mark.parametrize(
    "number",
    """06-12345678|06 12 34 56 78|0612345678|06 - 1234 5678|(06) 12345678|+31612345678|+31 6 1234 5678|+31 (0)6 12345678
0031 6 12345678|0031(0)612345678|+31.6.12.34.56.78|31612345678|06 12345678|06–12345678|088-4696001
088 469 60 01|020-1234567|(020) 123 45 67|020/1234567|0522-123456|0522 12 34 56|+31 (0)88 469 6001|+31 20 794 58 00
+32 475 12 34 56|+44 20 7946 0958|020 7946 0958|07700 900123|+1 (415) 555-2671|+49 30 901820|0049 30 901820""".replace(
        "\n", "|"
    ).split("|"),
)
@given(around=AROUND)
def test_a_phone_number_is_masked_however_it_is_written(number: str, around: str) -> None:
    assert mask(around.format(number)) == around.format("[tel]")


@pytest.mark.parametrize(
    "address",
    "jan@voorbeeld.nl|j.de-vries+ai@hu.example.co.uk|o'brien@example.org|JAN@VOORBEELD.NL|jöran@müller.example"
    "|jan [at] voorbeeld [punt] nl|jan (apenstaartje) voorbeeld.nl|jan(at)voorbeeld(dot)nl".split("|"),
)
@given(around=AROUND)
def test_an_e_mail_address_is_masked_however_it_is_written(address: str, around: str) -> None:
    assert mask(around.format(address)) == around.format("[e-mail]")


@given(bsn=BSNS, form=st.sampled_from(["{0}{1}{2}", "{0}.{1}.{2}", "{0} {1} {2}", "{0}-{1}-{2}"]), around=AROUND)
def test_a_citizen_service_number_is_masked(bsn: str, form: str, around: str) -> None:
    written = form.format(bsn[:3], bsn[3:6], bsn[6:])
    assert mask(around.format(written)) == around.format("[BSN]")


@given(bsn=BSNS, change=st.integers(1, 9))
def test_nine_digits_that_fail_the_eleven_test_stay(bsn: str, change: int) -> None:
    # A wrong last digit always fails the test, because its weight is -1.
    wrong = bsn[:8] + str((int(bsn[8]) + change) % 10)
    assert not is_bsn(wrong) and mask(f"zaak {wrong}") == f"zaak {wrong}"


@given(iban=IBANS, gap=st.sampled_from(["", " ", "\u00a0", "-"]), lower=st.booleans(), around=AROUND)
def test_an_account_number_is_masked_with_and_without_groups(iban: str, gap: str, lower: bool, around: str) -> None:
    grouped = gap.join(iban[at : at + 4] for at in range(0, len(iban), 4))
    written = grouped.lower() if lower else grouped
    assert is_iban(iban) and mask(around.format(written)) == around.format("[IBAN]")


@given(iban=IBANS, change=st.integers(1, 9))
def test_an_account_number_with_a_wrong_digit_is_none(iban: str, change: int) -> None:
    assert not is_iban(iban[:-1] + str((int(iban[-1]) + change) % 10))


@given(
    amount=st.integers(1_000, 999_999_999_999), form=st.sampled_from(["€ {}", "{} euro", "{},50", "EUR {}", "€{},-"])
)
def test_amounts_stay(amount: int, form: str) -> None:
    for separator in (".", " ", ""):
        text = f"Er was {form.format(f'{amount:,}'.replace(',', separator))} voor de pilot."
        assert mask(text) == text


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_dates_times_and_years_stay(day: date, hour: int, minute: int) -> None:
    texts = [
        f"{day:%d-%m-%Y} {hour:02}:{minute:02}", f"{day:%d.%m.%Y} om {hour} uur", f"{day.isoformat()}T{hour:02}:00",
        f"{day:%d/%m/%Y} 10 deelnemers", f"tussen {day.year} en {day.year + 1}",
    ]  # fmt: skip
    assert [mask(text) for text in texts] == texts


@pytest.mark.parametrize(
    "text",
    [
        "850.000 euro, 1,7 miljoen, 0,5 procent, +12.500.000, 1.234.567.890 tokens",
        "14 020, 112, 3D, AIC4NL, KvK 27272727, ISBN 978-90-5345-123-4, ISSN 1234-5679, COVID-19",
        "kamerstuk 26 643, nr. 123; 2021/0106 (COD); zaak 2023-0000123456",
        "https://example.nl/rapport-0612345678.pdf en doi 10.5281/zenodo.0612345678",
        "@nlaic op X; jan@; @; a@b",
        "[e-mail] [tel] [BSN] [IBAN]",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("06-12345678/06-87654321, 06-12345678", "[tel]/[tel], [tel]"),
        ("Bel 0522-123456. 12 mensen kwamen.", "Bel [tel]. 12 mensen kwamen."),
        ("+31612345678 in 2023", "[tel] in 2023"),
        ("https://x.nl/f?bsn=123456782&m=a@b.nl", "https://x.nl/f?bsn=[BSN]&m=[e-mail]"),
        ("tel0612345678 bsn123456782", "tel[tel] bsn[BSN]"),
    ],
)
def test_only_the_personal_part_of_a_text_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(alphabet="06123456789+-. ()@abNL/€,\n", max_size=80))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_of_the_corpus_only_published_e_mail_addresses_are_masked() -> None:
    for path in sorted(CORPUS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert mask(text).count("[") - text.count("[") == text.count("@"), path


def test_identifiers_and_numbers_of_an_answer_stay() -> None:
    answer = {
        "document": "06-12345678.pdf",
        "start": 612345678,
        "quote": "Bel 06-12345678",
        "citations": [{"id": "a@b.nl"}],
    }
    assert mask_all(answer) == answer | {"quote": "Bel [tel]"}
