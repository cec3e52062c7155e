"""Link two cases, mark one as a repeat of an earlier one, and undo it. Only their coordinators see it."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link, LinkKind
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, NoLongerAsked, Problem
from bot.domain.links import Linked, linked_to
from bot.usecases.authorization import CaseContext, enter_case, enter_room
from bot.usecases.ports import UnitOfWork, case_files


def see_linkable(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[CaseContext, list[Linked]]:
    """The case, and those of its links whose other case the actor may see."""
    here = enter_room(uow, actor, Action.LINK_CASES, channel_id)
    return here, linked_to(here.file, _own_files(here))


def _own_files(here: CaseContext) -> list[CaseFile]:
    """The cases for which the actor has confirmed taushetsplikt as their coordinator."""
    files = case_files(here.uow, here.uow.cases_with(here.actor.id), closed_too=True)
    return [f for f in files if here.actor.id in f.confirmed_coordinators()]


def see_candidates(
    uow: UnitOfWork, actor: Person, case_id: str, kind: LinkKind
) -> tuple[CaseContext, list[CaseFile]]:
    """The cases that this one can be linked to in this way, the newest first."""
    here = enter_case(uow, actor, Action.LINK_CASES, case_id)
    files = _own_files(here)
    linked = {each.other.case.id for each in linked_to(here.file, files)}
    return here, [f for f in files if f.case.id not in linked and _fits(here.file, f, kind)]


def _fits(file: CaseFile, other: CaseFile, kind: LinkKind) -> bool:
    if file.case.id == other.case.id:
        return False
    if kind is LinkKind.LINKED:
        return other.open
    return not other.open and other.case.opened_at <= file.case.opened_at


def link_cases(uow: UnitOfWork, actor: Person, kind: LinkKind, case_id: str, *, other: str) -> None:
    """Link two cases, by id. Nobody is told but their coordinators, in Home.

    For a repeat the `other` is the earlier one, which is closed and not yet deleted.
    """
    _lock(uow, case_id, other)
    here = enter_case(uow, actor, Action.LINK_CASES, case_id)
    there = enter_case(uow, actor, Action.LINK_CASES, other, closed_too=True)
    if not _fits(here.file, there.file, kind):
        raise Invalid(Problem("other", f"invalid.link-{kind}"))
    if linked_to(here.file, [there.file]):
        raise Invalid(Problem("other", "invalid.linked"))
    tie(uow, here.file.case.id, there.file.case.id, kind)


def _lock(uow: UnitOfWork, *case_ids: str) -> None:
    """Lock the cases in the same order, whoever comes from which side."""
    for each in sorted(set(case_ids)):
        uow.lock_case(each)


def tie(uow: UnitOfWork, case_id: str, other_id: str, kind: LinkKind) -> None:
    """Add the two halves of a link; that they may be linked is the caller's to see to."""
    token = uow.ids.new()
    for each in sorted((case_id, other_id)):
        uow.add(Link(uow.ids.new(), each, kind, token))


def unlink_cases(uow: UnitOfWork, actor: Person, case_id: str, link_id: str) -> None:
    """Undo a link, by the half of this case; it can be done from either side."""
    named = uow.get(Link, link_id)
    others = _others(uow, named) if named is not None else []
    _lock(uow, case_id, *others)
    here = enter_case(uow, actor, Action.UNLINK_CASES, case_id)
    half = next((link for link in here.file.links if link.id == link_id), None)
    if half is None:
        raise NoLongerAsked
    for other_id in others:
        enter_case(uow, actor, Action.UNLINK_CASES, other_id, closed_too=True)
    cut(uow, half)


def _others(uow: UnitOfWork, half: Link) -> list[str]:
    return [link.case_id for link in uow.find(Link, token=half.token) if link.case_id != half.case_id]


def cut(uow: UnitOfWork, half: Link) -> None:
    """Remove both halves of a link."""
    for link in uow.find(Link, token=half.token):
        uow.remove(link)
