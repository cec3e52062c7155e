"""The readers of a notification, and how long: each kind's declaration (`To`, `Until`) applied to a case.

All senders take the readers from here, and a posted message is shown to nobody else: `subject_of` is the one
gate.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.domain import escalation, polls
from bot.domain.actions import due_together, leaders_of, people_of
from bot.domain.answers import is_settled, may_answer, still_asked
from bot.domain.attendance import asked_why, chair_of, leaders_to_tell
from bot.domain.case.entities import Ask, CaseQuestion, Duty, Meeting, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Liaison, LiaisonInvitation
from bot.domain.coordinating import offered_to
from bot.domain.guidance import awaits_answer, is_in_the_room
from bot.domain.notifications import About, Kind, Notification, Params, Revision, To, Until

#: The room, in place of everybody, for `tell`.
ROOM_ONLY = (None,)


def tell(
    file: CaseFile,
    kind: Kind,
    about: Any,
    params: Params | None = None,
    *,
    to: Container[str | None] | None = None,
    but: str | None = None,
    due_at: datetime | None = None,
) -> Iterator[Notification]:
    """Yield a notification for each declared reader, limited to `to` if given, except `but`."""
    if kind.params is Revision and params is None:
        params = _revision(about)
    subject = about if isinstance(about, str) else about.id
    for reader in readers(file, kind, about):
        if (to is None or reader in to) and (reader is None or reader != but):
            yield Notification(kind, subject, file.case.id, reader, due_at, params=params)


def subject_of(file: CaseFile, told: Notification) -> Any | None:
    """Return the notification's subject, or None if its reader may not know of it (any more)."""
    about = _lasting(file, told)
    return about if about is not None and told.recipient in readers(file, told.kind, about) else None


def _lasting(file: CaseFile, told: Notification) -> Any | None:
    kind, about = told.kind, _found(file, told.kind.about, told.subject)
    if about is None or (kind.params is Revision and told.params != _revision(about)):
        return None
    return about if lasts(file, kind, about) else None


def is_waited_for(file: CaseFile, lost: Notification, since: datetime) -> bool:
    """Return whether somebody still has to know of a notification that was enqueued at `since` and lost.

    That is its reader; if the case has no coordinator any more, whoever has it next.
    """
    if lost.kind is Kind.CASE_OFFERED and offered_to(file) != lost.recipient:
        return False
    about = _lasting(file, lost)
    if not file.open or about is None or is_settled(file, lost.subject, since):
        return False
    people = readers(file, lost.kind, about)
    return lost.recipient in people or (lost.kind.to is To.COORDINATORS and not people)


def may_read(file: CaseFile, kind: Kind, about: Any, reader: str | None) -> bool:
    return lasts(file, kind, about) and reader in readers(file, kind, about)


def is_summoned(file: CaseFile, ask: Ask) -> bool:
    """Return whether the person of an ask is expected to answer, and the bot may write to them."""
    return may_answer(file, ask) and file.reaches(ask)


def readers(file: CaseFile, kind: Kind, about: Any) -> list[str | None]:
    """Return the readers' person ids, and None for the room."""
    return list(dict.fromkeys(one for to in kind.to or () for one in _READERS[to](file, about)))


def _found(file: CaseFile, about: About, id: str) -> Any | None:
    if about is About.ANYTHING:
        return id
    if about is About.CASE:
        return file.case if file.case.id == id else None
    if about is About.ASKED:
        return file.asked(id)
    return next((each for each in getattr(file, about) if each.id == id), None)


def _revision(about: Any) -> Revision:
    return Revision(about.answers if isinstance(about, CaseQuestion) else about.sequence)


def lasts(file: CaseFile, kind: Kind, about: Any) -> bool:
    if kind.until is Until.DELETED:
        return True
    stands = _STANDS.get(kind.about)
    goes_on = kind.until is Until.CLOSED or (about.live if stands is None else stands(file, about))
    return file.open and goes_on


#: Whether a subject is not over, in an open case; the others are over when they no longer live.
_STANDS: Mapping[About, Callable[[CaseFile, Any], bool]] = {
    About.CASE: lambda file, case: True,
    About.DUTY: lambda file, duty: file.involvement(duty.involvement_id).live,
    About.ASK: still_asked,
    About.ASKED: lambda file, asked: (
        still_asked(file, asked) if isinstance(asked, Ask) else file.invitation_stands(asked)
    ),
    About.INVITATION: CaseFile.invitation_stands,
    About.STEP: escalation.stands,
    About.POLL: polls.stands,
    About.QUESTION: awaits_answer,
    About.ACTION: lambda file, action: bool(due_together(file, action)),
}


def own(file: CaseFile, about: Any) -> Iterable[str]:
    """Return the person a seat, ask, invitation, step or liaison belongs to, if the bot may write to them."""
    if isinstance(about, Liaison):
        about = file.seat(about.seat_id)
    return [about.person_id] if about is not None and file.reaches(about) else []


def _confirmed(file: CaseFile, about: Ask | LiaisonInvitation) -> Iterable[str]:
    waits = isinstance(about, Ask) and file.awaits_confidentiality(about)
    return [] if waits else own(file, about)


def _people(file: CaseFile, about: Any) -> list[str]:
    part = about.involvement_id
    return file.confirmed_coordinators() if part is None else people_of(file, part)


def _left(file: CaseFile, part: Any) -> list[str]:
    theirs = [s for s in file.seats if s.involvement_id == part.id]
    there = {s.person_id for s in theirs if s.live}
    gone = {s.person_id for s in theirs} - there
    return sorted(p for p in gone if file.reached_directly(p, part.id))


def _invited(file: CaseFile, meeting: Meeting) -> list[str]:
    let_go = (s for s in file.seats if s.meeting_id == meeting.id and s.end is SeatEnd.NOT_NEEDED)
    return sorted({*file.room_people(), *(s.person_id for s in let_go)}) if file.open else []


def _one(person_id: str | None) -> list[str]:
    return [person_id] if person_id is not None else []


_READERS: Mapping[To, Callable[[CaseFile, Any], Iterable[str | None]]] = {
    To.ROOM: lambda file, _: [None],
    To.COORDINATORS: lambda file, _: file.confirmed_coordinators(),
    To.ANY_COORDINATOR: lambda file, _: (*file.confirmed_coordinators(), *file.unconfirmed_coordinators()),
    To.OWN: own,
    To.CONFIRMED: _confirmed,
    To.NAMER: lambda file, ask: [ask.named_by] if file.on_slack(ask.named_by or "") else [],
    To.ASKER: lambda file, question: [question.asker] if is_in_the_room(file, question) else [],
    To.CHAIR: lambda file, meeting: _one(chair_of(file, meeting)),
    To.PEOPLE: _people,
    To.LEAD: lambda file, duty: _one(asked_why(file, duty)),
    To.LEADERS: lambda file, of: (leaders_to_tell if isinstance(of, Duty) else leaders_of)(file, of),
    To.POLLED: lambda file, poll: sorted({person for _, person in polls.asked_in_slack(file, poll)}),
    To.LEFT: _left,
    To.INSIDE: lambda file, _: file.room_people(),
    To.INVITED: _invited,
}
