"""Tasks of delivery: tell that something did not arrive or was not deleted, and deliver again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case.file import LONG_OUT, CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notifications import Copies, Kind, Notification, Occurrence, Undeleted, Undelivered, Waited
from bot.domain.overview.told import tell
from bot.usecases.authorization import get_or_make_person
from bot.usecases.notifications import refresh
from bot.usecases.ports import Claim, Posted, UnitOfWork, Waiting

#: Kinds of messages that belong to no case and go when they have told for `TOLD_FOR` what was.
FLEETING = (Kind.UNDONE, Kind.SUMMARY, Kind.WAIT_OVER)
TOLD_FOR = timedelta(days=14)
#: Distinguishes a room that could not be made from a room to which something could not be delivered.
UNMADE = "unmade"


def outlived(file: CaseFile | None, posted: Posted, now: datetime) -> bool:
    """Return whether a message is to be removed because its reader has long been out of the case.

    If it were removed only with the case, its reader would see on which day the case is deleted. A message of
    no case is removed if it is a fleeting one; only the day is known on which it was posted.
    """
    if file is None:
        return posted.kind in FLEETING and posted.posted_at + TOLD_FOR + timedelta(days=1) <= now
    reader = posted.person_id
    return reader is not None and file.long_out(reader, now) and posted.posted_at + LONG_OUT <= now


def drop_outlived(uow: UnitOfWork, file: CaseFile) -> None:
    """Remove messages that have outlived their reader's part in the case."""
    stand = uow.find(Posted, case_id=file.case.id)
    uow.enqueue(*(refresh(posted) for posted in stand if outlived(file, posted, uow.now)))


def drop_told(uow: UnitOfWork) -> None:
    """Remove the fleeting messages that have told long enough what was."""
    told = uow.find(Posted, case_id=None, kind=FLEETING)
    uow.enqueue(*(refresh(posted) for posted in told if outlived(None, posted, uow.now)))


def report_undelivered(uow: UnitOfWork, notification: Notification) -> None:
    """Tell the coordinators of the case that `notification` could not be delivered.

    Deletions of copies are not reported: nobody waits for them. A coordinator is not told of a notification
    that did not reach that coordinator.
    """
    untold = (Kind.NOT_DELIVERED, Kind.COPIES)
    if notification.case_id is None or notification.kind in untold:
        return
    file = uow.case_file(notification.case_id)
    if file is None:
        return
    which = notification.params.key if notification.params is not None else ""
    if notification.kind is Kind.ROOM and file.room.channel_id is None:
        which = UNMADE
    lost = Undelivered(notification.kind, notification.recipient, which)
    subject, recipient = notification.subject, notification.recipient
    uow.enqueue(*tell(file, Kind.NOT_DELIVERED, subject, lost, but=recipient))


def report_set_aside(uow: UnitOfWork, case_id: str, row: int) -> None:
    """Tell the coordinators of a case that an entry of it cannot be read, and so not delivered."""
    file = uow.case_file(case_id)
    if file is not None and not file.case.is_being_erased:
        uow.enqueue(*tell(file, Kind.SET_ASIDE, file.case, Occurrence(str(row))))


def report_undeleted(uow: UnitOfWork, kind: Kind, case_id: str | None, person_id: str | None) -> None:
    """Tell the coordinators of a case, once for each place, that Slack does not delete messages there.

    If Slack deletes nothing, it does not delete this message either; that is not reported.
    """
    file = uow.case_file(case_id) if case_id is not None else None
    if file is not None and kind is not Kind.NOT_DELETED:
        uow.enqueue(*tell(file, Kind.NOT_DELETED, file.case, Undeleted(person_id)))


def still_posted(uow: UnitOfWork, posted: Posted) -> Posted | None:
    return next(iter(uow.find(Posted, id=posted.id, case_id=posted.case_id, item=posted.item)), None)


def missed(uow: UnitOfWork, posted: Posted) -> bool:
    """Forget a message that somebody has deleted in Slack; return whether it is to be posted again.

    A card is posted again only once in each room, and the coordinators are told: it may have been deleted
    because it showed a name.
    """
    stored = still_posted(uow, posted)
    if stored is None:
        return True
    file = uow.case_file(stored.case_id) if stored.case_id is not None else None
    if file is None or stored.kind is not Kind.ROOM:
        uow.remove(stored)
        return True
    key = f"deleted:{stored.key}"
    if any(p.channel_id == posted.channel_id for p in uow.find(Posted, key=key, case_id=posted.case_id)):
        return False
    uow.change(stored, key=key)
    uow.enqueue(*tell(file, Kind.CARD_DELETED, file.case))
    return True


def look_for_copies(
    claim: Claim, channel: str | None, at: datetime, *, changed: bool = False
) -> Notification:
    """Return a job, due `at` this time, that looks for messages of an entry other than the remembered one.

    A remembered message that was `changed` is then written over.
    """
    notification = claim.notification
    return Notification(
        Kind.COPIES,
        claim.op_id,
        notification.case_id,
        notification.recipient,
        at,
        params=Copies(claim.id, channel, claim.attempts, changed),
        item=notification.item,
    )


def report_wait_over(
    uow: UnitOfWork, waiting: Waiting, *, stored: bool, why: Sequence[str] = (), acute: bool = False
) -> None:
    """Tell a person once how their wait has ended; the first report is the one that counts."""
    person = get_or_make_person(uow, waiting.slack_id)
    if uow.get(Person, person.id) is None:
        uow.add(person)
    which = hashlib.sha256("\0".join(waiting.receipt).encode()).hexdigest()[:16]
    waited = Waited(which, waiting.said_at, stored, tuple(why), acute)
    uow.enqueue(Notification(Kind.WAIT_OVER, person.id, recipient=person.id, params=waited))


def redeliver(uow: UnitOfWork, notification: Notification) -> None:
    """Deliver a document again; for a notification that is sent only once, its posted message.

    A process that another has taken over from may have shown older content after the newer content of the
    other. So the digest of the posted message is cleared, and the message is written over. A file cannot have
    been changed that way, and stays.
    """
    key = f"card:{notification.subject}" if notification.kind is Kind.ROOM else notification.key
    stands = uow.find(Posted, key=key, case_id=notification.case_id, item=notification.item)
    for posted in stands:
        if posted.file_id is None:
            uow.change(posted, digest="")
    if notification.once:
        uow.enqueue(*(refresh(posted) for posted in stands))
    else:
        uow.enqueue(replace(notification, due_at=None))
