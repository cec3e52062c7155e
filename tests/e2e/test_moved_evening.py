"""An acute evening on which the meeting is moved: what was agreed holds, and who has to hear it stands there.

One has confirmed in Slack, one was reached by telephone although on Slack, one has sent a deputy who is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cli.demo import rehearse
from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, ExerciseRunner
from tests.e2e import kit

FRIDAY = datetime(2026, 12, 4, 21, 0, tzinfo=ZONE)
AGENCIES = ["Politiet", "Barnevernvakten", "Bistandsadvokaten"]
COMES = {"Hva svarte de?": "Kommer"}


async def _agreed(runner: ExerciseRunner) -> str:
    """Three of three come to a meeting at 22:30; the name of the room."""
    room = await kit.open_case(runner, *AGENCIES, when="i kveld kl 22:30")
    await steps.confirm(runner, "barnevernvakt", "bistandsadvokat")
    await steps.presses(runner, "Jeg kommer", "barnevernvakt")
    await steps.answers_form(
        runner,
        "bistandsadvokat",
        "Kan ikke",
        {"Hvorfor kan du ikke?": "Borte fra jobb", "Hvem kommer i stedet?": "Vaktadvokat"},
    )
    await steps.presses(runner, "Godkjenn", "koordinator")
    said = {**steps.CONFIRMS, **COMES}
    await steps.answers_form(runner, "koordinator", "Registrer svar", said, near="Vaktadvokat")
    await _rings(runner, room, "Politiet", said)
    return room


async def _rings(runner: ExerciseRunner, room: str, agency: str, said: steps.Fields) -> None:
    """Nobody says that the agency has to be rung: the coordinator does, and finds it in «Valg»."""
    koordinator = runner.person("koordinator")
    await koordinator.presses("Valg", in_=room)
    await koordinator.sees_modal("Valg i saken")
    await koordinator.presses("Ring og registrer svar")
    listed = await koordinator.sees_modal("Registrer svar")
    assert all(name in listed.text for name in AGENCIES)
    await koordinator.presses("Registrer svar", near=agency)
    await runner.until_idle()
    await steps.form(runner, "koordinator", said)


def _ringing(runner: ExerciseRunner) -> str:
    (text,) = [m.text for m in kit.direct(runner.sandbox, "koordinator") if "Ring disse" in m.text]
    return text


async def test_what_was_agreed_before_a_move_is_not_lost(play_url: str) -> None:
    async with rehearse(play_url, starts=FRIDAY, sandbox=kit.quick(), mail=False) as rehearsal:
        runner, sandbox = rehearsal.runner, rehearsal.runner.sandbox
        koordinator = runner.person("koordinator")
        room = await _agreed(runner)
        await koordinator.sees("*3 kommer*", in_=room)
        await runner.until(FRIDAY + timedelta(minutes=10))
        before = kit.new_messages(sandbox.activity)

        await koordinator.types("/tot flytt", in_=room)
        await koordinator.sees_modal("Flytt møte")
        await koordinator.fills({"Når begynner møtet?": "30 minutter senere, kl. 23:00"})
        await runner.sends(koordinator)
        review = await koordinator.sees_modal("Se over og send")
        rung = review.text.partition("*Må få vite det av deg")[2]
        assert "Politiet" in rung
        assert "Vaktadvokat" in rung
        assert "Barnevernvakten" not in rung
        await kit.send(runner, koordinator)

        # At once: the deputy is kept, and both who were told by telephone have to be.
        text = _ringing(runner)
        assert text.count("Si fra om ny tid.") == 2
        assert "Vaktadvokat (vara)" in text
        await koordinator.sees("*Møtet er flyttet* fra fredag 4. desember kl. 22:30.", in_=room)
        await runner.person("bistandsadvokat").sees("Varaen blir spurt om den nye tiden.", in_="tot-bot")
        new = kit.new_messages(sandbox.activity) - before
        # The list of whom to ring; a summons each, and its file for who comes.
        assert {handle: new[handle] for handle in ("koordinator", "bistandsadvokat")} == {
            "koordinator": 1,
            "bistandsadvokat": 1,
        }

        # The deputy has confirmed taushetsplikt for the case: one thing is asked.
        await koordinator.presses("Registrer svar", in_="tot-bot", near="Vaktadvokat")
        form = await koordinator.sees_modal("Registrer svar")
        assert "Taushetsplikten" not in form.labels()
        await steps.form(runner, "koordinator", COMES)
        await koordinator.types("/tot ring", in_=room)
        await koordinator.sees_modal("Registrer svar")
        await koordinator.presses("Registrer svar", near="Politiet")
        await runner.until_idle()
        await steps.form(runner, "koordinator", COMES)
        await steps.presses(runner, "Jeg kommer", "barnevernvakt")
        await koordinator.sees("*3 kommer*", in_=room)

        # Whoever sent the deputy can come after all, and the deputy is not left in the list.
        await steps.presses(runner, "Jeg kan komme likevel", "bistandsadvokat")
        await koordinator.sees("*3 kommer*", in_=room)
