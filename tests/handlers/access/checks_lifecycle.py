"""How the rows about the life of a case are tried: its persons, its links, who does what by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.access import Action
from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.case.links import Liaison, Link
from bot.domain.directory.entities import Agency
from bot.usecases.ports import UnitOfWork
from handlers import coordinating
from handlers.actions import messages as actions_messages
from handlers.dates import messages as dates_messages
from handlers.involvement import messages as involvement_messages
from handlers.lifecycle import giving, reopening, undoing
from handlers.lifecycle import messages as lifecycle_messages
from handlers.meeting import messages as meeting_messages
from handlers.room import messages as room_messages
from tests.e2e import kit
from tests.handlers.access.check import OTHERS, STRANGERS, Trial
from tests.handlers.access.workspace import Court

#: Those who see no more of the case than that there is one.
OUTSIDE_ROOM = ("sosialtjenesten", "vara-koordinator", "utenforstaende")
#: Also somebody in the room, for another agency.
NOT_THEIRS = ("barnevern", *OUTSIDE_ROOM)


def chosen(value: str) -> dict[str, Any]:
    """An option as Slack sends it when it is chosen."""
    return {"selected_option": {"text": {"type": "plain_text", "text": value}, "value": value}}


def all_chosen(*values: str) -> dict[str, Any]:
    """The same for a field that takes several."""
    return {"selected_options": [chosen(value)["selected_option"] for value in values]}


async def part(court: Court, agency: str) -> str:
    (found,) = await court.bot.database.read(lambda uow: uow.find(Agency, key=agency))
    (part,) = await court.bot.database.read(lambda uow: uow.find(Involvement, agency_id=found.id))
    return part.id


async def request(court: Court, handle: str, words: str, refused: tuple[str, ...], **values: Any) -> None:
    """As `Court.command`; those of the refused who are in the room may open the first form, and no more."""
    for other in sorted(set(refused) - kit.people_in(court.sandbox, court.room)):
        await court.types_in_vain(other, words)
    await court.person(handle).types(words, court.room)
    await court._opened(handle)
    await court._windows(handle, refused, (), values)


async def add_persons(court: Court) -> None:
    await court.command("koordinator", "/tot person", refused=OTHERS)
    await court.coordinator.sees("*Personer:* A og B", in_=court.room)


async def close_person(court: Court) -> None:
    await court.command("koordinator", "/tot person")
    await court.command("koordinator", "/tot lukk", refused=OTHERS, what=chosen("B"))
    await court.coordinator.sees("*Avsluttet for:* B", in_=court.room)


async def reopen_case(court: Court) -> None:
    """A coordinator who has confirmed, by the word and by the button; and whom to ask instead."""
    await court.command("koordinator", "/tot lukk")
    await court.person("politi-exit").mutes(10)
    koordinator = court.person("koordinator")
    await koordinator.types("/tot gjenåpne i overmorgen kl 12", court.room)
    await koordinator.fills({"Sted": "Møterom Nord"})
    await court.runner.sends(koordinator)
    await court.press_in_form("koordinator", reopening.REOPEN_OTHER, "Spør en annen", OTHERS, "Politiet")
    value = await court.case_id()
    await court.press("koordinator", reopening.REOPEN, value=value, refused=OTHERS, fill=("place",))
    await court.command("koordinator", "/tot lukk")
    await court.command("koordinator", "/tot gjenåpne", refused=OTHERS, fill=("place",))
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.delete_on is None


async def split_off(court: Court) -> None:
    await court.command("koordinator", "/tot person", fill=("parts",))
    what = chosen("split:B")
    fill = ("place", "agencies")
    await court.command("koordinator", "/tot koble", refused=OTHERS, fill=fill, what=what)
    assert len(kit.rooms(court.sandbox)) == 2


async def second_case(court: Court) -> None:
    await kit.open_case(court.runner, "Helsetjenesten", when="i overmorgen kl 14")


async def link_cases(court: Court) -> None:
    """A coordinator who has confirmed, in both cases."""
    await second_case(court)
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen("linked"))
    assert await court.bot.database.read(lambda uow: len(uow.find(Link))) == 2


async def unlink_cases(court: Court) -> None:
    """A coordinator who has confirmed, in both cases."""
    await second_case(court)
    await court.command("koordinator", "/tot koble", what=chosen("linked"))
    here = min(await court.bot.database.read(lambda uow: uow.find(Case)), key=lambda c: c.opened_at)
    (half,) = await court.bot.database.read(lambda uow: uow.find(Link, case_id=here.id))
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen(f"cut:{half.id}"))
    assert await court.bot.database.read(lambda uow: uow.find(Link)) == []


async def name_liaison(court: Court) -> None:
    """A coordinator who has confirmed; the liaison then sees the room, and decides nothing in it."""
    what = chosen("liaison")
    court.sandbox.add_person("stavanger", is_restricted=True)
    someone = {"selected_user": court.person("stavanger").id}
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=what, someone=someone)
    refused = ("koordinator", "politi-exit", "utenforstaende")
    await court.press("stavanger", involvement_messages.ACKNOWLEDGE, refused=refused, opens=False)
    assert "stavanger" in kit.people_in(court.sandbox, court.room)
    for word in ("tiltak", "frist", "koble", "vent", "fase", "inviter"):
        await court.types_in_vain("stavanger", f"/tot {word}")


async def end_liaison(court: Court) -> None:
    someone = {"selected_user": court.person("helse").id}
    await court.command("koordinator", "/tot koble", what=chosen("liaison"), someone=someone)
    await kit.confirm(court.runner, "helse")
    (liaison,) = await court.bot.database.read(lambda uow: uow.find(Liaison))
    refused = ("helse", *OTHERS)
    await court.command("koordinator", "/tot koble", refused=refused, what=chosen(f"end:{liaison.id}"))
    assert "helse" not in kit.people_in(court.sandbox, court.room)


async def new_room(court: Court) -> None:
    """A coordinator who has confirmed, once the bot has been thrown out."""
    await court.person("politi-exit").removes("tot-bot", court.room)
    await court.runner.until_idle()
    await court.press("koordinator", room_messages.NEW_ROOM, refused=OTHERS)
    (new,) = (name for name in kit.rooms(court.sandbox) if name != court.room)
    assert kit.people_in(court.sandbox, new) == {"koordinator", "politi-exit"}


async def take_case(court: Court) -> None:
    """A coordinator who has confirmed: by one tap."""
    await court.press(
        *("koordinator", coordinating.TAKE_CASE), value=await court.case_id(), refused=OTHERS, opens=False
    )
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.in_charge is not None


async def give_case(court: Court) -> None:
    """A coordinator who has confirmed, to another."""
    await court.press("koordinator", giving.GIVE, value=await court.case_id(), refused=OTHERS)
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.offered_to is not None


async def decline_case(court: Court) -> None:
    """The coordinator who was asked to take it over."""
    await give_case(court)
    value = await court.case_id()
    await court.press("vara-koordinator", giving.DECLINE_CASE, value=value, refused=STRANGERS, opens=False)
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.offered_to is None


async def undo_opening(court: Court) -> None:
    """A coordinator who has confirmed, before anything has come of the case."""
    await court.press("koordinator", undoing.UNDO, value=await court.case_id(), refused=OTHERS)
    await court.runner.later(minutes=1)
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.purged_at is not None


async def wait(court: Court) -> None:
    """A coordinator who has confirmed, by the word and by the button."""
    await court.command("koordinator", "/tot vent", refused=OTHERS)
    await court.press("koordinator", lifecycle_messages.WAIT, value=await court.case_id(), refused=OTHERS)
    await court.command("koordinator", "/tot vent", refused=OTHERS, over=all_chosen("go_on"))


async def change_phase(court: Court) -> None:
    """A coordinator who has confirmed; so with the meeting that the rhythm proposes."""
    await court.command("koordinator", "/tot fase", refused=OTHERS)
    last = await court.meeting_id()
    fill = ("place",)
    await court.press("koordinator", meeting_messages.PROPOSED_MEETING, value=last, refused=OTHERS, fill=fill)


async def agreed(court: Court, number: int = 1) -> list[str]:
    """The coordinator agrees actions of the police; their ids."""
    police = chosen(await part(court, "politi"))
    for each in range(number):
        text = {"value": f"ringe skole {each}"}
        await court.command("koordinator", "/tot tiltak", involvement=police, text=text)
    return [a.id for a in sorted(await open_actions(court), key=lambda a: a.agreed_at)]


async def open_actions(court: Court) -> list[CaseAction]:
    return await court.bot.database.read(lambda uow: [a for a in uow.find(CaseAction) if a.open])


async def see_actions(court: Court) -> None:
    await agreed(court)
    case_id = await court.case_id()
    for handle in ("koordinator", "politi-exit"):
        await court.press(handle, actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM)


async def agree_action(court: Court) -> None:
    """A coordinator, and an agency's own people; a day off is asked about first."""
    await kit.confirm(court.runner, "barnevern")
    await request(court, "politi-exit", "/tot tiltak", NOT_THEIRS, text={"value": "ringe skolen"})
    police = chosen(await part(court, "politi"))
    saturday = {"selected_date": "2026-12-05"}
    await court.press(
        *("koordinator", actions_messages.AGREE_ACTION),
        value=await court.case_id(),
        refused=OUTSIDE_ROOM,
        involvement=police,
        text={"value": "avklare vakthold"},
        due_on=saturday,
    )
    await court.coordinator.sees("avklare vakthold", in_=court.room)


async def end_action(court: Court) -> None:
    """A coordinator, and the people of the agency whose it is."""
    await kit.confirm(court.runner, "barnevern")
    first, second, _ = await agreed(court, 3)
    await court.press(
        "politi-exit", actions_messages.ACTION_DONE, value=first, refused=NOT_THEIRS, opens=False
    )
    await court.press("politi-exit", actions_messages.END_ACTION, value=second, refused=NOT_THEIRS)
    case_id = await court.case_id()
    await court.press("koordinator", actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM)
    assert await open_actions(court) == []


async def change_action(court: Court) -> None:
    """A coordinator, to any agency in the case; the agency whose it is, its own day.

    A day off is asked about first.
    """
    await kit.confirm(court.runner, "barnevern")
    first, second = await agreed(court, 2)
    saturday = {"selected_date": "2026-12-05"}
    own = chosen(await part(court, "politi"))
    await court.press(
        *("politi-exit", actions_messages.CHANGE_ACTION),
        value=first,
        refused=NOT_THEIRS,
        involvement=own,
        due_on=saturday,
    )
    case_id, other = await court.case_id(), chosen(await part(court, "barnevern"))
    await court.press(
        *("koordinator", actions_messages.ACTIONS),
        value=case_id,
        refused=OUTSIDE_ROOM,
        action=chosen(second),
        outcome=chosen("change"),
        involvement=other,
    )
    owners = [a.involvement_id for a in await open_actions(court)]
    assert sorted(owners) == sorted([await part(court, "politi"), await part(court, "barnevern")])


async def keep_needs(court: Court) -> None:
    await court.command("koordinator", "/tot tiltak behov", refused=OTHERS, fill=("needs",))
    case_id = await court.case_id()
    await court.press("koordinator", actions_messages.NEEDS, value=case_id, refused=OTHERS)
    await court.coordinator.sees("ingen har tatt ansvar for dette", in_=court.room)


async def take_need(court: Court) -> None:
    """An agency's own people, for their agency; whoever is there for two says for which."""
    await court.command("koordinator", "/tot tiltak behov", needs=all_chosen("housing", "health"))
    (health, housing) = sorted(
        await court.bot.database.read(lambda uow: uow.find(CaseNeed)), key=lambda need: need.need
    )
    await court.press(
        "politi-exit", actions_messages.TAKE_NEED, value=housing.id, refused=OUTSIDE_ROOM, opens=False
    )
    child = await part(court, "barnevern")

    def second_seat(uow: UnitOfWork) -> None:
        police = next(s for s in uow.find(Seat, role=SeatRole.AGENCY, ended_at=None) if s.confirmed)
        uow.add(replace(police, id="second-seat", involvement_id=child))

    await court.bot.database.write(second_seat)
    await court.press("politi-exit", actions_messages.TAKE_NEED, value=health.id, refused=OUTSIDE_ROOM)
    owners = await court.bot.database.read(lambda uow: [n.involvement_id for n in uow.find(CaseNeed)])
    assert None not in owners


async def keep_placement(court: Court) -> None:
    """A coordinator who has confirmed; so with planning the meeting about what comes after."""
    new = {"what": chosen("new:placement"), "ends_on": {"selected_date": "2027-05-28"}}
    await request(court, "koordinator", "/tot frist", OTHERS, **new)
    (placement,) = await court.bot.database.read(lambda uow: uow.find(Placement))
    fill = ("place",)
    await court.press(
        "koordinator", dates_messages.PLAN_MEETING, value=placement.id, refused=OTHERS, fill=fill
    )
    ends = dates_messages.END_PLACEMENT
    await court.press(
        *("koordinator", ends),
        value=placement.id,
        refused=OTHERS,
        afterwards=chosen("extended"),
        ends_on={"selected_date": "2027-11-20"},
    )
    (second,) = await court.bot.database.read(lambda uow: [p for p in uow.find(Placement) if p.open])
    over = chosen("housing")
    await court.press("koordinator", ends, value=second.id, refused=OTHERS, afterwards=over)


async def keep_reflection(court: Court) -> None:
    new = {"what": chosen("new:reflection"), "due_on": {"selected_date": "2027-05-28"}}
    await request(court, "koordinator", "/tot frist", OTHERS, **new)
    (deadline,) = await court.bot.database.read(lambda uow: uow.find(Deadline))
    await court.press(
        "koordinator", dates_messages.END_DEADLINE, value=deadline.id, refused=OTHERS, opens=False
    )


async def keep_own_deadline(court: Court) -> None:
    """An agency's own people; not the coordinators, nor another agency's."""
    await request(
        *(court, "politi-exit", "/tot frist", OUTSIDE_ROOM),
        what=chosen("new:own"),
        text={"value": "svar fra retten"},
    )
    (deadline,) = await court.bot.database.read(lambda uow: uow.find(Deadline))
    await kit.confirm(court.runner, "barnevern")
    refused = ("koordinator", *NOT_THEIRS)
    await court.press(
        "politi-exit", dates_messages.END_DEADLINE, value=deadline.id, refused=refused, opens=False
    )


LIFE: Mapping[Action, Trial] = {
    Action.ADD_PERSONS: Trial(add_persons, "/person form add_persons"),
    Action.CLOSE_PERSON: Trial(close_person, "/close form close"),
    Action.REOPEN_CASE: Trial(
        reopen_case, "/reopen reopen reopen_other form reopen form reopen_other form reopen_review"
    ),
    Action.SPLIT_OFF: Trial(split_off, "/link form link_menu form split form split_review"),
    Action.LINK_CASES: Trial(link_cases, "/link form link_menu form link"),
    Action.UNLINK_CASES: Trial(unlink_cases, "/link form link_menu"),
    Action.NAME_LIAISON: Trial(name_liaison, "/link form link_menu form liaison acknowledge"),
    Action.END_LIAISON: Trial(end_liaison, "/link form link_menu"),
    Action.NEW_ROOM: Trial(new_room, "new_room form new_room event group_left"),
    Action.TAKE_CASE: Trial(take_case, "take_case"),
    Action.DECLINE_CASE: Trial(decline_case, "decline_case"),
    Action.GIVE_CASE: Trial(give_case, "give_case form give_case"),
    Action.UNDO_OPENING: Trial(undo_opening, "undo_opening form undo_opening"),
    Action.WAIT: Trial(wait, "/wait wait form wait"),
    Action.CHANGE_PHASE: Trial(change_phase, "/phase form phase proposed_meeting form meeting"),
    Action.SEE_ACTIONS: Trial(see_actions, "actions"),
    Action.AGREE_ACTION: Trial(agree_action, "/actions agree_action form action form action_review"),
    Action.CHANGE_ACTION: Trial(
        change_action, "change_action form change_action form change_action_review actions form actions"
    ),
    Action.END_ACTION: Trial(end_action, "action_done end_action form end_action actions form actions"),
    Action.KEEP_NEEDS: Trial(keep_needs, "/actions needs form needs form owners"),
    Action.TAKE_NEED: Trial(take_need, "take_need form take_need"),
    Action.KEEP_PLACEMENT: Trial(
        keep_placement,
        "/deadline form choose_date form placement form placement_review plan_meeting end_placement "
        "form end_placement",
    ),
    Action.KEEP_REFLECTION: Trial(
        keep_reflection, "/deadline form choose_date form deadline form deadline_review end_deadline"
    ),
    Action.KEEP_OWN_DEADLINE: Trial(
        keep_own_deadline, "/deadline form choose_date form deadline end_deadline"
    ),
}
