"""Askepott: to i én sak, koblet til saker for to andre distrikter, og en liaison som går ut på dagen."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, Stage
from sandbox.people.visibility import CouldNot

TITLE = "Askepott"
SENTENCE = "To i samme sak, koblet til saker for to andre distrikter, og en liaison som er med til en dato."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
LIAISON = "liaison"


async def play(stage: Stage) -> None:
    """Act it out."""
    room = await _opened(stage)
    districts = await _districts(stage)
    await _linked(stage, room, districts)
    await _liaison(stage, room)
    await _on_the_day(stage, room)


async def _opened(stage: Stage) -> str:
    stage.chapter("To i Bergen", "Én sak, to personer.")
    room = await steps.opens(
        stage,
        ["Politiet", "Barneverntjenesten", "Sosialtjenesten"],
        "i overmorgen kl 10",
        **{"Hvor mange personer": "2", "Hvem ba om TOT?": "Politiet"},
    )
    await steps.confirm(stage, "politi-exit", "barnevern", "sosialtjenesten")
    return room


async def _districts(stage: Stage) -> list[str]:
    stage.chapter(
        "Én i hvert av to andre distrikter", "De får hver sin sak, med hvert sitt rom og hver sine etater."
    )
    west = await steps.opens(stage, ["Helsetjenesten"], "i overmorgen kl 13")
    abroad = await steps.opens(stage, ["UDI"], "i overmorgen kl 15")
    await steps.confirm(stage, "helse")
    return [west, abroad]


async def _linked(stage: Stage, room: str, districts: list[str]) -> None:
    stage.chapter("Sakene kobles", "Bare koordinatoren ser det, og bare kodene.")
    koordinator = stage.person("koordinator")
    codes = [name.removeprefix("rom-") for name in districts]
    for code in codes:
        await steps.links(stage, "Koble til en annen sak", room, Sak=code)
    await koordinator.opens_home()
    await stage.settle()
    await koordinator.sees("Koblet til sak", in_="home")
    for code in codes:
        await koordinator.sees(f"*{code}*", in_="home")
        steps.unknown_to(stage, code, "politi-exit", "barnevern", "sosialtjenesten", "utenforstaende")
    steps.unknown_to(stage, room.removeprefix("rom-"), "helse", "utenforstaende")
    steps.unknown_to(stage, "Koblet til", "politi-exit", "barnevern", "sosialtjenesten", "helse")


async def _liaison(stage: Stage, room: str) -> None:
    stage.chapter("En liaison fra det andre distriktet", "Med til fredag, uten møteplikt.")
    stage.box.add_person(LIAISON, is_restricted=True)
    await steps.links(
        stage, "Ta inn en liaison fra et annet distrikt", room, Hvem=LIAISON, Til=stage.day(3).date()
    )
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten")
    await stage.person(LIAISON).sees("som liaison", in_="tot-bot")
    steps.unknown_to(stage, room.removeprefix("rom-"), LIAISON)
    await steps.confirm(stage, LIAISON)
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten", LIAISON)
    await stage.person("barnevern").sees("*Liaison fra annet distrikt* til fredag 4. desember", in_=room)


async def _on_the_day(stage: Stage, room: str) -> None:
    stage.chapter("Fredag", "Liaisonen har ikke tilgang lenger, og meldingene om saken slettes.")
    await stage.until(stage.day(3, "15:00"))
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten", LIAISON)
    await stage.until(stage.day(0, "16:01"))
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "sosialtjenesten")
    await stage.person("barnevern").sees("Liaisonen er ute av saken", in_=room)
    await stage.person(LIAISON).sees("Tiden din som liaison", in_="tot-bot")
    steps.unknown_to(stage, room.removeprefix("rom-"), LIAISON)
    if len(list(stage.person(LIAISON).messages("tot-bot"))) != 1:
        raise CouldNot("more is left with the liaison than that it is over")
