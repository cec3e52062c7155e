"""A delivery ended when its lease was another's: what stands is made current once more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import again
from bot.usecases.ports import Posted, UnitOfWork


def show_anew(uow: UnitOfWork, intent: Intent) -> None:
    """Deliver a document again, or, of what is said only once, the message that stands.

    Whoever had lost the lease may have shown, later, what is older than what the other one showed. So what
    is believed of a message that stands is forgotten, and it is written over. A file cannot be changed
    behind one's back, and stays.
    """
    key = f"card:{intent.subject}" if intent.kind is Kind.ROOM else intent.key
    stands = uow.find(Posted, key=key, case_id=intent.case_id, matter=intent.matter)
    for posted in stands:
        if posted.file_id is None:
            uow.change(posted, digest="")
    if intent.once:
        uow.enqueue(*(again(posted) for posted in stands))
    else:
        uow.enqueue(replace(intent, due_at=None))
