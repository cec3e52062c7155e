"""conversations.*"""

from __future__ import annotations

import unicodedata

from sandbox import channels, limits
from sandbox.model import Channel, ChannelKind, Json
from sandbox.web_api import ApiError, scopes
from sandbox.web_api.context import Args, Context, Method, page
from sandbox.web_api.serializers import channel_json
from sandbox.web_api.users import wanted_kinds


def create(context: Context, args: Args) -> Json:
    """conversations.create"""
    kind: ChannelKind = "private" if args.flag("is_private") else "public"
    scopes.need(context.ws, *scopes.MANAGE[kind])
    name = args.text("name")
    _check_name(context, name)
    if not context.ws.settings.bots_may_create_rooms:
        raise ApiError("restricted_action")
    return {"channel": _shape(context, channels.create_room(context.ws, name, kind, context.bot))}


def rename(context: Context, args: Args) -> Json:
    """conversations.rename; a bot may rename only what it made."""
    channel = context.room(args, scopes.MANAGE)
    if channel.creator != context.bot:
        raise ApiError("not_authorized")
    name = args.text("name")
    _check_name(context, name)
    channels.rename_room(context.ws, channel, name, context.bot)
    return {"channel": _shape(context, channel)}


def archive(context: Context, args: Args) -> Json:
    """conversations.archive"""
    channel = context.allowed_channel(args, scopes.MANAGE)
    if not channel.is_room:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("already_archived")
    if channel.is_general:
        raise ApiError("cant_archive_general")
    if context.bot not in channel.members:
        raise ApiError("not_in_channel")
    channels.archive_room(context.ws, channel, context.bot)
    return {}


def unarchive(_context: Context, _args: Args) -> Json:
    """conversations.unarchive: «Bot tokens (xoxb-…) cannot currently be used to unarchive conversations.»"""
    raise ApiError("not_allowed_token_type")


def set_topic(context: Context, args: Args) -> Json:
    """conversations.setTopic"""
    channel = context.room(args, scopes.TOPIC)
    topic = args.text("topic")
    if len(topic) > limits.TOPIC:
        raise ApiError("too_long")
    channels.set_topic(context.ws, channel, topic, context.bot)
    return {"channel": _shape(context, channel), "topic": topic}


def set_purpose(context: Context, args: Args) -> Json:
    """conversations.setPurpose"""
    channel = context.room(args, scopes.TOPIC)
    purpose = args.text("purpose")
    if len(purpose) > limits.TOPIC:
        raise ApiError("too_long")
    channels.set_purpose(context.ws, channel, purpose, context.bot)
    return {"purpose": purpose}


def info(context: Context, args: Args) -> Json:
    """conversations.info"""
    channel = context.allowed_channel(args, scopes.READ)
    shape = _shape(context, channel)
    if not args.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def listing(context: Context, args: Args) -> Json:
    """conversations.list"""
    wanted = wanted_kinds(context, args)
    skip_archived = args.flag("exclude_archived")
    seen = [
        channel
        for channel in context.ws.channels.values()
        if channel.kind in wanted
        and (channel.kind == "public" or context.bot in channel.members)
        and not (skip_archived and channel.archived)
    ]
    channels, following = page(context, args, seen)
    return {
        "channels": [_shape(context, channel) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def _check_name(context: Context, name: str) -> None:
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > limits.CHANNEL_NAME:
        raise ApiError("invalid_name_maxlength")
    if any(not _allowed(letter) for letter in name):
        raise ApiError("invalid_name_specials")
    if not any(letter.isalnum() for letter in name):
        raise ApiError("invalid_name_punctuation")
    if context.ws.channel_named(name) is not None:
        raise ApiError("name_taken")


def _allowed(letter: str) -> bool:
    # Lowercase letters of any alphabet, digits, hyphens and underscores.
    return letter in "-_" or unicodedata.category(letter) in ("Ll", "Lo", "Lm", "Nd", "Mn")


def _shape(context: Context, channel: Channel) -> Json:
    return channel_json(context.ws, channel, context.bot)


def invite(context: Context, args: Args) -> Json:
    """conversations.invite: one bad id fails all, unless `force`."""
    channel = context.room(args, scopes.INVITE)
    user_ids = args.ids("users")
    if not user_ids:
        raise ApiError("no_user")
    if len(user_ids) > limits.INVITED_USERS:
        raise ApiError("too_many_users")
    errors = [
        {"user": user_id, "ok": False, "error": code}
        for user_id in user_ids
        if (code := _refusal(context, channel, user_id))
    ]
    refused = {error["user"] for error in errors}
    welcome = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in refused]
    if errors and not (args.flag("force") and welcome):
        raise ApiError(str(errors[0]["error"]), errors=errors)
    for user_id in welcome:
        channels.add_member(context.ws, channel, user_id, context.bot)
    answer: Json = {"channel": channel_json(context.ws, channel, context.bot)}
    return answer | ({"errors": errors} if errors else {})


def _refusal(context: Context, channel: Channel, user_id: str) -> str:
    user = context.ws.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id == context.bot:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.deleted or user.is_stranger:
        return "cant_invite"
    if user.is_ultra_restricted and any(
        user_id in other.members for other in context.ws.channels.values() if other.is_room
    ):
        return "ura_max_channels"
    return ""


def kick(context: Context, args: Args) -> Json:
    """conversations.kick"""
    channel = context.room(args, scopes.MANAGE)
    user = context.user(args.required("user"))
    if user.id == context.bot:
        raise ApiError("cant_kick_self")
    if channel.is_general:
        raise ApiError("cant_kick_from_general")
    if user.id not in channel.members:
        raise ApiError("not_in_channel")
    if not context.ws.settings.bots_may_remove:
        raise ApiError("restricted_action")
    channels.remove_member(context.ws, channel, user.id, context.bot)
    return {"errors": {}}


def leave(context: Context, args: Args) -> Json:
    """conversations.leave"""
    channel = context.allowed_channel(args, scopes.MANAGE)
    if not channel.is_room:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_general:
        raise ApiError("cant_leave_general")
    if channel.archived:
        raise ApiError("is_archived")
    if context.bot not in channel.members:
        return {"not_in_channel": True}
    channels.remove_member(context.ws, channel, context.bot)
    return {}


def join(context: Context, args: Args) -> Json:
    """conversations.join: public channels only."""
    channel = context.allowed_channel(args, scopes.JOIN)
    if channel.archived:
        raise ApiError("is_archived")
    if context.bot in channel.members:
        shape = channel_json(context.ws, channel, context.bot)
        return {"channel": shape, "warning": "already_in_channel"}
    channels.add_member(context.ws, channel, context.bot)
    return {"channel": channel_json(context.ws, channel, context.bot)}


def members(context: Context, args: Args) -> Json:
    """conversations.members"""
    channel = context.allowed_channel(args, scopes.READ)
    user_ids, following = page(context, args, list(channel.members))
    return {"members": user_ids, "response_metadata": {"next_cursor": following}}


def open_direct(context: Context, args: Args) -> Json:
    """conversations.open: with one person, or with up to eight."""
    user_ids = list(dict.fromkeys(args.ids("users")))
    if not user_ids:
        if not args.text("channel"):
            raise ApiError("users_list_not_supplied")
        channel = context.allowed_channel(args, scopes.MANAGE)
        if channel.is_room:
            raise ApiError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": _direct(context, args, channel)}
    if len(user_ids) > limits.OPENED_USERS:
        raise ApiError("too_many_users")
    scopes.need(context.ws, *scopes.MANAGE["im" if len(user_ids) == 1 else "mpim"])
    for user_id in user_ids:
        user = context.user(user_id)
        if user.deleted:
            raise ApiError("user_disabled")
        if user.is_stranger:
            raise ApiError("user_not_visible")
    before = len(context.ws.channels)
    channel = context.ws.direct(context.bot, *user_ids)
    known = len(context.ws.channels) == before
    again = {"no_op": True, "already_open": True} if known else {}
    return {**again, "channel": _direct(context, args, channel)}


def _direct(context: Context, args: Args, channel: Channel) -> Json:
    if args.flag("return_im"):
        return channel_json(context.ws, channel, context.bot)
    return {"id": channel.id}


METHODS: dict[str, Method] = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.info": info,
    "conversations.list": listing,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.join": join,
    "conversations.members": members,
    "conversations.open": open_direct,
}
