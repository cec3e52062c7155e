"""Everything that one person can see."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from sandbox import modals
from sandbox.activity import names, render_view
from sandbox.block_kit import render
from sandbox.model import PINNED, Channel, Ephemeral, File, Json, Message, User, View
from sandbox.serializers import message_values
from sandbox.workspace import Workspace

BOT_PLACE = "tot-bot"


class CouldNot(AssertionError):
    """The person could not do it; the message says what they saw instead."""


@dataclass(frozen=True)
class Seen:
    ts: str
    place: str
    sender: str
    """The sender's handle."""
    text: str
    ephemeral: bool
    source: Message | Ephemeral = field(repr=False)

    def __contains__(self, part: str) -> bool:
        return part in self.text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Surface:
    """Something with blocks that the person has before them."""

    what: Message | Ephemeral | View
    blocks: list[Json]
    text: str
    values: dict[str, dict[str, Json]]

    @property
    def name(self) -> str:
        """Its name in a refusal."""
        if isinstance(self.what, View):
            return "Home" if self.what.payload["type"] == "home" else "the modal"
        return f"the message «{self.text[:60]}»"


class Visibility:
    """Sees the workspace as one person does."""

    def __init__(self, ws: Workspace, user: User) -> None:
        self._ws = ws
        self._user = user

    def channels(self) -> list[Channel]:
        """Every channel and direct message that the person is in."""
        return [channel for channel in self._ws.channels.values() if self._user.id in channel.members]

    def place_name(self, channel: Channel) -> str:
        """The person's name for a channel."""
        if channel.is_room:
            return channel.name
        return " + ".join(self._ws.handle(member) for member in channel.members if member != self._user.id)

    def channel(self, place: str) -> Channel:
        """The channel or direct message of this name; CouldNot if the person is not in it."""
        if self._user.deleted:
            raise CouldNot(f"@{self._user.handle} is deactivated")
        if place.removeprefix("@") == BOT_PLACE:
            return self._ws.direct(self._ws.bot.id, self._user.id)
        wanted = place.removeprefix("#")
        for channel in self.channels():
            if channel.id == place or self.place_name(channel) == wanted:
                return channel
        mine = ", ".join(self.place_name(channel) for channel in self.channels())
        raise CouldNot(f"@{self._user.handle} sees no {place!r}, only: {mine}")

    def messages(self, place: str) -> list[Seen]:
        """The messages there, oldest first, with those that only this person sees."""
        channel = self.channel(place)
        return [self.seen(item) for item in self.latest(channel)]

    def latest(self, channel: Channel, most: int | None = None) -> list[Message | Ephemeral]:
        """The newest there (all, or so many), oldest first, as stored; nothing if the person is not in it."""
        if self._user.id not in channel.members or self._user.deleted:
            return []
        found: list[Message | Ephemeral] = list(itertools.islice(reversed(channel.messages.values()), most))
        found += [e for e in self._ws.ephemerals if e.user == self._user.id and e.channel == channel.id]
        ordered = sorted(found, key=_order)
        return ordered if most is None else ordered[-most:]

    def files(self, item: Message | Ephemeral) -> list[File]:
        """The files of a message, deleted ones too."""
        return [self._ws.files[file_id] for file_id in item.files] if isinstance(item, Message) else []

    def everything(self) -> list[Seen]:
        """Every message in every place, oldest first."""
        places = [self.place_name(channel) for channel in self.channels()]
        found = [seen for place in places for seen in self.messages(place)]
        return sorted(found, key=lambda seen: _order(seen.source))

    def seen(self, item: Message | Ephemeral) -> Seen:
        """A message as the person reads it."""
        channel = self._ws.channels[item.channel]
        if isinstance(item, Ephemeral):
            sender, values = "slackbot" if item.from_slack else BOT_PLACE, {}
            files: list[str] = []
        else:
            # Slack writes its line about a pin in the name of whoever pinned.
            sender = "slackbot" if item.subtype == PINNED else self._ws.handle(item.user)
            values = message_values(self._ws, self._user.id, item)
            files = ["(slettet fil)" if file.deleted else file.name for file in self.files(item)]
        text = render.message(item.text, item.blocks, files, names(self._ws), values)
        return Seen(item.ts, self.place_name(channel), sender, text, isinstance(item, Ephemeral), item)

    def modal(self) -> View | None:
        return modals.top(self._ws, self._user.id)

    def modals_beneath(self) -> int:
        """How many modals are under the one on top."""
        return max(len(self._ws.stacks.get(self._user.id, [])) - 1, 0)

    def home_view(self) -> View | None:
        return self._ws.homes.get(self._user.id)

    def home(self) -> str:
        """The Home tab as read; empty if the app has published none."""
        view = self.home_view()
        return render_view(self._ws, view) if view is not None else ""

    def texts(self, place: str | None) -> list[tuple[str, Seen | None]]:
        """Every text before the person in a place (or `modal`, `home`, or everywhere), newest last."""
        found: list[tuple[str, Seen | None]] = []
        if place not in (None, "modal", "home"):
            return [(seen.text, seen) for seen in self.messages(str(place))]
        if place is None:
            found += [(seen.text, seen) for seen in self.everything()]
        if place in (None, "home") and self.home():
            found.append((self.home(), None))
        modal = self.modal()
        if place in (None, "modal") and modal is not None:
            found.append((render_view(self._ws, modal), None))
        return found

    def surfaces(self, place: str | None) -> list[Surface]:
        """Messages and views, newest first; an open modal hides the rest unless a place is named."""
        if self._user.deleted:
            raise CouldNot(f"@{self._user.handle} is deactivated")
        modal = self.modal()
        if place == "modal" or (place is None and modal is not None):
            if modal is None:
                raise CouldNot(f"@{self._user.handle} has no modal open")
            return [self._view_surface(modal)]
        found: list[Surface] = []
        if place != "home":
            seen_ones = self.everything() if place is None else self.messages(place)
            found = [self._message_surface(seen) for seen in reversed(seen_ones)]
        home = self.home_view()
        if place in (None, "home") and home is not None:
            found.append(self._view_surface(home))
        return found

    def surface(self, what: Message | Ephemeral | View) -> Surface:
        """This message or view as it is now; CouldNot if the person has it before them no more."""
        if isinstance(what, View):
            if what in (self.modal(), self.home_view()):
                return self._view_surface(what)
        else:
            channel = self._ws.channels[what.channel]
            item = channel.messages.get(what.ts) or next((e for e in self._ws.ephemerals if e is what), None)
            if item is not None and self._user.id in channel.members and not self._user.deleted:
                return self._message_surface(self.seen(item))
        raise CouldNot(f"@{self._user.handle} has that before them no more")

    def _view_surface(self, view: View) -> Surface:
        return Surface(view, view.blocks, render_view(self._ws, view), view.values)

    def _message_surface(self, seen: Seen) -> Surface:
        values = (
            message_values(self._ws, self._user.id, seen.source) if isinstance(seen.source, Message) else {}
        )
        return Surface(seen.source, seen.source.blocks, seen.text, values)


def _order(item: Message | Ephemeral) -> tuple[int, int]:
    seconds, _, micros = item.ts.partition(".")
    return int(seconds), int(micros)
