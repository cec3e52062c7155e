"""Avstemt tid: koordinatoren foreslår tre tider, og kaller inn med ett trykk når nok tjenester kan."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Avstemt tid"
SENTENCE = "Tre tider i stedet for én: hver tjeneste trykker på dem som passer, og ett trykk kaller inn."
STARTS = TUESDAY

FIRST = ("politi-exit", "barnevern", "helse")
EVERYBODY = (*FIRST, "sosialtjenesten")
THURSDAY, FRIDAY = "torsdag 10. desember", "fredag 11. desember"
WEDNESDAY = "onsdag 16. desember"


async def play(runner: ExerciseRunner) -> None:
    room = await _met(runner)
    for part in (_proposed, _tapped, _joined, _called, _moved):
        await part(runner, room)


async def _met(runner: ExerciseRunner) -> str:
    runner.chapter("Det første møtet", "Saken går inn i arbeidsfasen, og neste møte haster ikke.")
    room = await steps.opens(runner, ["Politiet", "Barneverntjenesten", "Helsetjenesten"], "i morgen kl 10")
    await steps.confirm(runner, *FIRST)
    await steps.presses(runner, "Jeg kommer", *FIRST)
    await runner.until(runner.day(2, "09:00"))
    await steps.registers(runner, "Politiet", "Barneverntjenesten", "Helsetjenesten")
    await steps.fills_in(runner, "/tot fase", room, {"Fase": "Arbeidsfase"})
    return room


async def _proposed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Tre tider i stedet for én", "I det samme skjemaet som ellers. Ingen kalles inn ennå.")
    times = {
        "Når begynner møtet?": runner.day(7, "10:00"),
        "Flere tider?": runner.day(8, "09:00"),
        "En tredje tid": runner.day(11, "12:00"),
    }
    fields = {**times, "Sted": "Møterom Nord"}
    await steps.convenes(runner, "/tot møte", room, fields, title="Kall inn til møte")


async def _tapped(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Hver trykker på det som passer", "Rommet ser om det blir nok, og hvem som mangler.")
    await _taps(runner, "politi-exit", THURSDAY, FRIDAY)
    await _taps(runner, "helse", FRIDAY)
    await _taps(runner, "barnevern", THURSDAY)


async def _joined(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("En tjeneste til", "Før taushetsplikten er bekreftet, vet den ingenting om tidene.")
    await steps.convenes(runner, "/tot inviter Sosialtjenesten", room)
    await steps.confirm(runner, "sosialtjenesten")
    await _taps(runner, "sosialtjenesten", FRIDAY)


async def _called(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Ett trykk", "De som kan, har svart. De andre spørres som vanlig.")
    await steps.presses(runner, "Kall inn", "koordinator", near=FRIDAY)
    await steps.presses(runner, "Jeg kommer", "barnevern")


async def _moved(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Møtet må flyttes", "Også da foreslås flere tider, og det som svares, gjelder.")
    times = {"Flere tider?": runner.day(12, "10:00"), "En tredje tid": runner.day(13, "10:00")}
    await steps.convenes(runner, "/tot flytt", room, times, title="Flytt møtet")
    for handle in EVERYBODY:
        await _taps(runner, handle, WEDNESDAY)
    await steps.presses(runner, "Flytt hit", "koordinator", near=WEDNESDAY)


async def _taps(runner: ExerciseRunner, handle: str, *days: str) -> None:
    for day in days:
        await steps.presses(runner, "Passer", handle, near=day)
