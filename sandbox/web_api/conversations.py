"""conversations.*: rooms made, changed and listed."""

from __future__ import annotations

import unicodedata

from sandbox import limits, rooms, scopes
from sandbox.errors import ApiError
from sandbox.model import Channel, ChannelKind, Json
from sandbox.shapes import channel_json
from sandbox.web_api.arguments import Args
from sandbox.web_api.people import wanted_kinds
from sandbox.web_api.site import Method, Site, page


def create(site: Site, args: Args) -> Json:
    """conversations.create"""
    kind: ChannelKind = "private" if args.flag("is_private") else "public"
    scopes.need(site.ws, *scopes.MANAGE[kind])
    name = args.text("name")
    _check_name(site, name)
    if not site.ws.settings.bots_may_create_rooms:
        raise ApiError("restricted_action")
    return {"channel": _shape(site, rooms.create(site.ws, name, kind, site.bot))}


def rename(site: Site, args: Args) -> Json:
    """conversations.rename; a bot may rename only what it made."""
    channel = site.room(args, scopes.MANAGE)
    if channel.creator != site.bot:
        raise ApiError("not_authorized")
    name = args.text("name")
    _check_name(site, name)
    rooms.rename(site.ws, channel, name, site.bot)
    return {"channel": _shape(site, channel)}


def archive(site: Site, args: Args) -> Json:
    """conversations.archive"""
    channel = site.allowed_channel(args, scopes.MANAGE)
    if not channel.is_room:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("already_archived")
    if channel.is_general:
        raise ApiError("cant_archive_general")
    if site.bot not in channel.members:
        raise ApiError("not_in_channel")
    rooms.archive(site.ws, channel, site.bot)
    return {}


def unarchive(_site: Site, _args: Args) -> Json:
    """conversations.unarchive: «Bot tokens (xoxb-…) cannot currently be used to unarchive conversations.»"""
    raise ApiError("not_allowed_token_type")


def set_topic(site: Site, args: Args) -> Json:
    """conversations.setTopic"""
    channel = site.room(args, scopes.TOPIC)
    topic = args.text("topic")
    if len(topic) > limits.TOPIC:
        raise ApiError("too_long")
    rooms.set_topic(site.ws, channel, topic, site.bot)
    return {"channel": _shape(site, channel), "topic": topic}


def set_purpose(site: Site, args: Args) -> Json:
    """conversations.setPurpose"""
    channel = site.room(args, scopes.TOPIC)
    purpose = args.text("purpose")
    if len(purpose) > limits.TOPIC:
        raise ApiError("too_long")
    rooms.set_purpose(site.ws, channel, purpose, site.bot)
    return {"purpose": purpose}


def info(site: Site, args: Args) -> Json:
    """conversations.info"""
    channel = site.allowed_channel(args, scopes.READ)
    shape = _shape(site, channel)
    if not args.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def listing(site: Site, args: Args) -> Json:
    """conversations.list"""
    wanted = wanted_kinds(site, args)
    skip_archived = args.flag("exclude_archived")
    seen = [
        channel
        for channel in site.ws.channels.values()
        if channel.kind in wanted
        and (channel.kind == "public" or site.bot in channel.members)
        and not (skip_archived and channel.archived)
    ]
    channels, following = page(site, args, seen)
    return {
        "channels": [_shape(site, channel) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def _check_name(site: Site, name: str) -> None:
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > limits.CHANNEL_NAME:
        raise ApiError("invalid_name_maxlength")
    if any(not _allowed(letter) for letter in name):
        raise ApiError("invalid_name_specials")
    if not any(letter.isalnum() for letter in name):
        raise ApiError("invalid_name_punctuation")
    if site.ws.channel_named(name) is not None:
        raise ApiError("name_taken")


def _allowed(letter: str) -> bool:
    # Lowercase letters of any alphabet, digits, hyphens and underscores.
    return letter in "-_" or unicodedata.category(letter) in ("Ll", "Lo", "Lm", "Nd", "Mn")


def _shape(site: Site, channel: Channel) -> Json:
    return channel_json(site.ws, channel, site.bot)


METHODS: dict[str, Method] = {
    "conversations.create": create,
    "conversations.rename": rename,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "conversations.info": info,
    "conversations.list": listing,
}
