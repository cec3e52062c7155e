"""auth.*, apps.* and users.*"""

from __future__ import annotations

from sandbox import cast
from sandbox.model import Channel, ChannelKind, Json
from sandbox.web_api import ApiError, scopes
from sandbox.web_api.context import Args, Context, Method, page
from sandbox.web_api.serializers import bot_profile, channel_json, user_json

_KINDS: dict[str, ChannelKind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def info(context: Context, args: Args) -> Json:
    """users.info"""
    scopes.need(context.ws, "users:read")
    return {"user": user_json(context.ws, context.user(args.required("user")))}


def listing(context: Context, args: Args) -> Json:
    """users.list"""
    scopes.need(context.ws, "users:read")
    users, following = page(context, args, list(context.ws.users.values()))
    return {
        "members": [user_json(context.ws, user) for user in users],
        "cache_ts": context.ws.seconds(),
        "response_metadata": {"next_cursor": following},
    }


def lookup_by_email(context: Context, args: Args) -> Json:
    """users.lookupByEmail"""
    scopes.need(context.ws, "users:read.email")
    wanted = args.required("email").lower()
    for user in context.ws.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": user_json(context.ws, user)}
    raise ApiError("users_not_found")


def wanted_kinds(context: Context, args: Args) -> set[ChannelKind]:
    """The argument `types`, each allowed by its scope."""
    kinds = args.ids("types") or ["public_channel"]
    if not _KINDS.keys() >= set(kinds):
        raise ApiError("invalid_types")
    wanted = {_KINDS[kind] for kind in kinds}
    for kind in sorted(wanted):
        scopes.need(context.ws, *scopes.READ[kind])
    return wanted


def conversations(context: Context, args: Args) -> Json:
    """users.conversations: of the bot, or of a person as far as the bot can see."""
    wanted = wanted_kinds(context, args)
    user = context.user(args.text("user", context.bot)).id
    skip_archived = args.flag("exclude_archived")
    seen: list[Channel] = [
        channel
        for channel in context.ws.channels.values()
        if channel.kind in wanted
        and user in channel.members
        and (channel.kind == "public" or context.bot in channel.members)
        and not (skip_archived and channel.archived)
    ]
    channels, following = page(context, args, seen)
    return {
        "channels": [channel_json(context.ws, channel, context.bot) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def api_test(_context: Context, args: Args) -> Json:
    """api.test"""
    if args.text("error"):
        raise ApiError(args.text("error"), args=args.values)
    return {"args": args.values}


def auth_test(context: Context, _args: Args) -> Json:
    """auth.test"""
    return {
        "url": context.url("/"),
        "team": cast.TEAM_NAME,
        "user": context.ws.bot.handle,
        "team_id": cast.TEAM_ID,
        "user_id": context.bot,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(context: Context, _args: Args) -> Json:
    """apps.connections.open"""
    if not context.ws.manifest.socket_mode:
        raise ApiError("forbidden_team")
    return {"url": context.socket_url(context.sockets.ticket())}


def team_info(context: Context, _args: Args) -> Json:
    """team.info"""
    scopes.need(context.ws, "team:read")
    return {
        "team": {
            "id": cast.TEAM_ID,
            "name": cast.TEAM_NAME,
            "domain": cast.TEAM_DOMAIN,
            "url": context.url("/"),
            "email_domain": "sandbox.example",
            "icon": {"image_default": True},
        }
    }


def bots_info(context: Context, args: Args) -> Json:
    """bots.info"""
    scopes.need(context.ws, "users:read")
    if args.text("bot", cast.BOT_ID) != cast.BOT_ID:
        raise ApiError("bot_not_found")
    return {"bot": bot_profile(context.ws) | {"user_id": context.bot}}


METHODS: dict[str, Method] = {
    "users.info": info,
    "users.list": listing,
    "users.lookupByEmail": lookup_by_email,
    "users.conversations": conversations,
    "api.test": api_test,
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "team.info": team_info,
    "bots.info": bots_info,
}
