"""Sju sjømenn: sju voksne i én sak, og ingen etat har tatt boligen."""

from __future__ import annotations

from datetime import date, datetime

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, Stage

TITLE = "Sju sjømenn"
SENTENCE = "Sju voksne uten noe sted å bo. Ingen etat tar boligen med en gang, og det står i rødt."
STARTS = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Sosialtjenesten", "Bistandsadvokaten", "Helsetjenesten"]
UNTAKEN = "ingen etat har tatt denne"
ACTION = "rom til alle sju de neste to ukene"


async def play(stage: Stage) -> None:
    """Act it out."""
    room = await _opened(stage)
    await _needed(stage, room)
    await _taken(stage, room)
    await _agreed(stage, room)
    await _met(stage, room)
    await _overdue(stage)
    await _done(stage, room)
    await _fewer(stage, room)
    await _ended(stage, room)


async def _opened(stage: Stage) -> str:
    stage.chapter("Sju voksne, én sak", "Personene heter A til G, og alle etatene er med for alle sju.")
    room = await steps.opens(stage, AGENCIES, "i overmorgen kl 10", **{"Hvor mange personer": "7"})
    await steps.confirm(stage, "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")
    steps.inside(stage, room, "koordinator", "politi-exit", "sosialtjenesten", "bistandsadvokat", "helse")
    await stage.person("helse").sees("*Personer:* A–G", in_=room)
    for handle in ("politi-exit", "bistandsadvokat", "helse", "sosialtjenesten"):
        await stage.person(handle).presses("Bekreft", in_="tot-bot")
        await stage.settle()
    return room


async def _needed(stage: Stage, room: str) -> None:
    stage.chapter("Hvem har hva?", "Behovene føres opp. Boligen er det ingen som tar, og det står i rødt.")
    koordinator = stage.person("koordinator")
    await steps.fills_in(
        stage,
        "/tot tiltak behov",
        room,
        **{"Behov": ["Beskyttelse", "Et sted å bo", "Helsehjelp", "Advokat"]},
    )
    await koordinator.fills(
        {"Beskyttelse": "Politiet", "Helsehjelp": "Helsetjenesten", "Advokat": "Bistandsadvokaten"}
    )
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("politi-exit").sees(f"Et sted å bo: {UNTAKEN}", in_=room)
    await koordinator.opens_home()
    await stage.settle()
    await koordinator.sees("Ingen etat har tatt", in_="home")


async def _taken(stage: Stage, room: str) -> None:
    stage.chapter("Sosialtjenesten tar boligen", "Ett trykk på sakskortet, og det røde blir borte.")
    taker = stage.person("sosialtjenesten")
    await taker.presses("Vi tar denne", in_=room)
    await stage.settle()
    await taker.sees("Et sted å bo: Sosialtjenesten", in_=room)
    steps.unknown_to(stage, UNTAKEN, "sosialtjenesten", "politi-exit")


async def _agreed(stage: Stage, room: str) -> None:
    stage.chapter("Et tiltak med frist", "Hvem gjør hva, for hvem, til når.")
    await steps.fills_in(
        stage,
        "/tot tiltak sosialtjenesten",
        room,
        **{
            "Ansvarlig etat": "Sosialtjenesten",
            "Hvilket behov?": "Et sted å bo",
            "Hva skal gjøres?": ACTION,
            "Hvem gjelder det?": list("ABCDEFG"),
            "Frist": date(2026, 12, 4),
        },
    )
    await stage.person("koordinator").closes(whole_stack=True)
    await stage.person("sosialtjenesten").sees(ACTION, in_="tot-bot")
    await stage.person("bistandsadvokat").sees(ACTION, in_=room)
    steps.unknown_to(stage, ACTION, "utenforstaende", "barnevern", "politi-vakt")


async def _met(stage: Stage, room: str) -> None:
    stage.chapter("Møtet", "Alle fire kommer. Det åpne tiltaket står i referatet.")
    koordinator = stage.person("koordinator")
    await stage.until(stage.day(2, "11:30"))
    await koordinator.types("/tot oppmøte", in_=room)
    await koordinator.sees_modal("Oppmøte")
    await koordinator.fills(dict.fromkeys(AGENCIES, "Møtte"))
    await stage.sends(koordinator)
    await stage.settle()
    await stage.person("helse").sees(f"Sosialtjenesten: Et sted å bo: {ACTION}", in_=room)


async def _overdue(stage: Stage) -> None:
    stage.chapter("Fristen går ut", "Den som har tiltaket, blir minnet på det, til slutt også koordinatoren.")
    await stage.until(stage.day(8, "09:00"))
    await stage.person("sosialtjenesten").sees("over fristen", in_="tot-bot")
    await stage.person("koordinator").sees("over fristen", in_="tot-bot")


async def _done(stage: Stage, room: str) -> None:
    stage.chapter("Utført", "Den som har tiltaket, sier fra med ett trykk.")
    await stage.person("sosialtjenesten").presses("Utført", in_="tot-bot")
    await stage.settle()
    await stage.person("koordinator").sees("utført", in_=room)


async def _fewer(stage: Stage, room: str) -> None:
    stage.chapter("For to av dem er det over", "Bokstavene flytter seg aldri, og saken går videre for fem.")
    koordinator = stage.person("koordinator")
    for letter in "CF":
        await koordinator.types(f"/tot lukk {letter}", in_=room)
        await koordinator.sees_modal()
        await stage.sends(koordinator)
        await stage.settle()
    await stage.person("helse").sees("*Avsluttet for:* C", in_=room)
    await stage.person("helse").sees("*Personer:* A, B, D, E og G", in_=room)


async def _ended(stage: Stage, room: str) -> None:
    stage.chapter("Saken avsluttes", "Alle andre enn koordinatoren går ut av rommet.")
    await steps.fills_in(stage, "/tot lukk", room, **{"Hva skal avsluttes?": "Hele saken"})
    steps.inside(stage, room, "koordinator")
