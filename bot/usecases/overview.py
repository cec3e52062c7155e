"""A person's options for the help, by place; and forgetting people whom nothing names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import Action, Right, allowed
from bot.domain.case.entities import Seat
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Coordinator, Person, Team
from bot.domain.errors import Refusal, Refused
from bot.usecases.authorization import allowed_actions, enter_case
from bot.usecases.deputies import see_nameable, see_seats
from bot.usecases.notifications import refresh
from bot.usecases.ports import Draft, Posted, UnitOfWork
from bot.usecases.profile import cases_to_record, live_references

#: All actions of a confirmed coordinator in a case.
_AS_COORDINATOR = allowed(frozenset({Right.CASE_COORDINATOR}))
#: Actions on a person's ask or seat; whether they are possible depends on which there are.
_OF_SOMEBODY = frozenset({Action.NAME_DEPUTY, Action.HAND_OVER})


@dataclass(frozen=True, slots=True)
class HelpContext:
    """The person's roles, whom to ask, all teams, and what the access table lets the person do.

    `case_id` is the case whose room the channel is; None if it is not theirs. `in_rooms` is what they may do
    in the room of some case.
    """

    coordinates: bool
    contact: bool
    case_id: str | None
    in_rooms: frozenset[Action]
    coordinators: tuple[Person, ...]
    teams: tuple[Team, ...]


def help_context(uow: UnitOfWork, actor: Person, channel_id: str | None) -> HelpContext:
    """Return the person's surroundings. A stranger learns nothing of a channel."""
    teams = tuple(uow.teams())
    seated = dict.fromkeys(c.person_id for team in teams for c in uow.coordinators(team.id))
    people = {p.id: p for p in uow.find(Person, id=list(seated))}
    coordinates = actor.id in seated
    case_id = uow.case_of_channel(channel_id) if channel_id is not None else None
    own = (allowed_actions(uow, actor, id) for id in uow.cases_with(actor.id))
    here = allowed_actions(uow, actor, case_id)
    return HelpContext(
        coordinates=coordinates,
        contact=bool(uow.find(Contact, person_id=actor.id, retired=False, waits=False)),
        case_id=case_id if Action.SEE_ROOM in here else None,
        in_rooms=_AS_COORDINATOR if coordinates else frozenset[Action]().union(*own),
        coordinators=tuple(people[id] for id in seated if id in people),
        teams=teams,
    )


def see_choices(uow: UnitOfWork, actor: Person, case_id: str) -> tuple[CaseFile, frozenset[Action]]:
    """Return the case, and all that the person may do in it, by the access table and their asks and seats."""
    file = enter_case(uow, actor, Action.SEE_ROOM, case_id).file()
    may, channel = allowed_actions(uow, actor, case_id) - _OF_SOMEBODY, file.room.channel_id or ""
    for action, of_whom in ((Action.NAME_DEPUTY, see_nameable), (Action.HAND_OVER, see_seats)):
        try:
            may |= {action} if of_whom(uow, actor, channel) else set()
        except Refused as refused:
            if refused.why is not Refusal.NOTHING_HERE:
                raise
    return file, may


def is_registered(uow: UnitOfWork, person: Person) -> bool:
    """Return whether the person is a contact, a coordinator, or has a seat or a case to put on record.

    Then a guest is let in too.
    """
    of_agencies = (c for c in uow.find(Contact, person_id=person.id, retired=False) if not c.waits)
    return (
        any(of_agencies)
        or bool(uow.find(Coordinator, person_id=person.id, until=None))
        or bool(uow.find(Seat, person_id=person.id, ended_at=None))
        or bool(cases_to_record(uow, person))
    )


#: How long a person whom nothing needs is kept after the bot last wrote to them, or about their former role,
#: and after they chose a language.
KEPT = timedelta(days=30)


def forget_people(uow: UnitOfWork) -> None:
    """Forget everybody without a role whom nothing names any more, and roles that are over.

    It makes no difference whether they only looked in, or were taken out of the directory. Call this while
    nothing waits to be delivered. A person who comes back is a new one.
    """
    for going, stale in list(_forgettable(uow)):
        # The directory is locked before a ledger, as everywhere.
        for each in sorted(going, key=lambda each: isinstance(each, Posted)):
            uow.remove(each)
        # A refreshed message about a deleted role is removed from Slack.
        uow.enqueue(*map(refresh, stale))


def is_anybody_to_forget(uow: UnitOfWork) -> bool:
    """Return whether `forget_people`, which locks all cases it reads, has work; a reader takes no locks."""
    return next(_forgettable(uow), None) is not None


def _forgettable(uow: UnitOfWork) -> Iterator[tuple[list[object], list[Posted]]]:
    """Yield, for each person to forget, the objects to delete, and messages to others about their roles."""
    roles: list[Contact | Coordinator] = [*uow.find(Contact), *uow.find(Coordinator)]
    over: dict[str, list[Contact | Coordinator]] = {}
    for role in roles:
        if _is_over(role):
            over.setdefault(role.person_id, []).append(role)
    standing = {role.person_id for role in roles if not _is_over(role)}
    candidates = [p for p in uow.find(Person) if p.id in over or p.id not in standing]
    if not candidates:
        return
    named = frozenset(id for _, people in live_references(uow) for id in people)
    uow.refuse_unreadable()
    forms = [draft.data for draft in uow.find(Draft)]
    since = uow.now - KEPT
    for person in candidates:
        theirs = over.get(person.id, [])
        ids = {person.id, person.slack_id or person.id, *(role.id for role in theirs)}
        if person.id in named or any(id in form for id in ids for form in forms):
            continue
        of_roles = uow.find(Posted, subject=[role.id for role in theirs], case_id=None)
        to_them = [] if person.id in standing else uow.find(Posted, person_id=person.id)
        if any(p.posted_at > since or p.case_id or p.item for p in (*of_roles, *to_them)):
            continue
        stale = [p for p in of_roles if p.person_id != person.id]
        if person.id in standing:
            yield [*theirs], stale
        elif person.language_on is None or person.language_on <= since.date():
            yield [*to_them, *theirs, person], stale


def _is_over(role: Contact | Coordinator) -> bool:
    return role.retired if isinstance(role, Contact) else role.until is not None
