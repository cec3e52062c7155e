"""blocks.validate, which anybody may call without a token: https://docs.slack.dev/reference/methods/blocks.validate

Attachments are not looked into. An error has no `constraint`: what the checks find they say in words.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox import limits
from sandbox.api_errors import ApiError
from sandbox.block_kit.checks import check_message, check_view
from sandbox.model import Json
from sandbox.web_api.context import Args, Context, Method

_GIVEN = ("blocks", "message", "view")
_FINDING = re.compile(r"\[ERROR\] (.*) \[json-pointer:(.*)\]", re.DOTALL)


def validate(_: Context, args: Args) -> Json:
    given = [name for name in _GIVEN if args.values.get(name) not in (None, "")]
    if len(given) != 1:
        raise ApiError("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
    (name,) = given
    if len(args.text(name)) > limits.VALIDATED:
        raise ApiError("invalid_arguments", f"must be less than {limits.VALIDATED + 1} characters")
    wrong = _CHECKS[name](args.nested(name))
    if wrong:
        raise ApiError(f"invalid_{name}", errors=[_error(each, name) for each in wrong])
    return {}


def _message(message: Any) -> list[str]:
    """A message has blocks or attachments: `text` is refused (slackapi/node-slack-sdk#2659)."""
    if not isinstance(message, dict):
        return ["[ERROR] must provide an object [json-pointer:]"]
    more = sorted(message.keys() - {"blocks", "attachments"})
    return [
        *(f"[ERROR] invalid additional property: {name} [json-pointer:]" for name in more),
        *(check_message(message["blocks"]) if "blocks" in message else ()),
    ]


def _error(finding: str, name: str) -> Json:
    """Return the error with a pointer that begins at what was given."""
    found = _FINDING.fullmatch(finding)
    message, pointer = found.groups() if found is not None else (finding, "")
    return {"code": "failed_constraint", "message": message, "pointer": pointer.removeprefix(f"/{name}")}


_CHECKS = {"blocks": check_message, "message": _message, "view": check_view}
METHODS: dict[str, Method] = {"blocks.validate": validate}
