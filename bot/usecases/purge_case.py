"""Delete a closed case on its date: the bot's messages go, the room is archived, the links are cut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.audit import BOT, Entry, Event
from bot.domain.calendar_entry import CalendarEntry
from bot.domain.case import (
    Ask,
    Case,
    Duty,
    Involvement,
    Meeting,
    Seat,
)
from bot.domain.case_action import CaseAction
from bot.domain.duty import Arrival, Correction, Step, Tick
from bot.domain.intents import Intent, Kind
from bot.domain.liaison import Liaison, LiaisonInvitation
from bot.domain.link_half import Link
from bot.domain.need import CaseNeed
from bot.domain.persons import ClosedPerson
from bot.domain.placement import Deadline, Placement
from bot.domain.standstill import Standstill
from bot.usecases.consequences import homes
from bot.usecases.keep_counts import keep_counts
from bot.usecases.link_cases import cut_all
from bot.usecases.ports import Posted, UnitOfWork


def due_for_purge(uow: UnitOfWork) -> list[Case]:
    """Closed cases whose deletion date has come, in their team's zone, oldest first."""
    due: list[Case] = []
    for team in uow.teams():
        today: date = uow.now.astimezone(ZoneInfo(team.zone)).date()
        due.extend(
            c
            for c in uow.find(Case, team_id=team.id, purged_at=None)
            if c.closed_at is not None and c.delete_on is not None and c.delete_on <= today
        )
    return sorted(due, key=lambda c: (str(c.delete_on), c.id))


def plan_purge(uow: UnitOfWork, cases: Sequence[Case]) -> None:
    """Leave one intent per case: Slack is emptied first, and the rows go when that is done."""
    for case in cases:
        uow.enqueue(Intent(Kind.PURGE, case.id, case_id=case.id))


def forget_case(uow: UnitOfWork, case_id: str) -> None:
    """Remove what the database holds of a purged case, when nothing of the bot's is left in Slack.

    The bare case row stays, so that its code is not given out again while messages of others may remain.
    What tied people and a room to it goes with its key, from every backup too. The report's numbers are kept.
    """
    case = uow.get(Case, case_id)
    if case is None or case.closed_at is None or case.purged_at is not None:
        return
    file = uow.case_file(case_id)
    if file is not None:
        uow.enqueue(*homes(file))
        keep_counts(uow, file)
    cut_all(uow, uow.find(Link, case_id=case_id))
    kinds: tuple[type[object], ...] = (
        *(CalendarEntry, Posted, Step, Arrival, Tick, Correction),
        *(CaseNeed, CaseAction, Placement, Deadline),
        *(Ask, Duty, Seat, Meeting, Involvement),
        *(ClosedPerson, LiaisonInvitation, Liaison, Standstill),
    )
    for kind in kinds:
        for entity in uow.find(kind, case_id=case_id):
            uow.remove(entity)
    uow.change(case, purged_at=uow.now)
    uow.audit(Entry(Event.PURGED, BOT, case.id))
    uow.erase(case.id)
