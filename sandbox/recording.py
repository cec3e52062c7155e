"""The recorded log: every Web API call."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.model import Json


@dataclass
class Call:
    """One Web API call as the server saw it."""

    method: str
    arguments: Json
    answer: Json | str | None
    """The JSON body, the plain text, or None if no answer was sent."""
    status: int | None
    """The HTTP status, or None if the connection was dropped or left hanging."""
    time: str
    """The moved time, ISO 8601."""
    fault: str = ""
    """The fault it met."""

    @property
    def ok(self) -> bool:
        """True if the caller was told that it succeeded."""
        return isinstance(self.answer, dict) and self.answer.get("ok") is True

    @property
    def error(self) -> str:
        """The error code the caller was told, or an empty string."""
        return str(self.answer.get("error", "")) if isinstance(self.answer, dict) else ""


def write_calls(calls: list[Call], path: str | os.PathLike[str]) -> None:
    """Writes calls.jsonl: one call a line."""
    lines = [json.dumps(asdict(call), ensure_ascii=False) for call in calls]
    Path(path).write_text("".join(line + "\n" for line in lines), "utf-8")
