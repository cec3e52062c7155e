"""The needs of a case and who has taken them; the actions that agencies agreed, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.domain.access import Action
from bot.domain.actions import may_take_over, owner_of, parts_of, persons_left
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile, Target
from bot.domain.directory.entities import Person
from bot.domain.errors import Invalid, Overtaken, Problem, Refusal, Refused, refuse
from bot.usecases.authorization import enter, enter_case, enter_lasting, get_or_refuse
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import FreeText, Letters, day_problems

WHAT_TO_DO = FreeText("actions", 120)
REWORDED = replace(WHAT_TO_DO, empty="invalid.no-action")
#: For each need its owner as shown, and the new owner (involvement ids; None: nobody).
Owners = Mapping[str, tuple[str | None, str | None]]


def keep_needs(uow: UnitOfWork, actor: Person, case_id: str, *, needs: tuple[str, ...]) -> CaseFile:
    """Note which needs the case has; return the case with them."""
    file = enter_case(uow, actor, Action.KEEP_NEEDS, case_id).file()
    if not set(needs) <= set(needs_of(file)):
        raise Refused(Refusal.NO_LONGER_ASKED)
    for need in file.needs:
        if need.need not in needs:
            uow.remove(need)
    for name in needs:
        if name not in {n.need for n in file.needs}:
            uow.add(CaseNeed(uow.ids.new(), file.case.id, name, uow.now))
    return uow.current(file)


def give_needs(uow: UnitOfWork, actor: Person, case_id: str, owners: Owners) -> None:
    """Say who owns which of the case's needs, by its id."""
    file = enter_case(uow, actor, Action.KEEP_NEEDS, case_id).file()
    needs = {n.id: n for n in file.needs}
    for need_id, (shown, owner) in owners.items():
        if shown == owner:
            continue
        need = needs.get(need_id)
        if need is None or owner not in {None, *(i.id for i in file.current())}:
            raise Refused(Refusal.NO_LONGER_ASKED)
        now = owner_of(file, need)
        if (now.id if now is not None else None) != shown:
            raise Overtaken
        # One that another agency takes over has been somebody's all the time.
        since = need.taken_at if now is not None else uow.now
        uow.change(need, involvement_id=owner, taken_at=since if owner else None)


def see_takeable(uow: UnitOfWork, actor: Person, need_id: str) -> tuple[CaseNeed, list[Involvement]]:
    """Return a need that nobody has, and the person's agencies that can take it."""
    here, need = enter(uow, actor, Action.SEE_ACTIONS, CaseNeed, need_id)
    if owner_of(here.file(), need) is not None:
        raise Overtaken
    return need, parts_of(here.file(), actor.id)


def take_need(uow: UnitOfWork, actor: Person, need_id: str, *, involvement: str) -> None:
    """Take a need for an agency, by its part: «Vi tar ansvar»."""
    need = get_or_refuse(uow, actor, CaseNeed, need_id)
    here = enter_case(uow, actor, Action.TAKE_NEED, need.case_id, Target(own_part=involvement))
    if owner_of(here.file(), need) is not None:
        raise Overtaken
    uow.change(need, involvement_id=involvement, taken_at=uow.now)


def current_part(file: CaseFile, involvement_id: str) -> Involvement:
    """The part of the agency that is to own an action; refused if it is no longer in the case."""
    parts = (i for i in file.current() if i.id == involvement_id)
    return next(parts, None) or refuse(Refusal.NO_LONGER_ASKED)


def needs_of(file: CaseFile) -> list[str]:
    """Return the needs to choose from: the team's list, and those of the case that are no longer in it."""
    return list(dict.fromkeys([*file.team.rules.needs, *(n.need for n in file.needs)]))


#: A case about one person does not ask for this field.
_ONE_PERSON = Letters("A")


def agree_action(
    uow: UnitOfWork,
    actor: Person,
    case_id: str,
    *,
    involvement: str,
    persons: Letters = _ONE_PERSON,
    due_on: date,
    need: str | None = None,
    text: str = "",
) -> tuple[CaseFile, CaseAction]:
    """Write down an agency's promise, by its part; its people are told, and reminded."""
    here = enter_case(uow, actor, Action.AGREE_ACTION, case_id, Target(own_part=involvement))
    file = here.file()
    part = current_part(file, involvement)
    problems: list[Problem] = []
    if need is None and not text.strip():
        problems.append(Problem("text", "invalid.no-action"))
    text = WHAT_TO_DO.checked("text", text, uow.now, problems)
    if not problems and not (persons and set(persons) <= set(part.persons)):
        covered = {"persons": ", ".join(part.persons)}
        problems.append(Problem("persons", "invalid.persons-of-part", covered))
    if need is not None and need not in needs_of(file):
        raise Refused(Refusal.NO_LONGER_ASKED)
    problems.extend(day_problems(file, due_on, uow.now))
    if problems:
        raise Invalid(*problems)
    whom = "".join(letter for letter in part.persons if letter in persons)
    promise = CaseAction(uow.ids.new(), case_id, part.id, whom, due_on, uow.now, actor.id, need, text)
    return file, uow.add(promise)


def end_action(uow: UnitOfWork, actor: Person, action_id: str, *, outcome: Outcome) -> None:
    """Say how an action ended; only the owner agency and the coordinators may."""
    _, action = enter_lasting(uow, actor, Action.END_ACTION, CaseAction, action_id)
    uow.change(action, outcome=outcome, ended_at=uow.now)


def change_action(
    uow: UnitOfWork, actor: Person, action_id: str, *, involvement: str, due_on: date, text: str | None = None
) -> tuple[CaseFile, CaseAction]:
    """Change an action's owner (an agency's part), its day, or its text; return the one that now stands.

    The new owner's people are told, and the messages to the old owner's are updated. A new text replaces the
    old one, which is kept nowhere. If only the text changes, the action stays the same, and nobody is told.
    """
    here, old = enter_lasting(uow, actor, Action.CHANGE_ACTION, CaseAction, action_id)
    file, stays = here.file(), involvement == old.involvement_id
    problems = day_problems(file, due_on, uow.now)
    # An action for a need has no text of its own.
    if text is None or old.need is not None:
        text = old.text
    else:
        text = REWORDED.checked("text", text, uow.now, problems)
    if not stays:
        enter_case(uow, actor, Action.AGREE_ACTION, file.case.id, Target(own_part=involvement))
    part = current_part(file, involvement)
    if not stays and not may_take_over(file, old, part):
        raise Refused(Refusal.NO_LONGER_ASKED)
    if stays and (due_on, text) == (old.due_on, old.text):
        problems.append(Problem("due_on", "invalid.nothing-changed"))
    if problems:
        raise Invalid(*problems)
    if stays and due_on == old.due_on:
        return file, uow.change(old, text=text)
    uow.change(old, text=text, ended_at=uow.now)
    new = replace(
        old,
        id=uow.ids.new(),
        involvement_id=part.id,
        persons=old.persons if stays else persons_left(file, old),
        due_on=due_on,
        text=text,
        agreed_at=uow.now,
        agreed_by=actor.id,
        follows=old.id,
    )
    return file, uow.add(new)
