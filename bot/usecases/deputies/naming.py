"""Name a deputy for a meeting, and approve or refuse one. Before that, the deputy is told nothing."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access import Action, Right
from bot.domain.case.entities import Answer, Approval, Ask, DeclineReason
from bot.domain.case.file import CaseFile
from bot.domain.deputies import possible_deputies
from bot.domain.directory.entities import Agency, Contact, Person
from bot.domain.errors import (
    DeputyGone,
    Invalid,
    NobodyToAsk,
    NoLongerAsked,
    NothingHere,
    Overtaken,
    Problem,
    TooLate,
)
from bot.domain.escalation import answer_window
from bot.usecases.answers import give_answer
from bot.usecases.authorization import CaseContext, could_act, enter_ask
from bot.usecases.coordinating import note_acting
from bot.usecases.involvement.summons import add_seat
from bot.usecases.ports import UnitOfWork, case_files
from bot.usecases.validation import check_text


def cases_around(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[str | None, list[CaseFile]]:
    """The open cases in which the person may have a say, and the id of the one whose room the channel is.

    Those of their seats and, for a leader, those of the team of their agency.
    """
    led = uow.find(Contact, person_id=actor.id, leader=True, retired=False, waits=False)
    agencies = (uow.get(Agency, c.agency_id) for c in led)
    teams = dict.fromkeys(a.team_id for a in agencies if a is not None)
    of_teams = [case_id for team_id in teams for case_id in uow.cases_of_team(team_id)]
    room = uow.case_of_channel(channel_id)
    return room, [*case_files(uow, dict.fromkeys([*uow.cases_with(actor.id), *of_teams]))]


def concerns(actor: Person, file: CaseFile, room: str | None, owner: str, part: str) -> bool:
    """Return whether it is the person's own, or their agency's, or of the case in whose room they are."""
    if room is not None:
        return file.case.id == room
    return owner == actor.id or file.leads_agency(actor.id, file.agency_of(part).id)


def see_nameable(uow: UnitOfWork, actor: Person, channel_id: str) -> list[tuple[CaseFile, Ask]]:
    """The questions for which the person can name a deputy, soonest first; in a room those of its case."""
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
    """The question and the possible deputies, for the form; the reason is not for their leader."""
    here, ask = _enter(uow, actor, ask_id)
    shown = ask if _knows_why(here, ask) else replace(ask, reason=None)
    deputies = possible_deputies(here.file, ask, uow.now)
    if not deputies:
        raise NobodyToAsk
    return here.file, shown, deputies


def _knows_why(here: CaseContext, ask: Ask) -> bool:
    return here.actor.id == ask.person_id or Right.CASE_COORDINATOR in here.rights


def name_deputy(
    uow: UnitOfWork,
    actor: Person,
    ask_id: str,
    *,
    deputy: str,
    reason: DeclineReason | None,
    decides: bool,
) -> None:
    """Record the forfall, and its reason if one is told, with the contact (by id) who comes instead.

    The coordinator approves before the deputy, who may decide or not, is asked.
    """
    here, ask = _enter(uow, actor, ask_id)
    # What a leader was not shown, and leaves empty, stands.
    reason = reason if _knows_why(here, ask) else reason or ask.reason
    give_answer(here, ask, Answer.DECLINED, reason, deputy, decides=decides)


def _enter(uow: UnitOfWork, actor: Person, ask_id: str) -> tuple[CaseContext, Ask]:
    here, ask = enter_ask(uow, actor, Action.NAME_DEPUTY, ask_id)
    meeting = here.file.meeting(ask.meeting_id)
    if meeting.live and meeting.starts_at <= uow.now:
        raise TooLate
    if not _can_be_named_for(here.file, ask, uow):
        raise NoLongerAsked
    return here, ask


def approve_deputy(uow: UnitOfWork, actor: Person, ask_id: str) -> None:
    """Approve a deputy, who is asked now, taushetsplikt first, with a window of their own."""
    here, ask = see_decision(uow, actor, ask_id, approves=True)
    note_acting(here)
    file = here.file
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    contacts = {c.person_id for c in file.contacts_of(file.agency_of_ask(ask).id)}
    if ask.person_id not in contacts or not file.can_be_asked(ask.person_id):
        raise DeputyGone
    add_seat(uow, file, duty, ask.person_id, deputy=True)
    uow.change(
        ask,
        approval=Approval.APPROVED,
        approved_by=actor.id,
        asked_at=uow.now,
        asked_anew=False,
        window_ends_at=answer_window(file, uow.now, meeting),
    )


def refuse_deputy(uow: UnitOfWork, actor: Person, ask_id: str, *, refusal: str) -> None:
    """Refuse with a reason: whoever named the deputy is told, and can name another.

    One who has left the agency can be refused too.
    """
    here, ask = see_decision(uow, actor, ask_id)
    note_acting(here)
    why = check_text("refusal", refusal, uow.now, several_lines=True)
    if not why:
        raise Invalid(Problem("refusal", "invalid.refusal"))
    uow.change(ask, approval=Approval.REFUSED, approved_by=actor.id, refusal=why, withdrawn_at=uow.now)


def see_decision(
    uow: UnitOfWork, actor: Person, ask_id: str, *, approves: bool = False
) -> tuple[CaseContext, Ask]:
    """The deputy who waits for a coordinator."""
    here, ask = enter_ask(uow, actor, Action.APPROVE_DEPUTY, ask_id, approves=approves)
    meeting = here.file.meeting(ask.meeting_id)
    if ask.approval in (Approval.APPROVED, Approval.REFUSED) and meeting.live:
        raise Overtaken(by=ask.approved_by or "")
    if not ask.awaits_approval or not meeting.live:
        raise NoLongerAsked
    if meeting.starts_at <= uow.now:
        raise TooLate
    return here, ask
