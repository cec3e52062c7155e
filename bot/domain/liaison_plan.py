"""When a liaison who has not confirmed taushetsplikt is reminded: a part of the reminder plan.

Half of the answer window after they were asked they are reminded; at its end the coordinators are told. The
window is the phase's, in the working phase counted in working time. Like a chain (`escalation`) it leaves the
coordinators a part of what is left until a meeting or the liaison's last day, so that they can ring.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.action_plan import reminder
from bot.domain.answer_window import earliest
from bot.domain.case import Seat
from bot.domain.case_file import CaseFile
from bot.domain.intents import Intent, Kind
from bot.domain.liaison import Liaison, leaves_at


def of_liaisons(file: CaseFile) -> Iterator[Intent]:
    """The reminders of every liaison who has been asked in Slack and has not confirmed."""
    for liaison in file.live_liaisons():
        seat = file.seat(liaison.seat_id) if liaison.seat_id is not None else None
        if seat is None or seat.confirmed or not file.on_slack(seat.person_id):
            continue
        half, end = _window(file, liaison, seat)
        until = leaves_at(liaison.until, file.team)
        yield reminder(file, Kind.LIAISON_UNCONFIRMED, seat.id, seat.person_id, half, until, "half")
        for person_id in file.confirmed_coordinators():
            yield reminder(file, Kind.LIAISON_SILENT, seat.id, person_id, end, until, "end")


def told_at(file: CaseFile, liaison: Liaison, seat: Seat) -> datetime:
    """When the coordinators are told that a liaison has not confirmed."""
    return _window(file, liaison, seat)[1]


def _window(file: CaseFile, liaison: Liaison, seat: Seat) -> tuple[datetime, datetime]:
    return earliest(file, seat.asked_at, leaves_at(liaison.until, file.team))
