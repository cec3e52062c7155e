"""Which coordinator has a case, and from when the next one is alerted. Derived.

What asks a coordinator to act is put to one at a time, so that two do not ring the same agency and nobody
trusts that the other does. Alerts about the room go to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.answers import calls
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind

#: Whoever has taken a case and is not heard of for so many turns has it alone no longer.
TURNS_HELD = 3


def in_order(file: CaseFile) -> list[str]:
    """Person ids of the coordinators who can be alerted, whoever has the case first.

    That is who took it, or acted in it, last; before that who opened it. One who is gone from Slack or out of
    the case has no place: the next one moves up at once.
    """
    reached = [p for p in file.confirmed_coordinators() if file.on_slack(p)]
    first = [p for p in (file.case.in_charge, file.case.opened_by) if p in reached]
    return list(dict.fromkeys([*first, *reached]))


def in_charge(file: CaseFile) -> str | None:
    """Return who has the case; None where no coordinator can be alerted."""
    return next(iter(in_order(file)), None)


def may_be_given_to(file: CaseFile) -> list[str]:
    """Person ids of the coordinators who do not have the case and can be asked to take it over."""
    people = (*file.confirmed_coordinators(), *file.unconfirmed_coordinators())
    return [p for p in people if file.on_slack(p) and p != in_charge(file)]


def offered_to(file: CaseFile) -> str | None:
    """Return who has been asked to take the case over, and can; whoever has it keeps it until they do."""
    return file.case.offered_to if file.open and file.case.offered_to in may_be_given_to(file) else None


def taken_since(file: CaseFile, at: datetime) -> bool:
    """Return whether whoever has the case has taken it, or acted in it, since then."""
    case = file.case
    return case.in_charge_at is not None and case.in_charge_at >= at and case.in_charge == in_charge(file)


def at_it(file: CaseFile, kind: Kind, subject: str) -> bool:
    """Return whether whoever has the case has been heard of since the newest of what waits there."""
    waits = list(_waits_since(file, kind, subject))
    return bool(waits) and taken_since(file, max(waits))


def alerted_at(file: CaseFile, kind: Kind, subject: str, person_id: str) -> datetime | None:
    """When a coordinator is alerted of what asks one of them to act (aware UTC).

    None where nothing waits, or the person cannot be alerted.
    """
    people, waits = in_order(file), list(_waits_since(file, kind, subject))
    if person_id not in people or not waits:
        return None
    place = people.index(person_id)
    return min(_turn(file, since, place) for since in waits)


def _waits_since(file: CaseFile, kind: Kind, subject: str) -> Iterator[datetime]:
    if kind is Kind.CALL_LIST:
        yield from (call.since for m in file.meetings if m.id == subject for _, call in calls(file, m))
    elif kind is Kind.DEPUTY_APPROVAL:
        yield from (a.asked_at for a in file.asks if a.id == subject and a.awaits_approval)


def _turn(file: CaseFile, since: datetime, place: int) -> datetime:
    at = file.case.in_charge_at
    if at is not None and taken_since(file, since):
        return _later(file, at, TURNS_HELD * place) if place else since
    return _later(file, since, place)


def _later(file: CaseFile, at: datetime, turns: int) -> datetime:
    """So many turns later; in the working phase in working time."""
    rules = file.team.rules
    if not turns or file.case.phase is Phase.ACUTE:
        return at + timedelta(minutes=rules.acute_turn) * turns
    wait = timedelta(minutes=rules.working_turn) * turns
    return worktime.add_working_hours(at, wait, rules.work_hours, file.team.time_zone)


#: What is put to one coordinator at a time.
IN_TURN = frozenset({Kind.CALL_LIST, Kind.DEPUTY_APPROVAL})
