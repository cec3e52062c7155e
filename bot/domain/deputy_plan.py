"""When a deputy whom nobody decides on, and a seat that nobody takes over, are reminded of.

A part of the reminder plan. Half of the answer window after a deputy was named the coordinators are reminded,
and once more at its end: until one of them approves, nobody is asked to come. Who is to take a seat over is
reminded of taushetsplikt at half, and at the end the coordinators are told that it has not been confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.action_plan import reminder
from bot.domain.answer_window import earliest, half_and_end, waited_since
from bot.domain.case import Seat
from bot.domain.case_file import CaseFile
from bot.domain.deputies import awaits_decision
from bot.domain.intents import Intent, Kind

#: For how long after a seat was handed over it is of use to be told that nobody has taken it.
_USEFUL = timedelta(days=14)


def of_deputies(file: CaseFile) -> Iterator[Intent]:
    """To the coordinators: a deputy still waits for one of them."""
    for ask in file.asks:
        if not awaits_decision(file, ask, ask.asked_at):
            continue
        begins = file.meeting(ask.meeting_id).starts_at
        since = waited_since(file, ask.asked_at)
        half, end = half_and_end(file, since, max(begins, since))
        for person_id in file.confirmed_coordinators():
            yield reminder(file, Kind.DEPUTY_WAITS, ask.id, person_id, half, begins, "half")
            yield reminder(file, Kind.DEPUTY_WAITS, ask.id, person_id, end, begins, "end")


def of_successors(file: CaseFile) -> Iterator[Intent]:
    """To whoever is to take a seat over, if the bot can write to them, and then to the coordinators."""
    for seat in file.seats:
        if not waits_to_take_over(file, seat) or seat.involvement_id is None:
            continue
        until = seat.asked_at + _USEFUL
        half, end = earliest(file, seat.asked_at, until)
        if file.reached_directly(seat.person_id, seat.involvement_id):
            yield reminder(file, Kind.SUCCESSOR_UNCONFIRMED, seat.id, seat.person_id, half, until, "half")
        for person_id in file.confirmed_coordinators():
            yield reminder(file, Kind.SUCCESSOR_SILENT, seat.id, person_id, end, until, "end")


def waits_to_take_over(file: CaseFile, seat: Seat) -> bool:
    """Whether somebody else keeps the seat until this person has confirmed taushetsplikt.

    Where the one before had not confirmed either the new one is asked at once, and has a chain.
    """
    if seat.takes_over is None or seat.involvement_id is None or not seat.live or seat.confirmed:
        return False
    old = file.seat(seat.takes_over)
    return old is not None and old.live and file.involvement(seat.involvement_id).ended_at is None
