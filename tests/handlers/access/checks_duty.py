"""How the rows about the duty to attend are tried: the meeting as it is held, and who comes to it instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.access import Action
from bot.domain.case.entities import Attendance
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency
from bot.usecases.report import OWN, SHARED
from handlers import escalation
from handlers.answers.messages import ARRIVE
from handlers.attendance import messages as attendance_messages
from handlers.deputies import messages as deputies_messages
from handlers.directory import messages as directory_messages
from handlers.directory.modals import ADD, LINE, NEW
from handlers.report.yearly import YEARLY
from sandbox.model import Json
from tests.e2e import kit
from tests.handlers.access.check import Trial
from tests.handlers.access.workspace import Court

#: A seat holder who has confirmed and does not lead, one who is asked, one who has not confirmed, a stranger.
NOT_LEADING = ("barnevern", "sosialtjenesten", "vara-koordinator", "utenforstaende")
#: The same where it is the coordinator's alone.
NOT_COORDINATING = ("politi-exit", *NOT_LEADING)
#: Whoever does not have to do with the police: a coordinator who has not confirmed, and others.
NOT_THE_POLICE = ("vara-koordinator", "barnevern", "barnevern-leder", "politi-vakt", "utenforstaende")
NOT_THE_TEAM = ("politi-leder", "politi-exit", "sosialtjenesten", "utenforstaende")


def choice(value: str) -> Json:
    return {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value}}


async def begins(court: Court) -> None:
    """Child welfare confirms too; two days later the meeting begins."""
    await kit.confirm(court.runner, "barnevern")
    await court.runner.until(court.runner.day(2, "10:00") + timedelta(seconds=1))


async def led_by_the_police(court: Court) -> None:
    """The meeting begins, and the police are named to lead it."""
    await begins(court)
    chair = {"selected_user": court.person("politi-exit").id}
    meeting_id = await court.meeting_id()
    await court.press("koordinator", attendance_messages.CHAIR, value=meeting_id, chair=chair)


async def case_file(court: Court) -> CaseFile:
    case_id = await court.case_id()
    file = await court.bot.database.read(lambda uow: uow.case_file(case_id))
    assert file is not None
    return file


async def duty_of(court: Court, agency: str) -> str:
    file = await case_file(court)
    return next(d.id for d in file.duties if file.agency_of(d.involvement_id).key == agency)


async def seat_of(court: Court, handle: str) -> str:
    file = await case_file(court)
    slack_id = court.person(handle).id
    return next(s.id for s in file.seats if s.live and file.persons[s.person_id].slack_id == slack_id)


async def agency_id(court: Court, key: str) -> str:
    (agency,) = await court.bot.database.read(lambda uow: uow.find(Agency, key=key))
    return agency.id


async def team_of(court: Court, key: str) -> str:
    (agency,) = await court.bot.database.read(lambda uow: uow.find(Agency, key=key))
    return agency.team_id


async def arrive(court: Court) -> None:
    await begins(court)
    refused = ("sosialtjenesten", "vara-koordinator", "utenforstaende")
    for handle in ("politi-exit", "koordinator"):
        await court.press(handle, ARRIVE, refused=refused, opens=False)
    await court.person("koordinator").sees("Politiet (@politi-exit), kl. 10:00", in_=court.room)


async def lead_meeting(court: Court) -> None:
    await led_by_the_police(court)
    meeting_id = await court.meeting_id()
    arrivals = attendance_messages.RECORD_ARRIVALS
    await court.press("politi-exit", arrivals, value=meeting_id, refused=NOT_LEADING)
    await court.runner.later(minutes=6)
    await court.press("politi-exit", attendance_messages.GO_ON, refused=NOT_LEADING)
    await court.person("koordinator").sees("Møtet gikk videre kl. 10:06 før nok", in_=court.room)
    await court.press("politi-exit", ARRIVE, opens=False)
    await court.person("politi-exit").presses("Valg", in_=court.room)
    await court.person("politi-exit").sees_modal("Valg i saken")
    await court.person("politi-exit").presses("Flere valg")
    await court.person("politi-exit").sees("Politiet var her i tide")
    on_time = attendance_messages.ON_TIME
    await court.press_in_form("politi-exit", on_time, "Politiet var her i tide", NOT_LEADING)


async def name_chair(court: Court) -> None:
    await begins(court)
    chair = {"selected_user": court.person("politi-exit").id}
    names, meeting_id = attendance_messages.CHAIR, await court.meeting_id()
    await court.press("koordinator", names, value=meeting_id, refused=NOT_COORDINATING, chair=chair)
    await court.person("koordinator").sees("*Møteleder:* @politi-exit", in_=court.room)


async def postpone_meeting(court: Court) -> None:
    """Only when too few have come."""
    await led_by_the_police(court)
    await court.runner.later(minutes=6)
    await court.press("politi-exit", attendance_messages.POSTPONE, refused=NOT_LEADING)
    meeting = (await case_file(court)).meeting(await court.meeting_id())
    assert meeting.starts_at > court.sandbox.clock.now()


async def correct_attendance(court: Court) -> None:
    """By the one who led it, also after it has been registered."""
    await led_by_the_police(court)
    await court.runner.later(hours=2)
    await court.command("politi-exit", "/tot oppmøte", refused=NOT_LEADING)
    correct, meeting_id = attendance_messages.CORRECT, await court.meeting_id()
    await court.press("politi-exit", correct, value=meeting_id, refused=NOT_LEADING, fill=("treated",))
    await court.command("koordinator", "/tot oppmøte", refused=NOT_LEADING, fill=("treated",))


async def explain_absence(court: Court) -> None:
    """The lead of the agency that stayed away, and the coordinator for those whom the bot does not reach."""
    await begins(court)
    await court.runner.later(hours=2)
    away = choice(Attendance.ABSENT_WITHOUT_NOTICE)
    stayed: dict[str, Any] = {await duty_of(court, key): away for key in ("barnevern", "udi")}
    await court.command("koordinator", "/tot oppmøte", **stayed)
    refused = ("politi-exit", "barnevern-leder", "vara-koordinator", "utenforstaende")
    for handle in ("barnevern", "koordinator"):
        await court.press(handle, attendance_messages.EXPLAIN_ABSENCE, refused=refused)


async def name_attendee(court: Court) -> None:
    """The leader who was asked, and no other."""
    await court.runner.until(court.runner.day(1, "11:00"))
    refused = ("koordinator", "barnevern", "politi-leder", "utenforstaende")
    await court.press("barnevern-leder", escalation.NAME_ATTENDEE, refused=refused)
    await court.person("barnevern-leder").sees("Den du nevnte for Barneverntjenesten", in_="tot-bot")


async def name_deputy(court: Court) -> None:
    """The one who is asked, their leader, and a coordinator; of two meetings one is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10", fill=("place",))
    await court.asks_for("politi-exit", "/tot vara", refused=NOT_THE_POLICE)
    await court.press("koordinator", deputies_messages.REFUSE_DEPUTY, refusal={"value": "Velg en annen."})
    await court.press("politi-exit", deputies_messages.NAME_DEPUTY, refused=NOT_THE_POLICE)
    await court.asks_for("politi-leder", "/tot vara", refused=NOT_THE_POLICE)


async def approve_deputy(court: Court) -> None:
    """A coordinator who has confirmed; the deputy is told nothing before."""
    refused = ("politi-exit", "politi-vakt", "politi-leder", "vara-koordinator", "utenforstaende")
    await court.asks_for("politi-exit", "/tot vara")
    why = {"value": "Velg en annen."}
    await court.press("koordinator", deputies_messages.REFUSE_DEPUTY, refused=refused, refusal=why)
    await court.asks_for("politi-exit", "/tot vara")
    await court.press("koordinator", deputies_messages.APPROVE_DEPUTY, refused=refused, opens=False)
    await court.person("politi-vakt").sees("spør om du kan være vara for Politiet", in_="tot-bot")


async def hand_over(court: Court) -> None:
    """The one who has the seat, their leader, and a coordinator; of several seats one is chosen."""
    seat = choice(await seat_of(court, "politi-exit"))
    await court.asks_for("koordinator", "/tot overlever", in_=court.room, refused=NOT_THE_POLICE, seat=seat)
    await court.asks_for("politi-leder", "/tot overlever", refused=NOT_THE_POLICE)
    await court.asks_for("politi-exit", "/tot overlever", refused=NOT_THE_POLICE)
    await court.person("politi-vakt").sees("ta over plassen", in_="tot-bot")


async def keep_agency(court: Court) -> None:
    """Its leader, and a coordinator of the team."""
    refused = ("barnevern-leder", "politi-exit", "utenforstaende")
    police = choice(await agency_id(court, "politi"))
    line: dict[str, Any] = {"agency": police, "what": choice(LINE), "duty_line": {"value": "55112233"}}
    await court.asks_for("politi-leder", "/tot etat", refused=refused, **line)
    await court.command("koordinator", "/tot etat udi", refused=("utenforstaende",), what=choice(LINE))
    new: dict[str, Any] = {
        "what": choice(NEW),
        "person": {"selected_user": court.person("utenforstaende").id},
    }
    await court.asks_for("koordinator", "/tot etat politiet", refused=refused, **new)


async def add_agency(court: Court) -> None:
    """A coordinator of the team; who leads an agency adds none."""
    refused = ("politi-leder", "politi-exit", "utenforstaende")
    new: dict[str, Any] = {
        "agency": choice(f"{ADD}{await team_of(court, 'politi')}"),
        "name": {"value": "Spesialisthelsetjenesten"},
        "what": choice(LINE),
    }
    await court.asks_for("koordinator", "/tot etat", refused=refused, **new)


async def approve_contact(court: Court) -> None:
    police = choice(await agency_id(court, "politi"))
    for action_id, mail in (
        (directory_messages.REFUSE_CONTACT, "en@politi.example"),
        (directory_messages.APPROVE_CONTACT, "to@politi.example"),
    ):
        new: dict[str, Any] = {"agency": police, "what": choice(NEW), "work_mail": {"value": mail}}
        await court.asks_for("politi-leder", "/tot etat", **new)
        await court.press("koordinator", action_id, refused=NOT_THE_TEAM, opens=False)
    await court.person("politi-leder").sees("ny kontaktperson godkjent", in_="tot-bot")


async def set_absence(court: Court) -> None:
    """A contact, their own; deputies for the meetings in it are named as everywhere."""
    refused = ("koordinator", "politi-leder", *NOT_THE_POLICE)
    await court.asks_for("politi-exit", "/tot etat", refused=refused)
    away: dict[str, Any] = {"away_until": {"selected_date": "2026-12-04"}}
    await court.asks_for("politi-exit", "/tot etat", refused=NOT_THE_POLICE, **away)
    await court.person("koordinator").sees("vil sende en vara", in_="tot-bot")


async def see_report(court: Court) -> None:
    await court.command("koordinator", "/tot rapport", refused=NOT_THE_TEAM)
    await court.person("koordinator").sees("Møteplikt i TOT Bergen", in_="tot-bot")
    await court.press("koordinator", YEARLY, value="-", refused=NOT_THE_TEAM, use=choice(OWN))
    await court.person("koordinator").sees("Alle tall er med, også de små. Del dem ikke", in_="tot-bot")


async def share_report(court: Court) -> None:
    to_pass_on: dict[str, Any] = {"for": choice(SHARED)}
    await court.command("koordinator", "/tot rapport", refused=NOT_THE_TEAM, **to_pass_on)
    await court.person("koordinator").sees("Møteplikt i TOT Bergen", in_="tot-bot")
    await court.press("koordinator", YEARLY, value="-", refused=NOT_THE_TEAM, use=choice(SHARED))
    await court.person("koordinator").sees("Årsmelding for TOT Bergen 2025", in_="tot-bot")


DUTY: Mapping[Action, Trial] = {
    Action.ARRIVE: Trial(arrive, "arrive"),
    Action.LEAD_MEETING: Trial(lead_meeting, "record_arrivals form arrivals on_time go_on form go_on"),
    Action.NAME_CHAIR: Trial(name_chair, "chair form chair"),
    Action.POSTPONE_MEETING: Trial(postpone_meeting, "postpone form move form move_review"),
    Action.CORRECT_ATTENDANCE: Trial(correct_attendance, "/attendance form attendance correct form correct"),
    Action.EXPLAIN_ABSENCE: Trial(explain_absence, "explain_absence form explain_absence"),
    Action.NAME_ATTENDEE: Trial(name_attendee, "name_attendee form name_attendee"),
    Action.NAME_DEPUTY: Trial(name_deputy, "/deputy form choose_ask name_deputy form name_deputy"),
    Action.APPROVE_DEPUTY: Trial(approve_deputy, "approve_deputy refuse_deputy form refuse_deputy"),
    Action.HAND_OVER: Trial(hand_over, "/hand-over form choose_seat form hand_over"),
    Action.KEEP_AGENCY: Trial(
        keep_agency, "/agency form choose_agency form agency form duty_line form contact"
    ),
    Action.ADD_AGENCY: Trial(add_agency, "form choose_agency form new_agency"),
    Action.APPROVE_CONTACT: Trial(approve_contact, "approve_contact refuse_contact"),
    Action.SET_ABSENCE: Trial(set_absence, "/agency form absence form absence_deputies"),
    Action.SEE_REPORT: Trial(see_report, "/report form report yearly form yearly"),
    Action.SHARE_REPORT: Trial(share_report, "/report form report yearly form yearly"),
}
