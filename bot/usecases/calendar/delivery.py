"""A case's meetings by mail: what leaves, and what follows when it has left or could not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.domain.calendar.entry import entries_of, mail_alone, update_of
from bot.domain.case.calendar import Asked, CalendarEntry, Trouble
from bot.domain.case.entities import Ask, Via
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Notification, Undelivered
from bot.usecases.calendar.mailing import MailedItem, Outgoing, mark_kept, mark_refused, mark_sent, next_mail
from bot.usecases.notifications import (
    coordinator_notifications,
    invitation_notifications,
)
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class OutgoingInvite(Outgoing[CalendarEntry]):
    file: CaseFile
    ask: Asked


def next_invite(uow: UnitOfWork, case_id: str, asked_id: str) -> OutgoingInvite | None:
    file = uow.case_file(case_id)
    ask = file.asked(asked_id) if file is not None else None
    if file is None or ask is None:
        return None
    about = (ask.id, None) if isinstance(ask, Ask) else (None, ask.id)
    item = MailedItem(
        ask,
        entries_of(file, ask),
        update_of(file, ask, uow.now),
        partial(CalendarEntry, case_id=ask.case_id, ask_id=about[0], invitation_id=about[1]),
        file_sequence=ask.sequence,
    )
    mail = next_mail(uow, item)
    return OutgoingInvite(*mail, file, ask) if mail is not None else None


def invite_sent(uow: UnitOfWork, mail: OutgoingInvite) -> None:
    """The mail server has taken it. For somebody with a mail alone, that was the summons."""
    entry = mark_sent(uow, mail.entry)
    file, ask = _about(uow, entry)
    if entry is None or file is None or ask is None:
        return
    if entry.trouble is not None:
        uow.enqueue(*waiting_mail_notifications(file))
    if (
        isinstance(ask, Ask)
        and mail_alone(file, ask)
        and not entry.cancelled
        and ask.told_via is None
        and ask.open
    ):
        uow.change(ask, told_at=uow.now, told_via=Via.MAIL)


def invite_kept(uow: UnitOfWork, mail: OutgoingInvite, trouble: Trouble) -> None:
    """This attempt has surely not left, and is to be made again."""
    file, _ = _about(uow, mark_kept(uow, mail, trouble))
    if file is not None:
        uow.enqueue(*waiting_mail_notifications(file))


def invite_refused(uow: UnitOfWork, entry_id: str, sequence: int) -> None:
    """The address is refused for good, by the mail server at once or by a later one that sent it back."""
    entry = mark_refused(uow, CalendarEntry, entry_id, sequence)
    file, ask = _about(uow, entry)
    if entry is None or file is None or ask is None:
        return
    if not isinstance(ask, Ask):
        uow.enqueue(*waiting_mail_notifications(file), *invitation_notifications(file, ask))
        return
    if ask.told_via is Via.MAIL and ask.open:
        uow.change(ask, told_at=None, told_via=None)
    lost = Undelivered(Kind.MAIL_INVITE, ask.person_id, f"{entry.uid[:8]}-{sequence}")
    uow.enqueue(
        *waiting_mail_notifications(file),
        *coordinator_notifications(file, Kind.NOT_DELIVERED, ask.id, lost),
    )
    uow.case_changed(file.case.id)


def _about(uow: UnitOfWork, entry: CalendarEntry | None) -> tuple[CaseFile | None, Asked | None]:
    file = uow.case_file(entry.case_id) if entry is not None else None
    return file, file.asked(entry.about) if file is not None and entry is not None else None


def waiting_mail_notifications(file: CaseFile) -> list[Notification]:
    """To the coordinators: which invites wait for an operator; taken away when none does."""
    return coordinator_notifications(file, Kind.MAIL_WAITS, file.case.id)
