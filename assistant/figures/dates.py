"""Dates, decades and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.figures.figure import Figure
from assistant.types import Language

_MONTHS: dict[Language, str] = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "january february march april may june july august september october november december",
}
_SHORT = "jan feb mrt apr mei jun jul aug sep okt nov dec", "jan feb mar apr may jun jul aug sep oct nov dec", "sept"
_NUMBERS = {word: n for months in (*_MONTHS.values(), *_SHORT[:2]) for n, word in enumerate(months.split(), 1)}
_NUMBERS["sept"] = 9
_ALSO_OTHER_WORDS = ("may", "march", "mar")
"""Months of which the same letters in lower case are, in English, mostly something else."""
_MONTH = "(?:" + "|".join(sorted(_NUMBERS, key=lambda word: (-len(word), word))) + r")\b\.?"
_YEAR = r"(?:1[5-9]|20|21)\d\d(?!\d)"
_TO = r"\s*(?:,\s*|-|–|/|&|\b(?:en|and|of|or|to|tot|t/m|tot en met|through|until|till|up to and including)\b)\s*"
_DAY = r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])(?:e|de|ste|st|nd|rd|th)?(?![\d])"
_ISO = re.compile(rf"(?<![\d-])({_YEAR})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?![\d-])")
_NUMERIC = re.compile(rf"(?<![\d.-])(\d{{1,2}})([-/.])(\d{{1,2}})\2({_YEAR})")
_DAY_FIRST = re.compile(
    rf"({_DAY}(?:{_TO}{_DAY})*)\s+(?:of\s+)?({_MONTH})(?:,?\s+(?:van\s+)?({_YEAR}))?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\s+({_DAY}(?:{_TO}{_DAY})*)(?![-\w:])(?:,?\s+({_YEAR}))?", re.IGNORECASE)
_MONTHS_OF_YEAR = re.compile(rf"\b({_MONTH}(?:{_TO}{_MONTH})*),?\s+(?:van\s+|of\s+)?({_YEAR})", re.IGNORECASE)
_SHORT_YEARS = re.compile(rf"(?<![\d-])({_YEAR})\s?[-–/]\s?['’]?(\d\d)(?![\d-])")
_DECADE_NUMBERS = {
    "tien": 10, "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
    "tachtig": 80, "negentig": 90, "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
    "seventies": 70, "eighties": 80, "nineties": 90,
}  # fmt: skip
_DECADE = {
    "nl": re.compile(rf"\bjaren\s+(?:['’]?(\d0|\d\d\d0)(?!\d|{_TO}\d)|({'|'.join(_DECADE_NUMBERS)})\b)", re.IGNORECASE),
    "en": re.compile(rf"(?<!\w)(?:['’]?(\d0|\d\d\d0)['’]?s\b|(?<=the )({'|'.join(_DECADE_NUMBERS)})\b)", re.IGNORECASE),
}
_FIRST_DECADE_OF_LAST_CENTURY = 30
_CLOCK = r"(?:[01]?\d|2[0-4])"
_MARK = r"\s?(?:uur\b|u\b|h\b|hrs?\b|[ap]\.?m\b\.?|o['’]clock\b|noon\b)"
_TIME = re.compile(
    rf"(?<![\d.,:])({_CLOCK})(?:([:.])([0-5]\d))?(?![\d:]|[.,]\d)({_MARK})?"
    rf"(?:(?P<to>{_TO})({_CLOCK})(?:[:.]([0-5]\d))?(?![\d:]|[.,]\d)({_MARK})?)?",
    re.IGNORECASE,
)
_BEFORE_TIME = re.compile(r"\b(?:om|vanaf|rond|van|tussen)\s+$", re.IGNORECASE)
_HOURS = "een twee drie vier vijf zes zeven acht negen tien elf twaalf".split()
_NOON = 12
_HALF_HOUR = re.compile(rf"\bhalf ({'|'.join(_HOURS)})\b", re.IGNORECASE)
"""Dutch "half tien" is half past nine; the half of the day is left open."""
_AT_NOON = re.compile(r"(?<!\d )(?<![\w-])noon\b", re.IGNORECASE)
_RATE = re.compile(r"\s+(?:per|in de)\b")


def dates(text: str, language: Language) -> list[Figure]:
    """Return the dates and the decades of a text.

    A year holds for all days and months before it: "9 en 10 april 2024", "9 april tot 12 mei 2024". Day comes before
    month in 20-12-2023 and 20/12/2023, unless only the other order is possible.
    """
    found: list[Figure] = []
    left = text
    for find in (_iso, _numeric, _days_first, _months_first, _months_of_years, _short_years):
        made = [figure for figure in find(left) if not _is_other_word(text, figure, language)]
        found += made
        for figure in made:
            left = left[: figure.start] + "\ufffc" * (figure.end - figure.start) + left[figure.end :]
    found += [*_decades(left, language), *_months_alone(left, language)]
    return _with_years(sorted(found, key=lambda figure: figure.start), text)


def _iso(text: str) -> Iterator[Figure]:
    """Yield 2023-12-20 and 2023-12."""
    for match in _ISO.finditer(text):
        yield Figure("date", match.group(), *match.span())


def _numeric(text: str) -> Iterator[Figure]:
    """Yield 20-12-2023, 20/12/2023 and 20.12.2023."""
    for match in _NUMERIC.finditer(text):
        day, month = int(match[1]), int(match[3])
        day, month = (month, day) if month > 12 else (day, month)
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Figure("date", _date(match[4], month, day), *match.span())


def _days_first(text: str) -> Iterator[Figure]:
    """Yield 20 december 2023, 20 Dec. 2023, 9 april, and each day of "9 en 10 april 2024"."""
    for match in _DAY_FIRST.finditer(text):
        yield from _days(match, 1, 2)


def _months_first(text: str) -> Iterator[Figure]:
    """Yield December 20, 2023, and each day of "April 9-12, 2024"."""
    for match in _MONTH_FIRST.finditer(text):
        yield from _days(match, 2, 1)


def _days(match: re.Match[str], days: int, month: int) -> Iterator[Figure]:
    """Yield a date for each day; the last one takes the text up to the end."""
    found = list(re.finditer(r"\d+", match[days]))
    for number, day in enumerate(found):
        start = match.start() if number == 0 else match.start(days) + day.start()
        end = match.end() if number == len(found) - 1 else match.start(days) + day.end()
        yield Figure("date", _date(match[3], _month(match[month]), int(day.group())), start, end)


def _months_of_years(text: str) -> Iterator[Figure]:
    """Yield maart 2022, and each month of "maart en april 2022"."""
    for match in _MONTHS_OF_YEAR.finditer(text):
        found = list(re.finditer(_MONTH, match[1], re.IGNORECASE))
        for number, month in enumerate(found):
            end = match.end() if number == len(found) - 1 else match.start() + month.end()
            yield Figure("date", _date(match[2], _month(month.group())), match.start() + month.start(), end)


def _short_years(text: str) -> Iterator[Figure]:
    """Yield both years of 2022/23 and 2022-'23."""
    for match in _SHORT_YEARS.finditer(text):
        first, last = int(match[1]), int(match[1]) // 100 * 100 + int(match[2])
        if last > first:
            yield Figure("date", str(first), match.start(1), match.end(1))
            yield Figure("date", str(last), match.start(2), match.end(2))


def _months_alone(text: str, language: Language) -> Iterator[Figure]:
    """Yield months without day and year, as "--12"; English May and March only inside a sentence."""
    for match in re.finditer(rf"\b(?:{_MONTHS[language].replace(' ', '|')})\b", text, re.IGNORECASE):
        word = match.group()
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in (".", "!", "?", ":", "")
        if language == "en" and (word.islower() or (opens and word in ("May", "March"))):
            continue
        yield Figure("date", _date(None, _month(word)), *match.span())


def _decades(text: str, language: Language) -> Iterator[Figure]:
    """Yield the decades; of two digits or one word 30 to 90 are of the last century, 00 to 20 of this one."""
    for match in _DECADE[language].finditer(text):
        number = int(match[1]) if match[1] else _DECADE_NUMBERS[match[2].lower()]
        if number < 100:
            number += 1900 if number >= _FIRST_DECADE_OF_LAST_CENTURY else 2000
        yield Figure("decade", f"{number}s", *match.span())


def _month(word: str) -> int:
    """Return the number of a month."""
    return _NUMBERS[word.lower().rstrip(".")]


def _date(year: str | None, month: int, day: int | None = None) -> str:
    """Return a date, or what is known of it, in the order of ISO 8601; "-" stands for a year that is not known."""
    return f"{year or '-'}-{month:02d}" + (f"-{day:02d}" if day else "")


def _is_other_word(text: str, figure: Figure, language: Language) -> bool:
    """Tell whether a date without year is none: "may 10 universities", and in Dutch "in mei 10 hogescholen"."""
    written = text[figure.start : figure.end]
    words = re.findall(r"[a-z]+", written)
    month_first = language == "nl" and written[0].islower()
    verb = bool(words) and words[0] in _ALSO_OTHER_WORDS
    return str(figure.value).startswith("--") and (month_first or verb)


def _with_years(found: list[Figure], text: str) -> list[Figure]:
    """Give a date without year the one of the next date where a word such as "tot" stands between them."""
    for number in range(len(found) - 1, 0, -1):
        one, other = found[number - 1], found[number]
        between = text[one.end : other.start]
        first, last = str(one.value), str(other.value)
        if first.startswith("--") and last[:1].isdigit() and other.kind == "date" and re.fullmatch(_TO, between):
            year = int(last[:4]) - (first[2:4] > last[5:7] != "")
            found[number - 1] = replace(one, value=f"{year}{first[1:]}")
    return [replace(one, kind="year") if str(one.value).isdigit() else one for one in found]


def times(text: str) -> list[Figure]:
    """Return the times of day, as 14:00.

    A bare "10 uur" is ten hours, unless a word such as "om" or "vanaf" stands before it. Between two times the mark
    of the second holds for the first: "14.00 tot 16.00 uur", "2-4 pm".
    """
    found = [figure for match in _TIME.finditer(text) for figure in _times(match, text)]
    found += [Figure("time", "12:00", *match.span()) for match in _AT_NOON.finditer(text)]
    return found + [
        Figure("time", f"{_HOURS.index(match[1].lower()) or _NOON:02d}:30", *match.span())
        for match in _HALF_HOUR.finditer(text)
    ]


def _times(match: re.Match[str], text: str) -> Iterator[Figure]:
    """Yield the time, or the two times, of one match."""
    hour, sign, minute, mark, _, hour_to, minute_to, mark_to = match.groups()
    either = mark or mark_to
    exact = sign == ":" or (minute is not None and either is not None)
    announced = _BEFORE_TIME.search(text[: match.start()]) and not _RATE.match(text, match.end())
    if not (exact or _is_half_of_day(either) or (either and announced)):
        return
    end = match.end() if hour_to is None else match.start("to")
    yield Figure("time", _clock(hour, minute, either), match.start(), end)
    if hour_to is not None and (mark_to or minute_to):
        yield Figure("time", _clock(hour_to, minute_to, mark_to or mark), match.start(6), match.end())


def _is_half_of_day(mark: str | None) -> bool:
    """Tell whether a mark such as "pm" or "o'clock" makes any number a time."""
    return mark is not None and re.fullmatch(r"\s?(?:[ap]\.?m\.?|o['’]clock|noon)", mark, re.IGNORECASE) is not None


def _clock(hour: str, minute: str | None, mark: str | None) -> str:
    """Return a time on a clock of 24 hours."""
    half = (mark or "").strip().lower()[:1]
    hours = int(hour)
    if half == "p" and hours < 12:
        hours += 12
    elif half == "a" and hours == 12:
        hours = 0
    return f"{hours:02d}:{minute or '00'}"
