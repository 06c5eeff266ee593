"""The sentence that confirms a claim, and the one that contradicts it.

Three things contradict: another figure of the same kind about the same thing, a sentence that denies what is claimed,
and another party in a role that one party has. In doubt there is no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.figures import Figure, agrees
from assistant.names import Vocabulary, names_in
from assistant.polarity import NEGATION
from assistant.premises.case import Case, Found
from assistant.premises.statements import (
    Statement,
    clauses,
    content,
    counted,
    holds_word,
    kind_of,
    of_kind,
    same_figure,
    same_moment,
    share,
)
from assistant.premises.vocabulary import DIFFER, EXCLUSIVE, LOOSE, ONCE, OTHER_ACTIONS, ROLES_OF_ONE, TELLING
from assistant.types import Quote

_CONTRADICTS = 0.7
_OPEN_CONTRADICTS = 0.8
"""For a question that is no yes/no question: there the reply "that is not right" surprises more."""
_DENIES = 0.8
_HALF = 0.5
_JUDGED = ("amount", "percentage", "number", "period", "moment")
_NOT_ONLY = re.compile(r"\b(?:niet|not)\s+(?:alleen|enkel|only|just)\b", re.IGNORECASE)
_MULTIPLIED = re.compile(r"\b(?:miljoen|miljard|mln|mld|million|billion|[kKmM])\b|\d[kKmM]\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\b(?:niet|geen|not|no)\s+(?:(?:om|the|about|ongeveer)\s+)?$", re.IGNORECASE)
# What a text is about is said in few ways; that it stands beside a subject in a sentence does not make it so.
_IS_ABOUT = re.compile(
    r"\b(?:is|are|was|were|be)\b.*\babout\b|\b(?:gaat|gaan|ging|gingen)\b.*\bover\b", re.IGNORECASE | re.DOTALL
)
_SAYS_ABOUT = re.compile(
    r"\b(?:about|deals? with|concerns?|discuss\w*|subject|topic|theme|(?:gaat|gaan|ging|gingen)\b.*\bover|"
    r"betreft|betreffen|behandel\w*|besprek\w*|onderwerp\w*|thema\w*)\b",
    re.IGNORECASE | re.DOTALL,
)
_JOINS_NAMES = re.compile(r"[\s(),&/-]*(?:(?:van|of|de|het|the|bij|at|from|voor|for|en|and)[\s(]+)*")


def confirmation(case: Case) -> Quote | None:
    """Return the sentence that states all of the claim, in one clause; None where none does."""
    return _stating(case, negated=case.claim.negated)


def _stating(case: Case, *, negated: bool) -> Quote | None:
    """Return the sentence that states all of the claim, or with `negated` says no to all of it."""
    items = len(case.named) + len(case.stems) + len(case.figures)
    if items < 2 or not (case.stems or case.figures):
        return None
    confirming = [one for one in case.found if _confirms(case, one, negated=negated)]
    # Beside other figures, the claimed one is more likely to be compared with them than stated.
    return min(confirming, key=lambda one: len(case.figures_of(one))).quote if confirming else None


def _confirms(case: Case, found: Found, *, negated: bool) -> bool:
    """Tell whether a sentence states all of the claim, and no more or less than it."""
    wanted, said = case.said.qualifiers, found.said.qualifiers
    if (said - wanted - LOOSE) or (wanted & TELLING) - said or found.stems < 1 or found.names < 1:
        return False
    if (found.said.stems & OTHER_ACTIONS) - case.said.stems:
        return False
    for clause in clauses(found.said.text):
        stems = content(clause, found.said.language)
        holds_all = share(case.stems, stems) == 1 and share(case.named, stems) == 1
        beside_it = _IS_ABOUT.search(case.claim.text) and not _SAYS_ABOUT.search(clause)
        if holds_all and not beside_it and bool(NEGATION.search(clause)) == negated:
            stated = [one for one in case.figures_of(found) if _stands_in(one, found, clause)]
            return all(any(_states(other, one) for other in stated) for one in case.figures)
    return False


def _stands_in(figure: Figure, found: Found, clause: str) -> bool:
    """Tell whether a figure of a sentence stands in one of its clauses."""
    return found.quote.text[figure.start : figure.end] in clause


def _states(stated: Figure, claimed: Figure) -> bool:
    """Tell whether a figure is the claimed one, or a day in the claimed month or year."""
    if kind_of(claimed) == kind_of(stated) == "moment":
        return same_moment(str(claimed.value), str(stated.value))
    return agrees(stated, claimed)


def contradiction(case: Case) -> Quote | None:
    """Return the sentence that states otherwise; None where none does.

    A claim that says no itself is contradicted by a sentence that states all of it without the no.
    """
    if case.claim.negated:
        return None if case.claim.form == "open" else _stating(case, negated=False)
    decisive = _other_figure(case) or _denial(case) or _other_party(case)
    return decisive.quote if decisive else None


def _other_figure(case: Case) -> Found | None:
    """Return the nearest sentence that says the same with another figure."""
    if not (case.named or case.stems):
        return None
    for figure in case.figures:
        kind = _claimed_kind(case, figure)
        if kind not in _JUDGED or (kind == "moment" and not _happens_once(case)):
            continue
        about_it = [one for one in case.found if one.names == 1 and one.stems_in_context >= _HALF]
        if kind == "moment":
            about_it = [one for one in about_it if one.said.stems & case.stems & ONCE]
        denied = next((one for one in about_it if _denies_figure(case, one, figure)), None)
        if denied:
            return denied
        if any(_supports(other, figure) for one in about_it for other in case.figures_of(one)):
            continue
        others = [one for one in about_it if _same_thing(case, one, figure, kind)]
        if others:
            return max(others, key=lambda one: (one.stems, one.similarity))
    return None


def _claimed_kind(case: Case, figure: Figure) -> str:
    """Return the kind of a figure in a claim; "2 million" alone is money, for nothing is counted with it."""
    rough = kind_of(figure) == "number" and not counted(case.said, figure)
    written = case.said.text[figure.start : figure.end]
    return "amount" if rough and _MULTIPLIED.search(written) else kind_of(figure)


def _supports(stated: Figure, claimed: Figure) -> bool:
    """Tell whether a stated figure is the claimed one, as exact or more so."""
    return _states(stated, claimed) or (kind_of(claimed) != "moment" and same_figure(stated, claimed))


def _denies_figure(case: Case, found: Found, figure: Figure) -> bool:
    """Tell whether a sentence says that the figure is not it: "use 276 million and not 376 million"."""
    return any(
        agrees(one, figure) and _NOT_BEFORE.search(found.quote.text[: one.start]) for one in case.figures_of(found)
    )


def _happens_once(case: Case) -> bool:
    """Tell whether another year would be another claim: "the pilot began in 2019", not "a call in 2019"."""
    return case.claim.form in ("check", "reason") and bool(case.stems & ONCE)


def _same_thing(case: Case, found: Found, figure: Figure, kind: str) -> bool:
    """Tell whether a sentence gives a figure of this kind for what the claim is about."""
    stated = case.figures_of(found)
    # What the claim says besides must hold: the call "of 2023" is not the one of 2021.
    if not all(any(_supports(other, one) for other in stated) for one in case.figures if one != figure):
        return False
    least = _CONTRADICTS if case.claim.form in ("check", "exists") else _OPEN_CONTRADICTS
    if found.stems_in_context < least or (case.said.qualifiers - LOOSE) != (found.said.qualifiers - LOOSE):
        return False
    if NEGATION.search(found.said.text) or (_other_names(case, found) and not DIFFER.search(found.said.text)):
        return False
    rivals = [one for one in of_kind(stated, kind) if _as_exact(one, figure) and _beside_subject(case, found, one)]
    if kind != "number":
        return bool(rivals) and all(rival.unit == figure.unit or not figure.unit for rival in rivals)
    whole = Statement(found.quote.text, found.said.language, found.said.stems, frozenset(), frozenset())
    wanted = counted(case.said, figure)
    return bool(wanted) and any(_same_count(wanted, counted(whole, rival)) for rival in rivals)


def _beside_subject(case: Case, found: Found, figure: Figure) -> bool:
    """Tell whether half of what is claimed stands in the same clause as a figure, or above the sentence."""
    clause = next((one for one in clauses(found.said.text) if _stands_in(figure, found, one)), found.said.text)
    return share(case.stems | case.named, content(clause, found.said.language) | found.above) >= _HALF


def _as_exact(stated: Figure, claimed: Figure) -> bool:
    """Tell whether a stated moment could have been the claimed one: a year says nothing against a day in it."""
    return kind_of(claimed) != "moment" or not same_moment(str(stated.value), str(claimed.value))


def _same_count(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two numbers count the same: "four phases", "three clear phases"."""
    fewer, more = sorted((one, other), key=len)
    return bool(fewer) and all(holds_word(stem, more) for stem in fewer)


def _other_names(case: Case, found: Found) -> set[str]:
    """Return the names in a sentence that neither the claim nor what stands above the sentence has."""
    stems = {stem for name in found.said.names for stem in content(name, found.said.language)}
    return {stem for stem in stems if not holds_word(stem, case.named | case.stems | found.above)}


def _denial(case: Case) -> Found | None:
    """Return the nearest sentence that says no to the claim."""
    if case.claim.form == "open" or not case.stems or len(case.named) + len(case.stems) < 2:
        return None
    least = 1.0 if case.claim.form == "reason" else _DENIES
    return next((one for one in case.found if one.stems >= least and one.names == 1 and _denies(case, one)), None)


def _denies(case: Case, found: Found) -> bool:
    """Tell whether what a sentence says no to is what is claimed."""
    for clause in clauses(found.said.text):
        if NEGATION.search(clause) and not _NOT_ONLY.search(clause):
            stems = content(clause, found.said.language)
            figures = case.figures_of(found)
            return share(case.stems, stems) >= _HALF and all(
                any(same_figure(one, other) for other in figures) for one in case.figures
            )
    return False


def _other_party(case: Case) -> Found | None:
    """Return the nearest sentence in which someone else has the role: "Fontys led it", "Windesheim led it"."""
    roles = case.stems & EXCLUSIVE
    if len(roles) != 1 or case.figures or case.claim.form == "open" or len(case.stems | case.named) < 3:
        return None
    role = ROLES_OF_ONE if roles <= ROLES_OF_ONE else roles
    others = case.stems - roles
    in_role = [one for one in case.found if one.said.stems & role and share(others, one.said.stems) == 1]
    if any(one.names == 1 for one in in_role):
        return None
    return next((one for one in in_role if _is_other_party(case, one)), None)


def _is_other_party(case: Case, found: Found) -> bool:
    """Tell whether one name of the claim is missing in a sentence that has one other name."""
    if NEGATION.search(found.said.text) or found.said.qualifiers - case.said.qualifiers - LOOSE:
        return False
    missing = {stem for stem in case.named if not holds_word(stem, found.said.stems | found.above)}
    other = _other_names(case, found)
    return _one_name(case.said, missing) and _one_name(found.said, other)


def _one_name(said: Statement, stems: set[str]) -> bool:
    """Tell whether these words stand side by side, as those of one name do ("Erik Fledderus of Windesheim")."""
    known = Vocabulary(capital={word for word in re.findall(r"\w+", said.text) if word[0].isupper()})
    spans = [
        (start, end)
        for start, end in names_in(said.text, said.language, known)
        if content(said.text[start:end], said.language) & stems
    ]
    gaps = (said.text[one[1] : other[0]] for one, other in pairwise(spans))
    return bool(spans) and all(_JOINS_NAMES.fullmatch(gap) for gap in gaps)
