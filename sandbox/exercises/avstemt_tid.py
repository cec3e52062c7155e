"""Avstemt tid: koordinatoren foreslår tre tider, og kaller inn med ett trykk når nok tjenester kan."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Avstemt tid"
SENTENCE = "Tre tider i stedet for én: hver tjeneste trykker på dem som passer, og ett trykk kaller inn."
STARTS = TUESDAY

EVERYBODY = ("politi-exit", "barnevern", "helse", "sosialtjenesten")
THURSDAY, FRIDAY = "torsdag 10. desember", "fredag 11. desember"
WEDNESDAY = "onsdag 16. desember"


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Det første møtet", "Saken går inn i arbeidsfasen, og neste møte haster ikke.")
    room = await steps.first_meeting(runner)
    await steps.fills_in(runner, "/tot fase", room, {"Fase": "Arbeidsfase"})

    runner.chapter("Tre tider i stedet for én", "I det samme skjemaet som ellers. Ingen kalles inn ennå.")
    times = {
        "Når begynner møtet?": runner.day(7, "10:00"),
        "Flere tider?": runner.day(8, "09:00"),
        "En tredje tid": runner.day(11, "12:00"),
    }
    fields = {**times, "Sted": "Møterom Nord"}
    await steps.convenes(runner, "/tot møte", room, fields, title="Kall inn til møte")

    runner.chapter("Hver trykker på det som passer", "Rommet ser om det blir nok, og hvem som mangler.")
    await _tap(runner, THURSDAY, "politi-exit")
    await _tap(runner, FRIDAY, "politi-exit", "helse")
    await _tap(runner, THURSDAY, "barnevern")

    runner.chapter("En tjeneste til", "Før taushetsplikten er bekreftet, vet den ingenting om tidene.")
    await steps.convenes(runner, "/tot inviter Sosialtjenesten", room)
    await steps.confirm(runner, "sosialtjenesten")
    await _tap(runner, FRIDAY, "sosialtjenesten")

    runner.chapter("Ett trykk", "De som kan, har svart. De andre spørres som vanlig.")
    await steps.presses(runner, "Kall inn", "koordinator", near=FRIDAY)
    await steps.presses(runner, "Jeg kommer", "barnevern")

    runner.chapter("Møtet må flyttes", "Også da foreslås flere tider, og det som svares, gjelder.")
    times = {"Flere tider?": runner.day(12, "10:00"), "En tredje tid": runner.day(13, "10:00")}
    await steps.convenes(runner, "/tot flytt", room, times, title="Flytt møtet")
    await _tap(runner, WEDNESDAY, *EVERYBODY)
    await steps.presses(runner, "Flytt hit", "koordinator", near=WEDNESDAY)


async def _tap(runner: ExerciseRunner, day: str, *handles: str) -> None:
    await steps.presses(runner, "Passer", *handles, near=day)
