"""A small corpus without findings, for tests that put one fault into it."""

from pathlib import Path

REGISTER = """nlaic-2023:
  title: Resultaten pilot
  publisher: NL AIC
  date: 2023-12-20
  language: nl
  url: https://example.org/resultaten
  authority: A

sia-2020:
  title: Netwerk werkt
  publisher: Regieorgaan SIA
  date: 2020-12-01
  language: nl
  authority: A

unused-2019:
  title: Niet gebruikt
  publisher: NL AIC
  date: 2019
  language: nl
  authority: B
"""

PILOT_NL = """---
title: De financiering van de pilot
kind: funding
language: nl
updated: 2024-01-31
valid_from: 2022
valid_to: 2023-12
---

## Hoeveel geld was er voor de pilot?

De pilot kostte 850.000 euro, meldde de Nederlandse AI Coalitie (NL AIC) op 20 december 2023.[^nlaic-2023]

Twee geldbronnen betaalden samen de pilot van de NL AIC:[^nlaic-2023][^sia-2020]

- Het kickstartbudget van de NL AIC betaalde 65 procent van de pilot.[^nlaic-2023]
- Regieorgaan SIA betaalde tussen 100.000 en 300.000 euro aan de pilot.[^sia-2020]

## Wie leidde de pilot?

Erik Fledderus van Windesheim leidde de pilot met zes hogescholen, om 14.00 uur op de eerste dag.[^nlaic-2023]

Meer over de pilot staat op https://example.org/pilot en in [de begrippenlijst](../terms.nl.md).[^nlaic-2023]

| Onderdeel | Bedrag |
|---|---|
| Pilot in Utrecht | 1,5 miljoen euro[^nlaic-2023] |
| Pilot in Zwolle | 2.000 euro[^sia-2020] |
"""

PILOT_EN = """---
title: The funding of the pilot
kind: funding
language: en
updated: 2024-01-31
valid_from: 2022
valid_to: 2023-12
---

## How much money was there for the pilot?

The pilot cost 850,000 euros, the Netherlands AI Coalition (NL AIC) reported on 20 December 2023.[^nlaic-2023]

Two sources of money together paid for the pilot of the NL AIC:[^nlaic-2023][^sia-2020]

- The kick-start budget of the NL AIC paid 65 percent of the pilot.[^nlaic-2023]
- Regieorgaan SIA paid between 100,000 and 300,000 euros for the pilot.[^sia-2020]

## Who led the pilot?

Erik Fledderus of Windesheim led the pilot with six universities, at 2 pm on the first day.[^nlaic-2023]

More about the pilot is on https://example.org/pilot and in [the glossary](../terms.en.md).[^nlaic-2023]

| Part | Amount |
|---|---|
| Pilot in Utrecht | 1.5 million euros[^nlaic-2023] |
| Pilot in Zwolle | 2,000 euros[^sia-2020] |
"""

TERMS_NL = """---
title: Begrippen
kind: glossary
language: nl
updated: 2024-01-31
---

## Hogeschool (university of applied sciences)

Een hogeschool leidt in Nederland op voor beroepen; het Engels is "university of applied sciences".[^sia-2020]

## Penvoerder (lead applicant)

Een penvoerder vraagt namens alle partners de subsidie voor een project; het Engels is "lead applicant".[^nlaic-2023]
"""

TERMS_EN = """---
title: Terms
kind: glossary
language: en
updated: 2024-01-31
---

## University of applied sciences (hogeschool)

A university of applied sciences teaches professions in the Netherlands; the Dutch word is "hogeschool".[^sia-2020]

## Lead applicant (penvoerder)

A lead applicant asks for the grant of a project on behalf of all partners; the Dutch word is "penvoerder".[^nlaic-2023]
"""

FILES = {
    "sources.yaml": REGISTER,
    "pilot/pilot.nl.md": PILOT_NL,
    "pilot/pilot.en.md": PILOT_EN,
    "terms.nl.md": TERMS_NL,
    "terms.en.md": TERMS_EN,
}


def make_corpus(root: Path) -> Path:
    """Write the corpus below a folder."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def replace_in(root: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands in a file once; return its line."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
