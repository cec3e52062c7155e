"""Changes to rooms, their members, messages and files."""

from __future__ import annotations

import dataclasses
from typing import Any

from sandbox.block_kit.elements import with_ids
from sandbox.model import PINNED, Change, Channel, ChannelKind, Ephemeral, File, Json, Message, User
from sandbox.workspace import Workspace


def create_room(ws: Workspace, name: str, kind: ChannelKind, creator: str) -> Channel:
    """Create a room with its creator in it."""
    channel = ws.new_channel(name, kind, creator)
    channel.members.append(creator)
    ws.announce(Change("channel_created", channel=channel.id, user=creator))
    ws.announce(Change("member_joined", channel=channel.id, user=creator))
    return channel


def add_member(ws: Workspace, channel: Channel, user: str, inviter: str = "") -> None:
    """Add a user, invited or not, with the line that Slack writes about it."""
    channel.members.append(user)
    extra: Json = {"inviter": inviter} if inviter else {}
    system_line(ws, channel, user, "channel_join", f"<@{user}> has joined the channel", extra)
    ws.announce(Change("member_joined", channel=channel.id, user=user, by=inviter))


def remove_member(ws: Workspace, channel: Channel, user: str, by: str = "") -> None:
    """Remove a user who is removed or leaves, with the line that Slack writes about it."""
    channel.members.remove(user)
    system_line(ws, channel, user, "channel_leave", f"<@{user}> has left the channel", {})
    ws.announce(Change("member_left", channel=channel.id, user=user, by=by))


def archive_room(ws: Workspace, channel: Channel, by: str) -> None:
    """Archive the room. Its members can still read it."""
    system_line(ws, channel, by, "channel_archive", f"<@{by}> archived the channel", {})
    channel.archived = True
    ws.announce(Change("channel_archived", channel=channel.id, by=by))


def unarchive_room(ws: Workspace, channel: Channel, by: str) -> None:
    channel.archived = False
    system_line(ws, channel, by, "channel_unarchive", f"<@{by}> un-archived the channel", {})
    ws.announce(Change("channel_unarchived", channel=channel.id, by=by))


def rename_room(ws: Workspace, channel: Channel, name: str, by: str) -> None:
    """Rename the room. The line that Slack writes about it keeps both names."""
    before, channel.name = channel.name, name
    line = f'<@{by}> has renamed the channel from "{before}" to "{name}"'
    system_line(ws, channel, by, "channel_name", line, {"old_name": before, "name": name})
    ws.announce(Change("channel_renamed", channel=channel.id, by=by))


def convert_room(ws: Workspace, channel: Channel, kind: ChannelKind, by: str) -> None:
    """Make the room public, or private again. There is no event for it but the line that Slack writes, in a
    channel of the new kind (docs.slack.dev/reference/events/message/channel_convert_to_private and
    …_to_public). Everybody keeps seeing its files.
    """
    channel.kind = kind
    subtype = f"channel_convert_to_{kind}"
    system_line(ws, channel, by, subtype, f"made this channel *{kind}*", {})
    ws.announce(Change("channel_converted", channel=channel.id, by=by))


def share_room(ws: Workspace, channel: Channel, team: str, by: str) -> None:
    """Share the room with the organisation of this id."""
    channel.shared_with.append(team)
    ws.announce(Change("channel_shared", channel=channel.id, by=by, detail=team))


def unshare_room(ws: Workspace, channel: Channel, team: str, by: str) -> None:
    channel.shared_with.remove(team)
    ws.announce(Change("channel_unshared", channel=channel.id, by=by, detail=team))


def delete_room(ws: Workspace, channel: Channel, by: str) -> None:
    """Delete the room and its content for good."""
    ws.announce(Change("channel_deleted", channel=channel.id, by=by))
    del ws.channels[channel.id]


def system_line(ws: Workspace, channel: Channel, user: str, subtype: str, text: str, extra: Json) -> None:
    """Post a line that Slack itself writes into the room."""
    message = Message(ws.new_ts(), channel.id, user, text, subtype=subtype, extra=extra)
    channel.messages[message.ts] = message
    ws.announce(Change("message_posted", channel=channel.id, user=user, message=message))


def join_workspace(ws: Workspace, user: User) -> None:
    """Add a person to the workspace. Full members join the public channel for all."""
    ws.users[user.id] = user
    if not (user.is_restricted or user.is_ultra_restricted or user.is_stranger or user.is_bot):
        for channel in ws.channels.values():
            if channel.is_general:
                add_member(ws, channel, user.id)


def change_user(ws: Workspace, user: User, **changes: object) -> None:
    """Change a person's profile or status. A deactivated person leaves every room at once."""
    fresh = dataclasses.replace(user, **changes, updated=ws.seconds())  # type: ignore[arg-type]
    for field in dataclasses.fields(User):
        setattr(user, field.name, getattr(fresh, field.name))
    if user.deleted:
        ws.stacks.pop(user.id, None)
        for channel in ws.channels.values():
            if channel.is_room and user.id in channel.members:
                channel.members.remove(user.id)
    ws.announce(Change("user_changed", user=user.id))


def post_message(ws: Workspace, channel: Channel, user: str, text: str, **rest: Any) -> Message:
    """Store and announce a message; `rest` are further fields of Message."""
    blocks = with_ids(rest.pop("blocks", None) or [])
    message = Message(ws.new_ts(), channel.id, user, text, blocks=blocks, **rest)
    channel.messages[message.ts] = message
    ws.announce(Change("message_posted", channel=channel.id, user=user, message=message))
    return message


def post_as_app(ws: Workspace, channel: Channel, text: str, *, user: str = "", **rest: Any) -> Message:
    """Post a message of another app: by webhook or workflow, or as the app's own member `user`.

    Source: docs.slack.dev/reference/events/message/bot_message: without a user, it only has a `bot_id`.
    """
    subtype = "" if user else "bot_message"
    extra: Json = {"bot_id": "B0ANDREAPP", "username": "Vaktliste"}
    return post_message(ws, channel, user, text, subtype=subtype, extra=extra, **rest)


def edit_message(ws: Workspace, channel: Channel, message: Message, by: str, changes: Json) -> Message:
    """Replace a message with a copy that has these fields changed."""
    if changes.get("blocks") is not None:
        changes = changes | {"blocks": with_ids(changes["blocks"])}
    fresh = dataclasses.replace(message, **changes, edited={"user": by, "ts": ws.new_ts()})
    channel.messages[message.ts] = fresh
    ws.announce(Change("message_changed", channel=channel.id, user=by, message=fresh, previous=message))
    return fresh


def pin_message(ws: Workspace, channel: Channel, message: Message, by: str) -> None:
    """Pin a message, with the line that Slack writes about it. Slack's event for it is `pin_added`."""
    channel.pins.append(message.ts)
    system_line(ws, channel, by, PINNED, f"<@{by}> pinned a message to this channel.", {})


def delete_message(ws: Workspace, channel: Channel, message: Message, by: str) -> None:
    """Delete a message for good, and unshare its files from the channel."""
    del channel.messages[message.ts]
    if message.ts in channel.pins:
        channel.pins.remove(message.ts)
    for file_id in message.files:
        unshare_file(ws, file_id, channel)
    ws.announce(Change("message_deleted", channel=channel.id, user=by, message=message))


def post_ephemeral(
    ws: Workspace,
    channel: Channel,
    user: str,
    text: str,
    blocks: list[Json] | None = None,
    *,
    from_slack: bool = False,
) -> Ephemeral:
    """Show an ephemeral message to one person; `from_slack` marks Slack's own notices."""
    ephemeral = Ephemeral(ws.new_ts(), channel.id, user, text, with_ids(blocks or []), from_slack)
    ws.ephemerals.append(ephemeral)
    ws.announce(Change("ephemeral", channel=channel.id, user=user, message=ephemeral))
    return ephemeral


def start_upload(ws: Workspace, name: str, length: int, user: str) -> File:
    """Create a file that waits for its bytes."""
    file = File(ws.new_id("F"), name, name, user, ws.seconds(), length)
    ws.files[file.id] = file
    return file


def receive_upload(file: File, content: bytes) -> None:
    file.content = content
    file.uploaded = True


def share_file(ws: Workspace, file: File, channel: Channel) -> None:
    """Let the channel's members see the file. The message that shows it is posted separately."""
    if channel.id not in file.channels:
        file.channels.append(channel.id)
    ws.announce(Change("file_shared", channel=channel.id, user=file.user, detail=file.id))


def unshare_file(ws: Workspace, file_id: str, channel: Channel) -> None:
    """Hide the file from the channel's members."""
    file = ws.files.get(file_id)
    if file is not None and channel.id in file.channels:
        file.channels.remove(channel.id)


def delete_file(ws: Workspace, file: File) -> None:
    """Delete the file and its bytes for good. Messages with the file say that it was deleted."""
    file.deleted = True
    file.content = b""
    ws.changes.notify()
