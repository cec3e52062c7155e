"""Presses that the little bot acknowledges, and those that reached it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.little_bot import Body, LittleBot


def acts(bot: LittleBot, *action_ids: str) -> None:

    async def acknowledge(ack: Any) -> None:
        await ack()

    for action_id in action_ids:
        bot.app.action(action_id)(acknowledge)


def clicked(bot: LittleBot) -> list[Body]:
    return [body["actions"][0] for body in bot.interactions("block_actions")]
