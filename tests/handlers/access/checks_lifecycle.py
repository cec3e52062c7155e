"""How the rows about the life of a case are tried: its persons, its links, who does what by when, its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Case, Involvement, Seat, SeatRole
from bot.domain.case.links import Liaison, Link
from bot.usecases.ports import UnitOfWork
from handlers import coordinating, on_record
from handlers.actions import messages as actions_messages
from handlers.dates import messages as dates_messages
from handlers.guidance import in_case
from handlers.involvement import messages as involvement_messages
from handlers.lifecycle import giving, reopening, undoing, unrecorded
from handlers.lifecycle import messages as lifecycle_messages
from handlers.meeting import messages as meeting_messages
from handlers.room import messages as room_messages
from tests.e2e import kit
from tests.handlers.access.check import NOT_THEIRS, OTHERS, OUTSIDE_ROOM, STRANGERS
from tests.handlers.access.checks_meeting import begins
from tests.handlers.access.workspace import Court, all_chosen, chosen

QUESTION = {"value": "Hvem varsler vi om at saken er i arbeidsfasen?"}
ANSWER = {"value": "Ring vaktlinjen."}
SATURDAY: Any = {"selected_date": "2026-12-05"}
IN_MAY: Any = {"selected_date": "2027-05-28"}
IN_NOVEMBER: Any = {"selected_date": "2027-11-20"}


async def _requests(court: Court, handle: str, words: str, refused: tuple[str, ...], **values: Any) -> None:
    """As `Court.command`; those of the refused who are in the room may open the first form, and no more."""
    for other in sorted(set(refused) - kit.people_in(court.sandbox, court.room)):
        await court.types_in_vain(other, words)
    await court.asks_for(handle, words, in_=court.room, refused=refused, **values)


async def add_persons(court: Court) -> None:
    await court.command("koordinator", "/tot person", refused=OTHERS)


async def close_person(court: Court) -> None:
    await court.command("koordinator", "/tot person")
    await court.command("koordinator", "/tot lukk", refused=OTHERS, what=chosen("B"))


async def close_case(court: Court) -> None:
    await court.command("koordinator", "/tot lukk", refused=OTHERS)


async def reopen_case(court: Court) -> None:
    """A coordinator who has confirmed, by the word and by the button; and whom to ask instead."""
    await court.command("koordinator", "/tot lukk")
    await court.person("politi-exit").mutes(10)
    koordinator = court.person("koordinator")
    await koordinator.types("/tot gjenåpne i overmorgen kl 12", court.room)
    await koordinator.fills({"Sted": "Møterom Nord"})
    await court.runner.sends(koordinator)
    await court.press_in_form("koordinator", reopening.REOPEN_OTHER, "Spør en annen", OTHERS, "Politiet")
    await court.press("koordinator", reopening.REOPEN, value=await court.case_id(), refused=OTHERS)
    await court.command("koordinator", "/tot lukk")
    await court.command("koordinator", "/tot gjenåpne", refused=OTHERS)


async def split_off(court: Court) -> None:
    await court.command("koordinator", "/tot person")
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen("split:B"))
    assert len(kit.rooms(court.sandbox)) == 2


async def link_cases(court: Court, *refused: str) -> None:
    """A coordinator who has confirmed, in both cases."""
    await kit.open_case(court.runner, "Helsetjenesten", when="i overmorgen kl 14")
    await court.command("koordinator", "/tot koble", refused=refused or OTHERS, what=chosen("linked"))


async def unlink_cases(court: Court) -> None:
    """A coordinator who has confirmed, in both cases."""
    await link_cases(court)
    here = min(await court.all(Case), key=lambda case: case.opened_at)
    half = await court.only(Link, case_id=here.id)
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen(f"cut:{half.id}"))


async def name_liaison(court: Court) -> None:
    """A coordinator who has confirmed; the liaison then sees the room, and decides nothing in it."""
    court.sandbox.add_person("stavanger", is_restricted=True)
    someone = {"selected_user": court.person("stavanger").id}
    what = chosen("liaison")
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=what, someone=someone)
    refused = ("koordinator", "politi-exit", "utenforstaende")
    await court.press("stavanger", involvement_messages.ACKNOWLEDGE, refused=refused)
    for word in ("tiltak", "frist", "koble", "vent", "fase", "inviter"):
        await court.types_in_vain("stavanger", f"/tot {word}")


async def end_liaison(court: Court) -> None:
    someone = {"selected_user": court.person("helse").id}
    await court.command("koordinator", "/tot koble", what=chosen("liaison"), someone=someone)
    await kit.confirm(court.runner, "helse")
    over = chosen(f"end:{(await court.only(Liaison)).id}")
    await court.command("koordinator", "/tot koble", refused=("helse", *OTHERS), what=over)


async def new_room(court: Court) -> None:
    """A coordinator who has confirmed, once the bot has been thrown out."""
    await court.person("politi-exit").removes("tot-bot", court.room)
    await court.runner.until_idle()
    await court.press("koordinator", room_messages.NEW_ROOM, refused=OTHERS)


async def take_case(court: Court) -> None:
    """A coordinator who has confirmed: by one tap."""
    case_id = await court.case_id()
    await court.press("koordinator", coordinating.TAKE_CASE, value=case_id, refused=OTHERS)


async def give_case(court: Court) -> None:
    """A coordinator who has confirmed, to another."""
    await court.press("koordinator", giving.GIVE, value=await court.case_id(), refused=OTHERS)


async def decline_case(court: Court) -> None:
    """The coordinator who was asked to take it over."""
    await give_case(court)
    case_id = await court.case_id()
    await court.press("vara-koordinator", giving.DECLINE_CASE, value=case_id, refused=STRANGERS)


async def undo_opening(court: Court) -> None:
    """A coordinator who has confirmed, before anything has come of the case."""
    await court.press("koordinator", undoing.UNDO, value=await court.case_id(), refused=OTHERS)


async def wait(court: Court) -> None:
    """A coordinator who has confirmed, by the word and by the button."""
    await court.command("koordinator", "/tot vent", refused=OTHERS)
    case_id = await court.case_id()
    await court.press("koordinator", lifecycle_messages.WAIT, value=case_id, refused=OTHERS)
    await court.command("koordinator", "/tot vent", refused=OTHERS, over=all_chosen("go_on"))


async def change_phase(court: Court) -> None:
    """A coordinator who has confirmed; so with the meeting that the rhythm proposes."""
    await court.command("koordinator", "/tot fase", refused=OTHERS)
    last = await court.meeting_id()
    await court.press("koordinator", meeting_messages.PROPOSED_MEETING, value=last, refused=OTHERS)


# --- who does what by when


async def _agreed(court: Court, number: int = 1) -> list[str]:
    """The coordinator agrees actions of the police; their ids."""
    police = chosen(await court.part("politi"))
    for each in range(number):
        text = {"value": f"ringe skole {each}"}
        await court.command("koordinator", "/tot tiltak", involvement=police, text=text)
    return [a.id for a in sorted(await court.all(CaseAction), key=lambda a: a.agreed_at)]


async def see_actions(court: Court) -> None:
    await _agreed(court)
    case_id = await court.case_id()
    for handle in ("koordinator", "politi-exit"):
        await court.press(handle, actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM)


async def agree_action(court: Court) -> None:
    """A coordinator, and an agency's own people; a day off is asked about first."""
    await kit.confirm(court.runner, "barnevern")
    text = {"value": "ringe skolen"}
    await _requests(court, "politi-exit", "/tot tiltak", NOT_THEIRS, text=text)
    values: dict[str, Any] = {
        "involvement": chosen(await court.part("politi")),
        "text": text,
        "due_on": SATURDAY,
    }
    agree, case_id = actions_messages.AGREE_ACTION, await court.case_id()
    await court.press("koordinator", agree, value=case_id, refused=OUTSIDE_ROOM, **values)


async def end_action(court: Court) -> None:
    """A coordinator, and the people of the agency whose it is."""
    await kit.confirm(court.runner, "barnevern")
    first, second, _ = await _agreed(court, 3)
    await court.press("politi-exit", actions_messages.ACTION_DONE, value=first, refused=NOT_THEIRS)
    await court.press("politi-exit", actions_messages.END_ACTION, value=second, refused=NOT_THEIRS)
    case_id = await court.case_id()
    await court.press("koordinator", actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM)


async def change_action(court: Court) -> None:
    """A coordinator, to any agency in the case; the agency whose it is, its own day.

    A day off is asked about first.
    """
    await kit.confirm(court.runner, "barnevern")
    first, second = await _agreed(court, 2)
    own, other = chosen(await court.part("politi")), chosen(await court.part("barnevern"))
    values = {"involvement": own, "due_on": SATURDAY}
    await court.press(
        "politi-exit", actions_messages.CHANGE_ACTION, value=first, refused=NOT_THEIRS, **values
    )
    values = {"action": chosen(second), "outcome": chosen("change"), "involvement": other}
    case_id = await court.case_id()
    await court.press("koordinator", actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM, **values)


async def keep_needs(court: Court) -> None:
    await court.command("koordinator", "/tot tiltak behov", refused=OTHERS)
    await court.press("koordinator", actions_messages.NEEDS, value=await court.case_id(), refused=OTHERS)


async def take_need(court: Court) -> None:
    """An agency's own people, for their agency; whoever is there for two says for which."""
    await court.command("koordinator", "/tot tiltak behov", needs=all_chosen("housing", "health"))
    health, housing = sorted(await court.all(CaseNeed), key=lambda need: need.need)
    take, child = actions_messages.TAKE_NEED, await court.part("barnevern")
    await court.press("politi-exit", take, value=housing.id, refused=OUTSIDE_ROOM)

    def second_seat(uow: UnitOfWork) -> None:
        police = next(s for s in uow.find(Seat, role=SeatRole.AGENCY, ended_at=None) if s.confirmed)
        uow.add(replace(police, id="second-seat", involvement_id=child))

    await court.bot.database.write(second_seat)
    await court.press("politi-exit", take, value=health.id, refused=OUTSIDE_ROOM)


async def keep_placement(court: Court) -> None:
    """A coordinator who has confirmed; so with planning the meeting about what comes after."""
    new = {"what": chosen("new:placement"), "ends_on": IN_MAY}
    await _requests(court, "koordinator", "/tot frist", OTHERS, **new)
    first = (await court.only(Placement)).id
    await court.press("koordinator", dates_messages.PLAN_MEETING, value=first, refused=OTHERS)
    longer = {"afterwards": chosen("extended"), "ends_on": IN_NOVEMBER}
    await court.press("koordinator", dates_messages.END_PLACEMENT, value=first, refused=OTHERS, **longer)
    (second,) = (p.id for p in await court.all(Placement) if p.open)
    over = chosen("housing")
    await court.press(
        "koordinator", dates_messages.END_PLACEMENT, value=second, refused=OTHERS, afterwards=over
    )


async def keep_reflection(court: Court) -> None:
    new = {"what": chosen("new:reflection"), "due_on": IN_MAY}
    await _requests(court, "koordinator", "/tot frist", OTHERS, **new)
    deadline = (await court.only(Deadline)).id
    await court.press("koordinator", dates_messages.END_DEADLINE, value=deadline, refused=OTHERS)


async def keep_own_deadline(court: Court) -> None:
    """An agency's own people; not the coordinators, nor another agency's."""
    new: dict[str, Any] = {"what": chosen("new:own"), "text": {"value": "svar fra retten"}}
    await _requests(court, "politi-exit", "/tot frist", OUTSIDE_ROOM, **new)
    deadline = (await court.only(Deadline)).id
    await kit.confirm(court.runner, "barnevern")
    refused = ("koordinator", *NOT_THEIRS)
    await court.press("politi-exit", dates_messages.END_DEADLINE, value=deadline, refused=refused)


# --- on record, and guidance in the room


async def _held(court: Court) -> tuple[str, str]:
    """The meeting has been held and registered, child welfare is in the room too; the part, the case."""
    await begins(court)
    await court.runner.later(hours=2)
    await court.command("koordinator", "/tot oppmøte")
    return await court.part("politi"), await court.case_id()


async def _is_on_record(court: Court, part_id: str) -> bool:
    return bool((await court.only(Involvement, id=part_id)).on_record)


async def put_on_record(court: Court) -> None:
    """An agency's own people, once it is closed; a coordinator for any of them."""
    police, case_id = await _held(court)
    await court.command("koordinator", "/tot lukk")
    recorded = all_chosen(police)
    await court.press("koordinator", on_record.RECORDS, value=case_id, refused=OTHERS, recorded=recorded)
    assert await _is_on_record(court, police)
    await court.press("politi-exit", on_record.TAKE_OFF_RECORD, value=police)
    await court.press("politi-exit", on_record.PUT_ON_RECORD, value=police, refused=NOT_THEIRS)
    assert await _is_on_record(court, police)


async def take_off_record(court: Court) -> None:
    """The same."""
    police, case_id = await _held(court)
    on, off = on_record.PUT_ON_RECORD, on_record.TAKE_OFF_RECORD
    await court.command("koordinator", "/tot lukk")
    await court.press("politi-exit", on, value=police)
    await court.press("politi-exit", off, value=police, refused=NOT_THEIRS)
    await court.press("politi-exit", on, value=police)
    undone = all_chosen(police)
    await court.press("koordinator", on_record.RECORDS, value=case_id, refused=OTHERS, undone=undone)
    assert not await _is_on_record(court, police)


async def delete_unrecorded(court: Court) -> None:
    """A coordinator who has confirmed, once its date has come."""
    _, case_id = await _held(court)
    await court.command("koordinator", "/tot lukk")
    await court.runner.later(days=31)
    delete, reason = unrecorded.DELETE_UNRECORDED, chosen("no_answer")
    await court.press("koordinator", delete, value=case_id, refused=OTHERS, reason=reason)


async def ask_in_case(court: Court) -> None:
    """For everybody in the room; others find the form of all behind the same word, and send this one."""
    words = "/tot veiledning"
    await court.asks_for("politi-exit", words, in_=court.room, refused=OUTSIDE_ROOM, text=QUESTION)


async def answer_in_case(court: Court) -> None:
    """A coordinator who has confirmed."""
    await kit.confirm(court.runner, "barnevern")
    await court.asks_for("politi-exit", "/tot veiledning", in_=court.room, text=QUESTION)
    refused = ("barnevern", *OTHERS)
    await court.press("koordinator", in_case.ANSWER_IN_CASE, refused=refused, text=ANSWER)
