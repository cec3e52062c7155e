"""Arguments as clients send them: query, form, JSON and multipart, merged."""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.errors import ApiError
from sandbox.model import Json

_TRUE = (True, 1, "1", "true", "True")


async def merged(request: Request) -> Json:
    """The arguments of a request; what the body says wins over the query."""
    arguments: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            for key, value in form.multi_items():
                arguments[key] = await value.read() if isinstance(value, UploadFile) else value
    elif kind == "application/json":
        arguments |= _json_body(await request.body())
    elif await request.body():
        raise ApiError("invalid_post_type" if kind else "missing_post_type")
    return arguments


def _json_body(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except ValueError as error:
        raise ApiError("invalid_json") from error
    if not isinstance(value, dict):
        raise ApiError("json_not_object")
    return value


class Args:
    """Reads arguments with the leniency of Slack: `1` is true, nested values may be JSON strings."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are taken as written."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        """A string that must be there."""
        value = self.text(name)
        if not value:
            raise ApiError("invalid_arguments", f"[ERROR] missing required field: {name}")
        return value

    def given(self, name: str) -> bool:
        """Whether the argument is there at all."""
        return self.values.get(name) is not None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean."""
        return self.values[name] in _TRUE if self.given(name) else default

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError as error:
            raise ApiError("invalid_arguments", f"[ERROR] must be an integer: {name}") from error

    def nested(self, name: str, malformed: str = "invalid_arguments") -> Any:
        """An object or a list, given as such or as JSON; `malformed` is the error if it is neither."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise ApiError(malformed) from error
        if not isinstance(value, (dict, list)):
            raise ApiError(malformed)
        return value

    def ids(self, name: str) -> list[str]:
        """Ids given as a list, a JSON list or separated by commas."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("["):
            value = self.nested(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]
