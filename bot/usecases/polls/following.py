"""The effects of a change of a case on the times that are proposed in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_charge
from bot.domain.notifications import Kind, Notification
from bot.domain.polls import all_answered, asked_in_slack, polled, stands, times_ahead
from bot.usecases.meeting import remove_polls
from bot.usecases.ports import UnitOfWork


def drop_lapsed(uow: UnitOfWork, file: CaseFile) -> None:
    """Remove the times of which none can be chosen any more.

    The meeting has been moved or called off, the case is closed, or the last of them has passed.
    """
    lapsed = (poll for poll in file.polls if not stands(file, poll) or not times_ahead(poll, uow.now))
    remove_polls(uow, file, lapsed)


def poll_notifications(file: CaseFile, now: datetime) -> Iterator[Notification]:
    """The question to each who is asked, and to whoever has the case which time is best.

    That is told once, when the window is over or everybody has answered; then it is kept current.
    """
    for poll in file.polls:
        for person_id in sorted({person for _, person in polled(file, poll)}):
            if asked_in_slack(file, poll, person_id):
                yield Notification(Kind.TIMES_ASKED, poll.id, case_id=file.case.id, recipient=person_id)
        coordinator = in_charge(file)
        if coordinator is not None:
            waits = poll.closes_at > now and not all_answered(file, poll)
            yield Notification(
                Kind.TIMES_BEST,
                poll.id,
                file.case.id,
                coordinator,
                due_at=poll.closes_at if waits else None,
            )
