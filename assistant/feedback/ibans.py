"""Find international bank account numbers (ISO 13616) by country, length and check digits."""

from __future__ import annotations

import re

_LENGTHS = {
    entry[:2]: int(entry[2:])
    for entry in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 "
        "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 "
        "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 "
        "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 "
        "UA29 VA22 VG24 XK20 YE30"
    ).split()
}
"""Characters of an IBAN by country, from the IBAN registry that SWIFT keeps for ISO 13616."""
_GAP = r"[ \t\u00a0\u202f.\-]{0,2}"
_START = re.compile(rf"(?<![^\W_])([A-Z]{{2}}){_GAP}\d{_GAP}\d(?={_GAP}[A-Z0-9])", re.IGNORECASE | re.ASCII)
_NEXT = re.compile(rf"{_GAP}([A-Z0-9])", re.IGNORECASE | re.ASCII)


def iban_spans(text: str) -> list[tuple[int, int]]:
    """Return where the IBANs of a text stand, also those written in groups."""
    spans: list[tuple[int, int]] = []
    last = 0
    for match in _START.finditer(text):
        length = _LENGTHS.get(match[1].upper())
        end = _end(text, match.start(), length) if length and match.start() >= last else None
        if end is not None:
            spans.append((match.start(), end))
            last = end
    return spans


def is_iban(compact: str) -> bool:
    """Tell whether letters and digits without spaces are an IBAN: country, length, and remainder 1 modulo 97."""
    written = compact.upper()
    if _LENGTHS.get(written[:2]) != len(written) or not (written.isascii() and written.isalnum()):
        return False
    # ISO 7064 MOD 97-10: the first four characters go to the end, letters count from A = 10.
    return int("".join(str(int(one, 36)) for one in written[4:] + written[:4])) % 97 == 1


def _end(text: str, start: int, length: int) -> int | None:
    """Return where an IBAN of this length ends that begins here; None where there is none."""
    characters, position = [], start
    for _ in range(length):
        found = _NEXT.match(text, position)
        if found is None:
            return None
        characters.append(found[1])
        position = found.end()
    goes_on = position < len(text) and text[position].isalnum()
    return None if goes_on or not is_iban("".join(characters)) else position
