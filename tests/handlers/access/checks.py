"""Trials, from Slack's side, of the rows about opening a case, who is asked in it, and its meetings.

In each of these modules a function named after a row, or after several separated by `__`, is their trial: the
person who may does it, after those who are `refused` have tried the same. A row without a function is tried
as declared (`as_declared`), which is enough where nothing has to happen first. Stories tell the effects when
it is allowed, and everything that anybody may do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.access import Action, Right
from bot.domain.case.entities import Attendance, Phase, Room, Seat, SeatRole
from bot.domain.directory.entities import Coordinator, Team
from bot.domain.language import Language
from bot.usecases.ports import UnitOfWork
from handlers import escalation
from handlers.answers import calls
from handlers.answers import messages as answers_messages
from handlers.answers.messages import ARRIVE
from handlers.answers.modals import CALLS_OF
from handlers.attendance import messages as attendance_messages
from handlers.case import acute
from handlers.case import modals as case_modals
from handlers.deputies import messages as deputies_messages
from handlers.involvement import leaving, not_ours
from handlers.involvement import messages as involvement_messages
from handlers.involvement import modals as involvement_modals
from handlers.meeting import messages as meeting_messages
from handlers.overview.choices import MORE_CHOICES
from handlers.polls import messages as polls_messages
from handlers.slack.vocabulary import rows_of
from handlers.subjects import joined
from sandbox.channels import create_room
from sandbox.mail import clients
from tests.e2e import kit
from tests.handlers.access.workspace import (
    NOT_OWNERS,
    NOT_THEIRS,
    OTHERS,
    OUTSIDE_ROOM,
    STRANGERS,
    Court,
    chosen,
)

ANOTHER = "Spør en annen"
#: Each set of rights → who is let in by it, and who is refused.
BY_RIGHT: Mapping[frozenset[Right], tuple[str, Sequence[str]]] = {
    frozenset({Right.CASE_COORDINATOR}): ("koordinator", OTHERS),
    frozenset({Right.TEAM_COORDINATOR}): ("koordinator", STRANGERS),
    frozenset({Right.CASE_COORDINATOR, Right.SEAT_HOLDER}): ("politi-exit", OUTSIDE_ROOM),
    frozenset({Right.OWN}): ("politi-exit", NOT_OWNERS),
}


async def as_declared(row: Action, court: Court) -> None:
    """Use each word and each button of a row, one after the other, with the forms that follow.

    A button is posted somewhere, or belongs to the case or its meeting.
    """
    assert row.rights in BY_RIGHT, f"{row} needs a trial of its own"
    handle, refused = BY_RIGHT[row.rights]
    about = {"case": await court.case_id(), "meeting": await court.meeting_id()}
    for command in joined().commands:
        if rows_of(command.may)[0] is row:
            await court.command(handle, f"/tot {command.names(Language.NB)[0]}", refused=refused)
    for button in joined().buttons:
        if rows_of(button.may)[0] is row:
            await court.press(handle, button.id, value=about.get(button.id.value), refused=refused)


async def open_case(court: Court) -> None:
    """A coordinator of the team; a coordinator of two teams chooses one."""
    await court.person("politi-exit").mutes(10)
    await kit.fill_in_case(court.runner, ("Politiet",), when="i overmorgen kl 10")
    await court.press_in_form("koordinator", case_modals.ASK_OTHER, ANOTHER, STRANGERS, "Politiet")
    team = await court.only(Team)

    def second_team(uow: UnitOfWork) -> None:
        coordinator = uow.person_by_slack(court.coordinator.id)
        assert coordinator is not None
        uow.add(replace(team, id="second", key="zzz", name="TOT NSK"))
        uow.add(Coordinator("second-c", "second", coordinator.id, uow.now))

    await court.bot.database.write(second_team)
    await court.after(court.person("koordinator").opens_home())
    metadata = acute.metadata_of(team.id, None, None)
    for button, value in (
        (case_modals.OPEN_CASE_BUTTON, team.id),
        (acute.ACUTE_MORE, metadata),
        (acute.ACUTE_BUTTON, team.id),
    ):
        await court.press("koordinator", button, value=value, refused=STRANGERS)
    await court.command("koordinator", "/tot sak i overmorgen kl 12", refused=STRANGERS)
    # People without the right are offered to ask, and submit only the forms.
    for words in ("/tot akutt", "/tot kall", "Akutt: kall TOT sammen"):
        await court.asks_for("koordinator", words, refused=STRANGERS)
    assert len(kit.rooms(court.sandbox)) == 8


async def acknowledge_case__keep_coordinators(court: Court) -> None:
    """A coordinator of the team: for themselves, by one tap; and to appoint another."""
    refused = ("koordinator", *STRANGERS)
    await court.press("vara-koordinator", involvement_messages.ACKNOWLEDGE, refused=refused)
    appointed = {"selected_user": court.person("helse").id}
    await court.command("koordinator", "/tot koordinator", refused=STRANGERS, appoint=appointed)


async def _rooms_of_others(court: Court) -> None:
    """Events of other channels with the bot are received, and change nothing here."""
    admin = court.person("utenforstaende")
    workspace = court.sandbox.workspace
    for kind in ("public", "private"):
        name = f"annet-{kind}"
        other = create_room(workspace, name, "public" if kind == "public" else "private", admin.id)
        await admin.invites("tot-bot", name)
        await admin.shares(name, "T0NABO")
        await admin.unshares(name, "T0NABO")
        await admin.archives(name)
        await admin.unarchives(name)
        await admin.renames(name, f"nytt-{kind}")
        await admin.removes("tot-bot", other.name)
        await admin.invites("tot-bot", other.name)
        await admin.deletes_room(other.name)
    await court.runner.until_idle()
    room = await court.only(Room)
    assert (room.name, room.trouble) == (court.room, None)


async def see_room(court: Court) -> None:
    """Somebody brought in who has not confirmed is removed."""
    police, inside = court.person("politi-exit"), {"koordinator", "politi-exit"}
    await court.after(police.invites("helse", court.room))
    assert kit.people_in(court.sandbox, court.room) == inside
    await court.press("politi-exit", involvement_messages.CHOICES, refused=OUTSIDE_ROOM)
    await court.press("politi-exit", MORE_CHOICES, value=await court.case_id(), refused=OUTSIDE_ROOM)
    await court.after(police.writes("01010112345", court.room))
    await court.after(police.is_deactivated())
    await court.after(police.is_reactivated())
    assert kit.people_in(court.sandbox, court.room) == {"koordinator"}
    await _rooms_of_others(court)


async def invite_agency(court: Court) -> None:
    await court.command("koordinator", "/tot inviter bistandsadvokat", refused=OTHERS)
    await court.command("koordinator", "/tot ut", involvement=chosen(await court.part("politi")))
    await court.person("politi-exit").mutes(10)
    await court.person("koordinator").types("/tot inviter politi", court.room)
    await court.runner.sends(court.person("koordinator"))
    await court.press_in_form("koordinator", involvement_modals.INVITE_OTHER, ANOTHER, OTHERS, "Politiet")


async def change_involvement__release_agency(court: Court) -> None:
    value = f"change:{await court.part('politi')}"
    await court.press("koordinator", involvement_messages.INVOLVEMENT, value=value, refused=OTHERS)
    await court.press("politi-exit", not_ours.NOT_OURS)
    await court.press("koordinator", not_ours.ACCEPT_NOT_OURS, refused=OTHERS)
    await court.command("koordinator", "/tot ut", refused=OTHERS)


async def answer_on_behalf(court: Court) -> None:
    """A coordinator who has confirmed, for somebody whom the bot cannot reach."""
    confirmed = {"selected_option": {"value": "acknowledged"}}
    await court.press("koordinator", calls.RECORD_ANSWER, refused=OTHERS, acknowledged=confirmed)
    await court.command("koordinator", "/tot ring", refused=OTHERS)
    await court.press("koordinator", CALLS_OF, value=await court.case_id(), refused=OTHERS)
    value = f"answer:{await court.part('politi')}"
    await court.press("koordinator", involvement_messages.INVOLVEMENT, value=value, refused=OTHERS)
    await times_on_behalf(court)


async def acknowledge_on_behalf(court: Court) -> None:
    """Likewise for a person who takes a seat over, and is asked nothing more."""
    seat = (await court.all(Seat, role=SeatRole.AGENCY, acknowledged_at=None))[0]
    recorded = involvement_messages.RECORD_ACKNOWLEDGEMENT
    await court.press("koordinator", recorded, value=seat.id, refused=OTHERS)


async def ask_again(court: Court) -> None:
    await court.press("politi-exit", not_ours.NOT_OURS)
    await court.press("koordinator", not_ours.ASK_AGAIN, refused=OTHERS)


async def answer_summons(court: Court) -> None:
    """The person asked, once they have confirmed taushetsplikt."""
    for button in (answers_messages.DECLINE, answers_messages.CONFIRM):
        await court.press("politi-exit", button, refused=NOT_OWNERS)
    others = [handle for handle in NOT_OWNERS if handle != "barnevern"]
    await court.press("barnevern", involvement_messages.PASS_ON, refused=others)


async def answer_by_calendar(court: Court) -> None:
    """The person invited, while the invitation is valid."""
    court.runner.answers("politi-exit", "ACCEPTED")
    await court.runner.until_idle()
    await answers_late(court, "politi-exit", court.command("koordinator", "/tot avlys"))


async def answers_late(court: Court, handle: str, called_off: Awaitable[None]) -> None:
    """A reply to an invitation that was cancelled in between is refused."""
    assert court.runner.mail is not None
    (entry,) = court.runner.calendar(handle)
    await called_off
    reply = clients.reply("outlook", entry, "DECLINED", court.sandbox.clock.now())
    court.runner.mail.deliver(entry.organizer, reply)
    await court.runner.until_idle()
    assert "refused" in {event for event, _ in court.logged()}


async def leave(court: Court) -> None:
    for button in (leaving.LEFT_STAYS, leaving.LEFT_OVER):
        await court.after(court.person("politi-exit").leaves(court.room))
        await court.press("politi-exit", button, refused=NOT_OWNERS)


#: The same and a seat holder who does not lead, for rows that only the coordinator has.
NOT_COORDINATING = ("politi-exit", *NOT_THEIRS)
#: People unconnected with the police: a coordinator who has not confirmed, and others.
NOT_THE_POLICE = ("vara-koordinator", "barnevern", "barnevern-leder", "politi-vakt", "utenforstaende")


async def begins(court: Court) -> None:
    """Child welfare confirms too; two days later the meeting begins."""
    await kit.confirm(court.runner, "barnevern")
    await court.runner.until(court.runner.day(2, "10:00") + timedelta(seconds=1))


async def led_by_the_police(court: Court, *refused: str) -> str:
    """The meeting begins, and the police are named to lead it; return its id."""
    await begins(court)
    meeting, police = await court.meeting_id(), {"selected_user": court.person("politi-exit").id}
    await court.press("koordinator", attendance_messages.CHAIR, value=meeting, refused=refused, chair=police)
    return meeting


async def duty_of(court: Court, agency: str) -> str:
    file = await court.file()
    return next(d.id for d in file.duties if file.agency_of(d.involvement_id).key == agency)


# --- when


async def call_meeting__move_meeting__cancel_meeting(court: Court) -> None:
    """A coordinator who has confirmed; one of several meetings is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10", refused=OTHERS)
    await court.command("koordinator", "/tot flytt fredag kl 12", refused=OTHERS)
    await court.command("koordinator", "/tot avlys", refused=OTHERS)
    case_id = await court.case_id()
    await court.press("koordinator", meeting_messages.NEXT_MEETING, value=case_id, refused=OTHERS)
    await _time_called(court)


async def _proposed(court: Court, *refused: str) -> str:
    """In the working phase one form proposes two times; return the poll's id."""
    await court.command("koordinator", "/tot fase", phase=chosen(Phase.WORKING))
    times = {"starts_at": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot møte", refused=refused, **times)
    (poll,) = (await court.file()).polls
    return poll.id


def _at(court: Court, day: int, clock: str) -> dict[str, Any]:
    return {"selected_date_time": int(court.runner.day(day, clock).timestamp())}


async def propose_times__answer_times(court: Court) -> None:
    """A coordinator who has confirmed, for a call and for a move; one also withdraws them.

    The people whom the call would ask answer, once they have confirmed taushetsplikt.
    """
    poll = await _proposed(court, *OTHERS)
    for button in (polls_messages.TIME_SUITS, polls_messages.TIME_NOT, polls_messages.TIME_WITH_DEPUTY):
        await court.press("politi-exit", button, refused=NOT_OWNERS)
    await court.press("politi-exit", polls_messages.NO_TIME, value=poll, refused=NOT_OWNERS)
    await court.press("koordinator", polls_messages.WITHDRAW_TIMES, value=poll, refused=OTHERS)
    times = {"other_time": _at(court, 10, "09:00"), "second_time": _at(court, 11, "10:00")}
    await court.command("koordinator", "/tot flytt", refused=OTHERS, **times)


async def times_on_behalf(court: Court) -> None:
    """A coordinator who has confirmed records them for an agency."""
    poll = await _proposed(court)
    await court.press("koordinator", polls_messages.RECORD_TIMES, value=poll, refused=OTHERS)
    assert len((await court.file()).time_answers) == 1


async def _time_called(court: Court) -> None:
    poll, at = await _proposed(court), _at(court, 10, "09:00")["selected_date_time"]
    await court.press("koordinator", polls_messages.CALL_TIME, value=f"{poll}|{at}", refused=OTHERS)
    assert (await court.file()).polls == ()


# --- who comes instead


async def name_attendee(court: Court) -> None:
    """Only the leader who was asked."""
    await court.runner.until(court.runner.day(1, "11:00"))
    refused = ("koordinator", "barnevern", "politi-leder", "utenforstaende")
    await court.press("barnevern-leder", escalation.NAME_ATTENDEE, refused=refused)


async def name_deputy(court: Court) -> None:
    """The person asked, their leader, and a coordinator; one of two meetings is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10")
    await court.asks_for("politi-exit", "/tot vara", refused=NOT_THE_POLICE)
    await court.press("koordinator", deputies_messages.REFUSE_DEPUTY)
    await court.press("politi-exit", deputies_messages.NAME_DEPUTY, refused=NOT_THE_POLICE)
    await court.asks_for("politi-leder", "/tot vara", refused=NOT_THE_POLICE)


async def approve_deputy(court: Court) -> None:
    refused = ("politi-exit", "politi-vakt", "politi-leder", "vara-koordinator", "utenforstaende")
    for button in (deputies_messages.REFUSE_DEPUTY, deputies_messages.APPROVE_DEPUTY):
        await court.asks_for("politi-exit", "/tot vara")
        await court.press("koordinator", button, refused=refused)


async def hand_over(court: Court) -> None:
    """The seat holder, their leader, and a coordinator; one of several seats is chosen."""
    file, police = await court.file(), court.person("politi-exit").id
    seat = next(s.id for s in file.seats if s.live and file.persons[s.person_id].slack_id == police)
    words = "/tot overlever"
    await court.asks_for("koordinator", words, in_=court.room, refused=NOT_THE_POLICE, seat=chosen(seat))
    for handle in ("politi-leder", "politi-exit"):
        await court.asks_for(handle, words, refused=NOT_THE_POLICE)


# --- how it is held


async def name_chair__lead_meeting__correct_attendance(court: Court) -> None:
    """The coordinator; the person who leads it, also after registration."""
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
    """Only when there is no quorum."""
    await led_by_the_police(court)
    await court.runner.later(minutes=6)
    await court.press("politi-exit", attendance_messages.POSTPONE, refused=NOT_THEIRS)


async def arrive__register_attendance(court: Court) -> None:
    """The chair: who was there at the start, and the whole register when it is over."""
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
    """The lead of the absent agency, and the coordinator for agencies that the bot cannot reach."""
    await begins(court)
    await court.runner.later(hours=2)
    away = chosen(Attendance.ABSENT_WITHOUT_NOTICE)
    stayed = {await duty_of(court, key): away for key in ("barnevern", "udi")}
    await court.command("koordinator", "/tot oppmøte", **stayed)
    refused = ("politi-exit", "barnevern-leder", "vara-koordinator", "utenforstaende")
    for handle in ("barnevern", "koordinator"):
        await court.press(handle, attendance_messages.EXPLAIN_ABSENCE, refused=refused)
