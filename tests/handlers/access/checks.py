"""How the rows about opening a case, and whoever is asked in it, are tried from Slack's side.

In each of these modules a function with the name of a row, or of several parted by `__`, is their trial: the
one who may does it, and those who are `refused` have done the same before. A new row, or a new way in to one,
needs an entry here. What comes of it when it is allowed is told by stories; so is all of what anybody may do.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from bot.domain.case.entities import Room, Seat, SeatRole
from bot.domain.directory.entities import Coordinator, Team
from bot.usecases.ports import UnitOfWork
from handlers.answers import calls
from handlers.answers import messages as answers_messages
from handlers.answers.modals import CALLS_OF
from handlers.case import acute
from handlers.case import modals as case_modals
from handlers.involvement import leaving, not_ours
from handlers.involvement import messages as involvement_messages
from handlers.involvement import modals as involvement_modals
from handlers.overview.choices import MORE_CHOICES
from sandbox.channels import create_room
from sandbox.mail import clients
from tests.e2e import kit
from tests.handlers.access.checks_meeting import times_on_behalf
from tests.handlers.access.workspace import NOT_OWNERS, OTHERS, OUTSIDE_ROOM, STRANGERS, Court, chosen

ANOTHER = "Spør en annen"


async def open_case(court: Court) -> None:
    """A coordinator of the team; who coordinates two teams chooses one."""
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
    await court.person("koordinator").opens_home()
    await court.runner.until_idle()
    metadata = acute.metadata_of(team.id, None, None)
    for button, value in (
        (case_modals.OPEN_CASE_BUTTON, team.id),
        (acute.ACUTE_MORE, metadata),
        (acute.ACUTE_BUTTON, team.id),
    ):
        await court.press("koordinator", button, value=value, refused=STRANGERS)
    await court.command("koordinator", "/tot sak i overmorgen kl 12", refused=STRANGERS)
    # Whom these are not for is offered to ask, and sends the forms alone.
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
    room = await court.only(Room)
    assert (room.name, room.trouble) == (court.room, None)


async def see_room(court: Court) -> None:
    """One who is brought in without having confirmed is removed."""
    police, inside = court.person("politi-exit"), {"koordinator", "politi-exit"}
    await police.invites("helse", court.room)
    await court.runner.until_idle()
    assert kit.people_in(court.sandbox, court.room) == inside
    await court.press("politi-exit", involvement_messages.CHOICES, refused=OUTSIDE_ROOM)
    await court.press("politi-exit", MORE_CHOICES, value=await court.case_id(), refused=OUTSIDE_ROOM)
    await police.writes("01010112345", court.room)
    await court.runner.until_idle()
    await police.is_deactivated()
    await court.runner.until_idle()
    await police.is_reactivated()
    await court.runner.until_idle()
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
    """A coordinator who has confirmed, for somebody whom the bot does not reach."""
    confirmed = {"selected_option": {"value": "acknowledged"}}
    await court.press("koordinator", calls.RECORD_ANSWER, refused=OTHERS, acknowledged=confirmed)
    await court.command("koordinator", "/tot ring", refused=OTHERS)
    await court.press("koordinator", CALLS_OF, value=await court.case_id(), refused=OTHERS)
    value = f"answer:{await court.part('politi')}"
    await court.press("koordinator", involvement_messages.INVOLVEMENT, value=value, refused=OTHERS)
    await times_on_behalf(court)


async def acknowledge_on_behalf(court: Court) -> None:
    """The same for whoever is to take a seat over, and is asked nothing else."""
    seat = (await court.all(Seat, role=SeatRole.AGENCY, acknowledged_at=None))[0]
    recorded = involvement_messages.RECORD_ACKNOWLEDGEMENT
    await court.press("koordinator", recorded, value=seat.id, refused=OTHERS)


async def acknowledge_seat(court: Court) -> None:
    await court.press("sosialtjenesten", involvement_messages.ACKNOWLEDGE, refused=NOT_OWNERS)


async def pass_on(court: Court) -> None:
    await court.press("politi-exit", involvement_messages.PASS_ON, refused=NOT_OWNERS)


async def say_not_ours(court: Court) -> None:
    """The one who is asked, before taushetsplikt too; what it tells the coordinator is not theirs."""
    for button in (not_ours.NOT_OURS, not_ours.TAKE_BACK_NOT_OURS):
        await court.press("politi-exit", button, refused=NOT_OWNERS)


async def ask_again(court: Court) -> None:
    await court.press("politi-exit", not_ours.NOT_OURS)
    await court.press("koordinator", not_ours.ASK_AGAIN, refused=OTHERS)


async def answer_summons(court: Court) -> None:
    """The one who is asked, once they have confirmed taushetsplikt."""
    for button in (answers_messages.DECLINE, answers_messages.CONFIRM):
        await court.press("politi-exit", button, refused=NOT_OWNERS)
    others = [handle for handle in NOT_OWNERS if handle != "barnevern"]
    await court.press("barnevern", involvement_messages.PASS_ON, refused=others)


async def answer_by_calendar(court: Court) -> None:
    """The one who was invited, while the invitation stands."""
    court.runner.answers("politi-exit", "ACCEPTED")
    await court.runner.until_idle()
    await answers_late(court, "politi-exit", court.command("koordinator", "/tot avlys"))


async def answers_late(court: Court, handle: str, called_off: Awaitable[None]) -> None:
    """A reply to what is called off before it comes, which is refused."""
    assert court.runner.mail is not None
    (entry,) = court.runner.calendar(handle)
    await called_off
    reply = clients.reply("outlook", entry, "DECLINED", court.sandbox.clock.now())
    court.runner.mail.deliver(entry.organizer, reply)
    await court.runner.until_idle()
    assert "refused" in {event for event, _ in court.logged()}


async def leave(court: Court) -> None:
    for button in (leaving.LEFT_STAYS, leaving.LEFT_OVER):
        await court.person("politi-exit").leaves(court.room)
        await court.runner.until_idle()
        await court.press("politi-exit", button, refused=NOT_OWNERS)
