"""How Slack writes users, channels, messages, files and views as JSON."""

from __future__ import annotations

import mimetypes

from sandbox import cast
from sandbox.block_kit.elements import carried_values
from sandbox.model import Channel, Ephemeral, File, Json, Message, User, View
from sandbox.workspace import Workspace


def user_json(ws: Workspace, user: User) -> Json:
    """Return a user object."""
    profile: Json = {
        "real_name": user.real_name,
        "display_name": user.display_name,
        "team": user.team,
    }
    if user.is_bot:
        profile["bot_id"] = user.bot_id
        profile["api_app_id"] = cast.APP_ID
    shape: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "updated": user.updated,
    }
    if user.deleted:
        return shape
    return shape | {
        "real_name": user.real_name,
        "tz": user.tz,
        "locale": user.locale,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.is_stranger,
    }


def channel_json(ws: Workspace, channel: Channel) -> Json:
    """Return a conversation object as the bot sees it."""
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_channel": channel.kind in ("public", "private"),
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "public",
        "context_team_id": cast.TEAM_ID,
        "name": channel.name,
        "is_general": channel.is_general,
        "creator": channel.creator,
        "is_shared": bool(channel.shared_with),
        "is_ext_shared": bool(channel.shared_with),
        "is_org_shared": False,
        "shared_team_ids": [cast.TEAM_ID, *channel.shared_with],
        "is_member": ws.bot.id in channel.members,
        "num_members": len(channel.members),
    }


def message_json(ws: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """Return a message object, by default with its metadata."""
    shape: Json = {"type": "message", "text": message.text, "ts": message.ts}
    if message.user:
        shape["user"] = message.user
    if message.subtype:
        shape["subtype"] = message.subtype
    else:
        shape["team"] = cast.TEAM_ID
    if message.by_bot:
        shape |= {"bot_id": cast.BOT_ID, "app_id": cast.APP_ID, "bot_profile": bot_profile(ws)}
    shape |= message.extra
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.files:
        shape["files"] = [file_json(ws, ws.files[file_id]) for file_id in message.files]
    if message.edited:
        shape["edited"] = message.edited
    if metadata and message.metadata is not None:
        shape["metadata"] = message.metadata
    return shape


def bot_profile(ws: Workspace) -> Json:
    return {
        "id": cast.BOT_ID,
        "app_id": cast.APP_ID,
        "name": ws.bot.display_name,
        "deleted": False,
        "updated": ws.bot.updated,
        "team_id": cast.TEAM_ID,
    }


def file_json(ws: Workspace, file: File) -> Json:
    """Return a file object; a tombstone if the file is deleted."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    shared = [ws.channels[channel_id] for channel_id in file.channels]
    return {
        "id": file.id,
        "created": file.created,
        # «May be null for unnamed files» (Slack's file object).
        "name": file.name or None,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "user": file.user,
        "size": len(file.content),
        "mode": "hosted",
        "channels": [channel.id for channel in shared if channel.kind == "public"],
        "groups": [channel.id for channel in shared if channel.kind == "private"],
        "ims": [channel.id for channel in shared if not channel.is_room],
    }


def view_json(view: View, *, with_state: bool = False) -> Json:
    """Return a view object. Only interactions carry what the person has filled in (`with_state`)."""
    return {
        "id": view.id,
        "team_id": cast.TEAM_ID,
        **view.payload,
        "state": {"values": view.values if with_state else {}},
        "hash": view.hash,
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "app_id": cast.APP_ID,
        "bot_id": cast.BOT_ID,
    }


def message_values(ws: Workspace, user: str, message: Message | Ephemeral) -> dict[str, dict[str, Json]]:
    """Return a message's `state.values`: what this person has chosen in it; empty if it is ephemeral."""
    if isinstance(message, Ephemeral):
        return {}
    key = (user, message.channel, message.ts)
    values = carried_values(message.blocks, ws.message_values.get(key, {}))
    ws.message_values[key] = values
    return values
