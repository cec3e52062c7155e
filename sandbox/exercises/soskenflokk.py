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
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat", "helse")
    await runner.person("barnevern").sees("*Personer:* A, B, C og D", in_=room)
    return room


async def _one_more(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Det er en til", "Den nye får den neste bokstaven.")
    await steps.fills_in(
        runner,
        "/tot person",
        room,
        {"Hvor mange flere?": "1", "Tjenester som er med også for dem": ["Barneverntjenesten"]},
    )
    await runner.person("barnevern").sees("Saken gjelder nå også E", in_=room)


async def _one_closed(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("For B er det over", "Helsetjenesten var der bare for B, og går ut. De andre fortsetter.")
    await runner.koordinator.types("/tot avslutt B", in_=room)
    await runner.koordinator.sees("Går ut, for de er bare med for B: Helsetjenesten", in_="modal")
    await steps.form(runner, "koordinator")
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat")
    await runner.person("helse").sees("Dere er ferdige i sak", in_="tot-bot")
    await runner.person("politi-exit").sees("*Avsluttet for:* B", in_=room)


async def _one_split_off(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("D får en egen sak", "Bare de som trengs, og alle spørres om taushetsplikten på nytt.")
    before = set(steps.rooms(runner))
    await steps.links(runner, "Skill ut D i en egen sak", room)
    await runner.koordinator.fills(
        {"Tjenester som spørres nå": ["Barneverntjenesten", "Sosialtjenesten"], "Sted": "Møterom Sør"}
    )
    await steps.reviews(runner)
    own = steps.new_room(runner, before)
    steps.inside(runner, own, "koordinator")
    await steps.confirm(runner, "barnevern", "sosialtjenesten")
    steps.inside(runner, own, "koordinator", "barnevern", "sosialtjenesten")
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat")
    steps.unknown_to(runner, own, "politi-exit", "bistandsadvokat", "helse", "utenforstaende")
    steps.unknown_to(runner, room, "sosialtjenesten", "utenforstaende")
    await runner.person("bistandsadvokat").sees("*Personer:* A, C og E", in_=room)
    await runner.koordinator.opens_home()
    await runner.until_idle()
    await runner.koordinator.sees(f"Koblet til sak *{own.removeprefix('rom-')}*", in_="home")


async def _ended(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("Søsknenes sak avsluttes", "Den andre saken går videre.")
    await steps.fills_in(runner, "/tot avslutt", room, {"Hva skal avsluttes?": "Hele saken"})
    steps.inside(runner, room, "koordinator")
