"""Trials of the rows about the life of a case, and about what is outside cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import Case, Involvement, Phase, Seat, SeatRole
from bot.domain.case.links import Liaison, Link
from bot.domain.directory.entities import Agency
from bot.domain.joint import JointInvitation, JointMeeting
from bot.usecases.leftovers import hand_over as hands_over
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import OWN, SHARED
from handlers import convening, coordinating, drill, leftovers, on_record
from handlers.actions import messages as actions_messages
from handlers.case import modals as case_modals
from handlers.dates import messages as dates_messages
from handlers.directory import messages as directory_messages
from handlers.directory.modals import ADD, LINE, NEW
from handlers.guidance import messages as guidance_messages
from handlers.involvement import messages as involvement_messages
from handlers.joint import messages as joint_messages
from handlers.lifecycle import giving, reopening, unrecorded
from handlers.meeting import messages as meeting_messages
from handlers.report.yearly import YEARLY
from handlers.room import messages as room_messages
from tests.e2e import kit
from tests.handlers.access.checks import NOT_THE_POLICE, answers_late, begins
from tests.handlers.access.workspace import (
    NOT_THE_TEAM,
    NOT_THEIRS,
    OTHERS,
    OUTSIDE_ROOM,
    STRANGERS,
    Court,
    all_chosen,
    chosen,
)

SATURDAY: Any = {"selected_date": "2026-12-05"}
IN_MAY: Any = {"selected_date": "2027-05-28"}
IN_NOVEMBER: Any = {"selected_date": "2027-11-20"}


async def _requests(court: Court, handle: str, words: str, refused: tuple[str, ...], **values: Any) -> None:
    """Like `Court.command`, but refused people who are in the room may open the first form, and no more."""
    for other in sorted(set(refused) - kit.people_in(court.sandbox, court.room)):
        await court.types_in_vain(other, words)
    await court.asks_for(handle, words, in_=court.room, refused=refused, **values)


async def add_persons__close_person__split_off(court: Court) -> None:
    await court.command("koordinator", "/tot person", refused=OTHERS)
    await court.command("koordinator", "/tot lukk", refused=OTHERS, what=chosen("B"))
    await court.command("koordinator", "/tot person")
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen("split:C"))
    assert len(kit.rooms(court.sandbox)) == 2


async def close_case__reopen_case(court: Court) -> None:
    """A coordinator who has confirmed, by the word and by the button; and choosing whom to ask instead."""
    await court.command("koordinator", "/tot lukk", refused=OTHERS)
    await court.person("politi-exit").mutes(10)
    koordinator = court.person("koordinator")
    await koordinator.types("/tot gjenåpne i overmorgen kl 12", court.room)
    await koordinator.fills({"Sted": "Møterom Nord"})
    await court.runner.sends(koordinator)
    await court.press_in_form("koordinator", reopening.REOPEN_OTHER, "Spør en annen", OTHERS, "Politiet")
    await court.press("koordinator", reopening.REOPEN, value=await court.case_id(), refused=OTHERS)
    await court.command("koordinator", "/tot lukk")
    await court.command("koordinator", "/tot gjenåpne", refused=OTHERS)


async def link_cases__unlink_cases(court: Court) -> None:
    """A coordinator who has confirmed, in both cases."""
    await kit.open_case(court.runner, "Helsetjenesten", when="i overmorgen kl 14")
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen("linked"))
    here = min(await court.all(Case), key=lambda case: case.opened_at)
    half = await court.only(Link, case_id=here.id)
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=chosen(f"cut:{half.id}"))


async def name_liaison__end_liaison(court: Court) -> None:
    """A coordinator who has confirmed; the liaison then sees the room, and decides nothing in it."""
    court.sandbox.add_person("stavanger", is_restricted=True)
    someone = {"selected_user": court.person("stavanger").id}
    what = chosen("liaison")
    await court.command("koordinator", "/tot koble", refused=OTHERS, what=what, someone=someone)
    refused = ("koordinator", "politi-exit", "utenforstaende")
    await court.press("stavanger", involvement_messages.ACKNOWLEDGE, refused=refused)
    for word in ("tiltak", "frist", "koble", "vent", "fase", "inviter"):
        await court.types_in_vain("stavanger", f"/tot {word}")
    over = chosen(f"end:{(await court.only(Liaison)).id}")
    await court.command("koordinator", "/tot koble", refused=("stavanger", *OTHERS), what=over)


async def new_room(court: Court) -> None:
    """A coordinator who has confirmed, once the bot has been removed."""
    await court.after(court.person("politi-exit").removes("tot-bot", court.room))
    await court.press("koordinator", room_messages.NEW_ROOM, refused=OTHERS)


async def take_case__give_case__decline_case(court: Court) -> None:
    """A coordinator who has confirmed, by one tap, and to another; a person asked to take it over may not."""
    case_id = await court.case_id()
    await court.press("koordinator", coordinating.TAKE_CASE, value=case_id, refused=OTHERS)
    await court.press("koordinator", giving.GIVE, value=case_id, refused=OTHERS)
    await court.press("vara-koordinator", giving.DECLINE_CASE, value=case_id, refused=STRANGERS)


async def change_phase(court: Court) -> None:
    """A coordinator who has confirmed; also with the meeting that the rhythm proposes."""
    await court.command("koordinator", "/tot fase", refused=OTHERS)
    last = await court.meeting_id()
    await court.press("koordinator", meeting_messages.PROPOSED_MEETING, value=last, refused=OTHERS)


# --- who does what by when


async def see_actions(court: Court) -> None:
    police, case_id = chosen(await court.part("politi")), await court.case_id()
    await court.command("koordinator", "/tot tiltak", involvement=police)
    for handle in ("koordinator", "politi-exit"):
        await court.press(handle, actions_messages.ACTIONS, value=case_id, refused=OUTSIDE_ROOM)


async def agree_action__change_action__end_action(court: Court) -> None:
    """A coordinator, for any agency in the case; an agency's people, for its own.

    A day off is asked about first.
    """
    await kit.confirm(court.runner, "barnevern")
    case_id, actions = await court.case_id(), actions_messages.ACTIONS
    own, other = chosen(await court.part("politi")), chosen(await court.part("barnevern"))
    by_day_off: dict[str, Any] = {"involvement": own, "due_on": SATURDAY}
    await _requests(court, "politi-exit", "/tot tiltak", NOT_THEIRS)
    agree = actions_messages.AGREE_ACTION
    await court.press("koordinator", agree, value=case_id, refused=OUTSIDE_ROOM, **by_day_off)
    for _ in range(2):
        await court.command("koordinator", "/tot tiltak", involvement=own)
    agreed = sorted(await court.all(CaseAction), key=lambda a: a.agreed_at)
    first, second, third, _ = (a.id for a in agreed)
    change, done = actions_messages.CHANGE_ACTION, actions_messages.ACTION_DONE
    await court.press("politi-exit", change, value=first, refused=NOT_THEIRS, **by_day_off)
    values = {"action": chosen(second), "outcome": chosen("change"), "involvement": other}
    await court.press("koordinator", actions, value=case_id, refused=OUTSIDE_ROOM, **values)
    await court.press("politi-exit", done, value=first, refused=NOT_THEIRS)
    await court.press("politi-exit", actions_messages.END_ACTION, value=third, refused=NOT_THEIRS)
    await court.press("koordinator", actions, value=case_id, refused=OUTSIDE_ROOM)


async def keep_needs__take_need(court: Court) -> None:
    """A coordinator; an agency's people, for their own; a person with seats for two says for which."""
    needs = all_chosen("housing", "health")
    await court.command("koordinator", "/tot tiltak behov", refused=OTHERS, needs=needs)
    health, housing = sorted(await court.all(CaseNeed), key=lambda need: need.need)
    take, child = actions_messages.TAKE_NEED, await court.part("barnevern")
    await court.press("politi-exit", take, value=housing.id, refused=OUTSIDE_ROOM)

    def second_seat(uow: UnitOfWork) -> None:
        police = next(s for s in uow.find(Seat, role=SeatRole.AGENCY, ended_at=None) if s.confirmed)
        uow.add(replace(police, id="second-seat", involvement_id=child))

    await court.bot.database.write(second_seat)
    await court.press("politi-exit", take, value=health.id, refused=OUTSIDE_ROOM)
    await court.press("koordinator", actions_messages.NEEDS, value=await court.case_id(), refused=OTHERS)


async def keep_placement__keep_reflection(court: Court) -> None:
    """A coordinator who has confirmed; also for the meeting that plans what comes after."""
    new = {"what": chosen("new:placement"), "ends_on": IN_MAY}
    await _requests(court, "koordinator", "/tot frist", OTHERS, **new)
    first = (await court.only(Placement)).id
    await court.press("koordinator", dates_messages.PLAN_MEETING, value=first, refused=OTHERS)
    longer = {"afterwards": chosen("extended"), "ends_on": IN_NOVEMBER}
    await court.press("koordinator", dates_messages.END_PLACEMENT, value=first, refused=OTHERS, **longer)
    (second,) = (p.id for p in await court.all(Placement) if p.live)
    over = chosen("housing")
    await court.press(
        "koordinator", dates_messages.END_PLACEMENT, value=second, refused=OTHERS, afterwards=over
    )
    new = {"what": chosen("new:reflection"), "due_on": IN_MAY}
    await _requests(court, "koordinator", "/tot frist", OTHERS, **new)
    deadline = (await court.only(Deadline)).id
    await court.press("koordinator", dates_messages.END_DEADLINE, value=deadline, refused=OTHERS)


async def keep_own_deadline(court: Court) -> None:
    """An agency's own people; not the coordinators, nor another agency's people."""
    await _requests(court, "politi-exit", "/tot frist", OUTSIDE_ROOM, what=chosen("new:own"))
    deadline = (await court.only(Deadline)).id
    await kit.confirm(court.runner, "barnevern")
    refused = ("koordinator", *NOT_THEIRS)
    await court.press("politi-exit", dates_messages.END_DEADLINE, value=deadline, refused=refused)


# --- on record, and guidance in the room


async def put_on_record__take_off_record__delete_unrecorded(court: Court) -> None:
    """An agency's people, once the case is closed; a coordinator for any agency, who deletes when it is time.

    The meeting has been held and registered, and child welfare is in the room too.
    """
    await begins(court)
    await court.runner.later(hours=2)
    await court.command("koordinator", "/tot oppmøte")
    police, case_id = await court.part("politi"), await court.case_id()

    async def is_on_record() -> bool:
        return bool((await court.only(Involvement, id=police)).on_record)

    await court.command("koordinator", "/tot lukk")
    chosen_part = all_chosen(police)
    records = on_record.RECORDS
    await court.press("koordinator", records, value=case_id, refused=OTHERS, recorded=chosen_part)
    assert await is_on_record()
    await court.press("politi-exit", on_record.TAKE_OFF_RECORD, value=police, refused=NOT_THEIRS)
    await court.press("politi-exit", on_record.PUT_ON_RECORD, value=police, refused=NOT_THEIRS)
    assert await is_on_record()
    await court.press("koordinator", records, value=case_id, refused=OTHERS, undone=chosen_part)
    assert not await is_on_record()
    await court.runner.later(days=31)
    delete, reason = unrecorded.DELETE_UNRECORDED, chosen("no_answer")
    await court.press("koordinator", delete, value=case_id, refused=OTHERS, reason=reason)


async def ask_in_case__answer_in_case(court: Court) -> None:
    """Everybody in the room; others get everybody's form by the same word, and submit this one.

    A coordinator who has confirmed answers.
    """
    await kit.confirm(court.runner, "barnevern")
    words = "/tot veiledning"
    await court.asks_for("politi-exit", words, in_=court.room, refused=OUTSIDE_ROOM)
    refused = ("barnevern", *OTHERS)
    await court.press("koordinator", guidance_messages.ANSWER_IN_CASE, refused=refused)


NOT_THEIR_AGENCY = ("politi-leder", "politi-exit", "sosialtjenesten", "utenforstaende")


# --- guidance, and asking that TOT convenes


async def answer_guidance__invite_to_talk__close_guidance(court: Court) -> None:
    """A coordinator of the team that was asked; a case is opened from it, or it is closed."""
    for handle, button in (
        ("vara-koordinator", guidance_messages.ANSWER_GUIDANCE),
        ("koordinator", guidance_messages.INVITE_TO_TALK),
        ("koordinator", case_modals.OPEN_CASE_FROM),
        ("koordinator", guidance_messages.CLOSE_GUIDANCE),
    ):
        await court.asks_for("helse", "/tot veiledning")
        await court.press(handle, button, refused=NOT_THE_TEAM)


async def decide_convening(court: Court) -> None:
    """A coordinator of the team that was asked: no with a reason, yes by opening a case."""
    for button in (convening.DECLINE_CONVENING, case_modals.OPEN_CASE_FROM):
        await court.asks_for("helse", "/tot kalle")
        await court.press("koordinator", button, refused=NOT_THE_TEAM)
    # A joint meeting leads to no case, whatever a client sends.
    joint = (await _calls_joint(court)).item
    told = await court.presses(court.person("koordinator"), case_modals.OPEN_CASE_FROM, joint)
    assert told.startswith("Dette er det koordinatoren som gjør.")


async def _calls_joint(court: Court, *refused: str) -> JointMeeting:
    words = "/tot fellesmøte i morgen kl 12"
    await court.asks_for("koordinator", words, in_=court.room, refused=refused)
    return await court.only(JointMeeting)


async def call_joint__answer_joint__move_joint__cancel_joint(court: Court) -> None:
    """A coordinator of the team; invited people answer until it begins, but not those who called it."""
    await _calls_joint(court, *STRANGERS)
    refused = ("koordinator", "vara-koordinator", "utenforstaende")
    for button in (joint_messages.JOINT_COMES, joint_messages.JOINT_STAYS_AWAY):
        await court.press("helse", button, refused=refused)
    changed: dict[str, Any] = {
        "topic": {"value": "Hva vi kan dele"},
        "starts_at": {"selected_date_time": int(court.runner.day(2, "12:00").timestamp())},
    }
    await court.press("koordinator", joint_messages.JOINT_MOVE, refused=NOT_THE_TEAM, **changed)
    await court.press("koordinator", joint_messages.JOINT_CANCEL, refused=NOT_THE_TEAM)


async def join_joint__register_joint(court: Court) -> None:
    """A contact of a partner, also one who was not invited; a coordinator of the team, once it has begun."""
    meeting = await _calls_joint(court)

    def not_invited(uow: UnitOfWork) -> None:
        person = uow.person_by_slack(court.person("helse").id)
        (own,) = (i for i in uow.find(JointInvitation) if person is not None and i.person_id == person.id)
        uow.remove(own)

    await court.bot.database.write(not_invited)
    value = f"{meeting.id}|0"
    await court.press("helse", joint_messages.JOINT_JOIN, value=value, refused=("utenforstaende",))
    await court.runner.until(court.runner.day(1, "13:30"))
    await court.press("vara-koordinator", joint_messages.JOINT_REGISTER, refused=NOT_THE_TEAM)


async def answer_joint_by_calendar(court: Court) -> None:
    """The person invited by mail, while the invitation is valid."""
    await _calls_joint(court)
    court.runner.answers("udi", "ACCEPTED")
    await court.runner.until_idle()
    await answers_late(court, "udi", court.press("koordinator", joint_messages.JOINT_CANCEL))


async def _begins_drill(court: Court, *refused: str) -> None:
    """The case is no longer acute: no drill is held during an acute case."""
    await court.command("koordinator", "/tot fase")
    assert not await court.all(Case, phase=Phase.ACUTE)
    await court.command("koordinator", "/tot prøve", refused=refused)


async def begin_drill__confirm_line(court: Court) -> None:
    """A coordinator of the team; the leader of the agency."""
    await _begins_drill(court, *STRANGERS)
    refused = ("koordinator", "politi-vakt", "barnevern-leder", "utenforstaende")
    await court.press("politi-leder", drill.CONFIRM_LINE, refused=refused)


async def answer_drill(court: Court) -> None:
    """Only people who got it; the log reveals neither when nor that they pressed."""
    await _begins_drill(court)
    refused = ("koordinator", "vara-koordinator", "botilbud", "utenforstaende")
    await court.press("helse", drill.RECEIVED, refused=refused)
    court.runner.writes_back("udi", "Mottatt")
    await court.runner.until_idle()
    assert "answer_drill" not in {event for event, _ in court.logged()}


# --- agencies, reports, what is left over


async def keep_agency__add_agency__set_absence(court: Court) -> None:
    """Its leader, and a coordinator of the team, who alone adds one; a contact, their own absence.

    Deputies for the meetings during an absence are named as elsewhere.
    """
    refused: tuple[str, ...] = ("politi-leder", "politi-exit", "utenforstaende")
    agency = await court.only(Agency, key="politi")
    police, added = chosen(agency.id), chosen(f"{ADD}{agency.team_id}")
    name = {"value": "Spesialisthelsetjenesten"}
    new: dict[str, Any] = {"agency": added, "name": name, "what": chosen(LINE)}
    await court.asks_for("koordinator", "/tot etat", refused=refused, **new)
    refused = ("koordinator", "politi-leder", *NOT_THE_POLICE)
    await court.asks_for("politi-exit", "/tot etat", refused=refused)
    away: dict[str, Any] = {"away_until": {"selected_date": "2026-12-04"}}
    await court.asks_for("politi-exit", "/tot etat", refused=NOT_THE_POLICE, **away)
    refused = ("barnevern-leder", "politi-exit", "utenforstaende")
    line: dict[str, Any] = {"agency": police, "what": chosen(LINE), "duty_line": {"value": "55112233"}}
    await court.asks_for("politi-leder", "/tot etat", refused=refused, **line)
    await court.command("koordinator", "/tot etat udi", refused=("utenforstaende",), what=chosen(LINE))
    new = {"what": chosen(NEW), "person": {"selected_user": court.person("utenforstaende").id}}
    await court.asks_for("koordinator", "/tot etat politiet", refused=refused, **new)


async def approve_contact(court: Court) -> None:
    police = chosen((await court.only(Agency, key="politi")).id)
    for button, mail in (
        (directory_messages.REFUSE_CONTACT, "en@politi.example"),
        (directory_messages.APPROVE_CONTACT, "to@politi.example"),
    ):
        new: dict[str, Any] = {"agency": police, "what": chosen(NEW), "work_mail": {"value": mail}}
        await court.asks_for("politi-leder", "/tot etat", **new)
        await court.press("koordinator", button, refused=NOT_THEIR_AGENCY)


async def see_report__share_report(court: Court) -> None:
    await court.command("koordinator", "/tot rapport", refused=NOT_THEIR_AGENCY)
    await court.command("koordinator", "/tot rapport", refused=NOT_THEIR_AGENCY, **{"for": chosen(SHARED)})
    for use in (OWN, SHARED):
        await court.press("koordinator", YEARLY, value="-", refused=NOT_THEIR_AGENCY, use=chosen(use))


async def clear_leftovers(court: Court) -> None:
    """A coordinator of the team, once; nothing says which case it is about."""

    def left(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        assert hands_over(uow, team.id, ("https://tot.example/archives/D1/p1",)) is False

    await court.after(court.bot.database.write(left))
    await court.press("koordinator", leftovers.CLEARED, refused=NOT_THE_TEAM)
