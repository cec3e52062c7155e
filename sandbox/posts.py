"""Messages: posted, changed, deleted, and the ephemeral ones."""

from __future__ import annotations

from typing import Any

from sandbox import uploads
from sandbox.blocks_check import with_ids
from sandbox.model import Change, Channel, Ephemeral, Json, Message
from sandbox.workspace import Workspace


def post(ws: Workspace, channel: Channel, user: str, text: str, **rest: Any) -> Message:
    """Stores a message; `rest` are further fields of Message."""
    blocks = with_ids(rest.pop("blocks", None) or [])
    message = Message(ws.new_ts(), channel.id, user, text, blocks=blocks, **rest)
    channel.messages[message.ts] = message
    if message.thread_ts:
        channel.replies.setdefault(message.thread_ts, []).append(message.ts)
    ws.announce(Change("message_posted", channel=channel.id, user=user, message=message))
    return message


def change(ws: Workspace, channel: Channel, message: Message, by: str, changes: Json) -> Message:
    """Replaces the given fields of a message by a fresh version of it."""
    fields: Json = dict(vars(message))
    fields.update(changes)
    if changes.get("blocks") is not None:
        fields["blocks"] = with_ids(changes["blocks"])
    fields["edited"] = {"user": by, "ts": ws.new_ts()}
    fresh = Message(**fields)
    channel.messages[message.ts] = fresh
    ws.announce(Change("message_changed", channel=channel.id, user=by, message=fresh, previous=message))
    return fresh


def delete(ws: Workspace, channel: Channel, message: Message, by: str) -> None:
    """Removes a message for good, and its files from the channel."""
    del channel.messages[message.ts]
    if message.thread_ts:
        channel.replies[message.thread_ts].remove(message.ts)
    for file_id in message.files:
        uploads.unshare(ws, file_id, channel)
    ws.announce(Change("message_deleted", channel=channel.id, user=by, message=message))


def whisper(
    ws: Workspace,
    channel: Channel,
    user: str,
    text: str,
    blocks: list[Json] | None = None,
    *,
    from_slack: bool = False,
) -> Ephemeral:
    """Shows an ephemeral message to one person; `from_slack` for Slack's own notices to them."""
    whispered = Ephemeral(ws.new_ts(), channel.id, user, text, with_ids(blocks or []), from_slack)
    ws.ephemerals.append(whispered)
    ws.announce(Change("ephemeral", channel=channel.id, user=user, message=whispered))
    return whispered


def change_whisper(ws: Workspace, whispered: Ephemeral, text: str, blocks: list[Json] | None) -> None:
    """Replaces what an ephemeral message says."""
    whispered.text = text
    whispered.blocks = with_ids(blocks or [])
    ws.announce(Change("ephemeral", channel=whispered.channel, user=whispered.user, message=whispered))


def unwhisper(ws: Workspace, whispered: Ephemeral) -> None:
    """Takes an ephemeral message away."""
    ws.ephemerals.remove(whispered)
    ws.pulse.beat()
