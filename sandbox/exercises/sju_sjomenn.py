"""Sju sjømenn: sju voksne i én sak, og ingen tjeneste har tatt boligen."""

from __future__ import annotations

from datetime import date

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Sju sjømenn"
SENTENCE = "Sju voksne uten noe sted å bo. Ingen tjeneste tar boligen med en gang, og det står i rødt."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten"]
ACTION = "rom til alle sju de neste to ukene"


async def play(runner: ExerciseRunner) -> None:
    room = await _opened(runner)
    for part in (_needed, _taken, _agreed, _met, _overdue, _done, _fewer, _ended):
        await part(runner, room)


async def _opened(runner: ExerciseRunner) -> str:
    runner.chapter("Sju voksne, én sak", "Personene heter A til G, og alle tjenestene er med for alle sju.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "7"})
    await steps.confirm(runner, "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")
    await steps.presses(runner, "Jeg kommer", "politi-exit", "bistandsadvokat", "helse", "sosialtjenesten")
    return room


async def _needed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Hvem har hva?", "Behovene føres opp. Boligen er det ingen som tar, og det står i rødt.")
    await steps.fills_in(
        runner, "/tot tiltak behov", room, {"Behov": ["Beskyttelse", "Et sted å bo", "Helsehjelp", "Advokat"]}
    )
    taken = {"Beskyttelse": "Politiet", "Helsehjelp": "Helsetjenesten", "Advokat": "Bistandsadvokaten"}
    await steps.form(runner, "koordinator", taken)
    await steps.puts_away(runner.koordinator)
    await runner.koordinator.opens_home()
    await runner.until_idle()


async def _taken(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Sosialtjenesten tar boligen", "Ett trykk på sakskortet, og det røde blir borte.")
    await steps.presses(runner, "Vi tar ansvar", "sosialtjenesten", in_=room)


async def _agreed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Et tiltak med frist", "Hvem gjør hva, for hvem, til når.")
    await steps.fills_in(
        runner,
        "/tot tiltak sosialtjenesten",
        room,
        {
            "Ansvarlig tjeneste": "Sosialtjenesten",
            "Hvilket behov?": "Et sted å bo",
            "Hva skal gjøres?": ACTION,
            "Hvem gjelder det?": list("ABCDEFG"),
            "Frist": date(2026, 12, 4),
        },
    )


async def _met(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Møtet", "Alle fire kommer. Det åpne tiltaket står i referatet.")
    await runner.until(runner.day(2, "11:30"))
    await steps.fills_in(runner, "/tot oppmøte", room, dict.fromkeys(AGENCIES, "Møtte"), title="Oppmøte")


async def _overdue(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Fristen går ut", "Den som har tiltaket, blir minnet på det, til slutt også koordinatoren."
    )
    await runner.until(runner.day(8, "09:00"))


async def _done(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Utført", "Den som har tiltaket, sier fra med ett trykk.")
    await steps.presses(runner, "Utført", "sosialtjenesten")


async def _fewer(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("For to av dem er det over", "Bokstavene flytter seg aldri, og saken går videre for fem.")
    for letter in "CF":
        await steps.fills_in(runner, f"/tot avslutt {letter}", room)


async def _ended(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Saken avsluttes", "Alle andre enn koordinatoren går ut av rommet.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
