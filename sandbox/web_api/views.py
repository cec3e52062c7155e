"""views.*, and blocks.validate"""

from __future__ import annotations

import re
from typing import Any

from sandbox import limits, modals
from sandbox.api_errors import ApiError, BadBlocks
from sandbox.block_kit.checks import check_message, check_view, view_bytes
from sandbox.model import Json
from sandbox.serializers import view_json
from sandbox.web_api.context import Args, Context, method


@method("views.open")
def open_modal(context: Context, args: Args) -> Json:
    view = _checked(args, "modal")
    user = context.tokens.exchange(args.required("trigger_id"))
    return {"view": view_json(modals.show(context.ws, user, view))}


@method("views.update")
def update(context: Context, args: Args) -> Json:
    view = context.ws.view(args.required("view_id"))
    if view is None:
        raise ApiError("not_found")
    payload = _checked(args, view.payload["type"])
    return {"view": view_json(modals.update(context.ws, view, payload))}


@method("views.publish")
def publish(context: Context, args: Args) -> Json:
    if not context.ws.manifest.home_tab:
        raise ApiError("not_enabled")
    user = context.ws.users.get(args.required("user_id"))
    if user is None or user.is_bot:
        raise ApiError("invalid_arguments", "invalid `user_id`")
    return {"view": view_json(modals.publish(context.ws, user.id, _checked(args, "home")))}


def _checked(args: Args, kind: str) -> Json:
    view = args.nested("view")
    if view is None:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view")
    wrong = check_view(view)
    if wrong:
        raise BadBlocks("invalid_arguments", wrong)
    if view["type"] != kind:
        raise ApiError("invalid_arguments", f"[ERROR] must be of type {kind} [json-pointer:/view/type]")
    if view_bytes(view) > limits.VIEW_BYTES:
        raise ApiError("view_too_large")
    checked: Json = view
    return checked


_FINDING = re.compile(r"\[ERROR\] (.*) \[json-pointer:(.*)\]", re.DOTALL)


@method("blocks.validate")
def validate(_: Context, args: Args) -> Json:
    """Check blocks, a view or a message, without a token (docs.slack.dev/reference/methods/blocks.validate).

    Attachments are not checked. Errors have no `constraint`: the checks only give messages.
    """
    given = [name for name in _CHECKS if args.values.get(name) not in (None, "")]
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
    """Check a message of blocks and attachments. `text` is refused (slackapi/node-slack-sdk#2659)."""
    if not isinstance(message, dict):
        return ["[ERROR] must provide an object [json-pointer:]"]
    more = sorted(message.keys() - {"blocks", "attachments"})
    return [
        *(f"[ERROR] invalid additional property: {name} [json-pointer:]" for name in more),
        *(check_message(message["blocks"]) if "blocks" in message else ()),
    ]


def _error(finding: str, name: str) -> Json:
    """Return the error with a pointer relative to the argument."""
    found = _FINDING.fullmatch(finding)
    message, pointer = found.groups() if found is not None else (finding, "")
    return {"code": "failed_constraint", "message": message, "pointer": pointer.removeprefix(f"/{name}")}


_CHECKS = {"blocks": check_message, "message": _message, "view": check_view}
