"""Buttons about a new contact."""

from __future__ import annotations

from bot.usecases.directory.agencies import DecideContact, decide_contact
from handlers.slack.requests import ActionRequest


async def approve_contact(request: ActionRequest) -> None:
    """Approve a new contact."""
    await request.act(decide_contact, DecideContact(request.value, approve=True))


async def refuse_contact(request: ActionRequest) -> None:
    """Refuse a new contact."""
    await request.act(decide_contact, DecideContact(request.value, approve=False))
