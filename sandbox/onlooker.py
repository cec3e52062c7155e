"""What everybody in the workspace can do: look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sandbox.form import Modal
from sandbox.interactions import Interactions
from sandbox.model import Channel, User
from sandbox.moments import MomentKind, Moments, names
from sandbox.seeing import BOT_PLACE, CouldNot, Eyes, Seen
from sandbox.workspace import Workspace

T = TypeVar("T")


class Onlooker:
    """Sees what one person sees.

    Places are room names, `tot-bot` for the direct message with the bot, `modal` or `home`.
    """

    def __init__(self, ws: Workspace, interactions: Interactions, moments: Moments, user: User) -> None:
        self._ws = ws
        self._interactions = interactions
        self._moments = moments
        self._eyes = Eyes(ws, user)
        self._names = names(ws)
        self.user = user

    def __repr__(self) -> str:
        return f"<Person @{self.handle}>"

    @property
    def handle(self) -> str:
        """What the others call this person."""
        return self.user.handle

    @property
    def id(self) -> str:
        """The Slack user id."""
        return self.user.id

    def channels(self) -> list[str]:
        """The names of the rooms this person is in and of the people they have direct messages with."""
        return [self._eyes.place_name(channel) for channel in self._eyes.channels()]

    def messages(self, place: str) -> list[Seen]:
        """The messages there, oldest first; CouldNot if this person is not in it."""
        return self._eyes.messages(place)

    def reads(self, place: str) -> list[str]:
        """The messages there as read, oldest first; CouldNot if this person is not in it."""
        return [seen.text for seen in self.messages(place)]

    async def sees(self, text: str, in_: str | None = None, *, within: float | None = None) -> Seen | str:
        """Waits until this text is visible (in one place, or anywhere) and returns the newest that has it."""
        wait = self._ws.settings.patience if within is None else within

        def look() -> Seen | str:
            texts = self._eyes.texts(in_)
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
        for shown, _ in self._eyes.texts(in_):
            if text in shown:
                raise CouldNot(f"@{self.handle} does see «{text}»:\n{shown}")

    @property
    def modal(self) -> Modal | None:
        """The modal on top, if one is open."""
        view = self._eyes.modal()
        return Modal(self._ws, view) if view is not None else None

    async def sees_modal(self, title: str = "", *, within: float | None = None) -> Modal:
        """Waits until a modal is open whose title contains this, and returns it."""
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
        return self._eyes.home()

    async def _until(self, look: Callable[[], T], within: float) -> T:
        refusal = CouldNot("nothing was looked at")

        def probe() -> tuple[T] | None:
            nonlocal refusal
            try:
                return (look(),)
            except CouldNot as failure:
                refusal = failure
                return None

        found = await self._ws.pulse.until(probe, within)
        if found is None:
            raise refusal
        return found[0]

    def _did(self, kind: MomentKind, place: str, text: str) -> None:
        self._moments.add(kind, self.handle, place, text, frozenset({self.handle}))

    def _place(self, channel: Channel) -> str:
        return channel.name if channel.is_room else BOT_PLACE
