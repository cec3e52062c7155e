"""Somebody else answers the duty phone, another of the list or who is on duty: never on the wrong person."""

from __future__ import annotations

from bot.cli.demo import Rehearsal
from bot.domain.case.duty import Arrival
from sandbox.exercises import steps
from sandbox.exercises.runner import ExerciseRunner
from tests.e2e import kit
from tests.e2e.test_escalation import card, headings, listed

WHO = "Hvem snakket du med?"
ON_DUTY = "En annen på vakt: vakthavende"


async def rings(runner: ExerciseRunner, who: str, said: str = "Kommer", agency: str = "Politiet") -> None:
    """The coordinator rings an agency from the list, and fills in who answered and what they said."""
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ring", in_=kit.rooms(runner.sandbox)[-1])
    await koordinator.sees_modal()
    await koordinator.presses("Registrer svar", near=agency)
    await koordinator.sees_modal("Registrer svar")
    await koordinator.fills({WHO: who, "Hva svarte de?": said})


async def test_who_is_on_duty_answers_for_the_agency_and_gets_no_seat(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten", when="i morgen kl 08:30")
    await runner.later(minutes=16)
    assert "*Politiet:* @politi-exit" in listed(runner)
    koordinator = runner.person("koordinator")
    await rings(runner, ON_DUTY)
    assert list(await runner.is_refused(koordinator)) == ["Taushetsplikten"]
    await koordinator.fills(steps.CONFIRMS)
    await kit.send(runner, koordinator)
    assert koordinator.modal is not None
    shown = koordinator.modal.text
    assert (
        "*Politiet:* En annen på vakt (vakthavende) svarte på vakttelefonen tirsdag 1. desember kl. 09:16"
        in shown
    )
    assert "bekreftet taushetsplikten. @koordinator ringte.\nTjenesten kommer." in shown
    await koordinator.closes()
    assert "*Politiet:* kommer" in card(runner, room)
    assert "@politi-exit" not in card(runner, room)
    assert "*Politiet:* @" not in listed(runner)

    await runner.later(minutes=40)
    assert headings(runner, "politi-vakt") == []
    assert kit.people_in(runner.sandbox, room) == {"koordinator"}
    assert kit.CONFIRM in kit.direct(runner.sandbox, "politi-exit")[-1].text, "they have confirmed nothing"
    await kit.confirm(runner, "politi-exit")
    assert "politi-exit" in kit.people_in(runner.sandbox, room)


async def test_another_of_the_list_has_answered_as_themselves(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await rings(runner, "1. Vakthavende")
    await runner.person("koordinator").fills(steps.CONFIRMS)
    await kit.send(runner, runner.person("koordinator"))
    await runner.person("koordinator").closes()
    assert "*Politiet:* kommer · @politi-vakt" in card(runner, room)
    assert "politi-vakt" in kit.people_in(runner.sandbox, room)
    assert "politi-exit" not in kit.people_in(runner.sandbox, room)


async def test_a_move_asks_the_agency_anew(runner: ExerciseRunner) -> None:
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await rings(runner, ON_DUTY)
    await runner.person("koordinator").fills(steps.CONFIRMS)
    await kit.send(runner, runner.person("koordinator"))
    await runner.person("koordinator").closes()
    assert "*Politiet:* kommer" in card(runner, room)
    await kit.submit_form(runner, "koordinator", "/tot flytt i overmorgen kl 14", room)
    assert "*Politiet:* kommer" not in card(runner, room)
    assert "Politiet" in listed(runner), "whoever was spoken to knows the old time: it is to be rung at once"


async def test_the_phone_is_the_only_place_where_another_answers(runner: ExerciseRunner) -> None:
    await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    await rings(runner, ON_DUTY)
    koordinator = runner.person("koordinator")
    await koordinator.fills({**steps.CONFIRMS, "Hvordan fikk de beskjed?": "Ansikt til ansikt"})
    assert list(await runner.is_refused(koordinator)) == ["Hvordan fikk de beskjed?"]


async def test_who_is_registered_while_the_meeting_is_held_reads_when_and_where(
    runner: ExerciseRunner,
) -> None:
    room = await kit.open_case(
        runner, "Barneverntjenesten", **{"Lenke til videomøte": "https://meet.example.no/tot-bergen"}
    )
    await runner.until(runner.day(2, "10:05"))
    koordinator = runner.person("koordinator")
    await koordinator.types("/tot ring", in_=room)
    await koordinator.sees_modal()
    await koordinator.presses("Registrer svar")
    await koordinator.sees_modal("Registrer svar")
    await koordinator.fills({"Hva svarte de?": "Kommer", **steps.CONFIRMS})
    await kit.send(runner, koordinator)
    (told,) = [m.text for m in kit.direct(runner.sandbox, "barnevern") if "Du kommer på møtet" in m.text]
    assert "torsdag 3. desember kl. 10–11" in told
    assert "https://meet.example.no/tot-bergen" in told
    assert "Jeg er til stede" in told


async def test_who_came_is_registered_by_name_or_as_the_function(rehearsal: Rehearsal) -> None:
    runner = rehearsal.runner
    room = await kit.open_case(runner, "Politiet", "Barneverntjenesten")
    koordinator = runner.person("koordinator")
    for agency in ("Politiet", "Barneverntjenesten"):
        await rings(runner, ON_DUTY, agency=agency)
        await koordinator.fills(steps.CONFIRMS)
        await kit.send(runner, koordinator)
        await koordinator.closes()
    await runner.until(runner.day(2, "10:05"))
    await koordinator.types("/tot oppmøte", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Politiet": "Møtte", "Hvem kom for Politiet?": "2. Vakthavende"})
    await koordinator.fills({"Barneverntjenesten": "Møtte", "Hvem kom for Barneverntjenesten?": ON_DUTY})
    await kit.send(runner, koordinator)
    await runner.until(runner.day(2, "11:01"))
    minutes = koordinator.messages(room)[-1].text
    assert "• Barneverntjenesten: møtte\n• Politiet: møtte" in minutes
    came = await rehearsal.bot.database.read(lambda uow: [a.person_id for a in uow.find(Arrival)])
    officer = await rehearsal.bot.database.read(lambda uow: uow.person_by_slack("U0POLITIVAKT"))
    assert officer is not None
    assert sorted(came, key=str) == sorted([None, officer.id], key=str)
