"""A new room, with a new code, in the place of one that is in trouble."""

from __future__ import annotations

from hashlib import sha256

from bot.domain.access import Action
from bot.domain.case.entities import FormerRoom
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import NothingHere, ReviewOutdated
from bot.domain.notifications import Kind
from bot.usecases.authorization import enter_case
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork


def review_new_room(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseFile, str]:
    """Return the case, and a hash of who would be let in: all who have confirmed taushetsplikt for it."""
    file = enter_case(uow, actor, Action.NEW_ROOM, case_id, closed_too=True).file
    if file.room.trouble is None or file.case.is_being_erased:
        raise NothingHere(what="trouble")
    return file, sha256("\n".join(sorted(file.room_people())).encode()).hexdigest()[:16]


def make_new_room(uow: UnitOfWork, actor: Person, case_id: str, seen: str) -> None:
    """Let the case go on in a new room under a new code; the old channel is left to be emptied.

    Others may not be let in than were `seen`. The coordinators are told once Slack has made it.
    """
    file, people = review_new_room(uow, actor, case_id)
    if people != seen:
        raise ReviewOutdated
    replace_room(uow, file)


def replace_room(uow: UnitOfWork, file: CaseFile) -> None:
    """Give a case another room and another code, and have posted anew what stood in the old one."""
    case, room = file.case, file.room
    if room.channel_id is not None:
        former = FormerRoom(uow.ids.new(), case.id, case.code, room.channel_id, uow.now, room.members)
        uow.add(former)
    uow.change(case, code=uow.ids.code())
    uow.change(
        room,
        channel_id=None,
        name=None,
        members=(),
        doubts=room.doubts + 1,
        kick_refused=False,
        trouble=None,
        trouble_at=None,
        left_out=None,
    )
    # Those of the old room stay known until they are deleted.
    posted = [p for p in uow.find(Posted, case_id=case.id) if p.channel_id == room.channel_id]
    for each in posted:
        uow.change(each, key=f"former:{each.id}")
    uow.enqueue(*(refresh(each) for each in posted if each.kind is not Kind.ROOM))
