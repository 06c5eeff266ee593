"""What the running program tells whoever runs it: one line per event on stderr.

A question may hold personal data, and so may the message of an exception that it brought up. Neither is
logged unless a setting says so.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from assistant.errors import AssistantError, InputError
from assistant.settings import ServeSettings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is being worked on; "" outside of one."""

_DETAILS: Final = "details"
_OURS: Final = "assistant"
_Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up_logging(options: ServeSettings) -> None:
    """Send all log records to stderr in the form that the settings name; replaces what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    form = JsonLines if options.log_format == "json" else PlainLines
    handler.setFormatter(form(options.log_questions))
    # Others' records hold addresses and request lines, and with them what people search for.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(options.log_level.upper())
    logging.captureWarnings(True)


def event(log: logging.Logger, message: str, level: int = logging.INFO, **details: Any) -> None:
    """Log an event with its details as fields of their own."""
    log.log(level, message, extra={_DETAILS: details})


class _Lines(logging.Formatter):
    """What both forms share: the fields of a record, without what a question may have brought in."""

    def __init__(self, with_questions: bool) -> None:
        """Show the messages of all exceptions, or only of those that hold nothing of a question."""
        super().__init__()
        self._with_questions = with_questions

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return a record as plain values."""
        values: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := request_id.get():
            values["request_id"] = identifier
        values |= getattr(record, _DETAILS, {})
        if record.exc_info and record.exc_info[0] is not None and record.exc_info[1] is not None:
            values["exception"] = self._exception(record.exc_info[1])
        return values

    def _exception(self, raised: BaseException) -> str:
        """Return an exception with what caused it, outermost cause first."""
        cause = raised.__cause__ or (None if raised.__suppress_context__ else raised.__context__)
        before = f"{self._exception(cause)}\n" if cause is not None else ""
        told = self._with_questions or (isinstance(raised, AssistantError) and not isinstance(raised, InputError))
        name = type(raised).__name__ + (f": {raised}" if told else "")
        return f"{before}{''.join(traceback.format_tb(raised.__traceback__))}{name}"


class JsonLines(_Lines):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        return json.dumps(self.fields(record), ensure_ascii=False, default=str)


class PlainLines(_Lines):
    """One line for people: time, level, message, details; an exception on the lines below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text."""
        fields = self.fields(record)
        exception = fields.pop("exception", "")
        head = f"{fields.pop('time')} {fields.pop('level')} {fields.pop('logger')}: {fields.pop('message')}"
        details = "".join(f" {name}={value}" for name, value in fields.items())
        return f"{head}{details}" + (f"\n{exception}" if exception else "")
