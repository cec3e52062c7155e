"""Søskenflokken: fire personer i én sak, én avsluttes tidlig, én skilles ut."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, Stage

TITLE = "Søskenflokken"
SENTENCE = "Fire søsken i én sak. For ett avsluttes det tidlig, ett får en egen sak."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Barneverntjenesten", "Bistandsadvokaten"]


async def play(stage: Stage) -> None:
    """Act it out."""
    room = await _opened(stage)
    await _one_more(stage, room)
    await _one_closed(stage, room)
    await _one_split_off(stage, room)
    await _ended(stage, room)


async def _opened(stage: Stage) -> str:
    stage.chapter("Fire søsken, én sak", "Personene heter A, B, C og D. Helsetjenesten er med bare for B.")
    room = await steps.opens(stage, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "4"})
    await steps.confirm(stage, "politi-exit", "barnevern", "bistandsadvokat")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot inviter helse", in_=room)
    await koordinator.fills({"Hvilke personer gjelder det?": ["B"]})
    await steps.reviews(stage)
    await steps.confirm(stage, "helse")
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat", "helse")
    await stage.person("barnevern").sees("*Personer:* A–D", in_=room)
    return room


async def _one_more(stage: Stage, room: str) -> None:
    stage.chapter("Det er en til", "Den nye får den neste bokstaven.")
    await steps.fills_in(
        stage,
        "/tot person",
        room,
        **{"Hvor mange flere": "1", "Etater som er med også for dem": ["Barneverntjenesten"]},
    )
    await stage.person("barnevern").sees("Saken gjelder nå også E", in_=room)


async def _one_closed(stage: Stage, room: str) -> None:
    stage.chapter("For B er det over", "Helsetjenesten var der bare for B, og går ut. De andre fortsetter.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot lukk B", in_=room)
    await koordinator.sees("Går ut, for de er bare med for B: Helsetjenesten", in_="modal")
    await stage.sends(koordinator)
    await stage.settle()
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat")
    await stage.person("helse").sees("Deltakelsen din", in_="tot-bot")
    await stage.person("politi-exit").sees("*Avsluttet for:* B", in_=room)


async def _one_split_off(stage: Stage, room: str) -> None:
    stage.chapter("D får en egen sak", "Bare de som trengs, og alle spørres om taushetsplikten på nytt.")
    koordinator = stage.person("koordinator")
    before = set(steps.rooms(stage))
    await steps.links(stage, "Skill ut D i en egen sak", room)
    await koordinator.fills(
        {"Etater som spørres nå": ["Barneverntjenesten", "Sosialtjenesten"], "Sted": "Møterom Sør"}
    )
    await steps.reviews(stage)
    (own,) = set(steps.rooms(stage)) - before
    steps.inside(stage, own, "koordinator")
    await steps.confirm(stage, "barnevern", "sosialtjenesten")
    steps.inside(stage, own, "koordinator", "barnevern", "sosialtjenesten")
    steps.inside(stage, room, "koordinator", "politi-exit", "barnevern", "bistandsadvokat")
    steps.unknown_to(stage, own, "politi-exit", "bistandsadvokat", "helse", "utenforstaende")
    steps.unknown_to(stage, room, "sosialtjenesten", "utenforstaende")
    await stage.person("bistandsadvokat").sees("*Personer:* A, C og E", in_=room)
    await koordinator.opens_home()
    await stage.settle()
    await koordinator.sees(f"Koblet til sak *{own.removeprefix('rom-')}*", in_="home")


async def _ended(stage: Stage, room: str) -> None:
    stage.chapter("Søsknenes sak avsluttes", "Den andre saken går videre.")
    await steps.fills_in(stage, "/tot lukk", room, **{"Hva skal avsluttes?": "Hele saken"})
    steps.inside(stage, room, "koordinator")
