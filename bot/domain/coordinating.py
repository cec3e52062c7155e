"""Which coordinator is in charge of a case, and when the next one is alerted. Derived.

Requests to act are sent to one coordinator at a time, so that two do not ring the same agency, and neither
relies on the other. Alerts about the room go to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.answers import calls
from bot.domain.case.entities import Phase
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind

#: After this many turns without activity of the coordinator in charge, the next one is alerted too.
TURNS_HELD = 3


def in_order(file: CaseFile) -> list[str]:
    """Return the person ids of the coordinators who can be alerted, the one in charge first.

    That is the one who last took the case or acted in it, then the one who opened it. A coordinator who has
    left Slack or the case is skipped: the next one moves up at once.
    """
    reached = [p for p in file.confirmed_coordinators() if file.on_slack(p)]
    first = [p for p in (file.case.in_charge, file.case.opened_by) if p in reached]
    return list(dict.fromkeys([*first, *reached]))


def in_charge(file: CaseFile) -> str | None:
    """Return the coordinator in charge of the case; None if no coordinator can be alerted."""
    return next(iter(in_order(file)), None)


def may_be_given_to(file: CaseFile) -> list[str]:
    """Return the person ids of the other coordinators, who can be asked to take it over from its holder."""
    holder, people = in_charge(file), (*file.confirmed_coordinators(), *file.unconfirmed_coordinators())
    return [p for p in people if file.on_slack(p) and p != holder] if holder is not None else []


def offered_to(file: CaseFile) -> str | None:
    """Return the coordinator who is asked to take the case over, and can; it is not theirs until they do."""
    return file.case.offered_to if file.open and file.case.offered_to in may_be_given_to(file) else None


def taken_since(file: CaseFile, at: datetime) -> bool:
    """Return whether the coordinator in charge has taken the case or acted in it since `at`."""
    case = file.case
    return case.in_charge_at is not None and case.in_charge_at >= at and case.in_charge == in_charge(file)


def acted_since_newest(file: CaseFile, kind: Kind, subject: str) -> bool:
    """Return whether the coordinator in charge has acted since the newest request in this message."""
    waits = list(_waits_since(file, kind, subject))
    return bool(waits) and taken_since(file, max(waits))


def alerted_at(file: CaseFile, kind: Kind, subject: str, person_id: str) -> datetime | None:
    """Return when a coordinator is alerted of a request to act (aware UTC).

    None if nothing waits, or the person cannot be alerted.
    """
    people, waits = in_order(file), list(_waits_since(file, kind, subject))
    if person_id not in people or not waits:
        return None
    place = people.index(person_id)
    return min(_turn(file, since, place) for since in waits)


def _waits_since(file: CaseFile, kind: Kind, subject: str) -> Iterator[datetime]:
    if kind is Kind.CALL_LIST:
        yield from (call.since for m in file.meetings if m.id == subject for call in calls(file, m))
    elif kind is Kind.DEPUTY_APPROVAL:
        yield from (a.asked_at for a in file.asks if a.id == subject and a.awaits_approval)


def _turn(file: CaseFile, since: datetime, place: int) -> datetime:
    at = file.case.in_charge_at
    if at is not None and taken_since(file, since):
        return _later(file, at, TURNS_HELD * place) if place else since
    return _later(file, since, place)


def _later(file: CaseFile, at: datetime, turns: int) -> datetime:
    """Return the time `turns` later; in the working phase turns are counted in working time."""
    rules = file.team.rules
    if not turns or file.case.phase is Phase.ACUTE:
        return at + timedelta(minutes=rules.acute_turn) * turns
    wait = timedelta(minutes=rules.working_turn) * turns
    return worktime.add_working_hours(at, wait, rules.work_hours, file.team.time_zone)


#: The kinds that are sent to one coordinator at a time.
ONE_AT_A_TIME = frozenset({Kind.CALL_LIST, Kind.DEPUTY_APPROVAL})
