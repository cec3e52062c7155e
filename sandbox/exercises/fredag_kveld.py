"""Fredag kveld: akutt, for få på møtet, og en etat som aldri svarer. Så teller rapporten det samme."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.exercises import steps
from sandbox.exercises.runner import ZONE, Stage
from sandbox.exercises.steps import must_not_see
from sandbox.people.visibility import CouldNot

TITLE = "Fredag kveld"
SENTENCE = (
    "Akutt, og møte samme kveld: noen svarer på minuttet, én sender vara, én svarer aldri. "
    "Mandag tar barnevernet over."
)
STARTS = datetime(2026, 12, 4, 18, 0, tzinfo=ZONE)

AGENCIES = ["Politiet", "Barnevernvakten", "Bistandsadvokaten", "Sosialtjenesten"]
HERE = "Jeg er til stede"
ASKED = ("politi-vakt", "barnevernvakt", "bistandsadvokat", "sosialtjenesten")
#: They have no part in the case this evening, or none at all.
OUTSIDE = ("utenforstaende", "barnevern", "barnevern-leder", "politi-leder", "helse", "botilbud", "udi")


async def play(stage: Stage) -> None:
    """Act it out."""
    room = await _opened(stage)
    await _barnevernvakt(stage, room)
    await _lawyer(stage)
    await _police(stage, room)
    await _silence(stage, room)
    await _below_quorum(stage, room)
    await _registered(stage, room)
    await _handed_over(stage, room)
    await _reported(stage)


def minute(stage: Stage, clock: str) -> datetime:
    """The middle of that minute today: what is due in it has come, and there is time to act in it."""
    return stage.day(0, clock) + timedelta(seconds=30)


async def _form(stage: Stage, handle: str, **fields: Any) -> None:
    """Somebody fills in the form that has opened, and sends it."""
    person = stage.person(handle)
    await person.sees_modal()
    await person.fills(fields)
    await stage.sends(person)
    await stage.settle()


def _has(stage: Stage, handle: str, place: str, *words: str) -> None:
    """CouldNot unless all of these words stand somewhere in that place, as the person sees it."""
    text = "\n".join(m.text for m in stage.person(handle).messages(place))
    for each in words:
        if each not in text:
            raise CouldNot(f"@{handle} does not see «{each}» in {place}")


# --- Friday evening ---


async def _opened(stage: Stage) -> str:
    stage.chapter(
        "Klokken er 18 en fredag",
        "Det haster, og kontorene er tomme. Koordinatoren kaller inn til klokken 21 samme kveld. "
        "Barneverntjenesten føres opp til mandag, og får ikke vite noe ennå.",
    )
    room = await steps.opens(
        stage,
        AGENCIES,
        "i kveld kl 21",
        **{"Hvem ba om TOT?": "Politiet", "Etater som ventes senere": ["Barneverntjenesten"]},
    )
    code = room.removeprefix("rom-")
    must_not_see(stage, (*OUTSIDE, "politi-exit"), "TOT Bergen trenger")
    must_not_see(stage, (*ASKED, *OUTSIDE), code)
    return room


async def _barnevernvakt(stage: Stage, room: str) -> None:
    stage.chapter("Barnevernvakten svarer", "Fire minutter, og de kommer.")
    await stage.until(minute(stage, "18:04"))
    await steps.confirm(stage, "barnevernvakt")
    await stage.person("barnevernvakt").presses("Bekreft", in_="tot-bot")
    await stage.settle()
    steps.inside(stage, room, "koordinator", "barnevernvakt")


async def _lawyer(stage: Stage) -> None:
    stage.chapter(
        "Bistandsadvokaten sender vara",
        "Advokaten er opptatt i kveld. Vaktadvokaten kan ta beslutninger, og koordinatoren godkjenner. "
        "Vaktadvokaten er ikke på Slack, så koordinatoren ringer.",
    )
    await stage.until(minute(stage, "18:20"))
    await steps.confirm(stage, "bistandsadvokat")
    lawyer, koordinator = stage.person("bistandsadvokat"), stage.person("koordinator")
    await lawyer.presses("Meld forfall", in_="tot-bot")
    await _form(
        stage,
        "bistandsadvokat",
        **{
            "Grunn til forfallet": "Et annet oppdrag som ikke kan flyttes",
            "Vara": "Vaktadvokat",
            "Fullmakt": ["Vara kan ta beslutninger for etaten"],
        },
    )
    await koordinator.sees("Vara kan ta beslutninger for etaten.", in_="tot-bot")
    await koordinator.presses("Godkjenn", in_="tot-bot")
    await stage.settle()
    await koordinator.presses("Taushetsplikt er bekreftet", in_="tot-bot")
    await _form(stage, "koordinator", Hvordan="på telefon")
    await koordinator.presses("Registrer svar", in_="tot-bot")
    await _form(stage, "koordinator", **{"Hva svarte de?": "Kommer"})


async def _police(stage: Stage, room: str) -> None:
    stage.chapter(
        "Vakthavende er ute, EXIT svarer",
        "Vakthavende hos politiet er på vakt, men ute på oppdrag. Påminnelse etter et kvarter, og etter en "
        "halv time spørres neste på lista, som har fri, men svarer.",
    )
    await stage.until(minute(stage, "18:30"))
    _has(stage, "koordinator", room, "Påminnet 18:15 · neste kontakt spurt 18:30")
    must_not_see(stage, ("politi-vakt", "politi-exit"), room.removeprefix("rom-"))
    await stage.until(minute(stage, "18:40"))
    await steps.confirm(stage, "politi-exit")
    await stage.person("politi-exit").presses("Bekreft", in_="tot-bot")
    await stage.settle()
    await stage.person("politi-vakt").sees("En kollega hos dere har svart TOT Bergen", in_="tot-bot")


async def _silence(stage: Stage, room: str) -> None:
    stage.chapter(
        "Sosialtjenesten svarer ikke",
        "Kontoret er stengt. De har ingen flere på Slack å spørre og ingen leder ført opp, så koordinatoren "
        "får vakttelefonen å ringe. Der svarer heller ingen.",
    )
    koordinator = stage.person("koordinator")
    await koordinator.sees("Ingen hos Sosialtjenesten har svart ennå", in_="tot-bot")
    _has(stage, "koordinator", "tot-bot", "55 00 00 04")
    await stage.until(minute(stage, "20:59"))
    must_not_see(stage, ("sosialtjenesten", *OUTSIDE), room.removeprefix("rom-"))


async def _below_quorum(stage: Stage, room: str) -> None:
    stage.chapter(
        "Klokken 21: for få",
        "To etater er på plass. Etter ti minutter går koordinatoren videre, med en grunn. "
        "Vaktadvokaten ringer inn litt senere.",
    )
    koordinator = stage.person("koordinator")
    await stage.until(minute(stage, "21:00"))
    await stage.person("barnevernvakt").presses(HERE, in_=room)
    await stage.settle()
    await stage.until(minute(stage, "21:02"))
    await stage.person("politi-exit").presses(HERE, in_=room)
    await stage.settle()
    await stage.until(minute(stage, "21:05"))
    await koordinator.sees("for få har møtt", in_="tot-bot")
    await stage.until(minute(stage, "21:10"))
    await koordinator.presses("Gå videre", in_="tot-bot")
    await _form(stage, "koordinator", **{"Hvorfor går møtet videre med så få?": "det kan ikke vente"})
    await stage.until(minute(stage, "21:14"))
    await koordinator.presses("Før inn andre som er her", in_=room)
    await _form(stage, "koordinator", **{"Etater som er her": ["Bistandsadvokaten"]})
    for point in ("Beskyttelse og plassering", "Bistandsadvokat", "Neste kontakt"):
        await koordinator.presses("Behandlet", in_=room, near=point)
        await stage.settle()


async def _registered(stage: Stage, room: str) -> None:
    stage.chapter("Oppmøtet og referatet", "Hvem som kom, og hvem som gjør hva. Ikke hva som ble sagt.")
    await stage.until(minute(stage, "21:50"))
    await stage.person("koordinator").types("/tot oppmøte", in_=room)
    await _form(stage, "koordinator", Sosialtjenesten="Uteble uten å si fra")
    for handle in ("koordinator", "barnevernvakt", "politi-exit"):
        await stage.person(handle).sees("Referat fra møtet", in_="tot-bot")


# --- Monday ---


async def _handed_over(stage: Stage, room: str) -> None:
    stage.chapter(
        "Mandag: barnevernet tar over",
        "Barneverntjenesten kommer inn i saken, og barnevernvaktens del er over. Neste møte settes til i "
        "morgen.",
    )
    await stage.until(stage.day(3, "08:30"))
    koordinator = stage.person("koordinator")
    await koordinator.sees("uten noe møte de neste 3 virkedagene", in_="tot-bot")
    await koordinator.types("/tot inviter", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Etat": "Barneverntjenesten"})
    await steps.reviews(stage)
    await steps.confirm(stage, "barnevern")
    steps.inside(stage, room, "koordinator", "barnevernvakt", "politi-exit", "bistandsadvokat", "barnevern")
    await steps.fills_in(stage, "/tot ut", room, Etat="Barnevernvakten")
    steps.inside(stage, room, "koordinator", "politi-exit", "bistandsadvokat", "barnevern")
    await koordinator.types("/tot møte i morgen kl 10", in_=room)
    await koordinator.sees_modal()
    await koordinator.fills({"Sted": "Møterom Nord"})
    await steps.reviews(stage)
    steps.only(stage, "koordinator", "uten noe møte de neste", 0)
    await stage.person("barnevern").presses("Bekreft", in_="tot-bot")
    await stage.settle()
    must_not_see(stage, ("barnevernvakt", "politi-vakt", "utenforstaende"), room.removeprefix("rom-"))


async def _reported(stage: Stage) -> None:
    stage.chapter("Rapporten", "Måneden i tall og bilde, bare for koordinatoren.")
    koordinator = stage.person("koordinator")
    await koordinator.types("/tot rapport")
    await _form(stage, "koordinator", **{"Fra og med": "desember 2026", "Til og med": "desember 2026"})
    await koordinator.closes(whole_stack=True)
    await koordinator.sees("Møteplikt i TOT Bergen, desember 2026", in_="tot-bot")
