"""users.*"""

from __future__ import annotations

from sandbox import scopes
from sandbox.errors import ApiError
from sandbox.model import Channel, ChannelKind, Json
from sandbox.shapes import channel_json, user_json
from sandbox.web_api.arguments import Args
from sandbox.web_api.site import Method, Site, page

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


METHODS: dict[str, Method] = {
    "users.info": info,
    "users.list": listing,
    "users.lookupByEmail": lookup_by_email,
    "users.conversations": conversations,
}
