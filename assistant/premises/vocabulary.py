"""Words that weigh differently from others when two sentences are held against each other, in both languages."""

from __future__ import annotations

import re
from functools import lru_cache


def _any(words: str) -> re.Pattern[str]:
    """Return a pattern that fits one word, whole."""
    return re.compile(f"(?:{'|'.join(words.split())})", re.IGNORECASE)


# One word for all that say the same, so that "begon", "startte" and "began" meet; without accents, as words are
# compared.
_SAME: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, _any(forms))
    for name, forms in (
        ("=begin", r"beg[io]n\w* start(?!up)\w* gestart\w* begonnen began begun launch\w* aftrap kick\w*"),
        (
            "=end",
            r"(?:ge|be)?eindig\w* einde end ended ends ending afgerond\w* stop stopt\w* gestopt stopped finish\w* "
            r"complet\w*",
        ),
        (
            "=close",
            r"sloot sloten sluit\w* gesloten close closes closed closing dicht dichtg\w+ shut shuts deadline\w* "
            r"sluitingsdatum",
        ),
        ("=found", r"oprich\w* opgericht\w* founded founder\w* founding establish\w* ontst\w+"),
        (
            "=merge",
            r"fuse\w* fusie\w* gefuseerd\w* samengaan samengegaan samenging\w* samenvoeg\w* samengevoegd merg\w*",
        ),
        ("=lead", r"leid\w{0,3} geleid leiding led lead leads leading leader leider\w* hoofd headed trekker"),
        ("=chair", r"voorzitter\w* voorzat chair\w* president"),
        ("=director", r"directeur\w* director\w*"),
        ("=coordinator", r"(?:ge)?coordin\w+"),
        ("=applicant", r"penvoer\w+ hoofdaanvrag\w+"),
        ("=join", r"deelnem\w* deelna\w* deelgenomen deel meed\w+ meegedaan participat\w* part join\w*"),
        ("=pay", r"beta+l\w* financier\w* gefinancierd bekostig\w* pay pays paid fund funded funds financ\w*"),
        ("=grant", r"toegekend toeken\w* kende verleen\w* award\w* granted"),
        ("=largest", r"grootste largest biggest meeste most"),
        ("=total", r"totaal totale total hele whole geheel"),
    )
)
_LIGHT = _any(
    # what any amount or period is said with
    r"kost\w* gekost bedrag\w* bedroeg\w* bedraagt budget\w* geld\w* euro\w* kr[ei]+g\w* kreeg\w* gekregen ontv\w+ "
    r"subsidies? subsidy cost\w* amount\w* money got gotten receiv\w* grant grants get gets spent spend besteed\w* "
    r"uitgegeven beschikbaar available miljoen\w* million\w* miljard\w* billion\w* duizend\w* thousand\w* mln mld "
    r"procent\w* percent\w* duur\w* last lasts lasted jaar jaren year years "
    r"januari februari maart april mei juni juli augustus september oktober november december "
    r"january february march may june july august october "
    # what asks or counts
    r"hoeveel hoelang waar(?:aan|van|mee|voor|in|uit|op|toe|door|om|over|bij) aantal number tel\w* geteld count\w* "
    # what only holds a sentence together
    r"noem\w* genoemd name\w* called heet\w* besta\w* exist\w* werkelijk echt really actually ook too also inmiddels "
    r"samen together onge\w+ ongeveer circa about eigenlijk toch immers inderdaad indeed already maar enkel alleen "
    r"slechts just only uitsluitend altijd always ooit ever nooit never zonder without nou he "
    r"precies exactly even gewoon wel "
    r"staat staan stond sta stand is was waren ging gingen gaat gaan going take took taken kwam komen komt "
    r"sinds since tijdens during per deze dit van bij with"
)
_QUALIFIERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE))
    for name, pattern in (
        ("most", r"maximaal|maximum|ten hoogste|hooguit|hoogstens|at most|up to|no more than|max"),
        ("least", r"minimaal|minimum|minstens|ten minste|tenminste|at least|more than|meer dan|ruim|over \d\w*|vanaf"),
        ("range", r"tussen|between|variër\w+|uiteenlop\w+"),
        ("each", r"per|elke?|iedere?|ieder|each|every|jaarlijks\w*|annual\w*|a year|yearly"),
        ("part", r"deel|gedeelte|fase \d|phase \d|eerste fase|first phase|part of|share|aandeel|rest|overige|helft|"
                 r"half|"
                 r"derde|third|kwart|waarvan|of which|extra|nog \d+|another|additional|meer|more|eigen|own|"
                 r"naast|besides|bovenop|on top"),
        ("total", r"totaal|totale|total|hele|whole|samen|together|gezamenlijk\w*"),
        ("asked", r"vroeg|vroegen|gevraagd\w*|aangevraagd\w*|asked|requested|applied for|sought"),
        ("planned", r"doel\w*|streef\w*|streven|ambitie|gepland\w*|verwacht\w*|begroot\w*|wil|willen|zou|zouden|zal|"
                    r"zullen|voorgenomen|target\w*|aim\w*|goal\w*|plan\w*|planned|expected|intend\w*|would|will|"
                    r"roadmap|voorbereiding|preparation"),
        ("must", r"moet|moeten|hoeft|hoeven|verplicht\w*|must|should|needs? to|has to|have to|required"),
        ("may", r"mag|mogen|kan|kunnen|(?<!\d )may(?! \d)|might|can|could"),
        ("private", r"privaat|private|publiek\w*|public|cofinanciering|co-?financ\w+|in kind|"
                    r"eigen bijdrage|europe\w*|europa"),
        ("only", r"alleen|enkel|uitsluitend|slechts|only|exclusively|solely"),
        ("all", r"alle|allemaal|altijd|always|all|iedereen|everyone|geheel|volledig|entirely"),
        ("first", r"eerste|first|oorspronkelijk|originally"),
    )
)  # fmt: skip
LOOSE = frozenset({"total", "first"})
"""Qualifiers that do not make two statements speak of different things."""
ONCE = frozenset({"=begin", "=end", "=close", "=found", "=merge"})
"""What happens once, so that another year is another claim."""
OTHER_ACTIONS = frozenset({"=pay", "=grant", "=end", "=close"})
"""What turns a statement into another one where the claim does not say it: who received an amount did not pay it."""
TELLING = frozenset({"only", "all", "each", "most", "least", "must", "may", "planned"})
"""Qualifiers of a claim that what confirms it must have too."""
EXCLUSIVE = frozenset({"=lead", "=chair", "=director", "=coordinator", "=applicant"})
"""What one party is, so that another name is another claim."""
ROLES_OF_ONE = frozenset({"=lead", "=coordinator", "=applicant"})
"""Roles that one party has together, so that who leads is known where who coordinates is."""
DIFFER = re.compile(
    r"\bbronnen\b[^.]{0,60}\b(?:verschil|anders)|\bverschil\w*\b[^.]{0,40}\bbronnen\b|\bverschilt van zichzelf\b|"
    r"\bsources\b[^.]{0,60}\b(?:differ|disagree)|\bdiffer\w*\b[^.]{0,40}\bsources\b|\bdiffers from itself\b",
    re.IGNORECASE,
)
"""A sentence that itself says that sources give different figures."""
_SAYS = (
    r"meldde|meldt|melden|meldden|schreef|schrijft|schreven|zei|zegt|noemde|noemt|noemen|geeft|"
    r"reported|reports|wrote|writes|said|says|named|names?|announced|gives"
)
_MONTHS = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec|march|may|oct)\w*"
_DATE = rf"(?:(?:\d{{1,2}} )?(?:{_MONTHS} )?\d{{4}}|{_MONTHS} \d{{1,2}},? \d{{4}})"
_PUBLICATION = re.compile(
    r"\s*\b(?:op|in|on|uit|from|van|of)\s+(?:een|het|de|an?|the|its)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:pagina|page|bericht|item|tekst|text|artikel|article|folder|leaflet|rapport|report)\b"
    rf"(?:\s+(?:over|about|on|van|of)\s+(?:[^\s,;:]+\s+){{0,6}}?)??(?:\s*(?:uit|van|from|of|on|op)\s+{_DATE})?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*[^\s.,;:)]", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?:,\s*|\s+)(?:aldus|volgens|according to)\b[^,;:\d]*(?:{_DATE}(?=[\s.)]*$|[,;:]))?"
    rf"|,\s*(?:zo\s+)?(?:as\s+)?(?:meldde|meldt|meldden|schreef|schrijft|zei|blijkt)\b[^,;:]*"
    r"|,\s*[^,;:]{2,80}\b(?:reported|wrote|said|says|announced|reports|writes)\b[^,;:]*",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"^(?:(?:op|in|on)\s+{_DATE}\s+)?(?:(?:een|an?)\s+[\w-]+,\s+)?[^,;:]{{2,90}}?\b(?:{_SAYS})\b(?:\s+[^,;:\d]{{2,50}}?\b(?=(?:op|in|on)\s+{_DATE}))?"
    rf"(?:\s+(?:op|in|on)\s+{_DATE})?(?:\s+(?:dat|that)\b)?"
    rf"|^(?:volgens|according to)\b[^,;:]*?(?=,|\s(?:is|was|waren|zijn|kost\w*|kreeg|maakten|starten)\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def canonical(word: str) -> str | None:
    """Return the one word for all that say the same; None for a word that is not listed."""
    return next((name for name, pattern in _SAME if pattern.fullmatch(word)), None)


@lru_cache(maxsize=8_192)
def is_light(word: str) -> bool:
    """Tell whether a word says nothing about the subject of a sentence."""
    return bool(_LIGHT.fullmatch(word)) or word.isdigit()


def qualifiers(text: str) -> frozenset[str]:
    """Return in which respect the figures of a text are less, more or other than the plain figure."""
    return frozenset(name for name, pattern in _QUALIFIERS if pattern.search(text))


@lru_cache(maxsize=4_096)
def without_attribution(text: str) -> str:
    """Return a sentence without who reported it, where and when."""
    shorter = _TAIL.sub("", _PUBLICATION.sub("", _ADDRESS.sub("", text)))
    head = _HEAD.match(shorter)
    # What is left must be able to say something.
    return shorter[head.end() :] if head and len(shorter) - head.end() > 12 else shorter
