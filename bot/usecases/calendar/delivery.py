"""What the mail room writes down: before a mail leaves, when it has left, and when it could not."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.calendar.entry import (
    CalendarStep,
    about_to_leave,
    entries_of,
    mail_alone,
    next_step,
    noted_trouble,
)
from bot.domain.case.calendar import Asked, CalendarEntry, Post, Trouble
from bot.domain.case.entities import Ask, Via
from bot.domain.case.file import CaseFile
from bot.domain.joint import JointInvitation
from bot.domain.notification_params import Undelivered
from bot.domain.notifications import Kind, Notification
from bot.usecases.notifications import call_list_notifications, enqueue_effects, invitation_notifications
from bot.usecases.ports import UnitOfWork

#: Hexadecimal digits of the token in an address for answers: mail servers may change the case of letters.
TOKEN_LENGTH = 20


@dataclass(frozen=True, slots=True)
class OutgoingInvite:
    """One mail that has to leave now: the entry as it will be told, and what it is about.

    `fresh` is false when an earlier attempt may have got through.
    """

    file: CaseFile
    ask: Asked
    entry: CalendarEntry
    fresh: bool


def next_invite(uow: UnitOfWork, case_id: str, asked_id: str) -> OutgoingInvite | None:
    """Write down what is about to be sent for an ask or an invitation, and hand it out; None when nothing is.

    What is handed out may have left from here on, whatever happens to this process.
    """
    file = uow.case_file(case_id)
    ask = file.asked(asked_id) if file is not None else None
    if file is None or ask is None:
        return None
    while (found := next_step(file, ask, uow.now)) is not None:
        step, entry = found
        if step is CalendarStep.DROP and entry is not None:
            uow.remove(entry)
            file = uow.case_file(case_id) or file
            continue
        fresh = step is not CalendarStep.SEND or entry is None or entry.post is Post.WAITING
        return OutgoingInvite(file, ask, _written(uow, file, ask, step, entry), fresh)
    return None


def uid_of_new(uow: UnitOfWork, asked: Asked | JointInvitation, *, first: bool, sequence: int) -> str:
    """The UID of a new entry. `sequence` is what a calendar file may have carried of what is `asked`.

    A file that carried 0 and the first mail are one entry in the calendar. From then on its SEQUENCE is the
    mail's, which may be cancelled: a later file has a UID of its own (RFC 5546, 2.1.4: it never falls).
    """
    new = uow.ids.uid()
    if not first or sequence > 0:
        return new
    uow.change(asked, uid=new)
    return asked.uid


def _written(
    uow: UnitOfWork, file: CaseFile, ask: Asked, step: CalendarStep, entry: CalendarEntry | None
) -> CalendarEntry:
    meeting = file.meeting(ask.meeting_id)
    if entry is None:
        entry = CalendarEntry(
            id=uow.ids.new(),
            case_id=ask.case_id,
            ask_id=ask.id if isinstance(ask, Ask) else None,
            invitation_id=None if isinstance(ask, Ask) else ask.id,
            address=file.persons[ask.person_id].work_mail or "",
            uid=uid_of_new(uow, ask, first=not entries_of(file, ask), sequence=ask.sequence),
            token=uow.ids.uid()[:TOKEN_LENGTH],
            made_at=uow.now,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            stamped_at=uow.now,
            ask_sequence=ask.sequence,
            post=Post.LEAVING,
        )
        uow.add(entry)
        return entry
    told = ask.sequence, meeting.starts_at, meeting.ends_at
    return uow.change(entry, **about_to_leave(entry, step, *told, uow.now))


def invite_sent(uow: UnitOfWork, letter: OutgoingInvite) -> None:
    """The mail server has taken it. For somebody with a mail alone, that was the summons."""
    entry = uow.get(CalendarEntry, letter.entry.id)
    if entry is None or entry.sequence != letter.entry.sequence:
        return
    mended = entry.trouble is not None
    uow.change(entry, post=Post.SENT, trouble=None)
    file = uow.case_file(entry.case_id)
    ask = file.asked(entry.about) if file is not None else None
    if file is None or ask is None:
        return
    waits = waiting_mail_notifications(file) if mended else []
    if (
        isinstance(ask, Ask)
        and mail_alone(file, ask)
        and not entry.cancelled
        and ask.told_via is None
        and ask.open
    ):
        uow.change(ask, told_at=uow.now, told_via=Via.MAIL)
        enqueue_effects(
            uow, file.case.id, *call_list_notifications(file, file.meeting(ask.meeting_id)), *waits
        )
    else:
        uow.enqueue(*waits)


def invite_kept(uow: UnitOfWork, letter: OutgoingInvite, trouble: Trouble) -> None:
    """This attempt has surely not left, and is to be made again.

    The coordinators are told, unless it may be a passing matter.
    """
    entry = uow.get(CalendarEntry, letter.entry.id)
    if entry is None or entry.sequence != letter.entry.sequence:
        return
    noted = noted_trouble(entry, trouble, uow.now)
    uow.change(entry, post=Post.WAITING if letter.fresh else Post.LEAVING, trouble=noted)
    file = uow.case_file(entry.case_id)
    if noted is not entry.trouble and file is not None:
        uow.enqueue(*waiting_mail_notifications(file))


def invite_refused(uow: UnitOfWork, entry_id: str, sequence: int) -> None:
    """The address is refused for good, by the mail server at once or by a later one that sent it back."""
    entry = uow.get(CalendarEntry, entry_id)
    if entry is None or entry.sequence != sequence or entry.post is Post.REFUSED:
        return
    uow.change(entry, post=Post.REFUSED, trouble=None)
    file = uow.case_file(entry.case_id)
    ask = file.asked(entry.about) if file is not None else None
    if file is None or ask is None:
        return
    if not isinstance(ask, Ask):
        uow.enqueue(*waiting_mail_notifications(file), *invitation_notifications(file, ask))
        return
    if ask.told_via is Via.MAIL and ask.open:
        uow.change(ask, told_at=None, told_via=None)
    enqueue_effects(
        uow,
        file.case.id,
        *call_list_notifications(file, file.meeting(ask.meeting_id)),
        *waiting_mail_notifications(file),
        *(
            Notification(
                Kind.NOT_DELIVERED,
                ask.id,
                case_id=file.case.id,
                recipient=person_id,
                params=Undelivered(Kind.MAIL_INVITE, ask.person_id, f"{entry.uid[:8]}-{sequence}"),
            )
            for person_id in file.confirmed_coordinators()
        ),
    )


def waiting_mail_notifications(file: CaseFile) -> list[Notification]:
    """To the coordinators: which invites wait for an operator; taken away when none does."""
    return [
        Notification(Kind.MAIL_WAITS, file.case.id, case_id=file.case.id, recipient=person_id)
        for person_id in file.confirmed_coordinators()
    ]
