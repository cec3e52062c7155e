"""How the rows about what lies outside cases are tried: who can what, guidance, convening, joint meetings."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.case.entities import Case, Phase
from bot.domain.drill import DrillAsk
from bot.domain.joint import JointInvitation, JointMeeting
from bot.usecases.leftovers import hand_over
from bot.usecases.ports import UnitOfWork
from handlers import convening, drill, leftovers
from handlers.case import modals as case_modals
from handlers.directory import roster as directory_roster
from handlers.guidance import messages as guidance_messages
from handlers.joint import messages as joint_messages
from sandbox.mail import clients
from tests.e2e import kit
from tests.handlers.access.check import STRANGERS, Trial
from tests.handlers.access.workspace import Court
from tests.handlers.slack.test_bad_input import text_of

#: Also the one who asked: the answer is the coordinators' to give.
NOT_THE_TEAM = ("helse", *STRANGERS)
QUESTION = {"value": "Hvem kan hjelpe med bolig?"}


async def see_roster(court: Court) -> None:
    """Anyone, also as a page to print."""
    stranger = court.person("utenforstaende")
    shown = await stranger.types("/tot hvem", "#generelt")
    assert shown is not None
    assert "Politiet" in shown.text
    assert court.room.removeprefix("rom-") not in shown.text
    await court.press("utenforstaende", directory_roster.PRINT_ROSTER, value="print", opens=False)
    await court.press("utenforstaende", directory_roster.PRINT_ROSTER, value="annet", opens=False)
    assert [m.text for m in kit.direct(court.sandbox, "utenforstaende") if "En fil til deg" in m.text]


async def asks_guidance(court: Court, handle: str) -> None:
    person = court.person(handle)
    await person.types("/tot veiledning")
    await person.fills({"Tema": "Annet", "Hva vil du drøfte?": QUESTION["value"]})
    await court.runner.sends(person)
    await person.closes(whole_stack=True)
    await court.runner.until_idle()


async def ask_guidance(court: Court) -> None:
    """Anyone, by the word and in Home."""
    await court.asks_for("politi-exit", "/tot veiledning", text=QUESTION)
    await court.person("utenforstaende").opens_home()
    await court.runner.until_idle()
    await court.press("utenforstaende", guidance_messages.ASK_GUIDANCE, text=QUESTION)
    asked = [m.text for m in kit.direct(court.sandbox, "koordinator") if "ber om veiledning" in m.text]
    assert len(asked) == 2


async def answer_guidance(court: Court) -> None:
    await asks_guidance(court, "helse")
    answer = {"value": "Ring vaktlinjen."}
    await court.press(
        "vara-koordinator", guidance_messages.ANSWER_GUIDANCE, refused=NOT_THE_TEAM, text=answer
    )
    await court.person("helse").sees("Ring vaktlinjen.", in_="tot-bot")


async def invite_to_talk(court: Court) -> None:
    await asks_guidance(court, "helse")
    await court.press("koordinator", guidance_messages.INVITE_TO_TALK, refused=NOT_THE_TEAM)
    await court.person("helse").sees("samtale", in_="tot-bot")


async def close_guidance(court: Court) -> None:
    """A coordinator of the team that was asked; a case is opened from it, or it is closed."""
    await asks_guidance(court, "helse")
    fill = ("place", "agencies")
    await court.press("koordinator", case_modals.OPEN_CASE_FROM, refused=NOT_THE_TEAM, fill=fill)
    assert len(kit.rooms(court.sandbox)) == 2
    await asks_guidance(court, "helse")
    await court.press("koordinator", guidance_messages.CLOSE_GUIDANCE, refused=NOT_THE_TEAM)
    await court.person("koordinator").sees("er avsluttet", in_="tot-bot")


async def asks_to_convene(court: Court, handle: str) -> None:
    person = court.person(handle)
    await person.types("/tot kalle")
    await person.fills({"Hvor fort bør TOT møtes?": "I dag"})
    await court.runner.sends(person)
    await person.closes(whole_stack=True)
    await court.runner.until_idle()


async def ask_to_convene(court: Court) -> None:
    """Anyone, by the word; and by those of the coordinator, which say whom to ring first."""
    stranger = court.person("utenforstaende")
    await stranger.types("/tot akutt")
    assert "ring 112 eller barnevernvakten" in (await stranger.sees_modal("Kall TOT sammen")).text
    await stranger.closes()
    await stranger.types("/tot kall")
    assert "ring 112 eller barnevernvakten" in (await stranger.sees_modal("Kall TOT sammen")).text
    await stranger.closes()
    await court.uses("utenforstaende", "Akutt: kall TOT sammen", fill=("agency", "urgency"))
    assert "Koordinatorene har fått det" in court.shown
    await court.command("politi-exit", "/tot kalle", note={"value": "Flere tjenester trengs."})
    await court.person("koordinator").sees("Flere tjenester trengs.", in_="tot-bot")


async def decide_convening(court: Court) -> None:
    """A coordinator of the team that was asked: no with a reason, yes by opening a case."""
    await asks_to_convene(court, "helse")
    await court.press("koordinator", convening.DECLINE_CONVENING, refused=NOT_THE_TEAM)
    await court.person("helse").sees("kalles ikke sammen", in_="tot-bot")
    await asks_to_convene(court, "helse")
    fill = ("place", "agencies")
    await court.press("koordinator", case_modals.OPEN_CASE_FROM, refused=NOT_THE_TEAM, fill=fill)
    await court.person("helse").sees("Ja, TOT kalles sammen", in_="tot-bot")


async def calls_joint(court: Court, *refused: str) -> None:
    topic = {"value": "Deling av opplysninger"}
    await court.asks_for(
        *("koordinator", "/tot fellesmøte i morgen kl 12"),
        in_=court.room,
        refused=refused,
        fill=("place",),
        topic=topic,
    )


async def a_joint_meeting(court: Court) -> JointMeeting:
    """The one that was called last."""
    found = await court.bot.database.read(lambda uow: uow.find(JointMeeting))
    return max(found, key=lambda meeting: meeting.called_at)


async def call_joint(court: Court) -> None:
    """A coordinator of the team, by the form."""
    await calls_joint(court, *STRANGERS)
    await court.person("helse").sees("Deling av opplysninger", in_="tot-bot")


async def see_joint(court: Court) -> None:
    """A contact of a partner, in whichever channel; a stranger is shown none."""
    await calls_joint(court)
    for handle, sees in (("helse", True), ("utenforstaende", False)):
        shown = text_of(await court.person(handle).types("/tot fellesmøte"))
        assert "fellesmøter" in shown
        assert ("Deling av opplysninger" in shown) is sees, handle


async def join_joint(court: Court) -> None:
    """A contact of a partner, also one who was not invited; nobody else."""
    await calls_joint(court)
    meeting = await a_joint_meeting(court)

    def not_invited(uow: UnitOfWork) -> None:
        person = uow.person_by_slack(court.person("helse").id)
        (own,) = (i for i in uow.find(JointInvitation) if person is not None and i.person_id == person.id)
        uow.remove(own)

    await court.bot.database.write(not_invited)
    await court.press(
        *("helse", joint_messages.JOINT_JOIN),
        value=f"{meeting.id}|0",
        refused=("utenforstaende",),
        opens=False,
    )
    await court.person("helse").sees("Du kommer.", in_="tot-bot")
    await court.person("koordinator").sees("Helsetjenesten", in_="tot-bot")


async def answer_joint(court: Court) -> None:
    """Until it begins; not by those who called it."""
    await calls_joint(court)
    refused = ("koordinator", "vara-koordinator", "utenforstaende")
    await court.press("helse", joint_messages.JOINT_COMES, refused=refused, opens=False)
    await court.person("helse").sees("Du kommer.", in_="tot-bot")
    await court.press("helse", joint_messages.JOINT_STAYS_AWAY, refused=refused, opens=False)
    await court.person("koordinator").sees("Helsetjenesten", in_="tot-bot")


async def answer_joint_by_calendar(court: Court) -> None:
    """The one who was invited by mail, while the invitation stands."""
    await calls_joint(court)
    court.runner.answers("udi", "ACCEPTED")
    await court.runner.until_idle()
    seen = await court.person("koordinator").sees("Kommer (1)", in_="tot-bot")
    assert "UDI" in str(seen)
    mail_servers = court.runner.mail
    assert mail_servers is not None
    (entry,) = court.runner.calendar("udi")
    await court.press("koordinator", joint_messages.JOINT_CANCEL, refused=())
    mail_servers.deliver(
        entry.organizer, clients.reply("outlook", entry, "DECLINED", court.sandbox.clock.now())
    )
    await court.runner.until_idle()
    assert "refused" in {event for event, _ in court.logged()}


async def move_joint(court: Court) -> None:
    await calls_joint(court)
    topic = {"value": "Hva vi kan dele"}
    later = {"selected_date_time": int(court.runner.day(2, "12:00").timestamp())}
    await court.press(
        "koordinator", joint_messages.JOINT_MOVE, refused=NOT_THE_TEAM, topic=topic, starts_at=later
    )
    await court.person("helse").sees("Fellesmøtet er flyttet", in_="tot-bot")
    await court.person("helse").sees("Hva vi kan dele", in_="tot-bot")


async def cancel_joint(court: Court) -> None:
    await calls_joint(court)
    await court.press("koordinator", joint_messages.JOINT_CANCEL, refused=NOT_THE_TEAM)
    await court.person("helse").sees("Fellesmøtet er avlyst", in_="tot-bot")


async def register_joint(court: Court) -> None:
    """A coordinator of the team, once it has begun."""
    await calls_joint(court)
    await court.runner.until(court.runner.day(1, "13:30"))
    await court.press("vara-koordinator", joint_messages.JOINT_REGISTER, refused=NOT_THE_TEAM, fill=("came",))
    await court.person("koordinator").sees("Én kom.", in_="tot-bot")


async def calm(court: Court) -> None:
    """The case is acute no more: no drill is held while one is."""
    await court.command("koordinator", "/tot fase")
    assert not await court.bot.database.read(lambda uow: uow.find(Case, phase=Phase.ACUTE))


async def begin_drill(court: Court) -> None:
    """A coordinator of the team, not while an acute case is open."""
    refused = await court.person("koordinator").types("/tot prøve")
    assert refused is not None
    assert "akutt sak åpen" in refused.text
    await calm(court)
    await court.command("koordinator", "/tot prøve", refused=STRANGERS)
    await court.person("helse").sees("Dette er en prøve.", in_="tot-bot")


async def answer_drill(court: Court) -> None:
    """Only who got it; nobody can tell from the log when, or that, they pressed."""
    await calm(court)
    await court.command("koordinator", "/tot prøve")
    refused = ("koordinator", "vara-koordinator", "botilbud", "utenforstaende")
    await court.press("helse", drill.RECEIVED, refused=refused, opens=False)
    await court.person("helse").sees("Takk, prøven nådde deg.", in_="tot-bot")
    court.runner.writes_back("udi", "Mottatt")
    await court.runner.until_idle()
    asks = await court.bot.database.read(lambda uow: uow.find(DrillAsk))
    assert len([ask for ask in asks if ask.reached_on is not None]) == 2
    assert "answer_drill" not in {event for event, _ in court.logged()}


async def confirm_line(court: Court) -> None:
    """The leader of the agency."""
    await calm(court)
    await court.command("koordinator", "/tot prøve")
    refused = ("koordinator", "politi-vakt", "barnevern-leder", "utenforstaende")
    await court.press("politi-leder", drill.CONFIRM_LINE, refused=refused, opens=False)
    await court.person("politi-leder").sees("nummer bekreftet i", in_="tot-bot")


async def clear_leftovers(court: Court) -> None:
    """A coordinator of the team, once; of what it is of, nothing is said."""
    links = ("https://tot.example/archives/D1/p1",)

    def left(uow: UnitOfWork) -> None:
        (team,) = uow.teams()
        assert hand_over(uow, team.id, links) is False

    await court.bot.database.write(left)
    await court.runner.until_idle()
    await court.coordinator.sees(links[0], in_="tot-bot")
    await court.press("koordinator", leftovers.CLEARED, refused=NOT_THE_TEAM, opens=False)
    assert not any(links[0] in m.text for m in kit.direct(court.sandbox, "koordinator"))


OUTSIDE: Mapping[Action, Trial] = {
    Action.SEE_ROSTER: Trial(see_roster, "/roster print_roster"),
    Action.ASK_GUIDANCE: Trial(ask_guidance, "/guidance ask_guidance form ask_guidance"),
    Action.ANSWER_GUIDANCE: Trial(answer_guidance, "answer_guidance form answer_guidance"),
    Action.INVITE_TO_TALK: Trial(invite_to_talk, "invite_to_talk form invite_to_talk"),
    Action.CLOSE_GUIDANCE: Trial(
        close_guidance, "close_guidance form close_guidance open_case_from form open_case"
    ),
    Action.ASK_TO_CONVENE: Trial(
        ask_to_convene,
        "/convene /acute /gather shortcut convene_now form not_coordinator form ask_to_convene",
    ),
    Action.DECIDE_CONVENING: Trial(
        decide_convening, "decline_convening form decline_convening open_case_from"
    ),
    Action.CLEAR_LEFTOVERS: Trial(clear_leftovers, "cleared"),
    Action.BEGIN_DRILL: Trial(begin_drill, "/drill form drill"),
    Action.ANSWER_DRILL: Trial(answer_drill, "drill_received", mail=True),
    Action.CONFIRM_LINE: Trial(confirm_line, "confirm_line"),
    Action.CALL_JOINT: Trial(call_joint, "/joint form joint form joint_review"),
    Action.SEE_JOINT: Trial(see_joint, "/joint"),
    Action.JOIN_JOINT: Trial(join_joint, "joint_join"),
    Action.ANSWER_JOINT: Trial(answer_joint, "joint_comes joint_stays_away"),
    Action.ANSWER_JOINT_BY_CALENDAR: Trial(answer_joint_by_calendar, "", mail=True),
    Action.MOVE_JOINT: Trial(move_joint, "joint_move form joint_move form joint_move_review"),
    Action.CANCEL_JOINT: Trial(cancel_joint, "joint_cancel form joint_cancel"),
    Action.REGISTER_JOINT: Trial(register_joint, "joint_register form joint_register"),
}
