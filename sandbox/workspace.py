"""The workspace: its people, rooms, files and views, and listeners for every change."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from typing import TypeVar

from sandbox import cast
from sandbox.clock import MovableClock
from sandbox.faults import Faults
from sandbox.model import Call, Change, Channel, ChannelKind, Delivery, Ephemeral, File, Json, User, View
from sandbox.settings import Manifest, Settings

_MICROS = 1_000_000


class Workspace:
    """All state of the local Slack. The functions of channels.py and modals.py change it."""

    def __init__(self, manifest: Manifest, clock: MovableClock, settings: Settings) -> None:
        self.manifest = manifest
        self.clock = clock
        self.settings = settings
        self.changes = Changes()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Ephemeral] = []
        self.files: dict[str, File] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.message_values: dict[tuple[str, str, str], dict[str, dict[str, Json]]] = {}
        self.faults = Faults(self.changes.notify)
        self.calls: list[Call] = []
        """Every Web API call."""
        self.deliveries: list[Delivery] = []
        """Everything sent to the app, and how it was acknowledged."""
        self.deliver_twice = False
        """Sends every envelope twice and at the same time, as two envelopes with the same payload."""
        self._listeners: list[Callable[[Change], None]] = []
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self._populate()

    def _populate(self) -> None:
        self.bot = cast.bot(self.manifest.name)
        self.users[self.bot.id] = self.bot
        for handle, user_id in cast.CAST.items():
            self.users[user_id] = cast.member(handle, user_id)
        general = self.new_channel(cast.GENERAL, "public", creator=cast.CAST["koordinator"])
        general.is_general = True
        general.members = list(self.users)

    # Word of changes

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` with every change, in order."""
        self._listeners.append(listener)

    def announce(self, change: Change) -> None:
        """Call the listeners and wake the tasks that wait for a change."""
        for listener in self._listeners:
            listener(change)
        self.changes.notify()

    # Names and numbers

    def new_id(self, prefix: str) -> str:
        """Return a new id in Slack's style, such as C0000000001."""
        return f"{prefix}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """Return the moved time in Slack's format. It always increases, even if time is moved back."""
        now = int(self.clock.now().timestamp() * _MICROS)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // _MICROS}.{self._last_ts % _MICROS:06d}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    # People

    def user(self, handle_or_id: str) -> User:
        """Return the user with this handle or id. Raise KeyError if there is none."""
        found = self.users.get(handle_or_id)
        if found is not None:
            return found
        wanted = handle_or_id.removeprefix("@")
        for user in self.users.values():
            if wanted in (user.handle, user.display_name):
                return user
        raise KeyError(f"nobody is called {handle_or_id!r}")

    def handle(self, user_id: str) -> str:
        """Return the handle of a user id, or the id itself if it is unknown."""
        user = self.users.get(user_id)
        return user.handle if user else user_id

    def handles(self, user_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.handle(user_id) for user_id in user_ids)

    # Rooms

    def new_channel(self, name: str, kind: ChannelKind, creator: str) -> Channel:
        """Add a channel with nobody in it."""
        prefix = {"public": "C", "private": "C", "im": "D"}[kind]
        channel = Channel(self.new_id(prefix), name, kind, creator, created=self.seconds())
        self.channels[channel.id] = channel
        return channel

    def channel_named(self, name: str) -> Channel | None:
        """Return the public or private channel with this name, archived or not."""
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.is_room and channel.name == wanted:
                return channel
        return None

    def members(self, room: str) -> frozenset[str]:
        """Return the members' handles of the room with this name or id. Raise KeyError if there is none."""
        channel = self.channels.get(room) or self.channel_named(room)
        if channel is None:
            raise KeyError(f"no room is called {room!r}")
        return self.handles(channel.members)

    def direct(self, one: str, other: str) -> Channel:
        """Return the direct message between two user ids; open one if there is none that is not archived.

        Source: docs.slack.dev/reference/methods/chat.postMessage: `channel_not_found` and `is_archived` are
        answers for direct messages too, and conversations.open returns the current one.
        """
        for channel in self.channels.values():
            if not channel.is_room and not channel.archived and set(channel.members) == {one, other}:
                return channel
        channel = self.new_channel("", "im", creator=self.bot.id)
        channel.members = [one, other]
        return channel

    def place(self, channel: Channel) -> str:
        """Return a channel's name, or for a direct message its people."""
        if channel.is_room:
            return channel.name
        return " + ".join(sorted(self.handle(m) for m in channel.members if m != self.bot.id)) + " ↔ tot-bot"

    # Views

    def view(self, view_id: str) -> View | None:
        """Return an open modal or a published Home view by its id."""
        for stack in self.stacks.values():
            for view in stack:
                if view.id == view_id:
                    return view
        return next((home for home in self.homes.values() if home.id == view_id), None)


T = TypeVar("T")


class Changes:
    """Wakes waiting tasks each time something has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.count = 0
        """How many changes there have been."""

    def notify(self) -> None:
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def next(self) -> None:
        await self._event.wait()

    async def until(self, probe: Callable[[], T | None], within: float) -> T | None:
        """Return the first truthy result of `probe`, called at each change; None after `within` seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            event = self._event
            found = probe()
            if found:
                return found
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return None
            try:
                async with asyncio.timeout(left):
                    await event.wait()
            except TimeoutError:
                return probe() or None
