"""conversations.*: who is in, who is let in, who is taken out."""

from __future__ import annotations

from sandbox import limits, rooms, scopes
from sandbox.errors import ApiError
from sandbox.model import Channel, Json
from sandbox.shapes import channel_json
from sandbox.web_api.arguments import Args
from sandbox.web_api.site import Method, Site, page


def invite(site: Site, args: Args) -> Json:
    """conversations.invite: one bad id fails all, unless `force`."""
    channel = site.room(args, scopes.INVITE)
    user_ids = args.ids("users")
    if not user_ids:
        raise ApiError("no_user")
    if len(user_ids) > limits.INVITED_USERS:
        raise ApiError("too_many_users")
    errors = [
        {"user": user_id, "ok": False, "error": code}
        for user_id in user_ids
        if (code := _refusal(site, channel, user_id))
    ]
    refused = {error["user"] for error in errors}
    welcome = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in refused]
    if errors and not (args.flag("force") and welcome):
        raise ApiError(str(errors[0]["error"]), errors=errors)
    for user_id in welcome:
        rooms.add(site.ws, channel, user_id, site.bot)
    answer: Json = {"channel": channel_json(site.ws, channel, site.bot)}
    return answer | ({"errors": errors} if errors else {})


def _refusal(site: Site, channel: Channel, user_id: str) -> str:
    user = site.ws.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id == site.bot:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.deleted or user.is_stranger:
        return "cant_invite"
    if user.is_ultra_restricted and any(
        user_id in other.members for other in site.ws.channels.values() if other.is_room
    ):
        return "ura_max_channels"
    return ""


def kick(site: Site, args: Args) -> Json:
    """conversations.kick"""
    channel = site.room(args, scopes.MANAGE)
    user = site.user(args.required("user"))
    if user.id == site.bot:
        raise ApiError("cant_kick_self")
    if channel.is_general:
        raise ApiError("cant_kick_from_general")
    if user.id not in channel.members:
        raise ApiError("not_in_channel")
    if not site.ws.settings.bots_may_remove:
        raise ApiError("restricted_action")
    rooms.remove(site.ws, channel, user.id, site.bot)
    return {"errors": {}}


def leave(site: Site, args: Args) -> Json:
    """conversations.leave"""
    channel = site.allowed_channel(args, scopes.MANAGE)
    if not channel.is_room:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_general:
        raise ApiError("cant_leave_general")
    if channel.archived:
        raise ApiError("is_archived")
    if site.bot not in channel.members:
        return {"not_in_channel": True}
    rooms.remove(site.ws, channel, site.bot)
    return {}


def join(site: Site, args: Args) -> Json:
    """conversations.join: public channels only."""
    channel = site.allowed_channel(args, scopes.JOIN)
    if channel.archived:
        raise ApiError("is_archived")
    if site.bot in channel.members:
        shape = channel_json(site.ws, channel, site.bot)
        return {"channel": shape, "warning": "already_in_channel"}
    rooms.add(site.ws, channel, site.bot)
    return {"channel": channel_json(site.ws, channel, site.bot)}


def members(site: Site, args: Args) -> Json:
    """conversations.members"""
    channel = site.allowed_channel(args, scopes.READ)
    user_ids, following = page(site, args, list(channel.members))
    return {"members": user_ids, "response_metadata": {"next_cursor": following}}


def open_direct(site: Site, args: Args) -> Json:
    """conversations.open: with one person, or with up to eight."""
    user_ids = list(dict.fromkeys(args.ids("users")))
    if not user_ids:
        if not args.text("channel"):
            raise ApiError("users_list_not_supplied")
        channel = site.allowed_channel(args, scopes.MANAGE)
        if channel.is_room:
            raise ApiError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": _direct(site, args, channel)}
    if len(user_ids) > limits.OPENED_USERS:
        raise ApiError("too_many_users")
    scopes.need(site.ws, *scopes.MANAGE["im" if len(user_ids) == 1 else "mpim"])
    for user_id in user_ids:
        user = site.user(user_id)
        if user.deleted:
            raise ApiError("user_disabled")
        if user.is_stranger:
            raise ApiError("user_not_visible")
    before = len(site.ws.channels)
    channel = site.ws.direct(site.bot, *user_ids)
    known = len(site.ws.channels) == before
    again = {"no_op": True, "already_open": True} if known else {}
    return {**again, "channel": _direct(site, args, channel)}


def _direct(site: Site, args: Args, channel: Channel) -> Json:
    if args.flag("return_im"):
        return channel_json(site.ws, channel, site.bot)
    return {"id": channel.id}


METHODS: dict[str, Method] = {
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.join": join,
    "conversations.members": members,
    "conversations.open": open_direct,
}
