"""pins.add; a pinned message is said so by a line of Slack's own."""

from __future__ import annotations

from sandbox import channels, scopes
from sandbox.api_errors import ApiError
from sandbox.model import Json
from sandbox.web_api.context import Args, Context, Method


def add(context: Context, args: Args) -> Json:
    """pins.add, with the refusals of https://docs.slack.dev/reference/methods/pins.add.

    That owners let nobody pin (`permission_denied`) is a fault of this method, by its code.
    """
    scopes.need(context.ws, "pins:write")
    channel = context.channel(args.required("channel"))
    if context.bot not in channel.members:
        raise ApiError("not_in_channel")
    if channel.archived:
        raise ApiError("is_archived")
    ts = args.text("timestamp")
    if not ts:
        raise ApiError("no_item_specified")
    if not ts.replace(".", "", 1).isdecimal():
        raise ApiError("bad_timestamp")
    message = channel.messages.get(ts)
    if message is None:
        raise ApiError("message_not_found")
    if message.subtype not in ("", "file_share"):
        raise ApiError("not_pinnable")
    if ts in channel.pins:
        raise ApiError("already_pinned")
    channels.pin_message(context.ws, channel, message, context.bot)
    return {}


METHODS: dict[str, Method] = {"pins.add": add}
