"""auth.*, apps.* and users.*"""

from __future__ import annotations

from sandbox import cast
from sandbox.model import Channel, ChannelKind, Json
from sandbox.web_api import ApiError, scopes
from sandbox.web_api.context import Args, Method, Site, page
from sandbox.web_api.serializers import bot_profile, channel_json, user_json

_KINDS: dict[str, ChannelKind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def info(site: Site, args: Args) -> Json:
    """users.info"""
    scopes.need(site.ws, "users:read")
    return {"user": user_json(site.ws, site.user(args.required("user")))}


def listing(site: Site, args: Args) -> Json:
    """users.list"""
    scopes.need(site.ws, "users:read")
    users, following = page(site, args, list(site.ws.users.values()))
    return {
        "members": [user_json(site.ws, user) for user in users],
        "cache_ts": site.ws.seconds(),
        "response_metadata": {"next_cursor": following},
    }


def lookup_by_email(site: Site, args: Args) -> Json:
    """users.lookupByEmail"""
    scopes.need(site.ws, "users:read.email")
    wanted = args.required("email").lower()
    for user in site.ws.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": user_json(site.ws, user)}
    raise ApiError("users_not_found")


def wanted_kinds(site: Site, args: Args) -> set[ChannelKind]:
    """The argument `types`, each allowed by its scope."""
    kinds = args.ids("types") or ["public_channel"]
    if not _KINDS.keys() >= set(kinds):
        raise ApiError("invalid_types")
    wanted = {_KINDS[kind] for kind in kinds}
    for kind in sorted(wanted):
        scopes.need(site.ws, *scopes.READ[kind])
    return wanted


def conversations(site: Site, args: Args) -> Json:
    """users.conversations: of the bot, or of a person as far as the bot can see."""
    wanted = wanted_kinds(site, args)
    user = site.user(args.text("user", site.bot)).id
    skip_archived = args.flag("exclude_archived")
    seen: list[Channel] = [
        channel
        for channel in site.ws.channels.values()
        if channel.kind in wanted
        and user in channel.members
        and (channel.kind == "public" or site.bot in channel.members)
        and not (skip_archived and channel.archived)
    ]
    channels, following = page(site, args, seen)
    return {
        "channels": [channel_json(site.ws, channel, site.bot) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def api_test(_site: Site, args: Args) -> Json:
    """api.test"""
    if args.text("error"):
        raise ApiError(args.text("error"), args=args.values)
    return {"args": args.values}


def auth_test(site: Site, _args: Args) -> Json:
    """auth.test"""
    return {
        "url": site.url("/"),
        "team": cast.TEAM_NAME,
        "user": site.ws.bot.handle,
        "team_id": cast.TEAM_ID,
        "user_id": site.bot,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(site: Site, _args: Args) -> Json:
    """apps.connections.open"""
    if not site.ws.manifest.socket_mode:
        raise ApiError("forbidden_team")
    return {"url": site.socket_url(site.sockets.ticket())}


def team_info(site: Site, _args: Args) -> Json:
    """team.info"""
    scopes.need(site.ws, "team:read")
    return {
        "team": {
            "id": cast.TEAM_ID,
            "name": cast.TEAM_NAME,
            "domain": cast.TEAM_DOMAIN,
            "url": site.url("/"),
            "email_domain": "sandbox.example",
            "icon": {"image_default": True},
        }
    }


def bots_info(site: Site, args: Args) -> Json:
    """bots.info"""
    scopes.need(site.ws, "users:read")
    if args.text("bot", cast.BOT_ID) != cast.BOT_ID:
        raise ApiError("bot_not_found")
    return {"bot": bot_profile(site.ws) | {"user_id": site.bot}}


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
