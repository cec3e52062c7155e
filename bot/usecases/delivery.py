"""What delivery asks of the use cases: tell that something did not arrive, and deliver once more."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.notifications import Intent, Kind
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork


def report_undelivered(uow: UnitOfWork, intent: Intent) -> None:
    """Leave a message to the coordinators of the case that `intent` could not be delivered.

    What did not reach a coordinator is not reported to the same coordinator again.
    """
    if intent.case_id is None or intent.kind is Kind.NOT_DELIVERED:
        return
    file = uow.case_file(intent.case_id)
    if file is None:
        return
    uow.enqueue(
        *(
            Intent(
                Kind.NOT_DELIVERED,
                intent.subject,
                case_id=intent.case_id,
                recipient=person_id,
                once=True,
                mark=f"{intent.kind}.{intent.mark}.{intent.recipient or 'room'}",
            )
            for person_id in file.confirmed_coordinators()
            if person_id != intent.recipient
        )
    )


def redeliver(uow: UnitOfWork, intent: Intent) -> None:
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
        uow.enqueue(*(refresh(posted) for posted in stands))
    else:
        uow.enqueue(replace(intent, due_at=None))
