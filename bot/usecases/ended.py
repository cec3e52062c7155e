"""Why nothing more can be done with a question or a seat that was there."""

from __future__ import annotations

from bot.domain.case import Ask, Seat, SeatEnd
from bot.domain.case_file import CaseFile
from bot.domain.errors import NoLongerAsked, Overtaken, Refused


def withdrawn_ask(ask: Ask) -> Refused:
    """Why a question that was withdrawn can no longer be answered."""
    return Overtaken(by=ask.overtaken_by) if ask.overtaken_by is not None else NoLongerAsked()


def ended_seat(file: CaseFile, seat: Seat) -> Refused:
    """Why nothing more can be done with a seat; a colleague who has answered meanwhile is named."""
    if seat.end is SeatEnd.COLLEAGUE_ANSWERED:
        for ask in reversed(file.asks):
            of_seat = file.duty(ask.duty_id).involvement_id == seat.involvement_id
            if of_seat and ask.person_id == seat.person_id and ask.overtaken_by is not None:
                return Overtaken(by=ask.overtaken_by)
    return NoLongerAsked()
