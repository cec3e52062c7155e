"""How each row of the access table is tried from Slack's side. A new row needs an entry here.

An entry says what the one who may does, and who does the same before and is refused (`OTHERS` are those whom
a coordinator's actions are refused to, `NOT_OWNERS` those who have to do with the case but not with this
question). `doors` are the command words (`/word`), action_ids, forms (`form ID`) and events that it uses:
every one that the bot has must be named in some entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.case.entities import Room, Seat, SeatRole
from bot.domain.directory.entities import Coordinator, Team
from bot.usecases.ports import UnitOfWork
from handlers import profile
from handlers.answers import calls
from handlers.answers import messages as answers_messages
from handlers.answers.modals import CALLS_OF
from handlers.attendance import messages as attendance_messages
from handlers.case import acute
from handlers.case import modals as case_modals
from handlers.involvement import leaving, not_ours
from handlers.involvement import messages as involvement_messages
from handlers.involvement import modals as involvement_modals
from handlers.meeting import messages as meeting_messages
from handlers.overview import home as overview_home
from handlers.overview.choices import MORE_CHOICES
from handlers.room.subject import ROOM
from handlers.slack.events import RoomEvent
from handlers.slack.resume import RESUME
from sandbox.channels import create_room
from sandbox.mail import clients
from tests.e2e import kit
from tests.handlers.access.check import NOT_OWNERS, OTHERS, STRANGERS, Trial
from tests.handlers.access.checks_duty import DUTY, case_file, choice
from tests.handlers.access.checks_lifecycle import LIFE, OUTSIDE_ROOM, part
from tests.handlers.access.checks_outside import OUTSIDE
from tests.handlers.access.checks_polls import POLLS, time_called, times_on_behalf
from tests.handlers.access.checks_record import RECORD
from tests.handlers.access.workspace import Court, elements_of

ANOTHER = "Spør en annen"


async def see_help(court: Court) -> None:
    await court.command("politi-exit", "/tot hjelp")
    assert "112" in court.shown
    await court.press("utenforstaende", overview_home.HELP, value="help")


async def see_home(court: Court) -> None:
    """Anyone, and nobody somebody else's."""
    for handle in ("politi-exit", "utenforstaende"):
        await court.person(handle).opens_home()
        await court.runner.until_idle()
    code = court.room.removeprefix("rom-")
    assert code in court.person("politi-exit").home
    assert code not in court.person("utenforstaende").home


async def set_language(court: Court) -> None:
    await court.command("politi-exit", "/tot språk")
    await court.person("politi-exit").opens_home()
    await court.runner.until_idle()
    await court.press("politi-exit", profile.LANGUAGE, starting="en", opens=False)
    assert "Language" in court.person("politi-exit").home


async def see_own_asks(court: Court) -> None:
    """Anyone, their own: what waits is shown to the one for whom it waits."""
    await court.person("sosialtjenesten").writes("hei")
    await court.person("utenforstaende").writes("hei")
    await court.runner.until_idle()
    await court.person("sosialtjenesten").sees("Dette venter på deg", in_="tot-bot")
    await court.person("utenforstaende").sees("Ingenting venter på deg nå", in_="tot-bot")
    koordinator = court.person("koordinator")
    await koordinator.types("/tot møte i overmorgen kl 12", court.room)
    await court.runner.sends(koordinator)
    await koordinator.closes(whole_stack=True)
    await koordinator.opens_home()
    await court.runner.until_idle()
    shown = elements_of(koordinator._visibility.home_view())
    value = next(element["value"] for element in shown if element.get("action_id") == RESUME)
    for other in ("vara-koordinator", *STRANGERS):
        told = await court.presses(court.person(other), RESUME, value)
        assert told.startswith("Dette har du ikke tilgang til"), told
    await court.press("koordinator", RESUME, value=value)


async def see_own_log(court: Court) -> None:
    """Anyone, their own: what they did, and nobody else."""
    await court.command("politi-exit", "/tot innsyn")
    assert ": taushetsplikt bekreftet" in court.shown
    assert "sak opprettet" not in court.shown
    mine = court.shown
    await court.command("koordinator", "/tot innsyn")
    assert "sak opprettet" in court.shown
    assert court.room.removeprefix("rom-") not in mine + court.shown
    shown = await court.person("utenforstaende").types("/tot innsyn")
    assert shown is not None
    head, empty, foot = shown.text.splitlines()
    assert (empty, mine.startswith(head), mine.endswith(foot)) == ("", True, True)


async def open_case(court: Court) -> None:
    """A coordinator of the team; who coordinates two teams chooses one."""
    await court.person("politi-exit").mutes(10)
    await kit.fill_in_case(court.runner, ("Politiet",), when="i overmorgen kl 10")
    await court.press_in_form("koordinator", case_modals.ASK_OTHER, ANOTHER, STRANGERS, "Politiet")

    def second_team(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        coordinator = uow.person_by_slack(court.coordinator.id)
        assert coordinator is not None
        uow.add(replace(team, id="second", key="zzz", name="TOT NSK"))
        uow.add(Coordinator("second-c", "second", coordinator.id, uow.now))

    await court.bot.database.write(second_team)
    team = next(t for t in await court.bot.database.read(lambda uow: uow.find(Team)) if t.id != "second")
    await court.person("koordinator").opens_home()
    await court.runner.until_idle()
    fill = ("place", "agencies")
    await court.press(
        "koordinator", case_modals.OPEN_CASE_BUTTON, value=team.id, refused=STRANGERS, fill=fill
    )
    await court.command("koordinator", "/tot sak i overmorgen kl 12", refused=STRANGERS, fill=fill)
    assert len(kit.rooms(court.sandbox)) == 3
    await _acutely(court, team.id)
    assert len(kit.rooms(court.sandbox)) == 8


async def _acutely(court: Court, team_id: str) -> None:
    """By the button, the words and the shortcut; whom none of them is for sends the forms alone."""
    fill = ("agencies",)
    metadata = acute.metadata_of(team_id, None, None)
    await court.press("koordinator", acute.ACUTE_MORE, value=metadata, refused=STRANGERS, fill=fill)
    await court.press("koordinator", acute.ACUTE_BUTTON, value=team_id, refused=STRANGERS, fill=fill)
    for word in ("akutt", "kall"):
        await court.asks_for("koordinator", f"/tot {word}", refused=STRANGERS, fill=fill)
    await court.uses("koordinator", "Akutt: kall TOT sammen", refused=STRANGERS, fill=fill)


async def keep_coordinators(court: Court) -> None:
    appointed = {"selected_user": court.person("helse").id}
    await court.command("koordinator", "/tot koordinator", refused=STRANGERS, appoint=appointed)
    await court.person("helse").sees("Du er koordinator for TOT Bergen", in_="tot-bot")


async def acknowledge_case(court: Court) -> None:
    """A coordinator of the team, for themselves: by one tap."""
    refused = ("koordinator", *STRANGERS)
    await court.press("vara-koordinator", involvement_messages.ACKNOWLEDGE, refused=refused, opens=False)
    assert "vara-koordinator" in kit.people_in(court.sandbox, court.room)


#: What Slack tells of a room as a whole.
OF_ROOMS = " ".join(f"event {event.kind}" for event in ROOM.events if event.model is RoomEvent)


async def _rooms_of_others(court: Court) -> None:
    """All that people do to other channels that the bot is in changes nothing here, and is heard."""
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
    (room,) = await court.bot.database.read(lambda uow: uow.find(Room))
    assert (room.name, room.trouble) == (court.room, None)


async def see_room(court: Court) -> None:
    """One who is brought in without having confirmed is removed, and who leaves is asked why."""
    inside = kit.people_in(court.sandbox, court.room)
    assert inside == {"koordinator", "politi-exit"}
    await court.person("politi-exit").invites("helse", court.room)
    await court.runner.until_idle()
    assert kit.people_in(court.sandbox, court.room) == inside
    await court.person("koordinator").sees("Noen uten tilgang kom inn i saksrommet", in_="tot-bot")
    await court.press("politi-exit", involvement_messages.CHOICES, refused=OUTSIDE_ROOM)
    case_id = await court.case_id()
    await court.press("politi-exit", MORE_CHOICES, value=case_id, refused=OUTSIDE_ROOM)
    await court.person("politi-exit").writes("01010112345", court.room)
    await court.runner.until_idle()
    await court.person("politi-exit").is_deactivated()
    await court.runner.until_idle()
    await court.person("politi-exit").is_reactivated()
    await court.runner.until_idle()
    assert kit.people_in(court.sandbox, court.room) == {"koordinator"}
    await _rooms_of_others(court)
    # Nobody's right: Slack tells the app alone, and only people's tokens are meant here.
    for event in ({"type": "tokens_revoked", "tokens": {"oauth": ["U0"]}}, {"type": "app_uninstalled"}):
        court.sandbox.tells(event)
        await court.sandbox.acked()


async def invite_agency(court: Court) -> None:
    await court.command("koordinator", "/tot inviter bistandsadvokat", refused=OTHERS)
    file = await case_file(court)
    police = next(i.id for i in file.involvements if file.agency_of(i.id).key == "politi")
    await court.command("koordinator", "/tot ut", involvement=choice(police))
    await court.person("politi-exit").mutes(10)
    await court.person("koordinator").types("/tot inviter politi", court.room)
    await court.runner.sends(court.person("koordinator"))
    await court.press_in_form("koordinator", involvement_modals.INVITE_OTHER, ANOTHER, OTHERS, "Politiet")


async def change_involvement(court: Court) -> None:
    value = f"change:{await part(court, 'politi')}"
    await court.press("koordinator", involvement_messages.INVOLVEMENT, value=value, refused=OTHERS)


async def release_agency(court: Court) -> None:
    await court.press("politi-exit", not_ours.NOT_OURS)
    await court.press("koordinator", not_ours.ACCEPT_NOT_OURS, refused=OTHERS, opens=False)
    await court.command("koordinator", "/tot ut", refused=OTHERS)


async def call_meeting(court: Court) -> None:
    await court.command("koordinator", "/tot møte fredag kl 10", refused=OTHERS, fill=("place",))
    case_id = await court.case_id()
    await court.press(
        "koordinator", meeting_messages.NEXT_MEETING, value=case_id, refused=OTHERS, fill=("place",)
    )
    await time_called(court)


async def move_meeting(court: Court) -> None:
    """A coordinator who has confirmed; of two meetings one is chosen."""
    await court.command("koordinator", "/tot møte fredag kl 10", fill=("place",))
    await court.command("koordinator", "/tot flytt fredag kl 12", refused=OTHERS)


async def cancel_meeting(court: Court) -> None:
    await court.command("koordinator", "/tot avlys", refused=OTHERS)


async def register_attendance(court: Court) -> None:
    await court.runner.until(court.runner.day(2, "10:00") + timedelta(hours=2))
    meeting_id = await court.meeting_id()
    for other in OTHERS:
        told = await court.presses(court.person(other), attendance_messages.ATTENDANCE, meeting_id)
        assert told.startswith("Dette"), other
    await court.command("koordinator", "/tot oppmøte", refused=OTHERS)


async def answer_on_behalf(court: Court) -> None:
    """A coordinator who has confirmed, for somebody whom the bot does not reach."""
    ticked = {"selected_options": [{"value": "acknowledged"}]}
    await court.press("koordinator", calls.RECORD_ANSWER, refused=OTHERS, acknowledged=ticked)
    await court.command("koordinator", "/tot ring", refused=OTHERS)
    await court.press("koordinator", CALLS_OF, value=await court.case_id(), refused=OTHERS)
    value = f"answer:{await part(court, 'politi')}"
    await court.press("koordinator", involvement_messages.INVOLVEMENT, value=value, refused=OTHERS)
    await times_on_behalf(court)


async def acknowledge_on_behalf(court: Court) -> None:
    """The same for whoever is to take a seat over, and is asked nothing else."""

    def unconfirmed(uow: UnitOfWork) -> Seat:
        return uow.find(Seat, role=SeatRole.AGENCY, acknowledged_at=None)[0]

    seat = await court.bot.database.read(unconfirmed)
    await court.press(
        "koordinator", involvement_messages.RECORD_ACKNOWLEDGEMENT, value=seat.id, refused=OTHERS
    )


async def close_case(court: Court) -> None:
    await court.command("koordinator", "/tot lukk", refused=OTHERS)


async def acknowledge_seat(court: Court) -> None:
    await court.press("sosialtjenesten", involvement_messages.ACKNOWLEDGE, refused=NOT_OWNERS, opens=False)
    assert "sosialtjenesten" in kit.people_in(court.sandbox, court.room)


async def pass_on(court: Court) -> None:
    await court.press("politi-exit", involvement_messages.PASS_ON, refused=NOT_OWNERS, fill=("colleague",))
    await court.person("politi-vakt").sees("taushetsplikt", in_="tot-bot")


async def say_not_ours(court: Court) -> None:
    """The one who is asked, before taushetsplikt too; what it tells the coordinator is not theirs."""
    await court.press("politi-exit", not_ours.NOT_OURS, refused=NOT_OWNERS)
    await court.person("koordinator").sees("*Politiet: ikke vår sak*", in_="tot-bot")
    await court.person("koordinator").sees("*Politiet:* deltar ikke", in_=court.room)
    await court.press("politi-exit", not_ours.TAKE_BACK_NOT_OURS, refused=NOT_OWNERS, opens=False)
    await court.person("politi-exit").sees("trenger Politiet", in_="tot-bot")


async def ask_again(court: Court) -> None:
    await court.press("politi-exit", not_ours.NOT_OURS)
    await court.press("koordinator", not_ours.ASK_AGAIN, refused=OTHERS, opens=False)
    await court.person("politi-exit").sees("Kommer du på møtet", in_="tot-bot")


async def answer_summons(court: Court) -> None:
    """The one who is asked, once they have confirmed taushetsplikt."""
    await court.press("politi-exit", answers_messages.DECLINE, refused=NOT_OWNERS)
    await court.press("politi-exit", answers_messages.CONFIRM, refused=NOT_OWNERS, opens=False)
    others = [handle for handle in NOT_OWNERS if handle != "barnevern"]
    await court.press("barnevern", involvement_messages.PASS_ON, refused=others)


async def answer_by_calendar(court: Court) -> None:
    """The one who was invited, while the invitation stands."""
    court.runner.answers("politi-exit", "ACCEPTED")
    await court.runner.until_idle()
    await court.person("politi-exit").sees("Du kommer på møtet", in_="tot-bot")
    mail_servers = court.runner.mail
    assert mail_servers is not None
    (entry,) = court.runner.calendar("politi-exit")
    await kit.submit_form(court.runner, "koordinator", "/tot avlys", court.room)
    mail_servers.deliver(
        entry.organizer, clients.reply("outlook", entry, "DECLINED", court.sandbox.clock.now())
    )
    await court.runner.until_idle()
    assert "refused" in {event for event, _ in court.logged()}


async def leave(court: Court) -> None:
    for action_id in (leaving.LEFT_STAYS, leaving.LEFT_OVER):
        await court.person("politi-exit").leaves(court.room)
        await court.runner.until_idle()
        await court.press("politi-exit", action_id, refused=NOT_OWNERS, opens=False)


TRIALS: Mapping[Action, Trial] = {
    Action.SEE_HELP: Trial(see_help, "/help help"),
    Action.SEE_HOME: Trial(see_home, "event app_home_opened"),
    Action.SET_LANGUAGE: Trial(set_language, "/language language form language"),
    Action.SEE_OWN_ASKS: Trial(see_own_asks, "event message resume"),
    Action.SEE_OWN_LOG: Trial(see_own_log, "/access"),
    Action.OPEN_CASE: Trial(
        open_case,
        "/case /acute /gather open_case acute acute_more ask_other shortcut convene_now "
        "form choose_team form open_case form acute form ask_other form open_case_review",
    ),
    Action.KEEP_COORDINATORS: Trial(keep_coordinators, "/coordinator form appoint"),
    Action.ACKNOWLEDGE_CASE: Trial(acknowledge_case, "acknowledge"),
    Action.SEE_ROOM: Trial(
        see_room,
        "choices more_choices event member_joined_channel event member_left_channel event message "
        f"event user_change event app_uninstalled event tokens_revoked {OF_ROOMS}",
    ),
    Action.INVITE_AGENCY: Trial(
        invite_agency, "/invite invite_other form invite form invite_other form invite_review"
    ),
    Action.CHANGE_INVOLVEMENT: Trial(change_involvement, "involvement form involvement"),
    Action.RELEASE_AGENCY: Trial(release_agency, "/release accept_not_ours form release form release_review"),
    Action.ASK_AGAIN: Trial(ask_again, "ask_again"),
    Action.CALL_MEETING: Trial(
        call_meeting, "/meeting next_meeting form meeting form meeting_review call_time"
    ),
    Action.MOVE_MEETING: Trial(move_meeting, "/move form choose_meeting form move form move_review"),
    Action.CANCEL_MEETING: Trial(cancel_meeting, "/cancel form cancel"),
    Action.REGISTER_ATTENDANCE: Trial(register_attendance, "/attendance attendance form attendance"),
    Action.ANSWER_ON_BEHALF: Trial(
        answer_on_behalf,
        "/calls calls record_answer involvement form record_answer record_times form record_times",
    ),
    Action.ACKNOWLEDGE_ON_BEHALF: Trial(
        acknowledge_on_behalf, "record_acknowledgement form record_acknowledgement"
    ),
    Action.CLOSE_CASE: Trial(close_case, "/close form close"),
    Action.ACKNOWLEDGE_SEAT: Trial(acknowledge_seat, "acknowledge"),
    Action.PASS_ON: Trial(pass_on, "send_on form send_on", confirmed=False),
    Action.SAY_NOT_OURS: Trial(say_not_ours, "not_ours form not_ours take_back_not_ours", confirmed=False),
    Action.ANSWER_SUMMONS: Trial(answer_summons, "confirm decline form decline form send_on"),
    Action.ANSWER_BY_CALENDAR: Trial(answer_by_calendar, "", mail=True),
    **DUTY,
    **OUTSIDE,
    **LIFE,
    **POLLS,
    **RECORD,
    Action.LEAVE: Trial(leave, "left_stays left_over event member_left_channel"),
}


def entry_points_of(trial: Trial) -> set[str]:
    """The doors named, each as `Court.used` names it."""
    words = trial.entry_points.split()
    found = set()
    while words:
        word = words.pop(0)
        found.add(f"{word} {words.pop(0)}" if word in ("form", "event", "shortcut") else word)
    return found
