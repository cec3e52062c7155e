"""Logging: structured, content-free. No text from people, no names, no Slack ids.

Only listed fields are logged; everything else is dropped, whatever the logger and the level. Of a library's
records only the library, the level and the type of error are kept: their messages quote payloads.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

#: Libraries that log request bodies, payloads or addresses at DEBUG or INFO: never below WARNING.
TALKATIVE = ("slack_bolt", "slack_sdk", "aiohttp", "sqlalchemy", "apscheduler", "asyncio", "aiosmtplib")

#: The fields that a log line may have.
FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "kind",
        "code",
        "error",
        "reference",
        "at",
        "listener",
        "job",
        "task",
        "row",
        "hash",
        "attempts",
        "seconds",
        "port",
        "number",
    }
)
#: Event names are a few lower-case words; all other values are identifiers, files or numbers.
_EVENT = re.compile(r"[a-z][a-z._-]*(?: [a-z][a-z._-]*){0,5}")
_VALUE = re.compile(r"[A-Za-z0-9_.:/+-]+")
_SLACK_ID = re.compile(r"(?<![A-Za-z0-9])[UWCDGTBFAES][A-Z0-9]{6,}|xox[a-z]-|xapp-|\d{10}\.\d{6}")
_LONGEST = 100


def allow_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that keeps only what may be logged."""
    return {
        name: _safe(value, _EVENT if name == "event" else _VALUE)
        for name, value in event.items()
        if name in FIELDS
    }


def _safe(value: object, form: re.Pattern[str]) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    safe = len(text) <= _LONGEST and form.fullmatch(text) and not _SLACK_ID.search(text)
    return text if safe else "…"


class _ThroughTheList(logging.Handler):
    """Forwards the records of libraries to structlog, without their messages."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        fields = {"logger": record.name.partition(".")[0]} | ({"error": error} if error else {})
        structlog.get_logger().log(record.levelno, "library", **fields)


def set_up(*, json: bool, level: str = "INFO") -> None:
    """Log to standard error, as JSON lines or for a person to read."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger().handlers[:] = [_ThroughTheList()]
    logging.captureWarnings(True)


def quiet_libraries() -> logging.Logger:
    """Keep the libraries' own loggers from logging what people write.

    Return the logger to hand to Bolt: it names its loggers after the app, so they are not found by a
    library's name, and gives each the level of the logger that it is handed, otherwise of the root.
    """
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL if name.startswith("slack") else logging.WARNING)
    return logging.getLogger("slack_bolt")


def place_of(error: BaseException) -> str:
    """Return the innermost line of our own code: an error's message may quote what people wrote."""
    root = Path(__file__).parents[1]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(root) and ".venv" not in path.parts:
            return f"{path.relative_to(root)}:{frame.lineno}"
    return "elsewhere"
