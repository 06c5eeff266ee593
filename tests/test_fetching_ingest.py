"""From the internet to an answer: `ingest.py --fetch` against a real server, with the real embedder."""

import json
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF
from web import Exchange, Web, serving

from assistant.commands import assistant, ingest

REGISTER = """
{name}:
  title: {title}
  publisher: NL AIC
  date: 2023-12-20
  language: nl
  authority: A
  url: {url}
"""
PILOT = """---
title: De financiering van de pilot
kind: funding
language: nl
---

## Hoeveel geld was er voor de pilot?

De pilot Learning Communities kostte in totaal 850.000 euro, meldde de NL AIC op 20 december 2023.[^resultaten]

## Wie leidde de pilot?

Myrna van de Water was programmamanager van de pilot.[^resultaten]
"""
ARTICLE = (
    "<!doctype html><html lang=nl><head><title>Welkom</title></head><body><nav>Home Contact</nav><main>"
    "<h1>Resultaten</h1><p>Hogescholen onderzochten hoe zij een uitdaging kunnen oppakken.</p>"
    "<p>Het totale bedrag voor het pilotprogramma bedroeg 850.000 euro.</p>"
    "<p>De regeling werd door anderen uitgevoerd, met subsidie van het ministerie.</p></main></body></html>"
)


@cache
def pdf() -> bytes:
    """Return the same bytes each time: the library writes the time into them."""
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=12)
    made.multi_cell(0, 8, "Het jaarverslag noemt dertien regionale hubs voor kunstmatige intelligentie.")
    return bytes(made.output())


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Serve two originals, and stand in a folder whose corpus/ lists them."""
    monkeypatch.chdir(tmp_path)
    # Chroma tells folders apart by their names alone, and every test stands in another one.
    monkeypatch.setenv("ASSISTANT_INDEX__DIRECTORY", str(tmp_path / "index"))
    with serving() as served:
        monkeypatch.setenv("ASSISTANT_FETCH__PORTS", f"[{served.port}]")
        monkeypatch.setenv("ASSISTANT_FETCH__HOST_INTERVAL_SECONDS", "0")
        served.routes = {
            "/resultaten": lambda one: one.send(ARTICLE.encode()),
            "/verslag.pdf": lambda one: one.send(pdf(), "application/pdf"),
        }
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "geld.nl.md").write_text(PILOT, encoding="utf-8")
        register(
            corpus, resultaten=served.url("/resultaten", "127.0.0.1"), verslag=served.url("/verslag.pdf", "127.0.0.1")
        )
        yield served


def register(corpus: Path, **addresses: str) -> None:
    entries = [REGISTER.format(name=name, title=f"De {name}", url=url) for name, url in addresses.items()]
    (corpus / "sources.yaml").write_text("".join(entries), encoding="utf-8")


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run ingest.py, and return its exit code and report."""
    code = ingest.main([*arguments, "--json"])
    written = capfd.readouterr()
    assert code != 2, written.err
    return code, json.loads(written.out)


def ask(capfd: pytest.CaptureFixture[str], question: str) -> dict[str, Any]:
    assert assistant.main(["ask", question, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def documents() -> dict[str, dict[str, Any]]:
    folder = Path("index") / Path("index/CURRENT").read_text(encoding="utf-8").strip()
    rows = map(json.loads, (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def without_moment(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in answer.items() if name not in ("timings", "index")}
    return kept | {"citations": [{**one, "index": ""} for one in answer["citations"]]}


def test_an_original_is_fetched_read_and_cited_first_until_it_leaves_the_register(
    web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    question = "Hoeveel geld was er in totaal voor de pilot?"
    assert run(capfd)[0] == 0
    before = ask(capfd, question)

    code, report = run(capfd, "--fetch", "--allow-private")
    assert (code, report["fetch"]["new"]) == (0, ["resultaten", "verslag"])
    assert report["added"] == ["originals/resultaten.html", "originals/verslag.pdf"]
    row = documents()["originals/resultaten.html"]
    assert [row[name] for name in ("title", "kind", "language", "sources", "updated")] == [
        "De resultaten", "original", "nl", ["resultaten"], "2023-12-20",
    ]  # fmt: skip

    after = ask(capfd, question)
    first = after["citations"][0]
    assert after["sentences"][0]["citations"] == [1, 2]
    assert [one["document"] for one in after["citations"][:2]] == ["originals/resultaten.html", "geld.nl.md"]
    assert first["quote"] == "Het totale bedrag voor het pilotprogramma bedroeg 850.000 euro."
    assert first["sources"][0]["url"] == web.url("/resultaten", "127.0.0.1")
    assert [one["text"] for one in after["sentences"]] == [one["text"] for one in before["sentences"]]
    alone = ask(capfd, "Hoeveel regionale hubs noemt het jaarverslag?")
    assert (alone["citations"][0]["document"], alone["citations"][0]["page"]) == ("originals/verslag.pdf", 1)

    code, report = run(capfd)
    assert (code, report["written"], report["documents"]) == (0, False, 3), "a plain run keeps the originals"
    assert run(capfd, "corpus")[1]["documents"] == 1, "paths that are named stand for themselves"
    assert without_moment(ask(capfd, question)) == without_moment(before)

    register(tmp_path / "corpus", resultaten=web.url("/resultaten", "127.0.0.1"))
    assert set(run(capfd)[1]["added"]) == {"originals/resultaten.html"}, "what the register does not list is left out"
    code, report = run(capfd, "--fetch", "--allow-private")
    assert (report["fetch"]["removed"], report["fetch"]["unchanged"]) == (["verslag"], ["resultaten"])
    assert not (tmp_path / "originals" / "verslag.pdf").exists()


def test_what_was_not_fetched_or_not_taken_is_named_and_the_rest_goes_in(
    web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    web.routes["/resultaten"] = lambda one: one.send(b"<html><body><script>alles</script></body></html>")
    web.routes["/verslag.pdf"] = lambda one: one.send(b"weg", status=404)
    assert ingest.main(["--fetch", "--allow-private"]) == 1
    said = capfd.readouterr().out
    assert "1 new, 0 changed, 0 unchanged, 1 failed, 0 without address, 0 removed." in said
    assert "Not fetched: verslag: 127.0.0.1 does not have the page (status 404)" in said
    assert "Not taken: originals/resultaten.html: The page holds no readable text" in said
    assert list(documents()) == ["geld.nl.md"]


def test_an_original_that_was_tampered_with_is_not_cited(
    web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(capfd, "--fetch", "--allow-private")
    (tmp_path / "originals" / "resultaten.html").write_text(ARTICLE.replace("850", "900"), encoding="utf-8")
    code, report = run(capfd)
    assert code == 1 and "changed since it was fetched" in report["refused"][0]["reason"]
    assert report["removed"] == ["originals/resultaten.html"]
    assert run(capfd, "--fetch", "--allow-private")[1]["fetch"]["changed"] == ["resultaten"]


def test_a_new_title_in_the_register_is_taken_over(web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(capfd, "--fetch", "--allow-private")
    path = tmp_path / "corpus" / "sources.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("De resultaten", "Uitkomsten"), encoding="utf-8")
    assert run(capfd)[1]["changed"] == ["originals/resultaten.html"]
    assert documents()["originals/resultaten.html"]["title"] == "Uitkomsten"


def test_the_index_stays_as_it_was_when_fetching_is_interrupted(
    web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import _thread

    run(capfd)
    monkeypatch.setenv("ASSISTANT_FETCH__PARALLEL", "1")

    def interrupting(one: Exchange) -> None:
        threading.Timer(0.3, _thread.interrupt_main).start()
        time.sleep(2)

    web.routes["/verslag.pdf"] = interrupting
    assert ingest.main(["--fetch", "--allow-private"]) == 130
    assert "Stopped; the index is as it was" in capfd.readouterr().err
    assert list(documents()) == ["geld.nl.md"] and not list((tmp_path / "originals").glob(".partial/*"))
    assert run(capfd)[1]["added"] == ["originals/resultaten.html"], "what had come in is there for the next run"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fetch", "nergens"], "nergens/sources.yaml does not exist"),
        (["--fetch", "corpus", "corpus"], "takes one folder"),
        (["--fetch", "--rollback"], "not allowed with argument"),
        (["--fetch", "."], "originals lies in ."),
    ],
)
def test_what_cannot_run_is_said_in_one_line(
    web: Web, tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "sources.yaml").write_text("", encoding="utf-8")
    assert ingest.main(arguments) == 2
    written = capfd.readouterr().err
    assert said in written and written.count("\n") == 1 and not web.seen


def test_without_the_flag_nothing_on_this_machine_is_fetched(web: Web, capfd: pytest.CaptureFixture[str]) -> None:
    code, report = run(capfd, "--fetch")
    assert code == 1 and len(report["fetch"]["failed"]) == 2 and not web.seen
    assert "which is this machine itself" in report["fetch"]["failed"][0]["reason"]
