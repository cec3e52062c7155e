"""Messages that could not be told: has somebody seen to it all the same?"""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.file import CaseFile


def is_seen_to(file: CaseFile, subject: str, since: datetime, *, arrived: bool) -> bool:
    """Return whether a question or a seat waits for nothing any more that was told of it `since` then.

    They have confirmed or answered, or a coordinator has recorded it; or the question was withdrawn, or put
    anew and has `arrived`; or somebody else has answered for the agency since. Of anything else nobody knows.
    """
    if (ask := file.ask(subject)) is not None:
        over = ask.withdrawn_at or ask.answer or ask.told_at
        return over is not None or arrived or _answered(file, ask.duty_id, since)
    seat = next((seat for seat in file.seats if seat.id == subject), None)
    if seat is None:
        return False
    duties = (d.id for d in file.duties if d.involvement_id == seat.involvement_id)
    over_at = seat.ended_at or seat.acknowledged_at
    return over_at is not None or arrived or any(_answered(file, duty, since) for duty in duties)


def _answered(file: CaseFile, duty_id: str, since: datetime) -> bool:
    times = [ask.answered_at for ask in file.asks if ask.duty_id == duty_id]
    times += [answer.at for answer in file.phone_answers if answer.duty_id == duty_id]
    return any(at is not None and at > since for at in times)
