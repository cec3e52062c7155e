"""Logging: structured, content-free. No text from people, no names, no Slack ids."""

from __future__ import annotations

import logging
import sys

import structlog

#: Libraries that log request bodies, payloads or addresses at DEBUG or INFO: never below WARNING.
TALKATIVE = ("slack_bolt", "slack_sdk", "aiohttp", "sqlalchemy", "apscheduler", "asyncio")


def set_up(*, json: bool, level: str = "INFO") -> None:
    """Log to standard error, as JSON lines or for a person to read."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def quiet_libraries() -> logging.Logger:
    """Keep the libraries' own loggers from telling what people write.

    Returns the logger for Bolt, which names its loggers after the app and gives each the level of the one
    that it is handed, else of the root: those are not found by a library's name.
    """
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL if name.startswith("slack") else logging.WARNING)
    return logging.getLogger("slack_bolt")
