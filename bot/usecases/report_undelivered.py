"""Tell the coordinators that something did not arrive, for good."""

from __future__ import annotations

from bot.domain.intents import Intent, Kind
from bot.usecases.ports import UnitOfWork


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
