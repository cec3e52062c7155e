"""Commands chosen by a button, which do what typing the word does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import TotError
from handlers.blocks.context import Block
from handlers.slack.requests import ActionRequest, CommandRequest


@dataclass
class ChosenRequest(CommandRequest):
    """A command chosen by a button in a form; what it opens or says replaces that form."""

    pressed: ActionRequest

    async def answer(self, text: str, blocks: list[Block] | None = None) -> None:
        await self.pressed.tell(text, blocks)

    async def open(self, view: dict[str, Any]) -> None:
        await self.pressed.open(view)

    async def to_wait(self) -> None:
        await self.pressed.to_wait()

    async def still_working(self, text: str) -> None:
        await self.pressed.still_working(text)

    async def refuse(self, error: TotError) -> None:
        await self.pressed.refuse(error)

    async def say_done(self) -> None:
        await self.pressed.say_done()


def chosen(run: Callable[[CommandRequest], Awaitable[None]]) -> Callable[[ActionRequest], Awaitable[None]]:
    """Return the handler of a command's button; its value is the channel and the text after the word."""

    async def choose(pressed: ActionRequest) -> None:
        channel, _, rest = pressed.value.partition(" ")
        request = ChosenRequest(
            services=pressed.services,
            visitor=pressed.visitor,
            receipt=pressed.receipt,
            ack=pressed.ack,
            client=pressed.client,
            came=pressed.came,
            channel=channel,
            rest=rest,
            pressed=pressed,
        )
        await run(request)

    return choose
