"""Søskenflokken: fire personer i én sak, én avsluttes tidlig, én skilles ut."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner

TITLE = "Søskenflokken"
SENTENCE = "Fire søsken i én sak. For ett avsluttes det tidlig, ett får en egen sak."
STARTS = TUESDAY

AGENCIES = ["Politiet", "Barneverntjenesten", "Bistandsadvokaten"]


async def play(runner: ExerciseRunner) -> None:
    room = await _opened(runner)
    for part in (_one_more, _one_closed, _one_split_off, _ended):
        await part(runner, room)


async def _opened(runner: ExerciseRunner) -> str:
    runner.chapter("Fire søsken, én sak", "Personene heter A, B, C og D. Helsetjenesten er med bare for B.")
    room = await steps.opens(runner, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "4"})
    await steps.confirm(runner, "politi-exit", "barnevern", "bistandsadvokat")
    await runner.koordinator.types("/tot inviter helse", in_=room)
    await runner.koordinator.fills({"Hvilke personer gjelder det?": ["B"]})
    await steps.reviews(runner)
    await steps.confirm(runner, "helse")
    return room


async def _one_more(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Det er en til", "Den nye får den neste bokstaven.")
    await steps.fills_in(
        runner,
        "/tot person",
        room,
        {"Hvor mange flere?": "1", "Tjenester som er med også for dem": ["Barneverntjenesten"]},
    )


async def _one_closed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("For B er det over", "Helsetjenesten var der bare for B, og går ut. De andre fortsetter.")
    await steps.fills_in(runner, "/tot avslutt B", room)


async def _one_split_off(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("D får en egen sak", "Bare de som trengs, og alle spørres om taushetsplikten på nytt.")
    await steps.links(runner, "Skill ut D", room)
    await runner.koordinator.fills(
        {"Tjenester som spørres nå": ["Barneverntjenesten", "Sosialtjenesten"], "Sted": "Møterom Sør"}
    )
    await steps.reviews(runner)
    await steps.confirm(runner, "barnevern", "sosialtjenesten")
    await runner.koordinator.opens_home()
    await runner.until_idle()


async def _ended(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Søsknenes sak avsluttes", "Den andre saken går videre.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
