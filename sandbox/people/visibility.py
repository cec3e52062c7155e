"""Everything that one person in the workspace can see."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sandbox import modals
from sandbox.activity import ActivityKind, ActivityLog, names, render_message, render_view
from sandbox.block_kit import render
from sandbox.model import PINNED, Channel, Ephemeral, File, Json, Message, User, View
from sandbox.serializers import message_values
from sandbox.socket.interactions import Interactions
from sandbox.workspace import Workspace

BOT_PLACE = "tot-bot"
T = TypeVar("T")


class CouldNot(AssertionError):
    """The person could not do it. The message says what they saw instead."""


@dataclass(frozen=True)
class Seen:
    ts: str
    place: str
    sender: str
    """The sender's handle."""
    text: str
    ephemeral: bool
    source: Message | Ephemeral = field(repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Surface:
    """A message or view with blocks that the person sees."""

    what: Message | Ephemeral | View
    blocks: list[Json]
    text: str
    values: dict[str, dict[str, Json]]

    @property
    def name(self) -> str:
        """Its name in an error message."""
        if isinstance(self.what, View):
            return "Home" if self.what.payload["type"] == "home" else "the modal"
        return f"the message «{self.text[:60]}»"


class Viewer:
    """Sees the workspace as one person does.

    Places are room names, `tot-bot` for the direct message with the bot, `modal` or `home`.
    """

    def __init__(self, ws: Workspace, interactions: Interactions, activity: ActivityLog, user: User) -> None:
        self._ws = ws
        self._interactions = interactions
        self._activity = activity
        self._names = names(ws)
        self.user = user

    def __repr__(self) -> str:
        return f"<Person @{self.handle}>"

    @property
    def handle(self) -> str:
        return self.user.handle

    @property
    def id(self) -> str:
        return self.user.id

    def channels(self) -> list[str]:
        """Return the names of this person's rooms, and of the people they have direct messages with."""
        return [self.place_name(channel) for channel in self.places()]

    def places(self) -> list[Channel]:
        """Return every channel and direct message that the person is in."""
        return [channel for channel in self._ws.channels.values() if self.id in channel.members]

    def place_name(self, channel: Channel) -> str:
        """Return the person's name for a channel."""
        if channel.is_room:
            return channel.name
        return " + ".join(self._ws.handle(member) for member in channel.members if member != self.id)

    def channel(self, place: str) -> Channel:
        """Return the channel or direct message of this name. Raise CouldNot if the person is not in it."""
        if self.user.deleted:
            raise CouldNot(f"@{self.handle} is deactivated")
        if place.removeprefix("@") == BOT_PLACE:
            return self._ws.direct(self._ws.bot.id, self.id)
        wanted = place.removeprefix("#")
        for channel in self.places():
            if channel.id == place or self.place_name(channel) == wanted:
                return channel
        mine = ", ".join(self.place_name(channel) for channel in self.places())
        raise CouldNot(f"@{self.handle} sees no {place!r}, only: {mine}")

    def messages(self, place: str) -> list[Seen]:
        """Return the messages in a place, oldest first, with those that only this person sees."""
        channel = self.channel(place)
        return [self.seen(item) for item in self.latest(channel)]

    def latest(self, channel: Channel, most: int | None = None) -> list[Message | Ephemeral]:
        """Return the newest `most` messages (or all), oldest first; none if the person is not there."""
        if self.id not in channel.members or self.user.deleted:
            return []
        found: list[Message | Ephemeral] = list(itertools.islice(reversed(channel.messages.values()), most))
        found += [e for e in self._ws.ephemerals if e.user == self.id and e.channel == channel.id]
        ordered = sorted(found, key=_order)
        return ordered if most is None else ordered[-most:]

    def files(self, item: Message | Ephemeral) -> list[File]:
        """Return the files of a message, including deleted ones."""
        return [self._ws.files[file_id] for file_id in item.files] if isinstance(item, Message) else []

    def everything(self) -> list[Seen]:
        """Return every message in every place, oldest first."""
        places = [self.place_name(channel) for channel in self.places()]
        found = [seen for place in places for seen in self.messages(place)]
        return sorted(found, key=lambda seen: _order(seen.source))

    def seen(self, item: Message | Ephemeral) -> Seen:
        """Return a message as the person reads it."""
        channel = self._ws.channels[item.channel]
        if isinstance(item, Ephemeral):
            sender = "slackbot" if item.from_slack else BOT_PLACE
        else:
            # Slack stores its line about a pin under the user who pinned.
            sender = "slackbot" if item.subtype == PINNED else self._ws.handle(item.user)
        text = render_message(self._ws, item, message_values(self._ws, self.id, item))
        return Seen(item.ts, self.place_name(channel), sender, text, isinstance(item, Ephemeral), item)

    def modal_view(self) -> View | None:
        return modals.top(self._ws, self.id)

    def modals_beneath(self) -> int:
        """Return the number of modals under the top one."""
        return max(len(self._ws.stacks.get(self.id, [])) - 1, 0)

    def home_view(self) -> View | None:
        return self._ws.homes.get(self.id)

    @property
    def home(self) -> str:
        """The text of the Home tab; empty if the app has published none."""
        view = self.home_view()
        return render_view(self._ws, view) if view is not None else ""

    def _texts(self, place: str | None) -> list[tuple[str, Seen | None]]:
        """Return every visible text in a place (or `modal`, `home`, or everywhere), newest last."""
        found: list[tuple[str, Seen | None]] = []
        if place not in (None, "modal", "home"):
            return [(seen.text, seen) for seen in self.messages(str(place))]
        if place is None:
            found += [(seen.text, seen) for seen in self.everything()]
        if place in (None, "home") and self.home:
            found.append((self.home, None))
        modal = self.modal_view()
        if place in (None, "modal") and modal is not None:
            found.append((render_view(self._ws, modal), None))
        return found

    def surfaces(self, place: str | None) -> list[Surface]:
        """Return messages and views, newest first. An open modal hides the rest unless a place is given."""
        if self.user.deleted:
            raise CouldNot(f"@{self.handle} is deactivated")
        modal = self.modal_view()
        if place == "modal" or (place is None and modal is not None):
            if modal is None:
                raise CouldNot(f"@{self.handle} has no modal open")
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
        """Return this message or view as it is now. Raise CouldNot if the person cannot see it any more."""
        if isinstance(what, View):
            if what in (self.modal_view(), self.home_view()):
                return self._view_surface(what)
        else:
            channel = self._ws.channels[what.channel]
            item = channel.messages.get(what.ts) or next((e for e in self._ws.ephemerals if e is what), None)
            if item is not None and self.id in channel.members and not self.user.deleted:
                return self._message_surface(self.seen(item))
        raise CouldNot(f"@{self.handle} has that before them no more")

    def _view_surface(self, view: View) -> Surface:
        return Surface(view, view.blocks, render_view(self._ws, view), view.values)

    def _message_surface(self, seen: Seen) -> Surface:
        values = message_values(self._ws, self.id, seen.source)
        return Surface(seen.source, seen.source.blocks, seen.text, values)

    def reads(self, place: str) -> list[str]:
        """Return the texts in a place, oldest first. Raise CouldNot if this person is not in it."""
        return [seen.text for seen in self.messages(place)]

    def texts(self, in_: str | None = None) -> list[str]:
        """Return every visible text in a place (or `modal`, `home`, or everywhere), newest last."""
        return [text for text, _ in self._texts(in_)]

    def whispers(self) -> list[Seen]:
        """Return the messages in any place that nobody else sees, oldest first."""
        return [seen for seen in self.everything() if seen.ephemeral]

    async def sees(self, text: str, in_: str | None = None, *, within: float | None = None) -> Seen | str:
        """Wait until a text is visible (in one place, or anywhere), and return the newest item with it."""

        def look() -> Seen | str:
            texts = self._texts(in_)
            for shown, seen in reversed(texts):
                if text in shown:
                    return seen if seen is not None else shown
            newest = "\n---\n".join(shown for shown, _ in texts[-5:])
            raise CouldNot(
                f"@{self.handle} does not see «{text}» {in_ or 'anywhere'}; the newest is:\n{newest}"
            )

        return await self._until(look, within, self._ws.settings.patience)

    async def sees_no(self, text: str, in_: str | None = None) -> None:
        """Raise CouldNot if this text is visible now (in one place, or anywhere)."""
        for shown, _ in self._texts(in_):
            if text in shown:
                raise CouldNot(f"@{self.handle} does see «{text}»:\n{shown}")

    @property
    def modal(self) -> Modal | None:
        """The modal on top, if one is open."""
        view = self.modal_view()
        return Modal(self._ws, view) if view is not None else None

    async def sees_modal(self, title: str = "") -> Modal:
        """Wait until a modal is open whose title contains this, and return it."""
        return await self._until(lambda: self._has_modal(title), None, self._ws.settings.patience)

    def _has_modal(self, title: str = "") -> Modal:
        modal = self.modal
        if modal is None or title not in modal.title:
            shown = f"«{modal.title}»" if modal else "none"
            raise CouldNot(f"@{self.handle} has no modal «{title}» open, but {shown}")
        return modal

    async def _until(self, look: Callable[[], T], within: float | None, otherwise: float) -> T:
        """Retry `look` for `within` real seconds (None: `otherwise`) while it raises CouldNot."""
        refusal = CouldNot("nothing was looked at")

        def probe() -> tuple[T] | None:
            nonlocal refusal
            try:
                return (look(),)
            except CouldNot as failure:
                refusal = failure
                return None

        found = await self._ws.changes.until(probe, otherwise if within is None else within)
        if found is None:
            raise refusal
        return found[0]

    def _did(self, kind: ActivityKind, place: str, text: str) -> None:
        self._activity.add(kind, self.handle, place, text, frozenset({self.handle}))

    def _place(self, channel: Channel) -> str:
        return channel.name if channel.is_room else BOT_PLACE


class Modal:
    """A live modal as its person reads it."""

    def __init__(self, ws: Workspace, view: View) -> None:
        self._ws = ws
        self._names = names(ws)
        self.view = view

    def __repr__(self) -> str:
        return f"<Modal {self.text!r}>"

    @property
    def title(self) -> str:
        return render.text_object(self.view.payload["title"], self._names)

    @property
    def text(self) -> str:
        """The whole text, with filled-in values and errors."""
        return render_view(self._ws, self.view)

    @property
    def submit(self) -> str:
        """The words of the submit button; empty if there is none."""
        return render.text_object(self.view.payload["submit"], self._names)

    def labels(self) -> list[str]:
        """Return the labels of its fields, in order."""
        return [self._label(block) for block in self.view.inputs]

    @property
    def errors(self) -> dict[str, str]:
        """Label → error."""
        return {
            self._label(block): self.view.errors[block["block_id"]]
            for block in self.view.inputs
            if block["block_id"] in self.view.errors
        }

    @property
    def values(self) -> dict[str, str]:
        """Label → the filled-in value as text, or empty."""
        return {self._label(block): self._value(block) for block in self.view.inputs}

    def _label(self, block: Json) -> str:
        return render.text_object(block["label"], self._names)

    def _value(self, block: Json) -> str:
        state = self.view.values[block["block_id"]][block["element"]["action_id"]]
        return render.value_text(state, self._names)


def _order(item: Message | Ephemeral) -> tuple[int, int]:
    seconds, _, micros = item.ts.partition(".")
    return int(seconds), int(micros)
