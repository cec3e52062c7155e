"""The needs that a case has, and the agency that has taken each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Action, Right
from bot.domain.actions import may_own, owner_of, parts_of
from bot.domain.case.actions import CaseNeed
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed, Overtaken, Problem
from bot.usecases.actions.actions import needs_of
from bot.usecases.authorization import CaseContext, enter_case, enter_need, enter_room
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class NoteNeeds:
    case_id: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssignNeeds:
    """By need id: whose it was when it was shown, and whose it is to be (involvement ids; None: nobody's)."""

    case_id: str
    owners: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class KeepNeeds:
    """Which needs the case has (None: those that it has), and of each whose it was as shown and is to be."""

    case_id: str
    needs: tuple[str, ...] | None
    owners: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class TakeNeed:
    """«Vi tar ansvar»: the agency's part takes the need."""

    need_id: str
    involvement_id: str


def see_needs(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    return enter_case(uow, actor, Action.KEEP_NEEDS, case_id)


def see_needs_here(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext:
    """The same, from its room."""
    return enter_room(uow, actor, Action.KEEP_NEEDS, channel_id)


def note_needs(uow: UnitOfWork, actor: Person, command: NoteNeeds) -> CaseFile:
    """Write down which needs the case has; one that is no longer among them is forgotten."""
    here = see_needs(uow, actor, command.case_id)
    if not set(command.needs) <= set(needs_of(here.file)):
        raise Invalid(Problem("needs", "invalid.need"))
    for need in here.file.needs:
        if need.need not in command.needs:
            uow.remove(need)
    known = {n.need for n in here.file.needs}
    for name in dict.fromkeys(command.needs):
        if name not in known:
            uow.add(CaseNeed(uow.ids.new(), command.case_id, name, uow.now))
    return here.file


def assign_needs(uow: UnitOfWork, actor: Person, command: AssignNeeds) -> None:
    """Say whose each need is. What was left as it was shown is left as it is."""
    here = see_needs(uow, actor, command.case_id)
    needs = {n.id: n for n in here.file.needs}
    for need_id, (shown, owner) in command.owners.items():
        if shown == owner:
            continue
        need = needs.get(need_id)
        if need is None or owner not in {None, *(i.id for i in may_own(here.file))}:
            raise NoLongerAsked
        now = owner_of(here.file, need)
        if (now.id if now is not None else None) != shown:
            raise Overtaken(what="CaseNeed")
        uow.change(need, involvement_id=owner, taken_at=uow.now if owner else None)


def keep_needs(uow: UnitOfWork, actor: Person, command: KeepNeeds) -> None:
    """Note the needs and whose they are: both, or neither."""
    if command.needs is not None:
        note_needs(uow, actor, NoteNeeds(command.case_id, command.needs))
    ids = {n.need: n.id for n in see_needs(uow, actor, command.case_id).file.needs}
    owners = {ids.get(need, need): each for need, each in command.owners.items()}
    assign_needs(uow, actor, AssignNeeds(command.case_id, owners))


def see_takeable(
    uow: UnitOfWork, actor: Person, need_id: str
) -> tuple[CaseFile, CaseNeed, list[Involvement], bool]:
    """Return the need, the person's agencies that can take it, and whether they coordinate the case."""
    need = enter_need(uow, actor, need_id)
    here = enter_case(uow, actor, Action.SEE_ACTIONS, need.case_id)
    if owner_of(here.file, need) is not None:
        raise Overtaken(what="CaseNeed")
    coordinates = Right.CASE_COORDINATOR in here.rights
    parts = parts_of(here.file, actor.id)
    if not parts and not coordinates:
        raise NotAllowed
    return here.file, need, parts, coordinates


def take_need(uow: UnitOfWork, actor: Person, command: TakeNeed) -> None:
    """The agency takes the need."""
    need = enter_need(uow, actor, command.need_id)
    here = enter_case(uow, actor, Action.TAKE_NEED, need.case_id, own_part=command.involvement_id)
    if owner_of(here.file, need) is not None:
        raise Overtaken(what="CaseNeed")
    uow.change(need, involvement_id=command.involvement_id, taken_at=uow.now)
