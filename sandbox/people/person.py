"""A person who does what people in Slack can do, and raises CouldNot for what they cannot."""

from __future__ import annotations

import html
import re

from sandbox import channels
from sandbox.api_errors import BadBlocks
from sandbox.model import Channel, File, Json, Message
from sandbox.people.ui_actions import UiActions
from sandbox.people.visibility import BOT_PLACE, CouldNot, Seen
from sandbox.socket.interactions import OperationFailed
from sandbox.workspace import Workspace


class Person(UiActions):
    # Talking

    async def types(self, text: str, in_: str = "#generelt") -> Seen | None:
        """Type a slash command, and wait for the acknowledgement. Return the message in it, if any."""
        channel = self._writable(in_)
        command, _, rest = text.partition(" ")
        manifest = self._ws.manifest
        if command not in manifest.commands or "commands" not in manifest.scopes:
            raise CouldNot(f"{command} is not a valid command")
        self._did("types", self._place(channel), text)
        try:
            shown = await self._interactions.command(self.id, channel, command, rest.strip())
        except (OperationFailed, BadBlocks) as failure:
            notice = f"{command} failed with the error {failure}"
            self._did("failed", self._place(channel), notice)
            channels.post_ephemeral(self._ws, channel, self.id, notice, from_slack=True)
            raise CouldNot(notice) from failure
        if shown is None:
            return None
        return self.seen(shown)

    async def uses(self, shortcut: str) -> None:
        """Use a global shortcut by its name, and wait for the acknowledgement."""
        manifest = self._ws.manifest
        found = next((id for id, name in manifest.shortcuts.items() if name == shortcut), None)
        if found is None or "commands" not in manifest.scopes or not manifest.interactivity:
            raise CouldNot(f"there is no shortcut «{shortcut}»")
        self._did("presses", "", shortcut)
        try:
            await self._interactions.shortcut(self.id, found)
        except OperationFailed as failure:
            self._did("failed", "", str(failure))
            raise CouldNot(f"Slack showed a warning sign: {failure}") from failure

    async def writes(self, text: str, to: str = BOT_PLACE) -> Seen:
        """Write to the bot or in a room."""
        channel = self._writable(to)
        self._did("writes", self._place(channel), text)
        written, blocks = as_message(self._ws, text)
        extra: Json = {"client_msg_id": self._ws.new_id("client-")}
        message = channels.post_message(self._ws, channel, self.id, written, blocks=blocks, extra=extra)
        return self.seen(message)

    async def forwards(self, words: str, from_: str, to: str) -> Seen:
        """Forward the newest message with these words to another room, as a message with an attachment.

        Source: docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments. `is_share` and
        `is_msg_unfurl` are seen in Slack's payloads, but not documented.
        """
        channel = self._writable(to)
        original = self._message_with(words, from_)
        self._did("writes", self._place(channel), f"(forwards) {original.text}")
        shared: Json = {
            "is_msg_unfurl": True,
            "is_share": True,
            "author_id": original.user,
            "channel_id": original.channel,
            "ts": original.ts,
            "from_url": f"https://sandbox.example/archives/{original.channel}/p{original.ts}",
            "fallback": f"[{original.ts}] {original.text}",
            "text": original.text,
            "message_blocks": [{"channel": original.channel, "message": {"blocks": original.blocks}}],
        }
        message = channels.post_message(self._ws, channel, self.id, "", extra={"attachments": [shared]})
        return self.seen(message)

    async def sets_topic(self, topic: str, room: str) -> None:
        """Set the room's topic. Slack writes a line about it into the room.

        Source: docs.slack.dev/reference/events/message/group_topic
        """
        channel = self._room(room)
        line = f"<@{self.id}> set the channel topic: {topic}"
        channels.system_line(self._ws, channel, self.id, "group_topic", line, {"topic": topic})

    async def edits(self, words: str, text: str, in_: str) -> None:
        """Edit their own newest message with these words."""
        message = self._own_message(words, in_)
        written, blocks = as_message(self._ws, text)
        channel = self._ws.channels[message.channel]
        channels.edit_message(self._ws, channel, message, self.id, {"text": written, "blocks": blocks})

    async def uploads(self, name: str, content: bytes, room: str) -> File:
        """Upload a file into a room or the direct message with the bot."""
        channel = self._writable(room)
        self._did("uploads", self._place(channel), name)
        file = channels.start_upload(self._ws, name, len(content), self.id)
        channels.receive_upload(file, content)
        file.completed = True
        channels.share_file(self._ws, file, channel)
        channels.post_message(self._ws, channel, self.id, "", files=[file.id])
        return file

    def _writable(self, place: str) -> Channel:
        channel = self.channel(place)
        if channel.archived:
            raise CouldNot(f"{place} is archived")
        manifest = self._ws.manifest
        if channel.kind == "im" and (not manifest.messages_tab or manifest.messages_tab_read_only):
            raise CouldNot("sending messages to this app has been turned off")
        return channel

    def _message_with(self, words: str, place: str) -> Message:
        for seen in reversed(self.messages(place)):
            if words in seen.text and isinstance(seen.source, Message):
                return seen.source
        raise CouldNot(f"@{self.handle} sees no message with «{words}» in {place}")

    def _own_message(self, words: str, place: str) -> Message:
        message = self._message_with(words, place)
        if message.user != self.id:
            raise CouldNot(f"the message is @{self._ws.handle(message.user)}'s, not @{self.handle}'s")
        return message

    # Coming and going

    async def leaves(self, room: str) -> None:
        channels.remove_member(self._ws, self._room(room), self.id)

    async def invites(self, other: str, room: str) -> None:
        """Invite another person, or the bot as `tot-bot`, into a room they are in."""
        channel = self._room(room)
        user = self._ws.user(other)
        if user.id in channel.members:
            raise CouldNot(f"@{other} is in {room} already")
        if user.deleted or user.is_stranger:
            raise CouldNot(f"@{other} cannot be invited")
        channels.add_member(self._ws, channel, user.id, self.id)

    async def removes(self, other: str, room: str) -> None:
        """Remove another person, or the bot, from a room they are in."""
        channel = self._room(room)
        user = self._ws.user(other)
        if user.id not in channel.members or channel.is_general:
            raise CouldNot(f"@{other} cannot be removed from {room}")
        channels.remove_member(self._ws, channel, user.id, self.id)

    # Changes to a whole room, by an owner, or by a member if the workspace allows it

    async def makes_public(self, room: str) -> None:
        """Make a private room public, as an owner."""
        channels.convert_room(self._ws, self._room(room), "public", self.id)

    async def makes_private(self, room: str) -> None:
        """Make a public room private, as an owner."""
        channels.convert_room(self._ws, self._room(room), "private", self.id)

    async def shares(self, room: str, team: str) -> None:
        """Share a room with another organisation that has accepted."""
        channels.share_room(self._ws, self._room(room), team, self.id)

    async def unshares(self, room: str, team: str) -> None:
        channels.unshare_room(self._ws, self._room(room), team, self.id)

    async def renames(self, room: str, name: str) -> None:
        channel = self._room(room)
        if self._ws.channel_named(name) is not None:
            raise CouldNot(f"{name} is taken")
        channels.rename_room(self._ws, channel, name, self.id)

    async def archives(self, room: str) -> None:
        channels.archive_room(self._ws, self._room(room), self.id)

    async def unarchives(self, room: str) -> None:
        channel = self.channel(room)
        if not channel.archived:
            raise CouldNot(f"{room} is not archived")
        channels.unarchive_room(self._ws, channel, self.id)

    async def deletes_room(self, room: str) -> None:
        """Delete a room for good, as an owner."""
        channels.delete_room(self._ws, self.channel(room), self.id)

    async def mutes(self, hours: float) -> None:
        """Pause the person's notifications for some hours from now; 0 ends the pause."""
        now = int(self._ws.clock.now().timestamp())
        self.user.muted = (now, now + int(hours * 3600)) if hours else None
        self._did("person", "", f"mutes for {hours:g} h")

    async def is_deactivated(self) -> None:
        """Deactivate this person's account, as an administrator."""
        channels.change_user(self._ws, self.user, deleted=True)

    async def is_reactivated(self) -> None:
        """Reactivate this person's account, as an administrator. They are only in #generelt."""
        channels.change_user(self._ws, self.user, deleted=False)
        for channel in self._ws.channels.values():
            if channel.is_general and self.id not in channel.members:
                channels.add_member(self._ws, channel, self.id)

    async def is_made_guest(self) -> None:
        """Make the person a multi-channel guest, as an administrator.

        Source: docs.slack.dev/reference/objects/user-object (`is_restricted`); the event is
        docs.slack.dev/reference/events/user_change.
        """
        channels.change_user(self._ws, self.user, is_restricted=True)

    async def moves_to(self, team: str) -> None:
        """Move the account to another workspace, with which this one only shares channels.

        Source: docs.slack.dev/reference/objects/user-object (`team_id`, `is_stranger`).
        """
        channels.change_user(self._ws, self.user, team=team, is_stranger=True)

    def _room(self, room: str) -> Channel:
        channel = self.channel(room)
        if not channel.is_room or channel.archived:
            raise CouldNot(f"{room} is no room that people come to and leave")
        return channel


_MENTION = re.compile(r"@([\w-]+)")


def as_message(ws: Workspace, text: str) -> tuple[str, list[Json]]:
    """Return the text with mentions resolved and &, <, > escaped, and its rich_text block."""
    parts: list[Json] = []
    written = ""
    at = 0
    for match in _MENTION.finditer(text):
        try:
            user_id = ws.user(match.group(1)).id
        except KeyError:
            continue
        parts += [_text(text[at : match.start()]), {"type": "user", "user_id": user_id}]
        written += html.escape(text[at : match.start()], quote=False) + f"<@{user_id}>"
        at = match.end()
    written += html.escape(text[at:], quote=False)
    parts.append(_text(text[at:]))
    kept = [part for part in parts if part.get("text") != ""]
    section: Json = {"type": "rich_text_section", "elements": kept}
    return written, [{"type": "rich_text", "elements": [section]}]


def _text(text: str) -> Json:
    return {"type": "text", "text": text}
