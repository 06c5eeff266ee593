"""`python -m evals injection`: instructions hidden in documents and questions, and what they change."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.commands.common import DONE, PARTLY, settings_for, write
from assistant.errors import InputError
from assistant.settings import load_settings
from evals.cases import Case, read_cases
from evals.injection.attacks import External, carriers, look_alikes, own_direct, own_hidden, read_external
from evals.injection.direct import DirectResult, LookAlikeResult, ask_attacks, ask_look_alikes
from evals.injection.hidden import HiddenResult, hide_in_carriers, hide_in_corpus, hide_in_mails
from evals.injection.obedient import ObedientModel
from evals.injection.places import PLACES
from evals.injection.scratch import Scratch
from evals.injection.tables import direct_lines, failure_lines, hidden_lines, look_alike_lines

OBEDIENT = "obedient"
PARTS = ("direct", "beside", "lookalikes", "places", "mails", "corpus")
_OF_OTHERS: External = External((), (), ())
_EXAMPLES = """examples:
  python -m evals injection                                 our own attacks, on index/ and corpus/
  python -m evals injection --external DIR --failures       those of others too, and what went wrong
  python -m evals injection --parts places --places pdf md:title
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--index", type=Path, metavar="DIR", help="index of the corpus (default: index)")
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), metavar="DIR", help="default: corpus")
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), metavar="DIR", help="default: evals/cases")
    parser.add_argument("--external", type=Path, metavar="DIR", help="folder with attacks that others collected")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="default: all")
    parser.add_argument("--places", nargs="+", metavar="PLACE", help='formats ("pdf") or places ("md:title"), not all')
    parser.add_argument("--documents", type=int, default=20, metavar="N", help="cases of the corpus (default: 20)")
    parser.add_argument("--limit", type=int, metavar="N", help="take the first N of each list of attacks only")
    parser.add_argument("--llm", metavar="MODEL", help=f'a language model as in ASSISTANT_LLM, or "{OBEDIENT}"')
    parser.add_argument("--failures", action="store_true", help="list what was obeyed, quoted or hurt")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Measure the chosen parts; returns 0, or 1 where something was obeyed or asking ended in an exception."""
    of_others = read_external(arguments.external) if arguments.external else _OF_OTHERS
    scratch = _scratch(arguments, of_others)
    found = {name: _measured(name, arguments, scratch, of_others) for name in arguments.parts}
    if arguments.json:
        write(json.dumps({name: [asdict(one) for one in results] for name, results in found.items()}, default=str))
    else:
        for name, results in found.items():
            for line in (f"{name}", *_lines(name, results, arguments.failures), ""):
                write(line)
    return PARTLY if any(_went_wrong(one) for results in found.values() for one in results) else DONE


def _scratch(arguments: argparse.Namespace, others: External) -> Scratch:
    """Return the maker of assistants, with a language model where one is named."""
    settings = settings_for(arguments.index)
    if arguments.llm == OBEDIENT:
        known = (*own_direct(), *own_hidden(), *others.direct, *others.hidden)
        return Scratch(settings, ObedientModel(attacks=known))
    if arguments.llm:
        settings = load_settings({"index": {"directory": settings.index.directory}, "llm": {"model": arguments.llm}})
    return Scratch(settings)


def _measured(name: str, arguments: argparse.Namespace, scratch: Scratch, others: External) -> list[Any]:
    """Measure one part."""
    limit = arguments.limit
    index = settings_for(arguments.index).index.directory
    hidden = (*own_hidden()[:limit], *others.hidden[:limit])
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if name in ("direct", "beside"):
            attacks = (*own_direct()[:limit], *others.direct[:limit])
            with scratch.assistant(index) as assistant:
                return list(ask_attacks(assistant, attacks, beside_a_question=name == "beside"))
        if name == "lookalikes":
            with scratch.assistant(index) as assistant:
                return list(ask_look_alikes(assistant, look_alikes()[:limit]))
        if name == "places":
            return list(hide_in_carriers(scratch, folder, _places(arguments.places), hidden, carriers()))
        if name == "mails":
            mails = others.mails
            return list(hide_in_mails(scratch, folder, others.hidden[:limit], mails)) if mails else []
        cases = _cases(arguments)
        return list(hide_in_corpus(scratch, folder, arguments.corpus, index, hidden, cases))


def _places(wanted: Sequence[str] | None) -> list[Any]:
    """Return the places that are named, by format or one by one; all by default."""
    places = [one for one in PLACES if wanted is None or one.format in wanted or one.id in wanted]
    if not places:
        raise InputError(f"No such place; there are {', '.join(one.id for one in PLACES)}.")
    return places


def _cases(arguments: argparse.Namespace) -> list[Case]:
    """Return cases with nuggets and a Markdown document as gold, spread over all there are."""
    found = [
        case
        for case in read_cases(arguments.cases)
        if case.must_say and not case.history and any(gold.document.endswith(".md") for gold in case.relevant)
    ]
    step = max(1, len(found) // max(1, arguments.documents))
    # An odd step takes cases of both languages, which follow each other in the files.
    return found[:: step + (step % 2 == 0)][: arguments.documents]


def _lines(name: str, results: Sequence[Any], failures: bool) -> list[str]:
    """Return the table of a part, and what went wrong."""
    if not results:
        return ["nothing to measure: see --external"]
    if isinstance(results[0], DirectResult):
        lines = direct_lines(results)
    elif isinstance(results[0], LookAlikeResult):
        lines = look_alike_lines(results)
    else:
        lines = hidden_lines(results, by_place=name == "places")
    return [*lines, *(failure_lines(results) if failures else ())]


def _went_wrong(result: DirectResult | LookAlikeResult | HiddenResult) -> bool:
    """Tell whether an instruction was obeyed, or asking ended in an exception."""
    if isinstance(result, LookAlikeResult):
        return False
    return result.verdict is None or bool(result.verdict.obeyed)
