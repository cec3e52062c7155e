"""Askepott: to i én sak, koblet til saker for to andre distrikter, og en kontakt som går ut på dagen."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Askepott"
SENTENCE = (
    "To i samme sak, koblet til saker for to andre distrikter, og en kontakt derfra som er med til en dato."
)
STARTS = TUESDAY
LIAISON = "annet-distrikt"


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("To i Bergen", "Én sak, to personer.")
    room = await steps.opens(
        runner,
        ["Politiet", "Barneverntjenesten", "Sosialtjenesten"],
        "i overmorgen kl 10",
        **{"Hvor mange personer": "2", "Hvem ba om TOT?": "Politiet"},
    )
    await steps.confirm(runner, "politi-exit", "barnevern", "sosialtjenesten")

    runner.chapter(
        "Én i hvert av to andre distrikter", "De får hver sin sak, med hvert sitt rom og hver sine tjenester."
    )
    west = await steps.opens(runner, ["Helsetjenesten"], "i overmorgen kl 13")
    abroad = await steps.opens(runner, ["UDI"], "i overmorgen kl 15")
    await steps.confirm(runner, "helse")

    runner.chapter("Sakene kobles", "Bare koordinatoren ser det, og bare kodene.")
    for name in (west, abroad):
        other = {"Koble til": f"sak {name.removeprefix('rom-')}"}
        await steps.fills_in(runner, "/tot koble", room, other, title="Koble saker")
    await runner.koordinator.opens_home()
    await runner.until_idle()

    runner.chapter("En kontakt fra et annet distrikt", "Med til fredag, uten møteplikt.")
    runner.sandbox.add_person(LIAISON, is_restricted=True)
    await steps.links(
        runner, "Ta inn en kontakt fra et annet distrikt", room, Hvem=LIAISON, Til=runner.day(3).date()
    )
    await steps.confirm(runner, LIAISON)

    runner.chapter(
        "Fredag", "Kontakten fra et annet distrikt har ikke tilgang lenger, og meldingene om saken slettes."
    )
    await runner.until(runner.day(3, "16:01"))
