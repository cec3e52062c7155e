"""conversations.*"""

from __future__ import annotations

import re

from sandbox import channels, scopes
from sandbox.api_errors import ApiError
from sandbox.model import Channel, ChannelKind, Json
from sandbox.serializers import channel_json
from sandbox.web_api.context import Args, Context, method, page

_NAME = re.compile(r"[a-zæøå0-9_-]{1,80}")


@method("conversations.create")
def create(context: Context, args: Args) -> Json:
    kind: ChannelKind = "private" if args.flag("is_private") else "public"
    scopes.need(context.ws, *scopes.MANAGE[kind])
    name = args.text("name")
    _check_name(context, name)
    room = channels.create_room(context.ws, name, kind, context.bot)
    return {"channel": channel_json(context.ws, room)}


@method("conversations.archive")
def archive(context: Context, args: Args) -> Json:
    channel = context.allowed_channel(args, scopes.MANAGE)
    if channel.archived:
        raise ApiError("already_archived")
    channels.archive_room(context.ws, context.joined(channel), context.bot)
    return {}


@method("conversations.info")
def info(context: Context, args: Args) -> Json:
    """Return a channel. `channel_not_found` for a deleted one, or a private one the bot is not in."""
    channel = context.allowed_channel(args, scopes.READ)
    return {"channel": channel_json(context.ws, channel)}


@method("conversations.rename")
def rename(context: Context, args: Args) -> Json:
    """«Only the user that originally created a channel or an admin may rename it»."""
    channel = context.room(args, scopes.MANAGE)
    name = args.text("name")
    if channel.creator != context.bot:
        raise ApiError("not_authorized")
    _check_name(context, name)
    channels.rename_room(context.ws, channel, name, context.bot)
    return {"channel": channel_json(context.ws, channel)}


def _check_name(context: Context, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ApiError("invalid_name_specials")
    if context.ws.channel_named(name) is not None:
        raise ApiError("name_taken")


@method("conversations.invite")
def invite(context: Context, args: Args) -> Json:
    """Invite people. One bad id fails the whole call."""
    channel = context.room(args, scopes.MANAGE)
    user_ids = args.ids("users")
    errors = [
        {"user": user_id, "ok": False, "error": code}
        for user_id in user_ids
        if (code := _refusal(context, channel, user_id))
    ]
    if errors:
        raise ApiError(str(errors[0]["error"]), errors=errors)
    for user_id in dict.fromkeys(user_ids):
        channels.add_member(context.ws, channel, user_id, context.bot)
    return {"channel": channel_json(context.ws, channel)}


def _refusal(context: Context, channel: Channel, user_id: str) -> str:
    user = context.ws.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id in channel.members:
        return "already_in_channel"
    return "cant_invite" if user.deleted or user.is_stranger else ""


@method("conversations.kick")
def kick(context: Context, args: Args) -> Json:
    channel = context.room(args, scopes.MANAGE)
    user = context.user(args.required("user"))
    if user.id not in channel.members:
        raise ApiError("not_in_channel")
    channels.remove_member(context.ws, channel, user.id, context.bot)
    return {"errors": {}}


@method("conversations.members")
def members(context: Context, args: Args) -> Json:
    channel = context.allowed_channel(args, scopes.READ)
    user_ids, following = page(context, args, list(channel.members))
    return {"members": user_ids, "response_metadata": {"next_cursor": following}}


@method("conversations.open")
def open_direct(context: Context, args: Args) -> Json:
    """Open a direct message with one person."""
    scopes.need(context.ws, *scopes.MANAGE["im"])
    user = context.user(args.required("users"))
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_stranger:
        raise ApiError("user_not_visible")
    before = len(context.ws.channels)
    channel = context.ws.direct(context.bot, user.id)
    known = {"no_op": True, "already_open": True} if len(context.ws.channels) == before else {}
    return {**known, "channel": {"id": channel.id}}
