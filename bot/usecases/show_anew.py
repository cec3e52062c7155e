"""A delivery ended when its lease was another's: what stands is made current once more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.intents import Intent
from bot.usecases.consequences import again
from bot.usecases.ports import Posted, UnitOfWork


def show_anew(uow: UnitOfWork, intent: Intent) -> None:
    """Deliver a document again, or, of what is said only once, the message that stands.

    Whoever had lost the lease may have shown, later, what is older than what the other one showed.
    """
    if not intent.once:
        uow.enqueue(replace(intent, due_at=None))
        return
    for posted in uow.find(Posted, key=intent.key, case_id=intent.case_id, matter=intent.matter):
        uow.enqueue(again(posted))
