"""How the rows about what lies outside cases are tried: who can what, guidance, convening, joint meetings."""

from __future__ import annotations

from typing import Any

from bot.domain.case.entities import Case, Phase
from bot.domain.directory.entities import Agency
from bot.domain.joint import JointInvitation, JointMeeting
from bot.usecases.leftovers import hand_over as hands_over
from bot.usecases.ports import UnitOfWork
from bot.usecases.report import OWN, SHARED
from handlers import convening, drill, leftovers
from handlers.case import modals as case_modals
from handlers.directory import messages as directory_messages
from handlers.directory.modals import ADD, LINE, NEW
from handlers.guidance import messages as guidance_messages
from handlers.joint import messages as joint_messages
from handlers.report.yearly import YEARLY
from tests.handlers.access.checks import NOT_THE_POLICE, answers_late
from tests.handlers.access.workspace import NOT_THE_TEAM, STRANGERS, Court, chosen

QUESTION = {"value": "Hvem kan hjelpe med bolig?"}
ANSWER = {"value": "Ring vaktlinjen."}
TOPIC = {"value": "Deling av opplysninger"}
NOT_THEIR_AGENCY = ("politi-leder", "politi-exit", "sosialtjenesten", "utenforstaende")


# --- guidance, and asking that TOT convenes


async def answer_guidance__invite_to_talk__close_guidance(court: Court) -> None:
    """A coordinator of the team that was asked; a case is opened from it, or it is closed."""
    values: dict[str, Any] = {"text": ANSWER}
    for handle, button in (
        ("vara-koordinator", guidance_messages.ANSWER_GUIDANCE),
        ("koordinator", guidance_messages.INVITE_TO_TALK),
        ("koordinator", case_modals.OPEN_CASE_FROM),
        ("koordinator", guidance_messages.CLOSE_GUIDANCE),
    ):
        await court.asks_for("helse", "/tot veiledning", text=QUESTION)
        await court.press(handle, button, refused=NOT_THE_TEAM, **values)
        values = {}


async def decide_convening(court: Court) -> None:
    """A coordinator of the team that was asked: no with a reason, yes by opening a case."""
    for button in (convening.DECLINE_CONVENING, case_modals.OPEN_CASE_FROM):
        await court.asks_for("helse", "/tot kalle")
        await court.press("koordinator", button, refused=NOT_THE_TEAM)


# --- joint meetings


async def _calls_joint(court: Court, *refused: str) -> JointMeeting:
    words = "/tot fellesmøte i morgen kl 12"
    await court.asks_for("koordinator", words, in_=court.room, refused=refused, topic=TOPIC)
    return await court.only(JointMeeting)


async def call_joint__answer_joint__move_joint__cancel_joint(court: Court) -> None:
    """A coordinator of the team; who is invited answers until it begins, and not those who called it."""
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
    """The one who was invited by mail, while the invitation stands."""
    await _calls_joint(court)
    court.runner.answers("udi", "ACCEPTED")
    await court.runner.until_idle()
    await answers_late(court, "udi", court.press("koordinator", joint_messages.JOINT_CANCEL))


# --- drills


async def _begins_drill(court: Court, *refused: str) -> None:
    """The case is acute no more: no drill is held while one is."""
    await court.command("koordinator", "/tot fase")
    assert not await court.all(Case, phase=Phase.ACUTE)
    await court.command("koordinator", "/tot prøve", refused=refused)


async def begin_drill__confirm_line(court: Court) -> None:
    """A coordinator of the team; the leader of the agency."""
    await _begins_drill(court, *STRANGERS)
    refused = ("koordinator", "politi-vakt", "barnevern-leder", "utenforstaende")
    await court.press("politi-leder", drill.CONFIRM_LINE, refused=refused)


async def answer_drill(court: Court) -> None:
    """Only who got it; nobody can tell from the log when, or that, they pressed."""
    await _begins_drill(court)
    refused = ("koordinator", "vara-koordinator", "botilbud", "utenforstaende")
    await court.press("helse", drill.RECEIVED, refused=refused)
    court.runner.writes_back("udi", "Mottatt")
    await court.runner.until_idle()
    assert "answer_drill" not in {event for event, _ in court.logged()}


# --- agencies, reports, what is left over


async def keep_agency__add_agency__set_absence(court: Court) -> None:
    """Its leader, and a coordinator of the team, who alone adds one; a contact, their own absence.

    Deputies for the meetings in it are named as everywhere.
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
    """A coordinator of the team, once; of what it is of, nothing is said."""

    def left(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        assert hands_over(uow, team.id, ("https://tot.example/archives/D1/p1",)) is False

    await court.bot.database.write(left)
    await court.runner.until_idle()
    await court.press("koordinator", leftovers.CLEARED, refused=NOT_THE_TEAM)
