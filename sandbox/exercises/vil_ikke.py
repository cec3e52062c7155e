"""Vil ikke: personen ønsker ikke hjelp nå, saken blir stående, og ingen maser på etatene."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, Stage

TITLE = "Vil ikke"
SENTENCE = "Hjelp er ikke ønsket nå. Saken venter til neste kontakt, og går så videre i sin egen rytme."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)


async def play(stage: Stage) -> None:
    """Act it out."""
    room = await _met(stage)
    await _waits(stage, room)
    await _released(stage, room)
    await _quiet(stage, room)
    await _contact(stage, room)
    await _rhythm(stage, room)


async def _met(stage: Stage) -> str:
    stage.chapter("Ett møte, og så nei takk", "Etatene er klare, men hjelpen er ikke ønsket.")
    room = await steps.opens(stage, ["Politiet", "Barneverntjenesten", "Helsetjenesten"], "i morgen kl 10")
    await steps.confirm(stage, "politi-exit", "barnevern", "helse")
    for handle in ("politi-exit", "barnevern", "helse"):
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    await stage.until(stage.day(2, "09:00"))
    koordinator = stage.person("koordinator")
    await koordinator.presses("Registrer hvem som kom", in_="tot-bot")
    await koordinator.sees_modal("Oppmøte")
    await stage.sends(koordinator)
    await stage.settle()
    return room


async def _waits(stage: Stage, room: str) -> None:
    stage.chapter("Saken venter", "En grunn fra lista, en dato, og en etat som tar kontakt.")
    await steps.fills_in(
        stage,
        "/tot vent",
        room,
        **{
            "Hvorfor": "Ønsker ikke hjelp nå",
            "Neste kontakt": stage.day(18).date(),
            "Etaten som tar kontakt": "Barneverntjenesten",
        },
    )
    await stage.person("helse").sees("Saken venter: ønsker ikke hjelp nå", in_=room)
    await stage.person("helse").sees(
        "*Venter:* ønsker ikke hjelp nå. Neste kontakt mandag 21. desember", in_=room
    )


async def _released(stage: Stage, room: str) -> None:
    stage.chapter("Helsetjenesten slippes", "Koordinatoren får tilbud om å avslutte delen til de andre.")
    koordinator = stage.person("koordinator")
    await koordinator.presses("Avslutt delen: Helsetjenesten", in_="tot-bot")
    await koordinator.sees_modal()
    await stage.sends(koordinator)
    await stage.settle()
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern")


async def _quiet(stage: Stage, room: str) -> None:
    stage.chapter("Stille", "Ingen purres til dagen for ny kontakt.")
    before = {h: _count(stage, h) for h in ("koordinator", "politi-exit", "barnevern", "helse")}
    await stage.until(stage.day(18, "07:59"))
    for handle, count in before.items():
        steps.only(stage, handle, "", count)


def _count(stage: Stage, handle: str) -> int:
    return len(list(stage.person(handle).messages("tot-bot")))


async def _contact(stage: Stage, room: str) -> None:
    stage.chapter("Dagen for ny kontakt", "Barnevernet og koordinatoren får beskjed. Politiet får det ikke.")
    await stage.until(stage.day(0, "08:01"))
    await stage.person("barnevern").sees("I dag er dagen for ny kontakt", in_="tot-bot")
    await stage.person("koordinator").sees("I dag er dagen for ny kontakt", in_="tot-bot")
    steps.only(stage, "politi-exit", "ny kontakt", 0)
    await steps.fills_in(stage, "/tot vent", room, **{"Venter ikke lenger": ["Saken går videre nå"]})
    steps.only(stage, "barnevern", "ny kontakt", 0)


async def _rhythm(stage: Stage, room: str) -> None:
    stage.chapter(
        "Arbeidsfase, annenhver uke", "Neste møte foreslås, og koordinatoren kaller inn rett fra forslaget."
    )
    koordinator = stage.person("koordinator")
    fields = {"Fase": "Arbeidsfase", "Møter i arbeidsfasen": "Annenhver uke"}
    await steps.fills_in(stage, "/tot fase", room, **fields)
    await stage.person("politi-exit").sees("Svarfristen på innkallinger er 24 timer", in_=room)
    await stage.person("politi-exit").sees("Saken har møte annenhver uke", in_=room)
    await koordinator.sees("Neste blir onsdag 30. desember 2026 kl. 10:00", in_="tot-bot")
    await koordinator.presses("Kall inn til dette møtet", in_="tot-bot")
    await koordinator.sees_modal()
    await steps.reviews(stage)
    await stage.person("politi-exit").sees("onsdag 30. desember 2026 kl. 10:00", in_=room)
    steps.only(stage, "koordinator", "har ikke noe nytt møte", 0)
