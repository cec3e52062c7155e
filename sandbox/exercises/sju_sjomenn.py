"""Sju sjømenn: sju voksne i én sak, og ingen tjeneste har tatt boligen."""

from __future__ import annotations

from datetime import date

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Sju sjømenn"
SENTENCE = "Sju voksne uten noe sted å bo. Ingen tjeneste tar boligen med en gang, og det står i rødt."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten"]


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Sju voksne, én sak", "Personene heter A til G, og alle tjenestene er med for alle sju.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "7"})
    await steps.come(runner, "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")

    runner.chapter("Hvem har hva?", "Behovene føres opp. Boligen er det ingen som tar, og det står i rødt.")
    taken = {"Beskyttelse": "Politiet", "Helsehjelp": "Helsetjenesten", "Advokat": "Bistandsadvokaten"}
    await steps.needs(runner, room, taken, "Et sted å bo")
    await runner.koordinator.opens_home()
    await runner.until_idle()

    runner.chapter("Sosialtjenesten tar boligen", "Ett trykk på sakskortet, og det røde blir borte.")
    await steps.presses(runner, "Vi tar ansvar", "sosialtjenesten", in_=room)

    runner.chapter("Et tiltak med frist", "Hvem gjør hva, for hvem, til når.")
    await steps.fills_in(
        runner,
        "/tot tiltak sosialtjenesten",
        room,
        {
            "Ansvarlig tjeneste": "Sosialtjenesten",
            "Hvilket behov?": "Et sted å bo",
            "Hva skal gjøres?": "rom til alle sju de neste to ukene",
            "Hvem gjelder det?": list("ABCDEFG"),
            "Frist": date(2026, 12, 4),
        },
    )

    runner.chapter("Møtet", "Alle fire kommer. Det åpne tiltaket står i referatet.")
    await runner.until(runner.day(2, "11:30"))
    await steps.fills_in(runner, "/tot oppmøte", room, dict.fromkeys(AGENCIES, "Møtte"), title="Oppmøte")

    runner.chapter(
        "Fristen går ut", "Den som har tiltaket, blir minnet på det, til slutt også koordinatoren."
    )
    await runner.until(runner.day(8, "09:00"))

    runner.chapter("Utført", "Den som har tiltaket, sier fra med ett trykk.")
    await steps.presses(runner, "Utført", "sosialtjenesten")

    runner.chapter("For to av dem er det over", "Bokstavene flytter seg aldri, og saken går videre for fem.")
    for letter in "CF":
        await steps.fills_in(runner, f"/tot avslutt {letter}", room)

    runner.chapter("Saken avsluttes", "Alle andre enn koordinatoren går ut av rommet.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
