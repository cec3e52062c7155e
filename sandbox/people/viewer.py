"""Looking, which everybody in the workspace can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sandbox.activity import ActivityKind, ActivityLog, Shown, names, render_view
from sandbox.block_kit import render
from sandbox.model import Channel, Json, User, View
from sandbox.people.visibility import BOT_PLACE, CouldNot, Seen, Visibility
from sandbox.socket.interactions import Interactions
from sandbox.workspace import Workspace

T = TypeVar("T")


class Viewer:
    """Sees what one person sees.

    Places are room names, `tot-bot` for the direct message with the bot, `modal` or `home`.
    """

    def __init__(self, ws: Workspace, interactions: Interactions, activity: ActivityLog, user: User) -> None:
        self._ws = ws
        self._interactions = interactions
        self._activity = activity
        self._visibility = Visibility(ws, user)
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
        """The names of the rooms this person is in and of the people they have direct messages with."""
        return [self._visibility.place_name(channel) for channel in self._visibility.channels()]

    def messages(self, place: str) -> list[Seen]:
        """The messages there, oldest first; CouldNot if this person is not in it."""
        return self._visibility.messages(place)

    def reads(self, place: str) -> list[str]:
        """The messages there as read, oldest first; CouldNot if this person is not in it."""
        return [seen.text for seen in self.messages(place)]

    def texts(self, in_: str | None = None) -> list[str]:
        """Every text before them in a place (or `modal`, `home`, or everywhere), newest last."""
        return [text for text, _ in self._visibility.texts(in_)]

    def whispers(self) -> list[Seen]:
        """The messages that nobody else sees, in any place, oldest first."""
        return [seen for seen in self._visibility.everything() if seen.ephemeral]

    async def sees(self, text: str, in_: str | None = None, *, within: float | None = None) -> Seen | str:
        """Wait until this text is visible (in one place, or anywhere) and return the newest that has it."""
        wait = self._ws.settings.patience if within is None else within

        def look() -> Seen | str:
            texts = self._visibility.texts(in_)
            for shown, seen in reversed(texts):
                if text in shown:
                    return seen if seen is not None else shown
            newest = "\n---\n".join(shown for shown, _ in texts[-5:])
            raise CouldNot(
                f"@{self.handle} does not see «{text}» {in_ or 'anywhere'}; the newest is:\n{newest}"
            )

        return await self._until(look, wait)

    async def sees_no(self, text: str, in_: str | None = None) -> None:
        """CouldNot if this text is visible right now (in one place, or anywhere)."""
        for shown, _ in self._visibility.texts(in_):
            if text in shown:
                raise CouldNot(f"@{self.handle} does see «{text}»:\n{shown}")

    @property
    def modal(self) -> Modal | None:
        """The modal on top, if one is open."""
        view = self._visibility.modal()
        return Modal(self._ws, view) if view is not None else None

    async def sees_modal(self, title: str = "", *, within: float | None = None) -> Modal:
        """Wait until a modal is open whose title contains this, and return it."""
        return await self._until(
            lambda: self._has_modal(title), self._ws.settings.patience if within is None else within
        )

    def _has_modal(self, title: str = "") -> Modal:
        modal = self.modal
        if modal is None or title not in modal.title:
            shown = f"«{modal.title}»" if modal else "none"
            raise CouldNot(f"@{self.handle} has no modal «{title}» open, but {shown}")
        return modal

    @property
    def home(self) -> str:
        """The Home tab as it was last published; empty if it never was."""
        return self._visibility.home()

    async def _until(self, look: Callable[[], T], within: float) -> T:
        refusal = CouldNot("nothing was looked at")

        def probe() -> tuple[T] | None:
            nonlocal refusal
            try:
                return (look(),)
            except CouldNot as failure:
                refusal = failure
                return None

        found = await self._ws.changes.until(probe, within)
        if found is None:
            raise refusal
        return found[0]

    def _did(self, kind: ActivityKind, place: str, text: str, shown: Shown | None = None) -> None:
        self._activity.add(kind, self.handle, place, text, frozenset({self.handle}), shown)

    def _place(self, channel: Channel) -> str:
        return channel.name if channel.is_room else BOT_PLACE


class Modal:
    """A modal as its person reads it; it stays a view of the live one."""

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
        """Everything in it, with what is filled in and what is wrong."""
        return render_view(self._ws, self.view)

    @property
    def submit(self) -> str:
        """The words of the button that sends it; empty where there is nothing to send."""
        return render.text_object(self.view.payload["submit"], self._names)

    @property
    def callback_id(self) -> str:
        return str(self.view.payload["callback_id"])

    def labels(self) -> list[str]:
        """The labels of its fields, in order."""
        return [self._label(block) for block in self._inputs()]

    @property
    def errors(self) -> dict[str, str]:
        """Label → what is wrong with that field."""
        return {
            self._label(block): self.view.errors[block["block_id"]]
            for block in self._inputs()
            if block["block_id"] in self.view.errors
        }

    @property
    def values(self) -> dict[str, str]:
        """Label → what is filled in, as read; empty if nothing is."""
        return {self._label(block): self._value(block) for block in self._inputs()}

    def _inputs(self) -> list[Json]:
        return [block for block in self.view.blocks if block["type"] == "input"]

    def _label(self, block: Json) -> str:
        return render.text_object(block["label"], self._names)

    def _value(self, block: Json) -> str:
        state = self.view.values[block["block_id"]][block["element"]["action_id"]]
        return render.value_text(state, self._names)
