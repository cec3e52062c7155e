"""The needs that a case has, and the agency that has taken each."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action, Right
from bot.domain.actions import owner_of, parts_of
from bot.domain.case.actions import CaseNeed
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, NotAllowed, Overtaken, Problem
from bot.usecases.actions.actions import needs_of
from bot.usecases.authorization import CaseContext, enter_case, enter_room, get_or_refuse
from bot.usecases.ports import UnitOfWork

#: Of needs: whose each was as it was shown, and whose it is to be (involvement ids; None: nobody's).
Owners = Mapping[str, tuple[str | None, str | None]]


def see_needs(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    return enter_case(uow, actor, Action.KEEP_NEEDS, case_id)


def see_needs_here(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext:
    """The same, from its room."""
    return enter_room(uow, actor, Action.KEEP_NEEDS, channel_id)


def keep_needs(
    uow: UnitOfWork, actor: Person, case_id: str, *, needs: tuple[str, ...] | None, owners: Owners
) -> None:
    """Note which needs the case has (None: those that it has), and whose they are: both, or neither.

    `owners` are by a need's id, or the need itself.
    """
    here = see_needs(uow, actor, case_id)
    if needs is not None:
        _note(here, needs)
    ids = {n.need: n.id for n in here.file.needs}
    _assign(here, {ids.get(need, need): each for need, each in owners.items()})


def _note(here: CaseContext, chosen: tuple[str, ...]) -> None:
    """Write down which needs the case has; one that is no longer among them is forgotten."""
    uow, file = here.uow, here.file
    if not set(chosen) <= set(needs_of(file)):
        raise Invalid(Problem("needs", "invalid.need"))
    for need in file.needs:
        if need.need not in chosen:
            uow.remove(need)
    known = {n.need for n in file.needs}
    for name in dict.fromkeys(chosen):
        if name not in known:
            uow.add(CaseNeed(uow.ids.new(), file.case.id, name, uow.now))


def _assign(here: CaseContext, owners: Owners) -> None:
    """Say whose each need is. What was left as it was shown is left as it is."""
    uow = here.uow
    needs = {n.id: n for n in here.file.needs}
    for need_id, (shown, owner) in owners.items():
        if shown == owner:
            continue
        need = needs.get(need_id)
        if need is None or owner not in {None, *(i.id for i in here.file.current())}:
            raise NoLongerAsked
        now = owner_of(here.file, need)
        if (now.id if now is not None else None) != shown:
            raise Overtaken(what="CaseNeed")
        uow.change(need, involvement_id=owner, taken_at=uow.now if owner else None)


def see_takeable(
    uow: UnitOfWork, actor: Person, need_id: str
) -> tuple[CaseFile, CaseNeed, list[Involvement], bool]:
    """Return the need, the person's agencies that can take it, and whether they coordinate the case."""
    need = get_or_refuse(uow, actor, CaseNeed, need_id)
    here = enter_case(uow, actor, Action.SEE_ACTIONS, need.case_id)
    if owner_of(here.file, need) is not None:
        raise Overtaken(what="CaseNeed")
    coordinates = Right.CASE_COORDINATOR in here.rights
    parts = parts_of(here.file, actor.id)
    if not parts and not coordinates:
        raise NotAllowed
    return here.file, need, parts, coordinates


def take_need(uow: UnitOfWork, actor: Person, need_id: str, *, involvement: str) -> None:
    """The agency takes the need, by its part: «Vi tar ansvar»."""
    need = get_or_refuse(uow, actor, CaseNeed, need_id)
    here = enter_case(uow, actor, Action.TAKE_NEED, need.case_id, own_part=involvement)
    if owner_of(here.file, need) is not None:
        raise Overtaken(what="CaseNeed")
    uow.change(need, involvement_id=involvement, taken_at=uow.now)
