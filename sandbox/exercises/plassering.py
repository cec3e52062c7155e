"""Plassering: tre tjenester planlegger sammen, og slutten kommer aldri uten varsel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ZONE, ExerciseRunner

TITLE = "Plassering i et halvt år"
SENTENCE = "Boten sier hvem som ikke er med i plasseringen. Den forlenges, og planlegges til den er over."
STARTS = TUESDAY

FROM, TO = date(2026, 12, 2), date(2027, 5, 24)
#: The end of the first decision, which lasts six weeks and is followed by another.
FIRST_TO = date(2027, 1, 12)


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Saken opprettes", "Politi og barnevern er med fra første dag.")
    room = await steps.opens(runner, ["Politiet", "Barneverntjenesten"], "i overmorgen kl 10")
    await steps.come(runner, "politi-exit", "barnevern")

    runner.chapter("Plasseringen føres inn", "Datoene skrives inn av et menneske, og bekreftes.")
    await _presses(runner, room, "Ny plassering")
    await runner.koordinator.fills({"Fra": FROM, "Til": TO + timedelta(days=30)})
    await runner.is_refused(runner.koordinator)
    await runner.koordinator.fills({"Til": FIRST_TO})
    await runner.sends(runner.koordinator)
    await steps.form(runner, "koordinator")

    runner.chapter("UDI kommer med", "UDI er ikke på Slack. Koordinatoren ringer og registrerer svaret.")
    await steps.convenes(runner, "/tot inviter UDI", room)
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.CONFIRMS)

    runner.chapter("Arbeidsfasen begynner", "Det første møtet er holdt, og nå er det langt til neste.")
    await runner.until(runner.day(3, "09:00"))
    await steps.registers(runner, "Politiet", "Barneverntjenesten", "UDI")
    await steps.fills_in(runner, "/tot fase", room, {"Fase": "Arbeidsfase"})

    runner.chapter("Et nytt vedtak", "Det ene vedtaket følger det andre. Slutten flyttes og bekreftes.")
    await _presses(runner, room, "Forlenget ved nytt vedtak")
    await runner.koordinator.sees_modal("Plassering")
    await runner.koordinator.fills({"Til": TO})
    await runner.sends(runner.koordinator)
    await steps.form(runner, "koordinator")

    runner.chapter("Det første planmøtet", "Boten foreslår, koordinatoren kaller inn.")
    # Easter Monday is replaced by the Wednesday before.
    await _plan(runner, date(2027, 3, 24))

    runner.chapter("Det andre planmøtet", "En måned før slutten.")
    await _plan(runner, date(2027, 4, 26))

    runner.chapter("Det siste planmøtet", "To uker før slutten.")
    await _plan(runner, date(2027, 5, 10))

    runner.chapter("Slutten", "Varsel før, på dagen og etter, til noen sier hva som kommer etterpå.")
    await runner.until(datetime(TO.year, TO.month, TO.day, 9, 0, tzinfo=ZONE))
    await runner.later(days=2)
    await steps.presses(runner, "Avklart eller opphevet", "koordinator")

    runner.chapter("Saken avsluttes", "Etter et halvt år går alle ut av rommet.")
    await runner.later(days=7)
    await steps.fills_in(runner, "/tot avslutt", room)


async def _presses(runner: ExerciseRunner, room: str, what: str) -> None:
    await runner.koordinator.types("/tot frist", in_=room)
    await runner.koordinator.presses(what)
    await runner.until_idle()


async def _plan(runner: ExerciseRunner, day: date) -> None:
    """Call the planning meeting that the bot proposes on this day, and hold it."""
    await runner.until(datetime(day.year, day.month, day.day, 8, 30, tzinfo=ZONE))
    await runner.koordinator.presses("Sett neste møte", in_="tot-bot", near="planmøte")
    await runner.koordinator.sees_modal("Kall inn til møte")
    await runner.koordinator.fills({"Sted": "Møterom Nord"})
    await steps.reviews(runner)
    await steps.presses(runner, "Jeg kommer", "politi-exit", "barnevern")
    await steps.answers_form(runner, "koordinator", "Registrer svar", steps.COMES)
    await runner.until(runner.day(7, "09:00"))
    await steps.registers(runner, "Politiet", "Barneverntjenesten", "UDI")
