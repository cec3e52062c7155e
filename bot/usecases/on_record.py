"""«Journalført hos oss»: an agency says that a case is on its record, or a coordinator says it for one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked, NothingHere
from bot.domain.on_record import is_on_record, last_minutes, own_parts, recording_parts
from bot.usecases.authorization import CaseContext, enter_case, get_or_refuse, not_found
from bot.usecases.notifications import note_change
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class RecordMinutes:
    """The agencies for which the person has a seat have the minutes of this meeting, and all before."""

    meeting_id: str


@dataclass(frozen=True, slots=True)
class PutOnRecord:
    involvement_id: str


@dataclass(frozen=True, slots=True)
class TakeOffRecord:
    """«Angre»."""

    involvement_id: str


@dataclass(frozen=True, slots=True)
class KeepRecords:
    """A coordinator's word for agencies, by involvement id: `recorded`, and `undone`."""

    case_id: str
    recorded: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def see_minutes(uow: UnitOfWork, actor: Person, meeting_id: str) -> tuple[CaseFile, bool]:
    """The case, and whether the person has a seat to say it for; else they coordinate it."""
    meeting = get_or_refuse(uow, actor, Meeting, meeting_id)
    file = uow.case_file(meeting.case_id)
    own = own_parts(file, actor.id) if file is not None else []
    part = own[0].id if own else None
    file = enter_case(uow, actor, Action.PUT_ON_RECORD, meeting.case_id, own_part=part, closed_too=True).file
    _check_newest(file, meeting.id)
    return file, bool(own)


def _check_newest(file: CaseFile, meeting_id: str) -> None:
    if last_minutes(file) != meeting_id:
        raise NothingHere(what="newer-minutes")


def record_minutes(uow: UnitOfWork, actor: Person, command: RecordMinutes) -> tuple[CaseFile, list[str]]:
    """Put the case on the record of the person's own agencies; return these, by involvement id."""
    meeting = get_or_refuse(uow, actor, Meeting, command.meeting_id)
    file = uow.case_file(meeting.case_id)
    own = own_parts(file, actor.id) if file is not None else []
    if file is None or not own:
        raise not_found(uow, actor)
    _check_newest(file, meeting.id)
    for part in own:
        _keep(uow, actor, part, on=True)
    return uow.current(file), [part.id for part in own]


def put_on_record(uow: UnitOfWork, actor: Person, command: PutOnRecord) -> CaseFile:
    """Say that the agency has it on record."""
    part = get_or_refuse(uow, actor, Involvement, command.involvement_id)
    return _keep(uow, actor, part, on=True).file


def take_off_record(uow: UnitOfWork, actor: Person, command: TakeOffRecord) -> CaseFile:
    """Take it back; as `put_on_record`."""
    part = get_or_refuse(uow, actor, Involvement, command.involvement_id)
    return _keep(uow, actor, part, on=False).file


def see_records(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    """The case, for a coordinator's form."""
    here = enter_case(uow, actor, Action.PUT_ON_RECORD, case_id, closed_too=True)
    if not recording_parts(here.file):
        raise NothingHere(what="part")
    return here


def keep_records(uow: UnitOfWork, actor: Person, command: KeepRecords) -> None:
    """Record for agencies that they have it on record, or that they have not after all."""
    file = uow.case_file(command.case_id)
    # Entered agency by agency: the log says for which.
    if file is None or actor.id not in file.confirmed_coordinators():
        raise not_found(uow, actor)
    parts = {part.id: part for part in recording_parts(file)}
    if not parts.keys() >= {*command.recorded, *command.undone}:
        raise NoLongerAsked
    for on, ids in ((True, command.recorded), (False, command.undone)):
        for id in ids:
            _keep(uow, actor, parts[id], on=on)


def _keep(uow: UnitOfWork, actor: Person, part: Involvement, *, on: bool) -> CaseContext:
    """Change it if it is otherwise. The log says for which agency: afterwards nothing else does."""
    action = Action.PUT_ON_RECORD if on else Action.TAKE_OFF_RECORD
    here = enter_case(
        *(uow, actor, action, part.case_id), own_part=part.id, closed_too=True, what=part.agency_id
    )
    file = here.file
    part = file.involvement(part.id)
    if file.case.going or part not in recording_parts(file):
        raise NoLongerAsked
    if is_on_record(file, part) is not on:
        uow.change(part, on_record=last_minutes(file) if on else None)
        note_change(uow, here.file, about={file.case.id, part.id})
    return here
