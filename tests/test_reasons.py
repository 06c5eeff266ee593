"""Every reason that a loader can give, in Dutch."""

import ast
import re
from pathlib import Path

import pytest

from assistant.reasons import reason_in

ASSISTANT = Path(__file__).parent.parent / "assistant"
FILES = [*sorted((ASSISTANT / "loaders").glob("*.py")), ASSISTANT / "pipeline" / "originals.py"]
SENTENCE = re.compile(r"(?:The|This|Files|Line) .+\.", re.DOTALL)


def said(node: ast.AST) -> str | None:
    """Return the text of a string, with something in the place of what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(said(part) or "7" for part in node.values)
    return None


def reasons() -> list[str]:
    """Return every sentence of the loaders that is no docstring."""
    found = set()
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        strings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        inner = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
        for node in ast.walk(tree):
            text = said(node)
            if text and id(node) not in strings | inner and SENTENCE.fullmatch(text):
                found.add(text)
    return sorted(found)


@pytest.mark.parametrize("reason", reasons())
def test_every_reason_of_a_loader_is_known_in_dutch(reason: str) -> None:
    dutch, language = reason_in("nl", reason)
    assert language == "nl" and dutch != reason and "{" not in dutch
    assert reason.count("7") <= dutch.count("7"), "what was filled in is lost"
    assert reason_in("en", reason) == (reason, "en")


def test_there_are_reasons_to_check() -> None:
    assert len(reasons()) > 35


def test_what_differs_stays_as_it_was() -> None:
    said, _ = reason_in("nl", "The PDF has 6000 pages and the limit is 5000; split it, or raise pdf_pages.")
    assert "6000 pagina" in said and "hoogstens 5000" in said
    tricky = 'Line 3 of the front matter: updated cannot be "{x}" (a date looks like 2024); correct it.'
    assert '"{x}"' in reason_in("nl", tricky)[0]


def test_an_unknown_reason_stays_english_and_says_so() -> None:
    assert reason_in("nl", "Something new happened.") == ("Something new happened.", "en")
    assert reason_in("und", "The PDF is empty; save the document again.")[1] == "en"
