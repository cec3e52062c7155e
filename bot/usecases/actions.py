"""The needs of a case and who has taken them; the actions that agencies agreed, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from bot.domain.access import Action, Right
from bot.domain.actions import likely_due, may_take_over, open_actions, owner_of, parts_of, persons_left
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile, Target
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Overtaken, Problem, Refusal, Refused, refuse
from bot.usecases.authorization import CaseContext, Enter, enter, enter_case, enter_lasting, get_or_refuse
from bot.usecases.ports import UnitOfWork
from bot.usecases.review import ReviewedCommand
from bot.usecases.validation import FreeText, Letters, Warn, check_persons, day_problems, day_warning

WHAT_TO_DO = FreeText("actions", 120)
C = TypeVar("C")
#: For each need its owner as shown, and the new owner (involvement ids; None: nobody).
Owners = Mapping[str, tuple[str | None, str | None]]


def keep_needs(
    uow: UnitOfWork, actor: Person, case_id: str, *, needs: tuple[str, ...] | None, owners: Owners
) -> None:
    """Note which needs the case has (None: unchanged), and who owns them: both, or neither.

    The keys of `owners` are needs' ids, or the needs themselves.
    """
    here = enter_case(uow, actor, Action.KEEP_NEEDS, case_id)
    if needs is not None:
        _note(here, needs)
    ids = {n.need: n.id for n in here.file().needs}
    _assign(here, {ids.get(need, need): each for need, each in owners.items()})


def _note(here: CaseContext, chosen: tuple[str, ...]) -> None:
    uow, file = here.uow, here.file()
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
    uow = here.uow
    needs = {n.id: n for n in here.file().needs}
    for need_id, (shown, owner) in owners.items():
        if shown == owner:
            continue
        need = needs.get(need_id)
        if need is None or owner not in {None, *(i.id for i in here.file().current())}:
            raise Refused(Refusal.NO_LONGER_ASKED)
        now = owner_of(here.file(), need)
        if (now.id if now is not None else None) != shown:
            raise Overtaken
        # One that another agency takes over has been somebody's all the time.
        since = need.taken_at if now is not None else uow.now
        uow.change(need, involvement_id=owner, taken_at=since if owner else None)


def see_takeable(
    uow: UnitOfWork, actor: Person, need_id: str
) -> tuple[CaseFile, CaseNeed, list[Involvement]]:
    """Return the need, and the person's agencies that can take it: none for a coordinator of the case."""
    here, need = enter(uow, actor, Action.SEE_ACTIONS, CaseNeed, need_id)
    if owner_of(here.file(), need) is not None:
        raise Overtaken
    parts = parts_of(here.file(), actor.id)
    if not parts and Right.CASE_COORDINATOR not in here.rights:
        raise Refused(Refusal.NOT_ALLOWED)
    return here.file(), need, parts


def take_need(uow: UnitOfWork, actor: Person, need_id: str, *, involvement: str) -> None:
    """Take a need for an agency, by its part: «Vi tar ansvar»."""
    need = get_or_refuse(uow, actor, CaseNeed, need_id)
    here = enter_case(uow, actor, Action.TAKE_NEED, need.case_id, Target(own_part=involvement))
    if owner_of(here.file(), need) is not None:
        raise Overtaken
    uow.change(need, involvement_id=involvement, taken_at=uow.now)


#: A case about one person does not ask for this field.
_ONE_PERSON = Letters("A")


@dataclass(frozen=True, slots=True)
class AgreeAction:
    """An agency's promise, by its part: one of the needs, or a short text."""

    case_id: str
    _: KW_ONLY
    involvement: str
    persons: Letters = _ONE_PERSON
    due_on: date
    need: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckedDate(Generic[C]):
    """A command as checked, and the remark about its day."""

    file: CaseFile
    command: C
    warning: Warn | None


def see_agreeable(
    uow: UnitOfWork, actor: Person, where: str, *, into: Enter = enter_case
) -> tuple[CaseContext, list[Involvement]]:
    """For the form: the parts for which this person can agree actions."""
    here = into(uow, actor, Action.SEE_ACTIONS, where)
    parts = owned_by(here)
    if not parts and Right.CASE_COORDINATOR in here.rights:
        refuse(Refusal.NOTHING_HERE, "part", room=here.file().room.channel_id)
    return here, parts or refuse(Refusal.NOTHING_HERE, "own-part")


def owned_by(here: CaseContext) -> list[Involvement]:
    """The parts for which the person may agree actions: a coordinator for all, others for their agencies."""
    if Right.CASE_COORDINATOR in here.rights:
        return list(here.file().current())
    return parts_of(here.file(), here.actor.id)


def review_action(uow: UnitOfWork, actor: Person, command: AgreeAction) -> CheckedDate[AgreeAction]:
    here = enter_case(uow, actor, Action.AGREE_ACTION, command.case_id, Target(own_part=command.involvement))
    part = current_part(here.file(), command.involvement)
    problems: list[Problem] = []
    text = WHAT_TO_DO.checked("text", command.text, uow.now, problems)
    if not problems and (not command.persons or set(command.persons) - set(part.persons)):
        covered = {"persons": ", ".join(part.persons)}
        problems.append(Problem("persons", "invalid.persons-of-part", covered))
    if command.need is not None and command.need not in needs_of(here.file()):
        problems.append(Problem("need", "invalid.need"))
    if command.need is None and not command.text.strip():
        problems.append(Problem("text", "invalid.no-action"))
    problems.extend(day_problems(here.file(), command.due_on, uow.now))
    if problems:
        raise Invalid(*problems)
    persons = check_persons(here.file().case.letters, command.persons)
    proposed = command.due_on == likely_due(here.file(), uow.now)
    warning = None if proposed else day_warning(command.due_on)
    return CheckedDate(here.file(), replace(command, persons=Letters(persons), text=text), warning)


def current_part(file: CaseFile, involvement_id: str) -> Involvement:
    """The part of the agency that is to own an action; refused if it is no longer in the case."""
    parts = (i for i in file.current() if i.id == involvement_id)
    return next(parts, None) or refuse(Refusal.NO_LONGER_ASKED)


def needs_of(file: CaseFile) -> list[str]:
    """Return the needs to choose from: the team's list, and those of the case that are no longer in it."""
    return list(dict.fromkeys([*file.team.rules.needs, *(n.need for n in file.needs)]))


def agree_action(
    uow: UnitOfWork, actor: Person, _: AgreeAction, review: CheckedDate[AgreeAction]
) -> CaseAction:
    """Write the action down; its owner's people are told, and reminded."""
    agreed = asdict(review.command)
    owner = agreed.pop("involvement")
    agreed |= {"agreed_at": uow.now, "agreed_by": actor.id}
    return uow.add(CaseAction(id=uow.ids.new(), involvement_id=owner, **agreed))


def see_endable(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseContext, list[CaseAction]]:
    """The case, and those of its open actions that this person may end."""
    here = enter_case(uow, actor, Action.SEE_ACTIONS, case_id)
    own = {i.id for i in parts_of(here.file(), actor.id)}
    coordinates = Right.CASE_COORDINATOR in here.rights
    return here, [a for a in open_actions(here.file()) if coordinates or a.involvement_id in own]


def end_action(uow: UnitOfWork, actor: Person, action_id: str, *, outcome: Outcome) -> None:
    """Say how an action ended; only the owner agency and the coordinators may."""
    _, action = enter_lasting(uow, actor, Action.END_ACTION, CaseAction, action_id)
    uow.change(action, outcome=outcome, ended_at=uow.now)


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """A change of an action: its owner (the agency's part), its day, and its text if it is reworded."""

    action_id: str
    _: KW_ONLY
    involvement: str
    due_on: date
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeReview(CheckedDate[ChangeAction]):
    action: CaseAction


def see_changeable(
    uow: UnitOfWork, actor: Person, action_id: str
) -> tuple[CaseContext, CaseAction, list[Involvement]]:
    """For the form: an open action, and the parts to which this person can give it."""
    here, action = enter_lasting(uow, actor, Action.CHANGE_ACTION, CaseAction, action_id)
    parts = [
        i for i in owned_by(here) if i.id == action.involvement_id or may_take_over(here.file(), action, i)
    ]
    return here, action, parts or refuse(Refusal.NOTHING_HERE, "owner")


def review_change(uow: UnitOfWork, actor: Person, command: ChangeAction) -> ChangeReview:
    here, action = enter_lasting(uow, actor, Action.CHANGE_ACTION, CaseAction, command.action_id)
    file = here.file()
    problems = day_problems(file, command.due_on, uow.now)
    text = action.text
    # An action for a need has no text of its own.
    if command.text is not None and action.need is None:
        wrong: list[Problem] = []
        text = WHAT_TO_DO.checked("text", command.text, uow.now, wrong)
        if not text and not wrong:
            wrong.append(Problem("text", "invalid.no-action"))
        problems += wrong
    if command.involvement != action.involvement_id:
        enter_case(uow, actor, Action.AGREE_ACTION, file.case.id, Target(own_part=command.involvement))
    part = current_part(file, command.involvement)
    if part.id != action.involvement_id and not may_take_over(file, action, part):
        left = ", ".join(persons_left(file, action))
        problems.append(Problem("involvement", "invalid.owner-persons", {"persons": left}))
    if (part.id, command.due_on, text) == (action.involvement_id, action.due_on, action.text):
        problems.append(Problem("due_on", "invalid.nothing-changed"))
    if problems:
        raise Invalid(*problems)
    return ChangeReview(file, replace(command, text=text), day_warning(command.due_on), action)


def change_action(uow: UnitOfWork, actor: Person, command: ChangeAction, review: ChangeReview) -> CaseAction:
    """Make the change; the new owner's people are told, and the messages to the old owner's are updated.

    A new text replaces the old one, which is kept nowhere. If only the text changes, the action stays the
    same one, and nobody is told.
    """
    file, old, text = review.file, review.action, review.command.text or ""
    stays = command.involvement == old.involvement_id
    if stays and command.due_on == old.due_on:
        return uow.change(old, text=text)
    uow.change(old, text=text, ended_at=uow.now)
    new = replace(
        old,
        id=uow.ids.new(),
        involvement_id=command.involvement,
        persons=old.persons if stays else persons_left(file, old),
        due_on=command.due_on,
        text=text,
        agreed_at=uow.now,
        agreed_by=actor.id,
        follows=old.id,
    )
    return uow.add(new)


AGREE_ACTION = ReviewedCommand(AgreeAction, review_action, agree_action)
CHANGE_ACTION = ReviewedCommand(ChangeAction, review_change, change_action)
