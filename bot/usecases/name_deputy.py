"""Name a deputy for a meeting: the one asked, their leader, or a coordinator."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.case import Answer, Ask, DeclineReason
from bot.domain.case_file import CaseFile
from bot.domain.deputies import possible_deputies
from bot.domain.directory import Agency, Contact, Person
from bot.domain.errors import Invalid, NoLongerAsked, NothingHere, Problem, TooLate
from bot.usecases.answer_summons import give_answer
from bot.usecases.door import Here, could_act, enter_ask
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class NameDeputy:
    """Who cannot come (by ask), why, who comes instead (a contact), and whether they may decide."""

    ask_id: str
    deputy: str
    reason: DeclineReason | None
    decides: bool


def cases_around(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[str | None, list[CaseFile]]:
    """The open cases in which the person may have a say, and the id of the one whose room the channel is.

    Those of their seats and, for a leader, those of the team of their agency.
    """
    led = uow.find(Contact, person_id=actor.id, leader=True, retired=False, waits=False)
    agencies = (uow.get(Agency, c.agency_id) for c in led)
    teams = dict.fromkeys(a.team_id for a in agencies if a is not None)
    of_teams = [case_id for team_id in teams for case_id in uow.cases_of_team(team_id)]
    room = uow.case_of_channel(channel_id)
    files = map(uow.case_file, dict.fromkeys([*uow.cases_with(actor.id), *of_teams]))
    return room, [f for f in files if f is not None and f.open]


def concerns(actor: Person, file: CaseFile, room: str | None, owner: str, part: str) -> bool:
    """Whether a question or seat is the person's own, or their agency's, or is of the case they stand in."""
    if room is not None:
        return file.case.id == room
    return owner == actor.id or file.leads_agency(actor.id, file.agency_of(part).id)


def see_nameable(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Ask]]:
    """The questions for which the person can name a deputy, soonest first; in a room those of its case.

    Raises:
        NothingHere: there is none.
    """
    room, files = cases_around(uow, actor, channel_id)
    found = []
    for file in files:
        for ask in file.asks:
            part = file.duty(ask.duty_id).involvement_id
            if not _can_be_named_for(file, ask, uow) or not concerns(actor, file, room, ask.person_id, part):
                continue
            if could_act(file, actor, Action.NAME_DEPUTY, owner=ask.person_id, part=part):
                found.append((file, ask))
    if not found:
        raise NothingHere(what="deputy")
    return sorted(found, key=lambda each: each[0].meeting(each[1].meeting_id).starts_at)


def _can_be_named_for(file: CaseFile, ask: Ask, uow: UnitOfWork) -> bool:
    meeting = file.meeting(ask.meeting_id)
    stands = ask.live and not ask.awaits_approval and meeting.live and meeting.starts_at > uow.now
    return stands and not file.awaits_confidentiality(ask)


def see_naming(uow: UnitOfWork, actor: Person, ask_id: str) -> tuple[CaseFile, Ask, list[Contact]]:
    """What the form needs.

    Raises:
        As `name_deputy`.
    """
    here, ask = _enter(uow, actor, ask_id)
    return here.file, ask, possible_deputies(here.file, ask, uow.now)


def name_deputy(uow: UnitOfWork, actor: Person, command: NameDeputy) -> None:
    """Record the forfall with its deputy. The coordinator approves before the deputy is asked.

    Raises:
        NotAllowed: neither the one asked, nor the leader of that agency, nor a coordinator of the case.
        NoLongerAsked: withdrawn, or taushetsplikt is not confirmed.
        TooLate: the meeting has begun.
        Invalid, NotAColleague: without a reason, or with a deputy from elsewhere.
    """
    here, ask = _enter(uow, actor, command.ask_id)
    if command.reason is None:
        raise Invalid(Problem("reason", "invalid.reason"))
    give_answer(here, ask, Answer.DECLINED, command.reason, command.deputy, decides=command.decides)


def _enter(uow: UnitOfWork, actor: Person, ask_id: str) -> tuple[Here, Ask]:
    here, ask = enter_ask(uow, actor, Action.NAME_DEPUTY, ask_id)
    meeting = here.file.meeting(ask.meeting_id)
    if meeting.live and meeting.starts_at <= uow.now:
        raise TooLate
    if not _can_be_named_for(here.file, ask, uow):
        raise NoLongerAsked
    return here, ask
