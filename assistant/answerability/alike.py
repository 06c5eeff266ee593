"""Words that a question and an answer use for the same thing, in either language: start and begin, price and costs.

Only words of which the documents of any subject hold one or the other; names are in assistant.names.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.lexical import terms
from assistant.types import Language

_GROUPS = (
    "kick kickoff start starten gestart startte startdatum begin begint begon begonnen beginnen begindatum aanvang "
    "launch launched began beginning started starts",
    "einde eind eindigt eindigde einddatum afgelopen afgerond end ended ends finished finish ending",
    "kost kosten kostte gekost prijs tarief betaal betaalt betaalde betalen betaald cost costs price fee pay pays paid "
    "gratis kosteloos free charge",
    "geld subsidie financiering budget money funding grant subsidy",
    "mensen personen deelnemers deelnemer people persons participants participant",
    "bedrijven bedrijf onderneming ondernemingen firma firma's companies company firm firms business businesses",
    "docent docenten leraar leraren teacher teachers lecturer lecturers",
    "leerling leerlingen student studenten pupil pupils student students",
    "noord noorden noordelijk noordelijke north northern",
    "zuid zuiden zuidelijk zuidelijke south southern",
    "oost oosten oostelijk oostelijke east eastern",
    "west westen westelijk westelijke western",
    "voorzitter voorzit voorzat chair chairs chaired chairman chairperson",
    "directeur bestuurder director",
    "fase fasen stadium stadia phase phases stage stages",
    "adres adressen address addresses",
    "taal talen language languages",
    "duur looptijd duurt duurde duration lasts lasted",
    "deadline sluitingsdatum sluit sloot gesloten closing closes closed",
    "doel doelen goal goals aim aims purpose",
    "taak taken rol rollen role roles task tasks",
    "stad steden plaats plaatsen city cities town towns place places",
)


def alike(stem: str, spoken: Language, wanted: Language) -> frozenset[str]:
    """Return the stems in one language of what means the same as a stem of another, or the same, language."""
    return _by_stem().get((spoken, stem), {}).get(wanted, frozenset())


@lru_cache(maxsize=1)
def _by_stem() -> dict[tuple[Language, str], dict[Language, frozenset[str]]]:
    """Return the stems of the group of each stem, by language."""
    languages: tuple[Language, ...] = ("nl", "en")
    found: dict[tuple[Language, str], dict[Language, frozenset[str]]] = {}
    for group in _GROUPS:
        stems = {language: frozenset(terms(group, language)) for language in languages}
        found |= {(language, stem): dict(stems) for language in languages for stem in stems[language]}
    return found
