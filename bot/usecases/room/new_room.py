"""A new room, with a new code, in the place of one that is in trouble."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A new room, and a new code, for a case whose room is in trouble. `seen` stands for the people shown."""

    case_id: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class NewRoomReview:
    """Those who are let into the new room: all who have confirmed taushetsplikt for the case."""

    file: CaseFile
    people: tuple[str, ...]

    @property
    def seen(self) -> str:
        return sha256("\n".join(self.people).encode()).hexdigest()[:16]


def review_new_room(uow: UnitOfWork, actor: Person, command: NewRoom) -> NewRoomReview:
    """Name those who would be let in. Changes nothing."""
    here = enter_case(uow, actor, Action.NEW_ROOM, command.case_id, closed_too=True)
    if here.file.room.trouble is None or here.file.case.going:
        raise NothingHere(what="trouble")
    return NewRoomReview(here.file, tuple(sorted(here.file.room_people())))


def make_new_room(uow: UnitOfWork, actor: Person, command: NewRoom) -> None:
    """Let the case go on in a new room under a new code; the old channel is left to be emptied.

    The coordinators are told once Slack has made it.

    Raises:
        ReviewOutdated: others would be let in than those shown.
    """
    review = review_new_room(uow, actor, command)
    if review.seen != command.seen:
        raise ReviewOutdated
    replace_room(uow, review.file)


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
