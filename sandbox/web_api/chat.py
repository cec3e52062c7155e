"""chat.*, pins.add, and reading back: conversations.history"""

from __future__ import annotations

import json
from typing import Any

from sandbox import channels, limits, scopes
from sandbox.api_errors import ApiError, BadBlocks
from sandbox.block_kit.checks import check_message
from sandbox.model import Channel, Json, Message
from sandbox.serializers import message_json
from sandbox.web_api.context import Args, Context, cursor, method, page_size, position


@method("chat.postMessage")
def post_message(context: Context, args: Args) -> Json:
    """Post a message. `channel` may be the id of a channel or of a user."""
    channel = _target(context, args.text("channel"))
    content = _content(args, limits.POST_TEXT)
    message = channels.post_message(
        context.ws, channel, context.bot, **content, metadata=_metadata(args), by_bot=True
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(context.ws, message)}


@method("chat.postEphemeral")
def post_ephemeral(context: Context, args: Args) -> Json:
    channel = _target(context, args.text("channel"))
    user = context.user(args.required("user"))
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(args, limits.POST_TEXT)
    ephemeral = channels.post_ephemeral(context.ws, channel, user.id, **content)
    return {"message_ts": ephemeral.ts}


@method("chat.update")
def update(context: Context, args: Args) -> Json:
    scopes.need(context.ws, "chat:write")
    channel = context.channel(args.required("channel"))
    message = _own(context, channel, args, "cant_update_message")
    if channel.archived:
        raise ApiError("is_inactive")
    content = _content(args, limits.UPDATE_TEXT)
    changes: Json = {"text": content["text"]}
    # What is not given is kept. Slack's behaviour for blocks has varied; keeping them hides nothing.
    if content["blocks"] is not None:
        changes["blocks"] = content["blocks"]
    if args.given("metadata"):
        changes["metadata"] = _metadata(args)
    fresh = channels.edit_message(context.ws, channel, message, context.bot, changes)
    return {
        "channel": channel.id,
        "ts": fresh.ts,
        "text": fresh.text,
        "message": message_json(context.ws, fresh),
    }


@method("chat.delete")
def delete(context: Context, args: Args) -> Json:
    """Delete a message of the bot's own.

    Refusals that depend on a workspace's settings, such as `compliance_exports_prevent_deletion`, are
    simulated as faults with their codes: https://docs.slack.dev/reference/methods/chat.delete.
    """
    scopes.need(context.ws, "chat:write")
    channel = context.channel(args.required("channel"))
    message = _own(context, channel, args, "cant_delete_message")
    if channel.archived:
        raise ApiError("is_archived")
    channels.delete_message(context.ws, channel, message, context.bot)
    return {"channel": channel.id, "ts": message.ts}


def _target(context: Context, address: str) -> Channel:
    """Return the channel of this id, or the direct message with this user, if the bot may write there."""
    scopes.need(context.ws, "chat:write")
    user = context.ws.users.get(address)
    if user is not None and (user.deleted or user.id == context.bot):
        raise ApiError("channel_not_found")
    channel = context.channel(address) if user is None else context.ws.direct(context.bot, user.id)
    if channel.archived:
        raise ApiError("is_archived")
    if context.bot not in channel.members:
        raise ApiError("not_in_channel")
    gone = [context.ws.users[member].deleted for member in channel.members if member != context.bot]
    if not channel.is_room and all(gone):
        raise ApiError("is_archived")
    return channel


def _own(context: Context, channel: Channel, args: Args, refusal: str) -> Message:
    message = channel.messages.get(args.required("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if not message.by_bot:
        raise ApiError(refusal)
    return message


def _content(args: Args, longest: int) -> Json:
    blocks = args.nested("blocks", "invalid_blocks_format")
    if blocks is not None:
        if not isinstance(blocks, list):
            raise ApiError("invalid_blocks_format")
        wrong = check_message(blocks)
        if wrong:
            raise BadBlocks("invalid_blocks", wrong)
    text = args.text("text")
    if not (text or blocks):
        raise ApiError("no_text")
    if len(text) > longest:
        raise ApiError("msg_too_long")
    return {"text": text, "blocks": blocks}


def _metadata(args: Args) -> Json | None:
    metadata: Any = args.nested("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > limits.METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


@method("conversations.history")
def history(context: Context, args: Args) -> Json:
    """Return the messages newer than `oldest`, newest first, in pages.

    The cursor is a time and not an offset, so posting or deleting a message does not move the pages.
    """
    channel = context.allowed_channel(args, scopes.HISTORY)
    if context.bot not in channel.members:
        raise ApiError("not_in_channel")
    oldest = _time(args.text("oldest", "0"))
    start = _time(position(args) or "9999999999")
    newer = (m for m in channel.messages.values() if oldest < _time(m.ts) <= start)
    found = sorted(newer, key=lambda m: _time(m.ts), reverse=True)
    size = page_size(context, args)
    metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [message_json(context.ws, message, metadata=metadata) for message in found[:size]],
        "has_more": len(found) > size,
        "pin_count": 0,
    }
    following = cursor(found[size].ts) if len(found) > size else ""
    return answer | ({"response_metadata": {"next_cursor": following}} if following else {})


def _time(ts: str) -> tuple[int, int]:
    # Two integers: a float has too few digits for microseconds.
    seconds, _, micros = ts.partition(".")
    return int(seconds), int((micros + "000000")[:6])


@method("pins.add")
def pin(context: Context, args: Args) -> Json:
    """Pin a message, with the errors of https://docs.slack.dev/reference/methods/pins.add.

    `permission_denied`, for when owners let nobody pin, is simulated as a fault with that code.
    """
    scopes.need(context.ws, "pins:write")
    channel = context.joined(context.channel(args.required("channel")))
    ts = args.required("timestamp")
    message = channel.messages.get(ts)
    if message is None:
        raise ApiError("message_not_found")
    if ts in channel.pins:
        raise ApiError("already_pinned")
    channels.pin_message(context.ws, channel, message, context.bot)
    return {}
