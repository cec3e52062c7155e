"""chat.*"""

from __future__ import annotations

import json
from typing import Any

from sandbox import limits, posts, scopes
from sandbox.blocks_check import check_message
from sandbox.errors import ApiError, BadBlocks
from sandbox.model import Channel, Json, Message
from sandbox.shapes import message_json
from sandbox.web_api.arguments import Args
from sandbox.web_api.site import Method, Site


def post_message(site: Site, args: Args) -> Json:
    """chat.postMessage; `channel` may be a channel id, the name of a public channel, or a user id."""
    scopes.need(site.ws, "chat:write")
    channel = _target(site, args.text("channel"))
    if channel.archived:
        raise ApiError("is_archived")
    _must_be_in(site, channel)
    content = _content(args, limits.POST_TEXT)
    thread = args.text("thread_ts")
    if thread and thread not in channel.messages:
        raise ApiError("thread_not_found")
    message = posts.post(
        site.ws,
        channel,
        site.bot,
        content["text"],
        blocks=content["blocks"],
        attachments=content["attachments"] or [],
        metadata=_metadata(args),
        thread_ts=thread,
        by_bot=True,
    )
    return {"channel": channel.id, "ts": message.ts, "message": message_json(site.ws, message)}


def post_ephemeral(site: Site, args: Args) -> Json:
    """chat.postEphemeral"""
    scopes.need(site.ws, "chat:write")
    channel = _target(site, args.text("channel"))
    if channel.archived:
        raise ApiError("is_archived")
    _must_be_in(site, channel)
    user = site.user(args.required("user"))
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(args, limits.POST_TEXT)
    whispered = posts.whisper(site.ws, channel, user.id, content["text"], content["blocks"])
    return {"message_ts": whispered.ts}


def update(site: Site, args: Args) -> Json:
    """chat.update"""
    scopes.need(site.ws, "chat:write")
    channel = site.channel(args.required("channel"))
    message = _own(site, channel, args, "cant_update_message")
    if channel.archived:
        raise ApiError("is_inactive")
    content = _content(args, limits.UPDATE_TEXT)
    changes: Json = {"text": content["text"]}
    # What is not given stays. Slack's behaviour for blocks has varied; keeping them is what hides nothing.
    for key in ("blocks", "attachments"):
        if content[key] is not None:
            changes[key] = content[key]
    if args.given("metadata"):
        changes["metadata"] = _metadata(args)
    fresh = posts.change(site.ws, channel, message, site.bot, changes)
    return {
        "channel": channel.id,
        "ts": fresh.ts,
        "text": fresh.text,
        "message": message_json(site.ws, fresh),
    }


def delete(site: Site, args: Args) -> Json:
    """chat.delete"""
    scopes.need(site.ws, "chat:write")
    channel = site.channel(args.required("channel"))
    message = _own(site, channel, args, "cant_delete_message")
    if channel.archived and not site.ws.settings.may_delete_in_archived:
        raise ApiError("is_archived")
    posts.delete(site.ws, channel, message, site.bot)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(site: Site, args: Args) -> Json:
    """chat.getPermalink"""
    channel = site.channel(args.required("channel"))
    ts = args.required("message_ts")
    if ts not in channel.messages:
        raise ApiError("message_not_found")
    link = site.url(f"/archives/{channel.id}/p{ts.replace('.', '')}")
    return {"channel": channel.id, "permalink": link}


def _target(site: Site, channel: str) -> Channel:
    user = site.ws.users.get(channel)
    if user is not None:
        if user.deleted or user.id == site.bot:
            raise ApiError("channel_not_found")
        return site.ws.direct(site.bot, user.id)
    named = site.ws.channel_named(channel)
    if named is not None and (named.kind == "public" or site.bot in named.members):
        return named
    return site.channel(channel)


def _must_be_in(site: Site, channel: Channel) -> None:
    if site.bot in channel.members:
        gone = [site.ws.users[member].deleted for member in channel.members if member != site.bot]
        if not channel.is_room and all(gone):
            raise ApiError("is_archived")
    elif "chat:write.public" not in site.ws.manifest.scopes:
        raise ApiError("not_in_channel")


def _own(site: Site, channel: Channel, args: Args, refusal: str) -> Message:
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
    attachments = args.nested("attachments", "invalid_attachments")
    if attachments is not None and len(attachments) > limits.ATTACHMENTS:
        raise ApiError("too_many_attachments")
    text = args.text("text")
    if not (text or blocks or attachments):
        raise ApiError("no_text")
    if len(text) > longest:
        raise ApiError("msg_too_long")
    return {"text": text, "blocks": blocks, "attachments": attachments}


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


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
