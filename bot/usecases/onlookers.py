"""Forget who only looked in: who opened Home or wrote to the bot, and is in nothing that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.case.entities import Case
from bot.domain.convening import Convening
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation, JointMeeting
from bot.usecases.ports import Draft, Posted, UnitOfWork

#: How long somebody is kept after the bot last wrote to them, while nothing else needs them.
KEPT = timedelta(days=30)


def forget_onlookers(uow: UnitOfWork) -> None:
    """Forget everybody with no role, case, question or choice of their own, to whom the bot has not written
    for a while.

    To be called while nothing waits to be delivered to anybody. Whoever comes back is met as somebody new.
    """
    of_directory = {x.person_id for kind in (Contact, Coordinator) for x in uow.find(kind)}
    candidates = [p for p in uow.find(Person) if p.language is None and p.id not in of_directory]
    if not candidates:
        return
    needed = frozenset(_needed(uow))
    for person in candidates:
        posted = uow.find(Posted, person_id=person.id)
        if person.id in needed or any(p.posted_at > uow.now - KEPT for p in posted):
            continue
        for each in (*posted, person):
            uow.remove(each)


def _needed(uow: UnitOfWork) -> Iterator[str | None]:
    """Everybody whom a case, something asked outside it, a joint meeting or a form under way names."""
    for case in uow.find(Case, purged_at=None):
        file = uow.case_file(case.id)
        yield from file.persons if file is not None else ()
    for guidance in uow.find(Guidance, purged_at=None):
        yield from (guidance.asker, guidance.answered_by, guidance.talk_by)
    for convening in uow.find(Convening, purged_at=None):
        yield from (convening.asker, convening.decided_by)
    for meeting in uow.find(JointMeeting, purged_at=None):
        yield meeting.called_by
        yield from (i.person_id for i in uow.find(JointInvitation, joint_id=meeting.id))
    yield from (draft.person_id for draft in uow.find(Draft))
