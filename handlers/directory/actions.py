"""Buttons about a new contact."""

from __future__ import annotations

from bot.usecases.directory.agencies import DecideContact, decide_contact
from handlers.slack.requests import Pressed


async def approve_contact(pressed: Pressed) -> None:
    """«Godkjenn»."""
    await pressed.act(decide_contact, DecideContact(pressed.value, approve=True))


async def refuse_contact(pressed: Pressed) -> None:
    """«Avslå»."""
    await pressed.act(decide_contact, DecideContact(pressed.value, approve=False))
