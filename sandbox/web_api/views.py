"""views.*"""

from __future__ import annotations

from sandbox import limits, modals
from sandbox.api_errors import ApiError, BadBlocks
from sandbox.block_kit.checks import check_view, view_bytes
from sandbox.model import Json, View
from sandbox.serializers import view_json
from sandbox.web_api.context import Args, Context, Method


def open_modal(context: Context, args: Args) -> Json:
    view = _checked(args, "modal")
    user = context.tokens.exchange(args.required("trigger_id"))
    return {"view": view_json(modals.show(context.ws, user, view))}


def update(context: Context, args: Args) -> Json:
    view = context.ws.view(args.required("view_id"))
    if view is None:
        raise ApiError("not_found")
    payload = _checked(args, view.payload["type"])
    _same_hash(args, view)
    return {"view": view_json(modals.update(context.ws, view, payload))}


def publish(context: Context, args: Args) -> Json:
    if not context.ws.manifest.home_tab:
        raise ApiError("not_enabled")
    user = context.ws.users.get(args.required("user_id"))
    if user is None or user.is_bot:
        raise ApiError("invalid_arguments", "invalid `user_id`")
    home = context.ws.homes.get(user.id)
    payload = _checked(args, "home")
    if home is not None:
        _same_hash(args, home)
    return {"view": view_json(modals.publish(context.ws, user.id, payload))}


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


def _same_hash(args: Args, view: View) -> None:
    if args.text("hash") and args.text("hash") != view.hash:
        raise ApiError("hash_conflict")


METHODS: dict[str, Method] = {
    "views.open": open_modal,
    "views.update": update,
    "views.publish": publish,
}
