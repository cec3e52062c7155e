"""The events that the app has subscribed to, made from changes of the workspace."""

from __future__ import annotations

from sandbox import cast, scopes
from sandbox.model import Change, Channel, Json, Message
from sandbox.serializers import message_json, user_json, view_json
from sandbox.socket.connections import Sockets
from sandbox.workspace import Workspace

VERIFICATION = "sandbox-verification"
_CHANNEL_TYPE = {"public": "channel", "private": "group", "im": "im"}


class Events:
    """Listens to the workspace and sends events."""

    def __init__(self, ws: Workspace, sockets: Sockets) -> None:
        self._ws = ws
        self._sockets = sockets
        ws.on_change(self._changed)

    def _changed(self, change: Change) -> None:
        channel = self._ws.channels.get(change.channel)
        for event in self._events(change, channel):
            in_reach = channel is None or self._ws.bot.id in channel.members or event["type"] in _ON_LEAVING
            if in_reach and scopes.hears(self._ws, event["type"], channel):
                self.send(event)

    def _events(self, change: Change, channel: Channel | None) -> list[Json]:
        if isinstance(change.message, Message) and channel is not None:
            return self._message_events(change, change.message, channel)
        if channel is not None:
            return self._channel_events(change, channel)
        if change.kind == "user_changed":
            user = user_json(self._ws, self._ws.users[change.user])
            return [{"type": "user_change", "user": user, "cache_ts": self._ws.seconds()}]
        if change.kind == "home_opened":
            return [self._home_opened(change)]
        return []

    def _home_opened(self, change: Change) -> Json:
        direct = self._ws.direct(self._ws.bot.id, change.user)
        event: Json = {
            "type": "app_home_opened",
            "user": change.user,
            "channel": direct.id,
            "tab": change.detail,
        }
        home = self._ws.homes.get(change.user)
        if home is not None and change.detail == "home":
            event["view"] = view_json(home, with_state=True)
        return event

    def _message_events(self, change: Change, message: Message, channel: Channel) -> list[Json]:
        where: Json = {"channel": channel.id, "channel_type": _CHANNEL_TYPE[channel.kind]}
        shape = message_json(self._ws, message)
        if change.kind in ("message_changed", "message_deleted"):
            event: Json = {"type": "message", "subtype": change.kind, "hidden": True, "ts": self._ws.new_ts()}
            if change.kind == "message_deleted":
                return [event | where | {"previous_message": shape, "deleted_ts": message.ts}]
            before = message_json(self._ws, change.previous) if change.previous else None
            return [event | where | {"message": shape, "previous_message": before}]
        if message.files and not message.subtype:
            shape["subtype"] = "file_share"
        return [shape | where | {"event_ts": message.ts}]

    def _channel_events(self, change: Change, channel: Channel) -> list[Json]:
        letter = "C" if channel.kind == "public" else "G"
        noun = "channel" if channel.kind == "public" else "group"
        member: Json = {
            "user": change.user,
            "channel": channel.id,
            "channel_type": letter,
            "team": cast.TEAM_ID,
        }
        if change.kind == "member_joined":
            inviter = {"inviter": change.by} if change.by else {}
            return [{"type": "member_joined_channel", **member, **inviter}]
        if change.kind == "member_left":
            if change.user == self._ws.bot.id:
                return [{"type": f"{noun}_left", "channel": channel.id, "actor_id": change.by or change.user}]
            return [{"type": "member_left_channel", **member}]
        return [self._room_event(change, channel, noun)] if change.kind in _OF_ROOMS else []

    def _room_event(self, change: Change, channel: Channel, noun: str) -> Json:
        """Return an event about a room, with the fields of its reference page. Events of Slack Connect have
        one name for public and private rooms (docs.slack.dev/reference/events/channel_shared).
        """
        if change.kind in ("channel_shared", "channel_unshared"):
            other: Json = {"connected_team_id": change.detail}
            if change.kind == "channel_unshared":
                still = bool(channel.shared_with)
                other = {"previously_connected_team_id": change.detail, "is_ext_shared": still}
            return {"type": change.kind, "channel": channel.id, **other}
        event: Json = {"type": f"{noun}_{_OF_ROOMS[change.kind]}", "channel": channel.id}
        if change.kind == "channel_renamed":
            return event | {"channel": {"id": channel.id, "name": channel.name, "created": channel.created}}
        if change.kind == "channel_deleted":
            return event | {"actor_id": change.by}
        return event | {"user": change.by}

    def send(self, event: Json) -> None:
        """Wrap an event as the Events API does, and send it."""
        event.setdefault("event_ts", self._ws.new_ts())
        self._sockets.send_event(
            {
                "token": VERIFICATION,
                "team_id": cast.TEAM_ID,
                "context_team_id": cast.TEAM_ID,
                "context_enterprise_id": None,
                "api_app_id": cast.APP_ID,
                "event": event,
                "type": "event_callback",
                "event_id": self._ws.new_id("Ev"),
                "event_time": self._ws.seconds(),
                "authorizations": [
                    {
                        "enterprise_id": None,
                        "team_id": cast.TEAM_ID,
                        "user_id": self._ws.bot.id,
                        "is_bot": True,
                        "is_enterprise_install": False,
                    }
                ],
            }
        )


_OF_ROOMS = {
    "channel_archived": "archive",
    "channel_unarchived": "unarchive",
    "channel_renamed": "rename",
    "channel_deleted": "deleted",
    "channel_shared": "shared",
    "channel_unshared": "unshared",
}
_ON_LEAVING = frozenset({"channel_left", "group_left"})
