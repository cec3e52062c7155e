"""Somebody of the cast as an exercise plays them: each deed waits at the gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.gate import Deed, Gate
from sandbox.interactions import Interactions
from sandbox.model import User
from sandbox.moments import MomentKind, Moments
from sandbox.person import Person
from sandbox.seeing import BOT_PLACE, Seen
from sandbox.workspace import Workspace


class Actor(Person):
    """A person whose deeds a human may take over, one by one."""

    def __init__(
        self, ws: Workspace, interactions: Interactions, moments: Moments, user: User, gate: Gate
    ) -> None:
        super().__init__(ws, interactions, moments, user)
        self._gate = gate

    async def _done_by_human(self, kind: MomentKind, place: str, text: str) -> bool:
        return await self._gate.turn(Deed(self.handle, kind, place, text))

    async def types(self, text: str, in_: str = "#generelt") -> Seen | None:
        """As a person does, unless a human has."""
        if await self._done_by_human("types", in_.removeprefix("#"), text):
            return None
        return await super().types(text, in_)

    async def writes(self, text: str, to: str = BOT_PLACE, *, in_thread: str | None = None) -> Seen:
        """As a person does; what a human has written instead is the newest there."""
        if await self._done_by_human("writes", to, text) and self.messages(to):
            return self.messages(to)[-1]
        return await super().writes(text, to, in_thread=in_thread)

    async def presses(
        self,
        label: str,
        in_: str | None = None,
        near: str | None = None,
        *,
        confirm: bool | None = None,
        within: float | None = None,
    ) -> None:
        """As a person does, unless a human has."""
        if not await self._done_by_human("presses", in_ or "", label):
            await super().presses(label, in_, near, confirm=confirm, within=within)

    async def fills(self, values: Mapping[str, Any], *, within: float | None = None) -> None:
        """As a person does, unless a human has."""
        told = "; ".join(f"{label}: {_in_words(value)}" for label, value in values.items())
        if not await self._done_by_human("fills", "modal", told):
            await super().fills(values, within=within)

    async def submits(self, *, within: float | None = None) -> dict[str, str]:
        """As a person does; of what a human has sent, the errors it came back with."""
        if not await self._done_by_human("submits", "modal", self.modal.title if self.modal else ""):
            return await super().submits(within=within)
        await self._interactions.rest()
        return self.modal.errors if self.modal else {}

    async def opens_home(self) -> str:
        """As a person does, unless a human has."""
        if await self._done_by_human("opens_home", "home", ""):
            return self.home
        return await super().opens_home()


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
