"""Askepott: to i én sak, koblet til saker for to andre distrikter, og en kontakt som går ut på dagen."""

from __future__ import annotations

from sandbox.exercises import steps
from sandbox.exercises.runner import TUESDAY, ExerciseRunner
from sandbox.people.visibility import CouldNot

TITLE = "Askepott"
SENTENCE = (
    "To i samme sak, koblet til saker for to andre distrikter, og en kontakt derfra som er med til en dato."
)
STARTS = TUESDAY
LIAISON = "annet-distrikt"


async def play(runner: ExerciseRunner) -> None:
    room = await _opened(runner)
    districts = await _districts(runner)
    await _linked(runner, room, districts)
    await _liaison(runner, room)
    await _on_the_day(runner, room)


async def _opened(runner: ExerciseRunner) -> str:
    runner.chapter("To i Bergen", "Én sak, to personer.")
    room = await steps.opens(
        runner,
        ["Politiet", "Barneverntjenesten", "Sosialtjenesten"],
        "i overmorgen kl 10",
        **{"Hvor mange personer": "2", "Hvem ba om TOT?": "Politiet"},
    )
    await steps.confirm(runner, "politi-exit", "barnevern", "sosialtjenesten")
    return room


async def _districts(runner: ExerciseRunner) -> list[str]:
    runner.chapter(
        "Én i hvert av to andre distrikter", "De får hver sin sak, med hvert sitt rom og hver sine tjenester."
    )
    west = await steps.opens(runner, ["Helsetjenesten"], "i overmorgen kl 13")
    abroad = await steps.opens(runner, ["UDI"], "i overmorgen kl 15")
    await steps.confirm(runner, "helse")
    return [west, abroad]


async def _linked(runner: ExerciseRunner, room: str, districts: list[str]) -> None:
    runner.chapter("Sakene kobles", "Bare koordinatoren ser det, og bare kodene.")
    codes = [name.removeprefix("rom-") for name in districts]
    for code in codes:
        await steps.links(runner, "Koble til en annen sak", room, Sak=code)
    await runner.koordinator.opens_home()
    await runner.until_idle()
    await runner.koordinator.sees("Koblet til sak", in_="home")
    for code in codes:
        await runner.koordinator.sees(f"*{code}*", in_="home")
        steps.unknown_to(runner, code, "politi-exit", "barnevern", "sosialtjenesten", "utenforstaende")
    steps.unknown_to(runner, room.removeprefix("rom-"), "helse", "utenforstaende")
    steps.unknown_to(runner, "Koblet til", "politi-exit", "barnevern", "sosialtjenesten", "helse")


async def _liaison(runner: ExerciseRunner, room: str) -> None:
    runner.chapter("En kontakt fra et annet distrikt", "Med til fredag, uten møteplikt.")
    runner.sandbox.add_person(LIAISON, is_restricted=True)
    await steps.links(
        runner, "Ta inn en kontakt fra et annet distrikt", room, Hvem=LIAISON, Til=runner.day(3).date()
    )
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten")
    await runner.person(LIAISON).sees("som kontakt fra et annet distrikt", in_="tot-bot")
    steps.unknown_to(runner, room.removeprefix("rom-"), LIAISON)
    await steps.confirm(runner, LIAISON)
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten", LIAISON)
    await runner.person("barnevern").sees("*Kontakt fra et annet distrikt* til fredag 4. desember", in_=room)


async def _on_the_day(runner: ExerciseRunner, room: str) -> None:
    runner.chapter(
        "Fredag", "Kontakten fra et annet distrikt har ikke tilgang lenger, og meldingene om saken slettes."
    )
    await runner.until(runner.day(3, "15:00"))
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten", LIAISON)
    await runner.until(runner.day(0, "16:01"))
    steps.inside(runner, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten")
    await runner.person("barnevern").sees("Kontakten fra et annet distrikt er ute av saken", in_=room)
    await runner.person(LIAISON).sees("Tiden din i en sak", in_="tot-bot")
    steps.unknown_to(runner, room.removeprefix("rom-"), LIAISON)
    if len(list(runner.person(LIAISON).messages("tot-bot"))) != 1:
        raise CouldNot("more is left with the liaison than that it is over")
