"""Sju sjømenn: sju voksne i én sak, og ingen tjeneste har tatt boligen."""

from __future__ import annotations

from datetime import date

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Sju sjømenn"
SENTENCE = "Sju voksne uten noe sted å bo. Ingen tjeneste tar boligen med en gang, og det står i rødt."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten"]
UNTAKEN = "ingen har tatt ansvar for dette"
ACTION = "rom til alle sju de neste to ukene"


async def play(runner: ExerciseRunner) -> None:
    room = await _opened(runner)
    for part in (_needed, _taken, _agreed, _met, _overdue, _done, _fewer, _ended):
        await part(runner, room)


async def _opened(runner: ExerciseRunner) -> str:
    runner.chapter("Sju voksne, én sak", "Personene heter A til G, og alle tjenestene er med for alle sju.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "7"})
    await steps.confirm(runner, "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")
    steps.inside(runner, room, "koordinator", "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")
    await runner.person("helse").sees("*Personer:* A, B, C, D, E, F og G", in_=room)
    await steps.presses(runner, "Jeg kommer", "politi-exit", "bistandsadvokat", "helse", "sosialtjenesten")
    return room


async def _needed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Hvem har hva?", "Behovene føres opp. Boligen er det ingen som tar, og det står i rødt.")
    await steps.fills_in(
        runner, "/tot tiltak behov", room, {"Behov": ["Beskyttelse", "Et sted å bo", "Helsehjelp", "Advokat"]}
    )
    taken = {"Beskyttelse": "Politiet", "Helsehjelp": "Helsetjenesten", "Advokat": "Bistandsadvokaten"}
    await runner.koordinator.fills(taken)
    await runner.sends(runner.koordinator)
    await runner.until_idle()
    await runner.person("politi-exit").sees(f"Et sted å bo: {UNTAKEN}", in_=room)
    await runner.koordinator.opens_home()
    await runner.until_idle()
    await runner.koordinator.sees("Ingen har tatt ansvar for", in_="home")


async def _taken(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Sosialtjenesten tar boligen", "Ett trykk på sakskortet, og det røde blir borte.")
    await steps.presses(runner, "Vi tar ansvar", "sosialtjenesten", in_=room)
    await runner.person("sosialtjenesten").sees("Et sted å bo: Sosialtjenesten", in_=room)
    steps.unknown_to(runner, UNTAKEN, "sosialtjenesten", "politi-exit")


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
    await runner.person("sosialtjenesten").sees(ACTION, in_="tot-bot")
    await runner.person("bistandsadvokat").sees(ACTION, in_=room)
    steps.unknown_to(runner, ACTION, "utenforstaende", "barnevern", "politi-vakt")


async def _met(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Møtet", "Alle fire kommer. Det åpne tiltaket står i referatet.")
    await runner.until(runner.day(2, "11:30"))
    await steps.fills_in(runner, "/tot oppmøte", room, dict.fromkeys(AGENCIES, "Møtte"), title="Oppmøte")
    await runner.person("helse").sees(f"Sosialtjenesten: Et sted å bo: {ACTION}", in_=room)


async def _overdue(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Fristen går ut", "Den som har tiltaket, blir minnet på det, til slutt også koordinatoren."
    )
    await runner.until(runner.day(8, "09:00"))
    await runner.person("sosialtjenesten").sees("fristen var fredag 4. desember", in_="tot-bot")
    await runner.koordinator.sees("fristen var fredag 4. desember", in_="tot-bot")


async def _done(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Utført", "Den som har tiltaket, sier fra med ett trykk.")
    await steps.presses(runner, "Utført", "sosialtjenesten")
    await runner.koordinator.sees("utført", in_=room)


async def _fewer(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("For to av dem er det over", "Bokstavene flytter seg aldri, og saken går videre for fem.")
    for letter in "CF":
        await steps.fills_in(runner, f"/tot avslutt {letter}", room)
    await runner.person("helse").sees("*Avsluttet for:* C", in_=room)
    await runner.person("helse").sees("*Personer:* A, B, D, E og G", in_=room)


async def _ended(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Saken avsluttes", "Alle andre enn koordinatoren går ut av rommet.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
    steps.inside(runner, room, "koordinator")
