"""Søskenflokken: fire personer i én sak, én avsluttes tidlig, én skilles ut."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Søskenflokken"
SENTENCE = "Fire søsken i én sak. For ett avsluttes det tidlig, ett får en egen sak."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Barneverntjenesten", "Bistandsadvokaten"]


async def play(runner: ExerciseRunner) -> None:
    runner.chapter("Fire søsken, én sak", "Personene heter A, B, C og D. Helsetjenesten er med bare for B.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "4"})
    await steps.confirm(runner, "politi-exit", "barnevern", "bistandsadvokat")
    await steps.convenes(runner, "/tot inviter helse", room, {"Hvilke personer gjelder det?": ["B"]})
    await steps.confirm(runner, "helse")

    runner.chapter("Det er en til", "Den nye får den neste bokstaven.")
    also = {"Hvor mange flere?": "1", "Tjenester som er med også for dem": ["Barneverntjenesten"]}
    await steps.fills_in(runner, "/tot person", room, also)

    runner.chapter("For B er det over", "Helsetjenesten var der bare for B, og går ut. De andre fortsetter.")
    await steps.fills_in(runner, "/tot avslutt B", room)

    runner.chapter("D får en egen sak", "Bare de som trengs, og alle spørres om taushetsplikten på nytt.")
    await steps.links(runner, "Skill ut D", room)
    await runner.koordinator.fills(
        {"Tjenester som spørres nå": ["Barneverntjenesten", "Sosialtjenesten"], "Sted": "Møterom Sør"}
    )
    await steps.reviews(runner)
    await steps.confirm(runner, "barnevern", "sosialtjenesten")
    await runner.koordinator.opens_home()
    await runner.until_idle()

    runner.chapter("Søsknenes sak avsluttes", "Den andre saken går videre.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
