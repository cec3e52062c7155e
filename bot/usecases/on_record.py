"""«Journalført hos oss»: an agency, or a coordinator for it, says that it has a case on record."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Involvement
from bot.domain.case.file import Target
from bot.domain.directory.entities import Person
from bot.domain.errors import Refusal, Refused
from bot.domain.on_record import recording_parts
from bot.usecases.authorization import CaseContext, enter_case, get_or_refuse
from bot.usecases.ports import UnitOfWork


def see_records(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    here = enter_case(uow, actor, Action.PUT_ON_RECORD, case_id, closed_too=True)
    if not recording_parts(here.file()):
        raise Refused(Refusal.NOTHING_HERE, "part")
    return here


def put_on_record(uow: UnitOfWork, actor: Person, involvement_id: str, *, on: bool) -> None:
    """Say whether an agency has the case on record. Later only the log tells for which agency."""
    part = get_or_refuse(uow, actor, Involvement, involvement_id)
    action = Action.PUT_ON_RECORD if on else Action.TAKE_OFF_RECORD
    here = enter_case(
        uow, actor, action, part.case_id, Target(own_part=part.id), closed_too=True, what=part.agency_id
    )
    file = here.file()
    part = file.involvement(part.id)
    if file.case.is_being_erased or part not in recording_parts(file):
        raise Refused(Refusal.NO_LONGER_ASKED)
    if bool(part.on_record) is not on:
        uow.change(part, on_record=on or None)
