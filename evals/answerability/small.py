"""Questions put to small indexes, as people make of a few documents of their own.

In an index of a handful of passages no word is rare, and the passages that are found are simply all
there are. Signals mean something else there, so the fit has to see such indexes. Each holds the passages of
a few questions; the same questions are asked of all of them, and have an answer where their passages are.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from assistant.conversation import to_search_query
from assistant.embedder import Embedder
from assistant.index import Index
from assistant.pipeline import ingest
from assistant.settings import Settings
from assistant.types import Reason
from evals.answerability.probes import Probe, Prober
from evals.cases import Case
from evals.external_set import QuestionSet

_DOCUMENTS = (1, 1, 2, 4, 4, 8, 20)
"""Documents with headings in each index of the corpus."""
_PASSAGES = (1, 2, 3, 6, 12, 25)
"""Passages of plain text in each index of any set."""
_Value = TypeVar("_Value")
_OTHERS = 20
"""Questions, at most, that an index is asked beside those whose passages it holds."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of small indexes."""

    text: str
    language: str
    group: str
    reason: Reason | None = None
    must_say: Sequence[Sequence[str]] = ()
    passage: str = ""
    """That answers it; empty where none does, or more than one."""
    answerable: bool = False
    """In one index."""


def of_corpus(
    cases: Sequence[Case], corpus: Path, whole: Path, cache: Path, embedder: Embedder, settings: Settings
) -> list[Probe]:
    """Ask cases of small indexes of documents of the corpus, and of plain text cut from it.

    `whole` is an index of all of it.
    """
    told = [case for case in cases if not case.history and case.reason != "unclear_question"]
    told.sort(key=lambda case: _shuffled(case.id))
    gold: dict[str, set[str]] = {}
    for case in told:
        gold.setdefault(case.pair, set()).update(one.document for one in case.relevant)
    names = sorted({one for documents in gold.values() for one in documents}, key=_shuffled)
    found: list[Probe] = []
    for number, size in enumerate(_DOCUMENTS):
        chosen = _turned(names, 11 * number)[:size]
        folder = cache / f"documents-{number}"
        for name in chosen:
            _copy(corpus / name, folder / "files" / name)
        asked = [one for case in told if (one := _of_documents(case, gold[case.pair], chosen))]
        found += _probes(folder, asked, "small", embedder, settings)
    with Index.open(whole) as index:
        rows = [_of_case(case, _passage(case, index)) for case in told]
    wanted = [one for one, case in zip(rows, told, strict=True) if one.passage or not case.answerable]
    return found + _of_texts(wanted, cache / "text", "small text", embedder, settings)


def of_passages(questions: QuestionSet, cache: Path, embedder: Embedder, settings: Settings) -> list[Probe]:
    """Ask somebody else's questions of small indexes of their passages, as plain text."""
    texts = {one.id: one.text.strip() for one in questions.passages}
    found = []
    for one in sorted(questions.questions, key=lambda question: _shuffled(question.id)):
        text = next((texts[name] for name in sorted(one.relevant) if name in texts), "")
        if one.text.strip() and text and not one.history:
            found.append(_Asked(one.text, one.language, f"{questions.name}/{one.id}", passage=text))
    return _of_texts(found, cache / questions.name, f"small {questions.name}", embedder, settings)


def _of_texts(
    questions: Sequence[_Asked], cache: Path, source: str, embedder: Embedder, settings: Settings
) -> list[Probe]:
    """Ask questions of indexes of the passages of some of them."""
    found: list[Probe] = []
    for number, size in enumerate(_PASSAGES):
        turned = _turned(questions, 29 * number)
        texts = list(dict.fromkeys(one.passage for one in turned if one.passage))[:size]
        folder = cache / f"passages-{number}"
        (folder / "files").mkdir(parents=True, exist_ok=True)
        for position, text in enumerate(texts):
            (folder / "files" / f"{position}.txt").write_text(f"{text}\n", encoding="utf-8")
        asked = [replace(one, answerable=one.passage in texts) for one in turned]
        found += _probes(folder, asked, source, embedder, settings)
    return found


def _of_case(case: Case, passage: str = "", *, answerable: bool = False) -> _Asked:
    """Return a case as a question of a small index."""
    reason = None if case.answerable else case.reason
    return _Asked(case.question, case.language, f"cases/{case.pair}", reason, case.must_say, passage, answerable)


def _of_documents(case: Case, gold: Set[str], chosen: Sequence[str]) -> _Asked | None:
    """Label a case for an index of some documents; None where they hold a part of the answer."""
    own = {one.document for one in case.relevant}
    if own and own <= set(chosen):
        return _of_case(case, answerable=True)
    return None if gold & set(chosen) else _of_case(case)


def _probes(
    folder: Path, asked: Sequence[_Asked], source: str, embedder: Embedder, settings: Settings
) -> Iterator[Probe]:
    """Ask the questions of one index, of those without an answer only some; the index is made when it is not there."""
    directory = folder / "index"
    own = settings.model_copy(update={"index": settings.index.model_copy(update={"directory": directory})})
    if not (directory / "CURRENT").is_file():
        ingest([folder / "files"], own, embedder=embedder)
    inside = [one for one in asked if one.answerable]
    outside = [one for one in asked if not one.answerable][: max(_OTHERS, len(inside))]
    with Index.open(directory) as index:
        prober = Prober(index, embedder, own)
        for one in [*inside, *outside]:
            if not one.answerable and _says_it_anyway(one, index):
                continue
            query = to_search_query(one.text)
            found = prober.found(query, prober.search(query))
            yield Probe(
                source, one.group, "asked", one.language, one.answerable, one.reason, query, *found, prober.knowledge
            )


def _says_it_anyway(one: _Asked, index: Index) -> bool:
    """Tell whether a passage of an index says all that an answer must say."""
    texts = (index.chunk(row).text.casefold() for row in range(index.size))
    return bool(one.must_say) and any(
        all(any(form.casefold() in text for form in forms) for forms in one.must_say) for text in texts
    )


def _passage(case: Case, index: Index) -> str:
    """Return the passage of the corpus that holds the one quote of a case."""
    if len(case.relevant) != 1:
        return ""
    (gold,) = case.relevant
    rows = index.rows(gold.document) if gold.document in index.documents else ()
    chunks = (index.chunk(row) for row in rows)
    return next((one.text for one in chunks if gold.quote in one.text), "")


def _copy(source: Path, target: Path) -> None:
    """Copy a document, and the metadata beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in (source, source.with_suffix(".yaml")):
        if path.is_file():
            shutil.copyfile(path, target.parent / path.name)


def _turned(values: Sequence[_Value], by: int) -> list[_Value]:
    """Return values from a place on, and then those before it."""
    at = by % max(1, len(values))
    return [*values[at:], *values[:at]]


def _shuffled(name: str) -> str:
    """Return the key of an order that has nothing to do with names."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
