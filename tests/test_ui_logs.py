"""What stands in the log, and what must not."""

import json
import logging

import pytest

from assistant.errors import IndexDamaged, InputError
from assistant.ui.logs import JsonLines, PlainLines, event, request_id

QUESTION = "Wat verdient Jan Jansen?"


def record(raised: BaseException | None = None, **details: object) -> logging.LogRecord:
    info = (type(raised), raised, raised.__traceback__) if raised else None
    made = logging.LogRecord("assistant.x", logging.ERROR, "x.py", 1, "went %s", ("wrong",), info)
    made.details = details
    return made


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_a_record_is_one_line_of_json() -> None:
    line = JsonLines(False).format(record(raised(KeyError("x")), status="answered", seconds=1.5))
    assert "\n" not in line
    read = json.loads(line)
    assert read["message"] == "went wrong" and read["level"] == "error" and read["status"] == "answered"
    assert read["time"].endswith("+00:00") and "KeyError" in read["exception"] and "request_id" not in read


def test_the_request_stands_in_the_record() -> None:
    token = request_id.set("abc")
    try:
        assert json.loads(JsonLines(False).format(record()))["request_id"] == "abc"
    finally:
        request_id.reset(token)


@pytest.mark.parametrize("form", [JsonLines, PlainLines])
def test_a_question_that_an_exception_names_is_not_logged(form: type[JsonLines] | type[PlainLines]) -> None:
    try:
        try:
            raise ValueError(f"cannot read {QUESTION!r}")
        except ValueError as cause:
            raise InputError(f"cannot answer {QUESTION}") from cause
    except InputError as error:
        failed = record(error)
    assert QUESTION not in form(False).format(failed)
    assert QUESTION in form(True).format(failed)


def test_what_is_wrong_with_the_index_is_logged() -> None:
    assert "chunks.jsonl is missing" in JsonLines(False).format(record(raised(IndexDamaged("chunks.jsonl is missing"))))


def test_an_event_has_fields_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("assistant.test")
    with caplog.at_level(logging.INFO, "assistant.test"):
        event(log, "answered", status="refused")
    line = PlainLines(False).format(caplog.records[0])
    assert line.endswith("info assistant.test: answered status=refused")


def test_a_record_of_another_library_is_shown_too() -> None:
    made = logging.LogRecord("uvicorn.error", logging.WARNING, "x.py", 1, "odd", (), None)
    assert json.loads(JsonLines(False).format(made))["logger"] == "uvicorn.error"
