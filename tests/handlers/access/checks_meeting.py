"""How the rows about meetings are tried: when they are, who comes instead, and how they are held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.case.entities import Attendance, Phase
from handlers import escalation
from handlers.answers.messages import ARRIVE
from handlers.attendance import messages as attendance_messages
from handlers.deputies import messages as deputies_messages
from handlers.meeting import messages as meeting_messages
from handlers.polls import messages as polls_messages
from tests.e2e import kit
from tests.handlers.access.workspace import NOT_OWNERS, NOT_THEIRS, OTHERS, OUTSIDE_ROOM, Court, chosen

#: The same as those who do not lead, where it is the coordinator's alone.
NOT_COORDINATING = ("politi-exit", *NOT_THEIRS)
#: Whoever does not have to do with the police: a coordinator who has not confirmed, and others.
NOT_THE_POLICE = ("vara-koordinator", "barnevern", "barnevern-leder", "politi-vakt", "utenforstaende")


async def begins(court: Court) -> None:
    """Child welfare confirms too; two days later the meeting begins."""
    await kit.confirm(court.runner, "barnevern")
    await court.runner.until(court.runner.day(2, "10:00") + timedelta(seconds=1))


async def led_by_the_police(court: Court, *refused: str) -> str:
    """The meeting begins, and the police are named to lead it; its id."""
    await begins(court)
    meeting, police = await court.meeting_id(), {"selected_user": court.person("politi-exit").id}
    await court.press("koordinator", attendance_messages.CHAIR, value=meeting, refused=refused, chair=police)
    return meeting


async def duty_of(court: Court, agency: str) -> str:
    file = await court.file()
    return next(d.id for d in file.duties if file.agency_of(d.involvement_id).key == agency)


# --- when


async def call_meeting__move_meeting__cancel_meeting(court: Court) -> None:
    """A coordinator who has confirmed; of several meetings one is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10", refused=OTHERS)
    await court.command("koordinator", "/tot flytt fredag kl 12", refused=OTHERS)
    await court.command("koordinator", "/tot avlys", refused=OTHERS)
    case_id = await court.case_id()
    await court.press("koordinator", meeting_messages.NEXT_MEETING, value=case_id, refused=OTHERS)
    await _time_called(court)


async def _proposed(court: Court, *refused: str) -> str:
    """In the working phase two times are proposed by the form for one; the id of the poll."""
    await court.command("koordinator", "/tot fase", phase=chosen(Phase.WORKING))
    times = {"starts_at": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot møte", refused=refused, **times)
    (poll,) = (await court.file()).polls
    return poll.id


def _at(court: Court, day: int, clock: str) -> dict[str, Any]:
    return {"selected_date_time": int(court.runner.day(day, clock).timestamp())}


async def propose_times__answer_times(court: Court) -> None:
    """A coordinator who has confirmed, for a call and for a move; they are taken back by one too.

    Whom the call would ask answers, once they have confirmed taushetsplikt.
    """
    poll = await _proposed(court, *OTHERS)
    for button in (polls_messages.TIME_SUITS, polls_messages.TIME_NOT, polls_messages.TIME_WITH_DEPUTY):
        await court.press("politi-exit", button, refused=NOT_OWNERS)
    await court.press("politi-exit", polls_messages.NO_TIME, value=poll, refused=NOT_OWNERS)
    await court.press("koordinator", polls_messages.WITHDRAW_TIMES, value=poll, refused=OTHERS)
    times = {"other_time": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot flytt", refused=OTHERS, **times)


async def times_on_behalf(court: Court) -> None:
    """Recorded for an agency by a coordinator who has confirmed."""
    poll = await _proposed(court)
    await court.press("koordinator", polls_messages.RECORD_TIMES, value=poll, refused=OTHERS)
    assert len((await court.file()).time_answers) == 1


async def _time_called(court: Court) -> None:
    poll, at = await _proposed(court), _at(court, 10, "09:00")["selected_date_time"]
    await court.press("koordinator", polls_messages.CALL_TIME, value=f"{poll}|{at}", refused=OTHERS)
    assert (await court.file()).polls == ()


# --- who comes instead


async def name_attendee(court: Court) -> None:
    """The leader who was asked, and no other."""
    await court.runner.until(court.runner.day(1, "11:00"))
    refused = ("koordinator", "barnevern", "politi-leder", "utenforstaende")
    await court.press("barnevern-leder", escalation.NAME_ATTENDEE, refused=refused)


async def name_deputy(court: Court) -> None:
    """The one who is asked, their leader, and a coordinator; of two meetings one is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10")
    await court.asks_for("politi-exit", "/tot vara", refused=NOT_THE_POLICE)
    await court.press("koordinator", deputies_messages.REFUSE_DEPUTY, refusal={"value": "Velg en annen."})
    await court.press("politi-exit", deputies_messages.NAME_DEPUTY, refused=NOT_THE_POLICE)
    await court.asks_for("politi-leder", "/tot vara", refused=NOT_THE_POLICE)


async def approve_deputy(court: Court) -> None:
    refused = ("politi-exit", "politi-vakt", "politi-leder", "vara-koordinator", "utenforstaende")
    for button in (deputies_messages.REFUSE_DEPUTY, deputies_messages.APPROVE_DEPUTY):
        await court.asks_for("politi-exit", "/tot vara")
        await court.press("koordinator", button, refused=refused, refusal={"value": "Velg en annen."})


async def hand_over(court: Court) -> None:
    """The one who has the seat, their leader, and a coordinator; of several seats one is chosen."""
    file, police = await court.file(), court.person("politi-exit").id
    seat = next(s.id for s in file.seats if s.live and file.persons[s.person_id].slack_id == police)
    words = "/tot overlever"
    await court.asks_for("koordinator", words, in_=court.room, refused=NOT_THE_POLICE, seat=chosen(seat))
    for handle in ("politi-leder", "politi-exit"):
        await court.asks_for(handle, words, refused=NOT_THE_POLICE)


# --- how it is held


async def name_chair__lead_meeting__correct_attendance(court: Court) -> None:
    """By the coordinator; by the one who leads it, also after it has been registered."""
    meeting_id = await led_by_the_police(court, *NOT_COORDINATING)
    await court.runner.later(minutes=6)
    await court.press("politi-exit", attendance_messages.GO_ON, refused=NOT_THEIRS)
    await court.runner.later(hours=2)
    await court.command("politi-exit", "/tot oppmøte", refused=NOT_THEIRS)
    duty, correct = await duty_of(court, "politi"), attendance_messages.CORRECT
    late, away = chosen(Attendance.LATE), chosen(Attendance.ABSENT_WITH_NOTICE)
    await court.press("politi-exit", correct, value=meeting_id, refused=NOT_THEIRS, **{duty: late})
    await court.command("koordinator", "/tot oppmøte", refused=NOT_THEIRS, **{duty: away})


async def postpone_meeting(court: Court) -> None:
    """Only when too few have come."""
    await led_by_the_police(court)
    await court.runner.later(minutes=6)
    await court.press("politi-exit", attendance_messages.POSTPONE, refused=NOT_THEIRS)


async def arrive__register_attendance(court: Court) -> None:
    """By the chair: who was there as it began, and all of it when it is over."""
    meeting_id = await led_by_the_police(court)
    arrivals = attendance_messages.RECORD_ARRIVALS
    await court.press("politi-exit", arrivals, value=meeting_id, refused=NOT_THEIRS)
    await court.runner.later(minutes=6)
    for handle in ("politi-exit", "koordinator"):
        await court.press(handle, ARRIVE, refused=OUTSIDE_ROOM)
    police = court.person("politi-exit")
    await police.presses("Valg", in_=court.room)
    await police.sees_modal("Valg i saken")
    await police.presses("Flere valg")
    in_time = "Politiet var her i tide"
    await court.press_in_form("politi-exit", attendance_messages.ON_TIME, in_time, NOT_THEIRS)
    await court.runner.later(hours=2)
    for other in OUTSIDE_ROOM:
        action = {"action_id": attendance_messages.ATTENDANCE, "value": meeting_id}
        await court.presses_in_vain(other, action)
    await court.command("koordinator", "/tot oppmøte", refused=NOT_THEIRS)


async def explain_absence(court: Court) -> None:
    """The lead of the agency that stayed away, and the coordinator for those whom the bot does not reach."""
    await begins(court)
    await court.runner.later(hours=2)
    away = chosen(Attendance.ABSENT_WITHOUT_NOTICE)
    stayed = {await duty_of(court, key): away for key in ("barnevern", "udi")}
    await court.command("koordinator", "/tot oppmøte", **stayed)
    refused = ("politi-exit", "barnevern-leder", "vara-koordinator", "utenforstaende")
    for handle in ("barnevern", "koordinator"):
        await court.press(handle, attendance_messages.EXPLAIN_ABSENCE, refused=refused)
