"""Who is where: rooms made, people let in and out, rooms renamed and archived, people coming and going."""

from __future__ import annotations

import dataclasses

from sandbox.model import Change, Channel, ChannelKind, Json, Message, User
from sandbox.workspace import Workspace


def create(ws: Workspace, name: str, kind: ChannelKind, creator: str) -> Channel:
    """A new room with its creator in it."""
    channel = ws.new_channel(name, kind, creator)
    channel.members.append(creator)
    ws.announce(Change("channel_created", channel=channel.id, user=creator))
    ws.announce(Change("member_joined", channel=channel.id, user=creator))
    return channel


def add(ws: Workspace, channel: Channel, user: str, inviter: str = "") -> None:
    """Lets a user in, invited or by themselves, with the line that Slack writes about it."""
    channel.members.append(user)
    extra: Json = {"inviter": inviter} if inviter else {}
    system_line(ws, channel, user, "channel_join", f"<@{user}> has joined the channel", extra)
    ws.announce(Change("member_joined", channel=channel.id, user=user, by=inviter))


def remove(ws: Workspace, channel: Channel, user: str, by: str = "") -> None:
    """Takes a user out, removed by another or leaving, with the line that Slack writes about it."""
    channel.members.remove(user)
    system_line(ws, channel, user, "channel_leave", f"<@{user}> has left the channel", {})
    ws.announce(Change("member_left", channel=channel.id, user=user, by=by))


def rename(ws: Workspace, channel: Channel, name: str, by: str) -> None:
    """Gives the room another name."""
    old, channel.name = channel.name, name
    channel.previous_names.append(old)
    text = f'<@{by}> has renamed the channel from "{old}" to "{name}"'
    system_line(ws, channel, by, "channel_name", text, {"old_name": old, "name": name})
    ws.announce(Change("channel_changed", channel=channel.id, by=by, detail="name"))


def set_topic(ws: Workspace, channel: Channel, value: str, by: str) -> None:
    """Sets the room's topic."""
    channel.topic = {"value": value, "creator": by, "last_set": ws.seconds()}
    text = f"<@{by}> set the channel topic: {value}"
    system_line(ws, channel, by, "channel_topic", text, {"topic": value})
    ws.announce(Change("channel_changed", channel=channel.id, by=by, detail="topic"))


def set_purpose(ws: Workspace, channel: Channel, value: str, by: str) -> None:
    """Sets the room's purpose."""
    channel.purpose = {"value": value, "creator": by, "last_set": ws.seconds()}
    text = f"<@{by}> set the channel description: {value}"
    system_line(ws, channel, by, "channel_purpose", text, {"purpose": value})
    ws.announce(Change("channel_changed", channel=channel.id, by=by, detail="purpose"))


def archive(ws: Workspace, channel: Channel, by: str) -> None:
    """Archives the room: everybody in it stays, as a reader."""
    system_line(ws, channel, by, "channel_archive", f"<@{by}> archived the channel", {})
    channel.archived = True
    ws.announce(Change("channel_archived", channel=channel.id, by=by))


def unarchive(ws: Workspace, channel: Channel, by: str) -> None:
    """Opens an archived room again."""
    channel.archived = False
    system_line(ws, channel, by, "channel_unarchive", f"<@{by}> un-archived the channel", {})
    ws.announce(Change("channel_unarchived", channel=channel.id, by=by))


def system_line(ws: Workspace, channel: Channel, user: str, subtype: str, text: str, extra: Json) -> None:
    """A line that Slack itself writes into the room."""
    message = Message(ws.new_ts(), channel.id, user, text, subtype=subtype, extra=extra)
    channel.messages[message.ts] = message
    ws.announce(Change("message_posted", channel=channel.id, user=user, message=message))


def join_workspace(ws: Workspace, user: User) -> None:
    """A new person in the workspace; members and multi-channel guests see the public channel for all."""
    ws.users[user.id] = user
    ws.announce(Change("user_joined", user=user.id))
    if not (user.is_restricted or user.is_ultra_restricted or user.is_stranger or user.is_bot):
        for channel in ws.channels.values():
            if channel.is_general:
                add(ws, channel, user.id)


def change_user(ws: Workspace, user: User, **changes: object) -> None:
    """Changes a person's profile or standing; whoever is deactivated is out of every room at once."""
    fresh = dataclasses.replace(user, **changes, updated=ws.seconds())  # type: ignore[arg-type]
    for field in dataclasses.fields(User):
        setattr(user, field.name, getattr(fresh, field.name))
    if user.deleted:
        ws.stacks.pop(user.id, None)
        for channel in ws.channels.values():
            if channel.is_room and user.id in channel.members:
                channel.members.remove(user.id)
    ws.announce(Change("user_changed", user=user.id))
